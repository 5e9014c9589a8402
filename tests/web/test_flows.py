"""Charts on screen: the list, a new one, its three forms, its drawing, the powers it serves, who may see what."""

import json
import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from harness import walk
from harness.bureau import SmallBureau, flow_body, power_body
from harness.desks import Desk, QueryCount
from webapp.flows.drawings import BUSY
from webapp.reviews.chain import Action
from webapp.revisions.models import Draft
from webapp.web import drawings

At = Callable[[str], Desk]
NUMBER = "LC-CF-02"
HOSTILE = [
    "<是>",
    '<<TABLE HREF="javascript:alert(1)"><TR><TD>x</TD></TR></TABLE>>',
    '<IMG SRC="/etc/passwd"/>',
    "\\N\\G\\l];->a:b{c|d}%\\",
    "&lt;b&gt;\"'",
    "</title><script>alert(1)</script>",
    '" onload="alert(1)',
    '<div hx-get="/x" hx-trigger="load">',
]


def made(bureau: SmallBureau, **changes: object) -> int:
    return walk.create(bureau, bureau.clerk, "flow", flow_body(NUMBER, **changes), code=NUMBER)


def power(bureau: SmallBureau, by: str, section: str, code: str, **changes: object) -> int:
    body = power_body(flows=[NUMBER], flow_required=True, flow_reason="", **{"section": section, **changes})
    return walk.create(bureau, getattr(bureau, by), "power", body, code=code)


def draft_of(bureau: SmallBureau, record: int) -> str:
    with bureau.database.reading() as session:
        return session.get_one(Draft, record).body


def test_the_list_is_narrowed_down_by_its_address(bureau: SmallBureau, desk: At) -> None:
    made(bureau)
    inner_body = {**flow_body(NUMBER), "number": "LC-N-1", "audience": "internal"}
    walk.create(bureau, bureau.clerk, "flow", inner_body, code="LC-N-1")
    clerk = desk("clerk")
    assert "LC-N-1" in clerk.get("/flows").text
    inner = clerk.get("/flows?audience=internal")
    assert "LC-N-1" in inner.text
    assert NUMBER not in inner.text
    assert "共 1 项" in inner.text
    assert "范围：内部流程图" in inner.text
    assert any("audience=internal" in link and "stage=draft" in link for link in inner.links)
    found = clerk.get("/flows?q=LC-CF&stage=draft&audience=external", fragment=True)
    assert found.is_fragment
    assert NUMBER in found.text
    assert "没有符合条件的流程图" in clerk.get("/flows?q=zz").text
    assert clerk.get("/flows?page=0").status == 422


def test_the_list_counts_powers_without_telling_of_foreign_drafts(bureau: SmallBureau, desk: At) -> None:
    record = made(bureau)
    own = power(bureau, "clerk", "污染控制科", "JTHB-XK-001")
    foreign = power(bureau, "clerk2", "环境监察大队", "JTHB-XK-002", name="别科室的草稿")
    clerk = desk("clerk")
    assert "1项" in clerk.get("/flows").text
    page = clerk.get(f"/flows/{record}")
    assert f"/powers/{own}" in page.links
    assert "别科室的草稿" not in page.body
    assert "另有" not in page.text
    walk.submit(bureau, bureau.clerk2, foreign)
    assert "2项" in clerk.get("/flows").text
    shown = clerk.get(f"/flows/{record}")
    assert "另有1项其他科室的职权使用本图" in shown.text
    assert "别科室的草稿" not in shown.body
    assert f"/powers/{foreign}" not in shown.links


def test_a_chart_is_shown_as_drawing_table_and_text(bureau: SmallBureau, desk: At) -> None:
    record = made(bureau)
    clerk = desk("clerk")
    drawn = clerk.get(f"/flows/{record}")
    assert drawn.h1s == 1
    assert len(set(drawn.ids)) == len(drawn.ids)
    assert "<svg" in drawn.body
    table = clerk.get(f"/flows/{record}?view=table")
    assert "<svg" not in table.body
    assert "现场查明违法事实" in table.text
    text = clerk.get(f"/flows/{record}?view=text").text
    assert re.search(r"第2步 \S+ 由污染控制科\S*办理", text)
    assert "接下来：" in text
    for shown in (drawn, table):
        assert "应写明的六项" in shown.body
        assert "总时限" in shown.text or "没有写办理时限" in shown.text


