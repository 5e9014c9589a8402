"""The cells of a workbook, written quickly: xlsxwriter's own way takes seven microseconds a cell, this one.

It writes only what our sheets hold, shared strings and whole numbers, and the same bytes as xlsxwriter would; a test
compares them.
"""

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

_BLOCK = 16  # rows that tell the same span of columns


class Grid(Worksheet):  # type: ignore[misc] # xlsxwriter has no types
    """A sheet that takes whole rows; a cell is what follows its address, made by `text` or `number`, empty for none."""

    dim_rowmin: Any  # the four are xlsxwriter's: the range that holds cells
    dim_rowmax: Any
    dim_colmin: Any
    dim_colmax: Any

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[tuple[int, int, int, str]] = []  # row from 0, first and last column, cells
        self._letters: list[str] = []

    def text(self, string: str, form: Any) -> str:  # noqa: ANN401 - untyped
        """Return a cell of a text that stands in the workbook for the first time."""
        if string.startswith("<r>") and string.endswith(
            "</r>"
        ):  # which xlsxwriter takes for markup, ready to be written
            string = f"<r><t>{escape(string, quote=False)}</t></r>"
        return f'" s="{form._get_xf_index()}" t="s"><v>{self.str_table._get_shared_string_index(string)}</v></c>'  # noqa: SLF001 - see above

    def repeated(self) -> None:
        """Count a text that is given again: the workbook tells how many cells hold texts."""
        self.str_table.count += 1

    @staticmethod
    def number(value: int, form: Any) -> str:  # noqa: ANN401 - untyped
        """Return a cell of a number."""
        return f'" s="{form._get_xf_index()}"><v>{value:.16G}</v></c>'  # noqa: SLF001 - see above

    def add_row(self, cells: Sequence[str], place: int) -> None:
        """Write the row at a place, counted from 0; rows come in order."""
        filled = [column for column, cell in enumerate(cells) if cell]
        if not filled:
            return
        self._letters += [xl_col_to_name(column) for column in range(len(self._letters), len(cells))]
        letters, number = self._letters, place + 1
        first, last = filled[0], filled[-1]
        content = "".join([f'<c r="{letters[column]}{number}{cells[column]}' for column in filled])
        self._lines.append((place, first, last, content))
        is_first = self.dim_rowmin is None
        self.dim_rowmin = place if is_first else self.dim_rowmin
        self.dim_rowmax = place
        self.dim_colmin = first if is_first else min(first, self.dim_colmin)
        self.dim_colmax = last if is_first else max(last, self.dim_colmax)

    def _write_rows(self) -> None:
        """Write the rows; called by xlsxwriter in the midst of the sheet."""
        for _, lines in groupby(self._lines, key=lambda line: line[0] // _BLOCK):
            block = list(lines)
            spans = f"{min(line[1] for line in block) + 1}:{max(line[2] for line in block) + 1}"
            for place, _, _, content in block:
                self.fh.write(f'<row r="{place + 1}" spans="{spans}">{content}</row>')
