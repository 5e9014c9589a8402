"""Tables of charts beside their records: the last states of a draft under somebody's hands, where a copy came from."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime


class ChartStates(Base):
    """What a chart looked like before the last acts of one person on its rows; a buffer, not journalled, his own.

    `done` and `undone` are JSON lists of bodies, the latest last: what taking back returns to, what doing again does.
    """

    __tablename__ = "chart_states"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    seen_version: Mapped[int]
    done: Mapped[str] = mapped_column(PlainText)
    undone: Mapped[str] = mapped_column(PlainText)


class ChartOrigin(Base):
    """Of which chart another is a copy: what stood when it was copied, and for which power alone it was made."""

    __tablename__ = "chart_origin"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    origin_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    content: Mapped[str] = mapped_column(PlainText)  # digest of the body that was copied
    power_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
