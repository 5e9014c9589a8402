"""Rows of stored files: one per content, never changed; damage is found, leftovers cleared, a backup carries all."""

import os
import time
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from harness.bureau import SmallBureau
from webapp.backup.restoring import restore
from webapp.backup.writing import write_backup
from webapp.commands.doctor import check_files
from webapp.config import Settings, load_settings
from webapp.db import Database
from webapp.files.models import File
from webapp.files.operations import remove_unnamed, store_file
from webapp.files.storing import keep_file, place_of
from webapp.rules import RuleBroken
from webapp.schema import migrate

CONTENT = b"%PDF-1.4\n%%EOF\n"


def test_two_people_bring_the_same_content_and_it_is_one_row(bureau: SmallBureau, tmp_path: Path) -> None:
    kept = keep_file(tmp_path, CONTENT, "甲.pdf")
    with bureau.database.writing() as session:
        first = store_file(session, bureau.clerk, kept)
        assert store_file(session, bureau.chief, keep_file(tmp_path, CONTENT, "乙.pdf")).id == first.id
    with bureau.database.reading() as session:
        assert session.scalars(select(File.size)).all() == [len(CONTENT)]


def test_a_row_of_a_file_cannot_be_changed(bureau: SmallBureau, tmp_path: Path) -> None:
    with bureau.database.writing() as session:
        store_file(session, bureau.clerk, keep_file(tmp_path, CONTENT, "甲.pdf"))
    with pytest.raises((RuleBroken, DatabaseError)), bureau.database.writing() as session:
        session.execute(update(File).values(sha256="0" * 64))


def test_what_no_row_names_is_cleared_after_an_hour_and_no_sooner(bureau: SmallBureau, tmp_path: Path) -> None:
    named, lost = keep_file(tmp_path, CONTENT, "甲.pdf"), keep_file(tmp_path, CONTENT + b"%%EOF\n", "乙.pdf")
    with bureau.database.writing() as session:
        store_file(session, bureau.clerk, named)
        assert remove_unnamed(session, tmp_path) == 0
        for kept in (named, lost):
            os.utime(place_of(tmp_path, kept.sha256), (0, time.time() - 4000))
        assert remove_unnamed(session, tmp_path) == 1
    assert place_of(tmp_path, named.sha256).exists()
    assert not place_of(tmp_path, lost.sha256).exists()


def test_doctor_finds_a_file_that_is_missing_or_changed_and_a_backup_brings_it_back(
    bureau: SmallBureau, settings: Settings, tmp_path: Path
) -> None:
    kept = keep_file(settings.files, CONTENT, "甲.pdf")
    with bureau.database.writing() as session:
        store_file(session, bureau.clerk, kept)
    assert [found.level for found in check_files(settings, bureau.database)] == ["ok"]
    target = tmp_path / "b.zip"
    assert write_backup(bureau.database, settings, target, told=lambda files, _label: files).faults == []

    place_of(settings.files, kept.sha256).write_bytes(CONTENT + b" ")
    [found] = check_files(settings, bureau.database)
    assert (found.level, "校验码不符" in found.sentence) == ("fault", True)
    place_of(settings.files, kept.sha256).unlink()
    [found] = check_files(settings, bureau.database)
    assert (found.level, "不在" in found.sentence) == ("fault", True)

    elsewhere = load_settings({"ZHIQUAN_INSTANCE": str(tmp_path / "other")})
    other = Database(elsewhere.database_url)
    migrate(other)
    done = restore(other, elsewhere, target, replaces=False, accepts_faults=False, told=lambda files, _label: files)
    assert done.faults == []
    assert [found.level for found in check_files(elsewhere, other)] == ["ok"]
    other.close()
