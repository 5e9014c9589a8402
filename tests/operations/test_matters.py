"""Key areas with real rows: traces in time, a missing one found once, never changed; on both databases."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from harness.bureau import SmallBureau
from webapp import clock
from webapp.findings.models import Finding
from webapp.journal import operations as journal
from webapp.journal.models import JournalEntry
from webapp.matters import operations
from webapp.matters.forms import MatterGiven
from webapp.matters.models import MatterLack, MatterTrace
from webapp.matters.traces import AREAS, KINDS
from webapp.pages.matters import matter_page, matters_page
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

DAY = date(2008, 6, 2)


def entered(bureau: SmallBureau, kind: str = "procurement", section: str = "污染控制科") -> int:
    clock.fix_day(DAY)
    given = MatterGiven(kind, bureau.sections[section], None, "采购采样仪", 120_000, DAY, "局务会")
    with bureau.database.writing() as session:
        return operations.enter_matter(session, bureau.office, given).id


def tick(bureau: SmallBureau) -> int:
    with bureau.database.writing() as session:
        return operations.raise_lacks(session)


def test_every_area_has_kinds_and_every_kind_traces() -> None:
    assert {kind.area for kind in KINDS} == {key for key, _ in AREAS}
    for kind in KINDS:
        assert len({trace.key for trace in kind.traces}) == len(kind.traces) >= 3
        assert all(0 < trace.days <= 60 for trace in kind.traces)


def test_a_missing_trace_becomes_one_finding_however_often_time_passes(bureau: SmallBureau) -> None:
    number = entered(bureau)
    clock.fix_day(date(2008, 6, 9))  # the fifth working day is the ninth
    assert tick(bureau) == 0
    clock.fix_day(date(2008, 6, 10))
    assert (tick(bureau), tick(bureau)) == (1, 0)
    with bureau.database.writing() as session:
        operations.note_trace(session, bureau.clerk, number, "offers", DAY, "三家报价单，财务科")
    clock.fix_day(date(2008, 7, 8))
    assert (tick(bureau), tick(bureau)) == (1, 0)  # the contract; the offers are there
    with bureau.database.reading() as session:
        findings = session.scalars(select(Finding).order_by(Finding.id)).all()
        entries = list(session.scalars(select(JournalEntry.action).where(JournalEntry.action == "raise_lacks")))
        assert journal.verify(session) is None
    assert [one.item_key for one in findings] == ["trace-procurement-method", "trace-procurement-contract"]
    assert {(one.source_kind, one.source_id, one.state) for one in findings} == {("matter", number, "confirmed")}
    assert len(entries) == 2


def test_a_job_that_did_not_run_for_a_month_catches_up_without_repeats(bureau: SmallBureau) -> None:
    for _ in range(3):
        entered(bureau)
    clock.fix_day(date(2008, 9, 30))
    assert (tick(bureau), tick(bureau)) == (12, 0)
    with bureau.database.reading() as session:
        repeats = list(session.scalars(select(Finding.repeat_of)))
    assert sum(one is not None for one in repeats) == 8  # the same point of the same section again


def test_a_trace_that_comes_late_is_kept_beside_the_finding_and_a_cancelled_matter_finds_nothing(
    bureau: SmallBureau,
) -> None:
    number, other = entered(bureau), entered(bureau)
    with bureau.database.writing() as session:
        operations.cancel_matter(session, bureau.office, other, "重复登记")
    clock.fix_day(date(2008, 6, 10))
    assert tick(bureau) == 1
    with bureau.database.writing() as session:
        operations.note_trace(session, bureau.clerk, number, "method", date(2008, 6, 5), "审批单")
    with bureau.database.reading() as session:
        row = next(one for one in matter_page(session, number, viewer=bureau.clerk).traces if one.key == "method")
        assert (row.day, row.is_late, row.finding is not None) == (date(2008, 6, 5), False, True)
        assert [one.late for one in matters_page(session, "goods", viewer=bureau.office).rows] == [0, 0]


def test_a_section_sees_and_enters_its_own_matters_only(bureau: SmallBureau) -> None:
    number = entered(bureau)
    with bureau.database.reading() as session:
        assert matters_page(session, "", viewer=bureau.clerk2).total == 0
        assert matters_page(session, "", viewer=bureau.deputy).total == 1
        with pytest.raises(NotFound):
            matter_page(session, number, viewer=bureau.clerk2)
    for stranger in (bureau.clerk2, bureau.deputy):
        with bureau.database.writing() as session, pytest.raises(NotAllowed):
            operations.note_trace(session, stranger, number, "method", DAY, "审批单")
    with bureau.database.writing() as session, pytest.raises(NotAllowed):
        operations.cancel_matter(session, bureau.clerk, number, "重复")


def test_a_trace_is_entered_once_and_only_where_the_kind_asks_for_it(bureau: SmallBureau) -> None:
    number = entered(bureau)
    with bureau.database.writing() as session:
        operations.note_trace(session, bureau.clerk, number, "method", DAY, "审批单")
    for key, refused in (("method", Stale), ("hearing", RuleBroken)):
        with bureau.database.writing() as session, pytest.raises(refused):
            operations.note_trace(session, bureau.clerk, number, key, DAY, "审批单")


@pytest.mark.parametrize("table", [MatterTrace, MatterLack])
def test_traces_and_lacks_are_never_changed(table: Any, bureau: SmallBureau) -> None:  # noqa: ANN401 - a mapped class
    number = entered(bureau)
    with bureau.database.writing() as session:
        operations.note_trace(session, bureau.clerk, number, "contract", DAY, "合同")
    clock.fix_day(date(2008, 6, 10))
    assert tick(bureau) == 1
    for statement in (update(table).values(matter_id=1), delete(table)):
        with pytest.raises((DBAPIError, RuleBroken)), bureau.database.writing() as session:
            session.execute(statement)