def test_the_frame_says_hours_telephones_limits_and_version(bureau: SmallBureau, desk: At) -> None:
    record = made(bureau)
    limit = {"n": 7, "unit": "day", "start": "当场"}
    power(bureau, "clerk", "污染控制科", "JTHB-XK-001", promised_limit=limit, statutory_limit=None)
    shown = desk("clerk").get(f"/flows/{record}").text
    assert "承办机构 污染控制科" in shown
    assert "承诺时限 7日" in shown
    assert "版本 草稿（第1次保存）" in shown
    assert "审定日期 —" in shown


def test_submitting_a_chart_names_the_powers_it_touches(bureau: SmallBureau, desk: At) -> None:
    record = made(bureau, steps=[{**step, "basis": []} for step in flow_body()["steps"]])
    power(bureau, "clerk", "污染控制科", "JTHB-XK-001", name="甲项许可")
    page = desk("clerk").get(f"/flows/{record}")
    assert "送审涉及1项职权" in page.text
    assert "JTHB-XK-001 甲项许可" in page.text


def test_a_chart_that_contradicts_its_power_is_not_submitted_nor_the_power(bureau: SmallBureau, desk: At) -> None:
    record, told = made(bureau), "但《甲项许可》的行使依据中没有这一条"
    entry = power(bureau, "clerk", "污染控制科", "JTHB-XK-001", name="甲项许可", basis=[])
    clerk = desk("clerk")
    assert told in clerk.get(f"/flows/{record}").text
    refused = clerk.post(f"/flows/{record}/review-steps", {"action": "submit", "seen_version": "1"})
    assert (refused.status, told in refused.text) == (403, True)
    assert walk.stage_of(bureau, record) == "draft"
    refused = clerk.post(f"/powers/{entry}/review-steps", {"action": "submit", "seen_version": "1"})
    assert refused.status == 403


def test_risk_points_are_shown_inside(bureau: SmallBureau, desk: At) -> None:
    body = flow_body(NUMBER)
    body["steps"][1].update(risk_point="以情代法", risk_level="high", measure="两人办理")
    record = walk.create(bureau, bureau.clerk, "flow", body, code=NUMBER)
    walk.submit(bureau, bureau.clerk, record)
    for username in ("clerk", "office"):
        for view in ("table", "text"):
            assert "以情代法" in desk(username).get(f"/flows/{record}?view={view}").text


def test_another_section_learns_nothing_of_a_draft(bureau: SmallBureau, desk: At) -> None:
    record = made(bureau, name="尚未送审的图")
    stranger = desk("clerk2")
    sent = {"steps-0-name": "改"}
    answers = [
        stranger.get(f"/flows/{record}"),
        stranger.get(f"/flows/{record}/flow.svg"),
        stranger.get(f"/flows/{record}/flow.svg?revision=1"),
        stranger.get(f"/flows/{record}/compare"),
        stranger.get(f"/flows/{record}/draft"),
        stranger.post(f"/flows/{record}/draft", {**sent, "seen_version": "1"}),
        stranger.post(f"/flows/{record}/draft", {**sent, "arrange": "add-step"}),
        stranger.post(f"/flows/{record}/draft/preview", sent, fragment=True),
        stranger.post(f"/flows/{record}/draft/autosave", {**sent, "seen_version": "1"}, fragment=True),
        stranger.post(f"/flows/{record}/draft/discards", {}),
        stranger.post(
            "/flows", {"name": "抄", "section": "环境监察大队", "series": "CF", "start": "copy", "model": record}
        ),
    ]
    assert [shown.status for shown in answers] == [404] * len(answers)
    assert not any("尚未送审的图" in shown.body for shown in answers)
    assert "尚未送审的图" not in stranger.get("/flows/new").body
    assert "尚未送审的图" not in stranger.get("/flows?q=尚未").body
    assert '"改"' not in draft_of(bureau, record)


def test_the_office_sees_what_was_submitted_and_may_not_edit_it(bureau: SmallBureau, desk: At) -> None:
    record = made(bureau)
    office = desk("office")
    assert office.get(f"/flows/{record}").status == 404
    walk.submit(bureau, bureau.clerk, record)
    shown = office.get(f"/flows/{record}")
    assert shown.status == 200
    assert f"/flows/{record}/draft" not in shown.links
    assert desk("clerk").get(f"/flows/{record}/draft").status == 403


def test_the_drawing_is_a_file_that_can_do_nothing(bureau: SmallBureau, desk: At) -> None:
    record = made(bureau)
    shown = desk("clerk").get(f"/flows/{record}/flow.svg")
    assert shown.headers["Content-Type"].startswith("image/svg+xml")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    ET.fromstring(shown.body)  # noqa: S314 - our own drawing, which must parse


