"""Tables of time: the working-day calendar, limits and their clocks, leases, and the notices time brings to people."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime
from webapp.deadlines.rules import KINDS
from webapp.workdays import UNITS

CLOCK_STATES = ("running", "paused", "met", "breached", "void")
CAUSES = ("calendar", "extension", "grant", "pause", "rule")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class CalendarDay(Base):
    """A day as the State Council's notice makes it; days without a row follow the week."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    name: Mapped[str] = mapped_column(PlainText, default="")


class Lease(Base):
    """Who does a recurring work now, and until when nobody else begins it. Moments are the machine's, never fixed."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(PlainText, primary_key=True)
    owner: Mapped[str] = mapped_column(PlainText)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class Notice(Base):
    """A reminder that time brought, once: `dedupe_key` names what it is about, for whom and of which day.

    It is for a section's people or for a role; `shown_until` is the last day it stands on their worklists.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(PlainText, unique=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    role: Mapped[str] = mapped_column(PlainText, default="")
    content: Mapped[str] = mapped_column(PlainText)
    address: Mapped[str] = mapped_column(PlainText)
    due_on: Mapped[date]
    made_on: Mapped[date]
    shown_until: Mapped[date] = mapped_column(index=True)


class TimeLimitRule(Base):
    """A limit in one of its versions; never changed, a change is the next version. `pauses`: reasons by comma."""

    __tablename__ = "time_limit_rule"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        CheckConstraint(_one_of("unit", UNITS), name="unit"),
        CheckConstraint(_one_of("kind", KINDS), name="kind"),
        CheckConstraint("n > 0", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(PlainText)
    version: Mapped[int] = mapped_column(default=1)
    label: Mapped[str] = mapped_column(PlainText)
    n: Mapped[int]
    unit: Mapped[str] = mapped_column(PlainText)
    start_event: Mapped[str] = mapped_column(PlainText)
    basis: Mapped[str] = mapped_column(PlainText)
    kind: Mapped[str] = mapped_column(PlainText)
    pauses: Mapped[str] = mapped_column(PlainText, default="")
    ext_max_n: Mapped[int] = mapped_column(default=0)
    ext_max_times: Mapped[int] = mapped_column(default=0)
    rolls: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Clock(Base):
    """A limit that runs for something. `n` and `unit` are what was set, usually the rule's; `due_on` is computed.

    What is confidential has no page of its own: whose it is shows it. A clock met after its last day stays `breached`.
    """

    __tablename__ = "clock"
    __table_args__ = (
        CheckConstraint(_one_of("state", CLOCK_STATES), name="state"),
        CheckConstraint(_one_of("unit", UNITS), name="unit"),
        CheckConstraint("state <> 'met' OR met_at IS NOT NULL", name="met"),
        UniqueConstraint("subject_kind", "subject_id", "rule_key", "cycle"),
        Index("ix_clock_due", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("time_limit_rule.id"))
    rule_key: Mapped[str] = mapped_column(PlainText)
    subject_kind: Mapped[str] = mapped_column(PlainText)
    subject_id: Mapped[int]
    cycle: Mapped[int] = mapped_column(default=1)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    is_confidential: Mapped[bool] = mapped_column(default=False)
    n: Mapped[int]
    unit: Mapped[str] = mapped_column(PlainText)
    started_on: Mapped[date]
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date]
    is_provisional: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(PlainText, default="running")
    met_on: Mapped[date | None]
    met_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void_reason: Mapped[str] = mapped_column(PlainText, default="")


class ClockSegment(Base):
    """The days after `since` up to and including `until` in which a clock ran or stood; the last one is open."""

    __tablename__ = "clock_segment"
    __table_args__ = (
        CheckConstraint(_one_of("kind", ("run", "pause")), name="kind"),
        CheckConstraint("until IS NULL OR until >= since", name="order"),
        CheckConstraint("kind <> 'pause' OR (reason <> '' AND document <> '')", name="document"),
        Index(
            "uq_clock_segment_open",
            "clock_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"), index=True)
    kind: Mapped[str] = mapped_column(PlainText)
    since: Mapped[date]
    until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(PlainText, default="")
    document: Mapped[str] = mapped_column(PlainText, default="")
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ClockChange(Base):
    """How a due date came to be another, with the old one. Never changed. `n`, `unit`: time added, for extensions."""

    __tablename__ = "clock_change"
    __table_args__ = (CheckConstraint(_one_of("cause", CAUSES), name="cause"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"), index=True)
    cause: Mapped[str] = mapped_column(PlainText)
    n: Mapped[int] = mapped_column(default=0)
    unit: Mapped[str] = mapped_column(PlainText, default="")
    old_due_on: Mapped[date]
    new_due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(PlainText, default="")
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: the installation itself
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ClockExtension(Base):
    """A request for more time: one open at a time, decided by another person than asked."""

    __tablename__ = "clock_extension"
    __table_args__ = (
        CheckConstraint(_one_of("state", ("pending", "granted", "refused")), name="state"),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="second_person"),
        CheckConstraint("n > 0", name="number"),
        Index(
            "uq_clock_extension_pending",
            "clock_id",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"), index=True)
    n: Mapped[int]
    reason: Mapped[str] = mapped_column(PlainText)
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(PlainText, default="pending")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(PlainText, default="")


class ClockOverdue(Base):
    """That a limit passed: once per clock, dated at the first moment after it. Never changed."""

    __tablename__ = "clock_overdue"

    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"), primary_key=True)
    due_on: Mapped[date]
    became_true_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
