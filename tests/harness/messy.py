"""Tables as offices really bring them, each with the known truth: what is taken with what values, what is refused.

A book is written line by line together with what must become of the line, then put into a file of some kind. Nothing
here knows how the product reads.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import xlsxwriter

from harness.office_files import Cell, docx, ods
from harness.old_workbook import sheet_of, xls

SERIAL, CATEGORY, NAME, BASIS, SECTION, LIMIT = "序号", "职权类别", "项目名称", "行使依据", "承办部门", "法定时限"
HEAD = (SERIAL, CATEGORY, NAME, BASIS, SECTION, LIMIT)


@dataclass(frozen=True)
class Item:
    """An item as it is meant: its cells in the order of HEAD and the values an entry must hold."""

    category: str
    key: str
    name: str
    basis: str
    laws: tuple[tuple[str, str], ...]
    section: str
    limit: str
    days: tuple[int, str] | None

    def cells(self, serial: str = "", **other: str) -> list[str]:
        """Return the row of this item; cells may be given otherwise by their heading."""
        row = [serial, self.category, self.name, self.basis, self.section, self.limit]
        return [other.get(heading, cell) for heading, cell in zip(HEAD, row, strict=True)]

    def values(self, **other: object) -> dict[str, object]:
        """Return what the entry must hold."""
        limit = None if self.days is None else {"n": self.days[0], "unit": self.days[1], "start": ""}
        meant = {"category": self.key, "name": self.name, "section": self.section, "statutory_limit": limit}
        return meant | {"laws": self.laws} | other


FINE = Item(
    "行政处罚",
    "penalty",
    "对超标排放水污染物的处罚",
    "水污染防治法第74条",
    (("水污染防治法", "第74条"),),
    "环境监察大队",
    "90日",
    (90, "day"),
)
PERMIT = Item(
    "行政许可",
    "licence",
    "建设项目环境影响评价文件审批",
    "《环境影响评价法》第二十二条",
    (("环境影响评价法", "第22条"),),
    "建设项目管理科",
    "60个工作日",
    (60, "working_day"),
)
DUMP = Item(
    "行政处罚",
    "penalty",
    "对擅自倾倒危险废物的处罚",
    "固体废物污染环境防治法第75条",
    (("固体废物污染环境防治法", "第75条"),),
    "环境监察大队",
    "3个月",
    (3, "month"),
)
LEVY = Item(
    "行政征收",
    "levy",
    "排污费征收",
    "排污费征收使用管理条例第2条",
    (("排污费征收使用管理条例", "第2条"),),
    "环境监察大队",
    "",
    None,
)


@dataclass(frozen=True)
class Line:
    """A row of a table and what must become of it: taken with values, refused in a column, or passed over."""

    cells: Sequence[str]
    values: Mapping[str, object] | None = None
    column: str | None = None
    why: str = ""
    mended: str = ""


def taken(item: Item, *cells: str, mended: str = "", **values: object) -> Line:
    """Return a row that must become this item; without cells it is written plainly."""
    return Line(cells or item.cells(), item.values(**values), mended=mended)


def refused(column: str, why: str, *cells: str) -> Line:
    """Return a row that must be refused in this column for this reason."""
    return Line(cells, column=column, why=why)


def passed(*cells: str) -> Line:
    """Return a row that is no item."""
    return Line(cells)


HEADINGS = passed(*HEAD)


@dataclass(frozen=True)
class Book:
    """A file with its truth by row number; `broken` is what the sentence says where nothing of it may be read."""

    name: str
    content: bytes
    taken: Mapping[int, Mapping[str, object]] = field(default_factory=dict)
    refused: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    mended: Mapping[int, str] = field(default_factory=dict)
    total: int = 0
    notes: tuple[str, ...] = ()
    broken: str = ""
    tables: int = 1  # how many tables the file has; the truth is about the first


Writer = Callable[[Sequence[Sequence[str]]], bytes]


def book(name: str, lines: Sequence[Line], write: Writer, *notes: str, tables: int = 1) -> Book:
    """Return the file of these lines; rows are numbered from 1."""
    numbered = list(enumerate(lines, start=1))
    return Book(
        name,
        write([line.cells for line in lines]),
        {number: line.values for number, line in numbered if line.values is not None},
        {number: (line.column, line.why) for number, line in numbered if line.column is not None},
        {number: line.mended for number, line in numbered if line.mended},
        len(lines),
        notes,
        tables=tables,
    )


def broken(name: str, content: bytes, said: str) -> Book:
    """Return a file of which nothing may be read."""
    return Book(name, content, broken=said)


def csv(encoding: str = "utf-8", mark: bytes = b"", separator: str = ",") -> Writer:
    """Return a writer of delimited text."""

    def write(rows: Sequence[Sequence[str]]) -> bytes:
        lines = (separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
        return mark + "\r\n".join(lines).encode(encoding)

    return write


def workbook(
    *merges: tuple[str, str],
    sheet: str = "职权",
    more: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], object] | None = None,
) -> Writer:
    """Return a writer of .xlsx; merges are (range, text), `more` does what cells do not tell."""

    def write(rows: Sequence[Sequence[str]]) -> bytes:
        out = io.BytesIO()
        made = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
        page = made.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write_string(number, column, cell)
        for place, text in merges:
            page.merge_range(place, text)
        if more:
            more(made, page)
        made.close()
        return out.getvalue()

    return write


def old_workbook(merges: Sequence[tuple[int, int, int, int]] = ()) -> Writer:
    """Return a writer of .xls."""
    return lambda rows: xls([sheet_of("职权", rows, merges=merges)])


def open_document(rows: Sequence[Sequence[str]]) -> bytes:
    """Write .ods."""
    return ods("职权", rows)


def word(
    title: str = "", down: Sequence[tuple[int, int, int]] = (), wide: Mapping[tuple[int, int], int] | None = None
) -> Writer:
    """Return a writer of .docx; `down` are (column, first row, last row) merged, `wide` the columns a cell spans."""

    def write(rows: Sequence[Sequence[str]]) -> bytes:
        table: list[list[Cell | str]] = []
        for number, row in enumerate(rows):
            cells: list[Cell | str] = []
            for column, text in enumerate(row):
                state = next(
                    (
                        "restart" if number == top else "continue"
                        for c, top, last in down
                        if c == column and top <= number <= last
                    ),
                    "",
                )
                cells.append(Cell(text, (wide or {}).get((number, column), 1), state))
            table.append(cells)
        return docx(*([title] if title else []), table)

    return write


def page(encoding: str = "utf-8", spans: Mapping[tuple[int, int], str] | None = None) -> Writer:
    """Return a writer of a web page; `spans` are attributes of cells, a cell of None is covered by another."""

    def write(rows: Sequence[Sequence[str]]) -> bytes:
        lines = []
        for number, row in enumerate(rows):
            cells = (
                f"<td {(spans or {}).get((number, column), '')}>{cell.replace(chr(10), '<br>')}</td>"
                for column, cell in enumerate(row)
                if cell is not None
            )
            lines.append(f"<tr>{''.join(cells)}</tr>")
        return f"<html><body><table>{''.join(lines)}</table></body></html>".encode(encoding)

    return write
