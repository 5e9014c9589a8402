"""The corpus: one book for each way in which real lists are messy (data/README.md), in every kind of file."""

import codecs
import io
import zipfile
from collections.abc import Callable, Iterator

import xlsxwriter

from harness.messy import (
    DUMP,
    FINE,
    HEAD,
    HEADINGS,
    LEVY,
    LIMIT,
    PERMIT,
    SECTION,
    Book,
    Line,
    book,
    broken,
    csv,
    old_workbook,
    open_document,
    page,
    passed,
    refused,
    taken,
    word,
    workbook,
)
from harness.office_files import docx
from harness.old_workbook import ERROR_CELL, Formula, OldSheet, compound, xls

PLAIN = (HEADINGS, taken(FINE), taken(PERMIT), taken(DUMP), taken(LEVY))
RARE = "\U00020bb7\u9fa6"  # of four bytes in GB18030


def corpus() -> list[Book]:
    """Return all books."""
    return [*formats(), *shapes(), *words(), *wrong(), *lost(), *cards(), *no_tables()]


def formats() -> Iterator[Book]:
    """The same plain table in every kind of file."""
    yield book("xlsx", PLAIN, workbook())
    yield book("xls", PLAIN, old_workbook())
    yield book("ods", PLAIN, open_document)
    yield book("docx", PLAIN, word("职权目录"))
    yield book("html renamed .xls", PLAIN, page(), "文件实际是网页")
    yield book("html in GBK renamed .xls", PLAIN, page("gbk"), "文件实际是网页")
    yield book("csv", PLAIN, csv())
    yield book("csv with mark", PLAIN, csv(mark=codecs.BOM_UTF8))
    yield book("csv in GBK", PLAIN, csv("gbk"), "GB18030")
    yield book("csv in UTF-16", PLAIN, csv("utf-16-le", codecs.BOM_UTF16_LE))
    yield book("tsv in GB18030", PLAIN, csv("gb18030", separator="\t"))
    rare = f"对{RARE}的处罚"
    cells = FINE.cells(项目名称=rare)
    yield book("csv in GB18030 with rare characters", (HEADINGS, taken(FINE, *cells, name=rare)), csv("gb18030"))
    few = ("项目名称,承办部门", f"{RARE * 3},环境监察大队")
    content = "\r\n".join(few).encode("gb18030")
    yield Book("csv of rare characters alone", content, {}, {2: ("category", "缺少职权类别")}, {}, 2)


