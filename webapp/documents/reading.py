"""Reading a table somebody brings: what it is is decided by its content, not by its name.

Delimited and pasted text is read here; everything with a structure of its own is opened in a limited child. Rows taken
+ rows refused = rows in the file.
"""

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from webapp.characters import FORBIDDEN
from webapp.child import MEBIBYTE, ChildFailed, Limits, module_command, run_once
from webapp.documents.delimited import MAX_BYTES, TextRefused, read_delimited
from webapp.documents.kinds import DELIMITED, PAGE, kind_of
from webapp.documents.pasted import pasted_rows
from webapp.documents.sheets import plain_cell
from webapp.rules import RuleBroken

SECONDS = 20.0
_LIMITS = Limits(memory=512 * MEBIBYTE, cpu_seconds=15, answer_bytes=96 * MEBIBYTE, jobs=1)
_LOOKED_AT = 200_000  # characters in which a pasted page comes to its first table


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
    """A table as it stands in a file; `total` = len(rows) + len(refused). `notes` tell how it was read.

    `filled` names the cells that merging filled: row → column from 0 → row the value comes from.
    """

    name: str
    rows: tuple[Row, ...]
    refused: tuple[Refused, ...] = ()
    total: int = 0
    notes: tuple[str, ...] = ()
    filled: Mapping[int, Mapping[int, int]] = field(default_factory=dict)


def read_tables(content: bytes, name: str) -> list[Table]:
    """Return the tables of a .xlsx, .xls, .ods, .docx, .csv, .txt or .tsv file, one for a visible sheet.

    What the file is goes by its content. Raises RuleBroken with what to do.
    """
    if not content:
        raise RuleBroken("文件是空的，请重新选择。")
    if len(content) > MAX_BYTES:
        raise RuleBroken(f"文件超过{MAX_BYTES // 1024 // 1024}MB,未予读取。请分成几个文件导入。")
    kind = kind_of(content)
    if kind == DELIMITED:
        return [_delimited(content, name)]
    tables = _in_child(content, kind)
    if kind == PAGE:
        note = "文件实际是网页，按其中的表格读取。"
        tables = [replace(table, notes=(*table.notes, note)) for table in tables]
    return tables


def read_pasted(text: str, html: str = "") -> list[Table]:
    """Return the tables of what was pasted: text with tabs as Word, WPS and Excel give it, or the `html` beside it.

    The page is preferred where it holds a table, since it knows merged cells and line breaks. Raises RuleBroken.
    """
    for given in (html, text):
        if re.search(r"<table\b", given[:_LOOKED_AT], re.IGNORECASE):
            return _in_child(given.encode("utf-8", "replace"), PAGE)
    if not text.strip():
        raise RuleBroken("没有粘贴内容。请在Word、WPS或Excel中选中表格，复制后粘贴到这里。")
    rows: list[Row] = []
    refused: list[Refused] = []
    for number, cells in pasted_rows(text):
        _take(number, cells, rows, refused)
    return [Table("粘贴的表格", tuple(rows), tuple(refused), len(rows) + len(refused))]


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
    return replace(first, notes=notes)


def _delimited(content: bytes, name: str) -> Table:
    try:
        read = read_delimited(content)
    except TextRefused as why:
        raise RuleBroken(str(why)) from why
    rows = tuple(Row(number, tuple(map(plain_cell, cells))) for number, cells in read.rows)
    refused = tuple(Refused(*each) for each in read.refused)
    notes = (f"文件按{read.encoding.upper()}编码读取。",) if read.encoding != "utf-8" else ()
    return Table(name, rows, refused, len(rows) + len(refused), notes)


def _in_child(content: bytes, kind: str) -> list[Table]:
    if len(content) > MAX_BYTES:
        raise RuleBroken(f"内容超过{MAX_BYTES // 1024 // 1024}MB,未予读取。请分成几次导入。")
    # The child gets a path: the file may be larger than a message, and its name must not travel.
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            command = module_command("webapp.documents.reading_child")
            answer = run_once(command, {"path": file.name, "kind": kind}, timeout=SECONDS, limits=_LIMITS)
        except ChildFailed as failed:
            raise RuleBroken("文件过大或结构异常，读取已中止。请删去无关的工作表和格式，另存后再导入。") from failed
    if "why" in answer:
        raise RuleBroken(answer["why"])
    return [_table(sheet, answer["notes"]) for sheet in answer["sheets"]]


def _table(sheet: Mapping[str, Any], notes: Sequence[str]) -> Table:
    rows: list[Row] = []
    refused = [Refused(*each) for each in sheet["refused"]]
    for number, cells in sheet["rows"]:
        _take(number, cells, rows, refused)
    if len(rows) + len(refused) != sheet["total"]:
        raise RuleBroken("文件中的行数与读到的不符，未予读取。请另存为新的.xlsx后再导入。")
    refused.sort(key=lambda each: each.number)
    filled = {number: dict(columns) for number, columns in sheet["filled"]}
    return Table(sheet["name"], tuple(rows), tuple(refused), sheet["total"], (*sheet["notes"], *notes), filled)


def _take(number: int, given: Sequence[str], rows: list[Row], refused: list[Refused]) -> None:
    """Put a row with the others, or among the refused where a character cannot be kept."""
    cells = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in given]
    bad = next((place for place, cell in enumerate(cells) if FORBIDDEN.search(cell)), None)
    if bad is None:
        rows.append(Row(number, tuple(cells)))
    else:
        shown = FORBIDDEN.sub("\ufffd", cells[bad][:80])
        refused.append(Refused(number, bad + 1, shown, "含有不能保存的字符"))