def test_a_revision_is_drawn_for_those_who_may_see_it(bureau: SmallBureau, desk: At) -> None:
    record = made(bureau)
    walk.submit(bureau, bureau.clerk, record)
    walk.act(bureau, bureau.clerk, record, Action.RECALL)
    assert desk("clerk").get(f"/flows/{record}/flow.svg?revision=1").status == 200
    assert desk("clerk").get(f"/flows/{record}/flow.svg?revision=2").status == 404
    assert desk("clerk").get(f"/flows/{record}/flow.svg?revision=x").status == 422
    assert desk("office").get(f"/flows/{record}/flow.svg?revision=1").status == 404


def test_a_chart_without_a_drawing_says_so_and_shows_its_steps(
    bureau: SmallBureau, desk: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = made(bureau)
    gate = drawings.LayoutGate(at_once=1)
    monkeypatch.setattr(drawings, "layout_gate", lambda: gate)
    assert gate._free.acquire(blocking=False)  # noqa: SLF001 - somebody else is drawing
    clerk = desk("clerk")
    shown = clerk.get(f"/flows/{record}")
    assert shown.status == 200
    assert BUSY[:12] in shown.text
    assert "步骤表" in shown.text
    assert "现场查明违法事实" in shown.text
    refused = clerk.get(f"/flows/{record}/flow.svg")
    assert refused.status == 503
    assert "绘图任务较多" in refused.text
    late = clerk.post(f"/flows/{record}/draft/preview", {"name": "某图"}, fragment=True)
    assert late.status == 503
    assert "绘图任务较多" in late.text


def test_a_chart_without_steps_has_no_drawing(bureau: SmallBureau, desk: At) -> None:
    record = walk.create(bureau, bureau.clerk, "flow", flow_body(NUMBER), code=NUMBER)
    clerk = desk("clerk")
    assert clerk.post(f"/flows/{record}/draft", {"steps": "", "transitions": "", "seen_version": "1"}).status == 303
    refused = clerk.get(f"/flows/{record}/flow.svg")
    assert refused.status == 404
    assert "还没有环节" in refused.text
    assert clerk.get(f"/flows/{record}").status == 200


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_words_in_every_form(text: str, bureau: SmallBureau, desk: At) -> None:
    body = flow_body(NUMBER, name=text)
    for step in body["steps"]:
        step.update(dict.fromkeys(("name", "post", "conditions", "control_point", "risk_point", "rights"), text))
    for way in body["transitions"]:
        way["condition"] = text
    record = walk.create(bureau, bureau.clerk, "flow", body, code=NUMBER)
    clerk = desk("clerk")
    svg = ET.fromstring(clerk.get(f"/flows/{record}/flow.svg").body)  # noqa: S314 - our own drawing
    said = ["".join(node.itertext()) for node in svg.iter() if node.tag.endswith("}text")]
    assert text in said
    assert {node.tag.rpartition("}")[2] for node in svg.iter()}.isdisjoint({"a", "image", "script", "foreignObject"})
    for address in ("", "?view=table", "?view=text", "/draft", "/compare"):
        shown = clerk.get(f"/flows/{record}{address}")
        assert shown.status == 200
        assert not [tag for tag, given in shown.tags if tag == "script" and "src" not in given]
        assert not [tag for tag, given in shown.tags if any(name.startswith("on") for name in given)]
        assert not [given for _, given in shown.tags if given.get("hx-get") == "/x"]


def test_a_new_chart_gets_the_next_number_of_its_series(bureau: SmallBureau, desk: At) -> None:
    made(bureau)
    clerk = desk("clerk")
    assert "下一号 LC-CF-003" in clerk.get("/flows/new").body
    sent = {"name": "新图", "section": "污染控制科", "series": "CF", "audience": "external", "start": "empty"}
    done = clerk.post("/flows", sent)
    assert done.status == 303
    assert done.location.endswith("/draft")
    inner = clerk.post("/flows", {**sent, "audience": "internal"})
    pages = clerk.get("/flows").text
    assert "LC-CF-003" in pages
    assert "LC-CF-004N" in pages
    assert clerk.get(inner.location).status == 200


def test_a_chart_is_made_from_pasted_text(desk: At) -> None:
    clerk = desk("clerk")
    outline = "1. 受理(污控窗口岗)2个工作日\r\n2. 核对(固废管理岗)3个工作日\r\n3. 出具回执(污控窗口岗)"
    done = clerk.post("/flows", {"number": "LC-QT-901", "name": "备案", "section": "污染控制科", "outline": outline})
    page = clerk.get(done.location)
    assert 'value="核对"' in page.body
    assert "共3个环节" in page.text
    assert "<svg" in page.body


def test_a_chart_is_begun_as_a_statutory_flow(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    shown = clerk.get("/flows/new").text
    assert "行政许可(14个环节)" in shown
    sent = {"name": "某许可", "section": "污染控制科", "start": "statutory", "sample": "licence"}
    done = clerk.post("/flows", sent)
    page = clerk.get(done.location)
    assert "LC-XK-" in page.text
    assert "共14个环节" in page.text
    body = json.loads(draft_of(bureau, int(done.location.split("/")[2])))
    assert {step["section"] for step in body["steps"]} == {"污染控制科", "局领导"}
    assert body["steps"][1]["basis"][0]["law"] == "行政许可法"
    assert body["total_limit"] == {"n": 20, "unit": "working_day", "start": "受理之日"}


def test_a_chart_is_copied_from_one_that_is_seen(bureau: SmallBureau, desk: At) -> None:
    record = made(bureau)
    done = desk("clerk").post(
        "/flows",
        {"name": "抄来的", "section": "污染控制科", "number": "LC-CF-77", "start": "copy", "model": str(record)},
    )
    page = desk("clerk").get(done.location)
    assert "抄来的" in page.h1
    assert "现场查明违法事实" in page.body
    assert "LC-CF-77" in page.text


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"number": NUMBER}, "已有流程图使用"),
        ({"number": "LC <b>"}, "图号只能用"),
        ({"number": "", "series": ""}, "请填写图号，或选择图号的类别"),
        ({"name": "甲" * 121}, "图名过长"),
        ({"name": " "}, "请填写图名"),
        ({"section": "不存在"}, "请选择承办部门"),
        ({"audience": "all"}, "请选择外部流程图或内部流程图"),
        ({"outline": "1. 受理\n((((\n"}, "第2行"),
        ({"start": "copy", "model": ""}, "请选择要照抄的流程图"),
        ({"start": "statutory", "sample": "none"}, "请选择一个范本"),
    ],
)
def test_a_new_chart_is_refused_with_a_sentence_and_nothing_typed_is_lost(
    sent: dict[str, str], sentence: str, bureau: SmallBureau, desk: At
) -> None:
    made(bureau)
    given = {
        "name": "要留住的名字",
        "section": "污染控制科",
        "number": "LC-ZF-9",
        "outline": "1. 要留住\n2. 办结",
        **sent,
    }
    shown = desk("clerk").post("/flows", given)
    assert shown.status == 422
    assert sentence in shown.text
    for text in (given["name"].strip(), given["outline"].splitlines()[0], given["number"]):
        assert text.replace("<", "&lt;").replace(">", "&gt;") in shown.body
    assert "LC-ZF-9" not in desk("clerk").get("/flows").text


