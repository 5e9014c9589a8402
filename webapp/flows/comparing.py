"""Two versions of a chart: steps and ways that were added, taken out or changed, in sentences and in pairs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.flows.citing import basis_text
from webapp.flows.forms import STEP_LABELS
from webapp.flows.kind import AUDIENCES, PROCEDURES, REFINES, RISK_LEVELS, STEP_FIELDS, STEP_KINDS
from webapp.flows.words import limit_words, step_words

Body = Mapping[str, Any]
_HEADS = {
    "number": "图号",
    "name": "图名",
    "audience": "图的范围",
    "procedure": "程序来源",
    "total_limit": "总时限",
    REFINES: "细化的外部流程图",
}
_WORDS: dict[str, Mapping[str, str]] = {
    "kind": STEP_KINDS,
    "risk_level": RISK_LEVELS,
    "audience": AUDIENCES,
    "procedure": PROCEDURES,
}


@dataclass(frozen=True)
class Cell:
    """A value of a step that differs, or stands on one side only."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Pair:
    """One step in both versions. `change`: same, added, removed or changed; `mark` says it in words and greyscale."""

    id: str
    change: str
    before: str
    after: str
    cells: tuple[Cell, ...]

    @property
    def mark(self) -> str:
        """Return the change as a word for the table."""
        return {"same": "不变", "added": "新增", "removed": "删去", "changed": "有改动"}[self.change]


@dataclass(frozen=True)
class ChartDifference:
    """Everything that differs."""

    sentences: tuple[str, ...]
    pairs: tuple[Pair, ...]


def compared(before: Body, after: Body) -> ChartDifference:
    """Return how one version of a chart differs from another; steps are the same where their ids are."""
    old = {step["id"]: step for step in reversed(before["steps"])}
    new = {step["id"]: step for step in reversed(after["steps"])}
    sentences = [
        f"{label}由“{_value(name, before.get(name, '')) or '空'}”改为“{_value(name, after.get(name, '')) or '空'}”。"
        for name, label in _HEADS.items()
        if before.get(name, "") != after.get(name, "")
    ]
    pairs = [_pair(number, old.get(number), new.get(number)) for number in _union(before, after)]
    for pair in pairs:
        sentences += _step_sentences(pair, (new.get(pair.id) or old[pair.id]))
    kept = [step["id"] for step in before["steps"] if step["id"] in new]
    if kept != [step["id"] for step in after["steps"] if step["id"] in old]:
        sentences.append("环节的先后次序有调整。")
    return ChartDifference((*sentences, *_way_sentences(before, after)), tuple(pairs))


def _union(before: Body, after: Body) -> list[str]:
    """Return the ids of both, in the order of the new table; what was taken out stands where it stood."""
    ids = [step["id"] for step in after["steps"]]
    behind = ""
    for step in before["steps"]:
        if step["id"] not in ids:
            ids.insert(ids.index(behind) + 1 if behind in ids else 0, step["id"])
        behind = step["id"]
    return list(dict.fromkeys(ids))


def _pair(number: str, old: Body | None, new: Body | None) -> Pair:
    if old is None or new is None:
        step = new or old or {}
        change = "removed" if new is None else "added"
        words = f"{step['name'] or '(未命名)'}"
        return Pair(number, change, words if new is None else "", words if old is None else "", ())
    cells = tuple(
        Cell(STEP_LABELS[name], _value(name, old.get(name, "")), _value(name, new.get(name, "")))
        for name in (*STEP_FIELDS, REFINES)
        if old.get(name, "") != new.get(name, "")
    )
    return Pair(number, "changed" if cells else "same", old["name"], new["name"], cells)


def _step_sentences(pair: Pair, step: Body) -> list[str]:
    named = f"{step_words(step)}({pair.id})"
    if pair.change == "added":
        return [f"新增环节{named}。"]
    if pair.change == "removed":
        return [f"删去环节{named}。"]
    parts = [f"{cell.label}由“{cell.before or '空'}”改为“{cell.after or '空'}”" for cell in pair.cells]
    return [f"环节{named}：{'；'.join(parts)}。"] if parts else []


def _way_sentences(before: Body, after: Body) -> list[str]:
    old, new = _ways(before), _ways(after)
    sentences = []
    for (source, target), condition in new.items():
        said = f"从{_named(after, source)}到{_named(after, target)}"
        if (source, target) not in old:
            sentences.append(f"新增走向：{said}{_when(condition)}。")
        elif old[source, target] != condition:
            was = old[source, target] or "空"
            sentences.append(f"走向改动：{said}，条件由“{was}”改为“{condition or '空'}”。")
    for (source, target), condition in old.items():
        if (source, target) not in new:
            sentences.append(f"删去走向：从{_named(before, source)}到{_named(before, target)}{_when(condition)}。")
    return sentences


def _ways(body: Body) -> dict[tuple[str, str], str]:
    """Return the conditions by their two ends; of double ways all conditions."""
    ways: dict[tuple[str, str], str] = {}
    for way in body["transitions"]:
        ends = way["from"], way["to"]
        ways[ends] = f"{ways[ends]}；{way['condition']}" if ends in ways else way["condition"]
    return ways


def _named(body: Body, number: str) -> str:
    step = next((step for step in body["steps"] if step["id"] == number), None)
    return step_words(step) if step else f"编号{number}的环节"


def _when(condition: str) -> str:
    return f"(条件“{condition}”)" if condition else ""


def _value(name: str, value: Any) -> str:  # noqa: ANN401 - JSON
    """Return a value of a chart or step in words."""
    if name in {"limit", "total_limit"}:
        return (
            f"{limit_words(value)}(自{value['start']}起)"
            if value and value["start"]
            else (limit_words(value) if value else "")
        )
    if name == "counts_towards_limit":
        return "计入" if value else "不计入"
    if name == "basis":
        return basis_text(value)
    if name in _WORDS:
        return _WORDS[name].get(value, value)
    return str(value)
