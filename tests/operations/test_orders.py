"""Rectification orders by the operations: three persons, limits that do not restart, cycles, the catalogue as cause."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from harness import orders, walk
from harness.bureau import SmallBureau, power_body
from harness.orders import answers, confirmed, drafted, issued, refused, state_of, take, walk_to
from webapp import clock
from webapp.deadlines import clocks
from webapp.deadlines.models import ClockChange, ClockOverdue
from webapp.deadlines.operations import load_calendar
from webapp.deadlines.recomputing import find_differences, mark_overdue
from webapp.findings.models import Feedback, Finding, OrderCycle, OrderItem, RectificationOrder
from webapp.findings.order_stages import Event
from webapp.findings.ordering import Decision, advance_many
from webapp.findings.raising import Source, add_finding
from webapp.findings.reading import limit_of, mending_of
from webapp.findings.reminding import remind_of_orders, serve_unacknowledged
from webapp.journal.models import JournalEntry
from webapp.reviews.kinds import KINDS
from webapp.revisions.models import Draft
from webapp.revisions.operations import save_draft
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale
from webapp.workdays import read_calendar


@pytest.fixture
def bureau(bureau: SmallBureau) -> Iterator[SmallBureau]:
    days = read_calendar(Path("webapp/sample/data/calendar.csv").read_text(encoding="utf-8"))
    with bureau.database.writing() as session:
        load_calendar(session, [day for day in days if day.day.year in {2008, 2009}], by=None)
    clock.fix_day(date(2008, 9, 25))
    return orders.with_inspectors(bureau)


def due(bureau: SmallBureau, order: int) -> date:
    with bureau.database.reading() as session:
        limit = limit_of(session, session.get_one(RectificationOrder, order))
        assert limit
        return limit.due_on


def test_an_order_goes_to_closure_by_three_persons_and_every_act_is_journalled(bureau: SmallBureau) -> None:
    finding = confirmed(bureau)
    order = issued(bureau, finding)
    walk_to(bureau, order, "acknowledged")
    assert due(bureau, order) == date(2008, 10, 7)
    assert take(bureau, bureau.clerk, order, Event.FEEDBACK, feedback=answers(bureau, order)) == "in_recheck"
    assert refused(bureau, order) == "returned"
    assert due(bureau, order) == date(2008, 10, 7)
    assert take(bureau, bureau.chief, order, Event.FEEDBACK, feedback=answers(bureau, order)) == "in_recheck"
    assert take(bureau, bureau.inspector, order, Event.ACCEPT) == "accepted"
    with pytest.raises(NotAllowed, match="复核人"):
        take(bureau, bureau.inspector, order, Event.CLOSE)
    assert take(bureau, bureau.deputy, order, Event.CLOSE) == "closed"
    assert state_of(bureau, finding) == "closed"
    with bureau.database.reading() as session:
        told = session.scalars(select(JournalEntry.action).where(JournalEntry.subject == f"order:{order}")).all()
        assert len(told) == 9
        assert find_differences(session) == []


def test_no_order_without_confirmed_finding_and_none_of_two_sections(bureau: SmallBureau) -> None:
    first = confirmed(bureau)
    with bureau.database.writing() as session:
        source = Source("matter", 1, clock.today())
        raw = add_finding(
            session, None, source=source, section_id=bureau.sections["财务科"], fact="缺公示", severity="minor"
        ).id
    with pytest.raises(RuleBroken, match="同一科室"):
        drafted(bureau, first, raw)
    with pytest.raises(Stale, match="尚未确认"):
        drafted(bureau, raw)
    drafted(bureau, first)
    with pytest.raises(Stale, match="已在办理"):
        drafted(bureau, first)


def test_orders_are_numbered_without_gaps_and_carry_the_number_typed_in(bureau: SmallBureau) -> None:
    first, lost, second = (drafted(bureau, confirmed(bureau)) for _ in range(3))
    for order in (first, lost, second):
        take(bureau, bureau.office, order, Event.SUBMIT)
    take(bureau, bureau.office, lost, Event.CANCEL)
    with pytest.raises(RuleBroken, match="发文字号"):
        take(bureau, bureau.deputy, first, Event.APPROVE)
    for order in (second, first):
        take(bureau, bureau.deputy, order, Event.APPROVE, document=f"坛环督〔2008〕{order}号")
    with bureau.database.reading() as session:
        rows = session.execute(
            select(RectificationOrder.id, RectificationOrder.number).order_by(RectificationOrder.number)
        ).all()
        assert [tuple(row) for row in rows if row.number] == [(second, 1), (first, 2)]


def test_the_section_sees_nothing_before_it_is_issued(bureau: SmallBureau) -> None:
    order = drafted(bureau, confirmed(bureau))
    with pytest.raises(NotFound):
        take(bureau, bureau.clerk, order, Event.ACKNOWLEDGE)
    with pytest.raises(NotFound):
        take(bureau, bureau.clerk2, order, Event.ACKNOWLEDGE)


def test_feedback_answers_every_item_with_evidence(bureau: SmallBureau) -> None:
    order = issued(bureau, confirmed(bureau), confirmed(bureau, "公开栏缺页"))
    walk_to(bureau, order, "acknowledged")
    whole = dict(answers(bureau, order))
    with pytest.raises(RuleBroken, match="第2个问题还没有填写"):
        take(bureau, bureau.clerk, order, Event.FEEDBACK, feedback={min(whole): whole[min(whole)]})
    with pytest.raises(RuleBroken, match="需要佐证"):
        take(bureau, bureau.clerk, order, Event.FEEDBACK, feedback=answers(bureau, order, evidence=""))


def test_the_checker_may_grant_days_with_a_reason_and_the_old_date_is_kept(bureau: SmallBureau) -> None:
    order = issued(bureau)
    walk_to(bureau, order, "in_recheck")
    refused(bureau, order, n=3)
    assert due(bureau, order) == date(2008, 10, 10)
    with bureau.database.reading() as session:
        change = session.scalars(select(ClockChange)).one()
        assert (change.cause, change.old_due_on) == ("grant", date(2008, 10, 7))


def test_more_time_is_asked_by_the_section_and_given_by_a_head(bureau: SmallBureau) -> None:
    order = issued(bureau)
    walk_to(bureau, order, "acknowledged")
    take(bureau, bureau.chief, order, Event.ASK, n=5)
    with pytest.raises(NotAllowed):
        take(bureau, bureau.office, order, Event.GRANT)
    take(bureau, bureau.deputy, order, Event.GRANT)
    assert due(bureau, order) == date(2008, 10, 14)
    with pytest.raises(RuleBroken, match="已用完"):
        take(bureau, bureau.chief, order, Event.ASK, n=1)
    clock.fix_day(date(2008, 10, 15))
    with pytest.raises(Stale, match="期限已过"):
        take(bureau, bureau.chief, order, Event.ASK, n=1)


def test_reopening_begins_a_cycle_and_the_first_closing_stays(bureau: SmallBureau) -> None:
    finding = confirmed(bureau)
    order = issued(bureau, finding)
    walk_to(bureau, order, "closed")
    clock.fix_day(date(2008, 10, 20))
    assert take(bureau, bureau.deputy, order, Event.REOPEN) == "returned"
    assert state_of(bureau, finding) == "ordered"
    with bureau.database.reading() as session:
        first = session.get_one(OrderCycle, (order, 1))
        assert (first.closed_on, first.closed_by) == (date(2008, 9, 25), bureau.office2.person)
    assert due(bureau, order) == date(2008, 10, 27)
    take(bureau, bureau.clerk, order, Event.FEEDBACK, feedback=answers(bureau, order))
    # whoever checked in the first cycle may close the second, in which he had no hand
    take(bureau, bureau.office2, order, Event.ACCEPT)
    assert take(bureau, bureau.office, order, Event.CLOSE) == "closed"


def test_a_passed_limit_is_one_event_per_cycle_though_the_order_was_sent_back(bureau: SmallBureau) -> None:
    order = issued(bureau)
    walk_to(bureau, order, "acknowledged")
    clock.fix_day(date(2008, 10, 20))
    with bureau.database.writing() as session:
        assert mark_overdue(session) == 1
    take(bureau, bureau.clerk, order, Event.FEEDBACK, feedback=answers(bureau, order))
    refused(bureau, order)
    with bureau.database.writing() as session:
        assert mark_overdue(session) == 0
        assert len(session.scalars(select(ClockOverdue)).all()) == 1


def test_a_fault_of_the_catalogue_closes_only_with_an_approved_revision_that_carries_it(bureau: SmallBureau) -> None:
    power = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.to_the_end(bureau, power)
    finding = confirmed(bureau, "目录所列时限与法律不符", power=power)
    order = issued(bureau, finding)
    walk_to(bureau, order, "accepted", root_cause="record")
    with pytest.raises(NotAllowed, match="须修改后重新审定"):
        take(bureau, bureau.office2, order, Event.CLOSE)
    with bureau.database.writing() as session:
        version, body = session.get_one(Draft, power).version, power_body(conditions="修改后的条件")
        save_draft(session, bureau.clerk, KINDS["power"], power, body, seen_version=version)
    walk.to_the_end(bureau, power)
    assert take(bureau, bureau.office2, order, Event.CLOSE) == "closed"
    with bureau.database.reading() as session:
        kept = session.get_one(Finding, finding)
        mending = mending_of(session, kept)
        assert mending
        assert kept.mended_by == mending.revision


def test_a_fault_like_one_of_the_last_year_is_linked(bureau: SmallBureau) -> None:
    def raised(on: date, key: str = "phone-answered") -> Finding:
        with bureau.database.writing() as session:
            return add_finding(
                session,
                bureau.office,
                source=Source("inspection", 1, on, is_signed=True),
                section_id=bureau.sections["污染控制科"],
                fact="电话无人接听",
                severity="minor",
                item_key=key,
            )

    first, second = raised(date(2008, 3, 1)), raised(date(2009, 2, 28))
    assert (first.repeat_of, second.repeat_of, second.state) == (None, first.id, "confirmed")
    assert raised(date(2009, 3, 1), "other").repeat_of is None
    assert raised(date(2010, 3, 2)).repeat_of is None


def test_the_database_itself_keeps_the_persons_apart(bureau: SmallBureau) -> None:
    order = issued(bureau)
    walk_to(bureau, order, "closed")
    clerk = bureau.clerk.person
    for table, changes in (
        (RectificationOrder, {"approved_by": bureau.office.person}),
        (OrderCycle, {"checked_by": clerk}),
        (OrderCycle, {"closed_by": clerk}),
    ):
        with pytest.raises((RuleBroken, DatabaseError)), bureau.database.writing() as session:
            session.execute(update(table).values(**changes))
    with pytest.raises((RuleBroken, DatabaseError)), bureau.database.writing() as session:
        session.execute(update(Feedback).values(done="别的"))


def test_several_are_signed_for_at_once_or_none(bureau: SmallBureau) -> None:
    chosen = [(issued(bureau), 3) for _ in range(2)]
    with pytest.raises(Stale, match="第2份"), bureau.database.writing() as session:
        advance_many(session, bureau.clerk, [chosen[0], (chosen[1][0], 2)], Decision(event=Event.ACKNOWLEDGE))
    with bureau.database.writing() as session:
        assert advance_many(session, bureau.clerk, chosen, Decision(event=Event.ACKNOWLEDGE)) == 2


def test_the_same_post_twice_is_one_act_and_an_old_page_is_refused(bureau: SmallBureau) -> None:
    order = issued(bureau)
    for _ in range(2):
        assert take(bureau, bureau.clerk, order, Event.ACKNOWLEDGE, request_key="k", seen_version=3) == "acknowledged"
    with pytest.raises(Stale, match="刚刚有人办理过"):
        take(bureau, bureau.clerk, order, Event.FEEDBACK, seen_version=3, feedback=answers(bureau, order))
    with pytest.raises(RuleBroken, match="缺少版本号"):
        take(bureau, bureau.clerk, order, Event.FEEDBACK, seen_version=None)
    with bureau.database.reading() as session:
        assert [row.is_accepted for row in session.scalars(select(OrderItem))] == [False]
        assert clocks.is_open(limit_of(session, session.get_one(RectificationOrder, order)))  # type: ignore[arg-type]


def test_what_nobody_signs_for_is_served_on_the_third_day_though_time_stood_for_a_week(bureau: SmallBureau) -> None:
    order = issued(bureau)
    clock.fix_day(date(2008, 9, 27))  # a Saturday worked: the second working day
    with bureau.database.writing() as session:
        assert (serve_unacknowledged(session), remind_of_orders(session)) == (0, 1)
    clock.fix_day(date(2008, 10, 8))
    with bureau.database.writing() as session:
        assert serve_unacknowledged(session) == 1
    with bureau.database.reading() as session:
        kept = session.get_one(RectificationOrder, order)
        assert (kept.state, kept.delivered_on, kept.acknowledged_by) == ("acknowledged", date(2008, 9, 28), None)
    assert due(bureau, order) == date(2008, 10, 10)


def test_reminders_come_once_and_a_week_without_them_is_caught_up_with(bureau: SmallBureau) -> None:
    order = issued(bureau)
    walk_to(bureau, order, "acknowledged")

    def made(day: date) -> int:
        clock.fix_day(day)
        with bureau.database.writing() as session:
            mark_overdue(session)
            return remind_of_orders(session)

    assert made(date(2008, 9, 26)) == 0
    assert [made(date(2008, 10, 6)) for _ in range(2)] == [1, 0]  # one working day left
    assert [made(date(2008, 10, 20)) for _ in range(2)] == [3, 0]  # section, office, and after three days the deputy
    take(bureau, bureau.clerk, order, Event.FEEDBACK, feedback=answers(bureau, order))
    assert made(date(2008, 10, 30)) == 0


def test_every_act_that_a_person_may_not_take_is_refused_through_bulk_as_well(bureau: SmallBureau) -> None:
    order = issued(bureau)
    for by in (bureau.office, bureau.deputy, bureau.inspector):
        with pytest.raises(NotAllowed, match="整批未办理"), bureau.database.writing() as session:
            advance_many(session, by, [(order, 3)], Decision(event=Event.ACKNOWLEDGE))
    with bureau.database.reading() as session:
        assert session.get_one(RectificationOrder, order).state == "issued"
