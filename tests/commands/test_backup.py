"""Backup and restore: the same content on either database, and nothing touched by what is no whole backup."""

import hashlib
import json
import random
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from harness.bureau import SAMPLE
from harness.commands import CommandLine, command_line
from harness.databases import PostgresqlTemplate, only_postgresql, only_sqlite
from webapp import clock
from webapp.accounts.models import Account, SignIn
from webapp.backup import rows
from webapp.config import Settings
from webapp.db import Database
from webapp.deadlines.operations import take_lease
from webapp.journal.models import JournalEntry, JournalHead

Begin = Callable[[str, Callable[[CommandLine], None]], CommandLine]


@pytest.fixture
def published(begin: Begin, tmp_path: Path) -> CommandLine:
    """An installation whose first editions are released; of a part of the catalogue, to be quick."""

    def publish(zhiquan: CommandLine) -> None:
        lines = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
        powers = [line for line in lines if line["record"] == "power" and line["disclosure"] == "public"][:4]
        wanted = {number for power in powers for number in power["flows"]}
        charts = [line for line in lines if line["record"] == "flow" and line["number"] in wanted]
        part = tmp_path / "part.jsonl"
        part.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in [*powers, *charts]))
        zhiquan("load-sample", "--only", "people")
        zhiquan("adopt", part, "--as", "office", "--document", "坛优组字〔2008〕第5号", "--date", "2008-08-27")
        zhiquan("prepare-edition", "--as", "office")
        zhiquan("release", "--as", "publisher", "--document", "审批单1")

    return begin("part published", publish)


@pytest.fixture
def saved(published: CommandLine, tmp_path: Path) -> Path:
    """A backup of it."""
    published("backup", tmp_path / "saved.zip")
    return tmp_path / "saved.zip"


def content_of(url: str) -> dict[str, str]:
    """The digest of the rows of each table that a backup keeps."""
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            tables = rows.kept_tables(connection)
            return {t.name: hashlib.sha256(b"".join(rows.lines_of(connection, t))).hexdigest() for t in tables}
    finally:
        database.close()


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_backup_comes_back_the_same_on_an_empty_installation(
    published: CommandLine, saved: Path, settings: Settings, tmp_path: Path
) -> None:
    other = command_line(tmp_path / "other")
    other("restore", saved)

    assert content_of(f"sqlite:///{tmp_path / 'other' / 'zhiquan.sqlite'}") == content_of(settings.database_url)
    assert files_of(tmp_path / "other" / "editions") == files_of(settings.editions)
    pointer = Path("public") / "current"
    assert (tmp_path / "other" / pointer).read_text() == (settings.instance / pointer).read_text()
    assert (tmp_path / "other" / "DEMO").exists()
    assert oct(saved.stat().st_mode & 0o777) == "0o600"
    assert other("verify-journal") == published("verify-journal")
    assert not list((tmp_path / "other").glob(".restore-*"))


@only_postgresql
def test_sqlite_moves_to_postgresql_and_back_and_numbers_on(
    saved: Path, settings: Settings, tmp_path: Path, postgresql_template: PostgresqlTemplate
) -> None:
    command_line(tmp_path / "small")("restore", saved)
    small = command_line(tmp_path / "small")
    small("backup", tmp_path / "small.zip")
    with postgresql_template.copy(empty=True) as url:
        large = command_line(tmp_path / "large", url)
        large("restore", tmp_path / "small.zip")
        assert content_of(url) == content_of(settings.database_url)
        large("import", SAMPLE, "--as", "office")  # takes new keys in every table it writes
        assert "相符" in large("verify-journal")
        large("backup", tmp_path / "large.zip")
        small("restore", tmp_path / "large.zip", "--replace")
        assert content_of(f"sqlite:///{tmp_path / 'small' / 'zhiquan.sqlite'}") == content_of(url)


def test_what_holds_something_is_replaced_only_when_told_and_kept(
    published: CommandLine, saved: Path, settings: Settings
) -> None:
    before = content_of(settings.database_url)
    published("import", SAMPLE, "--as", "office")
    changed = content_of(settings.database_url)
    assert changed != before

    assert "--replace" in published.refused("restore", saved)
    assert content_of(settings.database_url) == changed

    assert "另存" in published("restore", saved, "--replace")
    assert content_of(settings.database_url) == before
    (kept,) = settings.instance.glob("replaced-*")
    if settings.database_url.startswith("sqlite"):
        assert content_of(f"sqlite:///{kept / 'zhiquan.sqlite'}") == changed
    else:
        command_line(settings.instance.parent / "third")("restore", kept / "backup.zip")
        assert content_of(f"sqlite:///{settings.instance.parent / 'third' / 'zhiquan.sqlite'}") == changed


