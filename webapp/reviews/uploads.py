"""A file somebody brings in, read into the lines that `intake` takes: .jsonl as it is, tables by their headings.

Nothing is written here. A page shows the preview of what it reads; the command and the page then hand the lines to
`intake.import_records` and merge what the table had refused with `add_refusals`.
"""

from collections.abc import Mapping
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
from webapp.documents.reading import Table, read_table
from webapp.laws.citations import Citation
from webapp.laws.reading import LawLibrary, read_library
from webapp.powers.fields import Body, catalogue_line, empty_entry
from webapp.powers.table_reading import read_entries
from webapp.reviews.intake import Intake, Refusal, read_lines
from webapp.rules import RuleBroken

TABLES = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".et", ".ods", ".docx", ".htm", ".html"})


@dataclass(frozen=True)
class Upload:
    """What a file holds: lines to take, rows refused already, what was mended or passed over, as sentences by row."""

    lines: list[tuple[int, object]]
    refusals: list[Refusal] = field(default_factory=list)
    mended: list[tuple[int, str]] = field(default_factory=list)
    passed_over: list[tuple[int, str]] = field(default_factory=list)
    notes: tuple[str, ...] = ()

    def add_refusals(self, intake: Intake) -> Intake:
        """Complete what became of the lines by the rows that never came so far; rows = taken + refused rows."""
        intake.rows += len({refusal.row for refusal in self.refusals})
        intake.refusals = sorted([*intake.refusals, *self.refusals], key=lambda refusal: refusal.row)
        return intake


def read_upload(session: Session, content: bytes, name: str, mapping: Mapping[str, str] | None = None) -> Upload:
    """Read a file's content; its kind goes by the ending of its name. Raises RuleBroken where it cannot be read at all.

    `mapping` gives fields for headings in the table's own words (heading → field).
    """
    suffix = PurePath(name).suffix.lower()
    if suffix == ".jsonl":
        if mapping:
            raise RuleBroken("表头与字段的对应只用于表格文件。")
        return Upload(list(read_lines(_text(content).split("\n"))))
    if suffix not in TABLES:
        raise RuleBroken(f"不能读取{suffix or '没有扩展名的'}文件：请用 .jsonl、.xlsx、.xls、.ods、.docx、.csv 文件。")
    return _from_table(session, read_table(content, name), mapping or {})


def _from_table(session: Session, table: Table, mapping: Mapping[str, str]) -> Upload:
    library, day = read_library(session), clock.today()
    bureau = session.scalar(select(Bureau.name)) or ""
    reading = read_entries(
        [(row.number, row.cells) for row in table.rows],
        sections=[section.name for section in sections(session)],
        blank=partial(_blank, bureau, day),
        resolve=partial(_resolve, library, day),
        mapping=mapping,
        filled=table.filled,
        title=table.name,
    )
    refusals = [Refusal(one.number, str(one.column or ""), one.value, f"{one.why}。") for one in table.refused]
    refusals += [Refusal(one.row, one.column, one.value, _sentence(one.why)) for one in reading.refused]
    lines: list[tuple[int, object]] = [(taken.row, catalogue_line(taken.code, taken.body)) for taken in reading.taken]
    mended = [(taken.row, sentence) for taken in reading.taken for sentence in taken.mended]
    notes = table.notes
    if unknown := reading.headings.unknown:
        notes = (*notes, f"未识别的表头：{'、'.join(unknown[:8])}，这些栏没有读入；可指定它们对应的字段。")
    return Upload(lines, refusals, mended, reading.passed_over, notes)


def _blank(bureau: str, day: date, category: str) -> Body:
    return empty_entry(category, body_name=bureau, reference_date=day.isoformat())


def _resolve(library: LawLibrary, day: date, citation: Citation) -> Mapping[str, Any] | None:
    found = library.resolve(citation, day)
    return found.as_row() if found else None


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleBroken("文件不是UTF-8编码的文本。请另存为UTF-8后再导入。") from error


def _sentence(why: str) -> str:
    return why if why.endswith("。") else f"{why}。"
