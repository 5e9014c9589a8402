"""Tables that come in: encodings, lying workbooks, bombs."""

import codecs
import io
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter

from webapp.documents.reading import Table, read_table, read_tables
from webapp.documents.sheets import Sheet, write_csv, write_xlsx
from webapp.rules import RuleBroken

SHEET_XML = "xl/worksheets/sheet1.xml"
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def workbook(fill: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], object]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    fill(book, book.add_worksheet("表一"))
    book.close()
    return out.getvalue()


def with_part(content: bytes, name: str, part: bytes, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w", compression) as changed:
        for entry in given.namelist():
            if entry != name:
                changed.writestr(entry, given.read(entry))
        changed.writestr(name, part)
    return out.getvalue()


def cells(table: Table) -> list[list[str]]:
    return [list(row.cells) for row in table.rows]


PLAIN = write_xlsx([Sheet("职权", ["甲", "乙"], [["水", "=1"], ["火", 7]])])


def test_what_we_write_we_read() -> None:
    table = read_table(PLAIN, "a.xlsx")
    assert cells(table) == [["甲", "乙"], ["水", "=1"], ["火", "7"]]
    assert (table.name, table.total, table.refused, table.notes) == ("职权", 3, (), ())


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("gbk", b""),
        ("gb18030", b""),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
    ],
)
def test_text_of_every_office_encoding_is_read_as_it_was_written(encoding: str, mark: bytes) -> None:
    text = "职权编码,项目名称\r\nJTHB-CF-001,对违反规定的处罚\r\nJTHB-CF-002,“引号”、顿号和《书名》\r\n"
    table = read_table(mark + text.encode(encoding), "a.csv")
    assert cells(table) == [line.split(",") for line in text.splitlines()]


def test_a_rare_character_of_gb18030_comes_through() -> None:
    text = "项目名称,承办人\r\n对违反水污染防治规定的处罚事项目录,王\U00020bb7示\r\n"
    assert cells(read_table(text.encode("gb18030"), "a.csv"))[1][1] == "王\U00020bb7示"


@pytest.mark.parametrize(
    "content",
    [
        "Überprüfung,Größe\r\nñandú,façade".encode("latin-1"),
        "職權編碼,項目名稱\r\n違反規定處罰,環境保護局".encode("big5"),
        bytes(range(256)) * 4,
        b"\xff\xfe\x00\xd8\x00\xd8",
    ],
)
def test_an_encoding_nobody_can_be_sure_of_is_refused(content: bytes) -> None:
    with pytest.raises(RuleBroken, match="未予读取"):
        read_table(content, "a.csv")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sep=;\r\n甲;乙\r\n1;2\r\n", [["甲", "乙"], ["1", "2"]]),
        ("甲\t乙\r\n1\t2\r\n", [["甲", "乙"], ["1", "2"]]),
        ('甲,乙\r\n"一\n二","引""号"\r\n', [["甲", "乙"], ["一\n二", '引"号']]),
        ("甲,乙\r\n'=1,'文\r\n", [["甲", "乙"], ["=1", "'文"]]),
        ("编码,数\r\n0012,1E+05\r\n", [["编码", "数"], ["0012", "1E+05"]]),
    ],
)
def test_delimited_text_is_taken_apart(text: str, expected: list[list[str]]) -> None:
    assert cells(read_table(text.encode(), "a.csv")) == expected


def test_a_row_with_a_forbidden_character_is_refused_and_the_others_taken() -> None:
    table = read_table("甲,乙\r\n一,二\x00\r\n三,四\r\n".encode("utf-8-sig"), "a.csv")
    assert cells(table) == [["甲", "乙"], ["三", "四"]]
    assert [(each.number, each.column, each.why) for each in table.refused] == [(2, 2, "含有不能保存的字符(U+0000)")]
    assert table.total == 3


def test_an_endless_line_and_open_quotes_are_refused() -> None:
    for content in (b'a,"' + b"x" * 300_000, b'a,b\r\n"open,1\r\n2,3'):
        with pytest.raises(RuleBroken, match="引号不成对或单元格过长"):
            read_table(content, "a.csv")


def test_csv_of_ours_comes_back() -> None:
    rows = [["甲", "=1"], ["-5", "一\n=二"], ["'=", '"引"']]
    assert cells(read_table(write_csv(rows), "a.csv")) == rows