def test_bundles_of_the_replaced_database_are_kept_aside(
    published: CommandLine, settings: Settings, tmp_path: Path
) -> None:
    fresh = command_line(tmp_path / "fresh")
    fresh("init")
    fresh("backup", tmp_path / "fresh.zip")
    stored = {folder.name for folder in settings.editions.iterdir()}

    published("restore", tmp_path / "fresh.zip", "--replace")

    (kept,) = settings.instance.glob("replaced-*")
    assert not list(settings.editions.iterdir())
    assert stored <= {path.name for path in kept.iterdir()}
    assert not (settings.instance / "public" / "current").exists()
    assert not settings.demo_mark.exists()


def test_sign_ins_do_not_come_back(people: CommandLine, database: Database, tmp_path: Path) -> None:
    now = clock.wall_now()
    with database.writing() as session:
        account = session.scalars(select(Account.id).limit(1)).one()
        session.add(SignIn(token_digest="0" * 64, account_id=account, started_at=now, seen_at=now))
    people("backup", tmp_path / "saved.zip")
    command_line(tmp_path / "other")("restore", tmp_path / "saved.zip")

    other = Database(f"sqlite:///{tmp_path / 'other' / 'zhiquan.sqlite'}")
    with other.reading() as session:
        assert session.scalars(select(SignIn)).all() == []
    other.close()
    assert b"0" * 64 not in zipfile.ZipFile(tmp_path / "saved.zip").read("manifest.json")


def _cut(content: bytes) -> bytes:
    return content[: len(content) * 2 // 3]


def _last_byte_gone(content: bytes) -> bytes:
    return content[:-1]


def _flip_in_the_middle(content: bytes) -> bytes:
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :]


@only_sqlite
@pytest.mark.parametrize("damage", [_cut, _last_byte_gone, _flip_in_the_middle])
def test_a_damaged_backup_is_refused_and_nothing_is_touched(
    saved: Path, damage: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    (tmp_path / "bad.zip").write_bytes(damage(saved.read_bytes()))
    other = command_line(tmp_path / "other")

    assert "已损坏或不完整" in other.refused("restore", tmp_path / "bad.zip")

    assert not [path.name for path in (tmp_path / "other").iterdir() if path.name != "secret-key"]


@only_sqlite
def test_a_flipped_bit_anywhere_is_refused_or_changes_nothing(
    people: CommandLine, settings: Settings, tmp_path: Path
) -> None:
    people("backup", tmp_path / "saved.zip")
    whole, expected = (tmp_path / "saved.zip").read_bytes(), content_of(settings.database_url)
    random_places = random.Random(2008)  # noqa: S311 - places to damage
    refused = 0
    for turn in range(25):
        at = random_places.randrange(len(whole))
        bad = tmp_path / f"bad-{turn}.zip"
        bad.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << random_places.randrange(8))]) + whole[at + 1 :])
        other = command_line(tmp_path / f"other-{turn}")
        result = other.run("restore", bad)
        if result.exit_code == 0:  # a date in the header of a part
            assert content_of(f"sqlite:///{tmp_path / f'other-{turn}' / 'zhiquan.sqlite'}") == expected
        else:
            assert result.stderr.strip()
            assert not (tmp_path / f"other-{turn}" / "zhiquan.sqlite").exists()
            refused += 1
    assert refused > 15


def _rebuilt(saved: Path, target: Path, **changed: tuple[str, str]) -> Path:
    """A backup with text of some parts replaced and nothing else, as one who edits it by hand makes it."""
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(target, "w") as written:
        for name in source.namelist():
            old, new = changed.get(Path(name).stem, ("", ""))
            content = source.read(name).decode(errors="surrogateescape")
            written.writestr(name, content.replace(old, new, 1).encode(errors="surrogateescape") if old else content)
    return target


@only_sqlite
def test_foreign_newer_and_edited_files_are_told_apart(people: CommandLine, settings: Settings, tmp_path: Path) -> None:
    people("backup", tmp_path / "saved.zip")
    saved, other = tmp_path / "saved.zip", command_line(tmp_path / "other")
    live = sqlite3.connect(tmp_path / "copy.sqlite")
    live.execute("CREATE TABLE t(a)")
    live.close()
    (tmp_path / "letter.txt").write_text("公函")
    with zipfile.ZipFile(tmp_path / "foreign.zip", "w") as foreign:
        foreign.writestr("letter.txt", "公函")
    bad = tmp_path / "bad.zip"

    assert "直接复制" in other.refused("restore", tmp_path / "copy.sqlite")
    assert "直接复制" in other.refused("restore", settings.instance.parent / "zhiquan.sqlite")
    assert "不是本系统的备份" in other.refused("restore", tmp_path / "letter.txt")
    assert "不是本系统的备份" in other.refused("restore", tmp_path / "foreign.zip")
    assert "更新的版本" in other.refused("restore", _rebuilt(saved, bad, manifest=('"version":1', '"version":2')))
    assert "更新的版本" in other.refused("restore", _rebuilt(saved, bad, manifest=('"schema":"0', '"schema":"9')))
    assert "校验码不符" in other.refused("restore", _rebuilt(saved, bad, section=('"position":1', '"position":2')))
    assert "不能读写" in other.refused("restore", tmp_path / "nothing.zip")


