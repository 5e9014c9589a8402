"""Rows that moved sideways are refused whatever value vanished; every row of any table is accounted for."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.documents.reading import read_table
from webapp.powers.categories import CATEGORIES
from webapp.powers.fields import FIELDS, empty_entry
from webapp.powers.table_neighbours import moved_rows
from webapp.powers.table_reading import TableReading, read_entries
from webapp.rules import RuleBroken

SAMPLE = Path("webapp/sample/data")
SECTIONS = {each["name"] for each in json.loads((SAMPLE / "people.json").read_text(encoding="utf-8"))["sections"]}
OLD = [list(row.cells) for row in read_table((SAMPLE / "catalogue.csv").read_bytes(), "a.csv").rows]
PLACE = {word: place for place, word in enumerate(OLD[0])}
TABLE4 = [
    [
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
    ],
    *(
        [
            str(number),
            *(row[PLACE[w]] for w in ("code", "name", "basis")),
            *(row[PLACE[f"publication_{w}"]] for w in ("form", "scope", "time")),
            *("不收费", row[PLACE["department"]], ""),
        ]
        for number, row in enumerate(OLD[1:], start=1)
    ),
]


def read(rows: Sequence[Sequence[str]], filled: dict[int, dict[int, int]] | None = None) -> TableReading:
    return read_entries(list(enumerate(rows, start=1)), sections=SECTIONS, blank=empty_entry, filled=filled)


def shifted(rows: list[list[str]], last: int, *, is_left: bool) -> tuple[list[list[str]], set[int]]:
    """The table with every seventh row moved by one, each from another column on; `last` is the last always filled."""
    moved, numbers = [rows[0]], set()
    for number, row in enumerate(rows[1:], start=2):
        place = number // 7 % last
        if number % 7 == 0 and row[place]:
            numbers.add(number)
            moved.append([*row[:place], *row[place + 1 :], ""] if is_left else [*row[:place], "", *row[place:]])
        else:
            moved.append(row)
    return moved, numbers


@pytest.mark.parametrize("is_left", [True, False])
@pytest.mark.parametrize(("rows", "last"), [(OLD, PLACE["publishable"]), (TABLE4, 8)])
def test_a_row_that_moved_is_refused_and_no_other(rows: list[list[str]], last: int, *, is_left: bool) -> None:
    moved, numbers = shifted(rows, last, is_left=is_left)
    reading = read(moved)
    assert set(reading.refused_rows) == numbers
    assert len(numbers) > 12


def test_a_gap_alone_is_no_move() -> None:
    rows = [[*row] for row in OLD]
    for number in range(7, len(rows), 7):
        rows[number][PLACE["complaint_channel"]] = ""
    assert read(rows).refused == []
    numbered = [(number, row) for number, row in enumerate(rows[:4])]
    assert moved_rows(numbered, len(OLD[0])) == {}


WORDS = st.sampled_from(
    [
        *(
            "",
            "",
            "同上",
            "〃",
            '"',
            "—",
            "无",
            "一、",
            "1",
            "(1)",
            "合计",
            "填报人:甲",
            "第1页",
            "是",
            "yes",
            "2008-07-01",
        ),
        *(each.name for each in CATEGORIES[:4]),
        *(
            "行政执法",
            "一、行政处罚(3项)",
            "水法第70条",
            "《水污染防治法》第七十条:“原文”",
            "90日",
            "20个工作日",
            "当场",
        ),
        *(each.heading for each in FIELDS[:14]),
        *(
            "环境监察大队",
            "环境监察大队;宣教法制科",
            "某科",
            "依据",
            "法律",
            "条款",
            "期限",
            "法定",
            "承诺时限(工作日)",
            "子类",
        ),
        *(
            "JTHB-CF-001",
            "5.02E+11",
            "对违法排污的处罚",
            "秘密★三年",
            "政府门户网站",
            "社会公开",
            "甲|乙",
            "甲=乙",
            "违法行为",
        ),
    ]
)
HEADS = st.sampled_from(
    [
        ["职权类别", "项目名称", "行使依据", "承办部门", "法定时限"],
        ["序号", "项目名称", "依据", "", "承办部门"],
        ["项目名称", "收费依据和标准", "人员职责分工", "公开形式", "子类"],
        ["项目名称", "甲"],
    ]
)


@settings(max_examples=300, deadline=None)
@given(HEADS, st.lists(st.lists(WORDS, max_size=6), max_size=9), st.integers(0, 3), st.data())
def test_whatever_stands_in_a_table_every_row_is_accounted_for(
    head: list[str], rows: list[list[str]], place: int, data: st.DataObject
) -> None:
    table = [*rows[:place], head, *rows[place:]]
    numbers = st.integers(1, len(table))
    filled = data.draw(st.dictionaries(numbers, st.dictionaries(st.integers(0, 5), numbers, max_size=3), max_size=3))
    try:
        reading = read(table, filled)
    except RuleBroken:
        return
    found = [*(taken.row for taken in reading.taken), *reading.refused_rows, *(row for row, _ in reading.passed_over)]
    assert sorted(found) == list(range(1, len(table) + 1))
    for taken in reading.taken:
        assert taken.body["name"]
        assert taken.body["category"]
        assert taken.body["section"] in {"", *SECTIONS}
