"""The columns of a table somebody brings: which field each holds, as found or as the person corrected it. Pure.

`table_headings` recognises headings; here what it could not know is put right without touching the file: headings are
renamed to the words it knows, cells replaced, a column that is missing filled alike in every row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from webapp.powers.fields import CODE, FIELDS
from webapp.powers.shapes import Shape
from webapp.powers.table_headings import (
    DAY_KIND,
    DEPARTMENT,
    FEE_BASIS,
    FEE_STANDARD,
    IGNORED,
    PUBLISHABLE,
    SEARCHED_ROWS,
    SUBCATEGORY,
    Headings,
    find_headings,
    heading_key,
)
from webapp.powers.tables import limit_headings
from webapp.rules import RuleBroken

Rows: TypeAlias = list[tuple[int, list[str]]]  # number in the file, cells

FILLABLE = ("category", "section")  # what a whole table may have in common
_LONGEST_HEADING = 20
_LONGEST_SAMPLE = 40
_PROBES = (("项目名称", "职权编码"), ("职权编码", "对内/对外"), ("项目名称", "对内/对外"))


def _canonical() -> dict[str, str]:
    words = {CODE.name: CODE.heading}
    for each in FIELDS:
        if each.shape is Shape.LIMIT:
            words[f"{each.name}-n"], words[f"{each.name}-rest"] = limit_headings(each)
        else:
            words[each.name] = each.heading
    return words | {
        SUBCATEGORY: "子类",
        DEPARTMENT: "承办部门",
        DAY_KIND: "日别",
        PUBLISHABLE: "是否公开",
        FEE_BASIS: "收费依据",
        FEE_STANDARD: "收费标准",
        IGNORED: "备注",
    }


#: What a column may hold, by target: the heading under which `find_headings` knows it for sure.
CANONICAL = _canonical()
_TARGETS = {word: target for target, word in CANONICAL.items()} | {
    each.heading: f"{each.name}-n" for each in FIELDS if each.shape is Shape.LIMIT
}


@dataclass(frozen=True)
class Column:
    """One column of a table: its place from 0, its heading as it stands, the target ("" not known), a first value."""

    place: int
    word: str
    target: str
    sample: str
    is_added: bool = False  # not in the table: filled alike in every row


@dataclass
class Corrections:
    """What a person said about a table that was read; kept with the run, applied at every reading."""

    table: int = 0  # which of the file's tables
    header: int = 0  # number of the row of headings in the file; 0: as found
    targets: dict[int, str] = field(default_factory=dict)  # by place; empty: as found
    fill: dict[str, str] = field(default_factory=dict)  # of FILLABLE
    cells: dict[int, dict[int, str]] = field(default_factory=dict)  # row number → place → text
    left_out: set[int] = field(default_factory=set)

    def as_json(self) -> dict[str, Any]:
        """Return them as JSON."""
        return {
            "table": self.table,
            "header": self.header,
            "targets": {str(place): target for place, target in self.targets.items()},
            "fill": self.fill,
            "cells": {
                str(row): {str(place): text for place, text in cells.items()} for row, cells in self.cells.items()
            },
            "left_out": sorted(self.left_out),
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Corrections":
        """Return what `as_json` wrote."""
        return cls(
            table=kept["table"],
            header=kept["header"],
            targets={int(place): target for place, target in kept["targets"].items()},
            fill=dict(kept["fill"]),
            cells={
                int(row): {int(place): text for place, text in cells.items()} for row, cells in kept["cells"].items()
            },
            left_out=set(kept["left_out"]),
        )


def with_cells(rows: Rows, cells: Mapping[int, Mapping[int, str]]) -> Rows:
    """Return the rows with the cells a person typed in place of those in the file."""
    if not cells:
        return rows
    changed: Rows = []
    for number, given in rows:
        typed = cells.get(number)
        if typed:
            row = given + [""] * (max(typed) + 1 - len(given))
            for place, text in typed.items():
                row[place] = text
            changed.append((number, row))
        else:
            changed.append((number, given))
    return changed


def target_of(word: str, known: Mapping[str, str]) -> str:
    """Return the target a heading means, alone; "" where nobody knows it. `known`: headings in the bureau's words."""
    if not word.strip():
        return ""
    for companions in _PROBES:
        try:
            return find_headings([[*companions, word]], known).columns.get(2, "")
        except RuleBroken:
            continue
    return ""


def place_of_headings(rows: Rows, header: int, known: Mapping[str, str]) -> tuple[int, Headings | None]:
    """Return the index of the row of headings and what was found there.

    `header` is the row the person named, 0 for none. Where nothing is recognised: the row with most short words.
    """
    texts = [cells for _, cells in rows]
    start = next((index for index, (number, _) in enumerate(rows) if number == header), 0) if header else 0
    try:
        found = find_headings(texts[start : start + 2] if header else texts, known)
    except RuleBroken:
        found = None
    if found is not None:
        return start + found.first - 1, found
    if header:
        return start, None
    scores = [len({cell for cell in cells if _is_word(cell)}) for cells in texts[:SEARCHED_ROWS]]
    best = max(scores, default=0)
    at = scores.index(best) if best else 0
    return at + (at + 1 < len(texts) and _is_lower(texts[at], texts[at + 1])), None


