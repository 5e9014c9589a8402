"""The one operation that moves an inspection: form and time call it, the rows of `stages` decide."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.reading import actors_of
from webapp.characters import character_sentence
from webapp.deadlines.reading import read_calendar
from webapp.digests import canonical, digest, sha256_hex
from webapp.findings.raising import Source, add_finding
from webapp.inspections.models import (
    Addendum,
    Inspection,
    InspectionSignature,
    InspectionStep,
    Occurrence,
    SupervisionRecord,
)
from webapp.inspections.points import ANSWER_WORDS, all_points, gaps
from webapp.inspections.reading import (
    answers_of,
    is_host,
    points_of,
    relations_of,
    seen_inspection,
    signatures_of,
    team_of,
    too_close,
)
from webapp.inspections.recording import record_content
from webapp.inspections.stages import COMMENT_DAYS, TEAM, Event, Relation, Row, is_complete, row_for
from webapp.journal import operations as journal
from webapp.policy import Actor, Role
from webapp.rules import NotFound, RuleBroken, Stale
from webapp.scan import secrecy_sentence

MAX_NOTE = 2000


@dataclass(frozen=True)
class Act:
    """What a person does: the event, the version he saw, his text, and for a refusal the witness."""

    event: str
    seen_version: int | None
    note: str = ""
    witness: str = ""


class Incomplete(RuleBroken):
    """Points still lack something; `problems` names each with its field."""

    def __init__(self, problems: list[RuleBroken]) -> None:
        super().__init__("检查还不完整，请补齐后再办理。")
        self.problems = [_Told(each.field, each.message) for each in problems]


@dataclass(frozen=True)
class _Told:
    field: str | None
    sentence: str


def advance(session: Session, inspection_id: int, act: Act, *, by: Actor) -> Inspection:
    """Take an act on an inspection; one journal entry.

    Raises NotFound where he may not know of it, NotAllowed, Stale (another state or version), RuleBroken.
    """
    seen_inspection(session, inspection_id, by)
    inspection = session.scalars(select(Inspection).where(Inspection.id == inspection_id).with_for_update()).one()
    team = [person for person, _ in team_of(session, inspection.id)]
    row = row_for(inspection.state, act.event, relations_of(inspection, by, team))
    if act.seen_version is None:
        raise RuleBroken("请求不完整，请刷新页面后再试。")
    if act.seen_version != inspection.version:
        raise Stale("这次检查刚刚被他人办理过，本次操作没有保存。请刷新页面，看过现在的内容再办理。")
    _check_text(act.note, row)
    before = inspection.state
    after = _EFFECTS[row.event](session, inspection, act, by)
    _keep_step(session, inspection, row.event, before, after, by, act.note)
    facts = {"event": row.event, "from": before, "to": inspection.state, "note": digest(act.note)}
    if inspection.number and before != "signed":
        facts["record"] = session.get_one(SupervisionRecord, inspection.id).digest
    journal.write(session, by, "advance_inspection", f"inspection:{inspection.id}", facts)
    return inspection


def lapse_comments(session: Session) -> int:
    """Keep the silence of sections whose days are over, dated at the first instant after; may run again."""
    rows = list(
        session.scalars(
            select(Inspection)
            .where(Inspection.state == "in_comment", Inspection.comment_due < clock.today())
            .with_for_update(),
        ),
    )
    for inspection in rows:
        if inspection.comment_due is None:
            continue
        row_for(inspection.state, Event.LAPSE, {Relation.TIME})
        inspection.comment_kind = "silence"
        inspection.comment_at = datetime.combine(inspection.comment_due + timedelta(days=1), time(), clock.CHINA)
        _keep_step(session, inspection, Event.LAPSE, "in_comment", "commented", None, "")
    if rows:
        session.flush()
        journal.write(session, None, "lapse_comments", "inspections", {"inspections": sorted(r.id for r in rows)})
    return len(rows)


def _keep_step(
    session: Session, inspection: Inspection, event: str, before: str, after: str, by: Actor | None, note: str
) -> None:
    inspection.state, inspection.version = after, inspection.version + 1
    session.add(
        InspectionStep(
            inspection_id=inspection.id,
            event=event,
            from_state=before,
            to_state=after,
            person_id=by.person if by else None,
            note=note.strip(),
            at=clock.now(),
        ),
    )
    session.flush()


def _check_text(note: str, row: Row) -> None:
    if row.note and not note.strip():
        raise RuleBroken(f"请填写{row.note}。", "note")
    if len(note) > MAX_NOTE:
        raise RuleBroken(f"内容过长，请控制在{MAX_NOTE}字以内。", "note")
    if sentence := character_sentence(note) or secrecy_sentence(note):
        raise RuleBroken(sentence, "note")


def _start(session: Session, inspection: Inspection, _act: Act, _by: Actor) -> str:
    team = [person for person, _ in team_of(session, inspection.id)]
    if len(team) < TEAM:
        raise RuleBroken(f"检查人不得少于{TEAM}人。请取消后重新安排。")
    if names := too_close(session, inspection.section_id, team, inspection.held_on):
        raise RuleBroken(
            f"{'、'.join(names)}在被查科室任职或一年内任过职，不能参加检查。请取消后另选检查人，重新安排。"
        )
    if is_host(session, inspection.section_id) and any(
        actor.has(Role.OFFICE) for actor in actors_of(session, team).values()
    ):
        raise RuleBroken("该科室设有领导小组办公室，应由局办公室(监察)检查，领导小组办公室的人员不能参加。")
    return "in_progress"


def _finish(session: Session, inspection: Inspection, _act: Act, _by: Actor) -> str:
    missing = gaps(points_of(session, inspection.content_digest), answers_of(session, inspection.id))
    if missing:
        raise Incomplete([RuleBroken(gap.sentence, f"value-{gap.key}") for gap in missing])
    return "drafted"


def _send(session: Session, inspection: Inspection, _act: Act, _by: Actor) -> str:
    inspection.comment_due = read_calendar(session).add_working_days(clock.today(), COMMENT_DAYS)
    return "in_comment"


def _comment(kind: str) -> "Effect":
    def effect(_session: Session, inspection: Inspection, act: Act, by: Actor) -> str:
        inspection.comment_kind, inspection.comment = kind, act.note.strip()
        inspection.comment_by, inspection.comment_at = by.person, clock.now()
        return "commented"

    return effect


def _sign(session: Session, inspection: Inspection, act: Act, by: Actor) -> str:
    team = [person for person, _ in team_of(session, inspection.id)]
    return _signed(session, inspection, act, by, "inspector" if by.person in team else "head")


def _refuse(session: Session, inspection: Inspection, act: Act, by: Actor) -> str:
    if not act.witness.strip() or len(act.witness) > MAX_NOTE // 40 or character_sentence(act.witness):
        raise RuleBroken("请填写见证人的姓名和科室。", "witness")
    return _signed(session, inspection, act, by, "refused")


def _signed(session: Session, inspection: Inspection, act: Act, by: Actor, kind: str) -> str:
    """Keep a signature; the last one numbers the record, freezes it and raises its findings."""
    given = {(row.kind, row.person_id) for row, _ in signatures_of(session, inspection.id)}
    if (kind, by.person) in given:
        raise RuleBroken("您已经签过字，请等其他人签字。")
    if kind != "inspector" and any(each in {"head", "refused"} for each, _ in given):
        raise RuleBroken("被查科室负责人已签字或已登记拒签，不需再办。")
    session.add(
        InspectionSignature(
            inspection_id=inspection.id,
            person_id=by.person,
            kind=kind,
            witness=act.witness.strip(),
            note=act.note.strip(),
            signed_at=clock.now(),
        ),
    )
    session.flush()
    team = [person for person, _ in team_of(session, inspection.id)]
    if not is_complete({*given, (kind, by.person)}, team):
        return "commented"
    inspection.year = clock.today().year
    # Two records signed at one moment end in the unique key: the second transaction fails whole and leaves no gap.
    last = session.scalar(select(func.max(Inspection.number)).where(Inspection.year == inspection.year))
    inspection.number, inspection.state = (last or 0) + 1, "signed"
    session.flush()
    content = canonical(record_content(session, inspection))
    session.add(
        SupervisionRecord(
            inspection_id=inspection.id, content=content, digest=sha256_hex(content), rendered_at=clock.now()
        ),
    )
    _raise_findings(session, inspection, by)
    if inspection.occurrence_id is not None:
        occurrence = session.get_one(Occurrence, inspection.occurrence_id)
        occurrence.state = "done" if occurrence.state == "started" else occurrence.state
    return "signed"


def _raise_findings(session: Session, inspection: Inspection, by: Actor) -> None:
    answers = answers_of(session, inspection.id)
    source = Source("inspection", inspection.id, inspection.held_on, is_signed=True)
    for point in all_points(points_of(session, inspection.content_digest)):
        answer = answers[point.key]
        if answer.value in point.finding_on:
            add_finding(
                session,
                by,
                source=source,
                section_id=inspection.section_id,
                power_id=inspection.record_id,
                fact=f"{point.text}：{ANSWER_WORDS[answer.value]}。{answer.note}"[:MAX_NOTE],
                basis=point.basis,
                severity=point.severity,
                item_key=point.key,
            )


def _add(session: Session, inspection: Inspection, act: Act, by: Actor) -> str:
    last = session.scalar(select(func.max(Addendum.number)).where(Addendum.inspection_id == inspection.id)) or 0
    session.add(
        Addendum(
            inspection_id=inspection.id,
            number=last + 1,
            content=act.note.strip(),
            person_id=by.person,
            added_at=clock.now(),
        ),
    )
    return "signed"


def _cancel(session: Session, inspection: Inspection, _act: Act, _by: Actor) -> str:
    if inspection.occurrence_id is not None:
        occurrence = session.get_one(Occurrence, inspection.occurrence_id)
        occurrence.state = "planned" if occurrence.state == "started" else occurrence.state
    return "cancelled"


Effect = Callable[[Session, Inspection, Act, Actor], str]
_EFFECTS: dict[Event, Effect] = {
    Event.START: _start,
    Event.FINISH: _finish,
    Event.SEND: _send,
    Event.CONFIRM: _comment("on_spot"),
    Event.COMMENT: _comment("comment"),
    Event.SIGN: _sign,
    Event.REFUSE: _refuse,
    Event.ADD: _add,
    Event.CANCEL: _cancel,
}


def record_fault(session: Session, inspection_id: int) -> str | None:
    """Return a sentence where a signed record is not what its digest says (I2), else None; raise NotFound."""
    row = session.get(SupervisionRecord, inspection_id)
    if row is None:
        raise NotFound
    is_whole = sha256_hex(row.content) == row.digest and canonical(json.loads(row.content)) == row.content
    return None if is_whole else "监督检查记录与签字时的校验码不符，请联系系统管理员从备份恢复。"
