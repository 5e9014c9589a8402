"""Finding the headings of a table people made, and which field each column holds. Pure.

Title rows above, headings on two rows and headings in other words are usual (data/README.md). A column nobody knows is
named, never guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from webapp.powers.table_words import (
    DAY_KIND,
    DEPARTMENT,
    EXTRA_HEADINGS,
    FEE_BASIS,
    FEE_STANDARD,
    GROUP_MARK,
    IGNORED,
    PUBLISHABLE,
    SUBCATEGORY,
    heading_key,
    known_headings,
    name_instead,
    target_of,
    target_of_pair,
)
from webapp.rules import RuleBroken

__all__ = [
    "DAY_KIND",
    "DEPARTMENT",
    "EXTRA_HEADINGS",
    "FEE_BASIS",
    "FEE_STANDARD",
    "IGNORED",
    "PUBLISHABLE",
    "SEARCHED_ROWS",
    "SUBCATEGORY",
    "Headings",
    "find_headings",
    "heading_key",
    "is_repeated",
]

SEARCHED_ROWS = 30
_LONGEST_SUB = 20  # characters of a heading below another
_SPARE = 8  # blanks and brackets a heading may have beyond what is compared


@dataclass(frozen=True)
class Headings:
    """Where the headings stand and what each column holds: the first data row's place, column → target, the words.

    `rows` are the rows of headings as they stand (one or two), by which they are known when they come again.
    """

    first: int  # index of the first row below the headings
    columns: Mapping[int, str]
    words: Mapping[int, str]
    unknown: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(default=())

    def word(self, target: str) -> str:
        """Return the heading under which a target stands in this table."""
        return next((self.words[column] for column, each in self.columns.items() if each == target), target)

    def column(self, target: str) -> int | None:
        """Return the column that holds a target."""
        return next((column for column, each in self.columns.items() if each == target), None)


def find_headings(rows: Sequence[Sequence[str]], mapping: Mapping[str, str] | None = None) -> Headings:
    """Return the headings of a table: the row, or two rows, of the first thirty under which most columns are known.

    `mapping` gives targets for headings in the table's own words (`--map heading=field`); it comes first. Raises
    RuleBroken where no row names the items, or the mapping names no field.
    """
    known = {**known_headings(), **_own(mapping or {})}
    best, first, height, words = 0, 0, 1, dict[int, str]()
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        for lower in (None, rows[index + 1] if index + 1 < len(rows) else None):
            tried = _words(row, lower, known)
            hits = len({target for word in tried.values() if (target := target_of(word, known))})
            if hits > best:
                best, first, height, words = hits, index, 1 + (lower is not None), tried
    if best < 2:  # noqa: PLR2004 - one word may stand anywhere
        raise RuleBroken("没有找到表头。请保留“项目名称”“承办部门”等栏目名称所在的一行，或指定各栏对应的内容。")
    columns, unknown = _columns(words, known)
    shown = tuple(tuple(map(heading_key, row)) for row in rows[first : first + height])
    return Headings(first + height, columns, words, unknown, shown)


def is_repeated(row: Sequence[str], headings: Headings) -> bool:
    """Say whether a row repeats the headings, or one row of them, as at a page break."""
    cells = [(column, cell) for column, cell in enumerate(row) if cell.strip()]
    if len(cells) < 2:  # noqa: PLR2004 - one word may stand anywhere
        return False
    return any(_is_row_of(cells, head) for head in headings.rows)


def _is_row_of(cells: Sequence[tuple[int, str]], head: Sequence[str]) -> bool:
    """Say whether more than half of the cells repeat a row of headings; most rows show after a few that they do not."""
    other = 0
    for column, cell in cells:
        is_short = column < len(head) and len(cell) <= len(head[column]) + _SPARE
        if not is_short or heading_key(cell) != head[column]:
            other += 1
            if 2 * other >= len(cells):
                return False
    return True


def _words(upper: Sequence[str], lower: Sequence[str] | None, known: Mapping[str, str]) -> dict[int, str]:
    """Return the heading of each column, those of two rows as 期限·法定; {} where the second is no row of headings."""
    if lower is None:
        return {column: text for column, cell in enumerate(upper) if (text := " ".join(cell.split()))}
    filled = [cell for cell in lower if cell.strip()]
    if len(filled) < 2 or any(len(cell) > _LONGEST_SUB for cell in filled):  # noqa: PLR2004 - a group has two columns
        return {}
    words: dict[int, str] = {}
    group = ""
    understood = own = 0
    for column in range(max(len(upper), len(lower))):
        above, below = " ".join(_at(upper, column).split()), " ".join(_at(lower, column).split())
        group = above or (group if below else "")  # the heading of a group stands over its first column only
        if not below or heading_key(below) == heading_key(above):
            if above:
                words[column] = above
            understood += bool(below)
            continue
        own += 1
        understood += target_of_pair(group, below, known) is not None
        words[column] = f"{group}{GROUP_MARK}{below}" if group else below
    return words if own > 1 and understood == len(filled) else {}


def _columns(words: Mapping[int, str], known: Mapping[str, str]) -> tuple[dict[int, str], tuple[str, ...]]:
    columns: dict[int, str] = {}
    unknown: list[str] = []
    for column, word in words.items():
        target = target_of(word, known)
        if target is None:
            unknown.append(word)
        elif target in columns.values() and target != IGNORED:
            raise RuleBroken(f"有两栏都是“{word}”，请删去一栏，或指定各栏对应的内容。")
        else:
            columns[column] = target
    if "name" not in columns.values():
        column_of_names = name_instead(words)
        if column_of_names is None:
            raise RuleBroken("表中没有“项目名称”一栏，请补上，或指定哪一栏是项目名称。")
        columns[column_of_names] = "name"
        unknown = [word for word in unknown if word != words[column_of_names]]
    return columns, tuple(unknown)


def _own(mapping: Mapping[str, str]) -> dict[str, str]:
    targets = {*known_headings().values()}
    for heading, target in mapping.items():
        if target not in targets:
            raise RuleBroken(f"“{heading[:40]}”对应的“{target[:40]}”不是本系统的栏目，请核对。")
    return {heading_key(heading): target for heading, target in mapping.items()}


def _at(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""
