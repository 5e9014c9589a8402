"""Scene 2 of scenes.md where the old table comes in: columns mapped, six rows mended, 75 taken."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from harness.browsers import Desk, assert_accessible
from harness.servers import SAMPLE_PASSWORD, Server

OpenDesk = Callable[..., Desk]
#: row in the table → column (from 1) and what stands there wrongly; the column's right value
WRONG = {
    10: (3, "行政处法", "行政处罚"),
    20: (5, "监察大对", "环境监察大队"),
    30: (6, "二十来天", "20日"),
    40: (2, "", "补写的处罚"),
    50: (3, "??", "行政处罚"),
    60: (5, "无此科", "环境监察大队"),
}
HEADINGS = {
    "事情": "name",
    "种类": "category",
    "经手科室": "department",
    "办结期限·法定": "statutory_limit-n",
    "办结期限·承诺": "promised_limit-n",
}


def old_table(folder: Path) -> Path:
    """Write the unit's old table: title rows, headings on two rows, 同上, 75 items, 6 of them bad."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["环境监察大队职权清理表"])
    sheet.append(["填表日期：2008年6月23日"])
    sheet.append(["序号", "事情", "种类", "法律依据", "经手科室", "办结期限", None])
    sheet.append([None, None, None, None, None, "法定", "承诺"])
    sheet.merge_cells("F3:G3")
    for item in range(1, 76):
        is_whole = item == 1 or item - 1 in WRONG  # nobody writes 同上 below what is wrong
        kind, section = ("行政处罚", "环境监察大队") if is_whole else ("同上", "同上")
        row = [item, f"对第{item}类超标排放行为的处罚", kind, "水污染防治法第74条", section, "90日", "60日"]
        if item in WRONG:
            row[WRONG[item][0] - 1] = WRONG[item][1]
        sheet.append(row)
    book.save(folder / "旧表.xlsx")
    return folder / "旧表.xlsx"


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_scene_2_the_old_table_is_mapped_mended_and_taken_whole(
    server: Server, open_desk: OpenDesk, tmp_path: Path, *, javascript: bool
) -> None:
    page = _signed_in(server, open_desk(javascript=javascript))
    page.goto(f"{server.url}/imports/new")
    page.set_input_files("[name=file]", old_table(tmp_path))
    page.get_by_role("button", name="读取并预览").click()
    expect(page.locator("main")).to_contain_text("没有读懂这张表")
    for heading, target in HEADINGS.items():
        page.locator("tr", has_text=heading).locator("select").select_option(target)
    page.get_by_role("button", name="按此重新读取").last.click()
    expect(page.locator("main")).to_contain_text("共75行：可以导入69行，不能导入6行")
    if javascript:
        assert_accessible(page)
    for item, (column, _, right) in WRONG.items():
        cell = page.locator(f"[name=cell-{item + 4}-{column - 1}]")
        if cell.evaluate("each => each.tagName") == "SELECT":
            cell.select_option(right)
        else:
            cell.fill(right)
    page.get_by_role("button", name="重新检查").last.click()
    expect(page.locator("main")).to_contain_text("共75行：可以导入75行，不能导入0行")
    page.get_by_role("button", name=re.compile("确认导入75行")).click()
    expect(page.locator("main")).to_contain_text("共75行：已导入75行，未导入0行")


def _signed_in(server: Server, desk: Desk) -> Page:
    page = desk.open_page(f"{server.url}/sign-in")
    page.fill("[name=username]", "clerk2")
    page.fill("[name=password]", SAMPLE_PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("h1")).not_to_contain_text("登录")
    return page
