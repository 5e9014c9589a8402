"""Rules F40–F51: a chart and the entry of a power it serves say the same. Pure.

Every sentence names the power, because one chart may serve many.
"""

from collections.abc import Callable, Iterator
from typing import Any

from webapp.flows.completeness import counted_units, sum_words
from webapp.flows.findings import Chart, Fault, PairRule, Severity
from webapp.flows.words import Body, limit_words, same, step_words, unit_words

# Those who sign in any power, whichever section leads it.
BUREAU_HEADS = "局领导"

_PROCEDURES = {"statutory": "法定程序", "actual": "实际工作程序"}
_FEE_WORDS = ("收费", "缴费", "收取费用", "核收")
_ACTING = ("step", "decision")

# The entry of the examples; each example says what it has otherwise.
EXAMPLE: Body = {
    "code": "JTHB-XK-001",
    "category": "licence",
    "name": "示例许可",
    "section": "示例科",
    "joint_sections": [],
    "support_sections": [],
    "procedure": "actual",
    "statutory_limit": {"n": 20, "unit": "day", "start": "受理之日"},
    "promised_limit": {"n": 10, "unit": "day", "start": "受理之日"},
    "basis": [],
    "fees": [],
    "responsibility_items": [],
    "complaint_channel": "拨打监督电话",
    "reference_date": "2008-07-01",
}


def title(power: Body) -> str:
    """Name the power in a sentence: 《环境影响报告书审批》."""
    return f"《{power.get('name') or power.get('code') or '未命名职权'}》"


def _longest_within(field: str, words: str) -> Callable[[Chart, Body], Iterator[Fault]]:
    def faults(chart: Chart, power: Body) -> Iterator[Fault]:
        limit = power.get(field)
        if not limit:
            return
        path = chart.longest(limit["unit"])
        if path.total > limit["n"]:
            said = f"最长的一条路径上，{sum_words(chart, path, limit['unit'])}"
            told = f"{title(power)}的{words}{limit_words(limit)}"
            yield f"{said}，超过{told}。请缩短环节时限，或先改条目的{words}。", path.steps

    return faults


def _limits(power: Body) -> Iterator[tuple[str, dict[str, Any]]]:
    for field, words in (("promised_limit", "承诺时限"), ("statutory_limit", "法定时限")):
        if limit := power.get(field):
            yield f"{title(power)}的{words}{limit_words(limit)}", limit


def _total_within(chart: Chart, power: Body) -> Iterator[Fault]:
    total = chart.body.get("total_limit")
    for told, limit in _limits(power):
        if total and total["unit"] == limit["unit"] and total["n"] > limit["n"]:
            yield f"图的总时限{limit_words(total)}超过{told}。请改成一致。", ()


def _units_alike(chart: Chart, power: Body) -> Iterator[Fault]:
    units = counted_units(chart)
    for told, limit in _limits(power):
        if others := [unit for unit in units if unit != limit["unit"]]:
            said = f"图中环节以{'、'.join(map(unit_words, others))}计，{told}的单位不同，无法比较"
            yield f"{said}。请统一单位，或说明理由。", ()


def _sections_have_a_part(chart: Chart, power: Body) -> Iterator[Fault]:
    parts = {power.get("section"), *power.get("joint_sections", ()), *power.get("support_sections", ()), BUREAU_HEADS}
    known = {same(part) for part in parts if part}
    strangers: dict[str, list[str]] = {}
    for number, step in chart.graph.steps.items():
        section = str(step.get("section") or "")
        if section.strip() and same(section) not in known:
            strangers.setdefault(section, []).append(number)
    for section, steps in strangers.items():
        said = f"{chart.named_all(steps)}由{section}承办，但{section}不是{title(power)}的牵头、协办或配合科室"
        yield f"{said}。请改承办科室，或在条目中补上该科室。", tuple(steps)


