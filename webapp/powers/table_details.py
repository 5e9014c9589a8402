"""The category's own fields as columns of their own (专项：违法行为): how a filled template is read. Pure.

The columns are folded into the one cell 类别专项 that `table_reading` reads; what a cell does not hold is told with its
own column. A row marked 示例 is an example and no item.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.powers import categories
from webapp.powers.categories import Category
from webapp.powers.shapes import Field, Shape
from webapp.powers.table_columns import CANONICAL, Rows
from webapp.powers.tables import CellRefused, detail_line, value_of

DETAIL_MARK = "专项："
TITLE_MARK = "职权导入模板："
EXAMPLE = "示例"
_SEARCHED = 30
_PARTS = re.compile(r"[;；\n]+")


@dataclass(frozen=True)
class PlaceProblem:
    """Why a cell cannot be taken: its row and place, what stands there, what is wrong."""

    row: int
    place: int
    value: str
    why: str


def detail_heading(field: Field) -> str:
    """Return the heading of a column that holds one of a category's own fields."""
    return f"{DETAIL_MARK}{field.heading}"


def without_examples(rows: Rows) -> tuple[Rows, list[tuple[int, str]]]:
    """Return the rows without those marked as an example, and the marked ones with why they are passed over."""
    kept: Rows = []
    passed = []
    for number, cells in rows:
        if next((cell.strip() for cell in cells if cell.strip()), "") == EXAMPLE:
            passed.append((number, "示例行"))
        else:
            kept.append((number, cells))
    return kept, passed


def folded(rows: Rows) -> tuple[Rows, list[PlaceProblem]]:
    """Return the rows with the columns of details in one cell each, and what could not be read in them.

    A table without such columns stays as it is.
    """
    at = next(
        (
            index
            for index, (_, cells) in enumerate(rows[:_SEARCHED])
            if any(cell.startswith(DETAIL_MARK) for cell in cells)
        ),
        -1,
    )
    if at < 0:
        return rows, []
    head = rows[at][1]
    places = {
        place: cell.removeprefix(DETAIL_MARK).strip() for place, cell in enumerate(head) if cell.startswith(DETAIL_MARK)
    }
    category_at = next((place for place, cell in enumerate(head) if cell.strip() == CANONICAL["category"]), -1)
    own = _category_of_title(rows[:at])
    first = min(places)
    # The title is no upper row of the headings.
    changed: Rows = [(number, []) for number, _ in rows[:at]]
    changed.append((rows[at][0], [_heading(place, cell, places, first) for place, cell in enumerate(head)]))
    problems: list[PlaceProblem] = []
    for number, given in rows[at + 1 :]:
        cells = list(given) + [""] * (len(head) - len(given))
        if any(cell.strip() for cell in cells):
            if own and category_at >= 0 and not cells[category_at].strip():
                cells[category_at] = own.name
            word = cells[category_at].strip() if category_at >= 0 else ""
            found = _category_named(word) or own
            lines, wrong = _lines(number, cells, places, found)
            problems += wrong
            for place in places:
                cells[place] = ""
            cells[first] = "\n".join(lines)
        changed.append((number, cells))
    return changed, problems


def _heading(place: int, cell: str, places: Mapping[int, str], first: int) -> str:
    if place == first:
        return CANONICAL["details"]
    return CANONICAL["-"] if place in places else cell


def _lines(
    number: int, cells: Sequence[str], places: Mapping[int, str], found: Category | None
) -> tuple[list[str], list[PlaceProblem]]:
    lines, problems = [], []
    for place, heading in places.items():
        text = cells[place].strip()
        if not text:
            continue
        each = next((field for field in found.details if field.heading == heading), None) if found else None
        if each is None:
            why = f"“{found.name}”没有“{heading}”一项" if found else "请先填写职权类别"
            problems.append(PlaceProblem(number, place, text[:80], why))
            continue
        try:
            lines.append(detail_line(each, _value(each, text)))
        except CellRefused as refused:
            problems.append(PlaceProblem(number, place, text[:80], str(refused)))
    return lines, problems


def _value(field: Field, text: str) -> object:
    if field.shape is Shape.LINES and "\\" not in text:
        return [part.strip() for part in _PARTS.split(text) if part.strip()]
    if field.shape in {Shape.ROWS, Shape.CHOICES} and "\\" not in text:
        text = ";".join(part.strip() for part in _PARTS.split(text) if part.strip()).replace("｜", "|")
    if field.shape is Shape.LIMIT:
        text = text.replace("；", ";")
    return value_of(field, text)


def _category_of_title(rows: Rows) -> Category | None:
    for _, cells in rows:
        for cell in cells:
            if cell.startswith(TITLE_MARK):
                return _category_named(cell.removeprefix(TITLE_MARK).split("。")[0].strip())
    return None


def _category_named(word: str) -> Category | None:
    return next((each for each in categories.CATEGORIES if word and word in {each.name, each.key}), None)
