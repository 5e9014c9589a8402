"""Checking every clock against the rule, and keeping that limits passed: what time brings to clocks."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from webapp import clock as time
from webapp.deadlines.clocks import compute, note_overdue
from webapp.deadlines.models import Clock, ClockChange, ClockExtension
from webapp.deadlines.reading import read_calendar
from webapp.journal import operations as journal
from webapp.policy import Actor


@dataclass(frozen=True)
class Difference:
    """A clock whose kept due date is not what the function gives."""

    clock: int
    kept: date
    computed: date


def find_differences(session: Session) -> list[Difference]:
    """Return the clocks whose due date or provisional mark differs from the pure function; nothing is changed (I5)."""
    calendar = read_calendar(session)
    found = []
    for running in session.scalars(select(Clock).where(Clock.state != "void").order_by(Clock.id)):
        due = compute(session, running, calendar)
        if (due.day, due.is_provisional) != (running.due_on, running.is_provisional):
            found.append(Difference(running.id, running.due_on, due.day))
    return found


def recompute(session: Session, *, by: Actor | None) -> int:
    """Count the clocks that still run anew, as after a change of the calendar; returns how many due dates moved.

    The old date stays in a change of cause `calendar`. What is over keeps the date under which it was judged. One
    journal entry if any moved.
    """
    moved = []
    for found in find_differences(session):
        running = session.get_one(Clock, found.clock, with_for_update=True)
        due = compute(session, running, read_calendar(session))
        if due.day != running.due_on:
            if running.state not in {"running", "paused"}:
                continue
            session.add(
                ClockChange(
                    clock_id=running.id,
                    cause="calendar",
                    old_due_on=running.due_on,
                    new_due_on=due.day,
                    reason="工作日历有变化，重新计算",
                    approver_id=by.person if by else None,
                    at=time.now(),
                )
            )
            moved.append([running.id, running.due_on.isoformat(), due.day.isoformat()])
        running.due_on, running.is_provisional = due.day, due.is_provisional
    if moved:
        session.flush()
        journal.write(session, by, "recompute_clocks", "clocks", {"items": len(moved), "changes": moved})
    return len(moved)


def mark_overdue(session: Session) -> int:
    """Keep for every running clock past its last day that it passed; dated at that moment, whenever this ran (I10).

    A clock with a request for more time waits for the decision. One journal entry if any.
    """
    pending = exists().where(ClockExtension.clock_id == Clock.id, ClockExtension.state == "pending")
    late = session.scalars(
        select(Clock)
        .where(Clock.state == "running", Clock.due_on < time.today(), ~pending)
        .order_by(Clock.id)
        .with_for_update(of=Clock)
    ).all()
    for running in late:
        note_overdue(session, running)
    if late:
        session.flush()
        facts = {"items": len(late), "clocks": [running.id for running in late]}
        journal.write(session, None, "mark_overdue", "clocks", facts)
    return len(late)
