"""Acts that end or open a power outside the chain: stopping an overreach at once, lifting that, a duty found missing.

The plan (坛环法〔2008〕第1号): 越位的立即停止, 不到位的必须补上. A chief stops what his section may not do at once,
before any review (practice.md, "Who decides what"); only a new decision lifts it, and then the chain begins anew.
"""

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Bureau, Section
from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.policy import Actor, Role
from webapp.powers import categories
from webapp.powers.clauses import offered_clauses
from webapp.powers.fields import empty_entry
from webapp.powers.kind import POWER
from webapp.powers.models import InventoryVerdict
from webapp.reviews.chain import GAP_SOURCES, OUTSIDE
from webapp.reviews.models import Seat
from webapp.reviews.reading import open_review
from webapp.reviews.texts import required_text
from webapp.revisions import faces
from webapp.revisions import operations as revisions
from webapp.revisions.kinds import Body
from webapp.revisions.models import Draft, Record
from webapp.revisions.reading import seen_listing
from webapp.rules import NotAllowed, RuleBroken, Stale


@dataclass(frozen=True)
class Gap:
    """A duty the section does not see to, as somebody outside it found: what, whose, on what basis, until when."""

    name: str
    category: str
    section: str
    reason: str
    due: date
    source: str = "office"


def stop_power(
    session: Session,
    by: Actor,
    record_id: int,
    *,
    reason: str,
    aftermath: str,
    day: date,
    seen_version: int | None,
) -> InventoryVerdict:
    """Stop an overreach: from now on it is in no review, catalogue or edition. The chief of its section only.

    `day` is from when it is not exercised, `aftermath` what becomes of cases begun (善后).
    """
    record = revisions.lock_record(session, record_id)
    seen_listing(session, by, POWER.key, record_id)
    if not by.has(Role.CHIEF, record.section_id):
        raise NotAllowed("越位的职权由承办科室负责人立即停止行使。")
    if record.stage in OUTSIDE:
        raise Stale("本职权已停止行使或者已并入其他事项。请刷新页面查看。")
    reason = required_text(reason, "reason", "越位的事实和理由")
    aftermath = required_text(aftermath, "aftermath", "善后措施")
    if day > clock.today():
        raise RuleBroken("停止行使的日期不能晚于今天。", "day")
    draft = session.get_one(Draft, record_id)
    if seen_version is None:
        raise RuleBroken("缺少草稿版本号，未办理。请刷新页面后再试。", "seen_version")
    if seen_version != draft.version:
        raise Stale("草稿已被他人修改，本次未办理。请先查看改动。")
    body: Body = {**json.loads(draft.body), "verdict": "overreach", "follow_up": f"立即停止行使。善后：{aftermath}"}
    draft.body, draft.version = revisions.check_body(POWER, body), draft.version + 1
    draft.edited_at, draft.edited_by = clock.now(), by.person
    revisions.note_editor(session, record_id, by)
    revisions.freeze(session, by, POWER, record)
    end_outside(session, record, body, "stopped")
    verdict = _note(session, by, record, "overreach", reason=reason, aftermath=aftermath, day=day)
    journal.write(
        session,
        by,
        "stop",
        revisions.subject(record),
        {"date": day.isoformat(), "content": digest([reason, aftermath]), "stage": record.stage},
    )
    return verdict


