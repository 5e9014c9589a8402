"""Shapes of the values of an entry and the one check of them: types, characters, lengths. Pure.

A `Field` describes one value of a body, of a category's details or of a row. `check_value` tells everything that is
wrong with a value, in sentences; `in_order` gives a checked value back with its keys in the contract's order.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from webapp.characters import FORBIDDEN

MAX_ROWS = 200
MAX_NUMBER = 1_000_000
SHORT, LONG = 500, 4000  # characters of a line, of a text
UNITS = (("hour", "小时"), ("working_day", "工作日"), ("day", "日"), ("month", "个月"), ("year", "年"))
UNIT_LABELS = dict(UNITS)

_BREAK = re.compile(r"[\t\n]")
_SCHEME = re.compile(r"\b([A-Za-z][A-Za-z0-9+.-]{1,20})://")
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_NUMBER = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff()\uff08\uff09-]{0,59}")


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

    @cached_property
    def accepts(self) -> "Callable[[object], bool]":
        """Return a quick test: true for a value that is surely right, false for one that needs `check_value`'s look."""
        return _quick_test(self)

    def offers(self, value: str) -> bool:
        """Say whether a value is one of the options."""
        return any(value == option for option, _ in self.options)

    def label(self, value: str) -> str:
        """Return the word on screen for one of the options."""
        return dict(self.options).get(value, value)


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one field, as a sentence: what happened, what to do."""

    field: str  # name of the field in a form, e.g. "basis-0-law"
    sentence: str


def empty_value(field: Field) -> Any:  # noqa: ANN401 - JSON
    """Return the value of a field nobody has filled in."""
    if field.shape is Shape.GROUP:
        return {part.name: empty_value(part) for part in field.parts}
    if field.shape in _LISTS:
        return []
    return {Shape.FLAG: False, Shape.NUMBER: 0, Shape.LIMIT: None, Shape.DETAILS: {}}.get(field.shape, "")


_LISTS = frozenset({Shape.LINES, Shape.CHOICES, Shape.ROWS, Shape.SECTIONS, Shape.FLOWS})


def check_value(field: Field, value: object, at: str = "") -> Iterable[FieldProblem]:
    """Tell what is wrong with a value; `at` is the name of the field in a form. Details are not looked into."""
    return () if field.accepts(value) else _CHECKS[field.shape](field, value, at or field.name)


def _quick_test(field: Field) -> Callable[[object], bool]:
    """Make the quick test of a field. A printable text holds no forbidden character; the others get a closer look."""
    shape, limit = field.shape, field.longest or (LONG if field.shape is Shape.TEXT else SHORT)
    options = frozenset(value for value, _ in field.options)
    parts = tuple((part.name, part.accepts) for part in field.parts)
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
        return type(value) is dict and value.keys() == names and all(accepts(value[name]) for name, accepts in parts)

    def rows(value: object) -> bool:
        return type(value) is list and len(value) <= MAX_ROWS and all(map(group, value))

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
        Shape.LIMIT: lambda value: value is None,
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
        rows = [{name: row[name] for name in names} for row in value]
        for part in nested:
            for row in rows:
                row[part.name] = in_order(part, row[part.name])
        return rows
    if field.shape is Shape.GROUP:
        return {part.name: in_order(part, value[part.name]) for part in field.parts}
    if field.shape is Shape.LIMIT and value is not None:
        return {"n": value["n"], "unit": value["unit"], "start": value["start"]}
    return value


_NESTED = frozenset({Shape.ROWS, Shape.GROUP, Shape.LIMIT})


def text_fault(text: str, *, several: bool, longest: int) -> str | None:
    """Return what is wrong with a text as the rest of a sentence that begins with the field's name, or None."""
    if found := FORBIDDEN.search(text):
        return f"含有不能保存的字符(U+{ord(found[0]):04X},第{found.start() + 1}个字),请删去后再保存。"
    if len(text) > longest:
        return f"最多{longest}字,现有{len(text)}字,请删减。"
    if not several and _BREAK.search(text):
        return "只能写在一行内,请删去换行和制表符。"
    for scheme in _SCHEME.findall(text):
        if scheme.lower() not in {"http", "https"}:
            return f"中的网址只能以http或https开头,请改正“{scheme}://”。"
    return None


