"""Reading a table together with what a person corrected in it: columns, cells, rows left out. Pure.

Rows = taken + refused + left out + passed over. The reading itself is `table_reading`'s; here its answers are brought
back to the places in the table, so that each can be shown and mended where it stands.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from webapp.powers.fields import Body
from webapp.powers.table_columns import (
    Column,
    Corrections,
    Rows,
    chosen_columns,
    columns_of,
    place_named,
    place_of_headings,
    renamed,
    with_cells,
    with_filled,
)
from webapp.powers.table_details import DETAIL_MARK, folded, without_examples
from webapp.powers.table_entry import Resolver
from webapp.powers.table_headings import DEPARTMENT, IGNORED
from webapp.powers.table_reading import TableReading, read_entries
from webapp.powers.table_rows import TakenRow
from webapp.rules import RuleBroken

#: Stands in every cell of a row that must not be read, so that 同上 below it is refused instead of filled from above.
UNREAD = "(此行未读入)"


@dataclass(frozen=True)
class CellRefusal:
    """Why a row cannot be taken: the place of the cell (None: the whole row), its heading, its text, the reason."""

    row: int
    place: int | None
    column: str
    value: str
    why: str


@dataclass
class CorrectedReading:
    """What became of a table: `sentence` says why it could not be read at all, "" where it was."""

    columns: tuple[Column, ...] = ()
    header: int = 0  # number of the row of headings
    taken: list[TakenRow] = field(default_factory=list)
    refused: list[CellRefusal] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    passed_over: list[tuple[int, str]] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    sentence: str = ""


@dataclass(frozen=True)
class Surroundings:
    """What reading needs to know of the bureau: headings in its words, its sections, blank entries, its laws.

    `section` is the section every row is for, whatever the table says.
    """

    known: Mapping[str, str]
    sections: Collection[str]
    blank: Callable[[str], Body]
    resolve: Resolver | None = None
    section: str = ""


def read_corrected(
    given: Rows,
    corrections: Corrections,
    around: Surroundings,
    *,
    filled: Mapping[int, Mapping[int, int]] | None = None,
    title: str = "",
) -> CorrectedReading:
    """Read a table; never raises for what stands in it. `filled` and `title` as `read_entries` takes them."""
    rows, examples = without_examples(with_cells(given, corrections.cells))
    rows, wrong_details = folded(rows)
    if not rows:
        return CorrectedReading(sentence="表中没有内容。")
    at, found = place_of_headings(rows, corrections.header, around.known)
    if found is None and around.known:  # the bureau's own words may not fit this table
        at, found = place_of_headings(rows, corrections.header, {})
    width = max(len(cells) for _, cells in given)
    columns = chosen_columns(columns_of(rows, at, found, around.known), corrections.targets)
    is_corrected = bool(corrections.targets or corrections.header or corrections.fill or around.section)
    fill = _fill(columns, corrections, around) if found is not None or is_corrected else {}
    if around.section:
        columns = tuple(
            replace(each, target=IGNORED) if each.target in {DEPARTMENT, "section"} else each for each in columns
        )
    columns = with_filled(columns, width, fill)
    as_found = not (is_corrected or fill)
    reading = CorrectedReading(_in_own_words(columns, given), header=rows[at][0], passed_over=examples)
    try:
        read = read_entries(
            rows if as_found else renamed(rows, at, columns, fill),
            sections=around.sections,
            blank=around.blank,
            resolve=around.resolve,
            mapping=around.known if as_found else None,
            filled=filled,
            title=title,
        )
    except RuleBroken as why:
        reading.sentence = why.message
        return reading
    reading.unknown = tuple(each.word for each in reading.columns if not each.target and each.word)
    _sort(reading, read, corrections.left_out, dict(rows))
    for problem in wrong_details:
        if problem.row not in corrections.left_out:
            word = next((each.word for each in reading.columns if each.place == problem.place), "")
            reading.refused.append(CellRefusal(problem.row, problem.place, word, problem.value, problem.why))
    refused = {each.row for each in reading.refused}
    reading.taken = [each for each in reading.taken if each.row not in refused]
    reading.refused.sort(key=lambda each: each.row)
    reading.passed_over.sort()
    return reading


def _fill(columns: Sequence[Column], corrections: Corrections, around: Surroundings) -> dict[str, str]:
    """Return what stands in every row because the table has no such column."""
    targets = {each.target for each in columns}
    fill = {name: text for name, text in corrections.fill.items() if text and name not in targets}
    if "section" in fill and DEPARTMENT in targets:
        del fill["section"]
    if around.section:
        fill["section"] = around.section
    return fill


def _in_own_words(columns: Sequence[Column], given: Rows) -> tuple[Column, ...]:
    """Return the columns with the headings of folded details as they stand in the file."""
    details = {
        place: cell for _, cells in given[:30] for place, cell in enumerate(cells) if cell.startswith(DETAIL_MARK)
    }
    if not details:
        return tuple(columns)
    return tuple(
        replace(each, word=details[each.place], target="details") if each.place in details else each for each in columns
    )


def _sort(
    reading: CorrectedReading, read: TableReading, left_out: Collection[int], rows: Mapping[int, list[str]]
) -> None:
    """Put what was read where it belongs: rows left out, rows that borrow from an unread one, places of problems."""
    unread = {number for number, cells in rows.items() if UNREAD in cells}
    for taken in read.taken:
        if taken.row in left_out:
            reading.left_out.append(taken.row)
        elif unread and UNREAD in json.dumps(taken.body, ensure_ascii=False):
            reading.refused.append(CellRefusal(taken.row, None, "", "", "上一行没有读入，“同上”无法照填"))
        else:
            reading.taken.append(taken)
    for problem in read.refused:
        if problem.row in left_out:
            if problem.row not in reading.left_out:
                reading.left_out.append(problem.row)
        elif problem.row not in unread:
            place = place_named(reading.columns, problem.column)
            word = next((each.word for each in reading.columns if each.place == place), "") or problem.column
            reading.refused.append(CellRefusal(problem.row, place, word, problem.value, problem.why))
    reading.passed_over += [(number, why) for number, why in read.passed_over if number not in unread]
    reading.left_out.sort()
