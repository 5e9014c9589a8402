"""The limits of complaints as their page, the list and the worklist show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.complaints.timing import SUBJECT
from webapp.deadlines.models import Clock, TimeLimitRule
from webapp.deadlines.reading import read_days
from webapp.deadlines.rules import KIND_WORDS, limit_words
from webapp.pages.clock import STATE_WORDS, read_clock


@dataclass(frozen=True)
class ClockRow:
    """A limit of a complaint: what it is for, until when, and why that day."""

    label: str
    limit: str
    kind: str
    basis: str
    started_on: date
    due_on: date
    state: str
    state_words: str
    met_on: date | None
    late_days: int | None  # working days, of one that is open and past
    days_left: int | None
    is_provisional: bool
    explained: tuple[str, ...]


def complaint_clocks(session: Session, complaint_id: int) -> tuple[ClockRow, ...]:
    """Return the limits of a complaint the viewer sees, the running ones explained; three queries and six for each."""
    found = session.execute(
        select(Clock, TimeLimitRule)
        .join(TimeLimitRule, TimeLimitRule.id == Clock.rule_id)
        .where(Clock.subject_kind == SUBJECT, Clock.subject_id == complaint_id)
        .order_by(Clock.id),
    ).all()
    today = clock.today()
    ends = [today, *(row.due_on for row, _ in found)]
    days = read_days(session, min(ends), max(ends))
    rows = []
    for row, rule in found:
        is_open = row.met_at is None and row.state != "void"
        left = days.count_between(today, row.due_on) if is_open else None
        rows.append(
            ClockRow(
                label=rule.label,
                limit=limit_words(row.n, row.unit),
                kind=KIND_WORDS[rule.kind],
                basis=rule.basis,
                started_on=row.started_on,
                due_on=row.due_on,
                state=row.state,
                state_words=STATE_WORDS[row.state],
                met_on=row.met_on,
                late_days=-left if left is not None and today > row.due_on else None,
                days_left=left if left is not None and today <= row.due_on else None,
                is_provisional=row.is_provisional,
                explained=read_clock(session, row).explained if is_open else (),
            ),
        )
    return tuple(rows)


def nearest_dues(session: Session, complaints: Iterable[int]) -> dict[int, date]:
    """Return the next day on which each of these complaints has to be answered; one query or none."""
    wanted = sorted(set(complaints))
    if not wanted:
        return {}
    rows = session.execute(
        select(Clock.subject_id, func.min(Clock.due_on))
        .where(
            Clock.subject_kind == SUBJECT,
            Clock.subject_id.in_(wanted),
            Clock.met_at.is_(None),
            Clock.state.in_(["running", "breached"]),
        )
        .group_by(Clock.subject_id),
    )
    return {row[0]: row[1] for row in rows}
