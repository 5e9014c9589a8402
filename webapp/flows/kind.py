"""What a chart must say of itself: shape, description, public part.

Of an external chart everything is public but the risk points (practice.md: risk points stay inside); of an internal
chart nothing is.
"""

from collections.abc import Callable, Mapping
from typing import Any

from webapp.characters import character_sentence
from webapp.flows.checks import check_flow
from webapp.revisions.kinds import Body, BodyProblem, Description, Kind

FIELDS = ("record", "number", "name", "audience", "procedure", "total_limit", "steps", "transitions")
STEP_FIELDS = (
    "id",
    "kind",
    "name",
    "section",
    "post",
    "limit",
    "counts_towards_limit",
    "conditions",
    "basis",
    "document",
    "control_point",
    "risk_point",
    "risk_level",
    "measure",
    "rights",
)
REFINES = "refines"  # of an internal chart: the number of the external one; of its step: the id of the external step
INTERNAL_STEP_FIELDS = ("risk_point", "risk_level", "measure")
TRANSITION_FIELDS = ("from", "to", "condition")
STEP_KINDS = {"start": "开始", "step": "环节", "decision": "判断", "end": "结束"}
AUDIENCES = {"external": "外部流程图", "internal": "内部流程图"}
PROCEDURES = {"statutory": "法定程序", "actual": "实际工作程序"}
UNITS = {"hour": "小时", "working_day": "工作日", "day": "日", "month": "个月", "year": "年"}
RISK_LEVELS = {"": "—", "low": "低", "medium": "中", "high": "高"}
LIMIT_FIELDS = ("n", "unit", "start")
BASIS_FIELDS = ("law", "edition", "document", "article", "role", "kind")
MAX_STEPS, MAX_TRANSITIONS = 80, 160
MAX_NAME, MAX_TEXT, MAX_LIMIT = 120, 1000, 9999
_OTHERWISE = {"id", "kind", "limit", "counts_towards_limit", "basis", "risk_level"}  # checked each in its own way
_STEP_TEXTS = tuple((n, MAX_NAME if n == "name" else MAX_TEXT) for n in STEP_FIELDS if n not in _OTHERWISE)


def empty_body(number: str, name: str) -> Body:
    """Return a chart with a start and an end only."""
    return {
        "record": "flow",
        "number": number,
        "name": name,
        "audience": "external",
        "procedure": "statutory",
        "total_limit": None,
        "steps": [empty_step("10", "start"), empty_step("20", "end")],
        "transitions": [{"from": "10", "to": "20", "condition": ""}],
    }


def empty_step(number: str, kind: str) -> Body:
    """Return an empty step."""
    given: Body = {"id": number, "kind": kind, "limit": None, "counts_towards_limit": False, "basis": []}
    return {name: given.get(name, "") for name in STEP_FIELDS}


def check(body: Body) -> list[BodyProblem]:
    """Return what is wrong with the shape or the characters of a chart; soundness is asked for at submission."""
    problems = _unknown(body, FIELDS, "") + _refining(body)
    if problems:
        return problems
    problems += _text(body["number"], "number", "图号", 40, is_needed=True)
    problems += _text(body["name"], "name", "图名", MAX_NAME, is_needed=True)
    problems += _choice(body["audience"], "audience", "图的范围", AUDIENCES)
    problems += _choice(body["procedure"], "procedure", "程序来源", PROCEDURES)
    problems += check_limit(body["total_limit"], "total_limit", "总时限")
    steps, transitions = body["steps"], body["transitions"]
    if not isinstance(steps, list) or not isinstance(transitions, list):
        return [*problems, BodyProblem("steps", "环节和流转应为列表。")]
    if len(steps) > MAX_STEPS or len(transitions) > MAX_TRANSITIONS:
        problems.append(BodyProblem("steps", f"一张图最多{MAX_STEPS}个环节、{MAX_TRANSITIONS}条流转，请分成几张图。"))
        return problems
    for place, step in enumerate(steps, 1):
        problems += _check_step(step, place)
    for place, transition in enumerate(transitions, 1):
        problems += _check_transition(transition, place)
    return problems