def _bases_stand_in_the_entry(chart: Chart, power: Body) -> Iterator[Fault]:
    cited = {_citation(row) for row in power.get("basis", ())}
    for step in chart.steps:
        for row in step.get("basis") or ():
            if _citation(row) not in cited:
                words = f"{row.get('law') or row.get('document') or ''}{row.get('article') or ''}"
                said = f"{step_words(step)}引用了{words}，但{title(power)}的行使依据中没有这一条"
                yield f"{said}。请在条目中补上，或改环节的依据。", (step["id"],)


def _citation(row: Body) -> tuple[str, str]:
    return same(str(row.get("law") or row.get("document") or "")), same(str(row.get("article") or ""))


def _procedures_alike(chart: Chart, power: Body) -> Iterator[Fault]:
    ours, theirs = chart.body.get("procedure"), power.get("procedure")
    if is_external(chart) and ours in _PROCEDURES and theirs in _PROCEDURES and ours != theirs:
        said = f"图的程序来源是{_PROCEDURES[ours]}，{title(power)}写的是{_PROCEDURES[theirs]}"
        yield f"{said}。请核对，确有不同的说明理由。", ()


def _duties_match(chart: Chart, power: Body) -> Iterator[Fault]:
    """Ask that every acting step of a public chart is one of the entry's 责任事项 (domain.md §3.1, 25)."""
    told = [same(str(item)) for item in power.get("responsibility_items") or ()]
    if not told or not is_external(chart):
        return
    lacking = [
        number
        for number, step in chart.graph.steps.items()
        if step.get("kind") in _ACTING and not any(same(str(step.get("name") or "")) in item for item in told)
    ]
    if lacking:
        said = f"图中的{chart.named_all(lacking)}在{title(power)}的责任事项中没有对应的一条"
        yield f"{said}。请在责任事项中补上，或改环节名称。", tuple(lacking)


def _fees_match(chart: Chart, power: Body) -> Iterator[Fault]:
    # A fine or a levy is collected by its own rules and is no fee.
    if not is_external(chart) or power.get("category") in {"penalty", "levy"}:
        return
    paid = tuple(
        number
        for number, step in chart.graph.steps.items()
        if any(word in str(step.get("name") or "") for word in _FEE_WORDS)
    )
    if paid and not power.get("fees"):
        said = f"{chart.named_all(paid)}涉及收费，但{title(power)}写的是不收费"
        yield f"{said}。请在条目中补上收费依据和标准，或改环节。", paid
    if power.get("fees") and not paid and chart.steps:
        yield f"{title(power)}有收费，图中却没有收费的环节。请补上，写明依据和标准。", ()


def _joint_sections_act(chart: Chart, power: Body) -> Iterator[Fault]:
    acting = {same(str(step.get("section") or "")) for step in chart.steps}
    for section in power.get("joint_sections") or ():
        if same(section) not in acting:
            said = f"{section}是{title(power)}的协办科室，图中却没有由它承办的环节"
            yield f"{said}。请补上它的环节，或把它改为配合科室。", ()


def _complaints_told(chart: Chart, power: Body) -> Iterator[Fault]:
    if is_external(chart) and not str(power.get("complaint_channel") or "").strip():
        yield f"{title(power)}没有写投诉举报途径和方式，图下栏是空的。请在条目中补写。", ()


def _posts_have_duties(chart: Chart, power: Body) -> Iterator[Fault]:
    """Ask that the posts of a public chart's acting steps stand in the entry's 人员职责分工."""
    told = {same(str(row.get("post") or "")) for row in power.get("duties") or ()}
    if not told or not is_external(chart):
        return
    lacking: dict[str, list[str]] = {}
    for number, step in chart.graph.steps.items():
        post = str(step.get("post") or "").strip()
        if post and step.get("kind") in _ACTING and same(post) not in told:
            lacking.setdefault(post, []).append(number)
    for post, steps in lacking.items():
        said = f"{chart.named_all(steps)}由{post}承办，但{title(power)}的人员职责分工中没有这个岗位"
        yield f"{said}。请在条目中补上，或改承办岗位。", tuple(steps)


def is_external(chart: Chart) -> bool:
    """Whether the chart is a public one."""
    return chart.body.get("audience") == "external"


