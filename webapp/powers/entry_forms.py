"""The form of an entry: the names of its inputs, and reading what was typed back into a body. Pure.

Names: a scalar has the field's name; rows `basis-0-law`; limits `statutory_limit-n`, `-unit`, `-start`; lists of text
one per line; boxes several times; the category's own `details-KEY`. A name that is not posted leaves the value as it
is, so a panel, a partial form or another door may send only some. A list, a box or rows that may be empty are announced
by an input of the bare name without value. Names that are no field are left alone: no column can be set by them.

What cannot be read (a limit of "abc" days) stays in the body as typed, so that the check tells the field and the form
shows it again; nothing is lost or guessed.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from webapp.digests import canonical, sha256_hex
from webapp.powers import categories
from webapp.powers.fields import FIELDS, Body, field
from webapp.powers.shapes import MAX_ROWS, UNIT_LABELS, Field, Shape, empty_value

Form = Mapping[str, Sequence[str]]

MAX_INDEX = 4  # digits of a row's number
CLAUSE_FIELDS = (  # text that may be kept once for a category and section (practice.md: 共用条款)
    "rules",
    "service_commitment",
    "discipline",
    "accountability",
    "control_points",
    "counterpart_rights",
    "complaint_channel",
    "publication_content",
)
_TRUE = frozenset({"1", "true", "on", "yes", "是"})
_NOTHING: tuple[object, ...] = ("", 0, False, None, [], {})


def read_entry(form: Form, body: Mapping[str, Any], *, keep_blank_rows: bool = False) -> Body:
    """Return a body changed by what was posted; `keep_blank_rows` while rows are being added."""
    changed: Body = {
        each.name: _read(each, form, each.name, body[each.name], keep_blank_rows=keep_blank_rows)
        for each in FIELDS
        if each.shape is not Shape.DETAILS
    }
    changed["details"] = _read_details(form, changed["category"], body["details"], keep_blank_rows=keep_blank_rows)
    return changed


def is_entry_name(name: str) -> bool:
    """Say whether an input belongs to the entry (its fields, its shared clauses)."""
    return _field_of(name) is not None


def panel_of(name: str) -> str:
    """Return the panel an input stands in, "" for one that is none of the entry's."""
    found = _field_of(name)
    return found.panel if found else ""


def arranged_rows(form: Form, body: Mapping[str, Any]) -> Body | None:
    """Return the body after a row was added, removed or moved up by a button; None where none was pressed."""
    for button, act in (("add_row", _add), ("remove_row", _remove), ("move_up", _move_up)):
        if button in form:
            name, index = _named_row(str(form[button][0]) if form[button] else "", with_index=button != "add_row")
            return _with_rows(body, name, index, act)
    return None


def leftover_details(body: Mapping[str, Any]) -> list[str]:
    """Return the keys of details that the body's category does not know: left from another category."""
    found = categories.category(str(body["category"]))
    return [name for name in body["details"] if found is None or name not in found.known]


def without_leftovers(body: Mapping[str, Any]) -> Body:
    """Return the body without what is left from another category."""
    left = set(leftover_details(body))
    return {**body, "details": {name: value for name, value in body["details"].items() if name not in left}}


def field_digests(body: Mapping[str, Any]) -> str:
    """Return short digests of every field, to be sent along with the form: after a conflict they tell who changed."""
    return ",".join(f"{each.name}:{_short(body[each.name])}" for each in FIELDS)


def unchanged_since(digests: str, body: Mapping[str, Any]) -> frozenset[str]:
    """Return the fields whose value in a body still is what it was when the digests were taken."""
    seen = dict(pair.split(":", 1) for pair in digests.split(",") if ":" in pair)
    return frozenset(each.name for each in FIELDS if seen.get(each.name) == _short(body[each.name]))