def _check_step(step: object, place: int) -> list[BodyProblem]:
    where = f"steps-{place}"
    if not isinstance(step, dict) or (unknown := _unknown(step, STEP_FIELDS, where)):
        return unknown if isinstance(step, dict) else [BodyProblem(where, f"第{place}个环节的写法不对。")]
    label = f"第{place}个环节"
    problems = _text(step.get(REFINES, ""), where, f"{label}细化的外部环节", 12)
    problems += _text(step["id"], where, f"{label}的序号", 12, is_needed=True)
    problems += _choice(step["kind"], where, f"{label}的类型", STEP_KINDS)
    problems += _choice(step["risk_level"], where, f"{label}的风险等级", RISK_LEVELS)
    problems += check_limit(step["limit"], where, f"{label}的时限")
    if not isinstance(step["counts_towards_limit"], bool):
        problems.append(BodyProblem(where, f"{label}是否计入时限，只能是是或否。"))
    for name, longest in _STEP_TEXTS:
        problems += _text(step[name], where, label, longest)
    if not isinstance(step["basis"], list) or not all(_is_basis(row) for row in step["basis"]):
        problems.append(BodyProblem(where, f"{label}的依据写法不对。"))
    else:
        cited = f"{label}的依据"
        for row in step["basis"]:
            for value in row.values():
                problems += _text(value, where, cited, MAX_TEXT)
    return problems


def _check_transition(transition: object, place: int) -> list[BodyProblem]:
    where, label = f"transitions-{place}", f"第{place}条流转"
    if not isinstance(transition, dict) or set(transition) != set(TRANSITION_FIELDS):
        return [BodyProblem(where, f"{label}的写法不对。")]
    return [
        problem
        for name in TRANSITION_FIELDS
        for problem in _text(transition[name], where, label, MAX_NAME, is_needed=name != "condition")
    ]


def check_limit(limit: object, where: str, label: str) -> list[BodyProblem]:
    """Return what is wrong with a limit: None, or a number with unit and start."""
    if limit is None:
        return []
    if not isinstance(limit, dict) or set(limit) != set(LIMIT_FIELDS):
        return [BodyProblem(where, f"{label}应写明数字、单位和起算。")]
    number = limit["n"]
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= MAX_LIMIT:
        return [BodyProblem(where, f"{label}的数字应在0到{MAX_LIMIT}之间。")]
    return _choice(limit["unit"], where, f"{label}的单位", UNITS) + _text(limit["start"], where, f"{label}的起算", 100)


def missing(body: Body) -> list[BodyProblem]:
    """Return what keeps a chart from being submitted: the errors of its soundness, as sentences."""
    return [
        BodyProblem("-".join(("steps", *found.steps[:1])), found.sentence)
        for found in check_flow(body)
        if found.severity == "error"
    ]


def describe(body: Body) -> Description:
    """Return what lists need to know of a chart; its section is that of its first step with one."""
    sections = [step["section"] for step in body["steps"] if step["section"] and step["section"] != "局领导"]
    laws = [(row.get("law", ""), row.get("edition", "")) for step in body["steps"] for row in step["basis"]]
    return Description(
        name=body["name"],
        category=body["audience"],
        section=sections[0] if sections else "",
        search=(body["name"], *(step["name"] for step in body["steps"])),
        links=(
            *(("law", f"{law}|{edition}") for law, edition in dict.fromkeys(laws) if law),
            *((("flow", body[REFINES]),) if body.get(REFINES) else ()),
        ),
    )


def public_part(body: Body, _is_external: Callable[[str], bool]) -> Body:
    """Return what may be published: nothing of an internal chart, an external one with its risks left empty."""
    if body["audience"] != "external":
        return {}
    steps = [{**step, **dict.fromkeys(INTERNAL_STEP_FIELDS, "")} for step in body["steps"]]
    return {name: steps if name == "steps" else body[name] for name in FIELDS if name != "record"}


def internal_part(body: Body, _is_external: Callable[[str], bool]) -> Body:
    """Return the rest: all of an internal chart, the risk points of an external one."""
    if body["audience"] != "external":
        return {name: body[name] for name in (*FIELDS, REFINES) if name != "record" and name in body}
    return {"steps": [{name: step[name] for name in INTERNAL_STEP_FIELDS} for step in body["steps"]]}


