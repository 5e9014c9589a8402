"""The calendar loaded from a notice, and the settings: for the system administrator only; read by everyone."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from harness.bureau import SmallBureau
from harness.databases import only_sqlite
from harness.desks import Desk
from harness.visitors import OURS, Shown
from webapp.accounts.models import Bureau
from webapp.deadlines.models import CalendarDay
from webapp.deadlines.reading import read_calendar
from webapp.documents.sheets import Sheet, write_csv, write_xlsx

At = Callable[[str], Desk]
HEAD = ["日期", "是否工作日", "名称"]
NOTICE = [
    ["2008年9月27日", "上班", "国庆节调休上班"],
    ["2008/9/28", "1", "国庆节调休上班"],
    *([f"2008-{day}", "0", "国庆节"] for day in ("9-29", "9-30", "10-1", "10-2", "10-3")),
    ["2008-13-01", "0", "无此日"],
    ["2008-10-04", "或许", ""],
    ["2008-10-01", "0", "重复"],
]


def upload(person: Desk, content: bytes, name: str = "calendar.csv") -> Shown:
    file = {"file": (io.BytesIO(content), name)}
    return Shown(person.client.post("/calendar/imports", data=file, headers=OURS, content_type="multipart/form-data"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_notice_is_previewed_and_fills_its_year(bureau: SmallBureau, desk: At, kind: str) -> None:
    person = desk("sysadmin")
    content = write_csv([HEAD, *NOTICE]) if kind == "csv" else write_xlsx([Sheet("日历", HEAD, NOTICE)])
    shown = upload(person, content, f"calendar.{kind}")
    assert "共10行：可以录入7行，不能录入3行" in shown.text
    for told in ("2008-09-27 星期六 上班", "日期无法识别", "是否工作日应写", "日期在表中重复", "其余359天"):
        assert told in shown.text, told
    with bureau.database.reading() as session:
        assert session.scalars(select(CalendarDay)).all() == []
    form = shown.form("/calendar/imports/confirmations").fields
    assert person.post("/calendar/imports/confirmations", form).status == 303
    with bureau.database.reading() as session:
        calendar = read_calendar(session)
        # scenes.md 10: 27 and 28 September worked, the holiday lasts to 5 October
        assert calendar.add_working_days(date(2008, 9, 25), 5) == date(2008, 10, 7)
        assert calendar.knows(date(2008, 1, 1))
        assert calendar.knows(date(2008, 12, 31))
        assert not calendar.knows(date(2009, 1, 1))
    page = desk("clerk").get("/calendar?year=2008").text
    assert "完整" in page
    assert "国庆节调休上班" in page
    again = upload(person, content, f"calendar.{kind}")
    assert "所列日期与现有日历相同" in again.text


@only_sqlite
def test_years_that_are_not_loaded_are_said_to_be_provisional(bureau: SmallBureau, desk: At) -> None:
    assert bureau
    shown = desk("office").get("/calendar").text
    assert "还没有录入任何年份" in shown
    assert "暂按星期一至星期五推算" in shown
    for year in ("2008", "x", "0000", "99999", "-1"):
        assert desk("office").get(f"/calendar?year={year}").status == 200


@only_sqlite
@pytest.mark.parametrize("who", ["clerk", "office", "auditor", "deputy"])
def test_only_the_system_administrator_loads_a_calendar_and_sees_the_settings(
    bureau: SmallBureau, desk: At, who: str
) -> None:
    assert bureau
    person = desk(who)
    assert "录入通知" not in person.get("/calendar").text
    assert upload(person, write_csv([HEAD, *NOTICE])).status == 403
    assert person.post("/calendar/imports/confirmations", {"data": "[]"}).status == 403
    assert person.get("/settings").status == 403
    assert person.post("/settings", {"name": "甲"}).status == 403


@only_sqlite
@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", "日期,是否工作日\n,\n".encode(), b"%PDF"])
def test_what_is_no_notice_changes_nothing(bureau: SmallBureau, desk: At, content: bytes) -> None:
    person = desk("sysadmin")
    shown = upload(person, content)
    assert shown.status == 422 or "可以录入0行" in shown.text
    for data in ("", "[[1]]", '[["x", []]]', '[[1, ["日期", "是否工作日"]]]'):
        assert person.post("/calendar/imports/confirmations", {"data": data}).status == 422
    with bureau.database.reading() as session:
        assert session.scalars(select(CalendarDay)).all() == []


def test_the_bureaus_name_is_changed_and_shown_at_once(bureau: SmallBureau, desk: At) -> None:
    person = desk("sysadmin")
    form = person.get("/settings").form("/settings").fields
    host = str(bureau.sections["办公室"])
    sent = {**form, "name": "金坛市环保局", "host": host}
    assert person.post("/settings", sent).status == 303
    assert "金坛市环保局" in desk("clerk").get("/organisation").body
    with bureau.database.reading() as session:
        assert session.get_one(Bureau, 1).host_section_id == bureau.sections["办公室"]
    stale = person.post("/settings", {**sent, "name": "又一名"})
    assert (stale.status, "金坛市环保局" in stale.text) == (409, True)
    assert stale.form("/settings").fields["name"] == "又一名"


@only_sqlite
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "请填写本局名称"),
        ({"code_prefix": "jt"}, "大写字母"),
        ({"index_prefix": "甲"}, "组织机构代码"),
        ({"seen_digest": ""}, "缺少校验码"),
        ({}, "内容没有变化"),
    ],
)
def test_a_setting_badly_filled_in_is_refused_in_words(
    bureau: SmallBureau, desk: At, change: dict[str, str], sentence: str
) -> None:
    person = desk("sysadmin")
    form = {**person.get("/settings").form("/settings").fields, "host": str(bureau.sections["宣教法制科"])}
    shown = person.post("/settings", {**form, **change})
    assert (shown.status, sentence in shown.text) == (422, True)


@only_sqlite
def test_the_settings_tell_no_secret_and_no_folder(bureau: SmallBureau, desk: At, tmp_path: object) -> None:
    assert bureau
    shown = desk("sysadmin").get("/settings").body
    assert str(tmp_path) not in shown
    assert "secret-key" not in shown
