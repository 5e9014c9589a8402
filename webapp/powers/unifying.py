"""Wording one field of several entries alike: which fields, and what becomes of a value. Pure."""

from typing import Any

from webapp.powers.fields import FIELDS, Field, field
from webapp.powers.shapes import Shape
from webapp.powers.wording import text_of

# What several entries say alike; a name is an entry's own, structured fields are put right where they come from.
_SHAPES = frozenset({Shape.TEXT, Shape.LINE, Shape.LINES})
_OWN = frozenset({"name", "flow_reason", "follow_up"})
UNIFIABLE = tuple(each for each in FIELDS if each.shape in _SHAPES and each.name not in _OWN)
_NAMES = frozenset(each.name for each in UNIFIABLE)


def unifiable(name: str) -> Field | None:
    """Return the field of that name if it may be worded alike, else None."""
    return field(name) if name in _NAMES else None


def field_text(name: str, body: dict[str, Any]) -> str:
    """Return a field of a body as running text, lines under each other."""
    return text_of(field(name), body[name])


def unified(before: str, find: str, text: str) -> str:
    """Return a field's text in the proposed wording: the whole, or the found phrase replaced wherever it stands."""
    return before.replace(find, text) if find else text


def as_value(name: str, text: str) -> str | list[str]:
    """Return text as the value its field holds."""
    if field(name).shape is Shape.LINES:
        return [line.strip() for line in text.split("\n") if line.strip()]
    return text
