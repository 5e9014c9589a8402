"""A file somebody brings in, read into the lines that `intake` takes: .jsonl as it is, tables by their headings.

Nothing is written here. `read_source` opens the file once; what it holds can be kept as JSON (rows with secrecy
markings without their text) and read again with corrections. The command reads and takes at once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import PurePath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Bureau
from webapp.accounts.reading import sections
from webapp.documents.reading import Table, read_tables
from webapp.laws.citations import Citation
from webapp.laws.reading import LawLibrary, read_library
from webapp.powers.fields import Body, catalogue_line, empty_entry
from webapp.powers.models import HeadingAlias
from webapp.powers.table_columns import Column, Corrections, Rows
from webapp.powers.table_corrected import CellRefusal, Surroundings, read_corrected
from webapp.reviews.import_report import Refusal
from webapp.reviews.import_source import Source, SourceTable
from webapp.reviews.intake import Intake, read_lines
from webapp.rules import RuleBroken

TABLES = frozenset({".csv", ".xlsx", ".xlsm", ".txt", ".tsv", ".xls", ".et", ".ods", ".docx", ".htm", ".html"})


@dataclass(frozen=True)
class Upload:
    """What a file holds: lines to take, rows refused already, what was mended or passed over, as sentences by row.

    Of a table also its columns, the row of headings, why it could not be read (`sentence`) and which rows were left
    out on purpose. `cells` are the rows of the table as they stand after corrections.
    """

    lines: list[tuple[int, object]]
    refusals: list[Refusal] = field(default_factory=list)
    mended: list[tuple[int, str]] = field(default_factory=list)
    passed_over: list[tuple[int, str]] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    header: int = 0
    sentence: str = ""
    left_out: tuple[int, ...] = ()
    cells: Mapping[int, Sequence[str]] = field(default_factory=dict)

    def add_refusals(self, intake: Intake) -> Intake:
        """Complete what became of the lines by the rows that never came so far; rows = taken + refused rows."""
        intake.rows += len({refusal.row for refusal in self.refusals})
        intake.refusals = sorted([*intake.refusals, *self.refusals], key=lambda refusal: refusal.row)
        return intake


def read_source(content: bytes, name: str) -> Source:
    """Open a file; its kind goes by the ending of its name, that of a table by its content. Raises RuleBroken."""
    suffix = PurePath(name).suffix.lower()
    if suffix == ".jsonl":
        return Source(lines=list(read_lines(_text(content).split("\n"))))
    if suffix not in TABLES:
        raise RuleBroken(f"不能读取{suffix or '没有扩展名的'}文件：请用 .xlsx、.csv 等表格文件或 .jsonl 文件。")
    return tables_source(read_tables(content, name))


def tables_source(tables: Sequence[Table]) -> Source:
    """Return tables as a source, without empty ones; raise RuleBroken where all are."""
    filled = [
        SourceTable(
            table.name,
            [(row.number, list(row.cells)) for row in table.rows],
            [(one.number, one.column, one.value, one.why) for one in table.refused],
            table.notes,
            {row: dict(cells) for row, cells in table.filled.items()},
        )
        for table in tables
        if any(any(row.cells) for row in table.rows) or table.refused
    ]
    if not filled:
        raise RuleBroken("文件中没有内容，请核对后再导入。")
    return Source(filled)


def read_upload(session: Session, content: bytes, name: str, mapping: Mapping[str, str] | None = None) -> Upload:
    """Read a file's content at once; raise RuleBroken where it cannot be read at all.

    `mapping` gives fields for headings in the table's own words (heading → field).
    """
    source = read_source(content, name)
    if mapping and not source.tables:
        raise RuleBroken("表头与字段的对应只用于表格文件。")
    upload = read_again(
        session, source.without_markings(), Corrections(), known={**known_headings(session), **(mapping or {})}
    )
    if upload.sentence:
        raise RuleBroken(upload.sentence)
    return upload


def read_again(
    session: Session,
    source: Source,
    corrections: Corrections,
    *,
    known: Mapping[str, str] | None = None,
    section: str = "",
    own: str = "",
) -> Upload:
    """Read what a file holds with the corrections made so far.

    `section` is for every row, whatever the table says; `own` for rows of a table that say nothing.
    """
    if not source.tables:
        lines = [each for each in source.lines if each[0] not in corrections.left_out]
        rows = {row for row, _ in (*source.lines, *source.refused)}
        refusals = [Refusal(row, "", "", why) for row, why in source.refused if row not in corrections.left_out]
        return Upload(lines, refusals, left_out=tuple(sorted(rows & corrections.left_out)))
    table = source.tables[min(corrections.table, len(source.tables) - 1)]
    around = _surroundings(session, known_headings(session) if known is None else known, section)
    reading = read_corrected(table.rows, corrections, around, filled=table.filled, title=table.name)
    refused_before = [
        Refusal(number, f"第{column}栏" if column else "", value, _sentence(why), column - 1 if column else None)
        for number, column, value, why in table.refused
        if number not in corrections.left_out
    ]
    left_before = {number for number, *_ in table.refused} & corrections.left_out
    return Upload(
        lines=[
            (taken.row, catalogue_line(taken.code, {**taken.body, "section": taken.body["section"] or own}))
            for taken in reading.taken
        ],
        refusals=sorted([*refused_before, *map(_refusal, reading.refused)], key=lambda one: one.row),
        mended=[(taken.row, sentence) for taken in reading.taken for sentence in taken.mended],
        passed_over=reading.passed_over,
        notes=_notes(source, table, reading.unknown),
        columns=reading.columns,
        header=reading.header,
        sentence=reading.sentence,
        left_out=tuple(sorted({*reading.left_out, *left_before})),
        cells=_cells_of(table.rows, corrections),
    )


def known_headings(session: Session) -> dict[str, str]:
    """Return the headings the bureau taught: heading → target."""
    return {row.heading: row.target for row in session.execute(select(HeadingAlias.heading, HeadingAlias.target))}


def _surroundings(session: Session, known: Mapping[str, str], section: str) -> Surroundings:
    library, day = read_library(session), clock.today()
    bureau = session.scalar(select(Bureau.name)) or ""
    return Surroundings(
        known=known,
        sections=[each.name for each in sections(session)],
        blank=partial(_blank, bureau, day),
        resolve=_remembering(partial(_resolve, library, day)),
        section=section,
    )


def _notes(source: Source, table: SourceTable, unknown: Sequence[str]) -> tuple[str, ...]:
    notes = table.notes
    others = [each.name for each in source.tables if each is not table]
    if others:
        shown = "、".join(f"“{name}”" for name in others[:5])
        notes = (*notes, f"只读取了工作表“{table.name}”，另有{len(others)}张未读取：{shown}。")
    if unknown:
        notes = (*notes, f"未识别的表头：{'、'.join(unknown[:8])}，这些栏没有读入；可指定它们对应的字段。")
    return notes


def _cells_of(rows: Rows, corrections: Corrections) -> dict[int, list[str]]:
    cells = dict(rows)
    for number, typed in corrections.cells.items():
        if number in cells:
            row = cells[number] + [""] * (max(typed, default=0) + 1 - len(cells[number]))
            for place, text in typed.items():
                row[place] = text
            cells[number] = row
    return cells


def _refusal(one: CellRefusal) -> Refusal:
    return Refusal(one.row, one.column, one.value, _sentence(one.why), one.place)


def _blank(bureau: str, day: date, category: str) -> Body:
    return empty_entry(category, body_name=bureau, reference_date=day.isoformat())


def _resolve(library: LawLibrary, day: date, citation: Citation) -> Mapping[str, Any] | None:
    found = library.resolve(citation, day)
    return found.as_row() if found else None


def _remembering(
    resolve: Callable[[Citation], Mapping[str, Any] | None],
) -> Callable[[Citation], Mapping[str, Any] | None]:
    """Return the function with a memory: the rows of a table cite the same few articles."""
    found: dict[Citation, Mapping[str, Any] | None] = {}

    def remembered(citation: Citation) -> Mapping[str, Any] | None:
        if citation not in found:
            found[citation] = resolve(citation)
        return found[citation]

    return remembered


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleBroken("文件不是UTF-8编码的文本。请另存为UTF-8后再导入。") from error


def _sentence(why: str) -> str:
    return why if why.endswith("。") else f"{why}。"
