"""Checks of a chart: every rule by its own examples, the sample charts, and random step tables against a brute walk."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.flows.agreeing import EXAMPLE, title
from webapp.flows.checks import PAIR_RULES, RULES, Severity, check_against_power, check_flow, errors
from webapp.flows.editing import arranged
from webapp.flows.findings import Chart, Finding, PairRule, Rule
from webapp.flows.forms import drawable
from webapp.flows.kind import empty_body
from webapp.flows.outline import read_outline

Body = dict[str, Any]
POWER: Body = {
    "code": "JTHB-XK-001",
    "name": "示例许可",
    "section": "示例科",
    "joint_sections": [],
    "support_sections": ["宣教法制科"],
    "procedure": "actual",
    "statutory_limit": {"n": 20, "unit": "day", "start": "受理之日"},
    "promised_limit": {"n": 10, "unit": "day", "start": "受理之日"},
    "complaint_channel": "拨打监督电话",
    "basis": [{"kind": "law", "law": "行政许可法", "edition": "2003", "article": "第32条", "role": "procedure"}],
}


def sample_records() -> list[Body]:
    found = sorted(Path(__file__).parents[2].glob("webapp/**/catalogue.jsonl"))
    if not found:
        pytest.skip("the sample catalogue is not here")
    return [json.loads(line) for line in found[0].read_text("utf-8").splitlines()]


def sentences(outline: str) -> dict[str, str]:
    return {finding.rule: finding.sentence for finding in check_flow(read_outline(outline))}


def limited(days: str) -> Body:
    return read_outline(
        f"总时限 10日\n10 开始 申请 窗口岗\n20 环节 审查 审查岗 {days}*\n30 结束 办结 窗口岗\n10 > 20\n20 > 30"
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_passes_its_valid_and_catches_its_invalid_example(rule: Rule) -> None:
    assert rule.findings(Chart(read_outline(rule.valid))) == []
    caught = rule.findings(Chart(read_outline(rule.invalid)))
    assert caught
    for finding in caught:
        assert (finding.rule, finding.severity) == (rule.id, rule.severity)
        assert finding.sentence.endswith("。")
        assert not {"节点", "用户", "驳回", "!"} & set(finding.sentence)


@pytest.mark.parametrize("rule", PAIR_RULES, ids=lambda rule: rule.id)
def test_every_rule_beside_an_entry_passes_its_valid_and_catches_its_invalid_example(rule: PairRule) -> None:
    outline, said = rule.valid
    assert rule.findings(Chart(read_outline(outline)), {**EXAMPLE, **said}) == []
    outline, said = rule.invalid
    caught = rule.findings(Chart(read_outline(outline)), {**EXAMPLE, **said})
    assert caught
    for finding in caught:
        assert (finding.rule, finding.severity) == (rule.id, rule.severity)
        assert finding.sentence.endswith("。")
        assert title({**EXAMPLE, **said}) in finding.sentence


def test_rules_have_ids_of_their_own_and_say_what_they_are_for() -> None:
    every = (*RULES, *PAIR_RULES)
    assert len({rule.id for rule in every}) == len(every)
    assert all(rule.title and rule.help.endswith("。") for rule in every)
    assert all(rule.source for rule in PAIR_RULES if rule.begins or rule.ends)


def test_the_same_chart_is_judged_by_the_law_of_the_entrys_reference_date() -> None:
    records = sample_records()
    chart = next(record for record in records if record.get("number") == "LC-CF-01")
    power = next(r for r in records if r["record"] == "power" and "LC-CF-01" in r["flows"])

    assert not errors(check_against_power(chart, power))
    today = errors(check_against_power(chart, {**power, "reference_date": "2026-11-24"}))
    assert {finding.rule for finding in today} == {"F62", "F65"}
    assert any("起诉期限是15日" in f.sentence and "应为6个月" in f.sentence for f in today)
    assert not {"F61", "F64"} & {f.rule for f in check_against_power(chart, {**power, "reference_date": ""})}


def test_a_way_around_the_notice_is_shown_as_a_path_that_exists() -> None:
    body = read_outline(
        "10 开始 立案 执法岗\n20 判断 是否复杂 执法岗\n30 环节 事先告知 执法岗\n40 环节 制作处罚决定书 法制岗\n"
        "50 结束 结案 执法岗\n10 > 20\n20 > 30 是\n20 > 40 否\n30 > 40\n40 > 50"
    )
    power = {**EXAMPLE, "category": "penalty"}

    found = next(f for f in check_against_power(body, power) if f.rule == "F67")

    assert found.steps == ("10", "20", "40")
    assert found.sentence.startswith("从『立案』出发，经『是否复杂』到『制作处罚决定书』，一路没有告知")


def test_a_loop_without_exit_is_shown_as_a_path() -> None:
    told = sentences("10 开始 申请\n20 环节 审查\n30 环节 补正\n40 结束 办结\n10 > 20\n20 > 30\n30 > 20")

    assert told["F11"].startswith("从『审查』出发，经『补正』回到『审查』，没有任何出口。")


def test_the_sum_says_what_it_added() -> None:
    told = [finding for finding in check_flow(limited("12日")) if finding.rule == "F27"]

    assert told[0].sentence.startswith("最长的一条路径上，『审查』12日，合计12日，超过总时限10日。")
    assert told[0].steps == ("10", "20", "30")


def test_working_days_and_calendar_days_are_never_added() -> None:
    body = read_outline(
        "10 开始 申请 窗口岗\n20 环节 审查 审查岗 8日*\n25 环节 复核 审查岗 5个工作日*\n30 结束 办结\n"
        "10 > 20\n20 > 25\n25 > 30\n总时限 10日"
    )

    told = {finding.rule: finding.sentence for finding in check_flow(body)}

    assert "F27" not in told
    assert "『复核』却以工作日计，不能相加" in told["F26"]


def test_findings_come_with_the_gravest_first() -> None:
    found = check_flow(read_outline("10 开始 申请\n20 环节 审查\n20 > 20"))

    assert [finding.severity for finding in found] == sorted(
        (finding.severity for finding in found), key=["error", "warning", "advice"].index
    )
    assert len({finding.severity for finding in found}) == 3
    assert all(finding.severity is Severity.ERROR for finding in errors(found))


def test_an_empty_chart_and_half_typed_rows_are_explained_and_not_a_crash() -> None:
    assert {finding.rule for finding in check_flow({})} == {"F05", "F06"}
    assert check_flow({"steps": [{"id": "", "kind": ""}], "transitions": [{"from": "", "to": "", "condition": ""}]})


def test_the_sample_charts_have_no_errors() -> None:
    flows = [record for record in sample_records() if record["record"] == "flow"]

    assert len(flows) == 97
    assert [(flow["number"], finding) for flow in flows for finding in errors(check_flow(flow))] == []


def test_the_sample_charts_agree_with_the_entries_they_serve() -> None:
    records = sample_records()
    flows = {record["number"]: record for record in records if record["record"] == "flow"}
    pairs = [(flows[n], power) for power in records if power["record"] == "power" for n in power["flows"]]

    assert len(pairs) > 149
    assert [found for flow, power in pairs for found in errors(check_against_power(flow, power))] == []


def test_a_chart_that_agrees_with_its_entry_raises_nothing() -> None:
    assert check_against_power(limited("8日"), POWER) == ()


def test_a_way_over_the_promised_limit_names_the_power_and_the_path() -> None:
    found = check_against_power(limited("12日"), POWER)

    assert [(finding.rule, finding.steps) for finding in found] == [("F41", ("10", "20", "30"))]
    assert "合计12日，超过《示例许可》的承诺时限10日" in found[0].sentence


def test_over_the_statutory_limit_too_is_told_apart() -> None:
    body = limited("25日") | {"total_limit": {"n": 25, "unit": "day", "start": ""}}

    assert [finding.rule for finding in check_against_power(body, POWER)] == ["F40", "F41", "F42", "F42"]


def test_other_units_than_the_entrys_are_a_warning() -> None:
    found = check_against_power(limited("8个工作日"), POWER)

    assert {(finding.rule, finding.severity) for finding in found} == {("F43", Severity.WARNING)}


def test_sections_outside_the_power_and_bases_outside_the_entry_are_errors() -> None:
    body = limited("8日")
    body["steps"][1]["section"] = "污染控制科"
    body["steps"][0]["section"] = "局领导"
    body["steps"][2]["section"] = "宣教法制科"
    body["steps"][1]["basis"] = [{"law": "行政许可法", "article": "第32条"}, {"law": "行政许可法", "article": "第42条"}]

    found = {finding.rule: finding.sentence for finding in check_against_power(body, POWER)}

    assert set(found) == {"F44", "F45"}
    assert "『审查』由污染控制科承办" in found["F44"]
    assert "『审查』引用了行政许可法第42条" in found["F45"]


def test_the_source_of_the_procedure_is_compared_for_external_charts_only() -> None:
    other = POWER | {"procedure": "statutory"}

    assert [finding.rule for finding in check_against_power(limited("8日"), other)] == ["F46"]
    assert check_against_power(limited("8日") | {"audience": "internal"}, other) == ()


@st.composite
def step_tables(draw: st.DrawFn) -> Body:
    size = draw(st.integers(0, 8))
    ids = [str(number * 10) for number in range(1, size + 1)]
    kinds = draw(st.lists(st.sampled_from(["start", "step", "step", "decision", "end"]), min_size=size, max_size=size))
    if draw(st.booleans()) and size > 1:
        kinds = ["start", *("step" if kind == "start" else kind for kind in kinds[1:-1]), "end"]
    ways = []
    if size:
        places = st.sampled_from([*ids, ids[-1]])
        labels = st.sampled_from(["", "是", "否", "补正", "是 "])
        ways = draw(st.lists(st.tuples(places, places, labels), max_size=2 * size))
        if draw(st.booleans()):
            ways += [(source, target, "") for source, target in pairwise(ids)]
    steps = [
        {
            "id": number,
            "kind": kind,
            "name": f"第{number}环",
            "post": "岗",
            "limit": None,
            "counts_towards_limit": False,
        }
        for number, kind in zip(ids, kinds, strict=True)
    ]
    return {"steps": steps, "transitions": [{"from": a, "to": b, "condition": label} for a, b, label in ways]}


def walks(body: Body, start: str) -> Iterator[str]:
    """Every step that a walk from `start` visits, by walking."""
    seen, todo = set(), [start]
    while todo:
        at = todo.pop()
        if at not in seen:
            seen.add(at)
            yield at
            todo += [way["to"] for way in body["transitions"] if way["from"] == at]


# Rules whose findings name a path.
PATHS = {"F10", "F11", "F27", "F40", "F41", "F67", "F74"}


def sound(body: Body) -> bool:  # noqa: PLR0911 - one line of the definition after the other
    """Soundness by its definition, nothing shared with the rules."""
    kinds = {step["id"]: step["kind"] for step in body["steps"]}
    starts = [number for number, kind in kinds.items() if kind == "start"]
    out = {number: [way for way in body["transitions"] if way["from"] == number] for number in kinds}
    if len(starts) != 1 or "end" not in kinds.values() or set(walks(body, starts[0])) != set(kinds):
        return False
    for number, kind in kinds.items():
        labels = [way["condition"].strip() for way in out[number]]
        if kind == "end" and out[number]:
            return False
        if kind != "end" and not any(kinds[step] == "end" for step in walks(body, number)):
            return False
        if kind == "decision" and (len(labels) < 2 or "" in labels):
            return False
        if kind in ("start", "step") and len(labels) != 1:
            return False
        told = [label for label in labels if label]
        if len(told) != len(set(told)) or len({way["to"] for way in out[number]}) != len(labels):
            return False
    return True


@given(step_tables())
@settings(max_examples=1500, deadline=None)
def test_a_random_chart_is_sound_or_explained_and_the_explanation_is_true(body: Body) -> None:
    found = errors(check_flow(body))

    assert (found == ()) == sound(body)
    assert_true(body, found)


def assert_true(body: Body, found: tuple[Finding, ...]) -> None:
    """Every path a finding names leads over ways that are there; every step it names is in the chart."""
    ways = {(way["from"], way["to"]) for way in body["transitions"]}
    numbers = {step["id"] for step in body["steps"]}
    for finding in found:
        assert set(finding.steps) <= numbers
        if finding.rule in PATHS and len(finding.steps) > 1:
            assert set(pairwise(finding.steps)) <= ways
        if finding.rule == "F11":
            assert finding.steps[0] == finding.steps[-1]
        if finding.rule == "F09":
            assert finding.steps[0] not in set(
                walks(body, next(s["id"] for s in body["steps"] if s["kind"] == "start"))
            )


@st.composite
def edited(draw: st.DrawFn) -> Body:
    """A chart as somebody's hands leave it: acts of the editor one after the other, then what he types."""
    body = empty_body("LC-例-01", "示例")
    acts = st.tuples(
        st.sampled_from(["insert-step", "branch-step", "remove-step", "up-step", "down-step", "add-way", "remove-way"]),
        st.integers(0, 9),
    )
    for act, at in draw(st.lists(acts, max_size=14)):
        body = arranged(body, f"{act}-{at}").body
    ids = [step["id"] for step in body["steps"]]
    for way in body["transitions"]:
        way["from"] = way["from"] or draw(st.sampled_from(ids or [""]))
        way["to"] = way["to"] or draw(st.sampled_from(ids or [""]))
        way["condition"] = draw(st.sampled_from(["", "是", "否", "补正"]))
    days = st.one_of(st.none(), st.integers(0, 30))
    for number, step in enumerate(body["steps"]):
        step.update(name=f"第{number}环", post="岗", counts_towards_limit=True)
        told = draw(days)
        step["limit"] = None if told is None else {"n": told, "unit": "day", "start": ""}
    return {**body, "total_limit": {"n": draw(st.integers(0, 60)), "unit": "day", "start": ""}}


def simple_ways(body: Body, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every way on from a path that passes no step twice."""
    yield path
    for way in body["transitions"]:
        if way["from"] == path[-1] and way["to"] not in path:
            yield from simple_ways(body, (*path, way["to"]))


@given(edited())
@settings(max_examples=400, deadline=None)
def test_what_the_editor_makes_is_sound_or_explained_and_its_days_are_those_of_a_way_that_exists(body: Body) -> None:
    drawn = drawable(body)
    found = errors(check_flow(drawn))
    assert (found == ()) == (sound(drawn) and not longer_than_told(drawn))
    assert_true(drawn, found)


def longer_than_told(body: Body) -> bool:
    """Whether some way from the start takes more days than the total, by walking them all."""
    starts = [step["id"] for step in body["steps"] if step["kind"] == "start"]
    days = {step["id"]: (step["limit"] or {"n": 0})["n"] for step in body["steps"]}
    every = simple_ways(body, (starts[0],)) if starts else iter(())
    return any(sum(days[number] for number in path) > body["total_limit"]["n"] for path in every)
