"""Reading the XML of an .xlsx file by declared policy; runs only inside the limited child.

The declared size of a sheet is not believed and every `row` of the XML is counted: rows taken + rows refused = rows.
Hidden rows and columns are read like others, hidden sheets are not; merged cells all get the value of the first; a
formula counts as its stored result; what is lost (errors, numbers beyond 15 digits, formulas without result) refuses
its row. Whatever was decided is told in `notes` (security.md XLS-01, XLS-02).
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser, iterparse

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, fromstring

MAX_ENTRIES = 2_000
MAX_UNPACKED = 96 * 1024 * 1024
MAX_RATIO = 300
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELLS = 1_000_000
MAX_CELL = 32_767
MAX_SHARED = 500_000
MAX_MERGED = 20_000  # cells that merging may fill
MAX_DIGITS = 15
_PROLOG = 64 * 1024  # bytes within which a part must come to its first element

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATED_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
_NOT_DATE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.|General', re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class FileRefused(Exception):  # noqa: N818 - says what happened, like RuleBroken
    """The file is not read at all; the sentence says why and what to do."""


class Workbook:
    """An .xlsx file, checked before anything in it is unpacked."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError):
            raise FileRefused("文件已损坏或不是.xlsx表格，请用表格软件另存为.xlsx后再导入。") from None
        self._check_size()
        self.notes: list[str] = []
        self._formats: list[str | None] = []  # per style: "date", a pattern of zeros, or None
        self._strings: list[str] = []
        self._is_1904 = False

    def read(self) -> dict[str, Any]:
        """Return {"sheets": [...], "notes": [...]} for all visible sheets."""
        try:
            return self._read()
        except (DefusedXmlException, ParseError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError):
            raise FileRefused("文件内容不合规范(含有外部定义或已损坏)，未予读取。请另存为新的.xlsx后再导入。") from None
        except (KeyError, ValueError, OverflowError, UnicodeError, zlib.error):
            raise FileRefused("文件结构无法识别，未予读取。请用表格软件另存为.xlsx后再导入。") from None

    def _check_size(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise FileRefused("文件展开后过大，未予读取。请删去无关的工作表和格式后再导入。")
        for entry in entries:
            if entry.flag_bits & 1:
                raise FileRefused("文件已加密，无法读取。请去掉密码后再导入。")
            if entry.file_size > 1024 * 1024 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
                raise FileRefused("文件压缩比异常，未予读取。请用表格软件另存后再导入。")

    def _read(self) -> dict[str, Any]:
        book = self._root("xl/workbook.xml")
        targets = {
            relation.get("Id"): relation.get("Target", "") for relation in self._root("xl/_rels/workbook.xml.rels")
        }
        properties = _find(book, "workbookPr")
        self._is_1904 = properties is not None and properties.get("date1904") in {"1", "true"}
        self._read_styles()
        self._read_strings()
        sheets = []
        for sheet in _all(book, "sheets/sheet"):
            name = sheet.get("name", "")
            if sheet.get("state", "visible") != "visible":
                self.notes.append(f"隐藏的工作表“{name}”未读取。")
                continue
            target = targets.get(sheet.get(_RELATED) or sheet.get(_RELATED_STRICT), "")
            path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            if "worksheets/" in path:
                sheets.append(_SheetReader(self, name).read(path))
        if any("externalLink" in name for name in self._zip.namelist()):
            self.notes.append("文件中的外部链接未读取。")
        return {"sheets": sheets, "notes": self.notes}

    def _root(self, path: str) -> Element:
        root: Element = fromstring(self._zip.read(path), forbid_dtd=True)
        return root

    def events(self, path: str) -> Iterator[tuple[str, Element]]:
        """Yield the starts and ends of the elements of a part.

        A DOCTYPE can only stand before the first element: once there is none, nothing can be defined that expands, and
        the parser in C, eight times faster than defusedxml's, may read the rest.
        """
        with self._zip.open(path) as part:
            head = part.read(_PROLOG)
        prolog = XMLPullParser(("start",), _parser=DefusedXMLParser(forbid_dtd=True))
        prolog.feed(head)
        if next(iter(prolog.read_events()), None) is None:
            raise FileRefused("文件内容不合规范，未予读取。请另存为新的.xlsx后再导入。")
        with self._zip.open(path) as part:
            yield from iterparse(part, events=("start", "end"))  # noqa: S314 - without DOCTYPE, see above

    def _read_styles(self) -> None:
        if "xl/styles.xml" not in self._zip.namelist():
            return
        root = self._root("xl/styles.xml")
        codes = {each.get("numFmtId"): each.get("formatCode", "") for each in _all(root, "numFmts/numFmt")}
        for style in _all(root, "cellXfs/xf"):
            number = style.get("numFmtId", "0")
            self._formats.append(_format_kind(int(number), codes.get(number, "")))

    def _read_strings(self) -> None:
        if "xl/sharedStrings.xml" not in self._zip.namelist():
            return
        size = 0
        root: Element | None = None
        for event, element in self.events("xl/sharedStrings.xml"):
            if root is None:
                root = element
            if event == "end" and _name(element) == "si":
                text = _text(element)
                size += len(text)
                self._strings.append(text)
                if len(self._strings) > MAX_SHARED or size > MAX_UNPACKED:
                    raise FileRefused("文件中的文字过多，未予读取。请分成几个文件导入。")
                root.clear()

    def string(self, index: int) -> str:
        """Return a shared string."""
        return self._strings[index]

    def format_kind(self, style: int) -> str | None:
        """Return "date", a pattern of zeros, or None for a style."""
        return self._formats[style] if style < len(self._formats) else None

    def day(self, serial: float) -> str:
        """Return a date number as text: 2008-07-01, with the time of day where there is one."""
        start = datetime(1904, 1, 1) if self._is_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - a wall date
        moment = start + timedelta(days=serial)
        moment = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
        return moment.date().isoformat() if moment.hour == moment.minute == 0 else moment.isoformat(" ", "minutes")


class _SheetReader:
    """One sheet: its rows as text, what was refused, what was decided."""

    def __init__(self, book: Workbook, name: str) -> None:
        self._book = book
        self._name = name
        self._rows: dict[int, dict[int, str]] = {}
        self._refused: list[list[Any]] = []
        self._total = self._cells = self._hidden = self._formulas = self._columns = 0
        self._merges: list[str] = []

    def read(self, path: str) -> dict[str, Any]:
        data: Element | None = None
        for event, element in self._book.events(path):
            name = _name(element)
            if event == "start":
                if name == "sheetData":
                    data = element
                continue
            if name == "row":
                self._row(element)
                if data is not None:
                    data.clear()
            elif name == "mergeCell":
                self._merges.append(element.get("ref", ""))
            elif name == "col" and element.get("hidden") in {"1", "true"}:
                self._columns += 1
        self._fill_merges()
        return {
            "name": self._name,
            "rows": [[number, _dense(cells)] for number, cells in sorted(self._rows.items())],
            "refused": self._refused,
            "total": self._total,
            "notes": self._notes(),
        }

    def _row(self, row: Element) -> None:
        self._total += 1
        number = int(row.get("r") or (max(self._rows, default=0) + 1))
        if self._total > MAX_ROWS:
            raise FileRefused(f"工作表“{self._name}”超过{MAX_ROWS}行，未予读取。请分成几个文件导入。")
        if row.get("hidden") in {"1", "true"}:
            self._hidden += 1
        cells: dict[int, str] = {}
        column = -1
        for cell in row:
            column = _column(cell.get("r"), column)
            self._cells += 1
            if self._cells > MAX_CELLS:
                raise FileRefused(f"工作表“{self._name}”的单元格过多，未予读取。请删去空白行列后再导入。")
            text, why = self._value(cell)
            if why is None and text and column >= MAX_COLUMNS:
                why = f"超出{MAX_COLUMNS}列"
            if why is not None:
                self._refused.append([number, column + 1, text[:80], why])
                return
            if text:
                cells[column] = text
        if number in self._rows:
            self._refused.append([number, 0, "", "行号重复"])
            return
        self._rows[number] = cells

    def _value(self, cell: Element) -> tuple[str, str | None]:
        """Return the text of a cell, and why it cannot be taken, if so."""
        kind = cell.get("t", "n")
        parts = {_name(part): part for part in cell}
        raw = (parts["v"].text or "") if "v" in parts else _text(parts["is"]) if "is" in parts else ""
        if "f" in parts:
            self._formulas += 1
            if not raw and kind != "str":
                return "", "公式没有结果，请改为数值"
        if kind == "e":
            return raw, "单元格为错误值，请改正"
        if kind == "n" and raw:
            return self._number(raw, int(cell.get("s", "0")))
        text = self._worded(kind, raw)
        return text, f"单元格超过{MAX_CELL}字" if len(text) > MAX_CELL else None

    def _worded(self, kind: str, raw: str) -> str:
        if kind == "s":
            return self._book.string(int(raw)) if raw else ""
        if kind == "b":
            return "是" if raw == "1" else "否"
        return raw

    def _number(self, raw: str, style: int) -> tuple[str, str | None]:
        value = float(raw)
        kind = self._book.format_kind(style)
        if kind == "date" and 0 < value < 2_958_466:  # noqa: PLR2004 - the year 10000
            return self._book.day(value), None
        if value != int(value) if abs(value) < 10**MAX_DIGITS else False:
            return f"{value:.10f}".rstrip("0").rstrip("."), None
        if abs(value) >= 10**MAX_DIGITS:
            return raw, f"数字超过{MAX_DIGITS}位，末位可能已丢失，请改为文本"
        text = str(int(value))
        return (text.zfill(len(kind)) if kind and kind != "date" else text), None

    def _fill_merges(self) -> None:
        filled = 0
        for reference in self._merges:
            first, _, last = reference.partition(":")
            start, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
            if start is None or end is None:
                continue
            top, bottom = int(start[2]), int(end[2])
            left, right = _column(first, -1), _column(last or first, -1)
            value = self._rows.get(top, {}).get(left, "")
            filled += (bottom - top + 1) * (right - left + 1)
            if not value or filled > MAX_MERGED or right >= MAX_COLUMNS:
                continue
            for number in range(top, bottom + 1):
                if number in self._rows:
                    self._rows[number].update(dict.fromkeys(range(left, right + 1), value))

    def _notes(self) -> list[str]:
        counted = (
            (self._hidden, "个隐藏行照常读取"),
            (self._columns, "处隐藏列照常读取"),
            (len(self._merges), "处合并单元格按首格内容填充"),
            (self._formulas, "个公式按保存的结果读取"),
        )
        return [f"工作表“{self._name}”：{count}{what}。" for count, what in counted if count]


def _format_kind(number: int, code: str) -> str | None:
    if not code:
        return "date" if number in _DATE_FORMATS else None
    if re.fullmatch(r"0{2,15}", code):
        return code
    bare = _NOT_DATE.sub("", code).lower()
    return "date" if re.search(r"[ymdhs年月日时分]", bare) else None


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _find(root: Element, name: str) -> Element | None:
    return next((each for each in root if _name(each) == name), None)


def _all(root: Element, path: str) -> Iterator[Element]:
    parent, _, child = path.partition("/")
    for group in root:
        if _name(group) == parent:
            yield from (each for each in group if _name(each) == child)


def _text(element: Element) -> str:
    """Return the text of a string item: its runs, without phonetic hints."""
    parts = []
    for child in element:
        name = _name(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts += [each.text or "" for each in child if _name(each) == "t"]
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), "".join(parts))


def _column(reference: str | None, before: int) -> int:
    """Return the column of A1 counted from 0; without a reference the one after `before`."""
    match = _REFERENCE.fullmatch(reference or "")
    if match is None:
        return before + 1
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    return column - 1


def _dense(cells: dict[int, str]) -> list[str]:
    return [cells.get(column, "") for column in range(max(cells, default=-1) + 1)]
