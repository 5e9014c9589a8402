"""All checks of a chart: `check_flow` for the chart alone, `check_against_power` for the chart beside one entry. Pure.

The rules themselves stand in `soundness` and `completeness`; here are the registry and the rules that need an entry.
Those that compare with an entry come as F40–F46 and are collected like the others.
"""

from collections.abc import Iterator
from typing import Any

from webapp.flows.completeness import RULES as COMPLETENESS
from webapp.flows.completeness import counted_units, sum_words
from webapp.flows.findings import Chart, Finding, Rule, Severity
from webapp.flows.soundness import RULES as SOUNDNESS
from webapp.flows.words import Body, limit_words, same, step_words, unit_words

__all__ = ["RULES", "Finding", "Severity", "check_against_power", "check_flow", "errors"]

RULES: tuple[Rule, ...] = SOUNDNESS + COMPLETENESS

# Those who sign in any power, whichever section leads it.
BUREAU_HEADS = "局领导"

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.ADVICE: 2}
_PROMISES = (("F41", "promised_limit", "承诺时限"), ("F40", "statutory_limit", "法定时限"))
_PROCEDURES = {"statutory": "法定程序", "actual": "实际工作程序"}


def check_flow(body: Body) -> tuple[Finding, ...]:
    """Return the findings about a chart (a flow body of contract.md, finished or not), the gravest first."""
    chart = Chart(body)
    return _sorted([finding for rule in RULES for finding in rule.findings(chart)])


def check_against_power(flow: Body | Chart, power: Body) -> tuple[Finding, ...]:
    """Return where a chart and the entry of a power it serves disagree; every sentence names the power.

    For many powers give the `Chart`: it looks for its longest way once.
    """
    chart = flow if isinstance(flow, Chart) else Chart(flow)
    found = [*_limits(chart, power), *_sections(chart, power), *_bases(chart, power), *_procedures(chart, power)]
    return _sorted(found)


def errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings that stop a submission."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: _ORDER[finding.severity]))


def _title(power: Body) -> str:
    return f"《{power.get('name') or power.get('code') or '未命名职权'}》"


def _limits(chart: Chart, power: Body) -> Iterator[Finding]:
    """F40, F41: the longest way within the entry's limits; F42, F43: the chart's total beside them."""
    total: dict[str, Any] | None = chart.body.get("total_limit")
    units = counted_units(chart)
    for rule, field, words in _PROMISES:
        limit = power.get(field)
        if not limit:
            continue
        told = f"{_title(power)}的{words}{limit_words(limit)}"
        path = chart.longest(limit["unit"])
        if path.total > limit["n"]:
            said = f"最长的一条路径上，{sum_words(chart, path, limit['unit'])}，超过{told}"
            sentence = f"{said}。请缩短环节时限，或先改条目的{words}。"
            yield Finding(rule, Severity.ERROR, sentence, path.steps)
        if total and total["unit"] == limit["unit"] and total["n"] > limit["n"]:
            sentence = f"图的总时限{limit_words(total)}超过{told}。请改成一致。"
            yield Finding("F42", Severity.ERROR, sentence)
        if others := [unit for unit in units if unit != limit["unit"]]:
            said = f"图中环节以{'、'.join(map(unit_words, others))}计，{told}的单位不同，无法比较"
            yield Finding("F43", Severity.WARNING, f"{said}。请统一单位，或说明理由。")


def _sections(chart: Chart, power: Body) -> Iterator[Finding]:
    """F44: who acts in the chart has a part in the power."""
    parts = {power.get("section"), *power.get("joint_sections", ()), *power.get("support_sections", ()), BUREAU_HEADS}
    known = {same(part) for part in parts if part}
    strangers: dict[str, list[str]] = {}
    for number, step in chart.graph.steps.items():
        section = str(step.get("section") or "")
        if section.strip() and same(section) not in known:
            strangers.setdefault(section, []).append(number)
    for section, steps in strangers.items():
        said = f"{chart.named_all(steps)}由{section}承办，但{section}不是{_title(power)}的牵头、协办或配合科室"
        yield Finding("F44", Severity.ERROR, f"{said}。请改承办科室，或在条目中补上该科室。", tuple(steps))


def _bases(chart: Chart, power: Body) -> Iterator[Finding]:
    """F45: what a step cites, the entry cites."""
    cited = {_citation(row) for row in power.get("basis", ())}
    for step in chart.steps:
        for row in step.get("basis") or ():
            if _citation(row) not in cited:
                words = f"{row.get('law') or row.get('document') or ''}{row.get('article') or ''}"
                said = f"{step_words(step)}引用了{words}，但{_title(power)}的行使依据中没有这一条"
                yield Finding("F45", Severity.ERROR, f"{said}。请在条目中补上，或改环节的依据。", (step["id"],))


def _citation(row: Body) -> tuple[str, str]:
    return same(str(row.get("law") or row.get("document") or "")), same(str(row.get("article") or ""))


def _procedures(chart: Chart, power: Body) -> Iterator[Finding]:
    """F46: a public chart and its entry say alike whether the procedure is that of the law."""
    ours, theirs = chart.body.get("procedure"), power.get("procedure")
    if chart.body.get("audience") == "external" and ours in _PROCEDURES and theirs in _PROCEDURES and ours != theirs:
        said = f"图的程序来源是{_PROCEDURES[ours]}，{_title(power)}写的是{_PROCEDURES[theirs]}"
        yield Finding("F46", Severity.WARNING, f"{said}。请核对，确有不同的说明理由。")
