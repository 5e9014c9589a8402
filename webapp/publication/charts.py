"""A chart on a page: the drawing checked and made fit to stand with others on one page, and its steps as rows.

Drawings come from our own templates; they are checked again, because a bundle is for ever: only shapes and text, no
script, link, style or foreign content. Pure.
"""

import re
from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

from markupsafe import Markup

from webapp.publication.wording import RISK_LEVELS, limit_text
from webapp.rules import RuleBroken

_ELEMENTS = frozenset(
    (
        "svg title desc g defs marker clipPath linearGradient stop rect circle ellipse line path polygon polyline text"
        " tspan use"
    ).split(),
)
_TAG = re.compile(r"<[^<>\"']*(?:\"[^\"]*\"[^<>\"']*)*>")
_ID = re.compile(r"""(\s(?:id|aria-labelledby|aria-describedby)=")([^"]*)(")|(url\(#|\s(?:xlink:)?href="#)""")
_PROLOGUE = re.compile(r"\A\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*", re.DOTALL)


def check_drawing(number: str, svg: str) -> None:
    """Raise RuleBroken unless the drawing is well-formed XML made of shapes and text only."""

    def start(name: str, attributes: Mapping[str, str]) -> None:
        links = [value for key, value in attributes.items() if key.rpartition(":")[2] == "href"]
        unfit = any(key.lower().startswith("on") or key.lower() in {"style", "src"} for key in attributes)
        if name not in _ELEMENTS or unfit or any(not link.startswith("#") for link in links):
            raise RuleBroken(f"流程图 {number} 的图样含有不允许的内容({name}),不能编入公开版。请重新生成图样。")

    def refuse(*_: object) -> None:
        raise RuleBroken(f"流程图 {number} 的图样含有文档类型声明,不能编入公开版。请重新生成图样。")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    parser.ProcessingInstructionHandler = refuse
    try:
        parser.Parse(svg.encode(), True)  # noqa: FBT003 - the signature of expat
    except (expat.ExpatError, UnicodeEncodeError) as error:
        raise RuleBroken(f"流程图 {number} 的图样不是完整的 XML,不能编入公开版。请重新生成图样。") from error


def embed(svg: str, prefix: str) -> Markup:
    """Return a checked drawing for standing inside a page: without prologue, its ids made unique by the prefix."""

    def within(found: re.Match[str]) -> str:
        if found[4]:
            return f"{found[4]}{prefix}-"
        return found[1] + " ".join(f"{prefix}-{name}" for name in found[2].split()) + found[3]

    inner = _PROLOGUE.sub("", svg, count=1)
    # check_drawing has let this drawing pass, and only attributes inside tags are touched.
    return Markup(_TAG.sub(lambda tag: _ID.sub(within, tag[0]), inner))  # noqa: S704


def step_rows(chart: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the steps as rows of the table that says the same as the drawing."""
    names = {step["id"]: f"{step['id']} {step['name']}" for step in chart["steps"]}
    ways: dict[str, list[str]] = {}
    for way in chart["transitions"]:
        target = names.get(way["to"], way["to"])
        ways.setdefault(way["from"], []).append(f"{way['condition']} → {target}" if way["condition"] else f"→ {target}")
    return [_row(step, ways.get(step["id"], [])) for step in chart["steps"]]


def _row(step: Mapping[str, Any], ways: list[str]) -> dict[str, Any]:
    limit = limit_text(step["limit"])
    if limit and not step["counts_towards_limit"]:
        limit += "(不计入总时限)"
    risk = ""
    if step.get("risk_point"):
        level = RISK_LEVELS.get(step.get("risk_level", ""), "")
        risk = ";".join(part for part in (step["risk_point"], f"等级{level}" if level else "", step["measure"]) if part)
    return {
        "id": step["id"],
        "name": step["name"],
        "section": step["section"],
        "post": step["post"],
        "limit": limit,
        "conditions": step["conditions"],
        "basis": "、".join(f"《{b.get('law') or b.get('document', '')}》{b.get('article', '')}" for b in step["basis"]),
        "control": step["control_point"],
        "rights": step["rights"],
        "document": step["document"],
        "risk": risk,
        "ways": ways,
    }
