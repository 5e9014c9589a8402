"""The catalogue in and out: import, adopt, export."""

import csv
import io
import json
from pathlib import Path

import pytest

from harness.bureau import SAMPLE
from harness.commands import CommandLine, command_line
from webapp.accounts.models import Account, RoleTerm
from webapp.db import Database
from webapp.journal.models import JournalEntry
from webapp.revisions.models import Record


@pytest.fixture
def second(tmp_path: Path) -> CommandLine:
    """Another installation, on SQLite, with the people."""
    line = command_line(tmp_path / "second")
    line("init")
    line("load-sample", "--only", "people")
    return line


def _count(database: Database, model: type) -> int:
    with database.reading() as session:
        return session.query(model).count()


def test_what_was_adopted_is_exported_as_it_came_line_by_line(people: CommandLine, tmp_path: Path) -> None:
    people("adopt", SAMPLE, "--as", "office", "--document", "坛优组字〔2008〕第5号", "--date", "2008-08-27")

    people("export", "catalogue", "--format", "jsonl", "--as", "office", "--out", tmp_path / "out.jsonl")

    assert (tmp_path / "out.jsonl").read_bytes() == SAMPLE.read_bytes()


def test_exported_imported_and_exported_again_gives_the_same_bytes(
    people: CommandLine, second: CommandLine, tmp_path: Path
) -> None:
    first, again = tmp_path / "first.jsonl", tmp_path / "again.jsonl"
    people("import", SAMPLE, "--as", "office")
    people("export", "catalogue", "--format", "jsonl", "--as", "office", "--out", first)

    second("import", first, "--as", "office")
    second("export", "catalogue", "--format", "jsonl", "--as", "office", "--out", again)

    assert first.read_bytes() == again.read_bytes()
    assert len(first.read_bytes().splitlines()) == 149 + 97 + 10


def test_two_cells_edited_in_a_workbook_change_exactly_these_two(second: CommandLine, tmp_path: Path) -> None:
    second("import", SAMPLE, "--as", "office")
    table, report = tmp_path / "powers.csv", tmp_path / "why.jsonl"
    second("export", "catalogue", "--format", "csv", "--as", "office", "--out", table)
    rows = list(csv.reader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    heading, edited = rows[0], {3: "改过的办理条件甲", 7: "改过的办理条件乙"}
    place = heading.index("行使条件")
    for row, text in edited.items():
        rows[row][place] = text
    with table.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(rows)
    unasked = second.refused("import", table, "--as", "office")
    assert "编码或图号已存在" in unasked
    tried = second("import", table, "--as", "office", "--changes", "--dry-run")
    assert "共149行：可收入2行，未收入0行" in tried
    done = second("import", table, "--as", "office", "--changes", "--report", report)
    assert "其中修改草稿2项；另有147行与现有内容相同" in done
    again = second("import", table, "--as", "office", "--changes")
    assert "其中修改草稿0项；另有149行" in again


def test_tables_come_back_as_they_went_out(people: CommandLine, second: CommandLine, tmp_path: Path) -> None:
    people("import", SAMPLE, "--as", "office")
    for form in ("xlsx", "csv"):
        people("export", "catalogue", "--format", form, "--as", "office", "--out", tmp_path / f"powers.{form}")

    said = second("import", tmp_path / "powers.xlsx", "--as", "office", "--dry-run")
    assert "共149行：可收入149行，未收入0行" in said
    second("import", tmp_path / "powers.csv", "--as", "office")
    second("export", "catalogue", "--format", "csv", "--as", "office", "--out", tmp_path / "again.csv")

    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "powers.csv").read_bytes()


def test_a_dry_run_leaves_nothing(people: CommandLine, database: Database) -> None:
    before = _count(database, JournalEntry)

    said = people("import", SAMPLE, "--as", "office", "--dry-run")

    assert "可收入256行" in said
    assert _count(database, Record) == 0
    assert _count(database, JournalEntry) == before


