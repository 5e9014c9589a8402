"""A flow pasted as text, from Word or in the short form of `flows.outline`, read into steps and transitions. Pure."""

import re
from itertools import pairwise
from typing import Any

from webapp.flows.kind import MAX_STEPS, empty_step
from webapp.flows.outline import read_outline
from webapp.rules import RuleBroken

Body = dict[str, Any]
_SHORT = re.compile(r"\s*(?:\d+ (?:开始|环节|判断|结束|条件|文书|监督|风险|权利) |\S+ > \S+|总时限 )")
_LINE = re.compile(  # of a line whose full-width signs are written half-width
    r"\s*(?:第?[0-9一二三四五六七八九十]{1,3}(?:步|[.、)])[: 　]*|\([0-9一二三四五六七八九十]{1,3}\)\s*)?"
    r"(?P<name>[^()]+?)\s*(?:\((?P<post>[^()]*)\))?\s*[,:]?\s*(?:办理时限|时限)?[: ]*"
    r"(?:(?P<n>\d{1,4})\s*(?P<unit>个工作日|工作日|日|天|小时|个月|年)(?:内)?)?\s*[。;.,]?\s*",
)
_HALF_WIDTH = str.maketrans("（）：；，．０１２３４５６７８９", "():;,.0123456789")
_UNITS = {
    "个工作日": "working_day",
    "工作日": "working_day",
    "日": "day",
    "天": "day",
    "小时": "hour",
    "个月": "month",
    "年": "year",
}
_MAX_TEXT = 20_000


def read_pasted(text: str, *, section: str) -> Body:
    """Return `steps`, `transitions` and (in the short form) `total_limit` of a pasted text, {} of an empty one.

    Lines as in Word: `1. 受理(窗口岗)5个工作日`; the first starts, the last ends, each leads to the next.
    Raises RuleBroken with the number of the line that cannot be read; every step is of `section`.
    """
    if len(text) > _MAX_TEXT:
        raise RuleBroken(f"粘贴的文字过长，请控制在{_MAX_TEXT}字以内。", "outline")
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        return {}
    read = _read_short(lines) if any(_SHORT.match(line) for _, line in lines) else _read_lines(lines)
    if len(read["steps"]) > MAX_STEPS:
        raise RuleBroken(f"共{len(read['steps'])}个环节，一张图最多{MAX_STEPS}个。请分成几张图。", "outline")
    for step in read["steps"]:
        step["section"] = section
    return read


def _read_short(lines: list[tuple[int, str]]) -> Body:
    """Read the short form; a line is read with those before it, so that the first bad one is named."""
    for number, line in lines:
        if not _SHORT.match(f"{line} "):
            raise _unreadable(number, line)
    try:
        body = read_outline("\n".join(line for _, line in lines))
    except (ValueError, IndexError, StopIteration) as error:
        raise RuleBroken("文字流程中有环节或时限无法识别。请按说明的写法改正后再登记。", "outline") from error
    steps = [{**empty_step(step["id"], step["kind"]), **step} for step in body["steps"]]
    return {"steps": steps, "transitions": body["transitions"], "total_limit": body["total_limit"]}


def _read_lines(lines: list[tuple[int, str]]) -> Body:
    steps = []
    for place, (number, line) in enumerate(lines):
        found = _LINE.fullmatch(line.translate(_HALF_WIDTH))
        if found is None:
            raise _unreadable(number, line)
        kind = "start" if place == 0 else "end" if place == len(lines) - 1 else "step"
        step = empty_step(str((place + 1) * 10), kind)
        step.update(name=_as_typed(line, found, "name"), post=_as_typed(line, found, "post"))
        if found["n"]:
            step["limit"] = {"n": int(found["n"]), "unit": _UNITS[found["unit"]], "start": "进入本环节之日"}
            step["counts_towards_limit"] = True
        steps.append(step)
    ways = [{"from": one["id"], "to": following["id"], "condition": ""} for one, following in pairwise(steps)]
    return {"steps": steps, "transitions": ways}


def _as_typed(line: str, found: re.Match[str], group: str) -> str:
    """Return a part of the line with the signs it was typed with."""
    start, end = found.span(group)
    return line[start:end].strip() if start >= 0 else ""


def _unreadable(number: int, line: str) -> RuleBroken:
    shown = line if len(line) <= 30 else f"{line[:30]}…"  # noqa: PLR2004 - enough to find the line
    return RuleBroken(f"第{number}行“{shown}”无法识别。请写成“1. 受理(窗口岗)5个工作日”，一行一个环节。", "outline")
