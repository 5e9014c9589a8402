"""Tables of findings: what was found, and what was decided about it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime
from webapp.findings.finding_stages import FINDING_STATES, SEVERITIES, SOURCE_KINDS


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
