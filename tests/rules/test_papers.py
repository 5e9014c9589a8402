"""Papers as files: the same bytes for the same content, hostile text printed literally, heads that repeat."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from webapp.child import ChildFailed, Failure
from webapp.documents.form_shapes import Edition
from webapp.documents.forms import FORMS
from webapp.documents.paper import GRID_UNITS, Grid, Heading, Layout, Line, Pair, Paper, Row, Signs, Stack, Table, Text
from webapp.documents.paper_docx import write_docx
from webapp.documents.paper_xlsx import write_papers_xlsx
from webapp.documents.printing import NotPrinted, job_of, write_pdf
from webapp.pages.paper_flows import in_runs
from webapp.pages.paper_opinions import LONGEST, told_by_difference

# security.md EXP-01, EXP-02: what computes, what is markup somewhere, what no file may hold.
HOSTILE = (
    "=1+1",
    "＝cmd|'/c calc'!A1",
    "@SUM(A1)",
    "\t=1",
    "行\n=HYPERLINK(1)",
    "#panic() $x$ *粗* \\ #sys",
    "{{7*7}} {% for %}",
    "<w:p>]]>&amp;",
    "a\x0bb\ufffec\x00",
    "W" * 4000,
)
TABLE = Table(
    (Heading("一", 10, "centre"), Heading("二", 30, over="上"), Heading("三", 20, over="上")),
    (
        Row(("一、组",), "group"),
        *(Row((n, text, text)) for n, text in enumerate(HOSTILE, 1)),
        Row((10, "合计", "—"), "total"),
    ),
)
PAPER = Paper(
    "=标题#",
    (
        Line("左=", "右@"),
        TABLE,
        Grid(((Pair("标", HOSTILE[5], 6), Pair("签", HOSTILE[7], 6)),)),
        Text("一、#", HOSTILE[:3]),
        Signs(("填报人", "组长(盖章)", "审核人")),
    ),
    state="第2稿",
)
STACK = Stack("表", Layout(landscape=True), (PAPER, PAPER), "2008年7月8日 14:05")
Writer = Callable[[Stack], bytes]


def opened(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


@pytest.mark.parametrize("write", [write_docx, write_papers_xlsx, write_pdf])
def test_the_same_papers_give_the_same_bytes(write: Writer) -> None:
    assert write(STACK) == write(STACK)


def test_a_word_document_prints_what_was_typed() -> None:
    parts = opened(write_docx(STACK))
    document = parts["word/document.xml"]
    assert "&lt;w:p&gt;]]&gt;&amp;amp;" in document
    assert "#panic() $x$ *粗* \\ #sys" in document
    assert "abc" in document
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]", document)
    assert document.count("<w:tblHeader/>") == 2 * 2, "both lines of the head repeat, in each paper"
    assert document.count("<w:cantSplit/>") > 10
    assert document.count('w:orient="landscape"') == 2
    assert document.count('w:start="1"') == 2, "each paper counts its pages from one"
    foot = parts["word/footer1.xml"]
    assert f"校验码 {PAPER.digest[:12]} · 第2稿 · 打印时间 2008年7月8日 14:05" in foot
    assert re.search(r"— .*PAGE.* —", foot, re.DOTALL)
    assert '<w:jc w:val="left"/>' in parts["word/footer2.xml"]
    assert 'w:eastAsia="仿宋_GB2312"' in parts["word/styles.xml"]
    assert "<dc:creator></dc:creator>" in parts["docProps/core.xml"]


def test_a_workbook_holds_text_and_numbers_and_is_set_up_to_print() -> None:
    content = write_papers_xlsx(STACK)
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book.worksheets[0]
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type in {"s", "n"} for cell in cells), "nothing computes"
    assert {"=1+1", "@SUM(A1)"} <= {cell.value for cell in cells}
    assert page.page_setup.orientation == "landscape"
    assert page.print_title_rows == "$3:$4"
    assert len(book.sheetnames) == len(set(book.sheetnames)) == 2
    assert not any("<f>" in text for text in opened(content).values())


def test_the_typesetter_gets_data_and_never_markup() -> None:
    asked: list[dict[str, Any]] = []

    class Listening:
        def ask(self, job: dict[str, Any], timeout: float) -> dict[str, Any]:
            assert timeout > 0
            asked.append(job)
            raise ChildFailed(Failure.TIMEOUT)

    with pytest.raises(NotPrinted) as refused:
        write_pdf(STACK, by=Listening())
    assert "Word" in refused.value.message
    rows = asked[0]["papers"]["papers"][0]["blocks"][1]["rows"]
    assert rows[6]["cells"][1] == HOSTILE[5]
    assert "\u200b" in rows[10]["cells"][1], "a word without end may be broken"
    assert rows[10]["long"]
    assert not rows[1]["long"]


def test_a_paper_is_named_by_what_stands_on_it_and_not_by_when() -> None:
    later = Stack("表", STACK.layout, (PAPER,), "2009年1月1日 08:00")
    assert STACK.foot(PAPER) != later.foot(PAPER)
    assert PAPER.digest == Paper(PAPER.title, PAPER.blocks, state="第2稿").digest
    assert PAPER.digest != Paper("别的标题", PAPER.blocks, state="第2稿").digest
    assert job_of(STACK) == job_of(STACK)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_fills_its_sheet(form: Any) -> None:  # noqa: ANN401 - a form
    for row in form.boxes:
        assert sum(box.units for box in row) == GRID_UNITS, row
    for edition in Edition:
        keys = [column.key for column in form.in_edition(edition)]
        assert len(keys) == len(set(keys))
        table = Table(form.headings(edition), ())
        assert not form.columns or sum(table.shares(60)) == 60
        assert all(form.row(edition, {}).cells)
    assert Edition.REVIEW in form.editions


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (["A-001", "A-002", "A-003", "A-005", "B-006", "B-007"], ["A-001至A-003", "A-005", "B-006", "B-007"]),
        (["A-009", "A-010", "A-011"], ["A-009至A-011"]),
        (["无编码", "A", "A"], ["无编码", "A", "A"]),
        ([], []),
    ],
)
def test_codes_that_follow_each_other_are_written_as_a_run(codes: list[str], told: list[str]) -> None:
    assert in_runs(codes) == told


def test_a_long_text_is_told_by_what_differs() -> None:
    same = "".join(f"第{number}岗负责办理，按规定时限完成。" for number in range(20))
    assert told_by_difference("短", "别的") == "短"
    assert told_by_difference(f"{same}新增一句。", same) == "……新增一句。"
    assert len(told_by_difference(same, "")) == LONGEST + 2
