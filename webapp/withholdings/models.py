"""How long a decided withholding lasts, and its end. The request itself is a record like any other."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime


class WithholdingTerm(Base):
    """A decided withholding: the last day of one that is for now, where its end is a day; who ended it, and why."""

    __tablename__ = "withholding_term"
    __table_args__ = (CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="end"),)

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    until: Mapped[date | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(PlainText, default="")
