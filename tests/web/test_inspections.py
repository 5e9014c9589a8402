"""Inspections at the browser: answers one by one, proof, acts that the page offers, papers, what a section sees."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from harness.bureau import SmallBureau
from harness.databases import only_sqlite
from harness.desks import Desk, QueryCount
from harness.inspections import PROOF, Team, act, answer_all, plan, team_in, walk_to
from harness.visitors import OURS, Shown
from webapp import clock
from webapp.config import Settings
from webapp.inspections.models import Checklist, Inspection, InspectionAnswer, InspectionEvidence

At = Callable[[str], Desk]
pytestmark = only_sqlite


@pytest.fixture
def team(bureau: SmallBureau) -> Team:
    clock.fix_day(date(2008, 9, 16))
    return team_in(bureau)


def sends(desk: Desk, path: str, **fields: object) -> Shown:
    return Shown(desk.client.post(path, data=fields, headers=OURS, content_type="multipart/form-data"))


def test_an_inspection_is_prepared_carried_out_and_signed_by_what_the_pages_offer(
    bureau: SmallBureau, desk: At, team: Team
) -> None:
    inspector, inspector2, chief = desk("inspector"), desk("inspector2"), desk("chief")
    with bureau.database.reading() as session:
        checklist = session.scalars(select(Checklist.id).where(Checklist.slug == "training")).one()
    given = {
        "checklist": checklist, "section": bureau.sections["污染控制科"], "held_on": "2008-09-16", "kind": "routine",
        "method": "现场检查", "team": [team.inspector.person, team.inspector2.person],
    }  # fmt: skip
    refused = inspector.post("/inspections", {**given, "team": [team.inspector.person]})
    assert (refused.status, "不得少于2人" in refused.text) == (422, True)
    assert inspector.post("/inspections", given).location == "/inspections/1"
    assert inspector.get("/inspections/1/blank").status == 200
    assert inspector.client.get("/inspections/1/blank.docx").status_code == 200
    assert chief.get("/inspections/1").status == 404

    def presses(who: Desk, event: str, **fields: object) -> Shown:
        form = next(f for f in who.get("/inspections/1").forms if f.fields.get("event") == event)
        return who.presses(form, **fields)

    assert presses(inspector, "start").status == 303
    refused = presses(inspector, "finish")
    assert (refused.status, "TR01还没有结果" in refused.text) == (422, True)
    with bureau.database.reading() as session:
        found = session.get_one(Inspection, 1)
        assert found.state == "in_progress"
    for number in range(1, 10):
        key = f"TR{number:02}"
        shown = sends(inspector, "/inspections/1/answers", **{"one": key, f"value-{key}": "met", f"note-{key}": ""})
        assert (shown.status, shown.headers["X-Answered"]) == (200, f"{number}/9")
    photo = (io.BytesIO(PROOF), "现场.pdf")
    shown = sends(
        inspector,
        "/inspections/1/answers",
        **{"one": "TR01", "value-TR01": "unmet", "note-TR01": "缺签到表", "file-TR01": photo},
    )
    assert "现场.pdf" in shown.text
    assert presses(inspector, "finish").status == 303
    assert presses(inspector2, "send_for_comment").status == 303
    assert presses(chief, "comment", note="情况属实，立即整改。").status == 303
    for who in (inspector, inspector2, chief):
        assert presses(who, "sign").status == 303
    record = chief.get("/inspections/1/record")
    assert "督查〔2008〕第1号" in record.text
    assert "情况属实，立即整改。" in record.text
    one, two = (chief.client.get("/inspections/1/record.docx").data for _ in range(2))
    assert one == two
    assert "缺签到表" in chief.get("/inspections/1").text


def test_a_file_is_handed_out_in_a_sandbox_only_to_who_sees_its_inspection(
    bureau: SmallBureau, desk: At, team: Team, settings: Settings
) -> None:
    with bureau.database.writing() as session:
        inspection = walk_to(session, bureau, team, "in_comment", settings.files)
        file = session.scalars(select(InspectionEvidence.file_id)).first()
    address = f"/files/{file}/记录.pdf"
    shown = desk("chief").client.get(address)
    assert (shown.status_code, shown.data, shown.headers["X-Content-Type-Options"]) == (200, PROOF, "nosniff")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert desk("chief2").get(address).status == 404
    assert desk("office").get("/files/999/记录.pdf").status == 404
    assert inspection.id == 1


def test_whole_form_is_saved_without_scripts_and_nothing_typed_is_lost_when_refused(
    bureau: SmallBureau, desk: At, team: Team, settings: Settings
) -> None:
    with bureau.database.writing() as session:
        walk_to(session, bureau, team, "in_progress", settings.files)
    inspector = desk("inspector")
    form = next(f for f in inspector.get("/inspections/1").forms if "seen-TR01" in f.fields)
    fields = {name: value for name, value in form.fields.items() if not name.startswith(("file-", "value-"))}
    assert sends(inspector, form.action, **{**fields, "value-TR01": "met", "note-TR02": "还没选"}).status == 303
    refused = sends(inspector, form.action, **{**fields, "value-TR02": "unmet", "note-TR02": "机密★一年"})
    assert refused.status == 422
    bad = (io.BytesIO(b"<html>"), "a.jpg")
    refused = sends(
        inspector, form.action, **{**fields, "value-TR03": "met", "note-TR03": "打字很多", "file-TR03": bad}
    )
    assert refused.status == 422
    assert "打字很多" in refused.text
    overtaken = sends(inspector, form.action, **{**fields, "value-TR01": "unmet", "note-TR01": "改判"})
    assert (overtaken.status, "改判" in overtaken.text) == (409, True)
    with bureau.database.reading() as session:
        assert session.scalars(select(InspectionAnswer.item_key)).all() == ["TR01"]


def test_pages_ask_a_bounded_number_of_queries(bureau: SmallBureau, desk: At, team: Team, tmp_path: Path) -> None:
    inspector = desk("inspector")
    with bureau.database.writing() as session:
        walk_to(session, bureau, team, "signed", tmp_path)
        busy = plan(session, bureau, team)
        act(session, busy, "start", team.inspector)
        answer_all(session, busy, team.inspector, tmp_path, unmet=5)
    for address, most in (("/inspections", 13), ("/inspections/1", 24), ("/inspections/2", 24), ("/checklists", 9)):
        with QueryCount(bureau) as counted:
            assert inspector.get(address).status == 200
        assert len(counted) <= most, (address, len(counted))


def test_a_new_version_of_a_checklist_is_written_by_one_and_published_by_another(
    bureau: SmallBureau, desk: At, team: Team
) -> None:
    assert team
    office, office2 = desk("office"), desk("office2")
    with bureau.database.reading() as session:
        old = session.scalars(select(Checklist.id).where(Checklist.slug == "training")).one()
    new = office.post(f"/checklists/{old}/versions", {}).location
    form = next(f for f in office.get(new).forms if f.action.endswith("/points"))
    assert office.presses(form, **{"text-TR01": "培训计划已印发"}).status == 303
    submit = next(f for f in office.get(new).forms if f.fields.get("event") == "submit")
    assert office.presses(submit).status == 303
    assert "您是编写人" in office.get(new).text
    publish = next(f for f in office2.get(new).forms if f.fields.get("event") == "publish")
    assert office2.presses(publish).status == 303
    assert "培训计划已印发" in office2.get(new).text
    assert "已有新版" in office2.get(f"/checklists/{old}").text


def test_a_line_of_the_plan_leads_to_its_inspection(bureau: SmallBureau, desk: At, team: Team) -> None:
    assert team
    office = desk("office")
    line = {"slug": "training", "section": bureau.sections["财务科"], "kind": "key", "due": "2008-09-30"}
    assert office.post("/inspections/plan-lines", line).status == 303
    assert office.post("/inspections/plan-lines", {**line, "due": "不知"}).status == 422
    shown = office.get("/inspections")
    assert "2008年9月30日" in shown.text
    assert office.get("/inspections/new?occurrence=1").status == 200
