"""Rows that moved sideways, told by their neighbours: their cells are like those of the next column. Pure.

Only a row with a gap where nearly all others have something is looked at. Likeness is the share of a cell's pairs of
characters that the column's other cells have; it needs a few rows to compare with.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_LOOKED_AT = 60  # characters of a cell
_PROFILE = 200  # rows a column is known by
_LEAST = 4  # rows without which nothing can be said
_REGULAR = 0.85  # share of rows that fill a column nearly always
_EVIDENCE = 0.75  # how much better the cells must fit one column further, all together

Rows = Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True)
class Moved:
    """Where a row begins to be like its neighbour's columns: the column from 0, and whether it moved left or right."""

    column: int
    is_left: bool

    @property
    def sentence(self) -> str:
        """Return what is wrong with the row."""
        where = "左移" if self.is_left else "右移"
        return f"从这一栏起各栏的内容像是整行{where}了一栏，请核对整行"


def moved_rows(rows: Rows, columns: int) -> dict[int, Moved]:
    """Return the rows that moved, by their numbers; `rows` are items below the headings, `columns` their width."""
    filled = [(number, cells) for number, cells in rows if sum(bool(cell.strip()) for cell in cells) > columns // 3]
    if len(filled) < _LEAST or columns < 3:  # noqa: PLR2004 - two columns have no neighbours to tell them apart
        return {}
    counts = [sum(bool(_at(cells, column)) for _, cells in filled) for column in range(columns)]
    regular = [column for column, count in enumerate(counts) if count >= _REGULAR * len(filled)]
    suspects = [(number, cells) for number, cells in filled if any(not _at(cells, column) for column in regular)]
    if not suspects:
        return {}
    numbers = {number for number, _ in suspects}
    models = [cells for number, cells in filled if number not in numbers][:_PROFILE]
    if len(models) < _LEAST - 1:
        return {}
    profiles = [frozenset(pair for cells in models for pair in _pairs(_at(cells, column))) for column in range(columns)]
    moved = {}
    for number, cells in suspects:
        pairs = [_pairs(_at(cells, column)) for column in range(columns)]
        for step in (1, -1):
            if (column := _turning_point(pairs, profiles, step)) is not None:
                moved[number] = Moved(column, step > 0)
                break
    return moved


def _turning_point(pairs: Sequence[frozenset[str]], profiles: Sequence[frozenset[str]], step: int) -> int | None:
    """Return the column from which on all cells fit better one column further (step 1) or nearer (-1), if any."""
    best, total, place = 0.0, 0.0, None
    for column in range(len(pairs) - 1, -1, -1):
        if not pairs[column]:
            continue
        further = column + step
        fits = _likeness(pairs[column], profiles[further]) if 0 <= further < len(profiles) else 0.0
        total += fits - _likeness(pairs[column], profiles[column])
        if total > best:
            best, place = total, column
    return place if best >= _EVIDENCE else None


def _likeness(pairs: frozenset[str], profile: frozenset[str]) -> float:
    return len(pairs & profile) / len(pairs)


def _pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters, with the ends marked, of the beginning of a cell."""
    if not text:
        return frozenset()
    marked = f"^{text[:_LOOKED_AT]}$"
    return frozenset(marked[place : place + 2] for place in range(len(marked) - 1))


def _at(cells: Sequence[str], column: int) -> str:
    return cells[column].strip() if column < len(cells) else ""
