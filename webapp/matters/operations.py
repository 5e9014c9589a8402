"""Entering matters and their traces; what is missing after its day becomes a finding, once."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Section
from webapp.deadlines.reading import read_days
from webapp.digests import digest
from webapp.findings.raising import Source, add_finding
from webapp.journal import operations as journal
from webapp.matters.forms import MatterGiven
from webapp.matters.models import Matter, MatterLack, MatterTrace
from webapp.matters.traces import BY_KIND, Trace, due_days, lacking
from webapp.policy import Actor, Permission, Role
from webapp.revisions.models import Record
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

BATCH = 200  # matters looked at in one transaction
_MARGIN = timedelta(days=200)  # more than the longest time for a trace


def enter_matter(session: Session, by: Actor, given: MatterGiven) -> Matter:
    """Enter a matter of a key area, for one's own section; the office for any."""
    _require(by, given.section)
    if session.get(Section, given.section) is None:
        raise RuleBroken("没有所选的科室，请重新选择。", "section")
    if given.power is not None and session.get(Record, given.power) is None:
        raise RuleBroken("没有所选的职权，请重新选择。", "power")
    if given.decided_on > clock.today():
        raise RuleBroken("决定日期在今天之后，请在决定以后登记。", "decided_on")
    entered = Matter(
        kind=given.kind,
        section_id=given.section,
        power_id=given.power,
        title=given.title,
        amount=given.amount,
        decided_on=given.decided_on,
        deciders=given.deciders,
        entered_by=by.person,
        entered_at=clock.now(),
        reason="",
    )
    session.add(entered)
    session.flush()
    content = digest([given.kind, given.title, given.amount, given.deciders])
    facts = {"section": given.section, "date": given.decided_on.isoformat(), "content": content}
    journal.write(session, by, "enter_matter", f"matter:{entered.id}", facts)
    return entered


def note_trace(session: Session, by: Actor, matter_id: int, key: str, day: date, document: str) -> MatterTrace:
    """Enter a trace with its day and paper; once, and never changed after."""
    matter = _locked(session, matter_id)
    _require(by, matter.section_id)
    if matter.cancelled_at is not None:
        raise Stale("该事项已经注销，不能再登记。")
    if key not in {trace.key for trace in BY_KIND[matter.kind].traces}:
        raise RuleBroken("该事项不需要这项留痕。请从页面重新操作。", "trace")
    if day > clock.today():
        raise RuleBroken("日期在今天之后，请核对。", "day")
    same = select(MatterTrace.id).where(MatterTrace.matter_id == matter_id, MatterTrace.key == key)
    if session.scalar(same) is not None:
        raise Stale("这项留痕已经登记。请刷新页面查看。")
    noted = MatterTrace(
        matter_id=matter_id, key=key, day=day, document=document, entered_by=by.person, entered_at=clock.now()
    )
    session.add(noted)
    session.flush()
    facts = {"date": day.isoformat(), "content": digest([key, document])}
    journal.write(session, by, "note_trace", f"matter:{matter_id}", facts)
    return noted


def cancel_matter(session: Session, by: Actor, matter_id: int, reason: str) -> None:
    """Take a matter out of the count with a reason: entered twice, or it did not come about. It stays to be read."""
    matter = _locked(session, matter_id)
    if not by.has(Role.OFFICE):
        raise NotAllowed("重点领域的事项由领导小组办公室注销。")
    if matter.cancelled_at is not None:
        raise Stale("该事项已经注销。请刷新页面查看。")
    matter.cancelled_at, matter.cancelled_by, matter.reason = clock.now(), by.person, reason
    journal.write(session, by, "cancel_matter", f"matter:{matter.id}", {"reason": digest(reason)})


def raise_lacks(session: Session) -> int:
    """Make a finding of every trace that is missing after its day and was not found missing before; returns how many.

    Run by the clock, again and again without harm. One journal entry if any.
    """
    today, raised = clock.today(), []
    last = 0
    while True:
        matters = session.scalars(
            select(Matter).where(Matter.cancelled_at.is_(None), Matter.id > last).order_by(Matter.id).limit(BATCH)
        ).all()
        if not matters:
            break
        last, ids = matters[-1].id, [matter.id for matter in matters]
        seen = {(row.matter_id, row.key) for table in (MatterTrace, MatterLack) for row in session.execute(
            select(table.matter_id, table.key).where(table.matter_id.in_(ids)))}  # fmt: skip
        earliest = min(matter.decided_on for matter in matters)
        calendar = read_days(session, earliest, max(matter.decided_on for matter in matters) + _MARGIN)
        for matter in matters:
            kind, there = BY_KIND[matter.kind], {key for number, key in seen if number == matter.id}
            dues = due_days(kind, matter.decided_on, calendar)
            raised += [
                _raise(session, matter, trace, dues[trace.key])
                for trace in lacking(kind, matter.decided_on, there, calendar, today)
            ]
    if raised:
        session.flush()
        journal.write(session, None, "raise_lacks", "matters", {"items": len(raised), "findings": raised})
    return len(raised)


def _raise(session: Session, matter: Matter, trace: Trace, due_on: date) -> int:
    kind = BY_KIND[matter.kind]
    finding = add_finding(
        session,
        None,
        source=Source("matter", matter.id, clock.today(), is_signed=True),
        section_id=matter.section_id,
        power_id=matter.power_id,
        fact=f"“{matter.title}”（{kind.label}）应于{due_on.isoformat()}前有“{trace.label}”，至今没有登记。",
        basis=kind.basis,
        severity="ordinary",
        item_key=f"trace-{kind.key}-{trace.key}",
    )
    lack = MatterLack(matter_id=matter.id, key=trace.key, finding_id=finding.id, due_on=due_on, noted_at=clock.now())
    session.add(lack)
    return finding.id


def _require(by: Actor, section: int) -> None:
    if not by.may(Permission.ENTER_MATTERS) or not (by.has(Role.OFFICE) or section in by.own_sections):
        raise NotAllowed("重点领域的事项由承办科室或者领导小组办公室登记。")


def _locked(session: Session, matter_id: int) -> Matter:
    found = session.get(Matter, matter_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found
