"""Reading the tables of a web page: an .xls that is really a page, or what Word and WPS put on the clipboard.

Only text and the spans of cells are taken; scripts, styles and addresses are nothing to us. The parser is libxml2's:
the standard library's takes time by the square of hostile text. It runs inside the limited child.
"""

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from webapp.documents.cell_values import MAX_COLUMNS, MAX_ROWS, SheetRows
from webapp.documents.packages import FileRefused

MAX_TABLES = 200
_SILENT = frozenset({"script", "style", "head", "template", "noscript", "title"})
_BREAKING = frozenset({"p", "div", "li", "tr", "h1", "h2", "h3", "h4"})
_BLANKS = re.compile(r"[ \t\r\n\f\u00a0]+")


class _Grid:
    """A table being read: rows by column, and the cells above that reach down into the next row."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.rows: list[dict[int, str]] = []
        self.merges: list[tuple[int, int, int, int]] = []
        self.taken: dict[int, int] = {}  # column → rows it still covers
        self.column = 0
        self.spans = (1, 1)
        self.text: list[str] | None = None  # of the open cell

    def open_row(self) -> None:
        self.close_cell()
        if self.rows:
            self.taken = {column: left - 1 for column, left in self.taken.items() if left > 1}
        self.rows.append({})
        if len(self.rows) > MAX_ROWS:
            raise FileRefused(f"表格超过{MAX_ROWS}行，未予读取。请分成几个文件导入。")
        self.column = 0

    def open_cell(self, right: int, down: int) -> None:
        self.close_cell()
        if not self.rows:
            self.open_row()
        while self.column in self.taken:
            self.column += 1
        if self.column > 2 * MAX_COLUMNS:
            raise FileRefused(f"表格超过{MAX_COLUMNS}列，未予读取。请删去无关的栏目后再导入。")
        self.spans = right, down
        self.text = []

    def close_cell(self) -> None:
        if self.text is None:
            return
        right, down = self.spans
        lines = (_BLANKS.sub(" ", line).strip() for line in "".join(self.text).split("\v"))
        text = "\n".join(line for line in lines if line)
        row, column = len(self.rows), self.column
        if text:
            self.rows[-1][column] = text
        if self.spans != (1, 1):
            self.merges.append((row, column, row + down - 1, column + right - 1))
            self.taken.update(dict.fromkeys(range(column, column + right), down))
        self.column += right
        self.text = None


class _Pages:
    """Collects the tables of a page; a table within a cell is read as text of that cell."""

    def __init__(self) -> None:
        self.grids: list[_Grid] = []
        self._open: _Grid | None = None
        self._depth = self._silent = 0
        self._outside: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                lines = [_BLANKS.sub(" ", line).strip() for line in "".join(self._outside).split("\v")]
                self._open = _Grid(next((line[:120] for line in reversed(lines) if line), ""))
                self._outside = []
        elif self._open is not None and self._depth == 1 and tag == "tr":
            self._open.open_row()
        elif self._open is not None and self._depth == 1 and tag in {"td", "th"}:
            self._open.open_cell(_count(attributes.get("colspan")), _count(attributes.get("rowspan")))
        elif tag == "br" or tag in _BREAKING:
            self._say("\v")

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag == "table" and self._depth:
            self._depth -= 1
            if self._depth == 0:
                self._finish()
        elif self._depth == 1 and self._open is not None and tag in {"td", "th"}:
            self._open.close_cell()
        elif tag in _BREAKING:
            self._say("\v")

    def data(self, data: str) -> None:
        """Take text."""
        if not self._silent:
            self._say(data.replace("\v", " "))

    def close(self) -> list[_Grid]:
        """Return the tables."""
        self._finish()
        return self.grids

    def _say(self, text: str) -> None:
        if self._open is None:
            self._outside.append(text)
        elif self._open.text is not None:
            self._open.text.append(text)

    def _finish(self) -> None:
        grid, self._open = self._open, None
        if grid is not None:
            grid.close_cell()
            self.grids.append(grid)
        if len(self.grids) > MAX_TABLES:
            raise FileRefused(f"网页中的表格超过{MAX_TABLES}张，未予读取。请分成几次导入。")


def read_page(text: str) -> dict[str, Any]:
    """Return {"sheets": [...], "notes": [...]} for the tables of a page or a piece of one."""
    try:
        grids = etree.fromstring(text.encode(), etree.HTMLParser(target=_Pages(), encoding="utf-8", no_network=True))
    except etree.LxmlError:
        raise FileRefused("网页的内容无法识别，未予读取。请用表格软件打开后另存为.xlsx再导入。") from None
    sheets = []
    for place, grid in enumerate(grids, start=1):
        sheet = SheetRows(grid.title or f"第{place}张表格")
        for number, cells in enumerate(grid.rows, start=1):
            sheet.add(number, {column: (cell, None) for column, cell in cells.items()})
        for top, left, bottom, right in grid.merges:
            sheet.merge(top, left, min(bottom, len(grid.rows)), right)
        sheets.append(sheet.answer())
    if not sheets:
        raise FileRefused("文件是网页，其中没有表格。请用表格软件打开后另存为.xlsx再导入。")
    return {"sheets": sheets, "notes": []}


def _count(given: str | None) -> int:
    """Return a span as a number that can do no harm."""
    return min(max(int(given), 1), MAX_COLUMNS) if given and given.isdecimal() and len(given) < 6 else 1  # noqa: PLR2004 - digits
