"""Tables of time: the working-day calendar, and the leases under which one of several servers does what time brings."""

from datetime import date, datetime

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