def test_a_name_that_leaves_its_folder_is_refused(people: CommandLine, tmp_path: Path) -> None:
    people("backup", tmp_path / "saved.zip")
    digest = hashlib.sha256(b"x").hexdigest()
    evil = "editions/../../evil"
    with zipfile.ZipFile(tmp_path / "saved.zip") as source, zipfile.ZipFile(tmp_path / "bad.zip", "w") as written:
        for name in source.namelist():
            content = source.read(name)
            if name == "manifest.json":
                content = content.replace(b'"parts":{', f'"parts":{{"{evil}":[1,"{digest}"],'.encode())
            written.writestr(name, content)
        written.writestr(evil, b"x")

    assert "不应有的文件名" in command_line(tmp_path / "other").refused("restore", tmp_path / "bad.zip")
    assert not (tmp_path / "evil").exists()


def test_a_broken_journal_is_backed_up_with_a_warning_and_restored_only_when_told(
    people: CommandLine, database: Database, tmp_path: Path
) -> None:
    with database.engine.execution_options(writing=True).begin() as connection:
        trigger = "journal_entry_no_update" if database.is_sqlite else "journal_entry_immutable ON journal_entry"
        connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text("UPDATE journal_entry SET action = 'something_else' WHERE seq = 2"))

    assert "第2条" in people.refused("backup", tmp_path / "saved.zip")
    other = command_line(tmp_path / "other")
    assert "第2条" in other.refused("restore", tmp_path / "saved.zip")
    assert not (tmp_path / "other" / "zhiquan.sqlite").exists()
    other("restore", tmp_path / "saved.zip", "--with-faults")
    assert "第2条" in other.refused("verify-journal")


def test_a_damaged_bundle_is_named(published: CommandLine, settings: Settings, tmp_path: Path) -> None:
    page = next(settings.editions.rglob("index.html"))
    page.write_bytes(page.read_bytes() + b" ")

    assert "index.html" in published.refused("backup", tmp_path / "saved.zip")
    assert "index.html" in command_line(tmp_path / "other").refused("restore", tmp_path / "saved.zip")


@only_sqlite
def test_a_damaged_database_can_be_replaced(published: CommandLine, saved: Path, settings: Settings) -> None:
    expected = content_of(settings.database_url)
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    file.write_bytes(b"\0" * 5000)

    published("restore", saved, "--replace")

    assert content_of(settings.database_url) == expected


def test_a_running_server_is_noticed(
    people: CommandLine, database: Database, settings: Settings, tmp_path: Path
) -> None:
    people("backup", tmp_path / "saved.zip")
    with database.writing() as session:
        take_lease(session, "tick", owner="a server", seconds=timedelta(minutes=1).total_seconds())
    database.close()
    before = content_of(settings.database_url)

    assert "zhiquan serve" in people.refused("restore", tmp_path / "saved.zip", "--replace")
    assert content_of(settings.database_url) == before


def test_no_backup_is_written_over_another_and_none_of_nothing(people: CommandLine, tmp_path: Path) -> None:
    people("backup", tmp_path / "saved.zip")
    before = (tmp_path / "saved.zip").read_bytes()

    assert "没有覆盖" in people.refused("backup", tmp_path / "saved.zip")
    assert (tmp_path / "saved.zip").read_bytes() == before
    assert "zhiquan init" in command_line(tmp_path / "none").refused("backup", tmp_path / "none.zip")
    assert "不能读写" in people.refused("backup", tmp_path / "no-such-folder" / "saved.zip")
    assert not list(tmp_path.glob(".*.part"))


def test_the_backup_holds_one_instant_of_the_journal(published: CommandLine, saved: Path, database: Database) -> None:
    shutil.copy(saved, saved.with_name("again.zip"))
    with database.reading() as session:
        head = session.get_one(JournalHead, 1)
        last = session.scalars(select(JournalEntry.hash).order_by(JournalEntry.seq.desc()).limit(1)).one()
    assert head.hash == last
    assert head.hash in zipfile.ZipFile(saved).read("manifest.json").decode()
    assert head.hash in published("verify-journal")
