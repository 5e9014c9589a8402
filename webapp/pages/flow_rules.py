"""Every rule that checks a chart, for the help page: what it asks, since when, and the two examples the tests run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.flows.agreeing import EXAMPLE
from webapp.flows.checks import EVERY
from webapp.flows.findings import Chart, Finding, PairRule, Rule
from webapp.flows.kind import PROCEDURES, STEP_KINDS
from webapp.flows.outline import read_outline
from webapp.flows.words import limit_words
from webapp.pages.doubts import days_words
from webapp.powers.categories import category_label
from webapp.powers.fields import field

SHOWN = 14  # rows of an example that are written out
_TEXTS = (
    ("conditions", "条件"),
    ("document", "文书"),
    ("control_point", "监督"),
    ("risk_point", "风险点"),
    ("rights", "权利"),
    ("refines", "细化外部环节"),
)


@dataclass(frozen=True)
class ExampleRow:
    """A step of an example: number, kind, name, post, limit, what else it says, where it leads."""

    number: str
    kind: str
    name: str
    post: str
    limit: str
    more: str
    ways: str


@dataclass(frozen=True)
class ExampleView:
    """An example as a step table; `entry` says what the entry beside it says, `told` what the rule finds."""

    id: str
    label: str
    head: str
    rows: tuple[ExampleRow, ...]
    left_out: int
    told: tuple[str, ...]


@dataclass(frozen=True)
class FlowRule:
    """A rule in words; `valid` passes it, `invalid` does not."""

    id: str
    title: str
    help: str
    severity: str
    tone: str
    source: str
    days: str
    categories: str
    examples: tuple[ExampleView, ExampleView]


@dataclass(frozen=True)
class RuleGroup:
    """The rules of one question."""

    id: str
    heading: str
    rules: tuple[FlowRule, ...]


@dataclass(frozen=True)
class FlowRulesPage:
    """What the screen shows."""

    groups: tuple[RuleGroup, ...]

    @property
    def total(self) -> int:
        """Return how many rules there are."""
        return sum(len(group.rules) for group in self.groups)


_GROUPS = (
    ("sound", "一、流程走得通", ("F0", "F1")),
    ("complete", "二、应写明的写全", ("F2", "F3")),
    ("agreeing", "三、与职权条目一致", ("F4", "F5")),
    ("statutory", "四、各类职权的法定程序", ("F6", "F7", "F8")),
)
_TONES = {"error": "wrong", "warning": "under", "advice": "quiet"}


def flow_rules_page() -> FlowRulesPage:
    """Return the page; no queries."""
    every = [_rule(rule) for rule in EVERY]
    return FlowRulesPage(
        tuple(
            RuleGroup(name, heading, tuple(rule for rule in every if rule.id.startswith(starts)))
            for name, heading, starts in _GROUPS
        ),
    )


def _rule(rule: Rule | PairRule) -> FlowRule:
    days, categories = days_words("", ""), "各类职权"
    if isinstance(rule, PairRule):
        days = days_words(rule.begins, rule.ends)
        categories = "、".join(map(category_label, rule.categories)) or categories
    return FlowRule(
        id=rule.id,
        title=rule.title,
        help=rule.help,
        severity=rule.severity.words,
        tone=_TONES[rule.severity],
        source=rule.source or "职权条目与流程图应当一致(坛环法〔2008〕第1号)",
        days=days,
        categories=categories,
        examples=(_example(rule, "合格的例子", rule.valid), _example(rule, "不合格的例子", rule.invalid)),
    )


def _example(rule: Rule | PairRule, label: str, given: str | tuple[str, Mapping[str, Any]]) -> ExampleView:
    outline, said = (given, None) if isinstance(given, str) else given
    body = read_outline(outline)
    chart = Chart(body)
    if isinstance(rule, PairRule):
        found: list[Finding] = rule.findings(chart, {**EXAMPLE, **(said or {})})
    else:
        found = rule.findings(chart)
    total = body["total_limit"]
    head = "；".join(
        part
        for part in (
            f"总时限{limit_words(total)}" if total else "",
            "内部流程图" if body["audience"] == "internal" else "",
            _entry_words(said) if said is not None else "",
        )
        if part
    )
    return ExampleView(
        id=f"{rule.id}-{'valid' if given is rule.valid else 'invalid'}",
        label=label,
        head=head,
        rows=tuple(_row(body, step) for step in body["steps"][:SHOWN]),
        left_out=max(len(body["steps"]) - SHOWN, 0),
        told=tuple(each.sentence for each in found),
    )


def _row(body: Mapping[str, Any], step: Mapping[str, Any]) -> ExampleRow:
    names = {each["id"]: each["name"] for each in body["steps"]}
    ways = [way for way in body["transitions"] if way["from"] == step["id"]]
    limit = limit_words(step["limit"]) if step["limit"] else ""
    more = [f"{label}：{step[name]}" for name, label in _TEXTS if step.get(name)]
    more += [f"依据：《{row['law']}》{row['article']}" for row in step["basis"]]
    return ExampleRow(
        number=step["id"],
        kind=STEP_KINDS.get(step["kind"], step["kind"]),
        name=step["name"],
        post=step["post"],
        limit=f"{limit}(计入)" if limit and step["counts_towards_limit"] else limit,
        more="；".join(more),
        ways="；".join(f"{way['condition']}→{way['to']} {names.get(way['to'], '')}".strip() for way in ways[:SHOWN])
        + (f"等{len(ways)}条" if len(ways) > SHOWN else ""),
    )


def _entry_words(said: Mapping[str, Any]) -> str:
    """Say what the entry beside an example says: its limits, its law, and what it says otherwise than usual."""
    entry = {**EXAMPLE, **said}
    told = [
        f"{category_label(entry['category'])}《{entry['name']}》",
        f"基准日{entry['reference_date']}",
        *(f"{field(name).heading}{limit_words(entry[name])}" for name in ("statutory_limit", "promised_limit")),
    ]
    others = [name for name in said if name not in {"category", "name", "reference_date"}]
    told += [f"{field(name).heading}：{_value(name, entry[name])}" for name in others]
    return f"条目：{'，'.join(told)}"


def _value(name: str, value: object) -> str:
    if isinstance(value, list):
        return (
            "；".join(
                "".join(str(part) for part in each.values()) if isinstance(each, dict) else str(each) for each in value
            )
            or "无"
        )
    return PROCEDURES.get(str(value), str(value)) if name == "procedure" else str(value) or "空"
