"""The fields of an entry: their order, their shapes, what is refused."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.powers import completeness, warning_rules
from webapp.powers.categories import CATEGORIES
from webapp.powers.fields import (
    FIELDS,
    INTERNAL_NAMES,
    PANELS,
    PUBLIC_NAMES,
    catalogue_line,
    check_entry,
    empty_entry,
    heading_at,
    panel_fields,
    split_line,
)

LINES = [
    line
    for line in Path("webapp/sample/data/catalogue.jsonl").read_text(encoding="utf-8").splitlines()
    if line.startswith('{"record": "power"')
]
BODIES = [split_line(json.loads(line)) for line in LINES]


def penalty(**changes: object) -> dict[str, Any]:
    return {**deepcopy(BODIES[0][1]), **changes}


def sentences(body: object) -> list[str]:
    return [problem.sentence for problem in check_entry(body)]


def test_every_power_of_the_sample_has_the_fields_in_this_order() -> None:
    for code, body in BODIES:
        assert list(body) == [field.name for field in FIELDS], code
        assert check_entry(body) == [], code


def test_a_line_taken_apart_and_put_together_is_the_line() -> None:
    for line, (code, body) in zip(LINES, BODIES, strict=True):
        assert json.dumps(catalogue_line(code, body), ensure_ascii=False) == line


def test_only_what_the_contract_keeps_inside_is_inside() -> None:
    assert INTERNAL_NAMES == ("disclosure", "key_areas", "verdict", "follow_up")
    assert set(PUBLIC_NAMES) | set(INTERNAL_NAMES) == {field.name for field in FIELDS}


def test_every_field_stands_in_one_panel() -> None:
    shown = [field.name for panel, _ in PANELS for field in panel_fields(panel)]
    assert sorted(shown) == sorted(field.name for field in FIELDS)
    assert 5 <= len(PANELS) <= 7


@pytest.mark.parametrize("category", ["", *(category.key for category in CATEGORIES)])
def test_an_empty_entry_may_be_saved_as_a_draft(category: str) -> None:
    body = empty_entry(category, section="污染控制科")
    problems = check_entry(body)
    assert problems == []
    assert body["disclosure"] == "pending"


def test_two_empty_entries_share_nothing() -> None:
    first, second = empty_entry("penalty"), empty_entry("penalty")
    first["basis"].append({})
    first["details"]["x"] = 1
    assert second["basis"] == []
    assert second["details"] == {}


@pytest.mark.parametrize(
    ("name", "value", "at", "said"),
    [
        ("name", "长" * 121, "name", "“项目名称”最多120字，现有121字，请删减。"),
        ("name", "两\n行", "name", "“项目名称”只能写在一行内，请删去换行和制表符。"),
        ("name", 7, "name", "“项目名称”应为文字，请重新填写。"),
        ("name", None, "name", "“项目名称”应为文字，请重新填写。"),
        ("conditions", "长" * 4001, "conditions", "“行使条件”最多4000字，现有4001字，请删减。"),
        (
            "conditions",
            "甲\x0b乙",
            "conditions",
            "“行使条件”含有不能保存的字符(U+000B，第2个字)，请删去后再保存。",
        ),
        (
            "complaint_channel",
            "见ftp://x",
            "complaint_channel",
            "“投诉举报途径和方式”中的网址只能以http或https开头，请改正“ftp://”。",
        ),
        ("category", "nonsense", "category", "“职权类别”只能从所列选项中选择，请重新选择。"),
        ("category", ["penalty"], "category", "“职权类别”只能从所列选项中选择，请重新选择。"),
        ("disclosure", "withheld", "disclosure", "不公开须另行提请，经审定后才生效；此处请选“待定”。"),
        ("flow_required", 1, "flow_required", "“是否制图”应为是或否，请重新选择。"),
        ("flows", ["LC-1", "LC-1"], "flows", "“流程图号”中有重复的项，请删去一项。"),
        ("flows", ["../x"], "flows", "“流程图号”只能由字母、数字和短横线组成，请核对图号。"),
        ("contact", "A B", "contact", "“咨询电话”应从通讯目录中选择，请重新选择。"),
        ("key_areas", ["people", "sun"], "key_areas", "“重点监督”只能从所列选项中选择，请重新选择。"),
        ("reference_date", "2008-02-30", "reference_date", "“基准日”应写作2008-07-01的样子，请核对日期。"),
        ("reference_date", "20080701", "reference_date", "“基准日”应写作2008-07-01的样子，请核对日期。"),
        ("responsibility_items", [" "], "responsibility_items-0", "“责任事项”中有空行，请填写或删去。"),
        ("responsibility_items", ["一"] * 201, "responsibility_items", "“责任事项”最多200项，现有201项，请删减。"),
        ("duties", [{"post": "岗"}], "duties-0", "“人员职责分工”第1行的栏目与规定不符(duty)，请按表中栏目填写。"),
        ("duties", [{"post": "岗", "duty": 1}], "duties-0-duty", "“人员职责分工”第1行：“职责”应为文字，请重新填写。"),
        ("duties", {}, "duties", "“人员职责分工”应为若干项，请重新填写。"),
        (
            "statutory_limit",
            {"n": -1, "unit": "day", "start": ""},
            "statutory_limit-n",
            "“法定时限”的数字应为不小于0的整数(当场办结写0)，请改正。",
        ),
        (
            "statutory_limit",
            {"n": True, "unit": "day", "start": ""},
            "statutory_limit-n",
            "“法定时限”的数字应为不小于0的整数(当场办结写0)，请改正。",
        ),
        (
            "statutory_limit",
            {"n": 5, "unit": "week", "start": ""},
            "statutory_limit-unit",
            "“法定时限”缺少单位，请选择工作日、日、月等单位。",
        ),
        ("statutory_limit", {"n": 5}, "statutory_limit", "“法定时限”应写明数字、单位和起算点，请重新填写。"),
        ("joint_sections", ["环境监察大队"], "joint_sections", "“环境监察大队”已是牵头科室，不能同时列为协办科室。"),
        ("details", {"x": 1}, "details", "“行政处罚”没有这些栏目：x。请删去或改选类别。"),
        ("details", {"legal_review": "是"}, "details-legal_review", "“须经法制审核”应为是或否，请重新选择。"),
        ("details", [], "details", "“类别专项”的内容不完整，请重新填写。"),
    ],
)
def test_a_wrong_value_is_told_at_its_field(name: str, value: object, at: str, said: str) -> None:
    problems = check_entry(penalty(**{name: value}))
    assert (at, said) in [(problem.field, problem.sentence) for problem in problems]


@pytest.mark.parametrize("text", ["\x00", "\x0b", "\r", "\x7f", "\ufffe", "\U0001ffff", "\ud800", "\u202e", "\u2066"])
def test_characters_that_hide_or_break_are_refused_in_every_kind_of_text(text: str) -> None:
    row = {"kind": "law", "law": f"甲{text}法", "edition": "", "article": "", "role": ""}
    for changed in (
        penalty(name=f"甲{text}乙"),
        penalty(rules=f"甲{text}乙"),
        penalty(responsibility_items=[f"甲{text}乙"]),
        penalty(basis=[row]),
        penalty(details={"violation": f"甲{text}"}),
    ):
        assert any("不能保存的字符" in sentence for sentence in sentences(changed))


@pytest.mark.parametrize("text", ["两行\n文字\t制表", "全\u3000角", "\U00020bb7", "https://example.example/a?b=1"])
def test_ordinary_characters_are_kept(text: str) -> None:
    assert sentences(penalty(rules=text)) == []


def test_a_missing_and_an_unknown_field_are_told() -> None:
    body = penalty(sneaky="x")
    del body["rules"]
    assert sentences(body) == ["缺少“行政权力的规则”一栏，请补上。", "有1个不认识的栏目(sneaky)，请删去。"]
    assert sentences(["no", "entry"]) == ["内容不是一条职权，请检查文件格式。"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([field.name for field in FIELDS]), json_values)
def test_no_value_breaks_the_check(name: str, value: object) -> None:
    for problem in check_entry(penalty(**{name: value})):
        assert problem.sentence
        heading_at(problem.field, penalty())


@given(st.sampled_from(sorted(BODIES[0][1]["details"])), json_values)
def test_no_detail_breaks_the_check(name: str, value: object) -> None:
    check_entry(penalty(details={name: value}))


def test_the_whole_sample_may_be_submitted() -> None:
    assert {code: completeness.missing(body) for code, body in BODIES if completeness.missing(body)} == {}


def test_what_a_submission_lacks_is_told_in_the_order_of_the_form() -> None:
    told = [problem.sentence for problem in completeness.missing(empty_entry("penalty"))]
    assert told[:3] == ["“项目名称”尚未填写。", "“实施主体”尚未填写。", "“承办机构”尚未填写。"]
    assert "本职权应制图，尚未选择流程图。不需制图的，请改选并写明理由。" in told
    assert completeness.completeness(empty_entry("penalty"))[0] < completeness.completeness(penalty())[0]


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"basis": [{"kind": "law", "law": "", "edition": "", "article": "", "role": "sanction"}]}, "basis-0-law"),
        ({"statutory_limit": {"n": 5, "unit": "day", "start": ""}}, "statutory_limit-start"),
        ({"flow_required": False}, "flow_reason"),
        ({"verdict": "missing", "follow_up": ""}, "follow_up"),
        ({"category": "fee", "details": {}}, "fees"),
        ({"name": "其他事项"}, "name"),
        ({"rules": "略"}, "rules"),
        ({"publication_content": ""}, "publication_content"),
    ],
)
def test_what_is_needed_only_in_some_entries_is_missed_there(changes: dict[str, Any], at: str) -> None:
    assert at in [problem.field for problem in completeness.missing(penalty(**changes))]


def licence(**changes: object) -> dict[str, Any]:
    body = next(body for code, body in BODIES if code == "JTHB-XK-001")
    return {**deepcopy(body), **changes}


@pytest.mark.parametrize(
    ("body", "at"),
    [
        (penalty(promised_limit={"n": 91, "unit": "day", "start": "立案之日"}), "promised_limit-n"),
        (penalty(promised_limit={"n": 60, "unit": "working_day", "start": "立案之日"}), "promised_limit-unit"),
        (penalty(promised_limit={"n": 60, "unit": "day", "start": "受理之日"}), "promised_limit-start"),
        (licence(fees=[{"item": "费", "basis": "文", "standard": "1元"}]), "fees"),
        (licence(details={**licence()["details"], "charge": "每件50元"}), "details-charge"),
        (
            licence(
                details={
                    **licence()["details"],
                    "materials": [{**licence()["details"]["materials"][0], "name": "法律法规规定的其他材料"}],
                }
            ),
            "details-materials-0",
        ),
        (penalty(supervision_contact=BODIES[0][1]["contact"]), "supervision_contact"),
        (penalty(publication_forms=["局务会通报"]), "publication_forms"),
        (penalty(publication_scope="本局干部职工"), "publication_scope"),
        (penalty(disclosure="bureau"), "publication_forms"),
        (penalty(publication_forms=["不公开"]), "publication_forms"),
        (penalty(direction="internal"), "direction"),
        (penalty(category="other_approval", details={}, reference_date="2026-01-01"), "category"),
        (penalty(verdict="overreach"), "verdict"),
    ],
)
def test_contradictions_and_usual_mistakes_are_warned_of(body: dict[str, Any], at: str) -> None:
    assert at in [problem.field for problem in warning_rules.warnings(body)]


def test_one_number_under_two_keys_is_warned_of() -> None:
    body = penalty()
    phones = {body["contact"]: "0519-80000101", body["supervision_contact"]: "0519-80000101"}
    assert warning_rules.warnings(body) == []
    assert [problem.field for problem in warning_rules.warnings(body, phones)] == ["supervision_contact"]


def test_the_sample_is_warned_of_only_where_it_oversteps() -> None:
    warned = {code: warning_rules.warnings(body) for code, body in BODIES}
    assert not [code for code, found in warned.items() if any(each.needs_reason for each in found)]
    assert {code for code, found in warned.items() if "W45" in {each.rule.id for each in found}} == {
        "JTHB-CF-056",
        "JTHB-SP-006",
        "JTHB-SFS-001",
    }
