"""A stack of papers as .xlsx: a sheet per paper, set up to print like the paper itself; nothing in it computes.

Texts are cells of text, sums are numbers counted by us: a workbook never adds up anything on its own (EXP-01).
"""

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import xlsxwriter

from webapp.documents.paper import (
    GRID_UNITS,
    Cell,
    Grid,
    Layout,
    Line,
    Note,
    Paper,
    Signs,
    Stack,
    Table,
    Text,
    as_text,
    plain,
)
from webapp.documents.sheets import Replaced, computes, fitting, repacked, sheet_name

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PAPER = {"A4": 9, "A3": 8}  # as the format numbers sizes of paper
_MM_PER_CHARACTER = 1.95
_POINTS_PER_LINE = 14.0
_MAX_HEIGHT = 400.0  # points; the format allows 409
_CREATED = datetime(2008, 6, 5)  # noqa: DTZ001 - the writer wants a naive one
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_name": "宋体", "font_size": 20, "align": "center", "valign": "vcenter"},
    "line": {"font_name": "仿宋_GB2312", "font_size": 12, "valign": "vcenter"},
    "right": {"font_name": "仿宋_GB2312", "font_size": 12, "valign": "vcenter", "align": "right"},
    "text": {"font_name": "仿宋_GB2312", "font_size": 14, "text_wrap": True, "valign": "top"},
    "heading": {"font_name": "黑体", "font_size": 14, "valign": "vcenter"},
    "head": {"font_name": "黑体", "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1},
    "group": {"font_name": "黑体", "text_wrap": True, "valign": "vcenter", "border": 1},
    "left": {"font_name": "宋体", "text_wrap": True, "valign": "vcenter", "border": 1},
    "centre": {"font_name": "宋体", "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1},
    "foot": {"font_name": "宋体", "font_size": 6.5, "font_color": "#808080"},
}


def write_papers_xlsx(stack: Stack, replaced: Replaced | None = None) -> bytes:
    """Return the workbook; the same stack gives the same bytes."""
    note = replaced or Replaced()
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": _CREATED, "author": "", "company": ""})
    formats = {}
    for key, told in _FORMATS.items():
        text = {"num_format": "@", "font_size": stack.layout.table_type, **told}
        formats[key], formats[f"quoted {key}"] = book.add_format(text), book.add_format({**text, "quote_prefix": True})
        formats[f"number {key}"] = book.add_format({**text, "num_format": "0"})
    taken: set[str] = set()
    for paper in stack.papers:
        name = paper.subtitle if len(stack.papers) > 1 and paper.subtitle else paper.title
        page = book.add_worksheet(sheet_name(name, taken))
        _Page(page, formats, note, stack.layout).fill(paper, stack.foot(paper))
    if not stack.papers:
        book.add_worksheet(sheet_name(stack.name, taken))
    book.close()
    return repacked(out.getvalue())


class _Page:
    """One sheet while it is being filled: rows go downwards, `at` is the next free one."""

    def __init__(self, page: Any, formats: dict[str, Any], note: Replaced, layout: Layout) -> None:  # noqa: ANN401 - untyped
        self._page, self._formats, self._note, self._layout = page, formats, note, layout
        self.at = 0
        self._columns = GRID_UNITS
        self._widths: list[float] = []

    def fill(self, paper: Paper, foot: str) -> None:
        """Write a paper and set its page up."""
        self._divide(next((block for block in paper.blocks if isinstance(block, Table)), None))
        self._across(paper.title, "title", 34)
        if paper.subtitle:
            self._across(paper.subtitle, "line")
        for block in paper.blocks:
            match block:
                case Table():
                    self._table(block)
                case Grid():
                    self._grid(block)
                case Text():
                    self._text(block)
                case Line():
                    self._line(block)
                case Note():
                    self._across(block.text, "line")
                case Signs():
                    words = "　　　".join(f"{role}：＿＿＿＿＿　年　月　日" for role in block.roles)
                    self._across(words, "line", 32)
        self._across(foot, "foot")
        self._set_up()

    def _divide(self, table: Table | None) -> None:
        """Give the sheet the columns of its table, or the twelve parts of a grid."""
        shares = table.shares(1000) if table else (1000 // GRID_UNITS,) * GRID_UNITS
        self._columns = len(shares)
        self._widths = [self._layout.text_width * share / 1000 / _MM_PER_CHARACTER for share in shares]
        for column, width in enumerate(self._widths):
            self._page.set_column(column, column, width)

    def _table(self, table: Table) -> None:
        first = self.at
        if table.upper:
            place = 0
            for heading, span in table.upper:
                self._merge(
                    self.at + (0 if heading.over else 1),
                    place,
                    span,
                    heading.over or heading.text,
                    "head",
                    up=not heading.over,
                )
                place += span
            self.at += 1
        for column, heading in enumerate(table.headings):
            if not table.upper or heading.over:
                self._write(self.at, column, heading.text, "head")
        self._page.set_row(self.at, self._tallest([heading.text for heading in table.headings]))
        self.at += 1
        self._page.repeat_rows(first, self.at - 1)
        for row in table.rows:
            if row.kind == "group":
                self._merge(self.at, 0, self._columns, as_text(row.cells[0]), "group")
            else:
                for column, cell in enumerate(row.cells):
                    align = "left" if table.headings[column].align == "left" else "centre"
                    self._write(self.at, column, cell, align)
                self._page.set_row(self.at, self._tallest(row.cells))
            self.at += 1

    def _text(self, text: Text) -> None:
        if text.heading:
            self._across(text.heading, "heading")
        for paragraph in text.paragraphs:
            height = self._height(f"　　{paragraph}", sum(self._widths) / 1.5) * 1.45  # in larger type
            self._across(f"　　{paragraph}", "text", min(height, _MAX_HEIGHT))

    def _grid(self, grid: Grid) -> None:
        for row in grid.rows:
            place, tallest = 0, _POINTS_PER_LINE
            for pair in row:
                self._merge(self.at, place, pair.label_units, pair.label, "head")
                wide = pair.units - pair.label_units
                self._merge(self.at, place + pair.label_units, wide, pair.text, "left")
                inside = sum(self._widths[place + pair.label_units : place + pair.units])
                tallest = max(tallest, self._height(pair.text, inside))
                place += pair.units
            self._page.set_row(self.at, tallest)
            self.at += 1

    def _line(self, line: Line) -> None:
        half = max(1, self._columns // 2)
        self._merge(self.at, 0, half, line.left, "line")
        if line.right and self._columns > half:
            self._merge(self.at, half, self._columns - half, line.right, "right")
        self.at += 1

    def _across(self, text: str, kind: str, height: float = 18) -> None:
        self._merge(self.at, 0, self._columns, text, kind)
        self._page.set_row(self.at, height)
        self.at += 1

    def _merge(self, row: int, column: int, span: int, text: str, kind: str, *, up: bool = False) -> None:
        first = row - 1 if up else row
        if span > 1 or up:
            self._page.merge_range(first, column, row, column + span - 1, "", self._formats[kind])
        self._write(first, column, text, kind)

    def _write(self, row: int, column: int, cell: Cell, kind: str) -> None:
        if isinstance(cell, int):
            self._page.write_number(row, column, cell, self._formats[f"number {kind}"])
            return
        shown = fitting(plain(cell), self._note)
        self._page.write_string(row, column, shown, self._formats[f"quoted {kind}" if computes(shown) else kind])

    def _tallest(self, cells: Iterable[Cell]) -> float:
        return max(self._height(as_text(cell), width) for cell, width in zip(cells, self._widths, strict=True))

    @staticmethod
    def _height(text: str, width: float) -> float:
        """Return the height of a wrapped text in points; a wide character takes two places."""
        lines = sum(-(-2 * len(line) // max(1, int(width))) or 1 for line in text.split("\n"))
        return min(_MAX_HEIGHT, lines * _POINTS_PER_LINE + 4)

    def _set_up(self) -> None:
        page, layout = self._page, self._layout
        top, right, bottom, left = (each / 25.4 for each in layout.margins)
        page.set_paper(_PAPER[layout.size])
        if layout.landscape:
            page.set_landscape()
        page.set_margins(left=left, right=right, top=top, bottom=bottom)
        page.fit_to_pages(1, 0)
        page.center_horizontally()
        page.hide_gridlines(2)
        page.set_footer("&C&14— &P —")
