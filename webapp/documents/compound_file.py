"""The container of old office files (OLE compound file): which streams are in it, and one of them. Pure.

Enough to tell an .xls from a .doc or an encrypted .xlsx and to look through its records before a library opens it.
Every chain is walked at most once around the file, so a circle ends.
"""

import struct
from collections.abc import Iterator

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE = 0xFFFFFFFA  # from here on no sector
_ENTRY = 128
_STREAM, _ROOT = 2, 5
_IN_HEADER = 109  # sector numbers of the allocation table that stand in the header


class CompoundDamaged(ValueError):  # noqa: N818 - says what happened
    """The file does not hold together."""


class CompoundFile:
    """An OLE compound file, read whole from memory."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        if len(content) < 512 or not content.startswith(SIGNATURE):  # noqa: PLR2004 - the header's size
            raise CompoundDamaged
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in {9, 12} or mini_shift != 6:  # noqa: PLR2004 - the only sizes there are: 512, 4096; 64
            raise CompoundDamaged
        self._sector, self._mini = 1 << shift, 1 << mini_shift
        self._cutoff = struct.unpack_from("<I", content, 56)[0]
        self._table = self._allocation()
        first_directory, first_mini = struct.unpack_from("<I", content, 48)[0], struct.unpack_from("<I", content, 60)[0]
        self._entries = dict(self._directory(self._chain(first_directory)))
        table = self._chain(first_mini)
        self._mini_table = struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the streams."""
        return frozenset(name for name in self._entries if name)

    def stream(self, name: str) -> bytes:
        """Return a stream; raise KeyError where there is none."""
        start, size = self._entries[name]
        if size >= self._cutoff:
            return self._chain(start)[:size]
        small = self._chain(self._entries[""][0])
        pieces: list[bytes] = []
        seen = 0
        while start < _FREE and seen <= len(self._mini_table):
            pieces.append(small[start * self._mini : (start + 1) * self._mini])
            start = self._mini_table[start] if start < len(self._mini_table) else _FREE
            seen += 1
        return b"".join(pieces)[:size]

    def _allocation(self) -> tuple[int, ...]:
        sectors = list(struct.unpack_from(f"<{_IN_HEADER}I", self._content, 76))
        more, count = struct.unpack_from("<II", self._content, 68)
        per = self._sector // 4
        while more < _FREE and count > 0:
            numbers = struct.unpack(f"<{per}I", self._at(more))
            sectors += numbers[:-1]
            more, count = numbers[-1], count - 1
            if len(sectors) * self._sector > len(self._content) + _IN_HEADER * self._sector:
                raise CompoundDamaged
        table: list[int] = []
        for sector in sectors:
            if sector < _FREE:
                table += struct.unpack(f"<{per}I", self._at(sector))
        return tuple(table)

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        piece = self._content[start : start + self._sector]
        if not piece:
            raise CompoundDamaged
        return piece.ljust(self._sector, b"\x00")

    def _chain(self, sector: int) -> bytes:
        pieces: list[bytes] = []
        while sector < _FREE:
            if sector >= len(self._table) or len(pieces) > len(self._table):
                raise CompoundDamaged
            pieces.append(self._at(sector))
            sector = self._table[sector]
        return b"".join(pieces)

    @staticmethod
    def _directory(content: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
        for place in range(0, len(content) - _ENTRY + 1, _ENTRY):
            entry = content[place : place + _ENTRY]
            length, kind = struct.unpack_from("<HB", entry, 64)
            start, size = struct.unpack_from("<II", entry, 116)
            if kind == _ROOT:
                yield "", (start, size)
            elif kind == _STREAM:
                yield entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace"), (start, size)