def resume_power(
    session: Session,
    by: Actor,
    record_id: int,
    *,
    document: str,
    decided_on: date,
    reason: str,
) -> InventoryVerdict:
    """Lift a stop by a new decision, recorded by the office: the power is a draft again and passes the whole chain."""
    record = revisions.lock_record(session, record_id)
    seen_listing(session, by, POWER.key, record_id)
    if not by.has(Role.OFFICE):
        raise NotAllowed("恢复行使须有新的决定，由领导小组办公室登记。")
    if record.stage != "stopped":
        raise Stale("本职权不在停止行使状态。请刷新页面查看。")
    if decided_on > clock.today():
        raise RuleBroken("决定日期不能晚于今天。", "decided_on")
    document = required_text(document, "document", "新的决定的文号")
    reason = required_text(reason, "reason", "恢复行使的理由")
    record.stage = "draft"
    faces.drop_face(session, record, "review")
    faces.show_stage(session, record, ("draft",))
    verdict = _note(session, by, record, "resumed", reason=reason, document=document, day=decided_on, source="office")
    facts = {"document": document, "date": decided_on.isoformat(), "content": digest(reason)}
    journal.write(session, by, "resume", revisions.subject(record), facts)
    return verdict


def raise_gap(session: Session, by: Actor, gap: Gap) -> Record:
    """Put a duty that is not seen to into a section's inventory as 不到位: a draft of the section, with a date."""
    if not by.has(Role.OFFICE):
        raise NotAllowed("职责不到位由领导小组办公室提出；本科室的，请新建职权并选“职责不到位”。")
    row = session.scalars(
        select(Section).where((Section.name == gap.section) | (Section.slug == gap.section)),
    ).one_or_none()
    if row is None:
        raise RuleBroken("请选择承办部门。", "section")
    if categories.category(gap.category) is None:
        raise RuleBroken("请选择职权类别。", "category")
    if gap.source not in dict(GAP_SOURCES):
        raise RuleBroken("请选择提出方式。", "source")
    if gap.due < clock.today():
        raise RuleBroken("补齐期限不能早于今天。", "due")
    name, reason = required_text(gap.name, "name", "项目名称"), required_text(gap.reason, "reason", "依据和理由")
    bureau = session.scalar(select(Bureau.name).where(Bureau.id == 1)) or ""
    body = empty_entry(gap.category, section=row.name, body_name=bureau, reference_date=clock.today().isoformat())
    offered = offered_clauses(session, row.id, gap.category)
    body |= {field: text for field, (_, text) in offered.items()}
    body |= {"name": name, "contact": row.contact, "verdict": "missing"}
    body["follow_up"] = f"限{gap.due.isoformat()}前补齐。{reason}"
    text = revisions.check_body(POWER, body)
    clauses = {field: number for field, (number, _) in offered.items()}
    new = revisions.NewRecord(body, row.id, clauses=clauses, text=text)
    (record,) = revisions.insert_records(session, by, POWER, [new])
    session.flush()
    found = session.get_one(Record, record.id)
    _note(session, by, found, "missing", reason=reason, day=gap.due, source=gap.source)
    facts = {"section": row.id, "date": gap.due.isoformat(), "body": digest(body)}
    journal.write(session, by, "raise_gap", revisions.subject(found), facts)
    return found


def end_outside(session: Session, record: Record, body: Body, stage: str) -> None:
    """Let a record stand at an end outside the chain: its review closes, and no catalogue shows it any more."""
    moment = clock.now()
    review = open_review(session, record.id)
    if review is not None:
        review.is_open, review.closed_at, review.stage, review.stage_since = False, moment, stage, moment
        session.execute(
            update(Seat)
            .where(Seat.review_id == review.id, Seat.state.in_(["open", "dissent", "recorded"]))
            .values(state="void", closed_at=moment),
        )
    record.stage, record.entered_by = stage, None
    session.flush()
    described = POWER.describe(body)
    for face in ("draft", "review"):
        faces.put_face(session, record, face, described, stage)
    faces.drop_face(session, record, "approved")


def _note(
    session: Session,
    by: Actor,
    record: Record,
    verdict: str,
    *,
    reason: str,
    day: date,
    aftermath: str = "",
    document: str = "",
    source: str = "section",
) -> InventoryVerdict:
    row = InventoryVerdict(
        record_id=record.id,
        verdict=verdict,
        source=source,
        reason=reason,
        aftermath=aftermath,
        document=document,
        day=day,
        person_id=by.person,
        at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row
