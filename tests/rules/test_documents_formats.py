"""Tables in old workbooks, open documents, Word files, web pages and on the clipboard."""

import resource
import time
from pathlib import Path

import pytest

from harness.office_files import Cell, docx, ods, ods_cell, ods_of, zipped
from harness.old_workbook import DATE, ERROR_CELL, ZEROS, Formula, OldSheet, Styled, compound, sheet_of, xls
from webapp.documents.reading import Table, read_pasted, read_table, read_tables
from webapp.rules import RuleBroken

FIXTURES = Path(__file__).parent / "office_files"
ROWS = [["职权编码", "项目名称"], ["JTHB-CF-001", "对违反规定的处罚"]]


def cells(table: Table) -> list[list[str]]:
    return [list(row.cells) for row in table.rows]


def why(content: bytes) -> str:
    with pytest.raises(RuleBroken) as refused:
        read_tables(content, "a")
    return str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        xls([sheet_of("职权", ROWS)]),
        ods("职权", ROWS),
        docx("职权", ROWS),
        "<html><body><p>职权</p><table><tr><td>职权编码<td>项目名称</tr><tr><td>JTHB-CF-001<td>对违反规定的处罚</table>".encode(),
        "<TABLE><tr><td>职权编码<td>项目名称</tr><tr><td>JTHB-CF-001<td>对违反规定的处罚</table>".encode("gbk"),
        "职权编码\t项目名称\nJTHB-CF-001\t对违反规定的处罚\n".encode("gb18030"),
    ],
)
def test_the_same_table_is_read_from_every_kind_of_file(content: bytes) -> None:
    table = read_table(content, "无论什么名字.doc")
    assert cells(table) == ROWS
    assert table.total == 2


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_what_an_office_program_wrote_is_read(ending: str) -> None:
    tables = read_tables((FIXTURES / f"written.{ending}").read_bytes(), f"a.{ending}")
    assert [table.name for table in tables] == ["职权"]
    table = tables[0]
    assert cells(table) == [
        ["编码", "名称", "日期", "数", "公式"],
        ["001", "甲", "2008-07-01", "42", "2"],
        ["000042", "乙", "2008-07-01 08:30"],
        ["x", "合并"],
        ["y", "合并"],
    ]
    assert [(one.number, one.column, one.why) for one in table.refused] == [(6, 2, "单元格为错误值，请改正")]
    assert table.filled == {5: {1: 4}}
    assert "隐藏的工作表“隐藏”未读取。" in table.notes
    assert "工作表“职权”：1个隐藏行照常读取。" in table.notes
    assert any("公式按保存的结果读取" in note for note in table.notes)


def test_an_old_workbook_follows_the_declared_policy() -> None:
    sheet = sheet_of(
        "表一",
        [
            ["日期", "编码", "数", "公式", "文字公式", "是"],
            [Styled(39630, DATE), Styled(42, ZEROS), 0.1, Formula(2.0), Formula("甲"), True],
            ["隐藏行"],
            ["合并", "甲"],
            ["", "乙"],
        ],
        merges=[(3, 4, 0, 0)],
        hidden_rows=[2],
        hidden_columns=[5],
    )
    hidden = OldSheet("底稿", {(0, 0): "密"}, is_hidden=True)
    tables = read_tables(xls([sheet, hidden]), "a.xls")
    assert [table.name for table in tables] == ["表一"]
    assert cells(tables[0]) == [
        ["日期", "编码", "数", "公式", "文字公式", "是"],
        ["2008-07-01", "000042", "0.1", "2", "甲", "是"],
        ["隐藏行"],
        ["合并", "甲"],
        ["合并", "乙"],
    ]
    assert tables[0].filled == {5: {0: 4}}
    assert set(tables[0].notes) == {
        "工作表“表一”：1个隐藏行照常读取。",
        "工作表“表一”：1处隐藏列照常读取。",
        "工作表“表一”：1处合并单元格按首格内容填充。",
        "工作表“表一”：2个公式按保存的结果读取。",
        "隐藏的工作表“底稿”未读取。",
    }


def test_what_is_lost_in_an_old_workbook_refuses_its_row() -> None:
    cells_ = {
        (0, 0): "好",
        (1, 0): ERROR_CELL,
        (2, 1): Formula("#"),
        (3, 0): Formula(None),
        (4, 0): 32048219800101123,
        (5, 250): "远",
        (6, 0): "末",
    }
    table = read_table(xls([OldSheet("表", cells_)]), "a.xls")
    assert cells(table) == [["好"], ["末"]]
    assert [(one.number, one.column, one.why) for one in table.refused] == [
        (2, 1, "单元格为错误值，请改正"),
        (3, 2, "单元格为错误值，请改正"),
        (4, 1, "公式没有结果，请改为数值"),
        (5, 1, "数字超过15位，末位可能已丢失，请改为文本"),
        (6, 251, "超出200列"),
    ]
    assert table.total == 7


