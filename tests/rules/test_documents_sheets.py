"""Tables that go out: nothing computes, the same content gives the same bytes."""

import csv
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.worksheet import Worksheet

from webapp.documents.sheets import (
    CUT,
    MAX_CELL,
    Replaced,
    Sheet,
    inert_cell,
    plain_cell,
    sheet_name,
    write_csv,
    write_xlsx,
)

TRIGGERS = [
    "=1+1",
    "+86",
    "-5",
    "@SUM(A1)",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
    "\t=1",
    "\t1",
    " =1",
    "\u3000=1",
    '"=1',
    "'=1",
    "“=1",
    "甲\n=1",
    "|calc",
    "%1",
]
SNIPPET = (
    "import sys; from webapp.documents.sheets import Sheet, write_xlsx; "
    "sys.stdout.buffer.write(write_xlsx([Sheet('职权', ['甲', '乙'], [['=1', 2], ['文', None]])]))"
)


def cells_of(content: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("text", TRIGGERS)
def test_a_cell_that_might_compute_is_made_inert_and_plain_again(text: str) -> None:
    written = write_csv([[text, text]])
    row = next(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    for line in row[0].split("\n"):
        assert line[:1] not in set("=+-@|%\t\uff1d\uff0b\uff0d\uff20")
    assert [plain_cell(cell) for cell in row] == [text, text]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=40))
def test_what_is_written_to_csv_comes_back(text: str) -> None:
    row = next(csv.reader(io.StringIO(write_csv([["行首", text]]).decode("utf-8-sig"), newline="")))
    kept = inert_cell(text)
    assert row[1] == kept
    if "\ufffd" not in kept:
        assert plain_cell(kept) == text


def test_csv_has_its_mark_and_quotes_what_must_be_quoted() -> None:
    assert write_csv([['a"b', "a,b", "a\nb", None, 7]]) == b'\xef\xbb\xbf"a""b","a,b","a\nb",,7\r\n'


def test_text_stays_text_in_a_workbook() -> None:
    rows = [[text, "0012", "1E+05", "2008-07-01", 12] for text in TRIGGERS]
    content = write_xlsx([Sheet("=表", ["=标题", "编码", "数", "日", "数字"], rows)])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows(max_col=4) for cell in row} == {"s"}
    assert sheet["A2"].quotePrefix
    assert not sheet["B2"].quotePrefix
    assert [sheet[f"{column}2"].value for column in "ABCDE"] == ["=1+1", "0012", "1E+05", "2008-07-01", 12]


def test_markup_in_a_text_stays_text() -> None:
    markup = ["<r>&</r>", "<r><t>甲</t></r>", "<r></si><si></r>"]
    assert cells_of(write_xlsx([Sheet("甲", ["一", "二", "三"], [markup])]))[1] == markup


def test_poison_does_not_stop_an_export_and_is_counted() -> None:
    replaced = Replaced()
    poison = ["竖\x0b表", "非\ufffe字", "孤\ud800", "长" * 40_000, "<&>\"'", "_x000B_"]
    content = write_xlsx([Sheet("a[b]:*?/\\c", ["甲"] * 6, [poison])], replaced)
    row = cells_of(content)[1]
    assert row[:3] == ["竖\ufffd表", "非\ufffd字", "孤\ufffd"]
    assert len(str(row[3])) == MAX_CELL
    assert str(row[3]).endswith(CUT)
    assert row[4:] == ["<&>\"'", "_x000B_"]
    assert (replaced.characters, replaced.cut, replaced.names) == (3, 1, ["a b c"])
    long = "\U0002000b" * 20_000  # 40,000 in UTF-16, in which the format counts
    rare = str(cells_of(write_xlsx([Sheet("甲", ["乙"], [[long]])], Replaced()))[1][0])
    assert rare.endswith(CUT)
    assert len(rare.encode("utf-16-le")) // 2 <= MAX_CELL
    assert replaced.sentence() == "3格含有表格不能保存的字符，已用“\ufffd”代替，1格超过32767字，已截断。"


@pytest.mark.parametrize(
    ("given_name", "used"),
    [("", "表"), ("'甲'", "甲"), ("长" * 40, "长" * 31), ("[]:*?/\\", "表"), ("甲\uff1a乙", "甲 乙")],
)
def test_a_sheet_gets_a_name_a_workbook_accepts(given_name: str, used: str) -> None:
    taken: set[str] = set()
    assert sheet_name(given_name, taken) == used
    assert sheet_name(given_name, taken) == used[:28] + "(2)"


def test_a_workbook_has_the_bytes_its_library_would_write(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[text, None, 7, f"第{n}行", "", " 空 "] for n, text in enumerate(TRIGGERS * 3)]
    sheets = [
        Sheet("甲", ["一", "二"], rows),
        Sheet("乙", ["一"], [[None, ""], ["<&>", "一", -12]]),
        Sheet("丙", [], []),
    ]
    ours = write_xlsx(sheets)
    monkeypatch.setattr("webapp.documents.sheets.Grid", _ByTheLibrary)
    assert write_xlsx(sheets) == ours


class _ByTheLibrary(Worksheet):  # type: ignore[misc] # untyped
    """A `Grid` that leaves writing to xlsxwriter."""

    def text(self, string: str, form: object) -> tuple[Any, ...]:
        return (self.write_string, string, form)

    def number(self, value: int, form: object) -> tuple[Any, ...]:
        return (self.write_number, value, form)

    def repeated(self) -> None:
        """Leave counting to xlsxwriter, too."""

    def add_row(self, cells: list[Any], place: int) -> None:
        for column, cell in enumerate(cells):
            if cell:
                write, value, form = cell
                write(place, column, value, form)


def test_nothing_in_a_workbook_tells_who_or_when() -> None:
    with zipfile.ZipFile(io.BytesIO(write_xlsx([Sheet("甲", ["乙"], [["丙"]])]))) as packed:
        core = packed.read("docProps/core.xml").decode()
        dates = {entry.date_time for entry in packed.infolist()}
        kinds = {entry.compress_type for entry in packed.infolist()}
    assert "<dc:creator></dc:creator>" in core
    assert "<cp:lastModifiedBy></cp:lastModifiedBy>" in core
    assert "2008-06-05T00:00:00Z" in core
    assert dates == {(1980, 1, 1, 0, 0, 0)}
    assert kinds == {zipfile.ZIP_STORED}


def test_the_same_workbook_has_the_same_bytes_in_another_process() -> None:
    here = write_xlsx([Sheet("职权", ["甲", "乙"], [["=1", 2], ["文", None]])])
    for seed in ("0", "1"):
        run = subprocess.run(
            [sys.executable, "-c", SNIPPET],
            check=True,
            capture_output=True,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            cwd=Path.cwd(),
        )
        assert run.stdout == here
