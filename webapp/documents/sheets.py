"""Writing spreadsheets: .xlsx and .csv whose cells are only ever text or whole numbers.

The bytes are the same wherever they are made: fixed dates, no author, and the zip of the xlsx stores instead of
compressing, because compressed bytes differ between versions of zlib. A text that a spreadsheet might compute gets the
quote prefix in xlsx and an apostrophe in csv, which `plain_cell` takes away again (security.md EXP-01, EXP-02).
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

import xlsxwriter

from webapp.characters import FORBIDDEN
from webapp.documents.grid import Grid

Cell: TypeAlias = str | int | None

MAX_CELL = 32_767  # characters, the format's own limit
CUT = "…(内容过长，已截断)"
UNSHOWN = "\ufffd"
_STAMP = (1980, 1, 1, 0, 0, 0)
_CREATED = datetime(2008, 6, 5, tzinfo=UTC)
# What begins a computed cell: also full-width, behind blanks or quotes, after a line break.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20|%"
_TRIGGER = re.compile(rf"(?:\A|(?<=\n))(?=[\"'“”‘’\s]*[{_SIGNS}]|\t)")
_PREFIXED = re.compile(rf"(?:\A|(?<=\n))'(?=[\"'“”‘’\s]*[{_SIGNS}]|\t)")
_FIRST = frozenset("=+-@\uff1d\uff0b\uff0d\uff20|%\"'“”‘’ \t\u3000\xa0")
_BAD_NAME = re.compile(r"[\s\[\]:*?/\\\x00-\x1f\uff1a\uff1f\uff0f\uff3b\uff3d\uff0a]+")
_MAX_NAME = 31
_REMEMBERED = 100


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its headings, its rows, and column widths in characters (the last one for the rest)."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = (18,)


@dataclass
class Replaced:
    """How many cells could not be written as they are: forbidden characters replaced, texts cut."""

    characters: int = 0
    cut: int = 0
    names: list[str] = field(default_factory=list)  # of sheets that had to be renamed

    def sentence(self) -> str:
        """Return what to tell the person, empty where nothing was replaced."""
        parts = []
        if self.characters:
            parts.append(f"{self.characters}格含有表格不能保存的字符，已用“{UNSHOWN}”代替")
        if self.cut:
            parts.append(f"{self.cut}格超过{MAX_CELL}字，已截断")
        return "，".join(parts) + "。" if parts else ""


def write_xlsx(sheets: Iterable[Sheet], replaced: Replaced | None = None) -> bytes:
    """Return a workbook; `replaced` counts what had to be changed. About 40 µs for a row of 40 cells."""
    note = replaced or Replaced()
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": _CREATED.replace(tzinfo=None), "author": "", "company": ""})
    formats = _Formats(
        head=book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1, "num_format": "@"}),
        text=book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        quoted=book.add_format({"text_wrap": True, "valign": "top", "num_format": "@", "quote_prefix": True}),
        number=book.add_format({"valign": "top", "num_format": "0"}),
    )
    taken: set[str] = set()
    for sheet in sheets:
        name = sheet_name(sheet.name, taken)
        if name != sheet.name:
            note.names.append(name)
        page = book.add_worksheet(name, Grid)
        page.freeze_panes(1, 0)
        for column in range(len(sheet.headings)):
            page.set_column(column, column, sheet.widths[min(column, len(sheet.widths) - 1)])
        page.add_row([page.text(fitting(heading, note), formats.head) for heading in sheet.headings], 0)
        _fill(page, sheet.rows, formats, note)
    book.close()
    return repacked(out.getvalue())


def write_csv(rows: Iterable[Sequence[Cell]], replaced: Replaced | None = None) -> bytes:
    """Return rows as CSV in UTF-8 with its mark, lines ended by CR LF. About 30 µs for a row of 40 cells."""
    note = replaced or Replaced()
    ready: dict[Cell, str] = {None: ""}  # sections, forms, rights: most cells stand in many rows
    lines = []
    for row in rows:
        cells = []
        for cell in row:
            text = ready.get(cell)
            if text is None:
                text = _quoted(inert_cell(cell, note)) if isinstance(cell, str) else str(cell)
                if len(text) <= _REMEMBERED:
                    ready[cell] = text
            cells.append(text)
        lines.append(",".join(cells))
    return b"\xef\xbb\xbf" + "".join(f"{line}\r\n" for line in lines).encode()


def _quoted(text: str) -> str:
    if '"' in text:
        text = text.replace('"', '""')
    elif "," not in text and "\n" not in text:
        return text
    return f'"{text}"'


def inert_cell(text: str, replaced: Replaced | None = None) -> str:
    """Return a text for a csv cell, with an apostrophe before whatever a spreadsheet might compute."""
    shown = text if text.isprintable() else _shown(text, replaced)
    if not shown or (shown[0] not in _FIRST and "\n" not in shown):
        return shown
    return _TRIGGER.sub("'", shown)


def plain_cell(text: str) -> str:
    """Return the text of a csv cell without the apostrophes `inert_cell` put in."""
    return _PREFIXED.sub("", text) if "'" in text else text


def sheet_name(name: str, taken: set[str]) -> str:
    """Return a name a workbook accepts, unlike those `taken` (to which it is added)."""
    shown = FORBIDDEN.sub("", _BAD_NAME.sub(" ", name)).strip(" '")[:_MAX_NAME].strip(" '") or "表"
    number, unique = 2, shown
    while unique.casefold() in taken:
        suffix = f"({number})"
        unique, number = shown[: _MAX_NAME - len(suffix)] + suffix, number + 1
    taken.add(unique.casefold())
    return unique


def repacked(content: bytes) -> bytes:
    """Return a zip of the same files, stored, sorted, with fixed dates: the same bytes for the same content."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name in sorted(given.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.create_system = 0
            packed.writestr(entry, given.read(name))
    return out.getvalue()


