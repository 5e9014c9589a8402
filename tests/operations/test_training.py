"""Trainings and guidance with real rows, on both databases."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from harness.bureau import SmallBureau
from webapp import clock
from webapp.campaigns.models import Attendance, Campaign, Meeting
from webapp.pages.training_coverage import coverage_page
from webapp.rules import NotAllowed, RuleBroken, Stale
from webapp.training import operations
from webapp.training.forms import AnswerGiven, RequirementGiven, SessionGiven
from webapp.training.models import Guidance, TrainingAttendance, TrainingResult
from webapp.training.reading import read_advice

DAY = date(2008, 7, 8)


@pytest.fixture(autouse=True)
def _day() -> None:
    clock.fix_day(DAY)


def held(bureau: SmallBureau, **changes: Any) -> int:  # noqa: ANN401 - fields
    told = {
        "topic": "flow", "title": "流程图编制", "planned_on": DAY, "held_on": DAY,
        "place": "", "teacher": "", "content": "", "months": 0, **changes,
    }  # fmt: skip
    with bureau.database.writing() as session:
        return operations.plan_session(session, bureau.office, SessionGiven(**told)).id


def attend(bureau: SmallBureau, number: int, version: int, **outcomes: str) -> None:
    found = {getattr(bureau, name).person: outcome for name, outcome in outcomes.items()}
    with bureau.database.writing() as session:
        operations.note_attendance(session, bureau.office, number, found, seen_version=version)


def cover(bureau: SmallBureau) -> list[tuple[int, int]]:
    with bureau.database.reading() as session:
        return [(row.done, row.total) for row in coverage_page(session, viewer=bureau.office).rows]


def demand(bureau: SmallBureau, topic: str = "flow", role: str = "clerk", section: int | None = None) -> None:
    given = RequirementGiven(topic, role, section, DAY, "坛环法〔2008〕第1号")
    with bureau.database.writing() as session:
        operations.set_requirement(session, bureau.office, given)


def test_who_was_there_and_passed_is_covered_until_it_lapses_and_a_retake_renews_it(bureau: SmallBureau) -> None:
    demand(bureau)
    number = held(bureau, months=6)
    assert cover(bureau) == [(0, 3)]
    attend(bureau, number, 1, clerk="passed", clerk2="failed", clerk10="absent")
    assert cover(bureau) == [(1, 3)]
    clock.fix_day(date(2009, 1, 9))
    assert cover(bureau) == [(0, 3)]
    attend(bureau, held(bureau, planned_on=date(2009, 1, 9), held_on=date(2009, 1, 9)), 1, clerk="passed")
    assert cover(bureau) == [(1, 3)]


def test_a_correction_is_another_row_and_the_last_one_counts(bureau: SmallBureau) -> None:
    demand(bureau)
    number = held(bureau)
    attend(bureau, number, 1, clerk="passed")
    attend(bureau, number, 2, clerk="absent")
    assert cover(bureau) == [(0, 3)]
    attend(bureau, number, 3, clerk="absent")  # the same again adds nothing
    with bureau.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(TrainingAttendance)) == 2
        assert list(session.scalars(select(TrainingResult.result).order_by(TrainingResult.id))) == ["passed", "void"]


@pytest.mark.parametrize("table", [TrainingAttendance, TrainingResult])
def test_attendance_and_results_are_never_changed(table: Any, bureau: SmallBureau) -> None:  # noqa: ANN401 - a mapped class
    attend(bureau, held(bureau), 1, clerk="passed")
    for statement in (update(table).values(person_id=1), delete(table)):
        with pytest.raises((DBAPIError, RuleBroken)), bureau.database.writing() as session:
            session.execute(statement)


def test_the_campaigns_own_training_counts_for_the_clerks_of_the_sections_that_were_there(bureau: SmallBureau) -> None:
    demand(bureau, "inventory")
    with bureau.database.writing() as session:
        opened = {"opened_by": bureau.office.person, "opened_at": clock.now()}
        campaign = Campaign(title="专项", **opened)
        session.add(campaign)
        session.flush()
        meeting = Meeting(campaign_id=campaign.id, kind="training", title="清理培训", held_on=DAY)
        session.add(meeting)
        session.flush()
        for section, state, later in (
            ("污染控制科", "present", None),
            ("环境监察大队", "missing", DAY + timedelta(days=3)),
            ("宣教法制科", "missing", None),
        ):
            told = {"section_id": bureau.sections[section], "state": state, "made_up_on": later}
            session.add(Attendance(meeting_id=meeting.id, **told))
    assert cover(bureau) == [(2, 3)]


def test_only_the_office_keeps_trainings_and_nothing_is_written_down_before_they_are_held(bureau: SmallBureau) -> None:
    with bureau.database.writing() as session, pytest.raises(NotAllowed):
        operations.write_plan(session, bureau.chief, 2008, "依据", "", seen_version=None)
    number = held(bureau, held_on=None)
    with pytest.raises(RuleBroken, match="实际日期"):
        attend(bureau, number, 1, clerk="passed")
    with pytest.raises(RuleBroken, match="今天之后"):
        held(bureau, held_on=DAY + timedelta(days=1))
    number = held(bureau)
    with pytest.raises(Stale):
        attend(bureau, number, 7, clerk="passed")


def test_an_answer_stands_at_its_field_until_it_is_withdrawn(bureau: SmallBureau) -> None:
    with bureau.database.writing() as session:
        asked = operations.ask(session, bureau.clerk, "承诺时限能否长于法定时限？", None)
        number = asked.id
        assert asked.section_id == bureau.sections["污染控制科"]
    given = AnswerGiven("不能。承诺时限不得长于法定时限。", "licence", "promised_limit")
    with bureau.database.writing() as session, pytest.raises(NotAllowed):
        operations.answer(session, bureau.chief, number, given, seen_version=1)
    with bureau.database.writing() as session:
        operations.answer(session, bureau.legal, number, given, seen_version=1)
    with bureau.database.reading() as session:
        assert [one.id for one in read_advice(session, "licence")["promised_limit"]] == [number]
        assert read_advice(session, "penalty") == {}
    with bureau.database.writing() as session, pytest.raises(Stale):
        operations.answer(session, bureau.office, number, given, seen_version=2)
    with bureau.database.writing() as session:
        operations.withdraw_guidance(session, bureau.office, number, "办法已修订", seen_version=2)
    with bureau.database.reading() as session:
        assert read_advice(session, "licence") == {}
        assert session.get_one(Guidance, number).answer.startswith("不能")
    with bureau.database.writing() as session, pytest.raises(NotAllowed):
        operations.ask(session, bureau.deputy, "问题", None)