def test_values_of_a_workbook_follow_the_declared_policy() -> None:
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        day, zeros = book.add_format({"num_format": "yyyy/m/d"}), book.add_format({"num_format": "000000"})
        sheet.write_row(0, 0, ["日期", "编码", "数", "小数", "公式", "是"])
        sheet.write_datetime(1, 0, datetime(2008, 7, 1), day)  # noqa: DTZ001 - a cell has no zone
        sheet.write_number(1, 1, 42, zeros)
        sheet.write_number(1, 2, 100_000)
        sheet.write_number(1, 3, 0.1)
        sheet.write_formula(1, 4, "=1+1", None, 2)
        sheet.write_boolean(1, 5, True)  # noqa: FBT003 - the library's order
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.write_string(2, 0, "隐藏行")
        sheet.merge_range("A4:A5", "合并")
        sheet.write_string(4, 1, "乙")

    table = read_table(workbook(fill), "a.xlsx")
    assert cells(table) == [
        ["日期", "编码", "数", "小数", "公式", "是"],
        ["2008-07-01", "000042", "100000", "0.1", "2", "是"],
        ["隐藏行"],
        ["合并"],
        ["合并", "乙"],
    ]
    assert set(table.notes) == {
        "工作表“表一”：1个隐藏行照常读取。",
        "工作表“表一”：1处合并单元格按首格内容填充。",
        "工作表“表一”：1个公式按保存的结果读取。",
    }


def test_what_is_lost_refuses_its_row() -> None:
    xml = (
        HEAD + '<dimension ref="A1:A1"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>好</t></is></c></row>'
        '<row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>'
        '<row r="3"><c r="A3"><f>1+1</f></c></row>'
        '<row r="4"><c r="A4"><v>32048219800101123</v></c></row>'
        '<row r="5"><c r="XFD5" t="str"><v>远</v></c></row>'
        '<row r="6"><c r="A6" t="inlineStr"><is><t>末</t></is></c></row></sheetData></worksheet>'
    )
    table = read_table(with_part(PLAIN, SHEET_XML, xml.encode()), "a.xlsx")
    assert cells(table) == [["好"], ["末"]]
    assert [(each.number, each.why) for each in table.refused] == [
        (2, "单元格为错误值，请改正"),
        (3, "公式没有结果，请改为数值"),
        (4, "数字超过15位，末位可能已丢失，请改为文本"),
        (5, "超出200列"),
    ]
    assert table.total == 6


def test_hidden_sheets_are_not_read_and_other_sheets_are_named() -> None:
    book = openpyxl.Workbook()
    book.active.title = "目录"
    book.active.append(["甲"])
    book.create_sheet("备注").append(["乙"])
    hidden = book.create_sheet("底稿")
    hidden.append(["密"])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    tables = read_tables(out.getvalue(), "a.xlsx")
    assert [table.name for table in tables] == ["目录", "备注"]
    assert read_table(out.getvalue(), "a.xlsx").notes == (
        "隐藏的工作表“底稿”未读取。",
        "只读取了工作表“目录”，另有1张未读取：“备注”。",
    )


def test_a_date_of_a_workbook_that_counts_from_1904_is_right() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append([date(2008, 7, 1)])
    out = io.BytesIO()
    book.save(out)
    assert cells(read_table(out.getvalue(), "a.xlsx")) == [["2008-07-01"]]


def part_bomb(name: str) -> tuple[str, str]:
    entity = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    row, end = '<row><c t="inlineStr"><is><t>x</t></is></c></row>', "</sheetData></worksheet>"
    parts = {
        "entity": (SHEET_XML, entity + HEAD + "<sheetData>" + end),
        "outside": (SHEET_XML, outside + HEAD + "<sheetData>" + end),
        "strings": ("xl/sharedStrings.xml", outside + "<sst/>"),
        "sheet": (SHEET_XML, HEAD + "<sheetData>" + row * 2_000_000),
        "rows": (SHEET_XML, HEAD + "<sheetData>" + row * 25_000 + end),
        "styles": ("xl/styles.xml", "<styleSheet><cellXfs>" + "<xf numFmtId='0'/>" * 6_000_000),
        "workbook": ("xl/workbook.xml", "<workbook"),
    }
    return parts[name]


def bomb(name: str) -> bytes:
    if name == "entries":
        return with_many_entries()
    if name == "cut":
        return PLAIN[: len(PLAIN) // 2]
    part, text = part_bomb(name)
    return with_part(PLAIN, part, text.encode())


def with_many_entries() -> bytes:
    out = io.BytesIO(PLAIN)
    with zipfile.ZipFile(out, "a") as packed:
        for number in range(2_100):
            packed.writestr(f"x/{number}", b"")
    return out.getvalue()


@pytest.mark.parametrize(
    "name", ["entity", "outside", "strings", "sheet", "rows", "styles", "entries", "cut", "workbook"]
)
def test_a_bomb_is_refused_in_seconds(name: str) -> None:
    started = time.monotonic()
    with pytest.raises(RuleBroken, match=r"未予读取|已中止|已损坏"):
        read_table(bomb(name), "a.xlsx")
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "已损坏或不认识"),
        (b"<html><p>1", "网页，其中没有表格"),
        (b"%PDF-1.4", "PDF"),
        (b"PK\x03\x04 nothing", "已损坏"),
        (write_xlsx([Sheet("空", [], [])]), "没有内容"),
    ],
)
def test_what_is_no_table_is_called_what_it_is(content: bytes, said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        read_table(content, "a.xls")