@dataclass(frozen=True)
class _Formats:
    head: Any
    text: Any
    quoted: Any
    number: Any


def _fill(page: Grid, rows: Iterable[Sequence[Cell]], formats: _Formats, note: Replaced) -> None:
    known: dict[str, str] = {}  # sections, forms, rights: most texts stand in many rows
    for place, row in enumerate(rows, start=1):
        cells = []
        for cell in row:
            if not isinstance(cell, str):
                cells.append("" if cell is None else page.number(cell, formats.number))
            elif not cell:
                cells.append("")
            elif cell in known:
                page.repeated()
                cells.append(known[cell])
            else:
                shown = fitting(cell, note)
                cells.append(page.text(shown, formats.quoted if computes(shown) else formats.text))
                if shown == cell:  # what had to be changed is counted each time
                    known[cell] = cells[-1]
        page.add_row(cells, place)


def computes(text: str) -> bool:
    """Say whether a spreadsheet might take a text for a formula, so that its cell needs the quote prefix."""
    return bool(text) and text[0] in _FIRST and _TRIGGER.match(text) is not None


def fitting(text: str, note: Replaced) -> str:
    """Return a text a cell can hold; `note` counts what had to be changed."""
    shown = text if text.isprintable() else _shown(text, note)
    # The format counts in UTF-16, where a rare character counts twice.
    if len(shown) <= MAX_CELL // 2 or len(shown.encode("utf-16-le")) <= 2 * MAX_CELL:
        return shown
    note.cut += 1
    return shown.encode("utf-16-le")[: 2 * (MAX_CELL - len(CUT))].decode("utf-16-le", "ignore") + CUT


def _shown(text: str, note: Replaced | None) -> str:
    shown, count = FORBIDDEN.subn(UNSHOWN, text.replace("\r\n", "\n").replace("\r", "\n"))
    if count and note is not None:
        note.characters += 1
    return shown