def columns_of(rows: Rows, at: int, found: Headings | None, known: Mapping[str, str]) -> tuple[Column, ...]:
    """Return the columns that have a heading or content, each with the target of its heading."""
    width = max((len(cells) for _, cells in rows), default=0)
    head = rows[at][1] if rows else []
    above = rows[at - 1][1] if at and (found or _is_lower(rows[at - 1][1], head)) else []
    below = [cells for _, cells in rows[at + 1 :]]
    columns = []
    for place in range(width):
        word = " ".join(_at(head, place).split())
        if found is not None:
            word = found.words.get(place) or word or " ".join(_at(above, place).split())
        elif (upper := " ".join(_at(above, place).split())) and upper != word:
            word = f"{upper}·{word}" if word else upper
        sample = next((cell.strip() for cells in below if (cell := _at(cells, place)).strip()), "")
        if word or sample:
            target = found.columns.get(place, "") if found is not None else target_of(word, known)
            columns.append(Column(place, word, target, " ".join(sample[: _LONGEST_SAMPLE + 1].split())))
    return tuple(columns)


def chosen_columns(columns: Sequence[Column], targets: Mapping[int, str]) -> tuple[Column, ...]:
    """Return the columns with the targets a person chose."""
    return tuple(replace(each, target=targets.get(each.place, each.target)) for each in columns)


def with_filled(columns: Sequence[Column], width: int, fill: Mapping[str, str]) -> tuple[Column, ...]:
    """Return the columns and those a person filled in for the whole table, which stand beyond the table's width."""
    added = enumerate((target for target in FILLABLE if fill.get(target)), width)
    return (
        *columns,
        *(Column(place, CANONICAL[target], target, fill[target], is_added=True) for place, target in added),
    )


def renamed(rows: Rows, at: int, columns: Sequence[Column], fill: Mapping[str, str]) -> Rows:
    """Return the rows under headings `find_headings` knows for sure; what is above the headings is blank.

    `columns` come from `with_filled`: a value of `fill` stands in every row that has content. Headings repeated further
    down are renamed too.
    """
    width = max(each.place for each in columns) + 1
    head = [""] * width
    for each in columns:
        # A target without a word of ours (one of a category's own fields) is known by the table's heading.
        head[each.place] = CANONICAL.get(each.target) or (each.word if each.target else CANONICAL[IGNORED])
    added = [each for each in columns if each.is_added]
    old = {index: [heading_key(cell) for cell in rows[index][1]] for index in (at, at - 1) if index >= 0}
    changed: Rows = [(number, []) for number, _ in rows[:at]]
    changed.append((rows[at][0], head))
    for number, cells in rows[at + 1 :]:
        if _repeats(cells, old[at]):
            changed.append((number, list(head)))
        elif at - 1 in old and _repeats(cells, old[at - 1]):
            changed.append((number, []))
        elif added and sum(bool(cell.strip()) for cell in cells) > 1:
            row = cells + [""] * (width - len(cells))
            for each in added:
                row[each.place] = row[each.place] or fill[each.target]
            changed.append((number, row))
        else:
            changed.append((number, cells))
    return changed


def place_named(columns: Sequence[Column], name: str) -> int | None:
    """Return the place of the column a problem names: by the table's heading, ours, or that of a field."""
    if not name:
        return None
    for each in columns:
        if each.word == name:
            return each.place
    wanted = {_TARGETS.get(name, name)}
    if "section" in wanted:
        wanted.add(DEPARTMENT)
    return next((each.place for each in columns if each.target in wanted), None)


def _is_word(cell: str) -> bool:
    """Say whether a cell may be a heading; headings hold no figures, most rows do."""
    return 0 < len(cell.strip()) <= _LONGEST_HEADING and not any(map(str.isdigit, cell))


def _is_lower(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Say whether a row is the second of two rows of headings: few short words below the groups of the first."""
    words = [cell for place, cell in enumerate(lower) if cell.strip() and cell != _at(upper, place)]
    above = [cell for cell in upper if cell.strip()]
    is_short = all(_is_word(cell) and len(cell.strip()) <= _LONGEST_HEADING // 2 for cell in words)
    return len(words) > 1 and is_short and 2 * len(words) <= len(above)


def _repeats(cells: Sequence[str], old: Sequence[str]) -> bool:
    filled = [(place, cell) for place, cell in enumerate(cells) if cell.strip()]
    same = sum(len(cell) <= 2 * _LONGEST_HEADING and heading_key(cell) == _at(old, place) for place, cell in filled)
    return len(filled) > 1 and 2 * same > len(filled)


def _at(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""
