"""Reading a table somebody brings: what it is is decided by its content, not by its name.

Delimited text is read here; workbooks are opened in a limited child. Rows taken + rows refused = rows in the file.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.characters import FORBIDDEN
from webapp.child import MEBIBYTE, ChildFailed, Limits, module_command, run_once
from webapp.documents.delimited import MAX_BYTES, TextRefused, read_delimited
from webapp.documents.sheets import plain_cell
from webapp.rules import RuleBroken

SECONDS = 20.0
_LIMITS = Limits(memory=512 * MEBIBYTE, cpu_seconds=15, answer_bytes=96 * MEBIBYTE, jobs=1)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Row:
    """A row of a table: its number in the file, counted from 1, and its cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Refused:
    """A row that cannot be taken: where, what stands there, why. Column 0 is the whole row."""

    number: int
    column: int
    value: str
    why: str


@dataclass(frozen=True)
class Table:
    """A table as it stands in a file; `total` = len(rows) + len(refused). `notes` tell how it was read."""

    name: str
    rows: tuple[Row, ...]
    refused: tuple[Refused, ...] = ()
    total: int = 0
    notes: tuple[str, ...] = ()


def read_tables(content: bytes, name: str) -> list[Table]:
    """Return every table of a .csv or .xlsx file, one for a visible sheet; raise RuleBroken with what to do."""
    if not content:
        raise RuleBroken("文件是空的，请重新选择。")
    if len(content) > MAX_BYTES:
        raise RuleBroken(f"文件超过{MAX_BYTES // 1024 // 1024}MB,未予读取。请分成几个文件导入。")
    if content.startswith(_ZIP):
        return _workbook(content)
    if content.startswith(_OLE):
        raise RuleBroken("文件是旧版.xls或已加密，无法读取。请去掉密码并另存为.xlsx后再导入。")
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        raise RuleBroken("文件是网页格式，不是表格。请用表格软件打开后另存为.xlsx再导入。")
    if start.startswith(b"%pdf"):
        raise RuleBroken("文件是PDF,不是表格。请提供.xlsx或.csv。")
    return [_delimited(content, name)]


def read_table(content: bytes, name: str) -> Table:
    """Return the first table of a file that has rows; other sheets are named in its notes."""
    tables = read_tables(content, name)
    filled = [table for table in tables if any(any(row.cells) for row in table.rows) or table.refused]
    if not filled:
        raise RuleBroken("文件中没有内容，请核对后再导入。")
    first, others = filled[0], filled[1:]
    notes = first.notes
    if others:
        shown = "、".join(f"“{table.name}”" for table in others[:5])
        notes = (*notes, f"只读取了工作表“{first.name}”，另有{len(others)}张未读取：{shown}。")
    return Table(first.name, first.rows, first.refused, first.total, notes)


def previewed_rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows of a small table that went along with its preview as JSON; raise RuleBroken for anything else.

    They came back from the browser, so their reader treats them as if the file had been sent again.
    """
    try:
        rows = json.loads(text)
        return [(int(number), [str(cell) for cell in cells]) for number, cells in rows]
    except (ValueError, TypeError):
        raise RuleBroken("预览的内容不完整，未导入。请重新选择文件。", "file") from None


def _delimited(content: bytes, name: str) -> Table:
    try:
        read = read_delimited(content)
    except TextRefused as why:
        raise RuleBroken(str(why)) from why
    rows = tuple(Row(number, tuple(map(plain_cell, cells))) for number, cells in read.rows)
    refused = tuple(Refused(*each) for each in read.refused)
    notes = (f"文件按{read.encoding.upper()}编码读取。",) if read.encoding != "utf-8" else ()
    return Table(name, rows, refused, len(rows) + len(refused), notes)


def _workbook(content: bytes) -> list[Table]:
    # The child gets a path: the file may be larger than a message, and its name must not travel.
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        try:
            command = module_command("webapp.documents.reading_child")
            answer = run_once(command, {"path": file.name}, timeout=SECONDS, limits=_LIMITS)
        except ChildFailed as failed:
            raise RuleBroken("文件过大或结构异常，读取已中止。请删去无关的工作表和格式，另存后再导入。") from failed
    if "why" in answer:
        raise RuleBroken(answer["why"])
    return [_table(sheet, answer["notes"]) for sheet in answer["sheets"]]


def _table(sheet: Mapping[str, Any], notes: Sequence[str]) -> Table:
    rows = []
    refused = [Refused(*each) for each in sheet["refused"]]
    for number, given in sheet["rows"]:
        cells = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in given]
        bad = next((place for place, cell in enumerate(cells) if FORBIDDEN.search(cell)), None)
        if bad is None:
            rows.append(Row(number, tuple(cells)))
        else:
            shown = FORBIDDEN.sub("\ufffd", cells[bad][:80])
            refused.append(Refused(number, bad + 1, shown, "含有不能保存的字符"))
    if len(rows) + len(refused) != sheet["total"]:
        raise RuleBroken("文件中的行数与读到的不符，未予读取。请另存为新的.xlsx后再导入。")
    refused.sort(key=lambda each: each.number)
    return Table(sheet["name"], tuple(rows), tuple(refused), sheet["total"], (*sheet["notes"], *notes))
