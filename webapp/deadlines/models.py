"""Table of the working-day calendar."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText


class CalendarDay(Base):
    """A day as the State Council's notice makes it; days without a row follow the week."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    name: Mapped[str] = mapped_column(PlainText, default="")
