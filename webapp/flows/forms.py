"""The form of a chart: the names of its inputs, reading what was typed into a body, what is wrong at which input. Pure.

Names: `name`, `audience`, `procedure`, `total_limit-n` `-unit` `-start`; rows `steps-0-name`, `steps-0-limit-n`,
`transitions-0-from`. A table that may be empty is announced by an input of its bare name. A row that is posted is found
again by its id, so what the form leaves out stays as it was. What cannot be read (a limit of "abc" days) stays in the
body as typed, so that its message stands at its input and nothing typed is lost.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from webapp.characters import character_sentence
from webapp.flows.citing import basis_text, read_basis
from webapp.flows.kind import (
    AUDIENCES,
    FIELDS,
    MAX_LIMIT,
    MAX_NAME,
    MAX_STEPS,
    MAX_TEXT,
    MAX_TRANSITIONS,
    PROCEDURES,
    REFINES,
    RISK_LEVELS,
    STEP_FIELDS,
    STEP_KINDS,
    UNITS,
    empty_step,
)
from webapp.revisions.kinds import BodyProblem

Form = Mapping[str, Sequence[str]]
Body = dict[str, Any]
STEP_LABELS = {
    "id": "编号",
    "kind": "类型",
    "name": "名称",
    "section": "承办部门",
    "post": "承办岗位",
    "limit": "时限",
    "counts_towards_limit": "计入总时限",
    "conditions": "条件",
    "basis": "依据",
    "document": "产生文书",
    "control_point": "监督制约环节",
    "risk_point": "廉政风险点",
    "risk_level": "风险等级",
    "measure": "防控措施",
    "rights": "相对人权利",
    REFINES: "细化的外部环节",
}
_HEAD = ("name", "audience", "procedure")
_PLAIN = ("kind", "name", "section", "post", "conditions", "document", "control_point", "risk_point", "measure")
_TEXTS = ("section", "post", "conditions", "document", "control_point", "risk_point", "measure", "rights")
_WAY = ("from", "to", "condition")
_WAY_LABELS = {"from": "起点", "to": "去向", "condition": "条件"}
_MAX_ID, _MAX_START = 12, 100


def read_chart(form: Form, before: Mapping[str, Any]) -> Body:
    """Return a body changed by what was posted; what the form does not name stays as it is, and the number always."""
    body = {**before}
    for name in _HEAD:
        body[name] = _text(form, name, before[name])
    body["total_limit"] = _limit(form, "total_limit", before["total_limit"])
    known = {step["id"]: step for step in reversed(before["steps"])}
    places = _places(form, "steps")
    if places or "steps" in form:
        ids = [str(step["id"]) for step in before["steps"]]
        body["steps"] = [
            _step(form, f"steps-{at}", known, ids[at] if at < len(ids) else str((at + 1) * 10))
            for at in places[: MAX_STEPS + 1]
        ]
    places = _places(form, "transitions")
    if places or "transitions" in form:
        rows = [
            {key: _text(form, f"transitions-{at}-{key}", "") for key in _WAY} for at in places[: MAX_TRANSITIONS + 1]
        ]
        body["transitions"] = rows
    if REFINES in form:
        body[REFINES] = _text(form, REFINES, "")
    return {name: body[name] for name in (*FIELDS, REFINES) if name in body}


def without_blank_ways(body: Mapping[str, Any]) -> Body:
    """Return a body without rows for transitions in which nothing was filled in."""
    return {**body, "transitions": [way for way in body["transitions"] if any(way.values())]}


def drawable(body: Mapping[str, Any]) -> Body:
    """Return what of a half-typed chart can be drawn and checked: ways with both ends, limits that are numbers."""
    ways = [way for way in body["transitions"] if way["from"] and way["to"]]
    steps = [step if _is_limit(step["limit"]) else {**step, "limit": None} for step in body["steps"]]
    total = body["total_limit"] if _is_limit(body["total_limit"]) else None
    return {**body, "total_limit": total, "steps": steps, "transitions": ways}


def is_chart_name(name: str) -> bool:
    """Say whether an input belongs to the chart: its table head, its rows."""
    return name.partition("-")[0] in {*_HEAD, REFINES, "total_limit", "steps", "transitions"}


def chart_problems(body: Mapping[str, Any]) -> list[BodyProblem]:
    """Return what is wrong with shape or characters, each at the name of its input; soundness is `checks`'."""
    problems = _text_problems("name", "图名", body["name"], MAX_NAME, is_needed=True)
    problems += _choice_problems("audience", "图的范围", body["audience"], AUDIENCES)
    problems += _choice_problems("procedure", "程序来源", body["procedure"], PROCEDURES)
    problems += _text_problems(REFINES, "细化的外部流程图", body.get(REFINES, ""), 40)
    problems += _limit_problems("total_limit", "总时限", body["total_limit"])
    steps, ways = body["steps"], body["transitions"]
    if len(steps) > MAX_STEPS or len(ways) > MAX_TRANSITIONS:
        where = "steps" if len(steps) > MAX_STEPS else "transitions"
        return [
            *problems,
            BodyProblem(where, f"一张图最多{MAX_STEPS}个环节、{MAX_TRANSITIONS}条走向，请分成几张图。"),
        ]
    for at, step in enumerate(steps):
        problems += _step_problems(step, at)
    for at, way in enumerate(ways):
        for key in _WAY:
            label = f"第{at + 1}条走向的{_WAY_LABELS[key]}"
            is_needed = key != "condition" and any(way.values())
            problems += _text_problems(f"transitions-{at}-{key}", label, way[key], MAX_NAME, is_needed=is_needed)
    return problems