def without_theirs(form: Form) -> dict[str, list[str]]:
    """Return a form without the fields for which, after a conflict, the other one's text was taken (`take-NAME`)."""
    theirs = {name.removeprefix("take-") for name, values in form.items() if "theirs" in values and name[:5] == "take-"}
    return {
        name: list(values) for name, values in form.items() if not ((found := _field_of(name)) and found.name in theirs)
    }


def choose_clauses(
    form: Form,
    body: Mapping[str, Any],
    before: Mapping[str, Any],
    linked: Mapping[str, int],
    offered: Mapping[str, tuple[int, str]],
) -> tuple[Body, dict[str, int]]:
    """Return the body with shared clauses put in, and which field shows which clause.

    `linked`: as the draft has it; `offered`: id and text by field. A box newly ticked puts the clause in; a text typed
    over a clause that was there before is the entry's own from now on.
    """
    changed, chosen = dict(body), {}
    for name in CLAUSE_FIELDS:
        clause = offered.get(name)
        if clause is None:
            continue
        number, text = clause
        was_linked = linked.get(name) == number
        posted = form.get(f"clause-{name}")
        ticked = was_linked if posted is None else any(posted)
        if not ticked:
            continue
        if was_linked and changed[name] not in {before[name], text}:
            continue  # overridden
        changed[name], chosen[name] = text, number
    return changed, chosen


def _read(each: Field, form: Form, at: str, kept: Any, *, keep_blank_rows: bool = False) -> Any:  # noqa: ANN401, PLR0911 - JSON; one line per shape
    match each.shape:
        case Shape.LIMIT:
            return _read_limit(form, at, kept)
        case Shape.ROWS:
            return _read_rows(each, form, at, kept, keep_blank_rows=keep_blank_rows)
        case Shape.GROUP:
            return _read_parts(each, form, at, kept)
    if at not in form:
        return kept
    values = form[at]
    match each.shape:
        case Shape.LINES:
            return _same_or(kept, _lines(values))
        case Shape.CHOICES | Shape.SECTIONS:
            return _same_or(kept, list(dict.fromkeys(value for value in values if value)))
        case Shape.FLOWS:
            numbers = [number for value in values for number in re.split(r"[\s;;,,、]+", value) if number]
            return _same_or(kept, list(dict.fromkeys(numbers)))
        case Shape.FLAG:
            return any(value.strip().casefold() in _TRUE for value in values)
        case Shape.NUMBER:
            return _number(_text(values), kept, blank=0)
        case _:
            text = _text(values)
            return kept if text == kept else text.strip()


def _read_details(form: Form, category: object, kept: Mapping[str, Any], *, keep_blank_rows: bool) -> dict[str, Any]:
    """Read a category's own fields; one that was not there and has nothing typed stays away."""
    found = categories.category(str(category))
    details: dict[str, Any] = {}
    for each in found.details if found else ():
        at = f"details-{each.name}"
        value = _read(each, form, at, kept.get(each.name, empty_value(each)), keep_blank_rows=keep_blank_rows)
        if each.name in kept or not is_nothing(value):
            details[each.name] = value
    return details | {name: value for name, value in kept.items() if name not in details}


def is_nothing(value: object) -> bool:
    """Say whether nothing stands in a value, nor in any part of it."""
    if isinstance(value, dict):
        return all(map(is_nothing, value.values()))
    return value in _NOTHING


def _read_limit(form: Form, at: str, kept: Any) -> Any:  # noqa: ANN401 - JSON
    names = {part: f"{at}-{part}" for part in ("n", "unit", "start")}
    if not any(name in form for name in names.values()):
        return kept
    old = kept or {"n": "", "unit": "working_day", "start": ""}
    typed = {part: _text(form[name]).strip() if name in form else old[part] for part, name in names.items()}
    if typed["n"] == "" and not typed["start"]:
        return None  # a unit alone is only what the list stood on
    typed["n"] = _number(str(typed["n"]), old["n"], blank="")
    if typed["unit"] not in UNIT_LABELS:
        typed["unit"] = str(typed["unit"])[:20]
    return typed


