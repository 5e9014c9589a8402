"""When a limit ends: a function of the limit, its start, its pauses, its extensions and the calendar. Pure.

Days are counted as 民法 and the procedure laws have them: the first day is not counted, and a limit in days, months or
years that ends on a day off goes to the next working day. A pause from day a to day b takes the days after a up to and
including b out of the count, as a run from a to b counts just those; so runs and pauses meet without a gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from webapp.clock import CHINA
from webapp.rules import RuleBroken
from webapp.workdays import MAX_DAYS, Calendar

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """A number with its unit; `rolls`: an end on a day off goes to the next working day."""

    n: int
    unit: str
    rolls: bool = True


@dataclass(frozen=True)
class Span:
    """The days after `since` up to and including `until`; None while it is open."""

    since: date
    until: date | None

    def holds(self, day: date) -> bool:
        """Say whether a day lies within; an open span holds none yet."""
        return self.until is not None and self.since < day <= self.until


@dataclass(frozen=True)
class Extension:
    """Time added to a limit."""

    n: int
    unit: str


@dataclass(frozen=True)
class Due:
    """The last day of a limit; provisional where the calendar does not know every day that was counted."""

    day: date
    is_provisional: bool


def due_at(
    limit: Limit, start: date, pauses: Sequence[Span], extensions: Sequence[Extension], calendar: Calendar
) -> Due:
    """Return the last day. An open pause counts when it ends; raises RuleBroken for a limit without unit."""
    end = _count(start, limit.n, limit.unit, pauses, calendar)
    for added in extensions:
        end = _count(end, added.n, added.unit, pauses, calendar)
    if limit.rolls and limit.unit != "working_day":
        while not calendar.is_working(end) or any(pause.holds(end) for pause in pauses):
            end += _ONE_DAY
    asks = limit.rolls or "working_day" in {limit.unit, *(added.unit for added in extensions)}
    return Due(end, asks and not all(calendar.knows(day) for day in _days(start, end)))


def first_instant_after(day: date) -> datetime:
    """Return the moment at which a limit that ended on a day is over: midnight in China."""
    return datetime.combine(day + _ONE_DAY, time(), CHINA)


def explain_due(
    limit: Limit, start: date, pauses: Sequence[Span], extensions: Sequence[Extension], calendar: Calendar
) -> list[str]:
    """Return why the last day is what it is, a sentence each, for somebody who counts along with the calendar."""
    due = due_at(limit, start, pauses, extensions, calendar)
    told = [f"{_spoken(start)}起算，当日不计。"]
    counted = calendar.explain(start, due.day)
    left_out = sum(
        calendar.is_working(day) for day in _days(start, due.day) if any(pause.holds(day) for pause in pauses)
    )
    told.append(f"{_spoken(due.day)}是起算后的{counted}。")
    if left_out:
        told.append(f"其中暂停期间的{left_out}个工作日不计入时限。")
    plain = due_at(Limit(limit.n, limit.unit, rolls=False), start, pauses, extensions, calendar).day
    if plain != due.day:
        told.append(f"按日计算止于{_spoken(plain)}，该日不上班，顺延至{_spoken(due.day)}。")
    if due.is_provisional:
        told.append("所涉日期的工作日历尚未全部录入，此期限为暂定，录入后自动重算。")
    return told


def _count(start: date, n: int, unit: str, pauses: Sequence[Span], calendar: Calendar) -> date:
    if not 0 <= n <= MAX_DAYS:
        raise RuleBroken(f"时限应为0至{MAX_DAYS}之间的整数，请核对。")
    if unit not in {"working_day", "day"}:
        return _shifted(start, calendar.add(start, n, unit), pauses)
    day, left = start, n
    while left:
        day += _ONE_DAY
        if any(pause.holds(day) for pause in pauses):
            continue
        left -= unit == "day" or calendar.is_working(day)
    return day


def _shifted(start: date, end: date, pauses: Sequence[Span]) -> date:
    """Return the end of a limit in months, later by the days that were paused before it."""
    at, left = start, (end - start).days
    while left:
        at += _ONE_DAY
        left -= not any(pause.holds(at) for pause in pauses)
    return at


def _days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=offset) for offset in range(1, (end - start).days + 1)]


def _spoken(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
