"""Reading the XML of an .xlsx file by declared policy; runs only inside the limited child.

The declared size of a sheet is not believed and every `row` of the XML is counted: rows taken + rows refused = rows.
Hidden rows and columns are read like others, hidden sheets are not; a formula counts as its stored result; what is lost
(errors, numbers beyond 15 digits, formulas without result) refuses its row (security.md XLS-01, XLS-02).
"""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from webapp.documents.cell_values import ERROR, NO_RESULT, SheetRows, format_kind, number_text
from webapp.documents.packages import MAX_UNPACKED, FileRefused, Package, local, refusing

MAX_SHARED = 500_000

_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATED_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Workbook:
    """An .xlsx file."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.notes: list[str] = []
        self.is_1904 = False
        self._formats: list[str | None] = []  # per style: "date", a pattern of zeros, or None
        self._strings: list[str] = []

    def read(self) -> dict[str, Any]:
        """Return {"sheets": [...], "notes": [...]} for all visible sheets."""
        with refusing():
            return self._read()

    def _read(self) -> dict[str, Any]:
        book = self.package.root("xl/workbook.xml")
        relations = self.package.root("xl/_rels/workbook.xml.rels")
        targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
        properties = next((each for each in book if local(each) == "workbookPr"), None)
        self.is_1904 = properties is not None and properties.get("date1904") in {"1", "true"}
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
        if any("externalLink" in name for name in self.package.names):
            self.notes.append("文件中的外部链接未读取。")
        if any(name.endswith("vbaProject.bin") for name in self.package.names):
            self.notes.append("文件中的宏未读取。")
        return {"sheets": sheets, "notes": self.notes}

    def _read_styles(self) -> None:
        if "xl/styles.xml" not in self.package.names:
            return
        root = self.package.root("xl/styles.xml")
        codes = {each.get("numFmtId"): each.get("formatCode", "") for each in _all(root, "numFmts/numFmt")}
        for style in _all(root, "cellXfs/xf"):
            number = style.get("numFmtId", "0")
            self._formats.append(format_kind(int(number), codes.get(number, "")))

    def _read_strings(self) -> None:
        if "xl/sharedStrings.xml" not in self.package.names:
            return
        size = 0
        root: Element | None = None
        for event, element in self.package.events("xl/sharedStrings.xml"):
            if root is None:
                root = element
            if event == "end" and local(element) == "si":
                text = _text(element)
                size += len(text)
                self._strings.append(text)
                if len(self._strings) > MAX_SHARED or size > MAX_UNPACKED:
                    raise FileRefused("文件中的文字过多，未予读取。请分成几个文件导入。")
                root.clear()

    def string(self, index: int) -> str:
        """Return a shared string."""
        return self._strings[index]

    def format_of(self, style: int) -> str | None:
        """Return "date", a pattern of zeros, or None for a style."""
        return self._formats[style] if style < len(self._formats) else None


class _SheetReader:
    """One sheet of a workbook."""

    def __init__(self, book: Workbook, name: str) -> None:
        self._book = book
        self._sheet = SheetRows(name)
        self._last = 0

    def read(self, path: str) -> dict[str, Any]:
        data: Element | None = None
        for event, element in self._book.package.events(path):
            name = local(element)
            if event == "start":
                if name == "sheetData":
                    data = element
                continue
            if name == "row":
                self._row(element)
                if data is not None:
                    data.clear()
            elif name == "mergeCell":
                self._merge(element.get("ref", ""))
            elif name == "col" and element.get("hidden") in {"1", "true"}:
                self._sheet.hidden_columns += 1
        return self._sheet.answer()

    def _row(self, row: Element) -> None:
        self._last = number = int(row.get("r") or self._last + 1)
        if row.get("hidden") in {"1", "true"}:
            self._sheet.hidden_rows += 1
        values: dict[int, tuple[str, str | None]] = {}
        column = -1
        for cell in row:
            column = _column(cell.get("r"), column)
            values[column] = self._value(cell)
        self._sheet.add(number, values)

    def _value(self, cell: Element) -> tuple[str, str | None]:
        """Return the text of a cell, and why it cannot be taken, if so."""
        kind = cell.get("t", "n")
        parts = {local(part): part for part in cell}
        raw = (parts["v"].text or "") if "v" in parts else _text(parts["is"]) if "is" in parts else ""
        if "f" in parts:
            self._sheet.formulas += 1
            if not raw and kind != "str":
                return "", NO_RESULT
        if kind == "e":
            return raw, ERROR
        if kind == "n" and raw:
            return number_text(raw, self._book.format_of(int(cell.get("s", "0"))), is_1904=self._book.is_1904)
        if kind == "s":
            return (self._book.string(int(raw)) if raw else ""), None
        if kind == "b":
            return ("是" if raw == "1" else "否"), None
        return raw, None

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
        if start is not None and end is not None:
            self._sheet.merge(int(start[2]), _column(first, -1), int(end[2]), _column(last or first, -1))


def _all(root: Element, path: str) -> Iterator[Element]:
    parent, _, child = path.partition("/")
    for group in root:
        if local(group) == parent:
            yield from (each for each in group if local(each) == child)


def _text(element: Element) -> str:
    """Return the text of a string item: its runs, without phonetic hints."""
    parts = []
    for child in element:
        name = local(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts += [each.text or "" for each in child if local(each) == "t"]
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
