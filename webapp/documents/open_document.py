"""Reading the tables of an .ods file (OpenDocument) by the same policy as .xlsx; runs only inside the limited child.

Repeated rows and cells are told by a number in the file, so a few bytes can mean millions: blank rows are skipped, all
others are held to the limits of a sheet. Values that were typed as numbers or dates are taken from their
attributes, texts from their paragraphs.
"""

from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

from webapp.documents.cell_values import ERROR, MAX_COLUMNS, NO_RESULT, SheetRows, moment_text, number_text
from webapp.documents.packages import FileRefused, Package, attribute, local, refusing

_NUMBERS = frozenset({"float", "percentage", "currency"})
_HIDDEN = frozenset({"collapse", "filter"})


class OpenDocument:
    """An .ods file."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._hidden: set[str] = set()  # styles of hidden tables
        self._sheets: list[dict[str, Any]] = []
        self._notes: list[str] = []
        self._table: _TableReader | None = None
        self._depth = 0

    def read(self) -> dict[str, Any]:
        """Return {"sheets": [...], "notes": [...]} for all visible tables."""
        with refusing():
            return self._read()

    def _read(self) -> dict[str, Any]:
        manifest = "META-INF/manifest.xml"
        if manifest in self._package.names and any(
            local(each) == "encryption-data" for each in self._package.root(manifest).iter()
        ):
            raise FileRefused("文件已加密，无法读取。请去掉密码后再导入。")
        for event, element in self._package.events("content.xml"):
            if event == "start":
                self._open(element)
            else:
                self._close(element)
        return {"sheets": self._sheets, "notes": self._notes}

    def _open(self, element: Element) -> None:
        name = local(element)
        if name == "table":
            self._depth += 1
            if self._depth == 1:
                self._table = _TableReader(attribute(element, "name"))
        elif name == "table-row" and self._depth > 1:
            raise FileRefused("表格中又套有表格，未予读取。请另存为.xlsx后再导入。")

    def _close(self, element: Element) -> None:
        name, table = local(element), self._table
        if name == "style":
            self._note_style(element)
        elif name == "table-row" and table is not None:
            table.row(element)
            element.clear()
        elif name == "table-column" and table is not None and attribute(element, "visibility") in _HIDDEN:
            table.sheet.hidden_columns += 1
        elif name == "table":
            self._depth -= 1
            if self._depth == 0 and table is not None:
                if attribute(element, "style-name") in self._hidden:
                    self._notes.append(f"隐藏的工作表“{table.sheet.name}”未读取。")
                else:
                    self._sheets.append(table.sheet.answer())
                self._table = None
            element.clear()

    def _note_style(self, style: Element) -> None:
        if any(local(each) == "table-properties" and attribute(each, "display") == "false" for each in style):
            self._hidden.add(attribute(style, "name"))


class _TableReader:
    """One table: rows counted from 1 as the file counts them."""

    def __init__(self, name: str) -> None:
        self.sheet = SheetRows(name)
        self._next = 1

    def row(self, row: Element) -> None:
        times = int(attribute(row, "number-rows-repeated", "1"))
        first, self._next = self._next, self._next + times
        values, merges = self._cells(row)
        if not any(text or why for text, why in values.values()):
            return  # the rest of a sheet stands in the file as a million blank rows
        if attribute(row, "visibility") in _HIDDEN:
            self.sheet.hidden_rows += times
        for number in range(first, self._next):
            self.sheet.add(number, values)  # raises beyond the limits, so a lying number ends soon
        for column, down, right in merges:
            self.sheet.merge(first, column, first + down - 1, column + right - 1)

    def _cells(self, row: Element) -> tuple[dict[int, tuple[str, str | None]], list[tuple[int, int, int]]]:
        values: dict[int, tuple[str, str | None]] = {}
        merges: list[tuple[int, int, int]] = []
        column = 0
        for cell in row:
            if local(cell) not in {"table-cell", "covered-table-cell"}:
                continue
            times = int(attribute(cell, "number-columns-repeated", "1"))
            text, why = self._value(cell)
            if text or why:
                # One column beyond the limit is enough to refuse the row.
                for place in range(column, min(column + times, max(column, MAX_COLUMNS) + 1)):
                    values[place] = text, why
                down = int(attribute(cell, "number-rows-spanned", "1"))
                right = int(attribute(cell, "number-columns-spanned", "1"))
                if (down, right) != (1, 1):
                    merges.append((column, down, right))
            column += times
        return values, merges

    def _value(self, cell: Element) -> tuple[str, str | None]:
        kind = attribute(cell, "value-type")
        text = "\n".join(_paragraph(each) for each in cell if local(each) == "p")
        if attribute(cell, "formula"):
            self.sheet.formulas += 1
            if text.startswith("#") or attribute(cell, "value-type") == "error" or text == "Err:502":
                return text, ERROR
            if not kind and not text:
                return "", NO_RESULT
        if kind in _NUMBERS:
            return self._number(attribute(cell, "value"), text)
        if kind == "date":
            return moment_text(datetime.fromisoformat(attribute(cell, "date-value"))), None
        if kind == "boolean":
            return ("是" if attribute(cell, "boolean-value") == "true" else "否"), None
        return text, None

    @staticmethod
    def _number(raw: str, shown: str) -> tuple[str, str | None]:
        """Return a number; one shown with leading zeros is a code and keeps them."""
        is_code = shown.isdigit() and shown.startswith("0") and len(shown) > 1
        return number_text(raw, "0" * len(shown) if is_code else None)


def _paragraph(paragraph: Element) -> str:
    parts = [paragraph.text or ""]
    for child in paragraph:
        name = local(child)
        if name == "s":
            parts.append(" " * min(int(attribute(child, "c", "1")), 100))
        elif name == "tab":
            parts.append("\t")
        elif name == "line-break":
            parts.append("\n")
        elif name != "annotation":
            parts.append(_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)
