"""A filled paper: what stands on an official form, before it becomes a page, a .docx, a .pdf or an .xlsx. Pure.

Who fills a paper gives texts and whole numbers; control characters are gone and nothing is left empty before any writer
sees it (papers.md 5.1: no empty cell). Two papers of the same content are equal, and so is their 校验码.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as field_of
from itertools import pairwise
from typing import Any, ClassVar, Literal, TypeAlias

from webapp.characters import FORBIDDEN
from webapp.digests import digest

Cell: TypeAlias = str | int
Align: TypeAlias = Literal["left", "centre", "right"]
RowKind: TypeAlias = Literal["row", "group", "total"]

NONE = "—"  # what stands in a cell that has nothing to say
GRID_UNITS = 12  # a row of a grid is divided into so many equal parts
SHOWN_DIGITS = 12  # of a 校验码


@dataclass(frozen=True)
class Layout:
    """The sheet of paper: size, direction, and the size of type in its tables (pt)."""

    size: Literal["A4", "A3"] = "A4"
    landscape: bool = False
    table_type: float = 10.5

    @property
    def width(self) -> float:
        """Return the width of the sheet in mm."""
        short, long = _SIZES[self.size]
        return long if self.landscape else short

    @property
    def height(self) -> float:
        """Return the height of the sheet in mm."""
        short, long = _SIZES[self.size]
        return short if self.landscape else long

    @property
    def margins(self) -> tuple[float, float, float, float]:
        """Return top, right, bottom and left in mm; portrait as GB/T 9704 has it: a text area of 156 × 225."""
        if self.landscape:
            return (28, 20, 24, 20)  # the head is what is bound
        return (37, 26, 35, 28)

    @property
    def text_width(self) -> float:
        """Return the width between the margins in mm."""
        return self.width - self.margins[1] - self.margins[3]


@dataclass(frozen=True)
class Heading:
    """A column of a table: its words, its share of the width, how it is set, the heading over several columns."""

    text: str
    width: float
    align: Align = "left"
    over: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a table; of a group row only the first cell counts, and it runs over all columns."""

    cells: tuple[Cell, ...]
    kind: RowKind = "row"


@dataclass(frozen=True)
class Table:
    """Rows under headings that are repeated on every page."""

    kind: ClassVar[str] = "table"

    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]

    @property
    def upper(self) -> tuple[tuple[Heading, int], ...]:
        """Return the upper line of the head, each with its span of columns; empty for a head of one line."""
        if not any(each.over for each in self.headings):
            return ()
        spans: list[tuple[Heading, int]] = []
        for each in self.headings:
            if each.over and spans and spans[-1][0].over == each.over:
                spans[-1] = (spans[-1][0], spans[-1][1] + 1)
            else:
                spans.append((each, 1))
        return tuple(spans)

    def shares(self, parts: int) -> tuple[int, ...]:
        """Return each column's width in so many parts of the whole; they add up to the whole."""
        whole = sum(each.width for each in self.headings)
        ends, reached = [0], 0.0
        for each in self.headings:
            reached += each.width
            ends.append(round(reached * parts / whole))
        return tuple(after - before for before, after in pairwise(ends))


@dataclass(frozen=True)
class Pair:
    """A labelled box of a grid; label and text together take `units` of the row's twelve, the label `label_units`."""

    label: str
    text: str
    units: int = GRID_UNITS
    label_units: int = 2


@dataclass(frozen=True)
class Grid:
    """Rows of labelled boxes, as on a registration form; the units of each row add up to twelve."""

    kind: ClassVar[str] = "grid"

    rows: tuple[tuple[Pair, ...], ...]


@dataclass(frozen=True)
class Text:
    """Running text: a heading (一、…, may be empty) and paragraphs."""

    kind: ClassVar[str] = "text"

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """Particulars in one line over or under a table: at the left, at the right."""

    kind: ClassVar[str] = "line"

    left: str
    right: str = ""


@dataclass(frozen=True)
class Note:
    """A remark in smaller type."""

    kind: ClassVar[str] = "note"

    text: str