def join(public: Mapping[str, Any], internal: Mapping[str, Any]) -> Body:
    """Put both parts together again, keys in the contract's order."""
    if not public:
        whole = {"record": "flow", **internal}
        whole["steps"] = [in_order(step) for step in internal["steps"]]
    else:
        pairs = zip(public["steps"], internal["steps"], strict=True)
        whole = {"record": "flow", **public, "steps": [in_order({**shown, **inner}) for shown, inner in pairs]}
    limit = whole["total_limit"]
    whole["total_limit"] = limit and {name: limit[name] for name in LIMIT_FIELDS}
    whole["transitions"] = [{name: row[name] for name in TRANSITION_FIELDS} for row in whole["transitions"]]
    return {name: whole[name] for name in (*FIELDS, REFINES) if name in whole}


def in_order(step: Mapping[str, Any]) -> Body:
    """Return a step with its keys in the contract's order (canonical JSON sorts them)."""
    ordered = {name: step[name] for name in (*STEP_FIELDS, REFINES) if name in step}
    if ordered["limit"]:
        ordered["limit"] = {name: step["limit"][name] for name in LIMIT_FIELDS}
    ordered["basis"] = [{name: row[name] for name in BASIS_FIELDS if name in row} for row in step["basis"]]
    return ordered


def without_empty_refining(body: Mapping[str, Any]) -> Body:
    """Return a body that says what it refines only where it does: an internal chart that names an external one."""
    names = body["audience"] == "internal" and bool(body.get(REFINES))
    steps = [
        {name: value for name, value in step.items() if name != REFINES or (names and value)} for step in body["steps"]
    ]
    return {**{name: value for name, value in body.items() if name != REFINES or names}, "steps": steps}


def _refining(body: Mapping[str, Any]) -> list[BodyProblem]:
    """Return what is wrong with what a chart refines; only an internal one may say it, and then not nothing."""
    steps = body["steps"] if isinstance(body.get("steps"), list) else []
    said = [each[REFINES] for each in (body, *(step for step in steps if isinstance(step, dict))) if REFINES in each]
    if not said:
        return []
    if body.get("audience") != "internal" or not body.get(REFINES) or "" in said:
        return [BodyProblem(REFINES, "只有内部流程图写明所细化的外部流程图和环节，没有细化的不写。")]
    return _text(body[REFINES], REFINES, "细化的外部流程图", 40)


def _unknown(body: Mapping[str, Any], names: tuple[str, ...], where: str) -> list[BodyProblem]:
    wrong = [name for name in body if name not in names and name != REFINES] + [
        name for name in names if name not in body
    ]
    return [BodyProblem(where or name, f"“{name}”这一项多余或缺少。") for name in wrong]


def _is_basis(row: object) -> bool:
    return (
        isinstance(row, dict)
        and set(row) <= set(BASIS_FIELDS)
        and all(isinstance(value, str) for value in row.values())
    )


def _text(value: object, where: str, label: str, longest: int, *, is_needed: bool = False) -> list[BodyProblem]:
    if not isinstance(value, str):
        return [BodyProblem(where, f"{label}应为文字。")]
    if len(value) <= longest and value.isprintable() and (not is_needed or value.strip()):
        return []  # a printable text holds no forbidden character
    if is_needed and not value.strip():
        return [BodyProblem(where, f"请填写{label}。")]
    if len(value) > longest:
        return [BodyProblem(where, f"{label}过长，请控制在{longest}字以内。")]
    sentence = character_sentence(value)
    return [BodyProblem(where, sentence)] if sentence else []


def _choice(value: object, where: str, label: str, choices: Mapping[str, str]) -> list[BodyProblem]:
    if isinstance(value, str) and value in choices:
        return []
    return [BodyProblem(where, f"{label}只能是{'、'.join(filter(None, choices.values()))}之一。")]


FLOW = Kind(
    key="flow",
    label="流程图",
    describe=describe,
    check=check,
    public_part=public_part,
    internal_part=internal_part,
    join=join,
    missing=missing,
)
