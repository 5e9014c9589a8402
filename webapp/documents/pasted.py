"""Taking apart what is pasted from Word, WPS or Excel: cells parted by tabs, rows by line breaks. Pure.

A cell with line breaks comes in quotes, its own quotes doubled. A quote that is no such cell is a ditto mark or just a
quote and stays: the csv module would swallow rows for it.
"""

import re

from webapp.documents.delimited import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS
from webapp.rules import RuleBroken

_QUOTED = re.compile(r'"((?:[^"\t]|"")*)"(?=\t|\n|\Z)')


def pasted_rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows of pasted text, numbered from 1; raise RuleBroken where it is too much."""
    if len(text) > MAX_BYTES // 4:
        raise RuleBroken("粘贴的内容过多，未予读取。请保存为.xlsx后导入。")
    plain = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    rows: list[tuple[int, list[str]]] = []
    place, cells = 0, list[str]()
    while place <= len(plain):
        cell, place = _cell(plain, place)
        cells.append(cell)
        if len(cells) > MAX_COLUMNS or len(cell) > MAX_CELL:
            raise RuleBroken("粘贴的内容有单元格过长或者栏目过多，未予读取。请只选中表格后再复制。")
        if place >= len(plain) or plain[place] == "\n":
            rows.append((len(rows) + 1, cells))
            cells = []
            if len(rows) > MAX_ROWS:
                raise RuleBroken(f"粘贴的内容超过{MAX_ROWS}行，未予读取。请分成几次导入。")
        place += 1
    return rows


def _cell(text: str, place: int) -> tuple[str, int]:
    """Return the cell at a place and where it ends."""
    if text.startswith('"', place) and (match := _QUOTED.match(text, place)):
        inner = match[1].replace('""', '"')
        # Excel quotes only what needs it; quotes around nothing are ditto marks, perhaps of two rows.
        if inner.strip() and ("\n" in inner or '"' in inner):
            return inner, match.end()
    ends = [end for mark in ("\t", "\n") if (end := text.find(mark, place)) >= 0]
    end = min(ends, default=len(text))
    return text[place:end].strip(" "), end
