"""Bringing a file in through the pages: nothing before it is confirmed, once however often it is confirmed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from harness import walk
from harness.bureau import SAMPLE, SmallBureau, power_body
from harness.desks import Desk
from harness.imports import brings, count
from webapp.powers.models import ImportRun
from webapp.revisions.models import Record

At = Callable[[str], Desk]
CSV = """项目名称，职权类别，承办部门，行使条件
排放许可，行政许可，污染控制科，有排放
没有的科的许可，行政许可，没有的科，有排放
"""


def line(code: str, **changes: object) -> dict[str, Any]:
    return {"record": "power", "code": code, **power_body(**changes)}


def jsonl(*lines: dict[str, Any]) -> bytes:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in lines).encode()


def test_a_file_is_shown_first_and_taken_when_confirmed(
    bureau: SmallBureau, desk: At, dump: Callable[..., object]
) -> None:
    clerk = desk("clerk")
    before = dump("import_run", "security_event", "sign_in")
    foreign = line("T-3", section="财务科")
    sent = brings(clerk, jsonl(line("T-1"), line("T-2", name="名" * 200), foreign))
    assert sent.status == 303
    shown = clerk.get(sent.location)
    assert "共3行：可以导入1行，不能导入2行" in shown.text
    assert "不是本科室的事项" in shown.text
    assert "项目名称" in shown.text
    assert dump("import_run", "security_event", "sign_in") == before, "a preview writes nothing"
    refused = clerk.post(f"{sent.location}/confirmations")
    assert refused.status == 422
    assert "还有2行不能导入，未导入任何内容" in refused.text
    assert count(bureau) == 0
    done = clerk.post(f"{sent.location}/confirmations", {"partial": "1"})
    assert (done.status, done.location) == (303, sent.location)
    assert "已导入1行，未导入2行" in clerk.get(sent.location).text
    assert count(bureau) == 1
    with bureau.database.reading() as session:
        record = session.scalars(select(Record)).one()
        assert (record.code, record.stage, record.section_id) == ("T-1", "draft", bureau.sections["污染控制科"])


def test_confirming_again_does_nothing_more(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    sent = brings(clerk, jsonl(line("T-1"), line("")))
    for _ in range(3):
        assert clerk.post(f"{sent.location}/confirmations").status == 303
    assert count(bureau) == 2


def test_the_same_file_again_is_noticed(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    content = jsonl(line(""))
    clerk.post(f"{brings(clerk, content).location}/confirmations")
    again = brings(clerk, content, "换了名字.jsonl")
    assert again.status == 422
    assert "同一文件已于" in again.text
    assert count(bureau) == 1


def test_what_stands_already_is_left_alone(bureau: SmallBureau, desk: At) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body(name="在审的名称"), "T-1")
    walk.submit(bureau, bureau.clerk, record)
    clerk = desk("clerk")
    sent = brings(clerk, jsonl(line("T-1", name="文件里的名称"), line("T-2")))
    assert "本事项正在审核，未作改动" in clerk.get(sent.location).text
    clerk.post(f"{sent.location}/confirmations", {"partial": "1"})
    assert clerk.get(f"/powers/{record}").h1 == "在审的名称"
    assert count(bureau) == 2


def test_between_preview_and_confirmation_a_code_may_be_taken(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    sent = brings(clerk, jsonl(line("T-1"), line("T-2")))
    walk.create(bureau, bureau.clerk, "power", power_body(), "T-2")
    refused = clerk.post(f"{sent.location}/confirmations")
    assert refused.status == 422
    assert "预览之后情况有变，未导入任何内容" in refused.text
    assert count(bureau) == 1
    clerk.post(f"{sent.location}/confirmations", {"partial": "1"})
    shown = clerk.get(sent.location)
    assert "共2行：已导入1行，未导入1行" in shown.text
    assert "编码或图号已存在" in shown.text


def test_a_table_comes_in_row_by_row(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    sent = brings(clerk, CSV.encode("gb18030"), "目录.csv")
    assert sent.status == 303, sent.text
    shown = clerk.get(sent.location)
    assert "共2行：可以导入1行，不能导入1行" in shown.text
    assert "没有的科" in shown.text
    clerk.post(f"{sent.location}/confirmations", {"partial": "1"})
    assert count(bureau) == 1


def test_an_import_decides_nothing(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    sent = brings(clerk, jsonl(line("T-1", disclosure="withheld")))
    clerk.post(f"{sent.location}/confirmations")
    assert count(bureau) == 1
    assert desk("office").get("/catalogue/T-1").status == 404
    crafted = brings(clerk, jsonl({**line("T-2"), "stage": "approved", "id": 7, "发布时间": "2008-01-01"}))
    assert "不能导入1行" in clerk.get(crafted.location).text


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.jsonl"),
        (b"\xff\xfe\x00", "odd.jsonl"),
        (b"PK\x03\x04broken", "broken.xlsx"),
        (b"<html>", "page.csv"),
        (b"MZ", "program.exe"),
        (b"x", "noending"),
        (b"%PDF-1.4", "paper.csv"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(bureau: SmallBureau, desk: At, content: bytes, name: str) -> None:
    clerk = desk("clerk")
    shown = brings(clerk, content, name)
    if shown.status == 303:  # an empty file is a file without rows
        assert "共0行" in clerk.get(shown.location).text
    else:
        assert shown.status == 422
        assert "文件没有读入" in shown.text
    assert count(bureau) == 0


def test_no_file_is_told(desk: At) -> None:
    shown = desk("clerk").post("/imports")
    assert shown.status == 422
    assert "请选择要导入的文件" in shown.text


def test_names_columns_and_values_are_shown_as_text(desk: At) -> None:
    clerk = desk("clerk")
    poison = "<img src=x onerror=alert(1)>"
    table = f"项目名称，职权类别，承办部门，{poison}\n许可，{poison}，污染控制科，1\n"
    sent = brings(clerk, table.encode(), f"{poison}.csv")
    shown = clerk.get(sent.location) if sent.status == 303 else sent
    assert "<img src=x" not in shown.body
    assert "&lt;img src=x" in shown.body


def test_a_secrecy_marking_is_refused_and_not_kept(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    sent = brings(clerk, jsonl(line("T-1", rules="机密★5年 方案"), line("T-2")))
    assert "可以导入1行" in clerk.get(sent.location).text
    with bureau.database.reading() as session:
        run = session.scalars(select(ImportRun)).one()
        assert "机密★" not in run.lines + run.report + run.source


def test_a_preview_is_its_owners(bureau: SmallBureau, desk: At) -> None:
    sent = brings(desk("clerk"), jsonl(line("T-1")))
    for who in ("chief", "clerk2", "office"):
        person = desk(who)
        assert person.get(sent.location).status == 404
        assert person.post(f"{sent.location}/confirmations").status == 404
    assert count(bureau) == 0
    for who in ("auditor", "sysadmin", "publisher"):
        assert desk(who).get("/imports/new").status == 403


def test_the_office_may_give_rows_to_a_section(bureau: SmallBureau, desk: At) -> None:
    office = desk("office")
    sent = brings(office, jsonl(line("T-1", section="哪个科")), section="财务科")
    office.post(f"{sent.location}/confirmations")
    with bureau.database.reading() as session:
        assert session.scalars(select(Record.section_id)).all() == [bureau.sections["财务科"]]
    assert brings(office, jsonl(line("T-2")), section="没有的科").status == 422


def test_the_whole_sample_comes_in(desk: At) -> None:
    office = desk("office")
    sent = brings(office, SAMPLE.read_bytes())
    shown = office.get(sent.location)
    assert shown.status == 200
    assert "共256行" in shown.text