def shapes() -> Iterator[Book]:
    """Titles, headings on two rows, headings again, groups, totals, merged cells."""
    foot = (passed("合 计", "", "", "", "", "4"), passed("填报人:甲例", "", "科长签字:", "", "", "2008年7月10日"))
    above = (passed("金坛市环境保护局职权目录", *[""] * 5), passed("", "", "", "", "填报日期", "2008年"))
    yield book("titles above, total and signatures below", (*above, *PLAIN, *foot, passed("第1页")), csv())
    yield book(
        "title merged over the whole width",
        (passed("金坛市环境保护局职权目录"), *PLAIN),
        workbook(("A1:F1", "金坛市环境保护局职权目录")),
        "处合并单元格",
    )
    upper = passed("序号", "职权类别", "项目名称", "行使依据", "承办部门", "期限", "")
    lower = passed("", "", "", "", "", "法定", "承诺")
    with_promise = taken(FINE, *FINE.cells(), "60日", promised_limit={"n": 60, "unit": "day", "start": ""})
    yield book("headings on two rows, csv", (upper, lower, with_promise), csv())
    again = passed("序号", "职权类别", "项目名称", "行使依据", "承办部门", "期限", "期限")
    yield book(
        "headings on two rows, again at each page",
        (upper, lower, with_promise, upper, lower, with_promise, again, with_promise),
        csv(),
    )
    merges = (*((f"{c}1:{c}2", text) for c, text in zip("ABCDE", HEAD, strict=False)), ("F1:G1", "期限"))
    yield book("headings on two rows, merged", (upper, lower, with_promise), workbook(*merges))
    old = old_workbook(merges=[*((0, 1, c, c) for c in range(5)), (0, 0, 5, 6)])
    yield book("headings on two rows, merged in .xls", (upper, lower, with_promise), old)
    spans = {(0, c): "rowspan=2" for c in range(5)} | {(0, 5): "colspan=2"}
    html_upper = Line([*HEAD[:5], "期限"])
    yield book("headings on two rows in a page", (html_upper, passed("法定", "承诺"), with_promise), page(spans=spans))
    parts = (
        passed(*HEAD[:3], "行使依据", "", "", SECTION),
        passed("", "", "", "法律名称", "文号", "条款", ""),
        taken(FINE, "1", "行政处罚", FINE.name, "水污染防治法", "", "七十四条", FINE.section, statutory_limit=None),
        taken(
            DUMP,
            "2",
            "行政处罚",
            DUMP.name,
            "《固体废物污染环境防治法》",
            "无",
            "75",
            DUMP.section,
            statutory_limit=None,
        ),
    )
    yield book("basis in columns of its own", parts, csv())
    yield book("headings again at a page break", (*PLAIN, HEADINGS, taken(FINE), passed("- 2 -")), csv())
    unit = (passed(*HEAD[:5], "法定时限（工作日）"), taken(PERMIT, *PERMIT.cells(法定时限="60"), mended="按表头"))
    yield book("the unit stands in the heading", unit, workbook())
    groups = (
        HEADINGS,
        passed("一、行政执法"),
        passed("（一）行政处罚（2项）"),
        taken(FINE, *FINE.cells("1", 职权类别="")),
        taken(DUMP, *DUMP.cells("2", 职权类别="")),
        passed("(二)行政许可", "", "", "", "", ""),
        taken(PERMIT, *PERMIT.cells("1", 职权类别="")),
        passed("(九)其他"),
        taken(LEVY, *LEVY.cells("1", 职权类别=""), category="other_enforcement"),
        passed("六、其他"),
        taken(LEVY, *LEVY.cells("1", 职权类别=""), category="other"),
    )
    yield book("group rows with only a name", groups, csv())
    fee_head = passed("序号", "收费项目", "收费性质", "收费依据", "单位", "收费标准", "执收部门")
    fee = {"category": "fee", "section": "环境监察大队"}
    fees = (
        fee_head,
        Line(
            ["一", "污水排污费", "行政性", "国家计委第31号令", "元/污染当量", "0.7", "环境监察大队"],
            fee | {"name": "污水排污费"},
        ),
        passed("二", "固体废物排污费", "", "", "", "", ""),
        Line(
            ["", "冶炼渣", "行政性", "同上", "元/吨", "25", "“"],
            fee | {"name": "冶炼渣"},
            mended="所属分组“固体废物排污费”",
        ),
        passed("三", "噪声超标排污费", "", "", "", "", ""),
        Line(["(1)", "超标 1 分贝", "行政性", "同上", "元/月", "350", "“"], fee | {"name": "超标 1 分贝"}),
    )
    yield book("a table of fees with groups and ditto marks", fees, csv())
    down = (
        HEADINGS,
        taken(FINE, *FINE.cells("1")),
        taken(DUMP, *DUMP.cells("2", 职权类别="", 承办部门=""), mended="合并单元格：“职权类别”按第2行填写“行政处罚”"),
    )
    yield book("category and section merged down", down, workbook(("B2:B3", "行政处罚"), ("E2:E3", "环境监察大队")))
    yield book("merged down in .xls", down, old_workbook(merges=[(1, 2, 1, 1), (1, 2, 4, 4)]))
    yield book("merged down in Word", down, word("职权目录", down=[(1, 1, 2), (4, 1, 2)]))
    several = (
        HEADINGS,
        taken(
            FINE,
            *FINE.cells("1"),
            laws=(("水污染防治法", "第74条"), ("水污染防治法", "第46条")),
            mended="第3行与本行共用名称",
        ),
        passed("", "", "", "水污染防治法第46条", "", ""),
        taken(PERMIT, *PERMIT.cells("2")),
    )
    over = [(f"{c}2:{c}3", text) for c, text in zip("BC", (FINE.category, FINE.name), strict=True)]
    yield book(
        "one name merged over rows of bases", several, workbook(*over, ("E2:E3", FINE.section), ("F2:F3", "90日"))
    )
    yield book("no column of categories, the sheet named after one", (
        passed(*HEAD[2:]),
        taken(FINE, *FINE.cells()[2:], mended="职权类别按标题填写“行政处罚”"),
    ), workbook(sheet="行政处罚目录"))  # fmt: skip
    cut = docx(
        "一、行政处罚",
        [HEAD[2:], FINE.cells()[2:], DUMP.cells()[2:]],
        "二、行政许可",
        [HEAD[2:], PERMIT.cells()[2:]],
    )
    meant = {2: FINE.values(), 3: DUMP.values(), 6: PERMIT.values()}
    yield Book("a Word table cut by headings", cut, meant, {}, {}, 6, ("合并读取",))


