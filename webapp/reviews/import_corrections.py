"""What a person typed and chose on the preview of an import, put into the corrections that are kept with the run."""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy

from webapp import scan
from webapp.characters import FORBIDDEN
from webapp.powers.table_columns import CANONICAL, FILLABLE, Corrections
from webapp.reviews.import_source import Source
from webapp.rules import RuleBroken

MAX_CELL = 32_767
_CELL = re.compile(r"cell-(\d{1,7})-(\d{1,3})")
_COLUMN = re.compile(r"column-(\d{1,3})")
_DIGITS = re.compile(r"\d{1,7}")


def with_cells(
    corrections: Corrections, source: Source, form: Iterable[tuple[str, str]]
) -> tuple[Corrections, list[int]]:
    """Return the corrections with what was typed, and the rows in which a secrecy marking was typed.

    Names: `cell-ROW-PLACE`; `row` names a row that was on screen, `leave` one that is not to be imported. A cell that
    says what the file says is no correction. What holds a marking is not kept.
    """
    changed, marked = deepcopy(corrections), set()
    cells = dict(source.tables[corrections.table].rows) if source.tables else {}
    rows = {*cells} | {row for row, _ in (*source.lines, *source.refused)}
    if source.tables:
        rows |= {each[0] for each in source.tables[corrections.table].refused}
    shown: set[int] = set()
    left: set[int] = set()
    for name, value in form:
        if found := _CELL.fullmatch(name):
            row, place = int(found[1]), int(found[2])
            if row in cells and _put(changed, cells[row], row, place, value):
                marked.add(row)
        elif name in {"row", "leave"} and _DIGITS.fullmatch(value) and int(value) in rows:
            (shown if name == "row" else left).add(int(value))
    changed.left_out = (changed.left_out - shown) | left
    return changed, sorted(marked)


def with_columns(corrections: Corrections, source: Source, form: Mapping[str, str]) -> Corrections:
    """Return the corrections with the columns as they were mapped.

    Names: `column-PLACE` a target; `table` the number of the table; `header` the row of headings; `fill-NAME` what
    every row has in common. Another table or row of headings starts the mapping anew. Raises RuleBroken.
    """
    table, header = _number(form.get("table", ""), corrections.table), _number(form.get("header", ""), 0)
    if table != corrections.table:
        if table >= len(source.tables):
            raise RuleBroken("没有这张工作表，请重新选择。", "table")
        return Corrections(table=table)
    changed = deepcopy(corrections)
    if header != _number(form.get("found_header", ""), 0):
        changed.header, changed.targets = header, {}
        return changed
    targets = {}
    for name, value in form.items():
        if found := _COLUMN.fullmatch(name):
            if value and value not in CANONICAL:
                raise RuleBroken("栏目只能从所列选项中选择，请重新选择。")
            targets[int(found[1])] = value
    changed.targets = targets
    changed.fill = {name: text for name in FILLABLE if (text := form.get(f"fill-{name}", "").strip()[:60])}
    return changed


def _put(changed: Corrections, given: list[str], row: int, place: int, value: str) -> bool:
    """Put a typed cell in; return True where it holds a marking and was not kept."""
    text = FORBIDDEN.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))[:MAX_CELL]
    if scan.secrecy_sentence(text):
        return True
    typed = changed.cells.setdefault(row, {})
    if text == (given[place] if place < len(given) else ""):
        typed.pop(place, None)
    else:
        typed[place] = text
    if not typed:
        del changed.cells[row]
    return False


def _number(text: str, otherwise: int) -> int:
    return int(text) if _DIGITS.fullmatch(text) else otherwise
