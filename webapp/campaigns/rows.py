"""Tables typed into a form: inputs `NAME-INDEX-KEY`, buttons that add, remove and move rows. Pure.

The names are those of the component `rows_editor` (docs/COMPONENTS.md).
"""

import re
from collections.abc import Mapping, Sequence

Form = Mapping[str, Sequence[str]]
Row = dict[str, str]
MAX_ROWS = 200


def text_of(form: Form, name: str) -> str:
    """Return the last value posted under a name, with one kind of line break and no blanks around it."""
    values = form.get(name)
    return values[-1].replace("\r\n", "\n").replace("\r", "\n").strip() if values else ""


def read_rows(form: Form, name: str, keys: Sequence[str]) -> list[Row]:
    """Return the rows of a table in their order, blank ones included."""
    pattern = re.compile(rf"{re.escape(name)}-(\d{{1,3}})-")
    places = sorted({int(found[1]) for given in form if (found := pattern.match(given))})
    return [{key: text_of(form, f"{name}-{at}-{key}") for key in keys} for at in places[:MAX_ROWS]]


def is_row_button(form: Form) -> bool:
    """Say whether a button of a row was pressed: the form is only given back, changed."""
    return any(button in form for button in ("add_row", "remove_row", "move_up"))


def arranged(form: Form, name: str, rows: Sequence[Row], keys: Sequence[str]) -> list[Row]:
    """Return the rows after the button that was pressed, should it be one of this table."""
    changed = list(rows)
    if text_of(form, "add_row") == name and len(changed) < MAX_ROWS:
        changed.append(dict.fromkeys(keys, ""))
    for button in ("remove_row", "move_up"):
        table, _, place = text_of(form, button).rpartition("-")
        if table != name or not place.isdigit() or int(place[:4]) >= len(changed):
            continue
        at = int(place[:4])
        if button == "remove_row":
            del changed[at]
        elif at:
            changed[at - 1], changed[at] = changed[at], changed[at - 1]
    return changed


def filled(rows: Sequence[Row]) -> list[tuple[int, Row]]:
    """Return the rows in which something was typed, each with its place in the form."""
    return [(at, row) for at, row in enumerate(rows) if any(row.values())]
