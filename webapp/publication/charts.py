"""A chart on a page: the drawing checked and made fit to stand with others on one page, and its steps as rows.

Drawings come from our own templates; they are checked again, because a bundle is for ever: only shapes and text, no
script, link, style or foreign content. Pure.
"""

from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

from markupsafe import Markup

from webapp.flows.drawing import with_scope
from webapp.publication.wording import RISK_LEVELS, limit_text
from webapp.rules import RuleBroken

_ELEMENTS = frozenset(
    {
        *("svg", "title", "desc", "g", "defs", "marker", "clipPath", "text", "tspan", "use"),
        *("rect", "circle", "ellipse", "line", "path", "polygon", "polyline"),
    },
)
_UNFIT = frozenset({"style", "src"})


def check_drawing(number: str, svg: str) -> None:
    """Raise RuleBroken unless the drawing is well-formed XML made of shapes and text only."""
    seen: set[tuple[str, ...]] = set()

    def start(name: str, attributes: list[str]) -> None:
        kind = (name, *attributes[::2])
        if kind in seen:
            return
        for attribute, value in zip(attributes[::2], attributes[1::2], strict=True):
            link = attribute.rpartition(":")[2].lower() == "href"
            if attribute.lower().startswith("on") or attribute.lower() in _UNFIT or (link and value[:1] != "#"):
                refuse_content(attribute)
        if name not in _ELEMENTS:
            refuse_content(name)
        # Only what cannot differ by value is remembered.
        if not any(attribute.rpartition(":")[2].lower() == "href" for attribute in kind[1:]):
            seen.add(kind)

    def refuse_content(name: str) -> None:
        raise RuleBroken(f"流程图 {number} 的图样含有不允许的内容({name})，不能编入公开版。请重新生成图样。")

    def refuse(*_: object) -> None:
        raise RuleBroken(f"流程图 {number} 的图样含有文档类型声明，不能编入公开版。请重新生成图样。")

    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    parser.ProcessingInstructionHandler = refuse
    try:
        parser.Parse(svg.encode(), True)  # noqa: FBT003 - the signature of expat
    except (expat.ExpatError, UnicodeEncodeError) as error:
        raise RuleBroken(f"流程图 {number} 的图样不是完整的 XML,不能编入公开版。请重新生成图样。") from error


def embed(svg: str, scope: str) -> Markup:
    """Return a checked drawing for standing inside a page, its ids made unique there by the scope."""
    return Markup(with_scope(svg, f"{scope}-"))  # noqa: S704 - check_drawing has let this drawing pass


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
        risk = "；".join(
            part for part in (step["risk_point"], f"等级{level}" if level else "", step["measure"]) if part
        )
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
