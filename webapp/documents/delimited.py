"""Reading delimited text as it comes from offices: UTF-8 with or without mark, UTF-16, GBK, GB18030. Pure.

An encoding is recognised or the file is refused; nothing is guessed at the price of wrong characters (security.md
XLS-05). Every record is taken or refused, so taken + refused = records.
"""

import codecs
import csv
import io
import re
from dataclasses import dataclass

from webapp.characters import FORBIDDEN

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELL = 32_767
_SEPARATORS = (",", "\t", ";", "\uff0c", "|")
_DECLARED = re.compile(r"\Asep=(.)\r?\n")
_ENOUGH_COMMON = 0.85
_SAMPLE = 200_000
_FOUR_BYTES = 4


class TextRefused(Exception):  # noqa: N818 - says what happened, like RuleBroken
    """The text is not read at all; the sentence says why and what to do."""


@dataclass(frozen=True)
class Delimited:
    """The records of a text, each with the line it starts on, and those refused as (line, column, value, why)."""

    rows: list[tuple[int, list[str]]]
    refused: list[tuple[int, int, str, str]]
    encoding: str
    separator: str


def read_delimited(content: bytes) -> Delimited:
    """Return the records of a csv file; raise TextRefused."""
    if len(content) > MAX_BYTES:
        raise TextRefused(f"文件超过{MAX_BYTES // 1024 // 1024}MB,未予读取。请分成几个文件导入。")
    text, encoding = decode(content)
    declared = _DECLARED.match(text)
    separator = declared[1] if declared else _separator(text)
    body = text[declared.end() :] if declared else text
    first = 2 if declared else 1
    rows: list[tuple[int, list[str]]] = []
    refused: list[tuple[int, int, str, str]] = []
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True)
    line = first
    try:
        for record in reader:
            _take(record, line, rows, refused)
            if len(rows) + len(refused) > MAX_ROWS:
                raise TextRefused(f"文件超过{MAX_ROWS}行，未予读取。请分成几个文件导入。")
            line = first + reader.line_num
    except csv.Error:
        raise TextRefused(f"第{line}行的引号不成对或单元格过长，无法读取。请检查后再导入。") from None
    return Delimited(rows, refused, encoding, separator)


def decode(content: bytes) -> tuple[str, str]:
    """Return the text of a file and the name of its encoding; raise TextRefused where it cannot be recognised."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            return _strictly(content[len(mark) :], name), name
    if b"\x00" in content[:_SAMPLE]:
        # The zeros of commas and digits stand in the second byte of a little-endian pair, in the first of a big one.
        second, first = content[1:_SAMPLE:2].count(0), content[0:_SAMPLE:2].count(0)
        name = "utf-16-le" if second > first else "utf-16-be"
        text = _strictly(content, name)
        if "\x00" in text or not _is_plausible(text):
            raise TextRefused("文件不是文本表格，未予读取。请用表格软件另存为.csv或.xlsx后再导入。")
        return text, name
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text = _strictly(content, "gb18030")
    if not _is_plausible(text):
        raise TextRefused("无法确认文件的文字编码，未予读取。请另存为UTF-8编码的.csv或.xlsx后再导入。")
    return text, "gb18030"


def _strictly(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError:
        raise TextRefused("无法确认文件的文字编码，未予读取。请另存为UTF-8编码的.csv或.xlsx后再导入。") from None


def _is_plausible(text: str) -> bool:
    """Say whether most characters beyond ASCII are among the 6,763 of GB 2312: wrong decodings make rare ones.

    A character of four bytes says nothing against: its pattern of bytes hardly comes about by mistake.
    """
    wide = [c for c in text[:_SAMPLE] if c > "\x7f" and len(c.encode("gb18030", "replace")) < _FOUR_BYTES]
    if any("\ue000" <= c <= "\uf8ff" for c in wide):
        return False
    common = sum(_is_common(c) for c in wide)
    return not wide or common / len(wide) >= _ENOUGH_COMMON


def _is_common(character: str) -> bool:
    try:
        return len(character.encode("gb2312")) == 2 and character.encode("gb2312")[0] < 0xF8  # noqa: PLR2004 - rows of GB2312
    except UnicodeEncodeError:
        return False


def _separator(text: str) -> str:
    """Return the mark that parts the cells: the most frequent one of the first lines."""
    head = re.sub(r'"[^"]*"', "", text[:20_000])
    lines = head.splitlines()[:20]
    return max(_SEPARATORS, key=lambda mark: (sum(line.count(mark) > 0 for line in lines), head.count(mark)))


def _take(
    record: list[str],
    line: int,
    rows: list[tuple[int, list[str]]],
    refused: list[tuple[int, int, str, str]],
) -> None:
    cells = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in record]
    for column, cell in enumerate(cells, start=1):
        if column > MAX_COLUMNS:
            refused.append((line, column, cell[:80], f"超出{MAX_COLUMNS}列"))
            return
        if len(cell) > MAX_CELL:
            refused.append((line, column, cell[:80], f"单元格超过{MAX_CELL}字"))
            return
        if found := FORBIDDEN.search(cell):
            shown = FORBIDDEN.sub("\ufffd", cell[:80])
            refused.append((line, column, shown, f"含有不能保存的字符(U+{ord(found[0]):04X})"))
            return
    rows.append((line, cells))