def _read_rows(each: Field, form: Form, at: str, kept: Sequence[Any], *, keep_blank_rows: bool) -> Any:  # noqa: ANN401 - JSON
    pattern = re.compile(rf"{re.escape(at)}-(\d{{1,{MAX_INDEX}}})-")
    indices = sorted({int(found[1]) for name in form if (found := pattern.match(name))})
    if not indices:
        return [] if at in form else kept
    rows = []
    for index in indices[: MAX_ROWS + 1]:
        old = kept[index] if index < len(kept) else {}
        row = _read_parts(each, form, f"{at}-{index}", old)
        if keep_blank_rows or not is_nothing(row):
            rows.append(row)
    return rows


def _read_parts(each: Field, form: Form, at: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Read the parts of a row or group; an optional one that was not there and has nothing typed stays away."""
    read = {
        part.name: _read(part, form, f"{at}-{part.name}", kept.get(part.name, empty_value(part))) for part in each.parts
    }
    away = {part.name for part in each.parts if part.optional and part.name not in kept and is_nothing(read[part.name])}
    return {name: value for name, value in read.items() if name not in away}


def _text(values: Sequence[str]) -> str:
    """Return the last value posted under a name, with one kind of line break."""
    return values[-1].replace("\r\n", "\n").replace("\r", "\n") if values else ""


def _lines(values: Iterable[str]) -> list[str]:
    lines = [line.strip() for value in values for line in re.split(r"[\r\n]+", value)]
    return [line for line in lines if line]


def _same_or(kept: Any, items: list[str]) -> Any:  # noqa: ANN401 - JSON
    """Return what stood there if only the order differs: boxes come in the order of the form."""
    return kept if isinstance(kept, list) and sorted(map(str, kept)) == sorted(items) else items


def _number(text: str, kept: Any, *, blank: Any) -> Any:  # noqa: ANN401 - JSON
    text = text.strip()
    if text == str(kept):
        return kept
    if not text:
        return blank
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text  # noqa: PLR2004 - digits of MAX_NUMBER and more


def _field_of(name: str) -> Field | None:
    base = name.removeprefix("clause-").partition("-")[0]
    return next((each for each in FIELDS if each.name == base), None)


def _short(value: object) -> str:
    return sha256_hex(canonical(value))[:10]


def _named_row(text: str, *, with_index: bool) -> tuple[str, int]:
    if not with_index:
        return text, -1
    name, _, index = text.rpartition("-")
    return name, int(index) if index.isascii() and index.isdigit() and len(index) <= MAX_INDEX else -1


def _with_rows(
    body: Mapping[str, Any],
    name: str,
    index: int,
    act: Callable[[Field, list[Any], int], list[Any]],
) -> Body:
    """Return the body with one list of rows changed; a name that is no list changes nothing."""
    top, _, key = name.partition("-")
    if top == "details" and key:
        found = categories.category(str(body["category"]))
        each = found.detail(key) if found else None
        if each is None or each.shape is not Shape.ROWS:
            return dict(body)
        return {**body, "details": {**body["details"], key: act(each, list(body["details"].get(key, [])), index)}}
    if name != top or top not in {each.name for each in FIELDS if each.shape is Shape.ROWS}:
        return dict(body)
    return {**body, top: act(field(top), list(body[top]), index)}


def _add(each: Field, rows: list[Any], _at: int) -> list[Any]:
    return (
        [*rows, {part.name: empty_value(part) for part in each.parts if not part.optional}]
        if len(rows) < MAX_ROWS
        else rows
    )


def _remove(_each: Field, rows: list[Any], at: int) -> list[Any]:
    return [row for place, row in enumerate(rows) if place != at]


def _move_up(_each: Field, rows: list[Any], at: int) -> list[Any]:
    if 0 < at < len(rows):
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    return rows
