"""The State Council's notice as a table: days off and days worked in exchange, read row by row. Pure.

A notice names only what differs from the week, so the other days of its years are filled in as the week has them; then
every day of the year is known and no limit in it is provisional.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from webapp.characters import character_sentence
from webapp.rules import RuleBroken
from webapp.workdays import CalendarDay, is_weekday

HEADINGS = {
    "date": "日期 date",
    "working": "是否工作日 是否上班 工作日 is_working working",
    "name": "名称 节日 说明 name",
}
_BY_WORD = {word: name for name, words in HEADINGS.items() for word in words.split()}
_WORKED = {"1": True, "是": True, "上班": True, "工作日": True, "班": True, "调休上班": True}
_OFF = {"0": False, "否": False, "放假": False, "休": False, "休息": False, "节假日": False}
_YEARS = range(1990, 2101)
_SEARCHED, _MAX_NAME = 10, 40


@dataclass(frozen=True)
class RefusedDay:
    """A row that cannot be taken, with what stands there and why."""

    row: int
    value: str
    why: str


@dataclass
class CalendarTable:
    """What a table holds: its days, the rows refused; rows = taken + refused."""

    rows: int = 0
    days: list[CalendarDay] = field(default_factory=list)
    refused: list[RefusedDay] = field(default_factory=list)

    @property
    def years(self) -> tuple[int, ...]:
        """The years its days are in."""
        return tuple(sorted({day.day.year for day in self.days}))


def read_calendar_table(rows: Sequence[tuple[int, Sequence[str]]]) -> CalendarTable:
    """Read the rows of a table (number, cells); raise RuleBroken where no heading row is found."""
    at, columns = _headings(rows)
    table, seen = CalendarTable(), set[date]()
    for number, cells in rows[at + 1 :]:
        values = {name: cells[column].strip() if column < len(cells) else "" for name, column in columns.items()}
        if not any(values.values()):
            continue
        table.rows += 1
        try:
            day = _day(values, seen)
        except RuleBroken as broken:
            shown = " ".join(value[:20] for value in values.values() if value)
            table.refused.append(RefusedDay(number, shown, broken.message))
        else:
            seen.add(day.day)
            table.days.append(day)
    return table


def whole_years(days: Collection[CalendarDay], known: Iterable[date]) -> list[CalendarDay]:
    """Return the days with every other day of their years as the week has it, but for days that are known already."""
    given, kept = {day.day for day in days}, set(known)
    filled = list(days)
    for year in sorted({day.year for day in given}):
        day = date(year, 1, 1)
        while day.year == year:
            if day not in given and day not in kept:
                filled.append(CalendarDay(day, is_weekday(day)))
            day += timedelta(days=1)
    return filled


def _headings(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, dict[str, int]]:
    for at, (_, cells) in enumerate(rows[:_SEARCHED]):
        columns = {_BY_WORD[cell.strip()]: place for place, cell in enumerate(cells) if cell.strip() in _BY_WORD}
        if {"date", "working"} <= columns.keys():
            return at, columns
    raise RuleBroken("没有找到表头：第一行应有“日期”“是否工作日”“名称”三栏。", "file")


def _day(values: dict[str, str], seen: Collection[date]) -> CalendarDay:
    numbers = re.findall(r"\d+", values["date"].split(" ")[0])
    try:
        day = date(*map(int, numbers[:3]))
    except (ValueError, TypeError):
        raise RuleBroken("日期无法识别，应写作2008-06-09的样子") from None
    if day.year not in _YEARS:
        raise RuleBroken(f"年份应在{_YEARS[0]}年至{_YEARS[-1]}年之间，请核对")
    if day in seen:
        raise RuleBroken("日期在表中重复")
    working = {**_WORKED, **_OFF}.get(values["working"])
    if working is None:
        raise RuleBroken("是否工作日应写1或0、是或否、上班或放假")
    name = values.get("name", "")
    if len(name) > _MAX_NAME or character_sentence(name):
        raise RuleBroken(f"名称最多{_MAX_NAME}个字，不能有无法显示的字符")
    return CalendarDay(day, working, name)
