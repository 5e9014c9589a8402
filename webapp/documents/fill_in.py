"""Writing a workbook that is to be filled in by hand: headings, drop-downs, hints, one example row.

Every cell is text, so that codes keep their zeros and nothing computes; the bytes are the same wherever they are made.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter

from webapp.documents.sheets import repacked, sheet_name

ROWS = 500  # rows below the headings that are prepared
_OPTIONS = "选项"
_CREATED = datetime(2008, 6, 5)  # noqa: DTZ001 - the format knows no zone
_MAX_HINT, _MAX_HINT_TITLE = 255, 32


@dataclass(frozen=True)
class FillColumn:
    """A column: its heading, a hint shown when a cell is chosen, what to choose from, an example, width in characters.

    `is_closed`: nothing else than the options may be typed.
    """

    heading: str
    hint: str = ""
    options: Sequence[str] = ()
    example: str = ""
    width: int = 18
    is_required: bool = False
    is_closed: bool = True


def write_fill_in(name: str, title: str, columns: Sequence[FillColumn]) -> bytes:
    """Return the workbook: a title, the headings on row 2, the example on row 3, prepared rows below."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": _CREATED, "author": "", "company": ""})
    head = {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "num_format": "@", "bg_color": "#EDF2EE"}
    formats = {
        "title": book.add_format({"bold": True, "num_format": "@"}),
        "head": book.add_format(head),
        "required": book.add_format({**head, "font_color": "#A8321A"}),
        "text": book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        "example": book.add_format(
            {"text_wrap": True, "valign": "top", "num_format": "@", "italic": True, "font_color": "#7A7A72"}
        ),
    }
    page = book.add_worksheet(sheet_name(name, {_OPTIONS}))
    lists = book.add_worksheet(_OPTIONS)
    lists.hide()
    page.freeze_panes(2, 0)
    page.write_string(0, 0, title, formats["title"])
    listed = 0
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width, formats["text"])
        page.write_string(1, place, column.heading, formats["required" if column.is_required else "head"])
        page.write_string(2, place, column.example, formats["example"])
        source = ""
        if column.options:
            lists.write_column(0, listed, [str(each) for each in column.options])
            letter = xlsxwriter.utility.xl_col_to_name(listed, col_abs=True)
            source = f"={_OPTIONS}!{letter}$1:{letter}${len(column.options)}"
            listed += 1
        if validation := _validation(column, source):
            page.data_validation(2, place, 2 + ROWS, place, validation)
    book.close()
    return repacked(out.getvalue())


def _validation(column: FillColumn, source: str) -> dict[str, Any]:
    """Return the rule of a column's cells, {} where there is nothing to say."""
    if not source and not column.hint:
        return {}
    rule: dict[str, Any] = {"validate": "list", "source": source} if source else {"validate": "any"}
    if column.hint:
        rule |= {"input_title": column.heading[:_MAX_HINT_TITLE], "input_message": column.hint[:_MAX_HINT]}
    if source and column.is_closed:
        rule |= {"error_title": "请从列表中选择", "error_message": "这一栏只能填列表中的词。"}
    elif source:
        rule |= {"error_type": "information", "error_title": "不在列表中", "error_message": "可以保留，请核对。"}
    return rule
