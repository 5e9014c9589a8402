"""An entry in words: every value as the text a person reads, for the page, the comparison and the conflict. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.powers import categories
from webapp.powers.fields import FIELDS
from webapp.powers.shapes import Audience, Field, Shape

_UNITS = {"hour": "小时", "working_day": "个工作日", "day": "日", "month": "个月", "year": "年"}
_FLAGS = {"flow_required": ("应制图", "不需制图")}


@dataclass(frozen=True)
class Worded:
    """One value of an entry in words. `name` is the field, of a category's own `details-KEY`."""

    name: str
    heading: str
    text: str
    is_required: bool
    audience: Audience
    panel: str


def worded(body: Mapping[str, Any]) -> list[Worded]:
    """Return every value of a body in words, in the contract's order, the category's own at the end."""
    found = categories.category(str(body["category"]))
    rows = [
        Worded(each.name, each.heading, text_of(each, body[each.name]), each.required, each.audience, each.panel)
        for each in FIELDS
        if each.shape is not Shape.DETAILS
    ]
    details = body["details"]
    known = found.details if found else ()
    rows += [
        Worded(f"details-{each.name}", each.heading, text_of(each, details[each.name]), False, each.audience, "details")  # noqa: FBT003 - as the fields stand
        for each in known
        if each.name in details
    ]
    return rows


def text_of(each: Field, value: Any) -> str:  # noqa: ANN401, PLR0911 - JSON; one line per shape
    """Return one value in words; "" where nothing stands. What was typed wrongly is shown as typed."""
    match each.shape:
        case Shape.FLAG:
            yes, no = _FLAGS.get(each.name, ("是", "否"))
            return yes if value else no
        case Shape.LIMIT:
            return limit_words(value)
        case Shape.CHOICE:
            return each.label(str(value)) if value else ""
        case Shape.CHOICES:
            return "、".join(each.label(str(item)) for item in value)
        case Shape.SECTIONS | Shape.FLOWS:
            return "、".join(map(str, value))
        case Shape.LINES:
            return "\n".join(map(str, value))
        case Shape.ROWS:
            return "\n".join(row_words(each, row) for row in value)
        case Shape.GROUP:
            return "；".join(_parts(each, value))
        case _:
            return "" if value is None else str(value)


def limit_words(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return a limit in words: 60日(自立案之日起); 0 is done on the spot; none is the empty text."""
    if not isinstance(value, Mapping):
        return ""
    if value["n"] == 0:
        return "当场办结"
    counted = f"{value['n']}{_UNITS.get(value['unit'], value['unit'])}"
    start = str(value["start"] or "")
    return f"{counted}(自{start}起)" if start and start != "当场" else counted


def row_words(each: Field, row: Mapping[str, Any]) -> str:
    """Return one row in words."""
    if each.name == "basis":
        return basis_words(row)
    if each.name == "duties":
        return f"{row['post']}：{row['duty']}"
    return "；".join(_parts(each, row))


def basis_words(row: Mapping[str, str]) -> str:
    """Return a basis row as it is cited: 《水污染防治法》(2008年修订)第70条."""
    edition = f"({row['edition']})" if row["edition"] else ""
    return f"《{row['law']}》{edition}{row['article']}"


def _parts(each: Field, row: Mapping[str, Any]) -> Iterator[str]:
    for part in each.parts:
        text = text_of(part, row.get(part.name))
        if text:
            yield f"{part.heading}：{text}"
