"""Templates that are filled in by hand and read back."""

import io
from functools import partial

import pytest
from openpyxl import load_workbook

from webapp.documents.reading import read_tables
from webapp.powers.categories import CATEGORIES, Category
from webapp.powers.fields import empty_entry
from webapp.powers.table_columns import Corrections
from webapp.powers.table_corrected import CorrectedReading, Surroundings, read_corrected
from webapp.powers.templates import template_workbook

SECTIONS = {"污染控制科", "环境监察大队", "宣教法制科"}
NAMES = sorted(SECTIONS)


def filled_in(category: Category, *rows: dict[str, str]) -> CorrectedReading:
    """Fill the template's rows by heading, as a program for tables would save it, and read it back."""
    book = load_workbook(io.BytesIO(template_workbook(category, NAMES)))
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[2]]
    for number, row in enumerate(rows, start=4):
        for heading, text in row.items():
            sheet.cell(number, head.index(heading) + 1).value = text
    out = io.BytesIO()
    book.save(out)
    table = read_tables(out.getvalue(), "模板.xlsx")[0]
    around = Surroundings({}, SECTIONS, partial(empty_entry, body_name="局", reference_date="2008-07-01"))
    given = [(row.number, list(row.cells)) for row in table.rows]
    return read_corrected(given, Corrections(), around, filled=table.filled, title=table.name)


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda each: each.key)
def test_three_rows_filled_in_are_three_rows_taken(category: Category) -> None:
    row = {"承办部门(牵头)": "污染控制科", "法定时限(数)": "20", "法定时限(单位、起算)": "工作日;受理之日"}
    reading = filled_in(
        category, *({"项目名称": f"第{each}个项目", "职权编码": f"00{each}", **row} for each in "一二三")
    )
    assert (reading.sentence, reading.refused) == ("", [])
    assert [taken.code for taken in reading.taken] == ["00一", "00二", "00三"]
    assert {taken.body["category"] for taken in reading.taken} == {category.key}
    assert reading.taken[0].body["statutory_limit"] == {"n": 20, "unit": "working_day", "start": "受理之日"}
    assert "示例行" in dict(reading.passed_over).values()


def test_the_category_s_own_columns_are_read_and_a_bad_cell_is_named() -> None:
    penalty = next(each for each in CATEGORIES if each.key == "penalty")
    good = {
        "项目名称": "甲处罚",
        "承办部门(牵头)": "环境监察大队",
        "专项：违法行为": "超标排放\n第二行",
        "专项：处罚种类": "罚款；责令停产",
        "专项：须经法制审核": "是",
        "专项：听证": "是|罚款五万元以上",
    }
    reading = filled_in(penalty, good, {**good, "项目名称": "乙处罚", "专项：须经法制审核": "也许"})
    assert [taken.body["details"] for taken in reading.taken] == [
        {
            "violation": "超标排放\n第二行",
            "penalty_kinds": ["罚款", "责令停产"],
            "hearing": {"available": True, "when": "罚款五万元以上"},
            "legal_review": True,
        },
    ]
    assert [(one.row, one.column, one.value) for one in reading.refused] == [(5, "专项：须经法制审核", "也许")]


def test_a_template_is_the_same_bytes_each_time_and_offers_the_sections() -> None:
    content = template_workbook(CATEGORIES[1], NAMES)
    assert template_workbook(CATEGORIES[1], NAMES) == content
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[2]]
    lists = {str(each.sqref).split(":")[0]: each for each in sheet.data_validations.dataValidation}
    letter = sheet.cell(3, head.index("承办部门(牵头)") + 1).coordinate
    assert lists[letter].type == "list"
    assert [cell[0].value for cell in book["选项"][lists[letter].formula1.partition("!")[2].replace("$", "")]] == NAMES
    assert book["选项"].sheet_state == "hidden"
    assert all(sheet.cell(3, place).number_format == "@" for place in range(1, len(head) + 1))