def _check_line(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    return _check_text(field, value, at, longest=field.longest or SHORT)


def _check_long(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    return _check_text(field, value, at, longest=field.longest or LONG, several=True)


def _check_text(field: Field, value: object, at: str, *, longest: int, several: bool = False) -> Iterator[FieldProblem]:
    if not isinstance(value, str):
        yield FieldProblem(at, f"“{field.heading}”应为文字,请重新填写。")
    elif fault := text_fault(value, several=several, longest=longest):
        yield FieldProblem(at, f"“{field.heading}”{fault}")


def _check_lines(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    for index, item in enumerate(_items(value)):
        yield from _check_line(field, item, f"{at}-{index}")
        if isinstance(item, str) and not item.strip():
            yield FieldProblem(f"{at}-{index}", f"“{field.heading}”中有空行,请填写或删去。")
    yield from _check_list(field, value, at)


def _check_choice(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if not isinstance(value, str) or (value and not field.offers(value)):
        yield FieldProblem(at, f"“{field.heading}”只能从所列选项中选择,请重新选择。")


def _check_choices(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if any(not isinstance(item, str) or not field.offers(item) for item in _items(value)):
        yield FieldProblem(at, f"“{field.heading}”只能从所列选项中选择,请重新选择。")
    yield from _check_list(field, value, at)


def _check_flag(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if not isinstance(value, bool):
        yield FieldProblem(at, f"“{field.heading}”应为是或否,请重新选择。")


def _check_count(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if not _is_count(value):
        yield FieldProblem(at, f"“{field.heading}”应为不小于0的整数,请改正。")


def _check_rows(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    for index, item in enumerate(_items(value)):
        yield from _check_object(field, item, f"{at}-{index}", f"第{index + 1}行")
    yield from _check_list(field, value, at)


def _check_group(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    return _check_object(field, value, at, "")


def _check_contact(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if not isinstance(value, str) or (value and not _KEY.fullmatch(value)):
        yield FieldProblem(at, f"“{field.heading}”应从通讯目录中选择,请重新选择。")


def _check_flows(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if any(not isinstance(item, str) or not _NUMBER.fullmatch(item) for item in _items(value)):
        yield FieldProblem(at, f"“{field.heading}”只能由字母、数字和短横线组成,请核对图号。")
    yield from _check_list(field, value, at)


def _check_day(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if not _is_day(value):
        yield FieldProblem(at, f"“{field.heading}”应写作2008-07-01的样子,请核对日期。")


def _check_details(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if not isinstance(value, dict):
        yield FieldProblem(at, f"“{field.heading}”的内容不完整,请重新填写。")


def _check_list(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if not isinstance(value, list):
        yield FieldProblem(at, f"“{field.heading}”应为若干项,请重新填写。")
    elif len(value) > MAX_ROWS:
        yield FieldProblem(at, f"“{field.heading}”最多{MAX_ROWS}项,现有{len(value)}项,请删减。")
    elif field.shape in _ONCE and len(set(map(str, value))) != len(value):
        yield FieldProblem(at, f"“{field.heading}”中有重复的项,请删去一项。")


_ONCE = frozenset({Shape.SECTIONS, Shape.FLOWS, Shape.CHOICES})


def _check_limit(field: Field, value: object, at: str) -> Iterator[FieldProblem]:
    if value is None:
        return
    if not isinstance(value, dict) or set(value) != {"n", "unit", "start"}:
        yield FieldProblem(at, f"“{field.heading}”应写明数字、单位和起算点,请重新填写。")
        return
    if not _is_count(value["n"]):
        yield FieldProblem(f"{at}-n", f"“{field.heading}”的数字应为不小于0的整数(当场办结写0),请改正。")
    if value["unit"] not in UNIT_LABELS:
        yield FieldProblem(f"{at}-unit", f"“{field.heading}”缺少单位,请选择工作日、日、月等单位。")
    start = Field("start", f"{field.heading}的起算点", Shape.LINE)
    yield from check_value(start, value["start"], f"{at}-start")


def _check_object(field: Field, value: object, at: str, row: str) -> Iterator[FieldProblem]:
    if not isinstance(value, dict):
        yield FieldProblem(at, f"“{field.heading}”{row}的内容不完整,请重新填写。")
        return
    names = [part.name for part in field.parts]
    if value.keys() ^ set(names):
        wrong = sorted(map(str, value.keys() ^ set(names)))
        yield FieldProblem(at, f"“{field.heading}”{row}的栏目与规定不符({_named(wrong)}),请按表中栏目填写。")
        return
    for part in field.parts:
        for problem in check_value(part, value[part.name], f"{at}-{part.name}"):
            yield FieldProblem(problem.field, f"“{field.heading}”{row}:{problem.sentence}")


def _named(names: Sequence[str]) -> str:
    shown = "、".join(re.sub(r"[^A-Za-z0-9_\u4e00-\u9fff-]", "?", name)[:40] for name in names[:3])
    return f"{shown}等{len(names)}项" if len(names) > 3 else shown  # noqa: PLR2004 - three names are enough


def _items(value: object) -> list[object]:
    return value[: MAX_ROWS + 1] if isinstance(value, list) else []


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_NUMBER


def _is_day(value: object) -> bool:
    if not isinstance(value, str):
        return False
    if not value:
        return True
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


_CHECKS: dict[Shape, Callable[[Field, object, str], Iterator[FieldProblem]]] = {
    Shape.LINE: _check_line,
    Shape.TEXT: _check_long,
    Shape.LINES: _check_lines,
    Shape.CHOICE: _check_choice,
    Shape.CHOICES: _check_choices,
    Shape.FLAG: _check_flag,
    Shape.NUMBER: _check_count,
    Shape.LIMIT: _check_limit,
    Shape.ROWS: _check_rows,
    Shape.GROUP: _check_group,
    Shape.SECTION: _check_line,
    Shape.SECTIONS: _check_lines,
    Shape.CONTACT: _check_contact,
    Shape.FLOWS: _check_flows,
    Shape.DAY: _check_day,
    Shape.DETAILS: _check_details,
}
