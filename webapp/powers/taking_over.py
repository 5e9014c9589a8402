"""Taking over from an entry of the same category into one's own draft: what may be taken, and the body after it. Pure.

The name and what names one single power (its violation, the articles it stands on) are never taken unasked: the name
not at all, the basis only where it is ticked, so that nobody publishes another power's article (scene 2, practice.md:
nothing is typed twice).
"""

from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from webapp.powers import categories
from webapp.powers.entry_forms import is_nothing
from webapp.powers.fields import FIELDS, Body
from webapp.powers.shapes import Field, Shape
from webapp.powers.wording import text_of

# What belongs to the one entry alone, or is decided about it.
NEVER = frozenset({"name", "category", "section", "disclosure", "verdict", "follow_up", "reference_date", "details"})
UNTICKED = frozenset({"basis", "details-violation", "details-violated_article", "details-range"})
_LOCAL = frozenset({"joint_sections", "support_sections"})  # may name the section that takes over


@dataclass(frozen=True)
class Takeable:
    """One value of the other entry: its words, what the draft says, and whether it is ticked at first."""

    name: str
    heading: str
    theirs: str
    mine: str
    is_ticked: bool


def takeable(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> tuple[Takeable, ...]:
    """Return what could be taken over, in the order of the form; equal and empty values are left out.

    Ticked is what the draft lacks, except what the writer must look at first.
    """
    found = []
    for name, each in _fields(mine, theirs):
        theirs_value, mine_value = _value(theirs, name), _value(mine, name)
        if is_nothing(theirs_value) or theirs_value == mine_value:
            continue
        is_empty = mine_value is None or is_nothing(mine_value)
        found.append(
            Takeable(
                name=name,
                heading=each.heading,
                theirs=text_of(each, theirs_value),
                mine="" if is_empty else text_of(each, mine_value),
                is_ticked=is_empty and name not in UNTICKED,
            ),
        )
    return tuple(found)


def taken_over(mine: Mapping[str, Any], theirs: Mapping[str, Any], names: Collection[str]) -> tuple[Body, list[str]]:
    """Return the draft's body with the named values of the other entry, and the headings of what really changed."""
    body: Body = deepcopy(dict(mine))
    headings = []
    for name, each in _fields(mine, theirs):
        value = _value(theirs, name)
        if name not in names or is_nothing(value):
            continue
        if name in _LOCAL:
            value = [section for section in value if section != mine["section"]]
        if value == _value(mine, name):
            continue
        top, _, key = name.partition("-")
        if key:
            body["details"][key] = deepcopy(value)
        else:
            body[top] = deepcopy(value)
        headings.append(each.heading)
    found = categories.category(str(mine["category"]))
    order = [each.name for each in found.details] if found else []
    body["details"] = {key: body["details"][key] for key in [*order, *body["details"]] if key in body["details"]}
    return body, headings


def _fields(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[tuple[str, Field]]:
    """Return the values that may be taken, by their name in a form; none where the categories differ."""
    found = categories.category(str(mine["category"]))
    if found is None or mine["category"] != theirs["category"]:
        return []
    own = [(f"details-{each.name}", each) for each in found.details]
    return [(each.name, each) for each in FIELDS if each.name not in NEVER and each.shape is not Shape.FLAG] + own


def _value(body: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - JSON
    top, _, key = name.partition("-")
    return body["details"].get(key) if key else body[top]
