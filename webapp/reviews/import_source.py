"""What a file that was brought in holds, opened once and kept as JSON until it is confirmed. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from webapp import scan
from webapp.digests import digest
from webapp.powers.table_columns import Rows
from webapp.powers.table_corrected import UNREAD

_WIDEST = 200


@dataclass
class SourceTable:
    """A table of a file: rows by number, rows refused before reading (number, column from 1 or 0, value, why)."""

    name: str
    rows: Rows
    refused: list[tuple[int, int, str, str]] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    filled: dict[int, dict[int, int]] = field(default_factory=dict)  # by merging: row → place → row of the value


@dataclass
class Source:
    """What a file holds: tables, or the lines of a .jsonl file."""

    tables: list[SourceTable] = field(default_factory=list)
    lines: list[tuple[int, object]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)  # lines whose text is not kept: row, why

    def as_text(self) -> str:
        """Return it as JSON; a line that was no JSON is kept as such."""
        tables = [[each.name, each.rows, each.refused, each.notes, _pairs(each.filled)] for each in self.tables]
        lines = [[row, None if isinstance(line, Exception) else line] for row, line in self.lines]
        return json.dumps({"tables": tables, "lines": lines, "refused": self.refused}, ensure_ascii=False)

    @classmethod
    def of(cls, text: str) -> "Source":
        """Return what `as_text` wrote."""
        kept = json.loads(text)
        return cls(
            [
                SourceTable(
                    name,
                    [(row, cells) for row, cells in rows],
                    [tuple(each) for each in refused],
                    tuple(notes),
                    {row: dict(cells) for row, cells in filled},
                )
                for name, rows, refused, notes, filled in kept["tables"]
            ],
            [(row, ValueError() if line is None else line) for row, line in kept["lines"]],
            [(row, why) for row, why in kept["refused"]],
        )

    def content_digest(self) -> str:
        """Return a digest of what the file says, the same whatever its name and format."""
        tables = [
            [[cell.strip() for cell in _trimmed(cells)] for _, cells in each.rows if any(map(str.strip, cells))]
            for each in self.tables
        ]
        return digest([tables, [line for _, line in self.lines if not isinstance(line, Exception)]])

    def without_markings(self) -> "Source":
        """Return it without the text of rows that hold a secrecy marking; they are refused with the sentence."""
        tables = []
        for table in self.tables:
            width = min(max((len(cells) for _, cells in table.rows), default=1), _WIDEST)
            rows, refused = [], list(table.refused)
            for number, cells in table.rows:
                if sentence := scan.secrecy_sentence("\n".join(cells)):
                    refused.append((number, 0, "", sentence))
                else:
                    rows.append((number, cells))
            # In their places stand rows that cannot be borrowed from by a ditto mark.
            rows += [(number, [UNREAD] * width) for number in sorted({each[0] for each in refused})]
            tables.append(
                SourceTable(table.name, sorted(rows, key=lambda row: row[0]), refused, table.notes, table.filled)
            )
        lines, unsaid = [], list(self.refused)
        for row, line in self.lines:
            if sentence := scan.secrecy_sentence(json.dumps(line, ensure_ascii=False, default=str)):
                unsaid.append((row, sentence))
            else:
                lines.append((row, line))
        return Source(tables, lines, unsaid)


def _pairs(filled: Mapping[int, Mapping[int, int]]) -> list[list[object]]:
    return [[row, [list(pair) for pair in cells.items()]] for row, cells in filled.items()]


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    last = max((place for place, cell in enumerate(cells) if cell.strip()), default=-1)
    return cells[: last + 1]