def test_a_far_cell_does_not_make_the_reader_reserve_the_sheet() -> None:
    table = read_table(xls([OldSheet("表", {(0, 0): "甲", (65_535, 1): "远"})]), "a.xls")
    assert [row.number for row in table.rows] == [1, 65_536]
    assert "离得太远" in why(xls([OldSheet("表", {(0, 0): "甲", (65_535, 255): "远"})]))


def test_a_merged_cell_of_word_fills_what_it_covers() -> None:
    table = read_table(
        docx(
            "金坛市环境保护局",
            "职权目录",
            [
                [Cell("序号", down="restart"), Cell("期限", wide=2)],
                [Cell(down="continue"), "法定时限", "承诺时限"],
                ["1", "60日\n(工作日)", Cell("30日")],
            ],
        ),
        "a.docx",
    )
    assert table.name == "职权目录"
    assert cells(table) == [
        ["序号", "期限", "期限"],
        ["序号", "法定时限", "承诺时限"],
        ["1", "60日\n(工作日)", "30日"],
    ]
    assert table.filled == {1: {2: 1}, 2: {0: 1}}


def test_tables_of_one_form_in_word_are_read_as_one() -> None:
    head = ["序号", "项目名称"]
    content = docx("一、行政处罚", [head, ["1", "甲"]], "二、行政许可", [head, ["1", "乙"]], "附", [["说明", "无"]])
    tables = read_tables(content, "a.docx")
    assert [(table.name, cells(table)) for table in tables] == [
        ("一、行政处罚", [head, ["1", "甲"], ["二、行政许可"], head, ["1", "乙"]]),
        ("附", [["说明", "无"]]),
    ]
    cards = [
        [["项目名称", name], ["行使依据", "水法"], ["承办部门", "科"], ["备注", ""]] for name in ("甲", "乙", "丙")
    ]
    assert [len(table.rows) for table in read_tables(docx(*cards), "a.docx")] == [12]


def test_text_deleted_in_word_is_not_read_and_inserted_text_is() -> None:
    xml = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:tbl><w:tr><w:tc>'
        "<w:p><w:r><w:t>甲</w:t></w:r><w:del><w:r><w:delText>旧</w:delText><w:t>旧</w:t></w:r></w:del>"
        "<w:ins><w:r><w:t>新</w:t></w:r></w:ins></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"
    )
    table = read_table(zipped({"word/document.xml": xml}), "a.docx")
    assert cells(table) == [["甲新"]]
    assert "修订痕迹" in table.notes[0]


def test_blank_rows_by_the_million_cost_nothing_and_full_ones_are_refused() -> None:
    blank = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    assert cells(read_table(ods("表", ROWS, extra=blank), "a.ods")) == ROWS
    full = f'<table:table-row table:number-rows-repeated="1048570">{ods_cell("甲")}</table:table-row>'
    many = ods_cell("甲", 'table:number-columns-repeated="16000"')
    wide = f"<table:table-row>{many}</table:table-row>"
    assert "超过20000行" in why(ods("表", ROWS, extra=full))
    assert read_table(ods("表", ROWS, extra=wide), "a.ods").refused[0].why == "超出200列"


def test_an_open_document_keeps_typed_values_and_hidden_tables_out() -> None:
    row = "".join(
        (
            ods_cell("08年7月1日", 'office:value-type="date" office:date-value="2008-07-01"'),
            ods_cell("000042", 'office:value-type="float" office:value="42"'),
            ods_cell("1,234.50", 'office:value-type="float" office:value="1234.5"'),
            ods_cell("2", 'table:formula="of:=1+1" office:value-type="float" office:value="2"'),
        )
    )
    styles = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    secret = f"<table:table-row>{ods_cell('密')}</table:table-row>"
    hidden = f'<table:table table:name="底稿" table:style-name="ta2">{secret}</table:table>'
    content = ods_of(
        f'<table:table table:name="表"><table:table-row>{row}</table:table-row></table:table>{hidden}', styles=styles
    )
    tables = read_tables(content, "a.ods")
    assert [cells(table) for table in tables] == [[["2008-07-01", "000042", "1234.5", "2"]]]
    assert set(tables[0].notes) == {"工作表“表”：1个公式按保存的结果读取。", "隐藏的工作表“底稿”未读取。"}


