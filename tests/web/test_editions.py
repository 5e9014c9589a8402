"""Editions and charts on screen: the office prepares, the general office releases, a chart shows its drawing."""

from collections.abc import Callable
from datetime import date

from harness import walk
from harness.bureau import SmallBureau, flow_body, sample_lines
from harness.desks import Desk
from webapp.reviews import intake

At = Callable[[str], Desk]


def adopt(bureau: SmallBureau) -> None:
    lines = [line for line in sample_lines() if line.get("code") in {"JTHB-CF-003", "JTHB-XK-001"}]
    for line in lines:
        line["flows"] = []
    with bureau.database.writing() as session:
        intake.adopt_catalogue(
            session,
            bureau.office,
            enumerate(lines, 1),
            document="坛优组字〔2008〕2号",
            decided_on=date(2008, 8, 27),
        )


def test_the_office_prepares_and_the_general_office_releases(bureau: SmallBureau, desk: At) -> None:
    adopt(bureau)
    office, publisher = desk("office"), desk("publisher")
    assert office.post("/editions", {}).status == 303
    refused = publisher.post("/editions/release", {"document": ""})
    assert refused.status == 422
    assert "请填写政务信息公开审批单号" in refused.text
    assert office.post("/editions/release", {"document": "审批单1"}).status == 403
    assert publisher.post("/editions/release", {"document": "审批单1"}).status == 303
    shown = office.get("/editions").text
    assert "社会公开版第1号" in shown
    assert "已发布" in shown


def test_what_was_prepared_can_be_discarded(bureau: SmallBureau, desk: At) -> None:
    adopt(bureau)
    office = desk("office")
    office.post("/editions", {})
    assert office.post("/editions/discard", {}).status == 303
    assert office.post("/editions/discard", {}).status == 409


def test_the_general_office_takes_a_power_down_and_lets_it_in_again(bureau: SmallBureau, desk: At) -> None:
    adopt(bureau)
    office, publisher = desk("office"), desk("publisher")
    office.post("/editions", {})
    publisher.post("/editions/release", {"document": "审批单1"})
    path, why = "/editions/withdrawals", {"code": "JTHB-XK-001", "reason": "写错了时限", "document": "审批单2"}
    assert office.post(path, why).status == 403
    refused = publisher.post(path, {**why, "document": " "})
    assert refused.status == 422
    assert "请填写依据文号" in refused.text
    assert "写错了时限" in refused.text
    assert publisher.post(path, {**why, "code": "JTHB-XK-999"}).status == 422
    assert publisher.post(path, why).status == 303
    shown = publisher.get(path)
    assert publisher.post(path, why).status == 409
    assert "1个公开包已换成说明，新发布1版" in shown.body
    assert "写错了时限" in office.get(path).text
    assert "社会公开版第2号" in office.get("/editions").text
    lift = next(form.action for form in shown.forms if form.action.endswith("/liftings"))
    assert publisher.post(lift, {"reason": "", "document": "审批单3"}).status == 422
    assert publisher.post(lift, {"reason": "已更正", "document": "审批单3"}).status == 303
    assert publisher.post(lift, {"reason": "已更正", "document": "审批单3"}).status == 409
    assert publisher.post("/editions/withdrawals/99/liftings", {"reason": "甲", "document": "乙"}).status == 404
    assert "已更正" in office.get(path).text
    assert office.post("/editions", {}).status == 303


def test_a_chart_shows_drawing_and_steps_to_its_section_and_to_nobody_else(bureau: SmallBureau, desk: At) -> None:
    record = walk.create(bureau, bureau.clerk, "flow", flow_body(), code="LC-CF-02")
    clerk, stranger = desk("clerk"), desk("clerk2")
    page = clerk.get(f"/flows/{record}").text
    assert "行政处罚简易程序" in page
    assert "现场查明违法事实" in page
    assert "共10个环节" in page  # the description inside the drawing
    assert clerk.get(f"/flows/{record}/flow.svg").status == 200
    assert "LC-CF-02" in clerk.get("/flows").text
    assert stranger.get(f"/flows/{record}").status == 404
    assert stranger.get(f"/flows/{record}/flow.svg").status == 404
    assert "LC-CF-02" not in stranger.get("/flows").text
