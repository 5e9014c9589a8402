"""The directory on screen: everyone reads it, nobody's number goes undialled unnoticed."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from harness.bureau import SmallBureau
from harness.desks import Desk, QueryCount
from webapp.directory.operations import load_directory
from webapp.pages.directory import directory_page

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
    with bureau.database.reading() as session, QueryCount(bureau) as count:
        page = directory_page(session, verified + timedelta(days))
    assert (page.total, page.due, page.groups[0].rows[0].is_due) == (1, due, bool(due))
    assert len(count) <= 2


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
        assert directory_page(session, date(2008, 7, 8)).groups[0].rows[0].unit == shown
