"""A chart told in words: its steps as numbered sentences, its longest way, the six facts the plan asks for. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.flows.citing import basis_text
from webapp.flows.completeness import counted_units, sum_words
from webapp.flows.findings import Chart
from webapp.flows.kind import RISK_LEVELS
from webapp.flows.words import limit_words, step_words, steps_words

Body = Mapping[str, Any]


@dataclass(frozen=True)
class ToldStep:
    """A step in sentences: 第3步 审查, and what is said of it. `id` is the step's own."""

    id: str
    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """One of the six facts of the plan (M5); `lacking` says where it is missing, empty where it is complete."""

    label: str
    is_complete: bool
    lacking: str


def told_steps(body: Body, *, with_risks: bool) -> tuple[ToldStep, ...]:
    """Return the chart as numbered text, in the order of the table; risk points only for those inside the bureau."""
    places = {step["id"]: place for place, step in reversed(list(enumerate(body["steps"], 1)))}
    names = {step["id"]: str(step["name"]).strip() for step in reversed(body["steps"])}
    ways: dict[str, list[str]] = {}
    for way in body["transitions"]:
        target = way["to"]
        known = f"第{places[target]}步『{names[target]}』" if target in places else f"编号{target}(没有这个环节)"
        condition = str(way["condition"]).strip()
        ways.setdefault(way["from"], []).append(f"{condition}的，到{known}" if condition else f"到{known}")
    return tuple(
        ToldStep(
            id=step["id"],
            heading=f"第{place}步 {step['name'] or '(未命名)'}",
            sentences=tuple(_sentences(step, ways.get(step["id"], []), with_risks=with_risks)),
        )
        for place, step in enumerate(body["steps"], 1)
    )


def longest_ways(body: Body) -> tuple[str, ...]:
    """Explain the total: for each unit of the counted limits the longest way, what it adds up, and the total limit."""
    chart = Chart(body)
    total = body.get("total_limit")
    told = []
    for unit in counted_units(chart):
        path = chart.longest(unit)
        if not path.total:
            continue
        said = f"耗时最长的一条：{chart.path_words(path.steps)}" if len(path.steps) > 1 else "只有一个环节"
        sentence = f"{said}。计入时限的环节：{sum_words(chart, path, unit)}"
        if total and total["unit"] == unit:
            sentence += f"，总时限{limit_words(total)}"
        if not path.exact:
            sentence += "(循环太多，只核对了一部分路径)"
        told.append(f"{sentence}。")
    return tuple(told)


def six_facts(body: Body, *, complaint: str) -> tuple[Fact, ...]:
    """Return the facts in the plan's order; `complaint` says what the complaint ways lack, kept in the entries."""
    steps: Sequence[Mapping[str, Any]] = body["steps"]
    no_post = [step for step in steps if step["kind"] != "end" and not step["post"].strip()]
    no_limit = [step for step in steps if step["kind"] in {"step", "decision"} and not step["limit"]]
    rights = "" if body["audience"] != "external" else _nowhere(steps, "rights")
    return (
        _fact("条件", _nowhere(steps, "conditions")),
        _fact("承办岗位", f"{steps_words(no_post)}未写" if no_post else "" if steps else "还没有环节"),
        _fact("办理时限", f"{steps_words(no_limit)}未写" if no_limit else "" if steps else "还没有环节"),
        _fact("监督制约环节", _nowhere(steps, "control_point")),
        _fact("相对人的权利", rights),
        _fact("投诉举报途径和方式", complaint),
    )


def _fact(label: str, lacking: str) -> Fact:
    return Fact(label, not lacking, lacking)


def _nowhere(steps: Sequence[Mapping[str, Any]], field: str) -> str:
    return "" if any(str(step[field]).strip() for step in steps) else "全图没有一个环节写明"


def _sentences(step: Mapping[str, Any], ways: list[str], *, with_risks: bool) -> list[str]:
    told = []
    who = "".join(part for part in (step["section"], step["post"]) if part)
    limit = f"时限{limit_words(step['limit'])}" if step["limit"] else ""
    if step["limit"] and not step["counts_towards_limit"]:
        limit += "(不计入总时限)"
    done = "，".join(part for part in (f"由{who}办理" if who else "", limit) if part)
    if done:
        told.append(f"{done}。")
    for label, text in (
        ("条件", step["conditions"]),
        ("依据", basis_text(step["basis"])),
        ("产生文书", step["document"]),
        ("监督制约", step["control_point"]),
        ("相对人权利", step["rights"]),
    ):
        if text.strip():
            told.append(f"{label}：{_closed(text)}")
    if with_risks and step["risk_point"].strip():
        level = RISK_LEVELS.get(step["risk_level"], "")
        grade = f"(等级{level})" if step["risk_level"] else ""
        told.append(f"廉政风险点{grade}：{_closed(step['risk_point'])}")
        if step["measure"].strip():
            told.append(f"防控措施：{_closed(step['measure'])}")
    if ways:
        told.append(f"接下来：{'；'.join(ways)}。")
    elif step["kind"] == "end":
        told.append("到此结束。")
    else:
        told.append(f"{step_words(step)}之后没有写明去向。")
    return told


def _closed(text: str) -> str:
    text = text.strip()
    return text if text[-1] in "。;;!?!?" else f"{text}。"
