"""What a withholding must say of itself. Nothing of it is ever public: its public part is empty.

The plan (四·2) asks for 项目名称、类别、不公开理由; practice.md adds basis, kind, end and part. No content of a state
secret is kept: a neutral title, and the word 国家秘密 as a reason.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from unicodedata import normalize

from webapp.characters import character_sentence
from webapp.powers import categories
from webapp.revisions.kinds import Body, BodyProblem, Description, Kind

FIELDS = ("record", "number", "power", "title", "category", "kind", "basis", "reason", "until", "part", "section")
HEADINGS = {
    "number": "登记号",
    "power": "职权编码",
    "title": "项目名称(不涉密的名称)",
    "category": "类别",
    "kind": "不公开类型",
    "basis": "不公开依据",
    "reason": "不公开理由",
    "until": "期限或解除条件",
    "part": "全部或可公开部分",
    "section": "提出科室",
}
KINDS = {"by_law": "依法不能公开", "for_now": "暂时不宜公开"}
MAX_TEXT = 1000


def empty_body(section: str) -> Body:
    """Return an empty request of a section."""
    return {
        name: {"record": "withholding", "section": section, "kind": "by_law", "part": "whole"}.get(name, "")
        for name in FIELDS
    }


def check(body: Body) -> list[BodyProblem]:
    """Return what is wrong with the shape or the characters of a request."""
    problems = [BodyProblem(name, f"没有“{name}”这一项。") for name in body if name not in FIELDS]
    for name in FIELDS:
        value = body.get(name)
        if not isinstance(value, str):
            problems.append(BodyProblem(name, f"“{HEADINGS.get(name, name)}”应为文字。"))
        elif len(value) > MAX_TEXT:
            problems.append(BodyProblem(name, f"“{HEADINGS.get(name, name)}”过长，请控制在{MAX_TEXT}字以内。"))
        elif sentence := character_sentence(value):
            problems.append(BodyProblem(name, sentence))
    if body.get("kind") not in KINDS:
        problems.append(BodyProblem("kind", "请选择依法不能公开或暂时不宜公开。"))
    if categories.category(str(body.get("category"))) is None:
        problems.append(BodyProblem("category", "请选择职权类别。"))
    return problems


def missing(body: Body) -> list[BodyProblem]:
    """Return what a request lacks for submission: title, power, basis, reason, and an end if it is for now."""
    wanted = ["title", "power", "section", "reason", "basis"]
    if body["kind"] == "for_now":
        wanted.append("until")
    return [BodyProblem(name, f"请填写“{HEADINGS[name]}”。") for name in wanted if not body[name].strip()]


def last_day(body: Body) -> date | None:
    """Return the last day named in the end of a request that is for now (2008-12-31, 2008年12月31日), None for none."""
    if body["kind"] != "for_now":
        return None
    found = []
    for year, month, day in re.findall(r"(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})", normalize("NFKC", body["until"])):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue  # 2008年13月: a condition in words then, looked at by people
    return max(found, default=None)


def describe(body: Body) -> Description:
    """Return what lists need to know of a request."""
    return Description(
        name=body["title"],
        category=body["category"],
        section=body["section"],
        search=(body["title"], body["reason"], body["power"]),
        links=(("power", body["power"]),) if body["power"] else (),
    )


def _nothing(_body: Body, _is_external: Callable[[str], bool]) -> Body:
    return {}


def _everything(body: Body, _is_external: Callable[[str], bool]) -> Body:
    return body


def _join(_public: Mapping[str, Any], internal: Mapping[str, Any]) -> Body:
    return {name: internal[name] for name in FIELDS}


WITHHOLDING = Kind(
    key="withholding",
    label="不公开申请",
    describe=describe,
    check=check,
    public_part=_nothing,
    internal_part=_everything,
    join=_join,
    missing=missing,
)
