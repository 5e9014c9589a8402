"""Writes .xls files (BIFF8) byte by byte: what offices still bring, and the hostile ones no program writes."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
DATE, ZEROS = 1, 2  # styles beyond the general one


@dataclass(frozen=True)
class Formula:
    """A formula with its stored result: text, number, None for none, or "#" for an error."""

    result: object


@dataclass(frozen=True)
class Styled:
    """A number shown by a style: a date, or six digits with zeros in front."""

    value: float
    style: int


ERROR_CELL = object()


@dataclass
class OldSheet:
    """A sheet: cells by (row, column) from 0, merges as (top, bottom, left, right), hidden rows."""

    name: str
    cells: dict[tuple[int, int], object] = field(default_factory=dict)
    merges: Sequence[tuple[int, int, int, int]] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    is_hidden: bool = False


def sheet_of(name: str, rows: Sequence[Sequence[object]], **more: object) -> OldSheet:
    """Return a sheet of rows; blank cells are left out."""
    cells = {(r, c): value for r, row in enumerate(rows) for c, value in enumerate(row) if value != ""}
    return OldSheet(name, cells, **more)  # type: ignore[arg-type] # the fields above


def xls(sheets: Sequence[OldSheet], *, is_locked: bool = False) -> bytes:
    """Return an .xls file."""
    return compound({"Workbook": _workbook(sheets, is_locked=is_locked)})


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _workbook(sheets: Sequence[OldSheet], *, is_locked: bool) -> bytes:
    bodies = [_sheet(sheet) for sheet in sheets]
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0x0DBB, 0x07CC, 0, 6))
    if is_locked:
        head += _record(0x2F, struct.pack("<HHH", 0, 1, 1) + b"\x00" * 48)
    head += _record(0x42, struct.pack("<H", 1200))
    head += _record(0x41E, struct.pack("<HHB", 164, 6, 0) + b"000000")
    for number in (0, 14, 164):
        head += _record(0xE0, struct.pack("<HHH", 0, number, 0) + b"\x00" * 14)
    names = [sheet.name.encode("utf-16-le") for sheet in sheets]
    place = len(head) + sum(12 + len(name) for name in names) + 4
    for sheet, name, body in zip(sheets, names, bodies, strict=True):
        data = struct.pack("<IBBBB", place, int(sheet.is_hidden), 0, len(name) // 2, 1) + name
        head += _record(0x85, data)
        place += len(body)
    return head + _record(0x0A, b"") + b"".join(bodies)


def _sheet(sheet: OldSheet) -> bytes:
    rows = [row for row, _ in sheet.cells]
    columns = [column for _, column in sheet.cells]
    out = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0x0DBB, 0x07CC, 0, 6))
    for column in sheet.hidden_columns:
        out += _record(0x7D, struct.pack("<HHHHHH", column, column, 0, 0, 1, 0))
    bounds = struct.pack("<IIHHH", 0, max(rows, default=-1) + 1, 0, max(columns, default=-1) + 1, 0)
    out += _record(0x200, bounds)
    for row in sorted(set(rows)):
        flags = 0x20 if row in sheet.hidden_rows else 0
        out += _record(0x208, struct.pack("<HHHHHHII", row, 0, 256, 0xFF, 0, 0, flags | 0x100, 0)[:16])
    for (row, column), value in sorted(sheet.cells.items(), key=lambda each: each[0]):
        out += _cell(row, column, value)
    if sheet.merges:
        out += _record(
            0xE5, struct.pack("<H", len(sheet.merges)) + b"".join(struct.pack("<4H", *m) for m in sheet.merges)
        )
    return out + _record(0x0A, b"")


def _cell(row: int, column: int, value: object) -> bytes:
    place = struct.pack("<HH", row, column)
    if value is ERROR_CELL:
        return _record(0x205, place + struct.pack("<HBB", 0, 0x2A, 1))
    if isinstance(value, bool):
        return _record(0x205, place + struct.pack("<HBB", 0, int(value), 0))
    if isinstance(value, Styled):
        return _record(0x203, place + struct.pack("<Hd", value.style, value.value))
    if isinstance(value, int | float):
        return _record(0x203, place + struct.pack("<Hd", 0, value))
    if isinstance(value, Formula):
        return _formula(place, value.result)
    text = str(value).encode("utf-16-le")
    return _record(0x204, place + struct.pack("<HHB", 0, len(text) // 2, 1) + text)


def _formula(place: bytes, result: object) -> bytes:
    after = b""
    if result is None:
        stored = b"\x03\x00\x00\x00\x00\x00\xff\xff"
    elif result == "#":
        stored = b"\x02\x00\x2a\x00\x00\x00\xff\xff"
    elif isinstance(result, str):
        stored = b"\x00\x00\x00\x00\x00\x00\xff\xff"
        text = result.encode("utf-16-le")
        after = _record(0x207, struct.pack("<HB", len(text) // 2, 1) + text)
    else:
        stored = struct.pack("<d", result)
    tokens = b"\x1e\x01\x00"  # the number 1
    data = place + struct.pack("<H", 0) + stored + struct.pack("<HIH", 0, 0, len(tokens)) + tokens
    return _record(0x06, data) + after


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file with these streams, each padded to be no small one."""
    padded = {name: content.ljust(4096, b"\x00") for name, content in streams.items()}
    counts = {name: -(-len(content) // 512) for name, content in padded.items()}
    data = sum(counts.values())
    directories = -(-(len(padded) + 1) // 4)
    tables = 1
    while tables * 128 < data + directories + tables:
        tables += 1
    chain: list[int] = []
    starts: dict[str, int] = {}
    for name, count in counts.items():
        starts[name] = len(chain)
        chain += [*range(len(chain) + 1, len(chain) + count), END]
    first_directory = len(chain)
    chain += [*range(len(chain) + 1, len(chain) + directories), END]
    first_table = len(chain)
    chain += [TABLE] * tables
    chain += [FREE] * (tables * 128 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\x00" * 10
    header += struct.pack("<IIIIIIIII", tables, first_directory, 0, 4096, END, 0, END, 0, first_table)
    header += b"".join(struct.pack("<I", first_table + n) for n in range(1, tables)) + b"\xff" * (4 * (109 - tables))
    entries = _entry("Root Entry", 5, END, 0, child=1)
    for place, (name, content) in enumerate(padded.items(), start=1):
        entries += _entry(name, 2, starts[name], len(content), right=place + 1 if place < len(padded) else FREE)
    entries = entries.ljust(directories * 512, b"\x00")
    body = b"".join(content.ljust(counts[name] * 512, b"\x00") for name, content in padded.items())
    return header + body + entries + b"".join(struct.pack("<I", each) for each in chain)


def _entry(name: str, kind: int, start: int, size: int, *, child: int = FREE, right: int = FREE) -> bytes:
    raw = (name + "\x00").encode("utf-16-le")
    entry = raw.ljust(64, b"\x00") + struct.pack("<HBBIII", len(raw), kind, 1, FREE, right, child)
    return (entry + b"\x00" * 36 + struct.pack("<II", start, size)).ljust(128, b"\x00")
