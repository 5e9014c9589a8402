"""The pages of training and guidance: plan to record, cover, an answer at its field."""

from collections.abc import Callable
from datetime import date

import pytest

from harness import walk
from harness.bureau import SmallBureau, power_body
from harness.databases import only_sqlite
from harness.desks import Desk, QueryCount
from webapp import clock
from webapp.pages.training_coverage import coverage_page
from webapp.training.forms import AnswerGiven
from webapp.training.operations import answer, ask

pytestmark = only_sqlite
At = Callable[[str], Desk]
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _day() -> None:
    clock.fix_day(date(2008, 7, 8))


def planned(office: Desk, **changes: str) -> str:
    told = {"topic": "flow", "title": "流程图编制", "planned_on": "2008-07-08", "held_on": "2008-07-08", "months": "12"}
    made = office.post("/training/sessions", {**told, **changes})
    assert made.status == 303, made.text
    return made.location


def test_a_training_is_planned_held_and_counted(bureau: SmallBureau, desk: At) -> None:
    office = desk("office")
    told = {"topic": "flow", "role": "clerk", "section": "", "before_on": "2008-07-01"}
    assert office.post("/training/requirements", told).status == 303
    made = planned(office)
    form = office.get(made).form(f"{made}/attendance")
    shown = office.presses(form, **{f"outcome-{bureau.clerk.person}": "passed"})
    assert shown.status == 303
    assert "1/3" in office.get("/training/coverage").text
    assert "clerk2例" in office.get("/training/coverage").text
    assert "clerk2例" not in desk("clerk").get("/training/coverage").text  # names of other sections stay there
    assert "流程图编制" in desk("clerk").get("/training?year=2008").text


def test_what_was_typed_into_a_refused_training_is_still_there(desk: At) -> None:
    office = desk("office")
    told = {"title": "讲座名称", "topic": "flow", "planned_on": "不是日期", "content": "记录甲乙丙"}
    shown = office.post("/training/sessions", told)
    assert (shown.status, "记录甲乙丙" in shown.body, "field-planned_on" in shown.ids) == (422, True, True)
    made = planned(office)
    shown = office.post(made, {**told, "planned_on": "2008-07-08", "seen_version": "9"})
    assert (shown.status, "讲座名称" in shown.body) == (409, True)


@pytest.mark.parametrize("name", ["sign-in-sheet", "training-record"])
def test_the_papers_of_a_training_can_be_had(name: str, desk: At) -> None:
    office = desk("office")
    made = planned(office)
    for ending, begins in (("docx", b"PK"), ("pdf", b"%PDF")):
        answered = office.client.get(f"{made}/papers/{name}/{ending}")
        assert (answered.status_code, answered.get_data()[:4][: len(begins)]) == (200, begins)
        answered.close()
    assert office.get(f"{made}/papers/other/docx").status == 404


def test_an_answer_is_shown_escaped_where_its_field_is_filled_in(bureau: SmallBureau, desk: At) -> None:
    with bureau.database.writing() as session:
        number = ask(session, bureau.office, f"问{HOSTILE}", None).id
        answer(session, bureau.office, number, AnswerGiven(f"答{HOSTILE}", "", "conditions"), seen_version=1)
    power = walk.create(bureau, bureau.clerk, "power", power_body())
    shown = desk("clerk").get(f"/powers/{power}/draft")
    assert "口径（1条）" in shown.text
    assert HOSTILE not in shown.body
    assert f"/guidance/{number}" in shown.links


def test_a_question_waits_on_the_offices_worklist_until_it_is_answered(desk: At) -> None:
    clerk, office = desk("clerk"), desk("office")
    made = clerk.post("/guidance", {"question": "附件是否一并公开？"}).location
    assert "附件是否一并公开" in office.get("/worklist").text
    form = office.get(made).form(f"{made}/answers")
    assert office.presses(form, answer="随正文公开。", category="", field="").status == 303
    assert "附件是否一并公开" not in office.get("/worklist").text
    assert "随正文公开" in clerk.get("/guidance").text
    answered = office.client.get("/guidance/papers/guidance-record/docx")
    assert answered.get_data()[:2] == b"PK"
    answered.close()


def test_the_cover_asks_a_bounded_number_of_questions(bureau: SmallBureau, desk: At) -> None:
    counts, office = [], bureau.office
    for topic in ("flow", "conduct"):
        told = {"topic": topic, "role": "", "section": "", "before_on": "2008-07-01"}
        desk("office").post("/training/requirements", told)
        with bureau.database.reading() as session, QueryCount(bureau) as count:
            coverage_page(session, viewer=office)
        counts.append(len(count))
    assert counts[0] == counts[1] <= 8
