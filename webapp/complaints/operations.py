"""Taking a complaint in, and every act on it: one function `advance` for each row of `stages.ACTS`."""

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Section
from webapp.accounts.reading import actors_of
from webapp.complaints.forms import ComplaintGiven, StepGiven
from webapp.complaints.identity import kept_identity, refuse_identity, seal_identity
from webapp.complaints.kinds import SUBSTANTIATED
from webapp.complaints.models import Complaint, ComplaintStep
from webapp.complaints.reading import (
    Target,
    aimed_at,
    is_walled,
    may_be_given,
    seen_complaint,
    standing_of,
    target_of,
)
from webapp.complaints.stages import ASK_WITHIN, ENDED, Act, Event, take
from webapp.complaints.timing import keep_time, start_with_intake
from webapp.complaints.vault import Vault
from webapp.digests import digest
from webapp.findings.models import Finding
from webapp.findings.raising import Source, add_finding
from webapp.journal import operations as journal
from webapp.policy import Actor, Permission
from webapp.revisions.models import Record
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

_WALLED = "被反映的是您本人或者您所在的科室，请交由其他科室的人员登记，您不能经手。"


def take_in(session: Session, by: Actor, given: ComplaintGiven, vault: Vault) -> Complaint:
    """Write down what came in by telephone, letter, visit or mail; names go into the vault, the rest waits.

    Raises RuleBroken where the text names who it came from, or where the person who writes belongs to the target.
    """
    if not by.may(Permission.TAKE_COMPLAINTS):
        raise NotAllowed("来件由领导小组办公室、局办公室和督查人员登记。请将来件转交他们。")
    _refuse_future(given.received_on, "received_on")
    target = _checked_target(session, by, given.section, given.person)
    if given.power is not None and session.get(Record, given.power) is None:
        raise RuleBroken("没有所选的职权，请重新选择。", "power")
    refuse_identity(given.identity, {"subject": given.subject, "content": given.content})
    now = clock.now()
    complaint = Complaint(
        kind=given.kind,
        channel=given.channel,
        received_on=given.received_on,
        subject=given.subject,
        content=given.content,
        about_section_id=target.section,
        about_person_id=target.person,
        is_about_office=target.is_office,
        power_id=given.power,
        state="received",
        since=now,
        version=1,
        cycle=1,
        reviews=0,
        taken_by=by.person,
        taken_at=now,
    )
    session.add(complaint)
    session.flush()
    seal_identity(session, complaint, given, vault)
    step = ComplaintStep(
        complaint_id=complaint.id,
        event="take_in",
        state="received",
        cycle=1,
        person_id=by.person,
        day=given.received_on,
        at=now,
    )
    session.add(step)
    start_with_intake(session, by, complaint)
    facts = {"state": "received", "content": digest([given.subject, given.content])}
    journal.write(session, by, "take_in_complaint", f"complaint:{complaint.id}", facts)
    return complaint


def advance(session: Session, by: Actor, complaint_id: int, step: StepGiven, vault: Vault | None = None) -> Complaint:
    """Take one act on a complaint: the only door to its state. A repeated post with the same key changes nothing.

    Raises NotFound behind the wall, NotAllowed, Stale, or RuleBroken with what is missing. `vault` is needed where an
    identity is sealed: texts that name the complainant are refused.
    """
    seen_complaint(session, complaint_id, by)
    complaint = session.scalars(select(Complaint).where(Complaint.id == complaint_id).with_for_update()).one()
    if step.request_key and _is_repeated(session, complaint_id, step.request_key):
        return complaint
    act = take(complaint.state, step.event, standing_of(session, complaint, by), reviews=complaint.reviews)
    if step.seen_version is None:
        raise RuleBroken("缺少版本号，未办理。请刷新页面后再试。", "seen_version")
    if step.seen_version != complaint.version:
        raise Stale("该件已被他人办理，本次未办理。请先查看办理经过。")
    _require_needs(act, step)
    _refuse_identity(session, complaint, step, vault)
    _apply(session, by, complaint, step)
    keep_time(session, by, complaint, step.event, step.day, step.document)
    complaint.state, complaint.since, complaint.version = act.target, clock.now(), complaint.version + 1
    session.add(
        ComplaintStep(
            complaint_id=complaint.id,
            event=step.event,
            state=act.target,
            cycle=complaint.cycle,
            person_id=by.person,
            assignee_id=complaint.assignee_id if step.event is Event.ASSIGN else None,
            day=step.day or clock.today(),
            at=complaint.since,
            note=step.note,
            place=step.where,
            document=step.document,
            reply=step.reply,
            conclusion=step.conclusion,
            request_key=step.request_key,
        ),
    )
    session.flush()
    facts: dict[str, object] = {"state": act.target, "version": complaint.version, "content": digest(list(step.texts))}
    if step.event is Event.APPROVE_REPLY and (finding := _raise_finding(session, by, complaint)):
        facts["finding"] = finding.id
    journal.write(session, by, f"complaint_{step.event}", f"complaint:{complaint.id}", facts)
    return complaint


def _refuse_identity(session: Session, complaint: Complaint, step: StepGiven, vault: Vault | None) -> None:
    """Refuse an act whose texts name the complainant; compared inside, so no look of a person."""
    named = ("note", "where", "document", "reply", "fact", "basis")
    refuse_identity(kept_identity(session, complaint, vault), dict(zip(named, step.texts, strict=True)))


