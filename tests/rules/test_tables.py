"""Entries as rows of a table, there and back."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.sample_laws import sample_library
from webapp.documents.reading import read_table
from webapp.documents.sheets import Sheet, write_csv, write_xlsx
from webapp.laws.citations import Citation
from webapp.powers.fields import Body, empty_entry, split_line
from webapp.powers.table_headings import find_headings
from webapp.powers.table_reading import TableReading, read_entries
from webapp.powers.tables import CellRefused, body_of, headings, joined, limit_of, parted, row_of
from webapp.rules import RuleBroken

SAMPLE = Path("webapp/sample/data")
POWERS = dict(
    split_line(record)
    for line in (SAMPLE / "catalogue.jsonl").read_text(encoding="utf-8").splitlines()
    if (record := json.loads(line))["record"] == "power"
)
SECTIONS = {each["name"] for each in json.loads((SAMPLE / "people.json").read_text(encoding="utf-8"))["sections"]}
LIBRARY = sample_library()


def resolve(citation: Citation) -> dict[str, str] | None:
    found = LIBRARY.resolve(citation, date(2008, 7, 1))
    return found.as_row() if found else None


def blank(category: str) -> Body:
    return empty_entry(category, body_name="金坛市环境保护局", reference_date="2008-07-01")


def read(*rows: list[str], mapping: dict[str, str] | None = None) -> TableReading:
    numbered = list(enumerate(rows, start=1))
    return read_entries(numbered, sections=SECTIONS, blank=blank, resolve=resolve, mapping=mapping)


def told(reading: TableReading) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.why) for problem in reading.refused]


HEAD = ["职权类别", "项目名称", "行使依据", "承办部门", "法定时限"]
ROW = ["行政处罚", "甲处罚", "水法70", "环境监察大队;宣教法制科", "90日"]


def test_every_power_becomes_a_row_and_the_row_the_power() -> None:
    for code, body in POWERS.items():
        assert body_of(row_of(code, body)) == (code, body)
        assert len(row_of(code, body)) == len(headings())
    assert len(set(headings())) == len(headings())


@given(st.lists(st.text(st.sampled_from('a;|\\"\n甲'), max_size=6), min_size=2, max_size=5))
def test_items_joined_in_a_cell_come_apart_again(items: list[str]) -> None:
    assert parted(joined(items)) == items
    rows = [joined(items, "|"), joined(items[::-1], "|")]
    assert [parted(row, "|") for row in parted(joined(rows))] == [items, items[::-1]]


def test_a_basis_with_brackets_in_every_place_comes_back() -> None:
    code, body = next(iter(POWERS.items()))
    rows = [
        {"kind": "rule", "law": "办法(试行)》", "edition": "令(一)[2]", "article": "第(一)项", "role": ""},
        {"kind": "", "law": "", "edition": "", "article": "", "role": ""},
        {"kind": "law", "law": "甲;乙|丙", "edition": "2008年修订", "article": "第1条", "role": "fee"},
    ]
    assert body_of(row_of(code, {**body, "basis": rows}))[1]["basis"] == rows


def test_a_workbook_and_a_csv_of_ours_are_read_back_as_they_were() -> None:
    rows = [row_of(code, body) for code, body in POWERS.items()]
    texts = [[str(cell) for cell in row] for row in rows]
    for content in (write_xlsx([Sheet("职权", headings(), rows)]), write_csv([headings(), *texts])):
        table = read_table(content, "a")
        assert [list(row.cells) + [""] * (len(headings()) - len(row.cells)) for row in table.rows[1:]] == texts
        numbered = [(row.number, row.cells) for row in table.rows]
        reading = read_entries(numbered, sections=SECTIONS, blank=blank)
        assert reading.refused == []
        assert {taken.code: taken.body for taken in reading.taken} == POWERS


def test_the_old_table_of_the_sample_is_taken_whole() -> None:
    table = read_table((SAMPLE / "catalogue.csv").read_bytes(), "catalogue.csv")
    numbered = [(row.number, row.cells) for row in table.rows]
    reading = read_entries(numbered, sections=SECTIONS, blank=blank, resolve=resolve)
    assert (len(reading.taken), reading.refused, reading.total) == (149, [], table.total)
    for taken in reading.taken:
        power = POWERS[taken.code]
        for name in ("category", "name", "section", "support_sections", "disclosure"):
            if (taken.code, name) != ("JTHB-JC-005", "disclosure") and name != "support_sections":
                assert taken.body[name] == power[name], (taken.code, name)
        assert "own knowledge" not in json.dumps(taken.body, ensure_ascii=False)
        cited = {(row["law"], row["edition"], row["article"]) for row in power["basis"]}
        assert {(row["law"], row["edition"], row["article"]) for row in taken.body["basis"]} <= cited


def test_a_messy_table_is_mended_where_it_is_certain() -> None:
    reading = read(
        ["金坛市环境保护局职权目录"] * 5,
        HEAD,
        ["一、行政处罚", "", "", "", ""],
        ["", "1、甲处罚", "大气法 48", "环境监察大队、宣教法制科", "\uff19\uff10日"],
        ["同上", "2、乙处罚", "〃", "同上", "〃"],
        ["", "", "", "", ""],
        HEAD,
        ["行政许可", "丙许可", "环评法第二十二条", "建设项目管理科", "20个工作日"],
        ["合计", "", "", "", "3"],
        ["填表人:甲  审核:乙", "", "", "", ""],
    )
    assert told(reading) == []
    assert [taken.body["name"] for taken in reading.taken] == ["甲处罚", "乙处罚", "丙许可"]
    first, second, third = (taken.body for taken in reading.taken)
    assert first["basis"] == second["basis"] != []
    assert first["section"] == second["section"] == "环境监察大队"
    assert first["support_sections"] == ["宣教法制科"]
    assert first["statutory_limit"] == {"n": 90, "unit": "day", "start": ""}
    assert third["statutory_limit"] == {"n": 20, "unit": "working_day", "start": ""}
    assert third["basis"][0]["article"] == "第22条"
    assert [why for _, why in reading.passed_over] == [
        "表头或表头以上的行",
        "表头或表头以上的行",
        "分组行“行政处罚”",
        "空行",
        "重复的表头",
        "合计行",
        "签字或说明行",
    ]
    assert reading.total == 10


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (["行政处理", *ROW[1:]], "职权类别", "没有这个职权类别"),
        (["", *ROW[1:]], "职权类别", "缺少职权类别"),
        ([ROW[0], "", *ROW[2:]], "项目名称", "缺少项目名称"),
        ([*ROW[:3], "某某科", "90日"], "承办部门", "没有“某某科”这个科室"),
        ([*ROW[:4], "90"], "法定时限", "时限缺少单位,应写明工作日、日、个月、年或者小时"),
        ([*ROW[:4], "三个月左右"], "法定时限", "时限应写作“20工作日;受理之日”的样子,当场办结的写“当场”"),
        ([*ROW, "多"], "", "多出一栏，疑似错位，请核对整行"),
        (["甲处罚", "水法70", "环境监察大队", "90日", ""], "职权类别", "没有这个职权类别"),  # shifted left
        (["同上", *ROW[1:]], "职权类别", "上一行没有可以照填的内容"),
        ([ROW[0], "甲\x0b处罚\u200b\ufffe", *ROW[2:]], "项目名称", "含有不能保存的字符"),
        ([ROW[0], "长" * 121, *ROW[2:]], "项目名称", "最多120字"),
    ],
)
def test_what_is_not_certain_refuses_the_row_and_says_where(row: list[str], column: str, why: str) -> None:
    reading = read(HEAD, ROW, row) if row[0] != "同上" else read(HEAD, row)
    problems = [(problem.column, problem.why) for problem in reading.refused]
    assert any(at == column and why in said for at, said in problems), problems
    assert reading.refused_rows == [reading.total]


def test_an_opinion_not_to_publish_leaves_the_entry_pending() -> None:
    reading = read(
        [*HEAD, "是否公开", "公开形式"],
        [*ROW, "否", ""],
        [*ROW, "是", "政府门户网站;政务公开栏"],
        [*ROW, "是", "局务会通报"],
    )
    assert [taken.body["disclosure"] for taken in reading.taken] == ["pending", "public", "bureau"]
    assert any("科室意见" in note for note in reading.taken[0].mended)


def test_headings_on_two_rows_and_in_other_words_are_found() -> None:
    found = find_headings(
        [
            ["职权目录", "", "", ""],
            ["序号", "权力名称", "收费", "收费", "责任科室"],
            ["", "", "收费依据", "收费标准", ""],
            ["1", "甲", "", "", ""],
        ],
    )
    assert found.first == 3 or found.columns[1] == "name"
    assert set(found.columns.values()) >= {"name", "fee_basis", "fee_standard", "department"}


def test_the_mapping_comes_first_and_unknown_columns_are_named() -> None:
    reading = read(
        ["事项", "大类别", "管辖"], ["甲处罚", "行政处罚", "x"], mapping={"事项": "name", "大类别": "category"}
    )
    assert [taken.body["name"] for taken in reading.taken] == ["甲处罚"]
    assert reading.headings.unknown == ("管辖",)
    with pytest.raises(RuleBroken, match="不是本系统的栏目"):
        read(["事项"], ["甲"], mapping={"事项": "password_hash"})


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (["甲", "乙", "丙"], "没有找到表头"),
        (["职权类别", "行使依据", "承办部门"], "没有“项目名称”一栏"),
        (["项目名称", "事项名称", "承办部门"], "有两栏都是“事项名称”"),
    ],
)
def test_a_table_without_usable_headings_is_refused(head: list[str], said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        read(head, ["甲", "乙", "丙"])


@pytest.mark.parametrize(
    ("number", "rest", "limit"),
    [
        ("", "", None),
        ("20", "工作日;受理之日", {"n": 20, "unit": "working_day", "start": "受理之日"}),
        ("0", "工作日", {"n": 0, "unit": "working_day", "start": ""}),
        ("", "当场", {"n": 0, "unit": "working_day", "start": ""}),
        ("3", "个月;a;b", {"n": 3, "unit": "month", "start": "a;b"}),
    ],
)
def test_a_limit_stands_in_two_cells(number: str, rest: str, limit: dict[str, object] | None) -> None:
    assert limit_of(number, rest) == limit


@pytest.mark.parametrize(
    ("number", "rest"), [("20", ""), ("x", "日"), ("-1", "日"), ("1.5", "日"), ("", "日"), ("5", "周")]
)
def test_a_limit_without_number_or_unit_is_refused(number: str, rest: str) -> None:
    with pytest.raises(CellRefused):
        limit_of(number, rest)
