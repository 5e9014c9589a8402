"""Rows of a chart under the editor's hands, its form, pasted text, citations in a cell, what differs, what is told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.bureau import flow_body
from harness.sample_laws import sample_library
from webapp.clock import today
from webapp.flows.checks import check_flow
from webapp.flows.citing import basis_text, read_basis, recognised
from webapp.flows.comparing import compared
from webapp.flows.editing import arranged
from webapp.flows.forms import chart_problems, drawable, is_chart_name, read_chart, without_blank_ways
from webapp.flows.kind import FLOW, empty_body, empty_step
from webapp.flows.outline import read_outline
from webapp.flows.pasting import read_pasted
from webapp.flows.telling import longest_ways, six_facts, told_steps
from webapp.rules import RuleBroken

Body = dict[str, Any]


def chart() -> Body:
    return chart_of(
        "总时限 20个工作日\n10 开始 申请 窗口岗\n20 判断 审查 审查岗 5个工作日*\n30 环节 决定 局长 8个工作日*\n"
        "40 结束 准予\n50 结束 不予\n10 > 20\n20 > 30 合格\n20 > 50 不合格\n30 > 40",
    )


def chart_of(outline: str) -> Body:
    body = read_outline(outline)
    steps = [{**empty_step(step["id"], step["kind"]), **step} for step in body["steps"]]
    return {**empty_body("LC-例-01", "示例流程"), **body, "steps": steps}


def form_of(body: Body) -> dict[str, list[str]]:
    """The form as a browser would send it."""
    form = {"name": [body["name"]], "audience": [body["audience"]], "procedure": [body["procedure"]]}
    form |= {"steps": [""], "transitions": [""]}

    def put_limit(where: str, limit: Body | None) -> None:
        shown = limit or {"n": "", "unit": "working_day", "start": ""}
        form.update({f"{where}-{part}": [str(shown[part])] for part in ("n", "unit", "start")})

    put_limit("total_limit", body["total_limit"])
    for at, step in enumerate(body["steps"]):
        for name, value in step.items():
            if name == "limit":
                put_limit(f"steps-{at}-limit", value)
            elif name == "basis":
                form[f"steps-{at}-basis"] = [basis_text(value)]
            elif name == "counts_towards_limit":
                form[f"steps-{at}-{name}"] = ["", "1"] if value else [""]
            else:
                form[f"steps-{at}-{name}"] = [value]
    for at, way in enumerate(body["transitions"]):
        form |= {f"transitions-{at}-{key}": [value] for key, value in way.items()}
    return form


def ids(body: Body) -> list[str]:
    return [step["id"] for step in body["steps"]]


def ways(body: Body) -> list[tuple[str, str, str]]:
    return [(way["from"], way["to"], way["condition"]) for way in body["transitions"]]


def test_a_step_put_between_two_stands_on_the_way_between_them() -> None:
    found = arranged(chart(), "insert-step-0")
    assert ids(found.body) == ["10", "15", "20", "30", "40", "50"]
    assert ways(found.body)[:2] == [("10", "15", ""), ("15", "20", "")]
    assert found.focus == "steps-1-name"
    assert found.body["steps"][1]["section"] == "示例科"


def test_a_step_put_behind_a_branching_leaves_its_ways_alone() -> None:
    found = arranged(chart(), "insert-step-1")
    assert ways(found.body) == ways(chart())
    assert ids(found.body)[2] == "25"


def test_ids_stay_when_rows_move_and_change_only_on_demand() -> None:
    moved = arranged(chart(), "down-step-1").body
    assert ids(moved) == ["10", "30", "20", "40", "50"]
    assert ways(moved) == ways(chart())
    again = arranged(moved, "renumber-steps").body
    assert ids(again) == ["10", "20", "30", "40", "50"]
    assert ways(again) == [("10", "30", ""), ("30", "20", "合格"), ("30", "50", "不合格"), ("20", "40", "")]


def test_moving_keeps_the_focus_on_a_button_that_is_there() -> None:
    assert arranged(chart(), "up-step-1").focus == "down-step-0"
    assert arranged(chart(), "down-step-3").focus == "up-step-4"
    assert arranged(chart(), "up-step-0").body == chart()


def test_a_removed_step_joins_what_led_to_it_with_where_it_led() -> None:
    found = arranged(chart(), "remove-step-2").body
    assert ("20", "40", "合格") in ways(found)
    assert ids(found) == ["10", "20", "40", "50"]
    assert all("30" not in way for way in ways(found))


def test_a_branch_makes_a_decision_and_asks_where_it_leads() -> None:
    found = arranged(chart(), "branch-step-2")
    assert found.body["steps"][2]["kind"] == "decision"
    assert ways(found.body)[-1] == ("30", "", "")
    assert found.focus == "transitions-4-to"


def test_a_full_table_refuses_another_row_with_a_sentence() -> None:
    body = {**chart(), "steps": [empty_step(str(number), "step") for number in range(80)]}
    with pytest.raises(RuleBroken, match="最多80个环节"):
        arranged(body, "add-step")
    body = {**chart(), "transitions": [{"from": "10", "to": "20", "condition": ""}] * 160}
    with pytest.raises(RuleBroken, match="最多160条走向"):
        arranged(body, "add-way")


@pytest.mark.parametrize("act", ["", "insert-step--1", "drop-step-1", "insert-step-9999", "add-step-1; x", "up-ways-1"])
def test_an_act_that_is_none_of_ours_is_refused(act: str) -> None:
    with pytest.raises(RuleBroken):
        arranged(chart(), act)


@given(
    st.lists(st.tuples(st.sampled_from(["insert", "remove", "up", "down", "branch"]), st.integers(0, 30)), max_size=25),
)
def test_whatever_is_pressed_ids_stay_different_and_ways_lead_between_steps(acts: list[tuple[str, int]]) -> None:
    body = chart()
    for act, at in acts:
        body = arranged(body, f"{act}-step-{at}").body
        assert len(set(ids(body))) == len(ids(body))
        assert all(way["from"] in ids(body) or not way["from"] for way in body["transitions"])
        assert all(way["to"] in {*ids(body), ""} for way in body["transitions"])
        assert not FLOW.check(without_blank_ways(drawable(body)))


@given(st.lists(st.integers(0, 15), max_size=20))
def test_steps_added_in_a_row_keep_a_sound_chart_sound(places: list[int]) -> None:
    body = chart()
    for at in places:
        before = body["steps"][min(at, len(body["steps"]) - 1)]
        if before["kind"] in {"start", "step"}:
            body = arranged(body, f"insert-step-{at}").body
    named = {**body, "steps": [{**step, "name": step["name"] or f"第{step['id']}环"} for step in body["steps"]]}
    assert [one.sentence for one in check_flow(named) if one.severity == "error"] == []


def test_the_form_gives_back_what_it_was_drawn_from() -> None:
    body = chart()
    body["steps"][1]["basis"] = [
        {"law": "行政处罚法", "edition": "1996", "article": "第36条", "role": "procedure", "kind": "law"},
    ]
    assert read_chart(form_of(body), body) == body


def test_a_row_that_moved_keeps_what_the_form_does_not_name() -> None:
    body = chart()
    body["steps"][1]["rights"] = "陈述申辩"
    form = {"steps": [""], "steps-0-id": ["20"], "steps-0-name": ["复查"], "steps-1-id": ["10"]}
    read = read_chart(form, body)
    assert [(step["id"], step["name"], step["rights"]) for step in read["steps"]] == [
        ("20", "复查", "陈述申辩"),
        ("10", "申请", ""),
    ]


def test_the_number_of_a_chart_is_no_input() -> None:
    assert read_chart({"number": ["LC-X-1"], "record": ["power"]}, chart())["number"] == "LC-例-01"
    assert not is_chart_name("number")
    assert not is_chart_name("record_id")


def test_what_cannot_be_read_stays_as_typed_with_its_message_at_its_input() -> None:
    form = form_of(chart()) | {"steps-1-limit-n": ["五"], "total_limit-n": ["10000"], "transitions-1-to": [""]}
    body = read_chart(form, chart())
    assert body["steps"][1]["limit"]["n"] == "五"
    assert [problem.field for problem in chart_problems(body)] == [
        "total_limit-n",
        "steps-1-limit-n",
        "transitions-1-to",
    ]
    assert not chart_problems(drawable(body)) or drawable(body)["total_limit"]["n"] == 10000


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("name", "甲" * 121),
        ("post", "甲" * 1001),
        ("conditions", "a\x07b"),
        ("rights", "a\ufffeb"),
        ("section", "a\u202eb"),
        ("control_point", "行\n" * 501),
        ("basis", "法" * 1001),
        ("kind", "loop"),
        ("risk_level", "extreme"),
    ],
)
def test_hostile_or_endless_text_is_refused_at_its_cell(name: str, text: str) -> None:
    body = read_chart(form_of(chart()) | {f"steps-2-{name}": [text]}, chart())
    assert [problem.field for problem in chart_problems(body)] == [f"steps-2-{name}"]


def test_too_many_rows_are_one_problem_of_the_table() -> None:
    form = {f"steps-{at}-name": ["某"] for at in range(90)}
    assert [problem.field for problem in chart_problems(read_chart(form, chart()))] == ["steps"]


def test_lines_from_word_become_steps_in_a_row() -> None:
    read = read_pasted("1. 受理(窗口岗)5个工作日\n\n二、审查(审查岗)，时限3日内。\n第3步 办结", section="污染控制科")
    assert [(s["kind"], s["name"], s["post"]) for s in read["steps"]] == [
        ("start", "受理", "窗口岗"),
        ("step", "审查", "审查岗"),
        ("end", "办结", ""),
    ]
    assert read["steps"][1]["limit"] == {"n": 3, "unit": "day", "start": "进入本环节之日"}
    assert [(way["from"], way["to"]) for way in read["transitions"]] == [("10", "20"), ("20", "30")]
    assert {step["section"] for step in read["steps"]} == {"污染控制科"}


def test_signs_of_full_width_are_read_like_those_of_half_width() -> None:
    text = "1、受理（窗口岗）５个工作日；\n2．现场核查，3日内\n（三）出具回执（含编号）。"
    read = read_pasted(text, section="污染控制科")
    assert [(s["name"], s["post"], s["limit"] and s["limit"]["n"]) for s in read["steps"]] == [
        ("受理", "窗口岗", 5),
        ("现场核查", "", 3),
        ("出具回执", "含编号", None),
    ]


def test_the_short_form_is_read_too_and_a_bad_line_is_named() -> None:
    read = read_pasted("10 开始 申请 窗口岗\n20 结束 办结\n10 > 20", section="财务科")
    assert [step["name"] for step in read["steps"]] == ["申请", "办结"]
    assert FLOW.check({**empty_body("LC-1", "某"), **read}) == []
    with pytest.raises(RuleBroken, match="第2行"):
        read_pasted("10 开始 申请\n((((\n10 > 20", section="财务科")
    with pytest.raises(RuleBroken, match="时限无法识别"):
        read_pasted("10 开始 申请 岗 五天\n20 结束 办结", section="财务科")
    with pytest.raises(RuleBroken, match="第1行"):
        read_pasted("((((\n办结", section="财务科")
    assert read_pasted(" \n", section="财务科") == {}


@given(st.text(max_size=300))
def test_no_pasted_text_breaks_the_reader(text: str) -> None:
    try:
        read = read_pasted(text, section="财务科")
    except RuleBroken:
        return
    assert all(set(step) == set(empty_step("1", "step")) for step in read.get("steps", ()))


def test_a_cell_of_citations_keeps_the_rows_that_stood_there() -> None:
    kept = {"law": "行政处罚法", "edition": "1996", "article": "第36条", "role": "sanction", "kind": "law"}
    rows = read_basis("《行政处罚法》(1996)第36条；行政许可法 32", [kept])
    assert rows[0] == kept
    assert (rows[1]["law"], rows[1]["article"]) == ("行政许可法", "第32条")
    assert read_basis("", [kept]) == []


def test_new_citations_are_named_as_the_library_names_them() -> None:
    library = sample_library()
    law = library.laws[0]
    body = chart()
    body["steps"][1]["basis"] = read_basis(f"{law.full_name or law.name} 5；某不存在的办法 3", [])
    found = recognised(body, chart(), library, today())["steps"][1]["basis"]
    assert found[0]["law"] == law.name
    assert found[0]["kind"]
    assert (found[1]["law"], found[1]["kind"]) == ("某不存在的办法", "")


def test_what_changed_is_told_in_sentences_and_side_by_side() -> None:
    before, after = chart(), arranged(chart(), "insert-step-0").body
    after["steps"][1]["name"] = "受理"
    after["steps"][2]["limit"] = {"n": 10, "unit": "working_day", "start": ""}
    after["transitions"][-1]["condition"] = "签发"
    del after["steps"][5]
    after["transitions"] = [way for way in after["transitions"] if way["to"] != "50"]
    told = compared(before, after)
    text = "\n".join(told.sentences)
    assert "新增环节『受理』(15)。" in text
    assert "删去环节『不予』(50)。" in text
    assert "时限由“5个工作日(自进入本环节之日起)”改为“10个工作日”" in text
    assert "条件由“空”改为“签发”" in text
    assert "删去走向：从『审查』到『不予』(条件“不合格”)。" in text
    assert [(pair.id, pair.change) for pair in told.pairs] == [
        ("10", "same"),
        ("15", "added"),
        ("20", "changed"),
        ("30", "same"),
        ("40", "same"),
        ("50", "removed"),
    ]
    assert compared(before, before).sentences == ()


def test_the_numbered_text_says_who_how_long_and_what_follows() -> None:
    body = chart()
    body["steps"][1].update(risk_point="压件", risk_level="high", measure="限时督办", control_point="两人审查")
    told = told_steps(body, with_risks=True)[1]
    assert told.heading == "第2步 审查"
    assert "由示例科审查岗办理，时限5个工作日。" in told.sentences
    assert "廉政风险点(等级高)：压件。" in told.sentences
    assert told.sentences[-1] == "接下来：合格的，到第3步『决定』；不合格的，到第5步『不予』。"
    assert not any("压件" in sentence for sentence in told_steps(body, with_risks=False)[1].sentences)
    assert told_steps(body, with_risks=True)[3].sentences[-1] == "到此结束。"


def test_the_total_is_explained_by_the_longest_way() -> None:
    (sentence,) = longest_ways(chart())
    assert "从『申请』出发，经『审查』、『决定』到『准予』" in sentence
    assert "『审查』5个工作日、『决定』8个工作日，合计13个工作日，总时限20个工作日。" in sentence
    assert longest_ways(empty_body("LC-1", "某")) == ()


def test_the_six_facts_say_where_they_are_missing() -> None:
    facts = six_facts(chart(), complaint="")
    assert [fact.label for fact in facts] == [
        "条件",
        "承办岗位",
        "办理时限",
        "监督制约环节",
        "相对人的权利",
        "投诉举报途径和方式",
    ]
    assert [fact.is_complete for fact in facts] == [False, True, True, False, False, True]


def test_what_it_refines_is_in_the_digest_and_in_nothing_public() -> None:
    inner = {**flow_body("LC-CF-007N"), "refines": "LC-CF-02"}
    inner["steps"][1]["refines"] = "20"
    assert FLOW.check(inner) == []
    assert FLOW.public_part(inner, lambda _number: True) == {}
    assert FLOW.join({}, FLOW.internal_part(inner, lambda _number: True)) == inner
    assert FLOW.check({**inner, "audience": "external"})
    assert FLOW.check({**flow_body("LC-CF-007N"), "refines": ""})
