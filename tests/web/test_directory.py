"""The directory on screen: everyone reads it, nobody's number goes undialled unnoticed."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from harness import walk
from harness.bureau import SmallBureau, power_body
from harness.databases import only_sqlite
from harness.desks import Desk, QueryCount
from webapp import clock
from webapp.config import Settings
from webapp.directory.models import DirectoryVersion
from webapp.directory.operations import load_directory
from webapp.directory.reading import current_directory
from webapp.pages.directory import directory_page
from webapp.pages.directory_contact import contact_page
from webapp.publication.models import Edition
from webapp.publication.operations import prepare_editions, release_editions
from webapp.revisions.models import Revision

At = Callable[[str], Desk]
CONTACT = {"kind": "consult", "unit": "金坛市环境保护局", "section": "办公室", "phone": "0519-80000101"}


@pytest.mark.parametrize("who", ["clerk", "office", "sysadmin", "auditor"])
def test_everyone_in_the_bureau_reads_it(bureau: SmallBureau, desk: At, who: str) -> None:
    assert bureau
    shown = desk(who).get("/directory")
    assert (shown.status, shown.h1) == (200, "通讯目录")
    for text in ("0519-80000101", "12369", "监督", "举报热线", "信息公开岗", "2008-06-20"):
        assert text in shown.text
    assert 'href="/directory"' in desk(who).get("/organisation").body


@pytest.mark.parametrize(("days", "due"), [(0, 0), (90, 0), (91, 1)])
def test_a_number_is_due_after_90_days(bureau: SmallBureau, days: int, due: int) -> None:
    verified = date(2008, 6, 20)
    with bureau.database.writing() as session:
        load_directory(session, {"a": {**CONTACT, "verified_on": verified.isoformat()}}, by=None)
    viewer = bureau.office
    with bureau.database.reading() as session, QueryCount(bureau) as count:
        page = directory_page(session, verified + timedelta(days), viewer=viewer)
    assert (page.total, page.due, page.groups[0].rows[0].is_due) == (1, due, bool(due))
    assert len(count) <= 4


def test_a_number_never_dialled_is_due_and_text_stays_text(bureau: SmallBureau, desk: At) -> None:
    with bureau.database.writing() as session:
        load_directory(
            session, {"a": {**CONTACT, "address": "<img src=x>", "url": "https://x.example/?a=1&b"}}, by=None
        )
    shown = desk("clerk").get("/directory")
    assert "待核实" in shown.text
    assert "有1条已超过90天没有拨打核实" in shown.text
    assert "<img src=x" not in shown.body


def test_an_empty_directory_says_what_to_do(bureau: SmallBureau, desk: At) -> None:
    with bureau.database.writing() as session:
        load_directory(session, {}, by=None)
    assert "通讯目录中还没有内容" in desk("clerk").get("/directory").text


@pytest.mark.parametrize(
    ("unit", "section", "shown"),
    [
        ("金坛市环境监察大队", "环境监察大队", "金坛市环境监察大队"),
        ("金坛市环境保护局", "财务科", "金坛市环境保护局 财务科"),
        ("局办公室(监察)", "办公室(监察)", "局办公室(监察)"),
        ("12369环保举报热线", "", "12369环保举报热线"),
    ],
)
def test_a_name_is_said_once(bureau: SmallBureau, unit: str, section: str, shown: str) -> None:
    with bureau.database.writing() as session:
        load_directory(session, {"a": {**CONTACT, "unit": unit, "section": section}}, by=None)
    with bureau.database.reading() as session:
        assert directory_page(session, date(2008, 7, 8), viewer=bureau.office).groups[0].rows[0].unit == shown


KEY = "consult-construction-projects"  # the telephone of the sample power JTHB-XK-001
DRAFT = f"/directory/contacts/{KEY}/draft"
NEW_PHONE = "0519-80009999"


def propose(person: Desk, **changes: str) -> Any:  # noqa: ANN401 - an answer
    """Fill in the form of the contact as it stands, with changes."""
    form = person.get(DRAFT).form("/directory/changes")
    return person.post("/directory/changes", {**form.fields, "kind": "consult", "reason": "换号", **changes})


def approve(person: Desk, place: int = 0) -> Any:  # noqa: ANN401 - an answer
    """Tick one of the changes that wait, and approve it."""
    ticks = [named["value"] for tag, named in person.get("/directory/changes").tags if named.get("name") == "change"]
    return person.post("/directory/approvals", {"change": ticks[place]})


def test_one_edit_reaches_every_power_and_no_digest_moves(bureau: SmallBureau, desk: At, settings: Settings) -> None:
    power = walk.create(bureau, bureau.clerk, "power", power_body(contact=KEY))
    walk.to_the_end(bureau, power)

    def issue() -> Edition:
        prepare_editions(bureau.database, settings, bureau.office, draw=lambda _chart: None)
        return release_editions(bureau.database, settings, bureau.publisher, document="审批单1")[0]

    def digests() -> list[tuple[str, str]]:
        with bureau.database.reading() as session:
            return [(row.digest, row.public_digest) for row in session.scalars(select(Revision).order_by(Revision.id))]

    def pages(edition: Edition) -> str:
        folder = settings.editions / edition.folder / "powers"
        return "".join(page.read_text(encoding="utf-8") for page in sorted(folder.rglob("index.html")))

    first, before = issue(), digests()
    bundle = {path: path.read_bytes() for path in (settings.editions / first.folder).rglob("*") if path.is_file()}
    assert propose(desk("office"), phone=NEW_PHONE).status == 303
    assert NEW_PHONE not in desk("clerk").get(f"/powers/{power}").text  # one person alone changes nothing
    assert approve(desk("publisher")).status == 303
    assert NEW_PHONE in desk("clerk").get(f"/powers/{power}").text
    assert NEW_PHONE in desk("auditor").get("/directory").text
    assert digests() == before
    assert {path: path.read_bytes() for path in bundle} == bundle
    second = issue()
    assert NEW_PHONE not in pages(first)
    assert NEW_PHONE in pages(second)
    assert digests() == before


def test_who_proposed_a_change_does_not_approve_it(bureau: SmallBureau, desk: At) -> None:
    office = desk("office")
    propose(office, phone=NEW_PHONE)
    shown = office.get("/directory/changes")
    assert "您提出的" in shown.text
    assert "/directory/approvals" not in [form.action for form in shown.forms]
    ticks = [
        named["value"] for _, named in desk("office2").get("/directory/changes").tags if named.get("name") == "change"
    ]
    assert office.post("/directory/approvals", {"change": ticks[0]}).status == 403
    with bureau.database.reading() as session:
        assert current_directory(session)[KEY]["phone"] != NEW_PHONE


def test_a_change_is_sent_back_or_taken_back_and_the_contact_stays(bureau: SmallBureau, desk: At) -> None:
    office, second = desk("office"), desk("office2")
    propose(office, phone=NEW_PHONE)
    form = next(form for form in second.get("/directory/changes").forms if form.action.endswith("/refusals"))
    assert second.post(form.action, form.fields).status == 422  # no reason
    assert second.post(form.action, {**form.fields, "note": "号码不通"}).status == 303
    assert second.post(form.action, {**form.fields, "note": "号码不通"}).status == 409
    assert "号码不通" in office.get(f"/directory/contacts/{KEY}").text
    propose(office, phone="0519-80008888")
    form = next(form for form in office.get("/directory/changes").forms if form.action.endswith("/recalls"))
    assert office.post(form.action, form.fields).status == 303
    with bureau.database.reading() as session:
        assert session.scalars(select(DirectoryVersion.number)).all() == [1]


def test_who_is_second_sees_both_texts_and_loses_nothing(bureau: SmallBureau, desk: At) -> None:
    assert bureau
    office, second = desk("office"), desk("office2")
    seen = second.get(DRAFT).form("/directory/changes").fields
    propose(office, phone=NEW_PHONE)
    waiting = second.post("/directory/changes", {**seen, "kind": "consult", "hours": "全天", "reason": "改时间"})
    assert (waiting.status, NEW_PHONE in waiting.text) == (409, True)
    approve(second)
    stale = second.post("/directory/changes", {**seen, "kind": "consult", "hours": "全天", "reason": "改时间"})
    assert (stale.status, NEW_PHONE in stale.text) == (409, True)
    again = stale.form("/directory/changes").fields
    assert (again["hours"], again["reason"]) == ("全天", "改时间")
    assert second.post("/directory/changes", {**again, "kind": "consult", "phone": NEW_PHONE}).status == 303


def test_a_contact_in_use_does_not_vanish_and_one_that_is_not_does(bureau: SmallBureau, desk: At) -> None:
    walk.create(bureau, bureau.clerk, "power", power_body(contact=KEY))
    office, second = desk("office"), desk("office2")
    assert "不能删去" in office.get(DRAFT).text
    gone = {**office.get(DRAFT).form("/directory/changes").fields, "remove": "1", "reason": "不用了"}
    assert office.post("/directory/changes", gone).status == 303
    refused = approve(second)
    assert (refused.status, "仍有职权或科室使用" in refused.text) == (422, True)
    fresh = {"kind": "duty", "unit": "金坛市环境保护局", "phone": "0519-80000777", "reason": "新设"}
    assert office.post("/directory/changes", {**fresh, "key": "", "seen_digest": ""}).status == 303
    assert approve(second).status == 303
    with bureau.database.reading() as session:
        assert current_directory(session)["duty-1"]["phone"] == "0519-80000777"
    form = office.get("/directory/contacts/duty-1/draft").form("/directory/changes").fields
    office.post("/directory/changes", {**form, "remove": "1", "reason": "撤销"})
    assert approve(second).status == 303
    assert office.get("/directory/contacts/duty-1").status == 404
    office.post("/directory/changes", {**fresh, "key": "", "seen_digest": ""})
    approve(second)
    assert office.get("/directory/contacts/duty-2").status == 200  # a key never means two telephones


def test_dialling_is_kept_with_its_result_and_makes_no_version(bureau: SmallBureau, desk: At) -> None:
    clerk, today = desk("clerk"), clock.today()
    address = f"/directory/contacts/{KEY}"
    form = clerk.get(address).form(f"{address}/diallings").fields
    sent = {**form, "day": today.isoformat(), "note": "建管科接听"}
    assert clerk.post(f"{address}/diallings", {**sent, "result": ""}).status == 422
    assert clerk.post(f"{address}/diallings", {**sent, "result": "silent"}).status == 303
    assert "无人接听" in clerk.get("/directory").text
    assert clerk.post(f"{address}/diallings", {**sent, "result": "right"}).status == 303
    viewer = bureau.office
    with bureau.database.reading() as session, QueryCount(bureau) as count:
        page = contact_page(session, KEY, today, page=1, viewer=viewer)
        assert (page.is_due, page.verified_on, len(page.diallings)) == (False, today, 2)
        assert len(count) <= 10
        assert session.scalars(select(DirectoryVersion.number)).all() == [1]
    propose(desk("office"), phone=NEW_PHONE)
    approve(desk("office2"))
    assert clerk.post(f"{address}/diallings", {**sent, "result": "right"}).status == 409  # it was another number
    with bureau.database.reading() as session:
        assert contact_page(session, KEY, today, page=1, viewer=viewer).is_due


def test_the_powers_that_use_a_contact_are_those_the_viewer_may_see(bureau: SmallBureau, desk: At) -> None:
    walk.create(bureau, bureau.clerk, "power", power_body(contact=KEY))
    address = f"/directory/contacts/{KEY}"
    assert "共1项" in desk("clerk").get(address).text
    for who in ("clerk2", "office", "auditor"):
        assert "共0项" in desk(who).get(address).text


@only_sqlite
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"phone": "13812345678"}, "不能填写个人手机号码"),
        ({"note": "打13812345678"}, "手机"),
        ({"phone": ""}, "缺少电话"),
        ({"unit": ""}, "请填写单位"),
        ({"reason": ""}, "请写明修改的缘由"),
        ({"url": "javascript:alert(1)"}, "网址只能"),
        ({"hours": "绝密★10年"}, "含密级标志"),
        ({"hours": "时" * 121}, "最多120个字"),
        ({}, "内容没有变化"),
    ],
)
def test_what_is_no_contact_is_refused_in_words_and_stays_typed(
    bureau: SmallBureau, desk: At, change: dict[str, str], sentence: str
) -> None:
    assert bureau
    shown = propose(desk("office"), **change)
    assert (shown.status, sentence in shown.text) == (422, True), shown.text


@only_sqlite
@pytest.mark.parametrize("who", ["clerk", "chief", "legal", "sysadmin", "auditor", "deputy"])
def test_only_the_two_offices_keep_the_directory(bureau: SmallBureau, desk: At, who: str) -> None:
    assert bureau
    person = desk(who)
    assert "修改这一条" not in person.get(f"/directory/contacts/{KEY}").text
    for address in ("/directory/changes", "/directory/contacts/new", DRAFT):
        assert person.get(address).status == 403
    assert person.post("/directory/approvals", {"change": "1:x"}).status == 403


@only_sqlite
def test_two_changes_approved_together_make_one_version(bureau: SmallBureau, desk: At) -> None:
    office, second = desk("office"), desk("office2")
    propose(office, phone=NEW_PHONE)
    fresh = {"kind": "duty", "unit": "金坛市环境保护局", "phone": "0519-80000777", "reason": "新设", "seen_digest": ""}
    office.post("/directory/changes", fresh)
    ticks = [named["value"] for _, named in second.get("/directory/changes").tags if named.get("name") == "change"]
    assert second.post("/directory/approvals", {"change": ticks}).status == 303
    with bureau.database.reading() as session:
        assert session.scalars(select(DirectoryVersion.number)).all() == [1, 2]
    assert "换号" in desk("clerk").get("/directory/versions").text
    assert second.post("/directory/approvals", {"change": ticks}).status == 409
