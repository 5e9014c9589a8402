"""Why a limit ends on the day it does: start, count, days off and worked, pauses, time added, what it was before."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock as time
from webapp.accounts.models import Person, Section
from webapp.deadlines.due import Extension, Limit, Span, explain_due
from webapp.deadlines.models import Clock, ClockChange, ClockOverdue, ClockSegment, TimeLimitRule
from webapp.deadlines.reading import read_days
from webapp.deadlines.rules import KIND_WORDS, PAUSE_WORDS, limit_words
from webapp.policy import Actor
from webapp.rules import NotFound

PATH = "/clocks"
STATE_WORDS = {"running": "计时中", "paused": "已暂停", "met": "按时办结", "breached": "已超期", "void": "已终止"}
CAUSE_WORDS = {
    "calendar": "日历变化",
    "extension": "延期",
    "grant": "另给时限",
    "pause": "暂停后顺延",
    "rule": "规定变化",
}
SUBJECT_PATHS = {"order": "/orders", "card": "/cards", "inspection": "/inspections", "matter": "/matters"}
_MARGIN = timedelta(days=60)


@dataclass(frozen=True)
class SpanRow:
    """A stretch of time in which the clock ran or stood."""

    is_pause: bool
    since: date
    until: date | None
    reason: str
    document: str


@dataclass(frozen=True)
class ChangeRow:
    """A due date that became another."""

    at: datetime
    cause: str
    added: str
    old: date
    new: date
    reason: str
    by: str


@dataclass(frozen=True)
class ClockPage:
    """What the screen shows."""

    id: int
    label: str
    limit: str
    kind: str
    basis: str
    start_event: str
    section: str
    subject_address: str
    state: str
    state_words: str
    started_on: date
    due_on: date
    days_left: int | None
    met_on: date | None
    overdue_at: datetime | None
    is_provisional: bool
    explained: tuple[str, ...]
    spans: tuple[SpanRow, ...]
    changes: tuple[ChangeRow, ...]


@dataclass(frozen=True)
class ProvisionalRow:
    """A clock whose due date waits for the calendar."""

    id: int
    label: str
    section: str
    due_on: date
    address: str


def clock_page(session: Session, clock_id: int, *, viewer: Actor) -> ClockPage:
    """Return the page of a clock; raise NotFound where it is another section's or has no page of its own."""
    running = session.get(Clock, clock_id)
    if running is None or running.is_confidential or not may_see(viewer, running):
        raise NotFound
    return read_clock(session, running)


def may_see(viewer: Actor, running: Clock) -> bool:
    """Say whether a clock that is not confidential may be seen."""
    return viewer.is_bureau_wide or running.section_id in viewer.own_sections


def read_clock(session: Session, running: Clock) -> ClockPage:
    """Return everything that explains a due date, for the page of a clock or of its subject; six queries."""
    rule = session.get_one(TimeLimitRule, running.rule_id)
    segments = session.scalars(
        select(ClockSegment).where(ClockSegment.clock_id == running.id).order_by(ClockSegment.id)
    ).all()
    changes = session.execute(
        select(ClockChange, Person.name)
        .outerjoin(Person, Person.id == ClockChange.approver_id)
        .where(ClockChange.clock_id == running.id)
        .order_by(ClockChange.id)
    ).all()
    overdue = session.get(ClockOverdue, running.id)
    today = time.today()
    calendar = read_days(session, min(running.started_on, today), max(running.due_on, today) + _MARGIN)
    pauses = [Span(row.since, row.until) for row in segments if row.kind == "pause"]
    added = [Extension(row.n, row.unit) for row, _ in changes if row.cause in {"extension", "grant"}]
    limit = Limit(running.n, running.unit, rule.rolls)
    is_open = running.met_at is None and running.state != "void"
    return ClockPage(
        id=running.id,
        label=rule.label,
        limit=limit_words(running.n, running.unit),
        kind=KIND_WORDS[rule.kind],
        basis=rule.basis,
        start_event=rule.start_event,
        section=session.scalar(select(Section.name).where(Section.id == running.section_id)) or "",
        subject_address=f"{SUBJECT_PATHS[running.subject_kind]}/{running.subject_id}"
        if running.subject_kind in SUBJECT_PATHS
        else "",
        state=running.state,
        state_words=STATE_WORDS[running.state],
        started_on=running.started_on,
        due_on=running.due_on,
        days_left=calendar.count_between(today, running.due_on) if is_open else None,
        met_on=running.met_on,
        overdue_at=overdue.became_true_at if overdue else None,
        is_provisional=running.is_provisional,
        explained=tuple(explain_due(limit, running.started_on, pauses, added, calendar)),
        spans=tuple(
            SpanRow(row.kind == "pause", row.since, row.until, PAUSE_WORDS.get(row.reason, row.reason), row.document)
            for row in segments
        ),
        changes=tuple(
            ChangeRow(
                row.at,
                CAUSE_WORDS[row.cause],
                limit_words(row.n, row.unit) if row.n else "",
                row.old_due_on,
                row.new_due_on,
                row.reason,
                name or "系统",
            )
            for row, name in changes
        ),
    )


def provisional_clocks(session: Session, *, viewer: Actor) -> list[ProvisionalRow]:
    """Return the clocks that still run on dates the calendar does not hold yet, as far as they may be seen (I22)."""
    query = (
        select(Clock.id, TimeLimitRule.label, Section.name, Clock.due_on)
        .join(TimeLimitRule, TimeLimitRule.id == Clock.rule_id)
        .outerjoin(Section, Section.id == Clock.section_id)
        .where(Clock.is_provisional, Clock.met_at.is_(None), Clock.state != "void", ~Clock.is_confidential)
        .order_by(Clock.due_on, Clock.id)
        .limit(200)
    )
    if not viewer.is_bureau_wide:
        query = query.where(Clock.section_id.in_(sorted(viewer.own_sections)))
    return [
        ProvisionalRow(number, label, name or "", due, f"{PATH}/{number}")
        for number, label, name, due in session.execute(query)
    ]