def _example(days: str = "8日*", name: str = "审查", more: str = "") -> str:
    lines = f"10 开始 申请 窗口岗\n20 环节 {name} 审查岗 {days}\n30 结束 办结 窗口岗\n10 > 20\n20 > 30"
    return f"{lines}\n{more}" if more else lines


_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE
_NONE: Body = {}
_FEE: Body = {"fees": [{"item": "工本费", "basis": "价费字1号", "standard": "10元"}]}

RULES = (
    PairRule(
        "F40",
        "不超法定时限",
        "从开始起任一路径计入的时限合计，不超过条目的法定时限；单位不同的不相加。",
        _E,
        _longest_within("statutory_limit", "法定时限"),
        (_example(), _NONE),
        (_example("21日*"), _NONE),
    ),
    PairRule(
        "F41",
        "不超承诺时限",
        "从开始起任一路径计入的时限合计，不超过条目的承诺时限；单位不同的不相加。",
        _E,
        _longest_within("promised_limit", "承诺时限"),
        (_example(), _NONE),
        (_example("11日*"), _NONE),
    ),
    PairRule(
        "F42",
        "总时限一致",
        "图上写的总时限不超过条目的承诺时限和法定时限。",
        _E,
        _total_within,
        (_example(more="总时限 10日"), _NONE),
        (_example(more="总时限 12日"), _NONE),
    ),
    PairRule(
        "F43",
        "单位可以比较",
        "计入的时限与条目的时限用同一单位，工作日与自然日不能比较。",
        _W,
        _units_alike,
        (_example(), _NONE),
        (_example("8个工作日*"), _NONE),
    ),
    PairRule(
        "F44",
        "科室有份",
        "承办环节的科室是条目的牵头、协办或配合科室，或局领导。",
        _E,
        _sections_have_a_part,
        (_example(), _NONE),
        (_example(), {"section": "另一科"}),
    ),
    PairRule(
        "F45",
        "依据在条目中",
        "环节引用的依据，条目的行使依据中也有。",
        _E,
        _bases_stand_in_the_entry,
        (_example(more="20 依据 行政许可法 第32条"), {"basis": [{"law": "行政许可法", "article": "第32条"}]}),
        (_example(more="20 依据 行政许可法 第32条"), _NONE),
    ),
    PairRule(
        "F46",
        "程序来源一致",
        "公开的图与条目的程序来源(法定、实际)一致。",
        _W,
        _procedures_alike,
        (_example(), _NONE),
        (_example(), {"procedure": "statutory"}),
    ),
    PairRule(
        "F47",
        "责任事项对应环节",
        "图中的每个环节在条目的责任事项中有对应的一条。",
        _W,
        _duties_match,
        (_example(), {"responsibility_items": ["审查（审查岗）"]}),
        (_example(), {"responsibility_items": ["决定（局长）"]}),
    ),
    PairRule(
        "F48",
        "收费一致",
        "图中有收费环节的，条目写明收费依据和标准；反过来也一样。",
        _W,
        _fees_match,
        (_example(name="收费并发证"), _FEE),
        (_example(name="收费并发证"), _NONE),
    ),
    PairRule(
        "F49",
        "协办科室有环节",
        "交叉职能的图上，每个协办科室都有自己的环节。",
        _W,
        _joint_sections_act,
        (_example(), _NONE),
        (_example(), {"joint_sections": ["财务科"]}),
    ),
    PairRule(
        "F50",
        "投诉举报途径",
        "公开的图下栏写投诉举报途径，取自条目。",
        _A,
        _complaints_told,
        (_example(), _NONE),
        (_example(), {"complaint_channel": ""}),
    ),
    PairRule(
        "F51",
        "岗位有职责",
        "公开的图中承办岗位在条目的人员职责分工中都有。",
        _A,
        _posts_have_duties,
        (_example(), {"duties": [{"post": "审查岗", "duty": "审查"}]}),
        (_example(), {"duties": [{"post": "局长", "duty": "审批"}]}),
    ),
)
