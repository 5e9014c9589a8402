"""Putting an import right in its preview, and bringing a corrected workbook of ours back."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from harness import walk
from harness.bureau import SmallBureau, power_body, sample_lines
from harness.desks import Desk
from harness.filled_forms import changed, filled
from harness.imports import brings, count
from harness.visitors import OURS, Shown
from webapp.powers.models import ImportRun
from webapp.reviews.export import catalogue_file
from webapp.revisions.models import Draft, Record

At = Callable[[str], Desk]
HEAD = "事情,职权类别,经手科室,行使条件"
TABLE = f"""污染控制科职权表（旧）
{HEAD}
甲许可,行政许可,污染控制科,有排放
乙许可,行政许客,污染控制科,有排放
丙许可,同上,没有的科,有排放
丁许可,行政许可,污染控制科,有排放
"""
MAPPED = {"column-0": "name", "column-1": "category", "column-2": "department", "column-3": "conditions"}


def mapped(clerk: Desk) -> str:
    """Bring the table, map its columns; return the address of the preview."""
    sent = brings(clerk, TABLE.encode(), "旧表.csv")
    assert sent.status == 303, sent.text
    assert "没有读懂这张表" in clerk.get(sent.location).text
    form = filled(clerk.get(sent.location).body, f"{sent.location}/columns")
    told = changed(form, **{name.replace("-", "__"): value for name, value in MAPPED.items()})
    assert clerk.post(f"{sent.location}/columns", told).status == 303
    return sent.location


def test_columns_are_mapped_and_rows_mended_without_bringing_the_file_again(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    preview = mapped(clerk)
    shown = clerk.get(preview)
    assert "共4行：可以导入2行，不能导入2行" in shown.text
    assert "没有这个职权类别" in shown.text
    assert clerk.post(f"{preview}/confirmations").status == 422
    assert count(bureau) == 0
    form = changed(filled(shown.body, f"{preview}/corrections"))
    assert {"cell-4-1", "cell-5-2", "cell-4-0"} <= form.keys(), "the bad cells and the item's name can be typed into"
    form |= {"cell-4-1": ["行政许可"], "cell-5-2": ["污染控制科"], "cell-4-0": ["乙许可(改)"]}
    assert clerk.post(f"{preview}/corrections", form).status == 303
    assert "共4行：可以导入4行，不能导入0行" in clerk.get(preview).text
    row = clerk.get(f"{preview}/rows/4")
    assert "文件中为：行政许客" in row.text
    assert "按上一行填写" in clerk.get(f"{preview}/rows/5").text
    assert clerk.post(f"{preview}/confirmations").status == 303
    with bureau.database.reading() as session:
        bodies = [draft.body for draft in session.scalars(select(Draft).order_by(Draft.record_id))]
    assert len(bodies) == 4
    assert "乙许可(改)" in bodies[1]
    assert '"licence"' in bodies[2]


def test_a_row_can_be_left_out_and_taken_back(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    preview = mapped(clerk)
    clerk.post(f"{preview}/corrections", {"row": ["4", "5"], "leave": ["4", "5"]})
    assert "共4行：可以导入2行，不能导入0行，列为不导入2行" in clerk.get(preview).text
    clerk.post(f"{preview}/corrections", {"row": "5", "view": "passed"})
    assert "不能导入1行，列为不导入1行" in clerk.get(preview).text
    clerk.post(f"{preview}/corrections", {"row": "5", "leave": "5"})
    clerk.post(f"{preview}/confirmations")
    assert count(bureau) == 2


def test_what_a_left_out_row_says_still_stands_for_the_ditto_below_it(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    preview = mapped(clerk)
    clerk.post(f"{preview}/corrections", {"row": "4", "leave": "4", "cell-5-2": "污染控制科"})
    shown = clerk.get(f"{preview}/rows/5")
    assert "没有这个职权类别" in shown.text, "同上 means the row above in the file, also when that one is left out"
    assert count(bureau) == 0


def test_a_mapped_heading_is_known_the_next_time_until_it_is_forgotten(desk: At) -> None:
    clerk = desk("clerk")
    preview = mapped(clerk)
    clerk.post(f"{preview}/confirmations", {"partial": "1"})
    again = TABLE.replace("甲许可", "戊许可")
    assert "可以导入2行" in clerk.get(brings(clerk, again.encode(), "又一表.csv").location).text
    page = clerk.get("/imports/headings")
    assert "事情" in page.text
    for form in page.forms:
        if form.action.endswith("/removals"):
            assert clerk.post(form.action).status == 303
    assert "没有读懂这张表" in clerk.get(brings(clerk, again.encode(), "又一表.csv").location).text


def test_a_marking_typed_into_a_cell_is_not_kept_and_the_rest_is(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    preview = mapped(clerk)
    clerk.post(f"{preview}/corrections", {"row": "4", "cell-4-1": "行政许可", "cell-4-3": "机密★5年"})
    assert "含密级标志，未予保存" in clerk.get(f"{preview}/rows/4").body
    with bureau.database.reading() as session:
        run = session.scalars(select(ImportRun)).one()
        assert "机密★" not in run.corrections + run.source + run.lines + run.report
        assert "行政许可" in run.corrections


def test_a_confirmation_takes_what_was_on_screen(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    preview = mapped(clerk)
    seen = clerk.get(preview).form(f"{preview}/confirmations").fields["seen_version"]
    clerk.post(f"{preview}/corrections", {"row": "6", "cell-6-0": "改过的许可"})
    stale = clerk.post(f"{preview}/confirmations", {"seen_version": seen, "partial": "1"})
    assert stale.status == 409
    assert count(bureau) == 0


def test_pasted_text_is_a_table_too(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    sent = clerk.post("/imports", {"pasted": "项目名称\t职权类别\t承办部门\n排放许可\t行政许可\t污染控制科\n"})
    assert sent.status == 303, sent.text
    assert "共1行：可以导入1行" in clerk.get(sent.location).text
    clerk.post(f"{sent.location}/confirmations")
    assert count(bureau) == 1


def test_the_same_content_in_another_file_is_noticed(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    table = "项目名称,职权类别,承办部门\n排放许可,行政许可,污染控制科\n"
    clerk.post(f"{brings(clerk, table.encode(), '甲.csv').location}/confirmations")
    again = brings(clerk, ("\ufeff" + table).encode(), "乙.csv")
    assert again.status == 422
    assert "内容相同的文件“甲.csv”已于" in again.text
    assert count(bureau) == 1


@pytest.fixture
def catalogue(bureau: SmallBureau) -> SmallBureau:
    """Every power of the sample as a draft of one section, so that one clerk may change them all."""
    for line in sample_lines():
        if line["record"] == "power":
            body = {key: value for key, value in line.items() if key not in {"record", "code"}}
            others = [name for name in body["joint_sections"] + body["support_sections"] if name != "污染控制科"]
            body |= {"section": "污染控制科", "joint_sections": [], "support_sections": others, "flows": []}
            walk.create(bureau, bureau.clerk, "power", body, line["code"])
    return bureau


def exported(bureau: SmallBureau, form: str) -> bytes:
    with bureau.database.reading() as session:
        return catalogue_file(session, bureau.clerk, form)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_export_with_two_cells_edited_proposes_exactly_these_two_changes(
    catalogue: SmallBureau, desk: At, form: str
) -> None:
    clerk = desk("clerk")
    content = exported(catalogue, form)
    same = clerk.get(brings(clerk, content, f"目录.{form}").location)
    assert "共149行：可以导入0行，不能导入0行，内容相同不需导入149行" in same.text
    if form == "xlsx":
        book = load_workbook(io.BytesIO(content))
        sheet = book["职权目录"]
        head = [cell.value for cell in sheet[1]]
        sheet.cell(3, head.index("行使条件") + 1).value = "改过的条件"
        sheet.cell(9, head.index("承诺时限(数)") + 1).value = 3
        sheet.cell(9, head.index("承诺时限(单位、起算)") + 1).value = "工作日;受理之日"
        out = io.BytesIO()
        book.save(out)
        content = out.getvalue()
    else:
        codes = [body for body in _bodies(catalogue) if "改" not in body["conditions"]]
        first, second = codes[0]["conditions"], codes[5]["rules"]
        text = content.decode("utf-8-sig")
        text = text.replace(first, "改过的条件", 1).replace(second, "改过的规则", 1)
        content = text.encode("utf-8")
    sent = brings(clerk, content, f"改过.{form}")
    shown = clerk.get(sent.location)
    assert "共149行：可以导入2行，不能导入0行，内容相同不需导入147行" in shown.text
    assert shown.body.count("<del>") == 2
    before = _bodies(catalogue)
    assert clerk.post(f"{sent.location}/confirmations").status == 303
    after = _bodies(catalogue)
    differing = [
        {name: (old[name], new[name]) for name in old if old[name] != new[name]}
        for old, new in zip(before, after, strict=True)
        if old != new
    ]
    assert len(differing) == 2
    assert all(len(each) == 1 for each in differing)
    assert differing[0]["conditions"][1] == "改过的条件"


def test_a_public_export_takes_nothing_internal_away(bureau: SmallBureau, desk: At) -> None:
    body = power_body("JTHB-CF-001", name="甲处罚")
    record = walk.create(bureau, bureau.clerk, "power", body, "T-1")
    walk.to_the_end(bureau, record)
    office, clerk = desk("office"), desk("clerk")
    content = Shown(office.client.get("/catalogue/export?format=csv", headers=OURS)).body
    assert "内容相同不需导入1行" in clerk.get(brings(clerk, content.encode(), "公开.csv").location).text
    sent = brings(clerk, content.replace("甲处罚", "乙处罚").encode(), "公开改.csv")
    assert clerk.post(f"{sent.location}/confirmations").status == 303
    assert _bodies(bureau) == [{**body, "name": "乙处罚"}]


def test_what_is_under_review_or_another_sections_is_left_alone(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    review = walk.create(bureau, bureau.clerk, "power", power_body(name="在审的许可"), "T-1")
    walk.submit(bureau, bureau.clerk, review)
    walk.create(bureau, bureau.clerk2, "power", power_body(name="别科的许可", section="环境监察大队"), "T-2")
    table = "职权编码,项目名称,职权类别,承办部门\nT-1,改名,行政许可,污染控制科\nT-2,改名,行政许可,污染控制科\n"
    before = _bodies(bureau)
    sent = brings(clerk, table.encode(), "改.csv")
    shown = clerk.get(sent.location)
    assert "本事项正在审核，未作改动" in shown.text
    assert "不是本科室的事项，未作改动" in shown.text
    assert "别科的许可" not in shown.body
    assert clerk.post(f"{sent.location}/confirmations", {"partial": "1"}).status == 422
    assert _bodies(bureau) == before


def test_a_draft_saved_in_between_is_not_overwritten(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    record = walk.create(bureau, bureau.clerk, "power", power_body(name="原来的名称"), "T-1")
    sent = brings(clerk, "职权编码,项目名称,职权类别\nT-1,文件里的名称,行政许可\n".encode(), "改.csv")
    assert "<del>原来的名称</del>" in clerk.get(sent.location).body
    address = f"/powers/{record}/draft"
    clerk.post(address, changed(filled(clerk.get(address).body, address), name="别人改的名称"))
    refused = clerk.post(f"{sent.location}/confirmations")
    assert refused.status == 422
    assert "草稿已被他人修改" in refused.text
    assert _bodies(bureau)[0]["name"] == "别人改的名称"


def _bodies(bureau: SmallBureau) -> list[dict[str, Any]]:
    with bureau.database.reading() as session:
        drafts = session.scalars(select(Draft).join(Record, Record.id == Draft.record_id).order_by(Record.code))
        return [json.loads(draft.body) for draft in drafts]


def test_a_template_of_every_category_is_offered_and_comes_in_when_filled(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    offered = [link for link in clerk.get("/imports/new").links if link.startswith("/imports/templates/")]
    assert len(offered) == 14
    assert clerk.get("/imports/templates/nothing.xlsx").status == 404
    answer = clerk.client.get("/imports/templates/penalty.xlsx", headers=OURS)
    book = load_workbook(io.BytesIO(answer.data))
    answer.close()
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[2]]
    for row in (4, 5, 6):
        sheet.cell(row, head.index("项目名称") + 1).value = f"对第{row}类排污行为的处罚"
        sheet.cell(row, head.index("承办部门(牵头)") + 1).value = "污染控制科"
    sheet.cell(5, head.index("专项：须经法制审核") + 1).value = "也许"
    out = io.BytesIO()
    book.save(out)
    preview = brings(clerk, out.getvalue(), "模板.xlsx").location
    shown = clerk.get(preview)
    assert "共3行：可以导入2行，不能导入1行" in shown.text
    form = filled(shown.body, f"{preview}/corrections")
    bad = next(name for name, value in form if value == "也许")
    clerk.post(f"{preview}/corrections", changed(form, **{bad.replace("-", "__"): "是"}))
    assert clerk.post(f"{preview}/confirmations").status == 303
    assert [body["category"] for body in _bodies(bureau)] == ["penalty"] * 3
