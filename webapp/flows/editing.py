"""Rows of a chart while it is edited: added, inserted, moved, removed, renumbered. Pure.

A step keeps its id wherever its row goes, so transitions and reviewers' comments keep their step; ids become 10, 20, 30
again only on demand. An act is the value of a button, `insert-step-3`: what, which table, which row (from 0).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.flows.kind import MAX_STEPS, MAX_TRANSITIONS, empty_step
from webapp.rules import RuleBroken

Body = dict[str, Any]
_ACT = re.compile(r"(add|insert|remove|up|down|branch|renumber)-(step|way|steps)(?:-(\d{1,3}))?")
_GAP = 10


@dataclass(frozen=True)
class Arranged:
    """The body after an act, and the name of the input or button at which the work goes on."""

    body: Body
    focus: str


def arranged(body: Mapping[str, Any], act: str) -> Arranged:
    """Return a body after one act on its rows; raise RuleBroken where the chart is full or the act is none of ours."""
    found = _ACT.fullmatch(act)
    change = _ACTS.get((found[1], found[2])) if found else None
    if found is None or change is None:
        raise RuleBroken("没有这种操作，表格没有改动。请从页面上的按钮重新操作。")
    return change({**body, "steps": list(body["steps"]), "transitions": list(body["transitions"])}, int(found[3] or 0))


def free_id(steps: Sequence[Mapping[str, Any]], after: int) -> str:
    """Return an id for a step put behind row `after`: between the ids beside it where there is room."""
    taken = {str(step["id"]) for step in steps}
    numbers = [_number(step) for step in steps]
    here = numbers[after] if 0 <= after < len(numbers) else None
    following = numbers[after + 1] if after + 1 < len(numbers) else None
    if here is not None and following is not None and following - here > 1:
        middle = str(here + min(_GAP, (following - here) // 2))
        if middle not in taken:
            return middle
    return str((max((number or 0 for number in numbers), default=0) // _GAP + 1) * _GAP)


def _number(step: Mapping[str, Any]) -> int | None:
    text = str(step["id"])
    return int(text) if text.isascii() and text.isdigit() else None


def _insert_step(body: Body, at: int) -> Arranged:
    """Put a step behind a row; where exactly one way led on from there, it now leads through the new step."""
    steps, ways = body["steps"], body["transitions"]
    if len(steps) >= MAX_STEPS:
        raise RuleBroken(f"一张图最多{MAX_STEPS}个环节，没有增加。请把其中一段另立一张流程图。", "steps")
    at = min(at, len(steps) - 1)
    new = empty_step(free_id(steps, at), "step")
    if at >= 0:
        before = steps[at]
        new.update(section=before["section"], post=before["post"])
        onward = [place for place, way in enumerate(ways) if way["from"] == before["id"]]
        if len(onward) == 1 and len(ways) < MAX_TRANSITIONS:
            place = onward[0]
            way = ways[place]
            ways[place : place + 1] = [
                {**way, "to": new["id"]},
                {"from": new["id"], "to": way["to"], "condition": ""},
            ]
    steps.insert(at + 1, new)
    return Arranged(body, f"steps-{at + 1}-name")


def _add_step(body: Body, _at: int) -> Arranged:
    """Put a step before the closing end rows, or last where the table does not close with an end."""
    steps = body["steps"]
    last = len(steps) - 1
    while last > 0 and steps[last]["kind"] == "end":
        last -= 1
    return _insert_step(body, last)


def _remove_step(body: Body, at: int) -> Arranged:
    """Take a step away; the ways into it now lead to where its only way out led."""
    steps = body["steps"]
    if not 0 <= at < len(steps):
        return Arranged(body, "steps")
    gone = steps.pop(at)["id"]
    onward = [way["to"] for way in body["transitions"] if way["from"] == gone and way["to"] != gone]
    joined: list[Body] = []
    known = {(way["from"], way["to"]) for way in body["transitions"] if gone not in {way["from"], way["to"]}}
    for way in body["transitions"]:
        if way["from"] == gone:
            continue
        if way["to"] != gone:
            joined.append(way)
        elif len(onward) == 1 and way["from"] != onward[0] and (way["from"], onward[0]) not in known:
            joined.append({**way, "to": onward[0]})
            known.add((way["from"], onward[0]))
    body["transitions"] = joined
    return Arranged(body, f"steps-{min(at, len(steps) - 1)}-name" if steps else "steps")


def _moved(table: str, by: int) -> Callable[[Body, int], Arranged]:
    word = "step" if table == "steps" else "way"

    def move(body: Body, at: int) -> Arranged:
        rows, to = body[table], at + by
        if 0 <= at < len(rows) and 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
            at = to
        # The button that goes on in the same direction is not there at the edge of the table.
        onward = "up" if at == len(rows) - 1 or (by < 0 and at > 0) else "down"
        return Arranged(body, f"{onward}-{word}-{at}")

    return move


def _branch(body: Body, at: int) -> Arranged:
    """Give a step one more way out; a plain step with two ways out is a decision from now on."""
    if not 0 <= at < len(body["steps"]):
        return _add_way(body, at)
    step = body["steps"][at]
    last = max((place for place, way in enumerate(body["transitions"]) if way["from"] == step["id"]), default=-1)
    if last >= 0 and step["kind"] == "step":
        body["steps"][at] = {**step, "kind": "decision"}
    return _put_way(body, last + 1 if last >= 0 else len(body["transitions"]), step["id"])


def _add_way(body: Body, _at: int) -> Arranged:
    return _put_way(body, len(body["transitions"]), "")


def _put_way(body: Body, place: int, source: str) -> Arranged:
    if len(body["transitions"]) >= MAX_TRANSITIONS:
        raise RuleBroken(f"一张图最多{MAX_TRANSITIONS}条走向，没有增加。请把其中一段另立一张流程图。", "transitions")
    body["transitions"].insert(place, {"from": source, "to": "", "condition": ""})
    return Arranged(body, f"transitions-{place}-{'to' if source else 'from'}")


def _remove_way(body: Body, at: int) -> Arranged:
    ways = body["transitions"]
    if 0 <= at < len(ways):
        ways.pop(at)
    return Arranged(body, f"transitions-{min(at, len(ways) - 1)}-from" if ways else "transitions")


def _renumber(body: Body, _at: int) -> Arranged:
    """Give the steps the numbers 10, 20, 30 in the order of the table; ways mean the first of equal ids."""
    new: dict[str, str] = {}
    steps = []
    for place, step in enumerate(body["steps"], 1):
        number = str(place * _GAP)
        new.setdefault(step["id"], number)
        steps.append({**step, "id": number})
    ways = [
        {**way, "from": new.get(way["from"], way["from"]), "to": new.get(way["to"], way["to"])}
        for way in body["transitions"]
    ]
    return Arranged({**body, "steps": steps, "transitions": ways}, "steps-0-name")


_ACTS: dict[tuple[str, str], Callable[[Body, int], Arranged]] = {
    ("add", "step"): _add_step,
    ("insert", "step"): _insert_step,
    ("remove", "step"): _remove_step,
    ("up", "step"): _moved("steps", -1),
    ("down", "step"): _moved("steps", 1),
    ("branch", "step"): _branch,
    ("add", "way"): _add_way,
    ("remove", "way"): _remove_way,
    ("up", "way"): _moved("transitions", -1),
    ("down", "way"): _moved("transitions", 1),
    ("renumber", "steps"): _renumber,
}
