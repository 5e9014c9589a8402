"""A chart in a few lines, for examples: `10 判断 审查 审查岗 5个工作日` is a step, `10 > 20 合格` a way. Pure.

The kind is 开始, 环节, 判断 or 结束; post and limit may be left out (`-` for none); a limit that ends in * counts
towards the total, * alone counts without a limit; `总时限 20日` sets the total; `10 权利 陈述申辩` adds a text to the
step (条件, 文书, 监督, 风险, 权利), `20 依据 行政许可法 第32条` a citation; `岗位表 窗口岗 审查岗` says which posts
there are; `内部` makes it an internal chart, `20 细化 30` names the external step that a step refines, and lines
that begin with `外` are the external chart. Blanks part the fields, so names in outlines hold none.
"""

import re
from typing import Any

_KINDS = {"开始": "start", "环节": "step", "判断": "decision", "结束": "end"}
_UNITS = {"小时": "hour", "个工作日": "working_day", "日": "day", "个月": "month", "年": "year"}
_TEXTS = {
    "条件": "conditions",
    "文书": "document",
    "监督": "control_point",
    "风险": "risk_point",
    "权利": "rights",
    "细化": "refines",
}
_LIMIT = re.compile(r"(\d+)(小时|个工作日|日|个月|年)(\*?)")
_WAY = re.compile(r"(\S+) > (\S+)(?: (.*))?")
_EMPTY = dict.fromkeys(
    ("conditions", "basis", "document", "control_point", "risk_point", "risk_level", "measure", "rights"), ""
)


def read_outline(text: str) -> dict[str, Any]:
    """Return the flow body an outline describes; raise ValueError for a limit that cannot be read."""
    body: dict[str, Any] = {
        "number": "LC-例-01",
        "name": "示例流程",
        "audience": "external",
        "procedure": "actual",
        "total_limit": None,
        "steps": [],
        "transitions": [],
    }
    outer = [line.removeprefix("外 ") for line in text.splitlines() if line.startswith("外 ")]
    if outer:
        body["refined_chart"] = read_outline("\n".join(outer))
    for line in filter(None, (line.strip() for line in text.splitlines() if not line.startswith("外 "))):
        if way := _WAY.fullmatch(line):
            body["transitions"].append({"from": way[1], "to": way[2], "condition": way[3] or ""})
        elif line == "内部":
            body["audience"] = "internal"
        elif line.startswith("岗位表 "):
            body["known_posts"] = {"示例科": line.split()[1:]}
        elif line.startswith("总时限 "):
            body["total_limit"], _counts = _limit(line.removeprefix("总时限 "))
        elif (fields := line.split(maxsplit=2))[1] == "依据":
            law, article = fields[2].split()
            step = next(step for step in body["steps"] if step["id"] == fields[0])
            step["basis"].append({"kind": "law", "law": law, "edition": "", "article": article, "role": "procedure"})
        elif fields[1] in _TEXTS:
            step = next(step for step in body["steps"] if step["id"] == fields[0])
            step[_TEXTS[fields[1]]] = fields[2]
        else:
            body["steps"].append(_step(line.split()))
    return body


def _step(fields: list[str]) -> dict[str, Any]:
    number, kind, *rest = fields
    name, post, limit = (*rest, "", "", "")[:3]
    told, counts = _limit(limit)
    return {
        "id": number,
        "kind": _KINDS.get(kind, kind),
        "name": "" if name == "-" else name,
        "section": "示例科",
        "post": "" if post == "-" else post,
        "limit": told,
        "counts_towards_limit": counts,
        **_EMPTY,
        "basis": [],
    }


def _limit(text: str) -> tuple[dict[str, Any] | None, bool]:
    if text in ("", "-", "*"):
        return None, text == "*"
    found = _LIMIT.fullmatch(text)
    if not found:
        raise ValueError(f"时限写法无法识别:{text}")
    return {"n": int(found[1]), "unit": _UNITS[found[2]], "start": "进入本环节之日"}, bool(found[3])
