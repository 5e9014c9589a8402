"""Table of what leavers handed over."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime


class Handover(Base):
    """One signed list: what somebody had in hand, and who took it over."""

    __tablename__ = "handover"
    __table_args__ = (CheckConstraint("from_id <> to_id", name="two_people"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    signed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    items: Mapped[str] = mapped_column(PlainText)  # JSON list of [kind, number], see `reading.Owed`
    note: Mapped[str] = mapped_column(PlainText, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