def _apply(session: Session, by: Actor, complaint: Complaint, step: StepGiven) -> None:
    """Do what an act changes beside the state; acts not named here change nothing else."""
    match step.event:
        case Event.REGISTER:
            _register(session, by, complaint, step)
        case Event.MERGE:
            complaint.merged_into_id = _merged_into(session, by, complaint, step)
        case Event.ASSIGN:
            if step.assignee not in may_be_given(session, complaint):
                raise RuleBroken("该人员不能承办此件：须在职，且不是被反映的人员或者科室的人员。请另选。", "assignee")
            complaint.assignee_id = step.assignee
        case Event.DRAFT_REPLY | Event.APPROVE_REPLY | Event.REPLY:
            _answer(by, complaint, step)
        case Event.REQUEST_REVIEW:
            _require_in_time(session, complaint, step.day)
            complaint.reviews += 1
        case Event.CLOSE:
            complaint.satisfaction = step.satisfaction
        case Event.REOPEN:
            complaint.cycle, complaint.reviews, complaint.assignee_id = complaint.cycle + 1, 0, None


def _answer(by: Actor, complaint: Complaint, step: StepGiven) -> None:
    """Write, approve or send the reply."""
    if step.event is Event.DRAFT_REPLY:
        complaint.reply, complaint.conclusion = step.reply, step.conclusion
        complaint.fact, complaint.basis, complaint.severity = step.fact, step.basis, step.severity
        complaint.drafted_by, complaint.approved_by = by.person, None
    elif step.event is Event.APPROVE_REPLY:
        complaint.approved_by = by.person
    else:
        _refuse_day(step.day, complaint.received_on)
        complaint.replied_on = step.day


def _raise_finding(session: Session, by: Actor, complaint: Complaint) -> Finding | None:
    """Keep what was substantiated as a finding on the section complained of; no word of the complaint goes with it."""
    record = session.get(Record, complaint.power_id) if complaint.power_id else None
    section = complaint.about_section_id or (record.section_id if record else None)
    if complaint.conclusion not in SUBSTANTIATED or section is None:
        return None
    return add_finding(
        session,
        by,
        source=Source("complaint", complaint.id, clock.today(), is_signed=True),
        section_id=section,
        power_id=complaint.power_id,
        fact=complaint.fact,
        basis=complaint.basis,
        severity=complaint.severity,
        item_key=f"complaint-{complaint.kind}",
    )


def _register(session: Session, by: Actor, complaint: Complaint, step: StepGiven) -> None:
    """Give the number of the series, and aim the complaint where it is not aimed yet or otherwise."""
    aimed = step.section if step.section is not None else complaint.about_section_id
    person = step.person if step.person is not None else complaint.about_person_id
    target = _checked_target(session, by, aimed, person)
    complaint.about_section_id, complaint.about_person_id = target.section, target.person
    complaint.is_about_office = target.is_office
    complaint.year = clock.today().year
    last = session.scalar(select(func.max(Complaint.number)).where(Complaint.year == complaint.year))
    complaint.number = (last or 0) + 1


def _checked_target(session: Session, by: Actor, section: int | None, person: int | None) -> Target:
    if section is not None and session.get(Section, section) is None:
        raise RuleBroken("没有所选的科室，请重新选择。", "section")
    if person is not None and person not in actors_of(session, [person]):
        raise RuleBroken("没有所选的人员，请重新选择。", "person")
    target = aimed_at(session, section, person)
    if is_walled(target, by):
        raise RuleBroken(_WALLED, "section")
    return target


def _merged_into(session: Session, by: Actor, complaint: Complaint, step: StepGiven) -> int:
    """Return the complaint another goes into: one that is open, known to the person, and about the same target."""
    try:
        into = seen_complaint(session, step.into or 0, by)
    except NotFound:
        raise RuleBroken("没有所选的来件，请重新选择。", "into") from None
    if into.id == complaint.id or into.state in ENDED:
        raise RuleBroken("只能并入另一件尚未办结的来件，请重新选择。", "into")
    if target_of(into) != target_of(complaint):
        raise RuleBroken("两件所反映的科室或者人员不同，不能并案，请分别办理。", "into")
    return into.id


def _require_in_time(session: Session, complaint: Complaint, day: date | None) -> None:
    _refuse_day(day, complaint.received_on)
    start = complaint.replied_on
    if complaint.reviews:
        start = session.scalar(
            select(func.max(ComplaintStep.day)).where(
                ComplaintStep.complaint_id == complaint.id, ComplaintStep.event.in_((Event.UPHOLD, Event.REVISE))
            ),
        )
    if day is not None and start is not None and day > start + timedelta(days=ASK_WITHIN):
        last = start + timedelta(days=ASK_WITHIN)
        raise RuleBroken(
            f"申请期限至{last.month}月{last.day}日（收到答复之日起{ASK_WITHIN}日），已过期限；有新情况的，办结后重新办理。",
            "day",
        )


def _require_needs(act: Act, step: StepGiven) -> None:
    """Raise for a field the act needs and has not, whichever door it came through."""
    for name in act.needs:
        if getattr(step, name) in {None, ""}:
            raise RuleBroken(f"“{act.label}”所需的内容没有填写完整，请补充。", name)


def _refuse_day(day: date | None, earliest: date) -> None:
    if day is not None and day < earliest:
        raise RuleBroken("日期早于收到日期，请核对。", "day")
    if day is not None:
        _refuse_future(day, "day")


def _refuse_future(day: date, field: str) -> None:
    if day > clock.today():
        raise RuleBroken("日期在今天之后，请核对。", field)


def _is_repeated(session: Session, complaint_id: int, key: str) -> bool:
    found = select(ComplaintStep.id).where(ComplaintStep.complaint_id == complaint_id, ComplaintStep.request_key == key)
    return session.scalar(found) is not None
