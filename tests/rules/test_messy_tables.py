"""The corpus of messy tables: what was meant is taken, what is refused says where and why, nothing is lost."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from harness.messy import FINE, HEAD, PERMIT, Book, workbook
from harness.messy_books import corpus
from harness.old_workbook import sheet_of, xls
from harness.sample_laws import sample_library
from webapp.documents.reading import Table, read_tables
from webapp.laws.citations import Citation
from webapp.powers.fields import Body, empty_entry
from webapp.powers.table_reading import TableReading, read_entries
from webapp.rules import RuleBroken

SECTIONS = {
    each["name"] for each in json.loads(Path("webapp/sample/data/people.json").read_text(encoding="utf-8"))["sections"]
}
LIBRARY = sample_library()
BOOKS = corpus()


def resolve(citation: Citation) -> dict[str, str] | None:
    found = LIBRARY.resolve(citation, date(2008, 7, 1))
    return found.as_row() if found else None


def read(table: Table) -> TableReading:
    return read_entries(
        [(row.number, row.cells) for row in table.rows],
        sections=SECTIONS,
        blank=lambda category: empty_entry(category, body_name="金坛市环境保护局"),
        resolve=resolve,
        filled=table.filled,
        title=table.name,
    )


def seen(body: Body, meant: dict[str, object]) -> dict[str, object]:
    """What an entry holds of what was meant; bases as law and article."""
    laws = tuple((row["law"], row["article"]) for row in body["basis"])
    return {name: laws if name == "laws" else body[name] for name in meant}


def test_the_corpus_is_large_and_every_book_has_its_own_name() -> None:
    names = [book.name for book in BOOKS]
    assert len(names) == len(set(names)) >= 80


@pytest.mark.parametrize("book", [book for book in BOOKS if not book.broken], ids=lambda book: book.name)
def test_every_row_becomes_what_was_meant(book: Book) -> None:
    tables = read_tables(book.content, "a.xls")
    assert len(tables) == book.tables
    table = tables[0]
    reading = read(table)
    told = {taken.row: " ".join(taken.mended) for taken in reading.taken}
    problems = {(one.number, str(one.column), one.why) for one in table.refused}
    problems |= {(one.row, one.column, one.why) for one in reading.refused}
    refused = {row for row, _, _ in problems}
    assert {
        taken.row: seen(taken.body, dict(book.taken[taken.row])) for taken in reading.taken if taken.row in book.taken
    } == {row: dict(meant) for row, meant in book.taken.items()}, problems
    assert set(told) == set(book.taken)
    assert refused == set(book.refused), problems
    for row, (column, why) in book.refused.items():
        assert any(at == row and where == column and why in said for at, where, said in problems), problems
    for row, sentence in book.mended.items():
        assert sentence in told[row]
    for note in book.notes:
        assert any(note in each for each in table.notes), table.notes
    # Rows = taken + refused + passed over, each once.
    assert table.total == book.total == len(told) + len(refused) + len(reading.passed_over)
    rows = [*told, *refused, *(row for row, _ in reading.passed_over)]
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("book", [book for book in BOOKS if book.broken], ids=lambda book: book.name)
def test_what_is_no_table_is_refused_with_what_to_do(book: Book) -> None:
    with pytest.raises(RuleBroken, match=book.broken):
        read(read_tables(book.content, "a.xlsx")[0])


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_two_thousand_rows_with_seven_bad_ones_take_less_than_three_seconds(kind: str) -> None:
    rows = [[*HEAD]] + [(FINE, PERMIT)[n % 2].cells(str(n), 项目名称=f"第{n}号{FINE.name}") for n in range(2_000)]
    for bad in range(100, 800, 100):
        rows[bad][4] = "某某科"
    content = workbook()(rows) if kind == "xlsx" else xls([sheet_of("职权", rows)])
    used = sum(os.times()[:4])
    reading = read(read_tables(content, "a")[0])
    assert (len(reading.taken), len(reading.refused_rows), reading.total) == (1_993, 7, 2_001)
    assert sum(os.times()[:4]) - used < 3  # seconds of processor, those of the child too
