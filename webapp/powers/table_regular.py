"""A table as people made it turned into a plain one: one row of headings, one row for an item. Pure.

Cards become rows, two rows of headings one, the unit in a heading stands in its cells, rows under a merged name are put
into the item's row. Every row keeps its number; those that are left blank are named with why. What was done is told per
row, and doing it again changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from webapp.powers.table_cards import unfold_cards
from webapp.powers.table_headings import Headings, find_headings, is_repeated
from webapp.powers.table_mending import plain
from webapp.powers.table_words import IGNORED, is_serial, unit_of_heading

Rows = Sequence[tuple[int, Sequence[str]]]
Filled = Mapping[int, Mapping[int, int]]  # row → column from 0 → row the value comes from

ABOVE, AGAIN = "表头或表头以上的行", "重复的表头"
_LONGEST_SHOWN = 30


@dataclass
class Regular:
    """A plain table: its rows, its headings, what stood above them, what became of rows and what was put right."""

    rows: list[tuple[int, list[str]]]
    headings: Headings
    title: str
    passed_over: dict[int, str] = field(default_factory=dict)
    mended: dict[int, list[str]] = field(default_factory=dict)

    def tell(self, number: int, sentence: str) -> None:
        """Note what was put right in a row."""
        self.mended.setdefault(number, []).append(sentence)


def regular(
    rows: Rows,
    *,
    filled: Filled | None = None,
    title: str = "",
    mapping: Mapping[str, str] | None = None,
) -> Regular:
    """Return a table in plain form; raise RuleBroken where it has no headings.

    `filled` tells which cells merging filled, `title` what the sheet or the text above the table says, `mapping` gives
    targets for headings in the table's own words.
    """
    passed_over: dict[int, str] = {}
    if unfolded := unfold_cards(rows, mapping):
        rows, passed_over, filled = unfolded.rows, dict(unfolded.passed_over), {}
    headings = find_headings([cells for _, cells in rows], mapping)
    at = headings.first - len(headings.rows)
    above = [cell.strip() for _, cells in rows[:at] for cell in dict.fromkeys(cells) if cell.strip()]
    table = Regular(
        [(number, list(cells)) for number, cells in rows], headings, "\n".join([title, *above]), passed_over
    )
    for index in range(headings.first):
        number = rows[index][0]
        table.passed_over.setdefault(number, ABOVE)
        if index >= at:
            is_last = index == headings.first - 1
            width = max(headings.words, default=-1) + 1
            table.rows[index] = (number, [headings.words.get(c, "") for c in range(width)] if is_last else [])
    for index in range(headings.first, len(rows)):
        number, cells = table.rows[index]
        if is_repeated(cells, headings):
            table.rows[index] = (number, [])
            table.passed_over[number] = AGAIN
    _join_continued(table, filled or {})
    _put_units(table)
    return table


def _join_continued(table: Regular, filled: Filled) -> None:
    """Put rows under a merged name into the row the name stands in; tell which cells merging filled in the others."""
    name = table.headings.column("name")
    places = {number: index for index, (number, _) in enumerate(table.rows)}
    first = table.rows[table.headings.first][0] if table.headings.first < len(table.rows) else 0
    for number, columns in filled.items():
        index = places.get(number)
        if index is None or number < first or number in table.passed_over:
            continue
        cells = table.rows[index][1]
        if len({cell for cell in cells if cell.strip()}) <= 1:
            continue  # a title over the whole width
        origin = columns.get(name, number) if name is not None else number
        if first <= origin < number and origin in places:
            _join(table, places[origin], index, columns)
        else:
            for column, source in columns.items():
                target = table.headings.columns.get(column, IGNORED)
                if target not in {IGNORED, "name"} and column < len(cells):
                    shown = plain(cells[column])[:_LONGEST_SHOWN]
                    word, where = table.headings.words[column], f"第{source}行" if source != number else "左边"
                    table.tell(number, f"合并单元格：“{word}”按{where}填写“{shown}”")


def _join(table: Regular, first: int, second: int, columns: Mapping[int, int]) -> None:
    """Add what is new in the second row to the cells of the first."""
    origin, cells = table.rows[first]
    number, more = table.rows[second]
    words = []
    for column, text in enumerate(more):
        if column in columns or not text.strip() or is_serial(table.headings.words.get(column, "")):
            continue
        cells += [""] * (column + 1 - len(cells))
        if text.strip() not in cells[column].split("\n"):
            cells[column] = f"{cells[column]}\n{text}".strip()
            words.append(table.headings.words.get(column, f"第{column + 1}列"))
    table.rows[second] = (number, [])
    table.passed_over[number] = f"名称为合并单元格，并入第{origin}行"
    if words:
        table.tell(origin, f"第{number}行与本行共用名称，“{'”“'.join(words)}”并入本行")


def _put_units(table: Regular) -> None:
    """Write the unit that a heading gives beside the bare numbers below it."""
    for column, target in table.headings.columns.items():
        unit = unit_of_heading(table.headings.words[column])
        if not unit or not target.endswith("_limit-n"):
            continue
        for number, cells in table.rows[table.headings.first :]:
            if column < len(cells) and plain(cells[column]).isdigit():
                cells[column] = f"{plain(cells[column])}{unit}"
                table.tell(number, f"“{table.headings.words[column]}”的单位按表头写为“{unit}”")
