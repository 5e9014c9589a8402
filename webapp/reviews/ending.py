"""What a decided withholding does to its power, and its end.

A power that is no longer withheld does not become public by that: what becomes of it is pending (待定) until the chain
has decided on it again (practice.md: until decided the item is 待定).
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock, scan
from webapp.characters import character_sentence
from webapp.journal import operations as journal
from webapp.policy import Actor, Role
from webapp.revisions import faces
from webapp.revisions import operations as revisions
from webapp.revisions.kinds import Body
from webapp.revisions.models import Record
from webapp.revisions.reading import find_by_code, seen_listing
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale
from webapp.withholdings.kind import WITHHOLDING, last_day
from webapp.withholdings.models import WithholdingTerm

MAX_REASON = 1000


def withhold_power(session: Session, record: Record, body: Body) -> Record | None:
    """Let a decided withholding take hold of the power it names, and of no other; return that power if it is there."""
    power = find_by_code(session, "power", body["power"])
    for other in _withheld_powers(session, record):
        if power is None or other.id != power.id:
            _reopen(session, other)
    term = session.get(WithholdingTerm, record.id)
    if term is None:
        session.add(WithholdingTerm(record_id=record.id, until=last_day(body)))
    else:
        term.until, term.ended_by, term.ended_at, term.reason = last_day(body), None, None, ""
    if power is not None:
        power.withheld_by, power.is_reopened = record.id, False
        session.flush()
        faces.show_disclosure(session, power)
    return power


def end_withholding(session: Session, by: Actor, record_id: int, *, reason: str, seen_until: str) -> Record:
    """End a decided withholding: its day came, its condition is met, or its reason fell away.

    The section or the leading group's office says so; the power goes back to the section as a draft, its disclosure
    pending. `seen_until` is the term as the page showed it. Raises RuleBroken, NotAllowed, NotFound, Stale.
    """
    seen_listing(session, by, WITHHOLDING.key, record_id)
    record = revisions.lock_record(session, record_id)
    if record.kind != WITHHOLDING.key:
        raise NotFound
    if record.section_id not in by.own_sections and not by.has(Role.OFFICE):
        raise NotAllowed("只有提出科室或领导小组办公室可以解除不公开。")
    if not reason.strip():
        raise RuleBroken("请填写解除的理由：期限已到，或条件已具备。", "reason")
    if len(reason) > MAX_REASON:
        raise RuleBroken(f"理由过长，请控制在{MAX_REASON}字以内。", "reason")
    if sentence := character_sentence(reason) or scan.secrecy_sentence(reason):
        raise RuleBroken(sentence, "reason")
    term = session.get(WithholdingTerm, record.id)
    if record.stage != "withheld" or term is None or term.ended_at is not None:
        raise Stale("该不公开申请未生效、正在修改或已解除，未办理。请刷新页面查看。")
    if seen_until != (term.until.isoformat() if term.until else ""):
        raise Stale("该登记的期限已有变化，未办理。请核对后再办理。")
    term.ended_by, term.ended_at, term.reason = by.person, clock.now(), reason.strip()
    for power in _withheld_powers(session, record):
        _reopen(session, power)
    journal.write(session, by, "end_withholding", revisions.subject(record), {"until": seen_until or None})
    return record


def _withheld_powers(session: Session, record: Record) -> list[Record]:
    return list(session.scalars(select(Record).where(Record.withheld_by == record.id).with_for_update()))


def _reopen(session: Session, power: Record) -> None:
    power.withheld_by, power.is_reopened = None, True
    if power.stage == "approved":
        power.stage = "draft"
    session.flush()
    faces.show_stage(session, power, ("draft",))
    faces.show_disclosure(session, power)