def test_a_page_is_read_by_its_cells_and_nothing_else() -> None:
    page = (
        "<html><head><title>名</title><style>td{}</style></head><body><script>alert(1)</script><h1>职权目录</h1><table>"
        "<tr><th rowspan=2>序号</th><th colspan='2'>期限</th></tr><tr><th>法定<th>承诺</tr>"
        "<tr><td>1</td><td>甲<br>乙&nbsp;&lt;b&gt;</td><td><table><tr><td>内</td></tr></table></td></tr></table></body></html>"
    )
    table = read_table(page.encode(), "a.xls")
    assert (table.name, cells(table)) == (
        "职权目录",
        [["序号", "期限", "期限"], ["序号", "法定", "承诺"], ["1", "甲\n乙 <b>", "内"]],
    )
    assert "文件实际是网页，按其中的表格读取。" in table.notes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲\t乙\r\n1\t2\r\n", [["甲", "乙"], ["1", "2"]]),
        ('甲\t"一\n二"\n"说""明"""\t2', [["甲", "一\n二"], ['说"明"', "2"]]),
        ('甲\t乙\n"\t丙\n〃\t"\n"\t""', [["甲", "乙"], ['"', "丙"], ["〃", '"'], ['"', '""']]),
        ('甲\t"水法"第70条\n', [["甲", '"水法"第70条']]),
    ],
)
def test_pasted_text_keeps_line_breaks_in_cells_and_ditto_marks(text: str, expected: list[list[str]]) -> None:
    table = read_pasted(text)[0]
    assert cells(table) == expected
    assert table.total == len(expected)


def test_pasted_text_is_held_to_the_same_rules() -> None:
    table = read_pasted("甲\t乙\n丙\x0b\t丁")[0]
    assert [(one.number, one.column) for one in table.refused] == [(2, 1)]
    assert cells(read_pasted("坏\t", "<b>x</b><table><tr><td>一<td>二</table>")[0]) == [["一", "二"]]
    for text in ("", " \n ", "x\t" * 300, "x\n" * 20_001):
        with pytest.raises(RuleBroken, match=r"没有粘贴内容|未予读取"):
            read_pasted(text)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (xls([sheet_of("表", ROWS)], is_locked=True), "已加密"),
        (compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "已加密"),
        (compound({"WordDocument": b"x"}), "旧版文字文档"),
        (compound({"Book": b"x"}), "Excel 95"),
        (compound({"PowerPoint Document": b"x"}), "不认识"),
        (xls([sheet_of("表", ROWS)])[:2_000], "已损坏|无法识别"),
        (ods_of("", manifest="<manifest><file-entry><encryption-data/></file-entry></manifest>"), "已加密"),
        (docx("只有文字"), "没有表格"),
        (zipped({"xl/workbook.bin": b"x"}), "二进制表格"),
        (zipped({"ppt/presentation.xml": b"x"}), "演示文稿"),
        (zipped({"OFD.xml": b"x"}), "OFD"),
        (zipped({"职权.xlsx": b"x"}), "压缩包"),
        (zipped({"word/document.xml": '<!DOCTYPE x [<!ENTITY a "b">]><w:document/>'}), "外部定义"),
        (b"Rar!\x1a\x07", "压缩包"),
        (b"{\\rtf1", "RTF"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"\xff\xd8\xff\xe0", "图片"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "mht"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML"),
        (b'{"record": "power"}', "JSON"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        read_tables(content, "a.xlsx")


def bombs() -> dict[str, bytes]:
    row = "<w:tr><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr>"
    word = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:tbl>'
    return {
        "word": zipped({"word/document.xml": word + row * 600_000}),
        "ods": ods("表", [], extra=f"<table:table-row>{ods_cell('x')}</table:table-row>" * 100_000),
        "page": b"<table>" + b"<tr><td rowspan=999 colspan=999>x" * 100_000,
        "unclosed": b"<table><tr><td>" + b"<!--" * 100_000,
        "nested": b"<table><tr><td>" * 100_000,
        "xls": xls([OldSheet("表", {(row, column): 1.0 for row in range(20_001) for column in range(1)})]),
    }


@pytest.mark.parametrize("name", ["word", "ods", "page", "unclosed", "nested", "xls"])
def test_a_bomb_of_another_kind_is_refused_in_seconds_and_the_server_stays_small(name: str) -> None:
    content = bombs()[name]
    read_table(xls([sheet_of("表", ROWS)]), "warm.xls")
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(RuleBroken, match=r"未予读取|已中止|没有内容"):
        read_table(content, "a")
    assert time.monotonic() - started < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024  # KiB
