"""When limits end: counted by the calendar, with pauses and extensions, and told in sentences."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.deadlines.due import Extension, Limit, Span, due_at, explain_due, first_instant_after
from webapp.deadlines.rules import BY_KEY, PAUSE_WORDS, SEEDS
from webapp.workdays import Calendar, read_calendar

CALENDAR = Calendar(read_calendar(Path("webapp/sample/data/calendar.csv").read_text(encoding="utf-8")))
FIVE = Limit(5, "working_day")
START = date(2008, 9, 25)


def test_five_working_days_from_25_september_2008_end_on_7_october() -> None:
    assert due_at(FIVE, START, (), (), CALENDAR).day == date(2008, 10, 7)
    told = explain_due(FIVE, START, (), (), CALENDAR)
    assert told == [
        "2008年9月25日起算，当日不计。",
        "2008年10月7日是起算后的第5个工作日，9月27日、28日国庆节调休上班，9月29日至10月3日国庆节放假。",
    ]


@pytest.mark.parametrize(
    ("limit", "due"),
    [
        (Limit(15, "day"), date(2008, 10, 10)),
        (Limit(5, "day"), date(2008, 10, 6)),  # 30 September is off, so is all until 5 October
        (Limit(5, "day", rolls=False), date(2008, 9, 30)),
        (Limit(1, "month"), date(2008, 10, 27)),  # 25 October 2008 is a Saturday
    ],
)
def test_a_limit_in_days_that_ends_on_a_holiday_goes_to_the_next_working_day(limit: Limit, due: date) -> None:
    assert due_at(limit, START, (), (), CALENDAR).day == due


def test_paused_days_are_not_counted_and_the_explanation_says_how_many() -> None:
    pause = Span(date(2008, 7, 9), date(2008, 7, 15))
    assert due_at(FIVE, date(2008, 7, 8), (pause,), (), CALENDAR).day == date(2008, 7, 21)
    assert "其中暂停期间的4个工作日不计入时限。" in explain_due(FIVE, date(2008, 7, 8), (pause,), (), CALENDAR)


def test_an_open_pause_moves_nothing_before_it_ends() -> None:
    assert due_at(FIVE, START, (Span(START, None),), (), CALENDAR).day == date(2008, 10, 7)


def test_time_added_is_counted_from_where_the_limit_ended() -> None:
    assert due_at(FIVE, START, (), (Extension(3, "working_day"),), CALENDAR).day == date(2008, 10, 10)


def test_a_limit_in_days_the_calendar_lacks_is_provisional_and_says_so() -> None:
    due = due_at(FIVE, date(2031, 1, 2), (), (), CALENDAR)
    assert due.is_provisional
    assert "暂定" in explain_due(FIVE, date(2031, 1, 2), (), (), CALENDAR)[-1]
    assert not due_at(FIVE, START, (), (), CALENDAR).is_provisional


def test_a_limit_is_over_at_midnight_in_china() -> None:
    assert first_instant_after(date(2008, 10, 7)).isoformat() == "2008-10-08T00:00:00+08:00"


@given(
    st.integers(1, 40),
    st.sampled_from(["working_day", "day"]),
    st.integers(0, 60),
    st.integers(0, 30),
    st.integers(0, 10),
)
def test_a_pause_or_extension_never_brings_the_end_nearer(n: int, unit: str, after: int, long: int, more: int) -> None:
    limit, start = Limit(n, unit), date(2008, 8, 1)
    pause = Span(start + timedelta(days=after), start + timedelta(days=after + long))
    plain = due_at(limit, start, (), (), CALENDAR).day
    later = due_at(limit, start, (pause,), (Extension(more, unit),), CALENDAR).day
    assert later >= plain
    if not long and not more:
        assert later == plain


def test_every_seed_has_a_unit_and_pauses_we_have_words_for() -> None:
    assert len(BY_KEY) == len(SEEDS)
    assert {reason for seed in SEEDS for reason in seed.pauses} <= set(PAUSE_WORDS)
    assert all(seed.n > 0 and bool(seed.ext_n) == bool(seed.ext_times) for seed in SEEDS)
