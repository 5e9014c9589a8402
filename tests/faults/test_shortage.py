"""A database held by a stopped process, a full disk, a folder that is none: a sentence, and nothing falsely done."""

import json
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from harness import walk
from harness.bureau import SmallBureau, found_bureau, power_body
from harness.commands import CommandLine, command_line
from harness.databases import only_sqlite
from harness.desks import Desk
from harness.invariants import faults_of
from webapp import db
from webapp.config import Settings
from webapp.db import Busy, Database, NoRoom
from webapp.journal import operations as journal
from webapp.publication.models import Edition
from webapp.revisions.models import Record
from webapp.web.app import create_app

_SMALL = 36_000  # bytes; the index of SQLite's log takes 32,768


@pytest.fixture
def bureau(database: Database) -> SmallBureau:
    """A small bureau."""
    return found_bureau(database)


def _hold(url: str) -> None:
    """Write to the journal, and stop before the end."""
    with Database(url).writing() as session:
        journal.write(session, None, "held", "test:1", {})
        os.kill(os.getpid(), signal.SIGSTOP)


@contextmanager
def held_by_a_stopped_process(url: str) -> Iterator[None]:
    """Let another process stand still in the middle of a write."""
    process = multiprocessing.get_context("spawn").Process(target=_hold, args=(url,))
    process.start()
    assert process.pid is not None
    try:
        limit = time.monotonic() + 60
        while Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
            assert time.monotonic() < limit
            time.sleep(0.02)
        yield
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.join(30)


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_behind_a_stopped_process_one_is_told_and_nothing_is_saved(
    bureau: SmallBureau, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "LOCK_PATIENCE", 300)
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    app = create_app(settings)
    clerk = Desk(app, bureau, "clerk")
    patient = Database(settings.database_url)
    with held_by_a_stopped_process(settings.database_url):
        with pytest.raises(Busy, match="系统正忙"), patient.writing() as session:
            journal.write(session, None, "waited", "test:2", {})
        answer = clerk.takes_step(record, "submit")
        assert answer.status == 503
        assert "系统正忙" in answer.text
        assert answer.stage == "draft"
    assert clerk.takes_step(record, "submit").status in {200, 303}
    assert faults_of(bureau.database, settings) == []
    patient.close()
    app.extensions["zhiquan"].close()


def create_for_ever(bureau: SmallBureau) -> None:
    """Make powers until what is already allocated is used up."""
    while True:
        walk.create(bureau, bureau.clerk, "power", power_body(name="满" * 100))


@only_sqlite
def test_on_a_full_disk_nothing_is_saved_and_the_person_is_told(bureau: SmallBureau, settings: Settings) -> None:
    file = Path(str(bureau.database.url.database))
    with files_no_larger_than(file.stat().st_size), pytest.raises(NoRoom, match="磁盘已满"):
        create_for_ever(bureau)
    with bureau.database.reading() as session:
        count = session.scalar(select(func.count()).select_from(Record))
    assert faults_of(bureau.database, settings) == []
    walk.create(bureau, bureau.clerk, "power", power_body(name="有余地之后"))
    with bureau.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Record)) == (count or 0) + 1


@pytest.fixture
def office(settings: Settings, database_url: str) -> CommandLine:
    """The command line of a bureau with one approved power."""
    zhiquan = command_line(settings.instance, database_url)
    zhiquan("load-sample", "--only", "people")
    return zhiquan


def test_a_backup_without_room_leaves_no_file(office: CommandLine, tmp_path: Path) -> None:
    with files_no_larger_than(_SMALL):
        said = office.refused("backup", tmp_path / "saved.zip")

    assert "磁盘空间" in said
    assert not list(tmp_path.glob("*saved.zip*"))
    office("backup", tmp_path / "saved.zip")
    assert (tmp_path / "saved.zip").stat().st_size > _SMALL


@only_sqlite
def test_a_restore_without_room_leaves_everything(office: CommandLine, settings: Settings, tmp_path: Path) -> None:
    office("backup", tmp_path / "saved.zip")
    before = office("verify-journal")

    with files_no_larger_than(50_000):
        office.refused("restore", tmp_path / "saved.zip", "--replace")

    assert office("verify-journal") == before
    assert not list(settings.instance.glob(".restore-*"))


def test_an_edition_that_cannot_be_stored_is_none(
    office: CommandLine, database: Database, settings: Settings, tmp_path: Path
) -> None:
    line = {"record": "power", "code": "JTHB-CF-001", **power_body()}
    (tmp_path / "one.jsonl").write_text(json.dumps(line, ensure_ascii=False), encoding="utf-8")
    office("adopt", tmp_path / "one.jsonl", "--as", "office", "--document", "文1", "--date", "2008-08-27")
    settings.editions.write_text("not a folder")

    assert "不能读写" in office.refused("prepare-edition", "--as", "office")

    settings.editions.unlink()
    with database.reading() as session:
        assert session.scalars(select(Edition)).all() == []
    office("prepare-edition", "--as", "office")
    assert faults_of(database, settings) == []
