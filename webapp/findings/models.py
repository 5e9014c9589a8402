"""Tables of findings and of the orders that have them put right: cycles, feedback, re-checks, steps."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime
from webapp.findings.finding_stages import FINDING_STATES, SEVERITIES, SOURCE_KINDS
from webapp.findings.order_stages import METHODS, ORDER_STATES, ROOT_CAUSES


def one_of(column: str, values: tuple[str, ...]) -> str:
    """Return the condition that a column holds one of some words."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Finding(Base):
    """A fault: what, against which basis, how grave, whose, and where it was found. Its text never changes.

    `source_kind`, `source_id` name the inspection, complaint, matter or card; `item_key` the point of the checklist.
    `is_record_cause`: the power's own entry is the cause, so only a new approved revision of it closes the finding.
    """

    __tablename__ = "finding"
    __table_args__ = (
        CheckConstraint(one_of("source_kind", SOURCE_KINDS), name="source_kind"),
        CheckConstraint(one_of("severity", SEVERITIES), name="severity"),
        CheckConstraint(one_of("state", FINDING_STATES), name="state"),
        CheckConstraint("NOT is_record_cause OR record_id IS NOT NULL", name="record_cause"),
        Index("ix_finding_source", "source_kind", "source_id"),
        Index("ix_finding_repeat", "section_id", "item_key", "found_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_kind: Mapped[str] = mapped_column(PlainText)
    source_id: Mapped[int] = mapped_column(default=0)
    item_key: Mapped[str] = mapped_column(PlainText, default="")
    fact: Mapped[str] = mapped_column(PlainText)
    basis: Mapped[str] = mapped_column(PlainText, default="")
    severity: Mapped[str] = mapped_column(PlainText)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), index=True)
    repeat_of: Mapped[int | None] = mapped_column(ForeignKey("finding.id"))
    state: Mapped[str] = mapped_column(PlainText, index=True)
    is_record_cause: Mapped[bool] = mapped_column(default=False)
    cause_marked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mended_by: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))  # the approved revision that carries it
    found_on: Mapped[date]  # the day of the event
    raised_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: time raised it
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)  # the moment of the record


class FindingStep(Base):
    """An act on a finding, with its reason. Never changed."""

    __tablename__ = "finding_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)
    event: Mapped[str] = mapped_column(PlainText)
    from_state: Mapped[str] = mapped_column(PlainText)
    to_state: Mapped[str] = mapped_column(PlainText)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    note: Mapped[str] = mapped_column(PlainText, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class RectificationOrder(Base):
    """整改通知: faults of a section to be put right by a date. `version` counts the acts on it."""

    __tablename__ = "rectification_order"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint(one_of("state", ORDER_STATES), name="state"),
        CheckConstraint(one_of("limit_unit", ("working_day", "day")), name="unit"),
        CheckConstraint("limit_n BETWEEN 1 AND 365", name="number"),
        CheckConstraint("approved_by IS NULL OR approved_by <> drafted_by", name="second_person"),
        CheckConstraint("(number IS NULL) = (approved_by IS NULL)", name="numbered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    state: Mapped[str] = mapped_column(PlainText, default="draft", index=True)
    version: Mapped[int] = mapped_column(default=1)
    cycle: Mapped[int] = mapped_column(default=1)
    year: Mapped[int | None]
    number: Mapped[int | None]  # in its own series, without gaps
    document: Mapped[str] = mapped_column(PlainText, default="")  # 发文字号, as typed from the paper
    title: Mapped[str] = mapped_column(PlainText)
    measures: Mapped[str] = mapped_column(PlainText)
    contact: Mapped[str] = mapped_column(PlainText, default="")
    responsible: Mapped[str] = mapped_column(PlainText, default="")  # the post answerable in the section
    limit_n: Mapped[int] = mapped_column(default=5)
    limit_unit: Mapped[str] = mapped_column(PlainText, default="working_day")
    drafted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    issued_on: Mapped[date | None]
    delivered_on: Mapped[date | None]  # the limit starts here
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None though delivered: served
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)


class OrderItem(Base):
    """A finding under an order: what must be there at the end, and how that will be seen. One live order each."""

    __tablename__ = "order_item"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        Index(
            "uq_order_item_live",
            "finding_id",
            unique=True,
            sqlite_where=text("is_live"),
            postgresql_where=text("is_live"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("rectification_order.id"), index=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)
    position: Mapped[int]
    result: Mapped[str] = mapped_column(PlainText, default="")  # what is required
    test: Mapped[str] = mapped_column(PlainText, default="")  # how it is checked
    needs_evidence: Mapped[bool] = mapped_column(default=True)
    is_accepted: Mapped[bool] = mapped_column(default=False)
    is_live: Mapped[bool] = mapped_column(default=True)  # until its order is cancelled


class OrderCycle(Base):
    """One way from issue (or reopening) to closure. The three persons are three, says the database too."""

    __tablename__ = "order_cycle"
    __table_args__ = (
        CheckConstraint("checked_by IS NULL OR checked_by <> author_id", name="checker"),
        CheckConstraint("closed_by IS NULL OR (closed_by <> author_id AND closed_by <> checked_by)", name="closer"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("rectification_order.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(PlainText, default="")  # of reopening
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_on: Mapped[date | None]


class Feedback(Base):
    """What the section says of one item, each time it says it. Never changed."""

    __tablename__ = "order_feedback"
    __table_args__ = (
        CheckConstraint(one_of("root_cause", tuple(ROOT_CAUSES)), name="root_cause"),
        UniqueConstraint("item_id", "cycle", "round"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("order_item.id"), index=True)
    cycle: Mapped[int]
    round: Mapped[int]
    done: Mapped[str] = mapped_column(PlainText)
    root_cause: Mapped[str] = mapped_column(PlainText)
    evidence: Mapped[str] = mapped_column(PlainText, default="")
    responsible: Mapped[str] = mapped_column(PlainText, default="")
    done_on: Mapped[date | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Recheck(Base):
    """What the checker found of one feedback. Never changed; not by its author."""

    __tablename__ = "order_recheck"
    __table_args__ = (
        CheckConstraint("checker_id <> author_id", name="second_person"),
        CheckConstraint("is_accepted OR reason <> ''", name="reason"),
        CheckConstraint(one_of("method", tuple(METHODS)), name="method"),
    )

    feedback_id: Mapped[int] = mapped_column(ForeignKey("order_feedback.id"), primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    checker_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    is_accepted: Mapped[bool]
    reason: Mapped[str] = mapped_column(PlainText, default="")
    method: Mapped[str] = mapped_column(PlainText)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class OrderStep(Base):
    """An act on an order. Never changed; `request_key` makes a repeated post harmless."""

    __tablename__ = "order_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("rectification_order.id"), index=True)
    cycle: Mapped[int]
    event: Mapped[str] = mapped_column(PlainText)
    from_state: Mapped[str] = mapped_column(PlainText)
    to_state: Mapped[str] = mapped_column(PlainText)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # None: time
    note: Mapped[str] = mapped_column(PlainText, default="")
    request_key: Mapped[str | None] = mapped_column(PlainText, unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
