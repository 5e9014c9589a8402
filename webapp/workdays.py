"""Counting days by the State Council's calendar: holidays off, make-up days 调休 worked. Pure.

A limit of n working days that starts on a day ends on the n-th working day after it: the first day is not counted
(民法通则 154, 行政许可法 82). Beyond the days the table knows, Monday to Friday are taken as worked; `knows` says so,
and the explanation calls such a date provisional.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.rules import RuleBroken

UNITS = ("hour", "working_day", "day", "month", "year")
MAX_DAYS = 4000
_FESTIVALS = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节", "国庆": "国庆节"}
_ONE_DAY = timedelta(days=1)
_FRIDAY = 4


@dataclass(frozen=True)
class CalendarDay:
    """One day of the table: worked or not, and the holiday it belongs to (端午, 国庆节调休上班, 星期六, or nothing)."""

    day: date
    is_working: bool
    name: str = ""

    @property
    def is_special(self) -> bool:
        """Say whether the day differs from an ordinary week: a weekday off, a Saturday or Sunday worked."""
        return self.is_working != is_weekday(self.day)


class Calendar:
    """The days we know, and how to count along them."""

    def __init__(self, days: Iterable[CalendarDay]) -> None:
        self._days: Mapping[date, CalendarDay] = {day.day: day for day in days}
        self.last_known = max(self._days, default=None)

    def knows(self, day: date) -> bool:
        """Say whether the table holds that day; other days are provisional."""
        return day in self._days

    def at(self, day: date) -> CalendarDay:
        """Return the day of the table, or the ordinary one of the week."""
        return self._days.get(day) or CalendarDay(day, is_weekday(day))

    def is_working(self, day: date) -> bool:
        """Say whether a day is worked."""
        return self.at(day).is_working

    def add_working_days(self, start: date, count: int) -> date:
        """Return the count-th working day after a day, or before it where the count is negative.

        0 is the day itself, worked or not. Raises RuleBroken beyond 4,000 days.
        """
        if abs(count) > MAX_DAYS:
            raise RuleBroken(f"工作日数过大：最多{MAX_DAYS}个工作日，请核对。")
        step, day, left = (_ONE_DAY if count > 0 else -_ONE_DAY), start, abs(count)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def count_between(self, start: date, end: date) -> int:
        """Return the working days after `start` up to and including `end`; negative where `end` is before."""
        if end < start:
            return -self.count_between(end, start)
        return sum(self.is_working(day) for day in _days_after(start, end))

    def next_working_day(self, day: date) -> date:
        """Return the day itself if it is worked, else the next worked one, to which a limit moves off a holiday."""
        while not self.is_working(day):
            day += _ONE_DAY
        return day

    def add(self, start: date, count: int, unit: str) -> date:
        """Return the last day of a limit of the contract; months and years end on the day of the same number.

        Calendar days, months and years are not moved off a holiday: see `next_working_day`. Hours end the same day or
        the days that 24 of them make.
        """
        if count < 0 or count > MAX_DAYS:
            raise RuleBroken(f"时限应为0至{MAX_DAYS}之间的整数，请核对。")
        match unit:
            case "working_day":
                return self.add_working_days(start, count)
            case "day":
                return start + timedelta(days=count)
            case "month":
                return _add_months(start, count)
            case "year":
                return _add_months(start, 12 * count)
            case "hour":
                return start + timedelta(hours=count)
            case _:
                raise RuleBroken("时限缺少单位，请选择工作日、日、月、年或者小时。")

    def special_days(self, start: date, end: date) -> list[CalendarDay]:
        """Return the days after `start` up to `end` that differ from an ordinary week."""
        return [self.at(day) for day in _days_after(start, end) if self.at(day).is_special]

    def _runs(self, days: list[CalendarDay]) -> list[list[CalendarDay]]:
        """Group special days of one holiday that follow each other, also over the weekend within it."""
        runs: list[list[CalendarDay]] = []
        for day in days:
            last = runs[-1][-1] if runs else None
            if last and (last.name, last.is_working) == (day.name, day.is_working) and self._joins(last, day):
                runs[-1].append(day)
            else:
                runs.append([day])
        return runs

    def _joins(self, last: CalendarDay, day: CalendarDay) -> bool:
        return all(self.is_working(between) == day.is_working for between in _days_after(last.day, day.day))

    def explain(self, start: date, end: date) -> str:
        """Return why `end` is the working day it is, counted from `start`: “第9个工作日，6月9日端午节放假”."""
        parts = [f"第{self.count_between(start, end)}个工作日"]
        if not self.is_working(end):
            day = self.at(end)
            parts = [f"{_spoken(end)}不是工作日({_festival(day)})" if day.name else f"{_spoken(end)}不是工作日"]
        parts += [_told(run) for run in self._runs(self.special_days(start, end))]
        if self.last_known is None or end > self.last_known:
            parts.append("超出已录入的日历，暂按星期推算")
        return "，".join(parts)


def is_weekday(day: date) -> bool:
    """Say whether a day is Monday to Friday."""
    return day.weekday() <= _FRIDAY


def read_calendar(text: str) -> list[CalendarDay]:
    """Read rows date, is_working (1 or 0), name with a heading row; raise RuleBroken naming the first bad row."""
    days: dict[date, CalendarDay] = {}
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        try:
            day = date.fromisoformat((row.get("date") or "").strip())
        except ValueError:
            raise RuleBroken(f"日历第{number}行的日期无法识别，应写作2008-06-09的样子。") from None
        working = (row.get("is_working") or "").strip()
        if working not in {"0", "1"}:
            raise RuleBroken(f"日历第{number}行的是否工作日应为1或0。")
        if day in days:
            raise RuleBroken(f"日历第{number}行的日期重复：{day.isoformat()}。")
        days[day] = CalendarDay(day, working == "1", (row.get("name") or "").strip())
    return list(days.values())


def _days_after(start: date, end: date) -> Iterator[date]:
    for offset in range(1, (end - start).days + 1):
        yield start + timedelta(days=offset)


def _add_months(start: date, count: int) -> date:
    month = start.month - 1 + count
    year, month = start.year + month // 12, month % 12 + 1
    for day in (start.day, 30, 29, 28):
        if day <= start.day:
            try:
                return date(year, month, day)
            except ValueError:
                continue
    raise RuleBroken("时限超出日历范围，请核对。")


def _told(run: list[CalendarDay]) -> str:
    first, last = run[0], run[-1]
    word = _festival(first) or ("上班" if first.is_working else "放假")
    if not first.is_working and not word.endswith("放假"):
        word += "放假"
    if len(run) == 1:
        return f"{_spoken(first.day)}{word}"
    end = f"{last.day.day}日" if last.day.month == first.day.month else _spoken(last.day)
    joint = "、" if len(run) == 2 and last.day - first.day == _ONE_DAY else "至"  # noqa: PLR2004 - two neighbours
    return f"{_spoken(first.day)}{joint}{end}{word}"


def _festival(day: CalendarDay) -> str:
    return _FESTIVALS.get(day.name, day.name)


def _spoken(day: date) -> str:
    return f"{day.month}月{day.day}日"