def words() -> Iterator[Book]:
    """What is written in cells: ditto marks, numbering, figures, lists, long texts, headings of the official tables."""
    for mark in ("同上", "〃", "“", '"', "同 上"):
        ditto = taken(DUMP, *DUMP.cells(职权类别=mark, 承办部门=mark), mended="按上一行填写")
        yield book(f"ditto mark {mark}", (HEADINGS, taken(FINE), ditto), csv())
    for number in ("1、", "(1)", "（一）", "一、", "1. ", "①", "１．"):
        lines = (HEADINGS, taken(FINE, *FINE.cells(项目名称=number + FINE.name), mended="编号"))
        yield book(f"a name numbered {number}", lines, csv())
    kept = "1.5吨以下锅炉的审批"
    yield book(
        "a name that begins with a number", (HEADINGS, taken(PERMIT, *PERMIT.cells(项目名称=kept), name=kept)), csv()
    )
    wide = taken(FINE, *FINE.cells(法定时限="９０日", 行使依据="水污染防治法第７４条"), mended="全角")
    yield book("full-width figures", (HEADINGS, wide), csv())
    letters = taken(
        FINE, *FINE.cells(行使依据="国务院令第l98號"), laws=(("国务院令第198號", ""),), mended="字母改为数字"
    )
    yield book("letters for figures", (HEADINGS, letters), csv())
    unsure = taken(FINE, *FINE.cells(行使依据="国务院令第lO號"), laws=(("国务院令第lO號", ""),))
    yield book("letters that may be letters", (HEADINGS, unsure), csv())
    many = "水污染防治法第四十八条;第七十二条;《大气污染防治法》第48条、第五十条"
    laws = (
        ("水污染防治法", "第48条"),
        ("水污染防治法", "第72条"),
        ("大气污染防治法", "第48条"),
        ("大气污染防治法", "第50条"),
    )
    yield book("several laws in a cell", (HEADINGS, taken(FINE, *FINE.cells(行使依据=many), laws=laws)), workbook())
    article = "违反本法规定，排放水污染物超过标准的，责令限期治理。" * 60
    long = f"《水污染防治法》第七十四条：“{article}”\n《大气污染防治法》第48条：“{'罚款。' * 40}”"
    told = taken(
        FINE,
        *FINE.cells(行使依据=long),
        laws=(("水污染防治法", "第74条"), ("大气污染防治法", "第48条")),
        mended="条文原文没有录入",
    )
    yield book("1,500 characters in a cell", (HEADINGS, told), workbook())
    both = taken(
        FINE, *FINE.cells(承办部门="环境监察大队、宣教法制科"), support_sections=["宣教法制科"], mended="列为牵头"
    )
    yield book("several sections in a cell", (HEADINGS, both), csv())
    for text, limit in (
        ("当场", {"n": 0, "unit": "working_day", "start": ""}),
        ("无", None),
        ("—", None),
        ("即时办结", {"n": 0, "unit": "working_day", "start": ""}),
    ):
        yield book(f"a limit {text}", (HEADINGS, taken(FINE, *FINE.cells(法定时限=text), statutory_limit=limit)), csv())
    broken_words = taken(FINE, *FINE.cells(项目名称="对超标排放水 污染物的\n处罚"), mended="空格")
    yield book("a name broken in its cell", (HEADINGS, broken_words), workbook())
    table4 = (
        passed(
            "序号",
            "职权编码",
            "项目名称",
            "行使依据",
            "公开形式",
            "公开范围",
            "公开时间",
            "收费依据和标准",
            "承办部门",
            "备注",
        ),
        passed("一、行政执法(1项)"),
        passed("(一)行政处罚(1项)"),
        taken(
            FINE,
            *(
                "1",
                "JTHB-CF-001",
                FINE.name,
                FINE.basis,
                "政府门户网站;政务公开栏",
                "社会公开",
                "常年",
                "不收费",
                FINE.section,
                "",
            ),
            statutory_limit=None,
            publication_forms=["政府门户网站", "政务公开栏"],
            fees=[],
        ),
    )
    yield book("表4", table4, old_workbook())
    annex = (
        passed(
            "序号", "编码", "项目名称", "职权依据", "人员职责分工", "行政权力的规则", "服务承诺", "工作纪律", "责任追究"
        ),
        taken(
            FINE,
            *(
                "1",
                "JTHB-CF-001",
                FINE.name,
                FINE.basis,
                "经办人：调查取证；科长：审核",
                "先取证后裁决",
                "限时办结",
                "六条禁令",
                "追责",
            ),
            statutory_limit=None,
            section="",
            duties=[{"post": "经办人", "duty": "调查取证"}, {"post": "科长", "duty": "审核"}],
        ),
    )
    yield book("表4附", annex, workbook())
    penalty = (
        passed("序号", "权力名称", "违法行为(案由)", "违反条款", "处罚依据", "处罚种类", "处罚幅度", "责任科室"),
        taken(
            FINE,
            *(
                "1",
                FINE.name,
                "超标排放",
                "第9条",
                FINE.basis,
                "警告；罚款",
                "应缴排污费二倍以上五倍以下",
                FINE.section,
            ),
            statutory_limit=None,
            details={
                "violation": "超标排放",
                "violated_article": "第9条",
                "penalty_kinds": ["警告", "罚款"],
                "range": "应缴排污费二倍以上五倍以下",
            },
        ),
    )
    yield book("a table with the fields of penalties", penalty, workbook(sheet="行政处罚"))
    opinion = taken(FINE, *FINE.cells(), "否", disclosure="pending", mended="科室意见")
    yield book("not to be published", (passed(*HEAD, "是否公开"), opinion), csv())
    lines = (passed("项目编码", *HEAD[2:]), taken(FINE, "JTHB-CF-001", *FINE.cells()[2:]))
    yield book("the category only in the code", lines, csv())
    inside = (passed(*HEAD, "状态", "发布时间"), taken(FINE, *FINE.cells(), "已发布", "2008-01-01"))
    yield book("columns named like fields inside", inside, csv())
    nameless = (passed("", *HEAD), taken(FINE, "1", *FINE.cells()), taken(DUMP, "2", *DUMP.cells()))
    yield book("a column without heading", nameless, csv())


