"""Tables of time: the working-day calendar, leases on what time brings, and the notices it brings to people."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime


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
