"""When people are reminded of a date, and that a date of the document is never moved."""

from datetime import date

import pytest

from webapp.campaigns.phases import INNER_DATES, dated_inner, dated_phase, due_reminders, reminder_day
from webapp.sample import files
from webapp.workdays import Calendar, read_calendar


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar(read_calendar(files.read_calendar_text()))


@pytest.mark.parametrize(
    ("day", "reminded"),
    [
        ("2008-06-21", "2008-06-20"),  # a Saturday: the working day before
        ("2008-08-30", "2008-08-29"),
        ("2008-06-30", "2008-06-27"),  # a Monday
        ("2008-07-03", "2008-07-02"),
        ("2008-06-10", "2008-06-06"),  # after the Dragon Boat festival of 7 to 9 June
        ("2008-10-06", "2008-09-28"),  # after the holiday; 28 September, a Sunday, was worked
    ],
)
def test_people_are_reminded_on_the_working_day_before(calendar: Calendar, day: str, reminded: str) -> None:
    assert reminder_day(calendar, date.fromisoformat(day)) == date.fromisoformat(reminded)


def test_a_phase_is_reminded_of_at_both_ends_as_the_document_dates_them(calendar: Calendar) -> None:
    days = list(dated_phase(2, "第二阶段", date(2008, 6, 21), date(2008, 7, 10)))
    assert [dated.day for dated in days] == [date(2008, 6, 21), date(2008, 7, 10)]
    assert [dated.key for dated in due_reminders(calendar, days, date(2008, 6, 19))] == []
    assert [dated.key for dated in due_reminders(calendar, days, date(2008, 6, 20))] == ["phase-2-begins"]
    assert len(due_reminders(calendar, days, date(2008, 8, 1))) == 2  # long away: both are caught up with
    assert len(list(dated_phase(4, "第四阶段", date(2008, 9, 1), None))) == 1


def test_every_inner_date_concerns_somebody() -> None:
    for kind in INNER_DATES:
        dated = dated_inner(kind.key, date(2008, 7, 3))
        assert dated.roles or dated.is_sections
        assert kind.label in dated.what
