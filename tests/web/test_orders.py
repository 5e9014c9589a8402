"""Findings and orders on screen: from the ledger to closure through the forms, the table, the papers and the file."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from harness import orders
from harness.bureau import SmallBureau
from harness.desks import Desk, QueryCount
from harness.orders import confirmed, issued, take, walk_to
from webapp import clock
from webapp.deadlines.operations import load_calendar
from webapp.documents.sheets import write_csv
from webapp.findings.order_stages import Event
from webapp.findings.raising import Source, add_finding
from webapp.workdays import read_calendar

At = Callable[[str], Desk]


@pytest.fixture
def bureau(bureau: SmallBureau) -> SmallBureau:
    days = read_calendar(Path("webapp/sample/data/calendar.csv").read_text(encoding="utf-8"))
    with bureau.database.writing() as session:
        load_calendar(session, [day for day in days if day.day.year == 2008], by=None)
    clock.fix_day(date(2008, 9, 25))
    return orders.with_inspectors(bureau)


def test_an_order_goes_from_the_ledger_to_closure_through_the_forms(bureau: SmallBureau, desk: At) -> None:
    finding = confirmed(bureau)
    office, deputy, clerk = desk("office"), desk("deputy"), desk("clerk")
    assert f"/findings/{finding}" in office.get("/ledger").links
    shown = office.get(f"/orders/new?finding={finding}")
    assert "发往：污染控制科" in shown.text
    told = {"finding": str(finding), "title": "关于公示电话的整改通知", "limit_n": "5", "limit_unit": "working_day"}
    refused = office.post("/orders", told)
    assert refused.status == 422
    assert "关于公示电话的整改通知" in refused.body
    order = office.post("/orders", {**told, "measures": "限期改正"}).location
    assert desk("clerk").get(order).status == 404
    office.post(f"{order}/steps", {"event": "submit_order", "seen_version": "1"})
    form = {"event": "issue_order", "seen_version": "2"}
    assert "请填写发文字号" in deputy.post(f"{order}/steps", form).text
    assert deputy.post(f"{order}/steps", {**form, "document": "坛环督〔2008〕1号"}).status == 303
    number = order.rpartition("/")[2]
    assert clerk.post("/orders/acknowledgements", {"order": f"{number}:3"}).status == 303
    shown = clerk.get(order)
    assert "2008年10月7日" in shown.text
    assert "/clocks/" in "".join(shown.links)
    item = orders.items(bureau, int(number))[0]
    feedback = {"event": "submit_feedback", "seen_version": "4", f"done-{item}": "已更换电话"}
    feedback |= {f"evidence-{item}": "照片", f"root_cause-{item}": "work"}
    assert clerk.post(f"{order}/steps", {**feedback, f"evidence-{item}": ""}).status == 422
    assert clerk.post(f"{order}/steps", feedback).status == 303
    assert clerk.post(f"{order}/steps", feedback).status == 409
    fail = {"event": "reject_feedback", "seen_version": "5", f"result-{item}": "fail", f"reason-{item}": "仍无人接听"}
    assert office.post(f"{order}/steps", fail).status == 303
    assert "仍无人接听" in clerk.get(order).text
    assert clerk.post(f"{order}/steps", {**feedback, "seen_version": "6"}).status == 303
    assert office.post(f"{order}/steps", {"event": "accept_feedback", "seen_version": "7"}).status == 303
    refused = office.post(f"{order}/steps", {"event": "close_order", "seen_version": "8", "note": "已核"})
    assert refused.status == 403
    closing = {"event": "close_order", "seen_version": "8", "note": "已核"}
    assert desk("office2").post(f"{order}/steps", closing).status == 303
    assert "整改完成" in clerk.get("/ledger").text


def test_the_page_offers_what_the_rule_takes_and_says_why_not(bureau: SmallBureau, desk: At) -> None:
    order = issued(bureau)
    walk_to(bureau, order, "accepted")
    assert "您是本通知复核人" in desk("office").get(f"/orders/{order}").text
    assert "您是本通知" not in desk("office2").get(f"/orders/{order}").text
    assert desk("clerk2").get(f"/orders/{order}").status == 404


def test_feedback_comes_in_as_a_table_by_the_same_act(bureau: SmallBureau, desk: At) -> None:
    order = issued(bureau, confirmed(bureau), confirmed(bureau, "公开栏缺页"))
    take(bureau, bureau.clerk, order, Event.ACKNOWLEDGE)
    clerk = desk("clerk")
    assert clerk.client.get(f"/orders/{order}/feedback.xlsx").status_code == 200
    address = f"/orders/{order}/feedback-imports"

    def sent(rows: list[list[str]], version: str = "4") -> int:
        content = write_csv([["序号", "整改情况", "问题原因", "佐证材料"], *rows])
        told = {"seen_version": version, "file": (io.BytesIO(content), "回执.csv")}
        headers = {"Sec-Fetch-Site": "same-origin"}
        return clerk.client.post(address, data=told, content_type="multipart/form-data", headers=headers).status_code

    whole = [["1", "已改", "工作未落实", "照片"], ["2", "已补", "", "照片"]]
    assert sent(whole[:1]) == 422
    assert sent([*whole, ["9", "多", "", ""]]) == 422
    assert sent(whole, "3") == 409
    assert sent(whole) == 303
    assert "待复核" in clerk.get(f"/orders/{order}").text


@pytest.mark.parametrize("name", ["notice", "reply"])
def test_the_papers_of_an_order_are_shown_and_saved(bureau: SmallBureau, desk: At, name: str) -> None:
    order = issued(bureau)
    walk_to(bureau, order, "in_recheck")
    clerk = desk("clerk")
    shown = clerk.get(f"/orders/{order}/papers/{name}")
    assert "坛环督〔2008〕1号" in shown.text
    saved = clerk.client.get(f"/orders/{order}/papers/{name}.docx")
    assert saved.data[:2] == b"PK"
    assert clerk.get(f"/orders/{order}/papers/other").status == 404
    assert desk("clerk2").get(f"/orders/{order}/papers/{name}").status == 404


def test_the_ledger_is_filtered_by_its_address_exported_and_asks_few_queries(bureau: SmallBureau, desk: At) -> None:
    for number in range(12):
        confirmed(bureau, f"第{number}个问题")
    issued(bureau)
    office = desk("office")
    assert "第3个问题" not in office.get("/ledger?state=ordered").text
    text = office.client.get("/ledger/export?format=csv&state=confirmed").data.decode("utf-8-sig")
    assert len(text.splitlines()) == 13
    assert office.client.get("/ledger/export?format=xlsx").data[:2] == b"PK"
    for path, most in (("/ledger", 10), ("/orders", 11), ("/orders/1", 24)):
        with QueryCount(bureau) as counted:
            assert office.get(path).status == 200
        assert len(counted.statements) <= most, (path, len(counted.statements))


def test_whose_complaint_it_was_is_not_told_to_its_section(bureau: SmallBureau, desk: At) -> None:
    with bureau.database.writing() as session:
        add_finding(
            session,
            bureau.office,
            source=Source("complaint", 1, clock.today(), is_signed=True),
            section_id=bureau.sections["污染控制科"],
            fact="超期答复",
            severity="ordinary",
        )
    assert "投诉核实" in desk("office").get("/ledger").text
    assert "投诉核实" not in desk("clerk").get("/ledger").text
    assert "投诉核实" not in desk("clerk").get("/findings/1").text


def test_a_due_date_without_calendar_is_provisional_and_no_page_breaks(bureau: SmallBureau, desk: At) -> None:
    clock.fix_day(date(2008, 12, 30))
    order = issued(bureau)
    walk_to(bureau, order, "acknowledged")
    clerk = desk("clerk")
    assert "暂定" in clerk.get("/clocks").text
    address = next(link for link in clerk.get(f"/orders/{order}").links if link.startswith("/clocks/"))
    assert "此期限为暂定" in clerk.get(address).text
    assert desk("clerk2").get(address).status == 404