def _step_problems(step: Mapping[str, Any], at: int) -> list[BodyProblem]:
    where, said = f"steps-{at}", f"第{at + 1}个环节的"
    problems = _text_problems(f"{where}-name", f"{said}编号", step["id"], _MAX_ID, is_needed=True)
    problems += _choice_problems(f"{where}-kind", f"{said}类型", step["kind"], STEP_KINDS)
    problems += _choice_problems(f"{where}-risk_level", f"{said}风险等级", step["risk_level"], RISK_LEVELS)
    problems += _text_problems(f"{where}-{REFINES}", f"{said}所细化的外部环节", step.get(REFINES, ""), _MAX_ID)
    problems += _limit_problems(f"{where}-limit", f"{said}时限", step["limit"])
    problems += _text_problems(f"{where}-name", f"{said}名称", step["name"], MAX_NAME)
    for key in _TEXTS:
        problems += _text_problems(f"{where}-{key}", f"{said}{STEP_LABELS[key]}", step[key], MAX_TEXT)
    return problems + _text_problems(f"{where}-basis", f"{said}依据", basis_text(step["basis"]), MAX_TEXT)


def _limit_problems(where: str, label: str, limit: Mapping[str, Any] | None) -> list[BodyProblem]:
    if limit is None:
        return []
    number, problems = limit["n"], []
    if not isinstance(number, int) or not 0 <= number <= MAX_LIMIT:
        sentence = f"{label}应为0到{MAX_LIMIT}之间的整数；没有时限的，数字和起算都不填。"
        problems.append(BodyProblem(f"{where}-n", sentence))
    problems += _choice_problems(f"{where}-unit", f"{label}的单位", limit["unit"], UNITS)
    return problems + _text_problems(f"{where}-start", f"{label}的起算", limit["start"], _MAX_START)


def _is_limit(limit: Mapping[str, Any] | None) -> bool:
    return limit is None or (isinstance(limit["n"], int) and limit["unit"] in UNITS)


def _text_problems(where: str, label: str, value: str, longest: int, *, is_needed: bool = False) -> list[BodyProblem]:
    if is_needed and not value:
        return [BodyProblem(where, f"请填写{label}。")]
    if len(value) > longest:
        return [BodyProblem(where, f"{label}过长，现有{len(value)}字，请控制在{longest}字以内。")]
    sentence = character_sentence(value)
    return [BodyProblem(where, f"{label}：{sentence}")] if sentence else []


def _choice_problems(where: str, label: str, value: str, choices: Mapping[str, str]) -> list[BodyProblem]:
    if value in choices:
        return []
    return [BodyProblem(where, f"{label}只能是{'、'.join(filter(None, choices.values()))}之一。")]


def _places(form: Form, table: str) -> list[int]:
    pattern = re.compile(rf"{table}-(\d{{1,3}})-")
    return sorted({int(found[1]) for name in form if (found := pattern.match(name))})


def _step(form: Form, where: str, known: Mapping[str, Body], own: str) -> Body:
    """Read one row; `own` is the id of a row that was posted without one."""
    number = _text(form, f"{where}-id", own)
    old = known.get(number) or empty_step(number, "step")
    step = {**old, "id": number}
    for key in (*_PLAIN, "risk_level", "rights"):
        step[key] = _text(form, f"{where}-{key}", old[key])
    step["limit"] = _limit(form, f"{where}-limit", old["limit"])
    if f"{where}-counts_towards_limit" in form:
        step["counts_towards_limit"] = any(form[f"{where}-counts_towards_limit"])
    if f"{where}-basis" in form:
        step["basis"] = read_basis(_text(form, f"{where}-basis", ""), old["basis"])
    if f"{where}-{REFINES}" in form:
        step[REFINES] = _text(form, f"{where}-{REFINES}", "")
    return {key: step[key] for key in (*STEP_FIELDS, REFINES) if key in step}


def _limit(form: Form, where: str, kept: Mapping[str, Any] | None) -> Body | None:
    names = {part: f"{where}-{part}" for part in ("n", "unit", "start")}
    if not any(name in form for name in names.values()):
        return dict(kept) if kept else None
    old = kept or {"n": "", "unit": "working_day", "start": ""}
    typed = {part: _text(form, name, str(old[part])) for part, name in names.items()}
    if not typed["n"]:
        return None  # unit and start alone limit nothing
    number = typed["n"]
    is_number = number.isascii() and number.isdigit() and len(number) <= len(str(MAX_LIMIT)) + 2
    return {"n": int(number) if is_number else number, "unit": typed["unit"], "start": typed["start"]}


def _text(form: Form, name: str, kept: str) -> str:
    """Return the last value posted under a name, with one kind of line break and no blanks around it."""
    values = form.get(name)
    if not values:
        return kept
    text = values[-1].replace("\r\n", "\n").replace("\r", "\n")
    return kept if text == kept else text.strip()