def wrong() -> Iterator[Book]:
    """What must be refused with its row and column, and never be misfiled."""
    good = taken(FINE)
    cases = (
        (
            "category vanished, shifted left",
            "职权类别",
            "没有这个职权类别",
            [*FINE.cells("1")[:1], *FINE.cells()[2:], ""],
        ),
        ("number vanished, shifted left", "序号", "不是编号", [*FINE.cells()[1:], ""]),
        (
            "name vanished, shifted left",
            "项目名称",
            "是法律依据",
            ["1", "行政处罚", "《水污染防治法》第74条", "环境监察大队", "90日", ""],
        ),
        (
            "basis vanished, shifted left",
            "行使依据",
            "是科室名称",
            ["1", "行政处罚", FINE.name, "环境监察大队", "90日", ""],
        ),
        ("section vanished, shifted left", "承办部门", "是时限", ["1", "行政处罚", FINE.name, FINE.basis, "90日", ""]),
        ("shifted right", "", "多出一栏", ["1", "", *FINE.cells()[1:]]),
        ("a section in the place of the limit", "法定时限", "是科室名称", FINE.cells(法定时限="环境监察大队")),
        ("a basis that is no law", "行使依据", "没有读出法律法规名称", FINE.cells(行使依据="见附页")),
        ("an unknown section", "承办部门", "没有“环境科”这个科室", FINE.cells(承办部门="环境科")),
        ("one of two sections unknown", "承办部门", "没有“环境科”这个科室", FINE.cells(承办部门="环境监察大队;环境科")),
        ("an unknown category", "职权类别", "没有这个职权类别", FINE.cells(职权类别="行政处理")),
        ("a group for a category", "职权类别", "没有这个职权类别", FINE.cells(职权类别="行政执法")),
        ("no category", "职权类别", "缺少职权类别", FINE.cells(职权类别="")),
        ("no name", "项目名称", "缺少项目名称", FINE.cells(项目名称="")),
        ("only a name", "项目名称", "只有名称", ["5", "", FINE.name, "", "", ""]),
        ("a number for a name", "项目名称", "是数字或日期", FINE.cells(项目名称="20080701")),
        ("a limit without unit", "法定时限", "时限缺少单位", FINE.cells(法定时限="90")),
        ("a limit in words", "法定时限", "时限应写作", FINE.cells(法定时限="三个月左右")),
        ("a negative limit", "法定时限", "时限应写作", FINE.cells(法定时限="-5日")),
        ("a limit turned into a date", "法定时限", "是日期而不是时限", FINE.cells(法定时限="2008-03-05")),
        ("a cell too many", "", "多出一栏", [*FINE.cells(), "多"]),
        ("a marking of secrecy", "", "含密级标志", FINE.cells(行使依据="秘密★三年")),
        ("a ditto mark for a name", "项目名称", "没有可以照填", FINE.cells(项目名称="同上")),
        ("a name too long", "项目名称", "最多120字", FINE.cells(项目名称="长" * 121)),
    )
    for name, column, why, cells in cases:
        yield book(name, (HEADINGS, good, refused(column, why, *cells), good), csv())
    head = passed("职权编码", *HEAD[1:])
    for code, why in (("5.02E+11", "科学计数"), ("2008-07-01", "改成日期"), ("JTHB-XK-001", "与职权类别不符")):
        bad = refused("职权编码", why, code, *FINE.cells()[1:])
        yield book(f"the code {code}", (head, bad, taken(FINE, "JTHB-CF-001", *FINE.cells()[1:])), csv())
    first = (HEADINGS, refused(SECTION, "没有可以照填", *FINE.cells(承办部门="同上")), good)
    yield book("a ditto mark in the first row", first, csv())
    after = (
        HEADINGS,
        refused(LIMIT, "时限缺少单位", *FINE.cells(法定时限="9")),
        taken(DUMP, *DUMP.cells(承办部门="同上")),
    )
    yield book("a ditto mark below a refused row", after, csv())
    details = (
        passed(*HEAD[1:], "处罚种类"),
        refused("处罚种类", "“行政许可”没有“处罚种类”一项", *PERMIT.cells()[1:], "罚款"),
        taken(LEVY, *LEVY.cells()[1:], "无"),
    )
    yield book("a field of another category", details, csv())


