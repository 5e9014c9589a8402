"""A backup taken while others write is one instant, and what is restored from it equals it by content."""

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select

from harness import walk
from harness.bureau import found_bureau, power_body
from harness.invariants import faults_of
from webapp import schema
from webapp.backup.archive import Manifest, opened
from webapp.backup.restoring import restore
from webapp.backup.writing import write_backup
from webapp.config import Settings, load_settings
from webapp.db import Database
from webapp.journal.models import JournalEntry, JournalHead

Item = TypeVar("Item")
WRITERS, LEAST = 3, 12  # clerks at work; acts acknowledged before the backup begins


def quiet(items: Iterable[Item], _label: str) -> Iterable[Item]:
    """Show no progress."""
    return items


def parts_of(file: Path) -> tuple[Manifest, dict[str, object]]:
    """Return a backup's manifest and what it says of each part."""
    with opened(file) as reader:
        return reader.manifest, dict(reader.manifest.parts)


def test_a_restore_equals_the_backup_that_was_taken_under_load(
    database: Database,
    settings: Settings,
    tmp_path: Path,
) -> None:
    bureau = found_bureau(database)
    done = threading.Event()
    acknowledged: list[int] = []

    def work(number: int) -> None:
        turn = 0
        while not done.is_set():
            record = walk.create(bureau, bureau.clerk, "power", power_body(name=f"并行{number}-{turn}"))
            walk.submit(bureau, bureau.clerk, record)
            acknowledged.append(record)
            turn += 1

    writers = [threading.Thread(target=work, args=(number,)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        while len(acknowledged) < LEAST:
            done.wait(0.05)
        before = len(acknowledged)
        write_backup(database, settings, tmp_path / "loaded.zip", told=quiet)
        after = len(acknowledged)
        while len(acknowledged) < after + WRITERS:
            done.wait(0.05)  # they went on meanwhile and afterwards
    finally:
        done.set()
        for writer in writers:
            writer.join()

    other = load_settings({"ZHIQUAN_INSTANCE": str(tmp_path / "other")})
    restored = Database(other.database_url)
    restore(restored, other, tmp_path / "loaded.zip", replaces=False, accepts_faults=False, told=quiet)
    assert schema.current(restored) == schema.head()
    with restored.reading() as session:
        head = session.get_one(JournalHead, 1)
        kept = {entry.seq: entry.hash for entry in session.scalars(select(JournalEntry))}
    with database.reading() as session:
        live = {entry.seq: entry.hash for entry in session.scalars(select(JournalEntry))}
    assert 0 < head.seq < len(live)  # an instant in the midst of the work
    assert kept == {number: live[number] for number in range(1, head.seq + 1)}
    assert head.seq >= 2 * before  # nothing acknowledged before it began is missing
    assert faults_of(restored, other) == []

    write_backup(restored, other, tmp_path / "again.zip", told=quiet)
    assert parts_of(tmp_path / "again.zip")[1] == parts_of(tmp_path / "loaded.zip")[1]
    restored.close()
