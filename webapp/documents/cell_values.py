"""What the cells of a sheet become, whatever file they come from: declared policy for values, bounds and merges. Pure.

A number keeps its digits or refuses its row, a date is written 2008-07-01, a code formatted with leading zeros keeps
them. A merged cell gives its value to all cells it covers, and which were filled so is kept. Rows taken + rows refused
= rows counted; `notes` tell what was decided (security.md XLS-02).
"""

import re
from datetime import date, datetime, timedelta
from typing import Any

from webapp.documents.packages import FileRefused

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELLS = 1_000_000
MAX_CELL = 32_767
MAX_MERGED = 20_000  # cells that merging may fill
MAX_DIGITS = 15

_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
_NOT_DATE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.|General', re.IGNORECASE)
_LAST_DAY = 2_958_466  # the year 10000

ERROR = "单元格为错误值，请改正"
NO_RESULT = "公式没有结果，请改为数值"


def format_kind(number: int, code: str) -> str | None:
    """Return "date", a pattern of zeros, or None for a number format."""
    if not code:
        return "date" if number in _DATE_FORMATS else None
    if re.fullmatch(r"0{2,15}", code):
        return code
    bare = _NOT_DATE.sub("", code).lower()
    return "date" if re.search(r"[ymdhs年月日时分]", bare) else None


def number_text(raw: str, kind: str | None, *, is_1904: bool = False) -> tuple[str, str | None]:
    """Return a number as text by its format, and why it cannot be taken, if so."""
    value = float(raw)
    if kind == "date" and 0 < value < _LAST_DAY:
        return day_text(value, is_1904=is_1904), None
    if abs(value) >= 10**MAX_DIGITS:
        return raw, f"数字超过{MAX_DIGITS}位，末位可能已丢失，请改为文本"
    if value != int(value):
        return f"{value:.10f}".rstrip("0").rstrip("."), None
    text = str(int(value))
    return (text.zfill(len(kind)) if kind and kind != "date" else text), None


def day_text(serial: float, *, is_1904: bool = False) -> str:
    """Return a date number as text: 2008-07-01, with the time of day where there is one."""
    start = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - a wall date
    moment = start + timedelta(days=serial)
    return moment_text((moment + timedelta(milliseconds=500)).replace(microsecond=0))


def moment_text(moment: date) -> str:
    """Return a date, or a date and time, as text."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return moment.date().isoformat() if moment.hour == moment.minute == 0 else moment.isoformat(" ", "minutes")


class SheetRows:
    """The rows of one sheet as they are read: cells as text, what was refused, what was decided."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: dict[int, dict[int, str]] = {}
        self.refused: list[list[Any]] = []
        self.total = self.hidden_rows = self.hidden_columns = self.formulas = 0
        self._cells = 0
        self._merges: list[tuple[int, int, int, int]] = []
        self._filled: dict[int, dict[int, int]] = {}  # row → column → row the value comes from

    def add(self, number: int, values: dict[int, tuple[str, str | None]]) -> None:
        """Take a row (number counted from 1): column counted from 0 → text and why it cannot be taken."""
        self.total += 1
        if self.total > MAX_ROWS:
            raise FileRefused(f"“{self.name}”超过{MAX_ROWS}行，未予读取。请分成几个文件导入。")
        cells: dict[int, str] = {}
        for column, (text, given) in values.items():
            self.count_cells(1)
            why = given
            if why is None and len(text) > MAX_CELL:
                why = f"单元格超过{MAX_CELL}字"
            if why is None and text and column >= MAX_COLUMNS:
                why = f"超出{MAX_COLUMNS}列"
            if why is not None:
                self.refused.append([number, column + 1, text[:80], why])
                return
            if text:
                cells[column] = text
        if number in self.rows:
            self.refused.append([number, 0, "", "行号重复"])
            return
        self.rows[number] = cells

    def count_cells(self, count: int) -> None:
        """Count cells, also those that stay empty; raise FileRefused where there are too many."""
        self._cells += count
        if self._cells > MAX_CELLS:
            raise FileRefused(f"“{self.name}”的单元格过多，未予读取。请删去空白行列后再导入。")

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Have the value at (top, left) fill all cells to (bottom, right); rows from 1, columns from 0."""
        self._merges.append((top, left, bottom, right))

    def answer(self) -> dict[str, Any]:
        """Return the sheet as the child sends it."""
        self._fill_merges()
        return {
            "name": self.name,
            "rows": [[number, dense(cells)] for number, cells in sorted(self.rows.items())],
            "refused": self.refused,
            "total": self.total,
            "filled": [[number, sorted(columns.items())] for number, columns in self._filled.items() if columns],
            "notes": self._notes(),
        }

    def _fill_merges(self) -> None:
        count = 0
        for top, left, bottom, right in self._merges:
            value = self.rows.get(top, {}).get(left, "")
            count += (bottom - top + 1) * (right - left + 1)
            if not value or count > MAX_MERGED or right >= MAX_COLUMNS:
                continue
            for number in range(top, bottom + 1):
                if number in self.rows:
                    columns = range(left + (number == top), right + 1)
                    self.rows[number].update(dict.fromkeys(columns, value))
                    self._filled.setdefault(number, {}).update(dict.fromkeys(columns, top))

    def _notes(self) -> list[str]:
        counted = (
            (self.hidden_rows, "个隐藏行照常读取"),
            (self.hidden_columns, "处隐藏列照常读取"),
            (len(self._merges), "处合并单元格按首格内容填充"),
            (self.formulas, "个公式按保存的结果读取"),
        )
        return [f"工作表“{self.name}”：{count}{what}。" for count, what in counted if count]


def dense(cells: dict[int, str]) -> list[str]:
    """Return cells by column as a list without gaps."""
    return [cells.get(column, "") for column in range(max(cells, default=-1) + 1)]