@dataclass(frozen=True)
class Signs:
    """The sign line: for each role a blank to sign in, and the date left open; (盖章) leaves room for a seal."""

    kind: ClassVar[str] = "signs"

    roles: tuple[str, ...]


Block: TypeAlias = Table | Grid | Text | Line | Note | Signs


@dataclass(frozen=True)
class Paper:
    """One paper: what it is headed, its parts in order, and what names its state (稿次) in the foot.

    `named_by` is the digest of the revision it shows; empty: the paper is named by its own content.
    """

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    state: str = ""
    named_by: str = ""

    @property
    def digest(self) -> str:
        """Return the digest in the foot: of the revision shown, or of everything that stands on the paper."""
        return self.named_by or digest(content_of(self))


@dataclass(frozen=True)
class Stack:
    """Papers of one form in one file, each beginning on a page of its own; `printed` is when, in words."""

    name: str  # of the file, without its ending
    layout: Layout
    papers: tuple[Paper, ...]
    printed: str
    notes: tuple[str, ...] = field_of(default=())  # for the screen only: what could not be shown

    def foot(self, paper: Paper) -> str:
        """Return the foot of a paper: 校验码 · 第n稿 · 打印时间."""
        return " · ".join(
            part for part in (f"校验码 {paper.digest[:SHOWN_DIGITS]}", paper.state, f"打印时间 {self.printed}") if part
        )


def plain(text: object) -> str:
    """Return text as it may stand in any file: line ends as line feeds, tabs as blanks, control characters gone."""
    shown = str(text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return FORBIDDEN.sub("", shown).strip()


def filled(value: object, none: str = NONE) -> str:
    """Return a text for a cell that must not stay empty."""
    return plain(value) or none


def total_of(rows: Iterable[Sequence[Cell]]) -> tuple[int, ...]:
    """Return the sums of columns of numbers; the rows are equally long."""
    return tuple(sum(cell for cell in column if isinstance(cell, int)) for column in zip(*rows, strict=True))


def is_long(cells: Sequence[Cell], table: Table, layout: Layout) -> bool:
    """Say whether a row is taller than half a page and so may be split; estimated from the widths of its columns."""
    em = layout.table_type * _MM_PER_POINT
    whole = sum(each.width for each in table.headings)
    lines = 0
    for cell, heading in zip(cells, table.headings, strict=True):
        per_line = max(1, int((layout.text_width * heading.width / whole - 2) / em))
        lines = max(lines, sum(-(-len(line) // per_line) for line in as_text(cell).split("\n")))
    top, _, bottom, _ = layout.margins
    return lines * em * 1.4 > (layout.height - top - bottom) / 2


def signs_in_line(layout: Layout) -> int:
    """Return how many sign blanks stand side by side."""
    return 2 if layout.size == "A4" else 4


def as_text(cell: Cell) -> str:
    """Return a cell in words."""
    return cell if isinstance(cell, str) else str(cell)


def content_of(paper: Paper) -> dict[str, Any]:
    """Return a paper as a document of texts, lists and objects: for its digest and for the writer of PDF."""
    return {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "state": paper.state,
        "blocks": [_block(block) for block in paper.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Table():
            heads = [{"text": h.text, "align": h.align, "over": h.over} for h in block.headings]
            rows = [{"kind": row.kind, "cells": list(map(as_text, row.cells))} for row in block.rows]
            return {"kind": "table", "headings": heads, "rows": rows}
        case Grid():
            pairs = [[_pair(pair) for pair in row] for row in block.rows]
            return {"kind": "grid", "rows": pairs}
        case Text():
            return {"kind": "text", "heading": block.heading, "paragraphs": list(block.paragraphs)}
        case Line():
            return {"kind": "line", "left": block.left, "right": block.right}
        case Note():
            return {"kind": "note", "text": block.text}
        case Signs():
            return {"kind": "signs", "roles": list(block.roles)}


def _pair(pair: Pair) -> dict[str, Any]:
    return {"label": pair.label, "text": pair.text, "units": pair.units, "label_units": pair.label_units}


_MM_PER_POINT = 25.4 / 72
_SIZES = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}
