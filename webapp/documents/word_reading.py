"""Reading the tables of a .docx file; runs only inside the limited child.

A row of a table is a row, also where cells are merged across (`gridSpan`) or down (`vMerge`): the first cell's value
fills them. Text that was deleted under tracked changes is not read, inserted text is. The paragraphs above a table
are its name. Tables of one form, as when a table is cut by a heading or every item has its own card, are read as one,
with the headings between them as rows; rows are then counted on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from webapp.documents.cell_values import MAX_COLUMNS, MAX_ROWS, SheetRows
from webapp.documents.packages import FileRefused, Package, attribute, local, refusing

MAX_TABLES = 2_000
_MAIN = "word/document.xml"
_TITLE = 120  # characters of a table's name
_NOT_READ = frozenset({"del", "moveFrom", "instrText", "delText", "fldChar", "rPr", "pPr"})
_WRAPPERS = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"})


@dataclass
class _WordTable:
    """A table of the document: its rows by column, where merged cells reach, the text above it."""

    title: str
    rows: list[dict[int, str]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)  # row from 0, column, row, column

    @property
    def head(self) -> tuple[str, ...]:
        """Return the words of the first row: tables with the same are of one form."""
        return tuple(text for _, text in sorted(self.rows[0].items())) if self.rows else ()

    @property
    def labels(self) -> frozenset[str]:
        """Return the words of the first column, as a card has them."""
        return frozenset(row[0] for row in self.rows if row.get(0))


class WordDocument:
    """A .docx file."""

    def __init__(self, package: Package) -> None:
        self._package = package

    def read(self) -> dict[str, Any]:
        """Return {"sheets": [...], "notes": [...]} for the tables of the text."""
        with refusing():
            root = self._root()
            body = next(each for each in root if local(each) == "body")
            tables = list(_tables(body))
            notes = []
            if any(local(each) == "del" for each in root.iter()):
                notes.append("文件中有修订痕迹：已删除的文字没有读取，新插入的文字照常读取。")
            if not tables:
                raise FileRefused("文件中没有表格。请把职权做成表格(一行一项或者一项一张表)后再导入。")
            groups = _grouped(tables)
            sheets = [_sheet(group, place) for place, group in enumerate(groups, start=1)]
            joined = sum(len(group) > 1 for group in groups)
            if joined:
                notes.append("格式相同的几张表格合并读取，行号连续计算，表格之间的标题也算一行。")
            return {"sheets": sheets, "notes": notes}

    def _root(self) -> Element:
        """Return the whole text, unless it has more rows than we would take."""
        events = self._package.events(_MAIN)
        _, root = next(events)
        rows = 0
        for event, element in events:
            rows += event == "end" and local(element) == "tr"
            if rows > MAX_ROWS:
                raise FileRefused(f"文件中的表格超过{MAX_ROWS}行，未予读取。请分成几个文件导入。")
        return root


def _tables(body: Element) -> Iterator[_WordTable]:
    above: list[str] = []
    count = 0
    for block in _unwrapped(body):
        name = local(block)
        if name == "p":
            if text := _text(block).strip():
                above.append(text)
        elif name == "tbl":
            count += 1
            if count > MAX_TABLES:
                raise FileRefused(f"文件中的表格超过{MAX_TABLES}张，未予读取。请分成几个文件导入。")
            yield _table(block, above[-1][:_TITLE] if above else "")
            above = []


def _table(table: Element, title: str) -> _WordTable:
    found = _WordTable(title)
    open_merges: dict[int, list[int]] = {}  # column → top row, left, right, last row
    for number, row in enumerate(each for each in _unwrapped(table) if local(each) == "tr"):
        cells: dict[int, str] = {}
        column = _skipped(row)
        for cell in (each for each in _unwrapped(row) if local(each) == "tc"):
            width, down = _span(cell)
            right = column + width - 1
            if down == "continue" and column in open_merges:
                open_merges[column][3] = number
            else:
                if text := _cell_text(cell):
                    cells[column] = text
                if started := open_merges.pop(column, None):
                    found.merges += _merge(started)
                if down == "restart":
                    open_merges[column] = [number, column, right, number]
                elif width > 1:
                    found.merges.append((number, column, number, right))
            column = right + 1
        found.rows.append(cells)
    for started in open_merges.values():
        found.merges += _merge(started)
    return found


def _merge(started: list[int]) -> list[tuple[int, int, int, int]]:
    top, left, right, bottom = started
    return [(top, left, bottom, right)] if (bottom, right) != (top, left) else []


def _grouped(tables: list[_WordTable]) -> list[list[_WordTable]]:
    groups: list[list[_WordTable]] = []
    for table in tables:
        if groups and _is_same_form(groups[-1][-1], table):
            groups[-1].append(table)
        else:
            groups.append([table])
    return groups


def _is_same_form(one: _WordTable, other: _WordTable) -> bool:
    """Say whether two tables have the same heading row, or are cards with the same names in their first column."""
    if len(one.head) > 1 and one.head == other.head:
        return True
    shared = one.labels & other.labels
    return len(shared) > 2 and 2 * len(shared) > max(len(one.labels), len(other.labels))  # noqa: PLR2004 - two may agree by chance


def _sheet(group: list[_WordTable], place: int) -> dict[str, Any]:
    first = group[0]
    sheet = SheetRows(first.title or f"第{place}张表格")
    number = 0
    for table in group:
        if table is not first and table.title:
            number += 1
            sheet.add(number, {0: (table.title, None)})
        top = number + 1
        for cells in table.rows:
            number += 1
            sheet.add(number, {column: (text, None) for column, text in cells.items()})
        for row, left, last, right in table.merges:
            sheet.merge(top + row, left, top + last, right)
    return sheet.answer()


def _skipped(row: Element) -> int:
    """Return the number of grid columns a row leaves out before its first cell."""
    for properties in (each for each in row if local(each) == "trPr"):
        for each in properties:
            if local(each) == "gridBefore":
                return min(int(attribute(each, "val", "0")), MAX_COLUMNS)
    return 0


def _span(cell: Element) -> tuple[int, str]:
    """Return how many columns a cell is wide, and "restart", "continue" or "" for merging down."""
    width, down = 1, ""
    for properties in (each for each in cell if local(each) == "tcPr"):
        for each in properties:
            if local(each) == "gridSpan":
                width = min(max(int(attribute(each, "val", "1")), 1), MAX_COLUMNS)
            elif local(each) == "vMerge":
                down = attribute(each, "val", "continue")
    return width, down


def _cell_text(cell: Element) -> str:
    lines = []
    for block in _unwrapped(cell):
        if local(block) == "p":
            lines.append(_text(block))
        elif local(block) == "tbl":  # a table within a cell is read as its lines
            rows = (each for each in _unwrapped(block) if local(each) == "tr")
            for row in rows:
                texts = [_cell_text(each) for each in _unwrapped(row) if local(each) == "tc"]
                lines.append(" ".join(text for text in texts if text))
    return "\n".join(line.strip() for line in lines).strip()


def _text(element: Element) -> str:
    parts = []
    for child in element:
        name = local(child)
        if name == "t":
            parts.append(child.text or "")
        elif name in {"tab", "ptab"}:
            parts.append("\t")
        elif name in {"br", "cr"}:
            parts.append("\n")
        elif name == "noBreakHyphen":
            parts.append("-")
        elif name not in _NOT_READ and name != "AlternateContent":
            parts.append(_text(child))
    return "".join(parts)


def _unwrapped(element: Element) -> Iterator[Element]:
    """Yield the children of an element, those inside content controls and tracked insertions too."""
    for child in element:
        if local(child) in _WRAPPERS:
            yield from _unwrapped(child)
        else:
            yield child
