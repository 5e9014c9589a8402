"""The calendar for counting days. Only reads."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.deadlines.models import CalendarDay
from webapp.workdays import Calendar
from webapp.workdays import CalendarDay as Day


def read_calendar(session: Session) -> Calendar:
    """Return the bureau's calendar; read once per session."""
    kept: Calendar | None = session.info.get("calendar")
    if kept is None:
        rows = session.execute(select(CalendarDay.day, CalendarDay.is_working, CalendarDay.name))
        kept = Calendar(Day(row.day, row.is_working, row.name) for row in rows)
        session.info["calendar"] = kept
    return kept


def read_days(session: Session, first: date, last: date) -> Calendar:
    """Return the calendar of some days only, both ends included: the whole has 7,000. One query."""
    rows = session.execute(
        select(CalendarDay.day, CalendarDay.is_working, CalendarDay.name).where(
            CalendarDay.day >= first, CalendarDay.day <= last
        ),
    )
    return Calendar(Day(row.day, row.is_working, row.name) for row in rows)