def lost() -> Iterator[Book]:
    """What programs hide, compute, lose or lie about."""
    error = (HEADINGS, refused("6", "单元格为错误值", *FINE.cells()[:5]), taken(PERMIT))

    def with_error(rows: list[list[object]]) -> bytes:
        cells = {(r, c): cell for r, row in enumerate(rows) for c, cell in enumerate(row) if cell}
        return xls([OldSheet("职权", cells | {(1, 5): ERROR_CELL})])

    yield book("an error in .xls", error, with_error)

    def with_formula(rows: list[list[object]]) -> bytes:
        cells = {(r, c): cell for r, row in enumerate(rows) for c, cell in enumerate(row) if cell}
        return xls([OldSheet("职权", cells | {(1, 5): Formula("90日"), (2, 5): Formula(None)})])

    formula = (
        HEADINGS,
        taken(FINE, *FINE.cells(法定时限="")),
        refused("6", "公式没有结果", *PERMIT.cells(法定时限="")),
    )
    yield book("formulas in .xls", formula, with_formula, "2个公式按保存的结果读取")

    def hide(made: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(3, 3, None, None, {"hidden": True})
        below = made.add_worksheet("底稿")
        below.write_string(0, 0, "不得外传")
        below.hide()

    notes = ("1个隐藏行照常读取", "1处隐藏列照常读取", "隐藏的工作表“底稿”未读取")
    yield book("hidden rows, columns and sheets", PLAIN, workbook(more=hide), *notes)

    def compute(_made: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_formula(1, 5, '=90&"日"', None, "90日")

    yield book("a formula with its result", PLAIN, workbook(more=compute), "1个公式按保存的结果读取")
    yield book("a lying dimension", PLAIN, lambda rows: _lying(workbook()(rows)))

    def reach(_made: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_string(5, 16_383, "远")

    far = (*PLAIN, refused("16384", "超出200列", *FINE.cells()))
    yield book("a far cell", far, workbook(more=reach))
    lines = (HEADINGS, taken(FINE), taken(PERMIT))
    old = {(r, c): cell for r, line in enumerate(lines) for c, cell in enumerate(line.cells) if cell}
    content = xls([OldSheet("职权", old | {(65_535, 2): "远处的内容"})])
    refusals = {65_536: ("项目名称", "只有名称")}
    yield Book("a far row in .xls", content, {2: FINE.values(), 3: PERMIT.values()}, refusals, {}, 4)

    def count(_made: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_number(1, 0, 320_482_198_001_011_234)

    digits = (HEADINGS, refused("1", "数字超过15位", *FINE.cells()), taken(PERMIT))
    yield book("a number that lost its last digits", digits, workbook(more=count))


def cards() -> Iterator[Book]:
    """Field names on the left, values on the right."""
    names = ("职权类别", "项目名称", "行使依据", "承办部门", "法定时限")
    items = (FINE, PERMIT, DUMP)
    each = [[[name, cell] for name, cell in zip(names, item.cells()[1:], strict=True)] for item in items]
    meant = {2: FINE.values(), 6: PERMIT.values(), 11: DUMP.values()}
    yield Book("one card for each table in Word", docx(*each), meant, {}, {}, 15, ("合并读取",))
    stacked = [row for card in each for row in (*card, ["", ""])]
    rows = {2: FINE.values(), 7: PERMIT.values(), 13: DUMP.values()}
    yield Book("cards one under the other", workbook()(stacked), rows, {}, {}, 18)
    bad = [each[0], [[name, "环境科" if name == SECTION else cell] for name, cell in each[1]], each[2]]
    wrong_card = {6: ("承办部门", "没有“环境科”这个科室")}
    yield Book(
        "a card with an unknown section", docx(*bad), {k: v for k, v in meant.items() if k != 6}, wrong_card, {}, 15
    )
    sheet = [
        ["职权清理登记表", "", "", ""],
        ["填报科室", FINE.section, "登记号", "JTHB-CF-001"],
        ["职权类别", FINE.category, "对内/对外", "对外"],
        ["项目名称", FINE.name, "", ""],
        ["行使依据(名称、文号、条款、原文)", FINE.basis, "", ""],
        ["行使条件", "发现违法行为", "是否制图", "是"],
        ["公开形式", "政府门户网站", "公开范围(目录/过程)", "社会公开"],
        ["清理结论", "职责到位", "处理意见", "保留"],
    ]
    wide = {(0, 0): 4, (3, 1): 3, (4, 1): 3}
    form = [
        [cell for c, cell in enumerate(row) if c == 0 or not ((r, 0) in wide or ((r, 1) in wide and c > 1))]
        for r, row in enumerate(sheet)
    ]
    values = FINE.values(statutory_limit=None, verdict="in_place", flow_required=True, conditions="发现违法行为")
    yield Book("表1 in Word", word("职权清理登记表", wide=wide)(form), {3: values}, {}, {}, 8)


def no_tables() -> Iterator[Book]:
    """Files of which nothing may be read, each with what to do."""
    yield broken("an .xls behind a password", xls([OldSheet("职权", {(0, 0): "甲"})], is_locked=True), "去掉密码")
    yield broken("an .xlsx behind a password", compound({"EncryptedPackage": b"x"}), "去掉密码")
    yield broken("a .doc renamed .xls", compound({"WordDocument": b"x"}), "另存为.docx")
    yield broken("a PDF", b"%PDF-1.4", "不是表格")
    yield broken("a picture", b"\xff\xd8\xff\xe0", "读不出文字")
    yield broken("a page without table", b"<html><p>x", "没有表格")
    yield broken("a Word file without table", docx("职权目录"), "没有表格")
    yield broken("no headings", csv()([["甲", "乙"], ["丙", "丁"]]), "没有找到表头")
    yield broken("two columns of names", csv()([["项目名称", "权力名称", "承办部门"]]), "有两栏都是")
    yield broken("a marking above the table", csv()([["机密★5年"], list(HEAD), FINE.cells()]), "含密级标志")
    yield broken("half a workbook", workbook()([list(HEAD)])[:900], "已损坏")
    yield broken("a DOCTYPE", _with_entity(workbook()([list(HEAD)])), "外部定义")


def _lying(content: bytes) -> bytes:
    return _changed(content, "xl/worksheets/sheet1.xml", lambda part: part.replace(b'ref="A1:F5"', b'ref="A1:A1"'))


def _with_entity(content: bytes) -> bytes:
    head = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'
    return _changed(content, "xl/worksheets/sheet1.xml", lambda part: part.replace(b"<worksheet", head, 1))


def _changed(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in given.namelist():
            part = given.read(entry)
            made.writestr(entry, change(part) if entry == name else part)
    return out.getvalue()