def test_each_refused_row_is_reported_with_column_value_and_reason(people: CommandLine, tmp_path: Path) -> None:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    power = json.loads(lines[97])
    bad = [
        lines[97],
        "{broken",
        json.dumps({**power, "code": "X-1", "section": "不存在科"}, ensure_ascii=False),
        json.dumps({**power, "code": "X-2", "direction": "sideways"}, ensure_ascii=False),
        lines[97],
    ]
    file = tmp_path / "bad.jsonl"
    file.write_text("\n".join(bad), encoding="utf-8")

    said = people("import", file, "--as", "office", "--report", tmp_path / "why.jsonl")

    rows = [json.loads(line) for line in (tmp_path / "why.jsonl").read_text(encoding="utf-8").splitlines()]
    assert "共5行：收入1行，未收入4行" in said
    assert [row["row"] for row in rows] == [2, 3, 4, 5]
    assert (rows[1]["column"], rows[1]["value"]) == ("section", "不存在科")
    assert all(row["why"].endswith("。") for row in rows)


def test_a_report_as_csv_computes_nothing(people: CommandLine, tmp_path: Path) -> None:
    power = json.loads(SAMPLE.read_text(encoding="utf-8").splitlines()[97])
    file = tmp_path / "bad.jsonl"
    file.write_text(json.dumps({**power, "section": "=1+1"}, ensure_ascii=False), encoding="utf-8")

    people.refused("import", file, "--as", "office", "--report", tmp_path / "why.csv")

    text = (tmp_path / "why.csv").read_text(encoding="utf-8-sig")
    assert next(csv.DictReader(io.StringIO(text)))["value"] == "'=1+1"


def test_nothing_taken_is_a_refusal_and_the_same_file_twice_takes_nothing(people: CommandLine) -> None:
    people("import", SAMPLE, "--as", "office")

    people.refused("import", SAMPLE, "--as", "office")


def test_a_clerk_brings_in_his_own_sections_items_only(people: CommandLine, database: Database) -> None:
    people("import", SAMPLE, "--as", "clerk")

    with database.reading() as session:
        sections = {record.section_id for record in session.query(Record)}
    assert len(sections) == 1


def test_who_may_not_is_refused_with_a_sentence(people: CommandLine) -> None:
    for arguments in (
        ("import", SAMPLE),
        ("import", SAMPLE, "--as", "nobody"),
        ("import", SAMPLE, "--as", "leader"),
        ("adopt", SAMPLE, "--as", "clerk", "--document", "x", "--date", "2008-08-27"),
        ("adopt", SAMPLE, "--as", "office", "--document", " ", "--date", "2008-08-27"),
        ("adopt", SAMPLE, "--as", "office", "--document", "x", "--date", "2999-01-01"),
        ("export", "catalogue", "--format", "jsonl", "--as", "auditor"),
        ("prepare-edition", "--as", "publisher"),
        ("release", "--as", "office", "--document", "x"),
    ):
        assert "。" in people.refused(*arguments)


def test_rights_end_with_the_term_and_with_the_account(people: CommandLine, database: Database) -> None:
    with database.writing() as session:
        clerk, clerk2 = (session.query(Account).filter_by(username=name).one() for name in ("clerk", "clerk2"))
        clerk.is_active = False
        term = session.query(RoleTerm).filter_by(person_id=clerk2.person_id).one()
        term.until = term.since

    assert "停用" in people.refused("import", SAMPLE, "--as", "clerk")
    assert "任期" in people.refused("import", SAMPLE, "--as", "clerk2")


def test_wrong_usage_is_told_in_chinese_and_exits_with_2(zhiquan: CommandLine) -> None:
    for arguments in (("nonsense",), ("import",), ("bundle", "one", "--out", "x"), ("adopt", SAMPLE, "--nope")):
        sentence = zhiquan.refused(*arguments, code=2)
        assert "用法见" in sentence
        assert "Error" not in sentence


def test_a_file_that_is_no_table_is_refused_with_what_to_do(people: CommandLine, tmp_path: Path) -> None:
    for name, content in (("a.doc", b"x"), ("a.jsonl", "职权".encode("gbk")), ("a.xlsx", b"PK\x03\x04rubbish")):
        (tmp_path / name).write_bytes(content)
        assert "请" in people.refused("import", tmp_path / name, "--as", "office")
