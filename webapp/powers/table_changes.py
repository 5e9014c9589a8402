"""What a row of a table changes in an entry that is there already: exactly the cells that say something else. Pure.

A workbook of ours that was corrected by hand comes back. Each cell is compared with what the export would write today;
only where it differs is it read. So nothing that a cell cannot hold (long texts cut, characters an old encoding has
not, internal details a public export leaves out) looks like a change.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from webapp.characters import FORBIDDEN
from webapp.documents.sheets import CUT, MAX_CELL, UNSHOWN
from webapp.powers.fields import FIELDS, INTERNAL_NAMES, Body
from webapp.powers.parts import internal_part, join_parts, public_part
from webapp.powers.shapes import Field, Shape
from webapp.powers.table_columns import Column
from webapp.powers.table_details import DETAIL_MARK
from webapp.powers.table_headings import DEPARTMENT, FEE_BASIS, FEE_STANDARD, PUBLISHABLE, SUBCATEGORY
from webapp.powers.tables import CellRefused, cell_of, details_cell, details_of, limit_cells, limit_of, value_of

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_BLANKS = re.compile(r"[ \t\u3000\xa0]+(?=\n|\Z)")


@dataclass(frozen=True)
class FieldChange:
    """One field that a row changes: its key, its heading, both values as words."""

    name: str
    heading: str
    old: str
    new: str


@dataclass
class RowChange:
    """What a row changes: the body as it would be, the fields, and cells that cannot be read (place, why)."""

    body: Body
    fields: list[FieldChange] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def row_change(
    body: Body,
    is_public_flow: Callable[[str], bool],
    columns: Sequence[Column],
    cells: Sequence[str],
    read: Body | None,
    *,
    refused: Collection[int] = (),
) -> RowChange:
    """Compare a row with the entry as it stands.

    `read`: the entry `table_reading` made of the row, None where it refused it; `refused`: the places it refused.
    """
    places = {each.target: each.place for each in reversed(columns) if each.target}
    is_public = not any(name in places for name in INTERNAL_NAMES)
    base = public_part(body, is_public_flow) if is_public else body
    change = RowChange(dict(base))
    for each in FIELDS:
        at = [places[name] for name in _targets(each) if name in places]
        if each.shape is Shape.DETAILS:
            at = [place for place in at if not _word(columns, place).startswith(DETAIL_MARK)]
        if not at or each.name not in base:
            continue
        given = [_at(cells, place) for place in at]
        written = _written(each, base, len(at))
        if all(map(_same, written, given, [each] * len(at))):
            continue
        bad = [place for place in at if place in refused]
        if bad:
            change.problems.append((bad[0], ""))
            continue
        try:
            value = _value(each, base, given, read)
        except CellRefused as why:
            change.problems.append((at[0], str(why)))
            continue
        _put(change, each, base, value)
    if read is not None:
        _put_others(change, base, places, read)
    if is_public:
        change.body = join_parts(change.body, internal_part(body, is_public_flow))
    return change


def shown_value(each: Field, body: Mapping[str, Any]) -> str:
    """Return a field of a body as words, as in a cell."""
    if each.shape is Shape.DETAILS:
        return details_cell(body["category"], body[each.name])
    return cell_of(each, body[each.name])


def _put(change: RowChange, each: Field, base: Mapping[str, Any], value: Any) -> None:  # noqa: ANN401 - JSON
    if value == base[each.name]:
        return
    old = shown_value(each, base)
    change.body[each.name] = value
    change.fields.append(FieldChange(each.name, each.heading, old, shown_value(each, change.body)))


def _put_others(change: RowChange, base: Mapping[str, Any], places: Mapping[str, int], read: Body) -> None:
    """Take over what stands in columns that are not one field each."""
    by_name = {each.name: each for each in FIELDS}
    if DEPARTMENT in places:
        involved = [*base["joint_sections"], *base["support_sections"]]
        if read["section"] != base["section"] or sorted(read["support_sections"]) != sorted(involved):
            _put(change, by_name["section"], base, read["section"])
            if sorted(read["support_sections"]) != sorted(involved):
                support = [name for name in read["support_sections"] if name not in base["joint_sections"]]
                _put(change, by_name["support_sections"], base, support)
    if (FEE_BASIS in places or FEE_STANDARD in places) and "fees" not in places:
        _put(change, by_name["fees"], base, read["fees"])
    if PUBLISHABLE in places and "disclosure" not in places and "disclosure" in base:
        was_open = base["disclosure"] != "pending"
        if was_open != (read["disclosure"] != "pending"):
            _put(change, by_name["disclosure"], base, read["disclosure"])
    if SUBCATEGORY in places and "details" not in places and read["details"]:
        _put(change, by_name["details"], base, {**base["details"], **read["details"]})


def _targets(each: Field) -> tuple[str, ...]:
    return (f"{each.name}-n", f"{each.name}-rest") if each.shape is Shape.LIMIT else (each.name,)


def _written(each: Field, base: Mapping[str, Any], count: int) -> list[str]:
    if each.shape is not Shape.LIMIT:
        return [shown_value(each, base)]
    number, rest = map(str, limit_cells(base[each.name]))
    return [number, rest] if count > 1 else [f"{number}{rest}"]


def _value(each: Field, base: Mapping[str, Any], given: Sequence[str], read: Body | None) -> Any:  # noqa: ANN401 - JSON
    if read is not None:
        return read[each.name]
    if each.shape is Shape.LIMIT:
        return limit_of(given[0], given[1]) if len(given) > 1 else limit_of("", given[0])
    if each.shape is Shape.DETAILS:
        return details_of(base["category"], given[0])
    if each.shape is Shape.DAY:
        return _day(given[0]) or given[0]
    return value_of(each, given[0])


def _same(written: str, given: str, each: Field) -> bool:
    """Say whether a cell says what the export writes, allowing for what files and programs do to cells."""
    if written == given:
        return True
    plain, other = _plain(written), _plain(given)
    if plain == other or _plain(_fitting(written)) == other:
        return True
    if each.shape is Shape.DAY and plain and _day(other) == plain:
        return True
    if each.shape is Shape.LIMIT and re.fullmatch(r"\d+\.0+", other):  # a number as a spreadsheet may write it
        return other.partition(".")[0] == plain
    return "?" in other and plain.encode("gbk", "replace").decode("gbk") == other


def _plain(text: str) -> str:
    return _BLANKS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _fitting(text: str) -> str:
    shown = FORBIDDEN.sub(UNSHOWN, text)
    return shown if len(shown) <= MAX_CELL else shown[: MAX_CELL - len(CUT)] + CUT


def _day(text: str) -> str:
    found = _DAY.fullmatch(text.strip().partition(" ")[0])
    if found is None:
        return ""
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return ""


def _word(columns: Sequence[Column], place: int) -> str:
    return next((each.word for each in columns if each.place == place), "")


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""