def test_a_chart_is_not_made_for_another_section(desk: At) -> None:
    sent = {"name": "某图", "section": "环境监察大队", "number": "LC-ZF-9"}
    assert desk("clerk").post("/flows", sent).status == 403


def test_two_versions_are_compared_in_sentences_and_side_by_side(bureau: SmallBureau, desk: At) -> None:
    record = made(bureau)
    walk.submit(bureau, bureau.clerk, record)
    walk.act(bureau, bureau.clerk, record, Action.RECALL)
    clerk = desk("clerk")
    body = flow_body(NUMBER)
    form = {f"steps-{at}-id": step["id"] for at, step in enumerate(body["steps"])}
    assert clerk.post(f"/flows/{record}/draft", {**form, "steps-1-name": "先行登记", "seen_version": "1"}).status == 303
    page = clerk.get(f"/flows/{record}/compare")
    assert "名称由“" in page.text
    assert "”改为“先行登记”" in page.text
    assert "有改动" in page.text
    assert clerk.get(f"/flows/{record}/compare?from=1&to=1").text.count("内容相同") == 1
    assert clerk.get(f"/flows/{record}/compare?from=9&to=1").status == 404
    assert f"/flows/{record}/compare" in clerk.get(f"/flows/{record}").links


def test_pages_ask_the_database_a_bounded_number_of_times(bureau: SmallBureau, desk: At) -> None:
    record = made(bureau)
    clerk = desk("clerk")
    limits = {"/flows": 10, f"/flows/{record}": 45, f"/flows/{record}/draft": 19, "/flows/new": 8}
    for step in range(2):
        for address, limit in limits.items():
            with QueryCount(bureau) as count:
                assert clerk.get(address).status == 200
            assert len(count) <= limit, (address, len(count))
        if step == 0:
            for number in range(12):
                power(bureau, "clerk", "污染控制科", f"JTHB-XK-{number + 101}", name=f"第{number}项")
