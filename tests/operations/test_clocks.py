"""Clocks as rows: started, paused, extended, met; overdue once; recomputed without difference."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from harness.bureau import SmallBureau
from webapp import clock
from webapp.db import Database
from webapp.deadlines import clocks
from webapp.deadlines.models import Clock, ClockChange, ClockOverdue, ClockSegment
from webapp.deadlines.operations import load_calendar
from webapp.deadlines.recomputing import find_differences, mark_overdue, recompute
from webapp.journal.models import JournalEntry
from webapp.rules import NotAllowed, RuleBroken, Stale
from webapp.workdays import CalendarDay, read_calendar

START = date(2008, 9, 25)


@pytest.fixture
def database(database: Database) -> Database:
    days = read_calendar(Path("webapp/sample/data/calendar.csv").read_text(encoding="utf-8"))
    with database.writing() as session:
        load_calendar(session, [day for day in days if day.day.year == 2008], by=None)
    clock.fix_day(START)
    return database


def started(database: Database, bureau: SmallBureau, rule: str = "order.rectify", on: date = START) -> int:
    with database.writing() as session:
        return clocks.start_clock(
            session, bureau.office, rule=rule, subject=("order", 1), started_on=on, section_id=1
        ).id


def gaps(session: Session, clock_id: int) -> list[str]:
    rows = session.scalars(
        select(ClockSegment).where(ClockSegment.clock_id == clock_id).order_by(ClockSegment.id)
    ).all()
    told = [f"{one.until}!={two.since}" for one, two in pairwise(rows) if one.until != two.since]
    running = session.get_one(Clock, clock_id)
    if rows[0].since != running.started_on or (rows[-1].until is None) != clocks.is_open(running):
        told.append("ends")
    return told


def test_a_clock_is_due_by_the_calendar_and_its_segments_cover_it(database: Database, bureau: SmallBureau) -> None:
    number = started(database, bureau)
    with database.reading() as session:
        assert session.get_one(Clock, number).due_on == date(2008, 10, 7)
        assert gaps(session, number) == []
        assert find_differences(session) == []


def test_a_clock_pauses_only_for_a_reason_of_its_rule_and_with_a_document(
    database: Database, bureau: SmallBureau
) -> None:
    number = started(database, bureau)
    with database.writing() as session:
        running = session.get_one(Clock, number)
        with pytest.raises(RuleBroken, match="只能因不可抗力暂停"):
            clocks.pause(session, bureau.office, running, since=START, reason="hearing", document="甲")
        with pytest.raises(RuleBroken, match="须有文书"):
            clocks.pause(session, bureau.office, running, since=START, reason="force_majeure", document=" ")
        clocks.pause(session, bureau.office, running, since=START, reason="force_majeure", document="坛环〔2008〕9号")
        assert running.state == "paused"
    clock.fix_day(date(2008, 10, 6))
    with database.writing() as session:
        assert mark_overdue(session) == 0
        running = session.get_one(Clock, number)
        clocks.resume(session, bureau.office, running, on=date(2008, 10, 6))
        assert running.due_on == date(2008, 10, 13)
        assert gaps(session, number) == []
        assert find_differences(session) == []
        change = session.scalars(select(ClockChange)).one()
        assert (change.old_due_on, change.new_due_on) == (date(2008, 10, 7), date(2008, 10, 13))


def test_the_database_refuses_a_pause_without_document(database: Database, bureau: SmallBureau) -> None:
    number = started(database, bureau)
    row = ClockSegment(clock_id=number, kind="pause", since=START, until=START, reason="hearing")
    row.entered_at = clock.now()
    with pytest.raises((RuleBroken, DatabaseError)), database.writing() as session:
        session.add(row)


def test_more_time_is_asked_before_the_limit_by_one_and_given_by_another_within_the_cap(
    database: Database, bureau: SmallBureau
) -> None:
    number = started(database, bureau)
    with database.writing() as session:
        running = session.get_one(Clock, number)
        with pytest.raises(RuleBroken, match="最多延期10个工作日"):
            clocks.ask_extension(session, bureau.chief, running, n=11, reason="设备检修")
        clocks.ask_extension(session, bureau.chief, running, n=3, reason="设备检修")
        with pytest.raises(Stale, match="待批"):
            clocks.ask_extension(session, bureau.chief, running, n=1, reason="又")
        with pytest.raises(NotAllowed, match="不能自批"):
            clocks.decide_extension(session, bureau.chief, running, is_granted=True)
        clocks.decide_extension(session, bureau.deputy, running, is_granted=True)
        assert running.due_on == date(2008, 10, 10)
        with pytest.raises(RuleBroken, match="已用完"):
            clocks.ask_extension(session, bureau.chief, running, n=1, reason="再")
        assert find_differences(session) == []


def test_more_time_is_not_asked_after_the_limit(database: Database, bureau: SmallBureau) -> None:
    number = started(database, bureau)
    clock.fix_day(date(2008, 10, 8))
    with database.writing() as session, pytest.raises(Stale, match="到期以前"):
        clocks.ask_extension(session, bureau.chief, session.get_one(Clock, number), n=1, reason="晚了")


def test_a_passed_limit_is_kept_once_dated_at_its_first_moment_though_the_clock_stood_for_a_week(
    database: Database, bureau: SmallBureau
) -> None:
    number = started(database, bureau)
    clock.fix_day(date(2008, 10, 15))
    for expected in (1, 0, 0):
        with database.writing() as session:
            assert mark_overdue(session) == expected
    with database.writing() as session:
        kept = session.get_one(ClockOverdue, number)
        assert kept.became_true_at.astimezone(clock.CHINA).isoformat() == "2008-10-08T00:00:00+08:00"
        entries = session.scalars(select(JournalEntry).where(JournalEntry.action == "mark_overdue")).all()
        assert len(entries) == 1
        running = session.get_one(Clock, number)
        clocks.meet(session, running, on=clock.today())
        assert running.state == "breached"
        assert not clocks.is_open(running)
    with pytest.raises((RuleBroken, DatabaseError)), database.writing() as session:
        session.get_one(ClockOverdue, number).noted_at = clock.now()


def test_what_is_done_late_before_anybody_looked_is_overdue_all_the_same(
    database: Database, bureau: SmallBureau
) -> None:
    number = started(database, bureau)
    clock.fix_day(date(2008, 10, 9))
    with database.writing() as session:
        clocks.meet(session, session.get_one(Clock, number), on=date(2008, 10, 9))
    with database.writing() as session:
        assert session.get(ClockOverdue, number) is not None
        assert mark_overdue(session) == 0
        assert gaps(session, number) == []


def test_a_clock_that_is_sent_back_runs_on_under_the_old_limit(database: Database, bureau: SmallBureau) -> None:
    number = started(database, bureau)
    clock.fix_day(date(2008, 9, 28))
    with database.writing() as session:
        running = session.get_one(Clock, number)
        clocks.meet(session, running, on=clock.today())
        clocks.reopen(session, bureau.office, running)
        assert (running.state, running.due_on) == ("running", date(2008, 10, 7))
        assert gaps(session, number) == []


def test_days_without_calendar_are_provisional_until_it_is_loaded(database: Database, bureau: SmallBureau) -> None:
    number = started(database, bureau, on=date(2008, 12, 30))
    with database.reading() as session:
        running = session.get_one(Clock, number)
        assert (running.is_provisional, running.due_on) == (True, date(2009, 1, 6))
    days = [CalendarDay(date(2009, 1, day), is_working=day > 4) for day in range(1, 32)]  # 1 to 4 January off
    with database.writing() as session:
        load_calendar(session, days, by=None)
    with database.writing() as session:
        assert recompute(session, by=None) == 1
    with database.writing() as session:
        running = session.get_one(Clock, number)
        assert (running.is_provisional, running.due_on) == (False, date(2009, 1, 8))
        assert recompute(session, by=None) == 0
        assert find_differences(session) == []
