"""What an entry lacks for submission. Pure. Source: domain.md 3.1-3.3 (M). What to look at again: `warning_rules`."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from webapp.powers import categories
from webapp.powers.fields import FIELDS, field
from webapp.powers.openness import reaches_society
from webapp.powers.shapes import Field, FieldProblem, Shape

__all__ = ["completeness", "is_blank", "missing", "reaches_society"]

_BARE_NAME = re.compile(r"等$|^等|^(?:其他|其它|等等|有关)(?:事项|职权|工作)?$")
_EMPTY_WORDS = frozenset({"/", "-", "—", "——", "略", "同上", "〃", "待定", "待补", "待补充", "暂无", "见附件"})


def missing(body: Mapping[str, Any]) -> list[FieldProblem]:
    """Return the fields that a submission needs and that are empty, each as a sentence; in the contract's order."""
    problems = [
        FieldProblem(each.name, f"“{each.heading}”尚未{_verb(each.shape)}。")
        for each in FIELDS
        if each.required and is_blank(body[each.name])
    ]
    problems += [
        FieldProblem(f"details-{each.name}", f"“{each.heading}”尚未{_verb(each.shape)}。")
        for each in _required_details(body)
        if _is_blank_detail(body["details"].get(each.name))
    ]
    problems += _rows_missing(body)
    problems += _conditional(body)
    problems += _by_category(body)
    return sorted(problems, key=lambda problem: _ORDER.get(problem.field.partition("-")[0], len(FIELDS)))


def completeness(body: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many of the required fields are filled in, and how many there are: for a bar, not for red fields."""
    required = [not is_blank(body[each.name]) for each in FIELDS if each.required]
    required += [not _is_blank_detail(body["details"].get(each.name)) for each in _required_details(body)]
    return sum(required), len(required)


def is_blank(value: object) -> bool:
    """Say whether nothing was filled in: empty, or only words that stand for nothing (略, 同上)."""
    if isinstance(value, str):
        return not value.strip() or value.strip() in _EMPTY_WORDS
    return value is None or value in ([], {})


_CELLS = (
    ("basis", (("law", "依据名称"), ("kind", "依据种类"), ("role", "依据作用"))),
    ("duties", (("post", "岗位"), ("duty", "职责"))),
    ("fees", (("item", "收费项目"), ("basis", "收费依据"), ("standard", "收费标准"))),
)
_ORDER = {each.name: place for place, each in enumerate(FIELDS)}


def _required_details(body: Mapping[str, Any]) -> list[Field]:
    """Return the category's own fields that a submission needs."""
    found = categories.category(str(body["category"]))
    return [each for each in found.details if each.required] if found else []


def _is_blank_detail(value: object) -> bool:
    """Say whether nothing was filled in, nor in any part of it."""
    if isinstance(value, dict):
        return all(map(_is_blank_detail, value.values()))
    return value is False or is_blank(value)


def _verb(shape: Shape) -> str:
    return "选择" if shape in {Shape.CHOICE, Shape.CHOICES, Shape.CONTACT, Shape.SECTION, Shape.SECTIONS} else "填写"


def _rows_missing(body: Mapping[str, Any]) -> Iterator[FieldProblem]:
    for name, cells in _CELLS:
        for index, row in enumerate(body[name]):
            for cell, word in cells:
                if is_blank(row[cell]):
                    sentence = f"“{field(name).heading}”第{index + 1}行缺少{word}。"
                    yield FieldProblem(f"{name}-{index}-{cell}", sentence)
    for name in ("statutory_limit", "promised_limit"):
        if body[name] is not None and body[name]["n"] and is_blank(body[name]["start"]):
            yield FieldProblem(f"{name}-start", f"“{field(name).heading}”缺少起算点，如“受理之日”。")


def _conditional(body: Mapping[str, Any]) -> Iterator[FieldProblem]:
    if body["disclosure"] != "pending" and is_blank(body["publication_content"]):
        yield FieldProblem("publication_content", "“公开内容”尚未填写。")
    if body["flow_required"] and not body["flows"]:
        yield FieldProblem("flows", "本职权应制图，尚未选择流程图。不需制图的，请改选并写明理由。")
    if not body["flow_required"] and is_blank(body["flow_reason"]):
        yield FieldProblem("flow_reason", "不需制图的，应写明理由。")
    if body["verdict"] in {"missing", "overreach"} and is_blank(body["follow_up"]):
        yield FieldProblem("follow_up", "职责不到位或者越位的，应写明处理意见。")
    if _BARE_NAME.search(body["name"].strip()):
        yield FieldProblem("name", "“项目名称”过于笼统，请写明具体事项。")


def _by_category(body: Mapping[str, Any]) -> Iterator[FieldProblem]:
    """Tell what the category needs of the fields that every entry has."""
    if body["category"] == "fee" and not body["fees"]:
        yield FieldProblem("fees", "收费职权应列明收费依据和标准。")
    if body["category"] == "penalty" and all(row["role"] != "sanction" for row in body["basis"]):
        yield FieldProblem("basis", "行政处罚应列明处罚依据条款，依据作用选“罚则”。")
    if body["category"] == "licence":
        for name in ("statutory_limit", "promised_limit"):
            if body[name] is None:
                yield FieldProblem(f"{name}-n", f"行政许可应写明“{field(name).heading}”。")
