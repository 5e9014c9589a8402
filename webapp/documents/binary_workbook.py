"""Reading an .xls file (BIFF8, also of WPS) by the same policy as .xlsx; runs only inside the limited child.

The records are looked through first: passwords, hidden sheets and rows, formulas, errors, formats with leading zeros
and the far cells that make a library reserve a whole sheet are found there. Only then calamine reads the values.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from webapp.documents.cell_values import (
    ERROR,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    NO_RESULT,
    SheetRows,
    format_kind,
    moment_text,
    number_text,
)
from webapp.documents.compound_file import CompoundDamaged, CompoundFile
from webapp.documents.packages import FileRefused

_BIFF8 = 0x0600
_FORMULA, _EOF, _FILEPASS, _HIDDEN_COLUMNS, _BOUNDSHEET = 0x06, 0x0A, 0x2F, 0x7D, 0x85
_MULRK, _XF, _LABEL_SST, _NUMBER, _LABEL, _BOOLERR, _ROW = 0xBD, 0xE0, 0xFD, 0x203, 0x204, 0x205, 0x208
_RK, _FORMAT, _BOF, _EXTERNAL = 0x27E, 0x41E, 0x809, 0x1AE
_CELLS = frozenset({_FORMULA, _LABEL_SST, _NUMBER, _LABEL, _BOOLERR, _RK})
_TOO_OLD = "文件是很旧的表格格式(Excel 95或更早)，无法读取。请另存为.xlsx后再导入。"
_ERROR_RESULT, _EMPTY_RESULT = 2, 3


@dataclass
class _Sheet:
    """What the records of a sheet say beyond the values."""

    name: str
    is_hidden: bool
    is_table: bool
    rows: set[int] = field(default_factory=set)  # that hold cells, from 0
    columns: int = 0
    formulas: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    lost: dict[tuple[int, int], str] = field(default_factory=dict)  # cell → why its value is lost
    far: dict[int, int] = field(default_factory=dict)  # row → column beyond the limit
    styles: dict[tuple[int, int], int] = field(default_factory=dict)  # cell → format, of numbers


class BinaryWorkbook:
    """An .xls file."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._formats: dict[int, str] = {}
        self._styles: list[int] = []
        self._sheets: dict[int, _Sheet] = {}  # by the place of their first record
        self._has_external = False

    def read(self) -> dict[str, Any]:
        """Return {"sheets": [...], "notes": [...]} for all visible sheets."""
        try:
            self._look_through(_stream(self._content))
            return self._read()
        except (CompoundDamaged, CalamineError, struct.error, ValueError, KeyError, IndexError):
            raise FileRefused("文件结构无法识别，未予读取。请用表格软件另存为.xlsx后再导入。") from None

    def _look_through(self, stream: bytes) -> None:
        current: _Sheet | None = None
        inner = 0  # charts within a sheet have beginnings and ends of their own
        for place, kind, data in _records(stream):
            if kind == _FILEPASS:
                raise FileRefused("文件已加密，无法读取。请去掉密码后再导入。")
            if kind == _BOF:
                if struct.unpack_from("<H", data)[0] != _BIFF8:
                    raise FileRefused(_TOO_OLD)
                inner += current is not None
                current = self._sheets.get(place, current)
            elif kind == _EOF:
                current = current if inner else None
                inner = max(inner - 1, 0)
            elif current is not None:
                self._note(current, kind, data)
            else:
                self._note_book(kind, data)

    def _note_book(self, kind: int, data: bytes) -> None:
        """Note what the book's own records say: sheets, formats, styles, links to other files."""
        if kind == _BOUNDSHEET:
            start, state, sort, length, wide = struct.unpack_from("<IBBBB", data)
            self._sheets[start] = _Sheet(_string(data, 8, length, wide), bool(state & 3), sort == 0)
        elif kind == _FORMAT:
            number, length, wide = struct.unpack_from("<HHB", data)
            self._formats[number] = _string(data, 5, length, wide)
        elif kind == _XF:
            self._styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _EXTERNAL:
            self._has_external = self._has_external or data[2:4] not in {b"\x01\x04", b"\x01\x3a"}

    def _note(self, sheet: _Sheet, kind: int, data: bytes) -> None:
        if kind in _CELLS:
            row, column, style = struct.unpack_from("<HHH", data)
            self._note_cell(sheet, row, column, style)
            if kind == _FORMULA:
                sheet.formulas += 1
                is_text = data[12:14] == b"\xff\xff"
                if is_text and data[6] == _ERROR_RESULT:
                    sheet.lost[row, column] = ERROR
                elif is_text and data[6] == _EMPTY_RESULT:
                    sheet.lost[row, column] = NO_RESULT
            elif kind == _BOOLERR and data[7]:
                sheet.lost[row, column] = ERROR
        elif kind == _MULRK:
            row, column = struct.unpack_from("<HH", data)
            for place in range((len(data) - 6) // 6):
                self._note_cell(sheet, row, column + place, struct.unpack_from("<H", data, 4 + 6 * place)[0])
        elif kind == _ROW:
            sheet.hidden_rows += bool(data[12] & 0x20)
        elif kind == _HIDDEN_COLUMNS:
            sheet.hidden_columns += bool(data[8] & 1)

    def _note_cell(self, sheet: _Sheet, row: int, column: int, style: int) -> None:
        sheet.rows.add(row)
        sheet.columns = max(sheet.columns, column + 1)
        if column >= MAX_COLUMNS:
            sheet.far.setdefault(row, column)
        number = self._styles[style] if style < len(self._styles) else 0
        if number:
            sheet.styles[row, column] = number

    def _read(self) -> dict[str, Any]:
        for sheet in self._sheets.values():
            if len(sheet.rows) > MAX_ROWS:
                raise FileRefused(f"“{sheet.name}”超过{MAX_ROWS}行，未予读取。请分成几个文件导入。")
            if (max(sheet.rows, default=-1) + 1) * sheet.columns > 4 * MAX_CELLS:
                raise FileRefused(f"“{sheet.name}”的内容离得太远，未予读取。请删去远处的单元格后再导入。")
        book = CalamineWorkbook.from_filelike(io.BytesIO(self._content))
        sheets, notes = [], []
        names = book.sheet_names
        for sheet in self._sheets.values():
            if sheet.is_hidden:
                notes.append(f"隐藏的工作表“{sheet.name}”未读取。")
            elif sheet.is_table and sheet.name in names:
                sheets.append(self._sheet(sheet, book.get_sheet_by_name(sheet.name)))
        if self._has_external:
            notes.append("文件中的外部链接未读取。")
        return {"sheets": sheets, "notes": notes}

    def _sheet(self, noted: _Sheet, given: CalamineSheet) -> dict[str, Any]:
        sheet = SheetRows(noted.name)
        sheet.hidden_rows, sheet.hidden_columns = noted.hidden_rows, noted.hidden_columns
        sheet.formulas = noted.formulas
        rows = given.to_python(skip_empty_area=False) if noted.rows else []
        for place in sorted(noted.rows):
            cells = rows[place] if place < len(rows) else []
            values = {
                column: self._text(noted, place, column, value)
                for column, value in enumerate(cells[: MAX_COLUMNS + 1])
                if value != "" or (place, column) in noted.lost
            }
            if place in noted.far:
                values[noted.far[place]] = (str(cells[noted.far[place]]), f"超出{MAX_COLUMNS}列")
            sheet.add(place + 1, values)
        for (top, left), (bottom, right) in given.merged_cell_ranges or ():
            sheet.merge(top + 1, left, bottom + 1, right)
        return sheet.answer()

    def _text(self, noted: _Sheet, row: int, column: int, value: object) -> tuple[str, str | None]:
        if why := noted.lost.get((row, column)):
            return str(value), why
        if isinstance(value, bool):
            return ("是" if value else "否"), None
        if isinstance(value, date):
            return moment_text(value), None
        if isinstance(value, int | float):
            number = noted.styles.get((row, column), 0)
            kind = format_kind(number, self._formats.get(number, ""))
            return number_text(repr(value), None if kind == "date" else kind)
        return str(value), None


def kind_of(content: bytes) -> str:
    """Return what a compound file is: "xls", "encrypted", "doc" or "" for another."""
    names = _names(content)
    if "EncryptedPackage" in names:
        return "encrypted"
    if "Workbook" in names or "Book" in names:
        return "xls"
    return "doc" if "WordDocument" in names else ""


def _names(content: bytes) -> frozenset[str]:
    try:
        return CompoundFile(content).names
    except (CompoundDamaged, struct.error):
        return frozenset()


def _stream(content: bytes) -> bytes:
    file = CompoundFile(content)
    if "Workbook" not in file.names:
        raise FileRefused(_TOO_OLD)
    return file.stream("Workbook")


def _string(data: bytes, start: int, length: int, flags: int) -> str:
    wide = flags & 1
    return data[start : start + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield the records of a workbook: place, kind, data."""
    place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        yield place, kind, stream[place + 4 : place + 4 + size]
        place += 4 + size
