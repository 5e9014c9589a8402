"""Shapes of the values of an entry. Pure.

A `Field` describes one value of a body, of a category's details or of a row. Its `accepts` is the quick test of a
value; `checks.check_value` tells what is wrong with one that fails. `in_order` gives a checked value back with its keys
in the contract's order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

MAX_ROWS = 200
MAX_NUMBER = 1_000_000
SHORT, LONG = 500, 4000  # characters of a line, of a text
UNITS = (("hour", "小时"), ("working_day", "工作日"), ("day", "日"), ("month", "个月"), ("year", "年"))
UNIT_LABELS = dict(UNITS)


class Shape(StrEnum):
    """The kinds of value an entry knows."""

    LINE = "line"  # one line of text
    TEXT = "text"  # several lines
    LINES = "lines"  # list of lines
    CHOICE = "choice"  # one of the options, or "" while undecided
    CHOICES = "choices"  # some of the options
    FLAG = "flag"
    NUMBER = "number"  # whole, not negative
    LIMIT = "limit"  # {n, unit, start} or null
    ROWS = "rows"  # list of objects
    GROUP = "group"  # one object
    SECTION = "section"  # a section's name
    SECTIONS = "sections"
    CONTACT = "contact"  # key into the directory, or ""
    FLOWS = "flows"  # numbers of charts
    DAY = "day"  # YYYY-MM-DD, or ""
    DETAILS = "details"  # the category's own fields


class Audience(StrEnum):
    """Who may read a value once its entry is published: contract.md P, B, I."""

    PUBLIC = "public"
    BUREAU = "bureau"
    INTERNAL = "internal"


@dataclass(frozen=True)
class Field:
    """One value: its key, its heading on paper and screen, its shape, and what else the forms need to know."""

    name: str
    heading: str
    shape: Shape = Shape.TEXT
    audience: Audience = Audience.PUBLIC
    panel: str = ""
    required: bool = False  # at submission; a draft may lack anything
    help: str = ""
    options: tuple[tuple[str, str], ...] = ()
    parts: tuple["Field", ...] = ()  # of a row or group, in the contract's order
    longest: int = 0  # characters; 0: by shape
    suggested: tuple[str, ...] = ()  # usual words, offered beside free text
    optional: bool = False  # of a part: a row or group may lack it, and lacks it where nothing is filled in

    @cached_property
    def accepts(self) -> "Callable[[object], bool]":
        """Return a quick test: true for a value that is surely right, false for one that needs `check_value`'s look."""
        return _quick_test(self)

    def offers(self, value: str) -> bool:
        """Say whether a value is one of the options."""
        return any(value == option for option, _ in self.options)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Return the options as a mapping from value to word."""
        return dict(self.options)

    def label(self, value: str) -> str:
        """Return the word on screen for one of the options."""
        return self.labels.get(value, value)


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one field, as a sentence: what happened, what to do."""

    field: str  # name of the field in a form, e.g. "basis-0-law"
    sentence: str


def empty_value(field: Field) -> Any:  # noqa: ANN401 - JSON
    """Return the value of a field nobody has filled in."""
    if field.shape is Shape.GROUP:
        return {part.name: empty_value(part) for part in field.parts if not part.optional}
    if field.shape in _LISTS:
        return []
    return {Shape.FLAG: False, Shape.NUMBER: 0, Shape.LIMIT: None, Shape.DETAILS: {}}.get(field.shape, "")


_LISTS = frozenset({Shape.LINES, Shape.CHOICES, Shape.ROWS, Shape.SECTIONS, Shape.FLOWS})


LIMIT_KEYS = {"n", "unit", "start"}


def _plain_limit(limit: dict[str, object]) -> bool:
    unit, start = limit["unit"], limit["start"]
    return type(unit) is str and unit in UNIT_LABELS and START.accepts(start)


def _quick_test(field: Field) -> Callable[[object], bool]:
    """Make the quick test of a field. A printable text holds no forbidden character; the others get a closer look."""
    shape, limit = field.shape, field.longest or (LONG if field.shape is Shape.TEXT else SHORT)
    options = frozenset(value for value, _ in field.options)
    parts = tuple((part.name, part.accepts) for part in field.parts)
    needed = {part.name for part in field.parts if not part.optional}
    names = {name for name, _ in parts}

    def text(value: object) -> bool:
        return type(value) is str and len(value) <= limit and value.isprintable() and "://" not in value

    def lines(value: object) -> bool:
        return (
            type(value) is list
            and len(value) <= MAX_ROWS
            and all(text(item) and not item.isspace() and item for item in value)
            and (shape is Shape.LINES or len(set(value)) == len(value))
        )

    def group(value: object) -> bool:
        return (
            type(value) is dict
            and needed <= value.keys() <= names
            and all(accepts(value[name]) for name, accepts in parts if name in value)
        )

    def rows(value: object) -> bool:
        return type(value) is list and len(value) <= MAX_ROWS and all(map(group, value))

    def limit_of_time(value: object) -> bool:
        return value is None or (
            type(value) is dict and value.keys() == LIMIT_KEYS and is_count(value["n"]) and _plain_limit(value)
        )

    def nothing(value: object) -> bool:  # noqa: ARG001 - leaves everything to the closer look
        return False

    tests: dict[Shape, Callable[[object], bool]] = {
        Shape.LINE: text,
        Shape.TEXT: text,
        Shape.SECTION: text,
        Shape.LINES: lines,
        Shape.SECTIONS: lines,
        Shape.CHOICE: lambda value: type(value) is str and (not value or value in options),
        Shape.FLAG: lambda value: type(value) is bool,
        Shape.NUMBER: lambda value: type(value) is int and 0 <= value <= MAX_NUMBER,
        Shape.FLOWS: lambda value: value == [],
        Shape.CHOICES: lambda value: value == [],
        Shape.LIMIT: limit_of_time,
        Shape.ROWS: rows,
        Shape.GROUP: group,
        Shape.DETAILS: lambda value: type(value) is dict,
    }
    return tests.get(shape, nothing)


def in_order(field: Field, value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a value with the keys of its objects in the contract's order (canonical JSON sorts them)."""
    if field.shape is Shape.ROWS and value:
        names = [part.name for part in field.parts]
        nested = [part for part in field.parts if part.shape in _NESTED]
        rows = [{name: row[name] for name in names if name in row} for row in value]
        for part in nested:
            for row in rows:
                if part.name in row:
                    row[part.name] = in_order(part, row[part.name])
        return rows
    if field.shape is Shape.GROUP:
        return {part.name: in_order(part, value[part.name]) for part in field.parts if part.name in value}
    if field.shape is Shape.LIMIT and value is not None:
        return {"n": value["n"], "unit": value["unit"], "start": value["start"]}
    return value


_NESTED = frozenset({Shape.ROWS, Shape.GROUP, Shape.LIMIT})


def is_count(value: object) -> bool:
    """Say whether a value is a whole number an entry may hold."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_NUMBER


START = Field("start", "起算点", Shape.LINE)  # of a limit
