"""The calendar for counting days. Only reads."""

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
