"""The working-day calendar: which years are loaded, what differs from the week, and the preview of a table."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.deadlines.models import CalendarDay
from webapp.deadlines.table import RefusedDay, read_calendar_table, whole_years
from webapp.documents.reading import read_table
from webapp.policy import Actor, Permission
from webapp.workdays import CalendarDay as Day
from webapp.workdays import is_weekday

PATH = "/calendar"
MAX_SHOWN = 400
_WEEK = "一二三四五六日"


@dataclass(frozen=True)
class YearRow:
    """A loaded year; `missing` days of it are counted by the week and so provisional."""

    year: int
    address: str
    worked: int
    special: int
    missing: int
    is_shown: bool


@dataclass(frozen=True)
class DayRow:
    """A day that differs from an ordinary week."""

    day: date
    weekday: str
    is_working: bool
    name: str


@dataclass(frozen=True)
class CalendarPage:
    """What the screen shows."""

    years: tuple[YearRow, ...]
    year: int
    days: tuple[DayRow, ...]
    is_provisional: bool  # the year shown, or the next one, is not loaded whole
    said: str
    may_import: bool


@dataclass(frozen=True)
class CalendarImportPage:
    """What taking a table in would change; `data` goes along to the confirmation, nothing is stored between."""

    file_name: str
    rows: int
    taken: int
    refused: tuple[RefusedDay, ...]
    years: tuple[int, ...]
    told: tuple[str, ...]
    filled: int
    notes: tuple[str, ...]
    data: str


def calendar_page(session: Session, year: int, today: date, *, viewer: Actor) -> CalendarPage:
    """Return the years that are loaded and the special days of one; one query."""
    days = [Day(row.day, row.is_working, row.name) for row in session.execute(_DAYS)]
    known = Counter(day.day.year for day in days)
    worked = Counter(day.day.year for day in days if day.is_working)
    special = Counter(day.day.year for day in days if day.is_special)
    years = tuple(
        YearRow(each, f"{PATH}?year={each}", worked[each], special[each], _length(each) - known[each], each == year)
        for each in sorted(known)
    )
    lacking = [each for each in (today.year, today.year + 1) if known[each] < _length(each)]
    told = "、".join(f"{each}年" for each in lacking)
    return CalendarPage(
        years=years,
        year=year,
        days=tuple(
            DayRow(day.day, f"星期{_WEEK[day.day.weekday()]}", day.is_working, day.name)
            for day in days
            if day.day.year == year and day.is_special
        ),
        is_provisional=known[year] < _length(year),
        said=f"{told}的日历还没有全部录入，涉及这些日期的期限暂按星期一至星期五推算，录入后自动改按通知计算。"
        if told
        else "",
        may_import=viewer.may(Permission.MANAGE_SETTINGS),
    )


def calendar_import_page(session: Session, content: bytes, file_name: str) -> CalendarImportPage:
    """Return what a file would change; raise RuleBroken where it cannot be read. One query."""
    read = read_table(content, file_name)
    rows = [(row.number, list(row.cells)) for row in read.rows]
    refused = [RefusedDay(one.number, one.value, one.why) for one in read.refused]
    return calendar_rows_page(session, rows, file_name[-120:], refused, read.notes)


def calendar_rows_page(
    session: Session,
    rows: list[tuple[int, list[str]]],
    file_name: str,
    refused: Sequence[RefusedDay] = (),
    notes: tuple[str, ...] = (),
) -> CalendarImportPage:
    """Return what the rows of a table would change. One query."""
    table = read_calendar_table(rows)
    known = {row.day: Day(row.day, row.is_working, row.name) for row in session.execute(_DAYS)}
    changed = [day for day in table.days if known.get(day.day, Day(day.day, is_weekday(day.day))) != day]
    return CalendarImportPage(
        file_name=file_name,
        rows=table.rows + len(refused),
        taken=len(table.days),
        refused=tuple(sorted([*refused, *table.refused], key=lambda one: one.row)),
        years=table.years,
        told=tuple(_told(day, known.get(day.day)) for day in changed[:MAX_SHOWN]),
        filled=len(whole_years(table.days, known)) - len(table.days),
        notes=notes,
        data=json.dumps(rows, ensure_ascii=False),
    )


_DAYS = select(CalendarDay.day, CalendarDay.is_working, CalendarDay.name).order_by(CalendarDay.day)


def _told(day: Day, before: Day | None) -> str:
    word = "上班" if day.is_working else "放假"
    was = f"（原为{'上班' if before.is_working else '放假'}{before.name and ' ' + before.name}）" if before else ""
    return f"{day.day.isoformat()} 星期{_WEEK[day.day.weekday()]} {word} {day.name}{was}".strip()


def _length(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days
