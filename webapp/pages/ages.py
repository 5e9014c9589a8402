"""How long something has stood where it stands, in working days by the State Council's calendar."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.deadlines.models import CalendarDay
from webapp.workdays import Calendar
from webapp.workdays import CalendarDay as Day

_DAYS = select(CalendarDay.day, CalendarDay.is_working).where(
    CalendarDay.day > bindparam("earliest"), CalendarDay.day <= bindparam("today")
)


def working_days_since(session: Session, moments: Iterable[datetime]) -> dict[datetime, int]:
    """Return for each moment the working days after its day up to today; never negative. One query or none.

    Only the days in question are read: a list is drawn often, and the whole calendar has 7,000.
    """
    today = clock.today()
    days = {moment: clock.local_day(moment) for moment in set(moments)}
    earliest = min(days.values(), default=today)
    if earliest >= today:
        return dict.fromkeys(days, 0)
    rows = session.execute(_DAYS, {"earliest": earliest, "today": today})
    calendar = Calendar(Day(row.day, row.is_working) for row in rows)
    counted: dict[date, int] = {}
    return {
        moment: counted.setdefault(day, calendar.count_between(day, today) if day < today else 0)
        for moment, day in days.items()
    }
