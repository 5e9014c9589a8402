"""The inputs of an entry on the editing page: one `FieldForm` per field, with what was typed and what is wrong.

The body itself carries what was typed, also what could not be read, so a refused form is drawn from it again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.pages.entry import Contacts, ProblemMark, contact_words, field_name
from webapp.powers import categories
from webapp.powers.fields import FIELDS
from webapp.powers.shapes import UNITS, Field, FieldProblem, Shape, empty_value

Options = tuple[tuple[str, str], ...]

_FEW = 4  # options up to which all are shown at once
_LISTS = frozenset({Shape.LINES, Shape.CHOICES, Shape.SECTIONS, Shape.FLOWS})
_FLAG_WORDS = {"flow_required": (("1", "应制图"), ("0", "不需制图"))}
# While a citation is typed (大气法 48) the library offers what it may mean; without script it is recognised at saving.
_SUGGESTING = {
    "list": "law-suggestions",
    "autocomplete": "off",
    "hx-get": "/laws/suggestions",
    "hx-trigger": "settled",
    "hx-include": "[name='reference_date']",
    "hx-target": "#law-suggestions",
    "hx-swap": "innerHTML",
    "hx-sync": "this:replace",
}
_WIDE = frozenset({"law", "duty", "standard", "name", "note", "publish"})


@dataclass(frozen=True)
class Choices:
    """What fields choose from."""

    own_sections: Options
    sections: Options
    contacts: Options
    charts: Options


@dataclass(frozen=True)
class Clause:
    """The shared clause a field may show."""

    id: int
    text: str
    ticked: bool


@dataclass(frozen=True)
class Column:
    """A column of a table of rows."""

    key: str
    label: str
    kind: str = "text"
    options: Options = ()
    wide: bool = False
    narrow: bool = False
    attributes: Mapping[str, str] | None = None


@dataclass(frozen=True)
class FieldForm:
    """One field as the form shows it. `kind` names the macro of templates/powers/inputs.html that draws it."""

    name: str
    label: str
    kind: str
    value: Any
    help: str = ""
    required: bool = False
    error: str = ""
    options: Options = ()
    rows: int = 3  # lines of a text box
    columns: tuple[Column, ...] = ()
    errors: Mapping[tuple[int, str], str] = field(default_factory=dict)
    parts: tuple["FieldForm", ...] = ()
    suggested: tuple[str, ...] = ()
    marks: tuple[ProblemMark, ...] = ()
    clause: Clause | None = None


@dataclass(frozen=True)
class Shown:
    """What a form shows beside the body."""

    choices: Choices
    problems: Sequence[FieldProblem] = ()
    marks: Mapping[str, Sequence[ProblemMark]] = field(default_factory=dict)
    clauses: Mapping[str, Clause] = field(default_factory=dict)


def panel_fields_of(panel: str, body: Mapping[str, Any], shown: Shown) -> tuple[FieldForm, ...]:
    """Return the fields of a panel, in the contract's order; of the panel `details` the category's own."""
    if panel == "details":
        found = categories.category(str(body["category"]))
        return tuple(
            _form(each, body["details"].get(each.name, empty_value(each)), f"details-{each.name}", shown)
            for each in (found.details if found else ())
        )
    return tuple(_form(each, body[each.name], each.name, shown) for each in FIELDS if each.panel == panel)


def summary_of(problems: Sequence[FieldProblem]) -> list[tuple[str | None, str]]:
    """Return the problems as rows of the error summary, each with a name there is an input of."""
    rows: list[tuple[str | None, str]] = []
    for problem in problems:
        found = _field_at(problem.field)
        is_list = found is not None and found.shape in _LISTS
        rows.append((field_name(problem.field) if is_list else problem.field or None, problem.sentence))
    return rows


def _form(each: Field, value: Any, at: str, shown: Shown) -> FieldForm:  # noqa: ANN401 - JSON
    errors, cells = _errors(each, at, shown.problems)
    options = _options(each, value, shown.choices)
    return FieldForm(
        name=at,
        label=each.heading,
        kind=_kind(each, options, value),
        value=_value(each, value),
        help=each.help,
        required=each.required,
        error=errors,
        options=options,
        rows=_height(value),
        columns=tuple(_column(part) for part in each.parts) if each.shape is Shape.ROWS else (),
        errors=cells,
        parts=_group(each, value, at, shown) if each.shape is Shape.GROUP else (),
        suggested=each.suggested if each.shape is Shape.LINE else (),
        marks=tuple(shown.marks.get(at, ())),
        clause=shown.clauses.get(at),
    )


def _group(each: Field, value: Mapping[str, Any], at: str, shown: Shown) -> tuple[FieldForm, ...]:
    return tuple(
        _form(part, value.get(part.name, empty_value(part)), f"{at}-{part.name}", shown) for part in each.parts
    )


def _kind(each: Field, options: Options, value: object) -> str:  # noqa: PLR0911 - one line per shape
    match each.shape:
        case Shape.TEXT:
            return "textarea"
        case Shape.LINES:
            return "forms" if _ticked(each) else "lines"
        case Shape.CHOICE | Shape.FLAG:
            return "radios" if len(options) <= _FEW else "select"
        case Shape.CHOICES | Shape.SECTIONS:
            return "checkboxes"
        case Shape.SECTION | Shape.CONTACT:
            return "select"
        case Shape.LIMIT | Shape.ROWS | Shape.GROUP | Shape.FLOWS:
            return each.shape.value
        case Shape.DAY:
            # A date input shows nothing for a day that cannot be read; what was typed must stay in sight.
            return "date" if re.fullmatch(r"(\d{4}-\d\d-\d\d)?", str(value)) else "text"
        case _:
            return "text"


def _value(each: Field, value: Any) -> Any:  # noqa: ANN401 - JSON
    match each.shape:
        case Shape.FLAG:
            return "1" if value else "0"
        case Shape.LIMIT:
            return value or {"n": "", "unit": "working_day", "start": ""}
        case Shape.ROWS:
            flags = [part.name for part in each.parts if part.shape is Shape.FLAG]
            return [{**row, **{name: "1" if row.get(name) else "0" for name in flags}} for row in value]
        case Shape.LINES | Shape.FLOWS if not _ticked(each):
            return "\n".join(map(str, value))
        case _:
            return value


def _options(each: Field, value: Any, choices: Choices) -> Options:  # noqa: ANN401, PLR0911 - JSON; one line per shape
    match each.shape:
        case Shape.CHOICE:
            # A radio that was set cannot be taken back, so "undecided" is one of the choices where it stands.
            blank = (("", "请选择"),) if len(each.options) > _FEW else ()
            return (*blank, *each.options)
        case Shape.CHOICES:
            return each.options
        case Shape.FLAG:
            return _FLAG_WORDS.get(each.name, (("1", "是"), ("0", "否")))
        case Shape.SECTION:
            return _with_current(choices.own_sections, value)
        case Shape.SECTIONS:
            return (*choices.sections, *((name, name) for name in value if (name, name) not in choices.sections))
        case Shape.CONTACT:
            return (("", "请选择"), *_with_current(choices.contacts, value))
        case Shape.FLOWS:
            return choices.charts
        case Shape.LIMIT:
            return UNITS
        case Shape.LINES if each.suggested:
            return tuple((word, word) for word in each.suggested)
        case _:
            return ()


def _ticked(each: Field) -> bool:
    """Say whether a list has usual words to tick, others written one a line."""
    return each.shape is Shape.LINES and bool(each.suggested)


def _with_current(options: Options, value: str) -> Options:
    return options if not value or value in dict(options) else (*options, (value, value))


def _column(part: Field) -> Column:
    if part.shape is Shape.CHOICE:
        return Column(part.name, part.heading, "select", (("", "请选择"), *part.options), narrow=True)
    if part.shape is Shape.FLAG:
        return Column(part.name, part.heading, "select", (("1", "是"), ("0", "否")), narrow=True)
    kind = "textarea" if part.shape is Shape.TEXT else "text"
    return Column(
        part.name,
        part.heading,
        kind,
        wide=part.name in _WIDE,
        narrow=part.shape is Shape.NUMBER,
        attributes=_SUGGESTING if part.name == "law" else None,
    )


def _height(value: object) -> int:
    if isinstance(value, list):
        return min(12, max(3, len(value) + 1))
    text = str(value)
    return min(10, max(2, len(text) // 42 + text.count("\n") + 1))


def _errors(each: Field, at: str, problems: Sequence[FieldProblem]) -> tuple[str, dict[tuple[int, str], str]]:
    """Return what is wrong with the field as a whole, and with single cells of its rows."""
    whole: list[str] = []
    cells: dict[tuple[int, str], str] = {}
    keys = {part.name for part in each.parts}
    for problem in problems:
        if problem.field == at or (each.shape in _LISTS and problem.field.startswith(f"{at}-")):
            whole.append(problem.sentence)
        elif each.shape is Shape.ROWS and problem.field.startswith(f"{at}-"):
            index, _, key = problem.field.removeprefix(f"{at}-").partition("-")
            if index.isdigit() and key in keys:
                cells[int(index), key] = problem.sentence
            else:
                whole.append(problem.sentence)
        elif each.shape is Shape.LIMIT and problem.field.startswith(f"{at}-"):
            cells[0, problem.field.removeprefix(f"{at}-")] = problem.sentence
    return " ".join(whole), cells


def _field_at(at: str) -> Field | None:
    name, _, rest = at.partition("-")
    if name == "details":
        key = rest.partition("-")[0]
        return next((one for each in categories.CATEGORIES if (one := each.detail(key))), None)
    return next((each for each in FIELDS if each.name == name), None)


def contact_options(contacts: Contacts) -> Options:
    """Return the directory's contacts to choose from, in its order."""
    return tuple((key, contact_words(key, contacts)) for key in contacts)
