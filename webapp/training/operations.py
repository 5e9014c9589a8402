"""Planning and holding trainings, writing down who was there; asking and answering how something is filled in."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Section
from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.policy import Actor, Permission
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale
from webapp.training.forms import AnswerGiven, RequirementGiven, SessionGiven
from webapp.training.models import (
    Guidance,
    TrainingAttendance,
    TrainingPlan,
    TrainingRequirement,
    TrainingResult,
    TrainingSession,
)
from webapp.training.reading import last_outcomes, read_workers
from webapp.training.topics import WAS_THERE, check_topic, valid_until


def write_plan(
    session: Session, by: Actor, year: int, basis: str, content: str, *, seen_version: int | None
) -> TrainingPlan:
    """Write the plan of a year, or change it over the version the person saw."""
    _require_manager(by)
    plan = session.scalars(select(TrainingPlan).where(TrainingPlan.year == year).with_for_update()).one_or_none()
    if plan is None:
        plan = TrainingPlan(year=year, basis=basis, content=content, made_by=by.person, made_at=clock.now(), version=1)
        session.add(plan)
        session.flush()
    else:
        _require_seen(plan.version, seen_version)
        plan.basis, plan.content, plan.version = basis, content, plan.version + 1
    facts = {"version": plan.version, "content": digest([basis, content])}
    journal.write(session, by, "write_training_plan", f"training_plan:{plan.year}", facts)
    return plan


def plan_session(session: Session, by: Actor, given: SessionGiven) -> TrainingSession:
    """Put a training into the plan, or enter one that was held."""
    _require_manager(by)
    planned = TrainingSession(version=1, entered_by=by.person, entered_at=clock.now())
    _write_session(planned, given)
    session.add(planned)
    session.flush()
    journal.write(session, by, "plan_training", f"training:{planned.id}", _session_facts(planned))
    return planned


def change_session(
    session: Session, by: Actor, session_id: int, given: SessionGiven, *, seen_version: int | None
) -> TrainingSession:
    """Change what is written of a training; once people are written down, its topic and day stay."""
    _require_manager(by)
    kept = _locked(session, session_id)
    _require_seen(kept.version, seen_version)
    if (given.topic, given.held_on) != (kept.topic, kept.held_on) and last_outcomes(session, session_id):
        raise RuleBroken("已经登记到课情况，培训内容和实际日期不能再改。", "held_on")
    _write_session(kept, given)
    kept.version += 1
    journal.write(session, by, "change_training", f"training:{kept.id}", _session_facts(kept))
    return kept


def note_attendance(
    session: Session, by: Actor, session_id: int, found: Mapping[int, str], *, seen_version: int | None
) -> TrainingSession:
    """Write down who was there and with which result: rows are added for what differs, none is changed."""
    _require_manager(by)
    kept = _locked(session, session_id)
    _require_seen(kept.version, seen_version)
    if kept.held_on is None:
        raise RuleBroken("请先填写实际日期，再登记到课情况。", "held_on")
    stands, changed = last_outcomes(session, session_id), 0
    known = {worker.person for worker in read_workers(session, kept.held_on)} | stands.keys()
    for person, outcome in found.items():
        if outcome == stands.get(person, ""):
            continue
        if person not in known:
            raise RuleBroken("名单中有当日不在职的人员，请刷新页面后再试。")
        _write_down(session, by, kept, person, outcome, was_there=stands.get(person, "") in WAS_THERE)
        changed += 1
    if not changed:
        return kept
    kept.version += 1
    present = sum(outcome in WAS_THERE for outcome in {**stands, **found}.values())
    facts = {"present": present, "changes": changed, "version": kept.version}
    journal.write(session, by, "note_training_attendance", f"training:{kept.id}", facts)
    return kept


def set_requirement(session: Session, by: Actor, given: RequirementGiven) -> TrainingRequirement:
    """Set who must know a topic by when."""
    _require_manager(by)
    check_topic(given.topic)
    if given.section is not None and session.get(Section, given.section) is None:
        raise RuleBroken("没有所选的科室，请重新选择。", "section")
    made = TrainingRequirement(
        topic=given.topic,
        role=given.role,
        section_id=given.section,
        before_on=given.before_on,
        basis=given.basis,
        set_by=by.person,
        set_at=clock.now(),
    )
    session.add(made)
    session.flush()
    facts = {"date": given.before_on.isoformat(), "content": digest([given.topic, given.role, given.basis])}
    journal.write(session, by, "set_requirement", f"requirement:{made.id}", facts)
    return made


def end_requirement(session: Session, by: Actor, requirement_id: int) -> None:
    """End a requirement; it counts no more from now on."""
    _require_manager(by)
    kept = session.get(TrainingRequirement, requirement_id, with_for_update=True)
    if kept is None:
        raise NotFound
    if kept.ended_at is not None:
        raise Stale("该项要求已经终止。请刷新页面查看。")
    kept.ended_at = clock.now()
    journal.write(session, by, "end_requirement", f"requirement:{kept.id}", {})


def ask(session: Session, by: Actor, question: str, section: int | None) -> Guidance:
    """Ask how something is filled in; a clerk or chief for his section, the office notes a question of any section."""
    if by.may(Permission.ANSWER_GUIDANCE):
        asked_for = section
    elif by.own_sections:
        asked_for = section if section in by.own_sections else min(by.own_sections)
    else:
        raise NotAllowed("问题由科室的填报人、负责人提出，或者由领导小组办公室登记。")
    if asked_for is not None and session.get(Section, asked_for) is None:
        raise RuleBroken("没有所选的科室，请重新选择。", "section")
    asked = Guidance(
        section_id=asked_for,
        asked_by=by.person,
        asked_on=clock.today(),
        asked_at=clock.now(),
        question=question,
        answer="",
        version=1,
    )
    session.add(asked)
    session.flush()
    journal.write(session, by, "ask_guidance", f"guidance:{asked.id}", {"content": digest(question)})
    return asked


def answer(session: Session, by: Actor, guidance_id: int, given: AnswerGiven, *, seen_version: int | None) -> Guidance:
    """Answer a question; with a field it is shown where that field is filled in. It is never changed after."""
    _require_answerer(by)
    kept = _locked_guidance(session, guidance_id)
    _require_seen(kept.version, seen_version)
    if kept.answered_at is not None:
        raise Stale("该问题已经答复。口径有变的，请停用后另行登记。")
    kept.answer, kept.category, kept.field = given.answer, given.category, given.field
    kept.answered_by, kept.answered_at, kept.version = by.person, clock.now(), kept.version + 1
    facts = {"content": digest(given.answer), "target": given.field, "version": kept.version}
    journal.write(session, by, "answer_guidance", f"guidance:{kept.id}", facts)
    return kept


def withdraw_guidance(
    session: Session, by: Actor, guidance_id: int, reason: str, *, seen_version: int | None
) -> Guidance:
    """Let an answer hold no longer; it stays to be read, and is shown at no field."""
    _require_answerer(by)
    kept = _locked_guidance(session, guidance_id)
    _require_seen(kept.version, seen_version)
    if kept.withdrawn_at is not None:
        raise Stale("该口径已经停用。请刷新页面查看。")
    kept.withdrawn_by, kept.withdrawn_at, kept.reason = by.person, clock.now(), reason
    kept.version += 1
    journal.write(session, by, "withdraw_guidance", f"guidance:{kept.id}", {"reason": digest(reason)})
    return kept


def _write_down(
    session: Session, by: Actor, kept: TrainingSession, person: int, outcome: str, *, was_there: bool
) -> None:
    now = clock.now()
    row = TrainingAttendance(
        session_id=kept.id, person_id=person, outcome=outcome, entered_by=by.person, entered_at=now
    )
    session.add(row)
    if kept.held_on is None or not (outcome in WAS_THERE or was_there):
        return
    result = outcome if outcome in WAS_THERE else "void"
    session.add(
        TrainingResult(
            session_id=kept.id,
            person_id=person,
            topic=kept.topic,
            result=result,
            day=kept.held_on,
            valid_until=valid_until(kept.held_on, kept.months) if result == "passed" else None,
            entered_by=by.person,
            entered_at=now,
        ),
    )


def _write_session(kept: TrainingSession, given: SessionGiven) -> None:
    if given.held_on is not None and given.held_on > clock.today():
        raise RuleBroken("实际日期在今天之后，请在培训以后填写。", "held_on")
    kept.topic, kept.title, kept.planned_on, kept.held_on = given.topic, given.title, given.planned_on, given.held_on
    kept.place, kept.teacher, kept.content, kept.months = given.place, given.teacher, given.content, given.months


def _session_facts(kept: TrainingSession) -> dict[str, object]:
    return {
        "date": (kept.held_on or kept.planned_on).isoformat(),
        "content": digest([kept.topic, kept.title, kept.place, kept.teacher, kept.content, kept.months]),
        "version": kept.version,
    }


def _require_manager(by: Actor) -> None:
    if not by.may(Permission.MANAGE_TRAINING):
        raise NotAllowed("业务培训由领导小组办公室组织和登记。")


def _require_answerer(by: Actor) -> None:
    if not by.may(Permission.ANSWER_GUIDANCE):
        raise NotAllowed("填报口径由领导小组办公室和法制审核人员答复。")


def _require_seen(version: int, seen_version: int | None) -> None:
    if seen_version is None:
        raise RuleBroken("缺少版本号，未保存。请刷新页面后再试。", "seen_version")
    if seen_version != version:
        raise Stale("内容已被他人修改，本次填写的未保存。请对照现在的内容后再保存。")


def _locked(session: Session, session_id: int) -> TrainingSession:
    kept = session.get(TrainingSession, session_id, with_for_update=True)
    if kept is None:
        raise NotFound
    return kept


def _locked_guidance(session: Session, guidance_id: int) -> Guidance:
    kept = session.get(Guidance, guidance_id, with_for_update=True)
    if kept is None:
        raise NotFound
    return kept
