"""Working days by the State Council's calendar, counted and explained."""

from datetime import date
from pathlib import Path

import pytest

from webapp.rules import RuleBroken
from webapp.workdays import Calendar, CalendarDay, read_calendar

CALENDAR = Calendar(read_calendar(Path("webapp/sample/data/calendar.csv").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (date(2008, 6, 5), 9, date(2008, 6, 19)),  # scene 1: the plan is published, 9 June off
        (date(2008, 6, 6), 1, date(2008, 6, 10)),  # over the Dragon Boat festival
        (date(2008, 9, 25), 5, date(2008, 10, 7)),  # scene 10: 27 and 28 September worked, off to 5 October
        (date(2008, 9, 12), 1, date(2008, 9, 16)),  # over the Mid-Autumn festival
        (date(2008, 2, 1), 2, date(2008, 2, 3)),  # a Saturday and a Sunday worked before the Spring Festival
        (date(2008, 5, 1), 1, date(2008, 5, 4)),  # a Sunday worked
        (date(2008, 7, 10), 1, date(2008, 7, 11)),
        (date(2008, 7, 11), 1, date(2008, 7, 14)),
        (date(2008, 7, 1), 0, date(2008, 7, 1)),
        (date(2008, 7, 1), -1, date(2008, 6, 30)),
    ],
)
def test_working_days_are_counted_after_the_first_day_by_the_calendar(start: date, count: int, due: date) -> None:
    assert CALENDAR.add_working_days(start, count) == due
    assert CALENDAR.count_between(start, due) == count


def test_a_reminder_for_saturday_21_june_goes_out_on_friday_20() -> None:
    assert not CALENDAR.is_working(date(2008, 6, 21))
    assert CALENDAR.add_working_days(date(2008, 6, 21), -1) == date(2008, 6, 20)


def test_the_date_page_says_why() -> None:
    assert CALENDAR.explain(date(2008, 6, 5), date(2008, 6, 19)) == "第9个工作日，6月9日端午节放假"


def test_make_up_days_and_a_long_holiday_are_named_together() -> None:
    assert CALENDAR.explain(date(2008, 9, 25), date(2008, 10, 7)) == (
        "第5个工作日，9月27日、28日国庆节调休上班，9月29日至10月3日国庆节放假"
    )


def test_make_up_days_apart_are_not_joined_to_a_run() -> None:
    days = [
        CalendarDay(date(2030, 1, 5), is_working=True, name="春节调休上班"),
        CalendarDay(date(2030, 1, 12), is_working=True, name="春节调休上班"),
    ]
    explained = Calendar(days).explain(date(2030, 1, 4), date(2030, 1, 14))
    assert explained.startswith("第8个工作日，1月5日春节调休上班，1月12日春节调休上班")


def test_a_day_off_is_called_no_working_day() -> None:
    assert CALENDAR.explain(date(2008, 6, 16), date(2008, 6, 21)) == "6月21日不是工作日(星期六)"


def test_a_date_beyond_the_table_is_called_provisional() -> None:
    assert not CALENDAR.knows(date(2027, 1, 4))
    assert CALENDAR.explain(date(2026, 12, 30), date(2027, 1, 4)).endswith("超出已录入的日历，暂按星期推算")


@pytest.mark.parametrize(
    ("count", "unit", "due"),
    [
        (1, "month", date(2008, 2, 29)),
        (13, "month", date(2009, 2, 28)),
        (1, "year", date(2009, 1, 31)),
        (15, "day", date(2008, 2, 15)),
        (3, "working_day", date(2008, 2, 3)),
        (48, "hour", date(2008, 2, 2)),
    ],
)
def test_limits_in_every_unit_of_the_contract_end_on_their_day(count: int, unit: str, due: date) -> None:
    assert CALENDAR.add(date(2008, 1, 31), count, unit) == due


def test_a_limit_that_ends_on_a_holiday_moves_to_the_next_working_day() -> None:
    assert CALENDAR.next_working_day(date(2008, 6, 7)) == date(2008, 6, 10)


@pytest.mark.parametrize(("count", "unit"), [(1, ""), (1, "weeks"), (-1, "day"), (5000, "day")])
def test_a_limit_without_unit_or_out_of_range_is_refused(count: int, unit: str) -> None:
    with pytest.raises(RuleBroken):
        CALENDAR.add(date(2008, 1, 1), count, unit)


@pytest.mark.parametrize(
    "text",
    [
        "date,is_working,name\n2008-13-01,1,\n",
        "date,is_working,name\n2008-01-01,x,\n",
        "date,is_working,name\n2008-01-01,0，元旦\n2008-01-01,1,\n",
    ],
)
def test_a_bad_row_of_a_calendar_is_named(text: str) -> None:
    with pytest.raises(RuleBroken, match=r"日历第[23]行"):
        read_calendar(text)
