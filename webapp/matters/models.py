"""Tables of the key areas: matters, the traces entered (never changed), and those found missing, once each."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime
from webapp.matters.traces import KINDS

_KINDS = ", ".join(repr(kind.key) for kind in KINDS)


class Matter(Base):
    """A matter of a key area. Its title is neutral; papers lie elsewhere, `MatterTrace.document` says where."""

    __tablename__ = "matter"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("amount IS NULL OR amount >= 0", name="amount"),
        CheckConstraint("(cancelled_at IS NULL) = (reason = '')", name="cancelled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(PlainText, index=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    power_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), index=True)
    title: Mapped[str] = mapped_column(PlainText)
    amount: Mapped[int | None]  # yuan
    decided_on: Mapped[date] = mapped_column(index=True)
    deciders: Mapped[str] = mapped_column(PlainText)
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(PlainText, default="")


class MatterTrace(Base):
    """A trace that is there: of which day, which paper, where it lies. Never changed."""

    __tablename__ = "matter_trace"
    __table_args__ = (UniqueConstraint("matter_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"))
    key: Mapped[str] = mapped_column(PlainText)
    day: Mapped[date]
    document: Mapped[str] = mapped_column(PlainText)
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MatterLack(Base):
    """A trace that was missing after its day, with the finding it became. Never changed, so it is raised once."""

    __tablename__ = "matter_lack"

    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"), primary_key=True)
    key: Mapped[str] = mapped_column(PlainText, primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"))
    due_on: Mapped[date]
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
