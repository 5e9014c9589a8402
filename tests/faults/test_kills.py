"""`kill -9` at moments spread over each act: nothing acknowledged is lost, nothing half is seen.

Few moments here; `make soak` tries many.
"""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from harness import walk
from harness.bureau import SmallBureau, found_bureau, power_body
from harness.invariants import faults_of
from harness.kills import IMPORTED, Killed, kill_during
from webapp import schema
from webapp.backup import rows
from webapp.backup.restoring import restore
from webapp.backup.writing import write_backup
from webapp.commands.serving import remove_half_written
from webapp.config import Settings
from webapp.db import Database
from webapp.journal.models import JournalHead
from webapp.publication.models import Edition, Withdrawal
from webapp.publication.operations import prepare_editions, release_editions
from webapp.reviews.intake import adopt_catalogue
from webapp.revisions.models import Draft, Record

pytestmark = pytest.mark.soak
_MOST = 40  # moments of one act, however long the soak


@pytest.fixture
def bureau(database: Database) -> SmallBureau:
    """A small bureau with an approved catalogue of three powers, nothing of it published."""
    bureau = found_bureau(database)
    lines = [{"record": "power", "code": f"JTHB-CF-{n}", **power_body(name=f"职权{n}")} for n in range(3)]
    with database.writing() as session:
        intake = adopt_catalogue(
            session, bureau.office, list(enumerate(lines, 1)), document="文1", decided_on=date(2008, 8, 27)
        )
    assert intake.taken == len(lines), intake.refusals
    return bureau


@pytest.fixture
def moments(rounds: int) -> int:
    """How many moments of an act are tried."""
    return max(2, min(_MOST, rounds // 2))


def over(act: Callable[[float | None], Killed], moments: int, *, check: Callable[[Killed], None]) -> list[bool]:
    """Do an act once to its end, then kill it at moments spread over the time that took; check after each."""
    whole = act(None)
    assert whole.is_done
    check(whole)
    done = []
    for moment in range(moments):
        killed = act(whole.seconds * (moment + 0.5) / moments)
        check(killed)
        done.append(killed.is_done)
    return done


def test_a_save_that_was_acknowledged_is_there(bureau: SmallBureau, settings: Settings, moments: int) -> None:
    records = [walk.create(bureau, bureau.clerk, "power", power_body(name=f"草稿{n}")) for n in range(3)]
    for moment in range(moments):
        killed = kill_during("save", settings, records, after=0.05 + 0.003 * moment, heard=3)
        assert killed.told, "nothing was saved before the kill"
        assert faults_of(bureau.database, settings) == []
        acknowledged = dict(killed.told)  # type: ignore[call-overload] # pairs of record and mark
        last = max(acknowledged.values())
        with bureau.database.reading() as session:
            for record, mark in acknowledged.items():
                found = json.loads(session.get_one(Draft, record).body)["discipline"]
                # The one save that was under way when the process died may be there or not.
                assert found in {f"纪律{mark}", f"纪律{last + 1}"}


def test_an_import_is_there_whole_or_not_at_all(bureau: SmallBureau, settings: Settings, moments: int) -> None:
    names = iter(range(1000))
    counts = [0]

    def check(killed: Killed) -> None:
        assert faults_of(bureau.database, settings) == []
        with bureau.database.reading() as session:
            counts.append(session.scalar(select(func.count()).select_from(Record)) or 0)
        grown = counts[-1] - counts[-2]
        assert grown in ({IMPORTED} if killed.told else {0, IMPORTED})

    with bureau.database.reading() as session:
        counts.append(session.scalar(select(func.count()).select_from(Record)) or 0)
    over(lambda after: kill_during("import", settings, f"R{next(names)}", after=after), moments, check=check)


def test_an_edition_has_its_bundle_or_is_none(bureau: SmallBureau, settings: Settings, moments: int) -> None:
    saved = settings.instance / "saved.zip"
    write_backup(bureau.database, settings, saved, told=_plain)

    def act(after: float | None) -> Killed:
        return kill_during("prepare", settings, after=after)

    def check(killed: Killed) -> None:
        assert faults_of(bureau.database, settings) == []
        with bureau.database.reading() as session:
            folders = set(session.scalars(select(Edition.folder)))
        assert len(folders) in ({1, 2} if killed.told else {0, 1, 2})
        assert set(killed.told[0] if killed.told else ()) <= folders  # type: ignore[call-overload] # names
        remove_half_written(settings)
        if folders:  # back to where nothing was prepared
            put_back(bureau.database, settings, saved)

    over(act, moments, check=check)
    assert kill_during("prepare", settings, after=None).is_done  # whatever was left is in nobody's way


def test_the_public_sees_what_is_released_and_nothing_else(
    bureau: SmallBureau, settings: Settings, moments: int
) -> None:
    prepare_editions(bureau.database, settings, bureau.office, draw=lambda _: None, day=date(2008, 9, 1))
    saved = settings.instance / "saved.zip"
    write_backup(bureau.database, settings, saved, told=_plain)

    def check(killed: Killed) -> None:
        assert faults_of(bureau.database, settings) == []
        with bureau.database.reading() as session:
            states = set(session.scalars(select(Edition.state)))
        assert states == {"released"} if killed.told else len(states) == 1
        if states == {"released"}:
            put_back(bureau.database, settings, saved)

    over(lambda after: kill_during("release", settings, after=after), moments, check=check)


def test_a_withdrawn_power_is_gone_from_every_bundle_or_from_none(
    bureau: SmallBureau, settings: Settings, moments: int
) -> None:
    prepare_editions(bureau.database, settings, bureau.office, draw=lambda _: None, day=date(2008, 9, 1))
    release_editions(bureau.database, settings, bureau.publisher, document="审批单1")
    saved = settings.instance / "saved.zip"
    write_backup(bureau.database, settings, saved, told=_plain)

    def check(killed: Killed) -> None:
        assert faults_of(bureau.database, settings) == []
        with bureau.database.reading() as session:
            is_down = session.scalar(select(func.count()).select_from(Withdrawal)) == 1
            folders = list(session.scalars(select(Edition.folder).where(Edition.audience == "public")))
        told = [
            name
            for name in folders
            if "职权0" in (settings.editions / name / "data" / "catalogue.csv").read_text("utf-8-sig")
        ]
        assert len(folders) == (2 if is_down else 1)
        assert told == ([] if is_down else folders)
        assert is_down or not killed.told
        if is_down:
            put_back(bureau.database, settings, saved)

    over(lambda after: kill_during("withdraw", settings, "JTHB-CF-0", after=after), moments, check=check)


def test_a_backup_is_there_whole_or_not_at_all(bureau: SmallBureau, settings: Settings, moments: int) -> None:
    prepare_editions(bureau.database, settings, bureau.office, draw=lambda _: None, day=date(2008, 9, 1))
    target = settings.instance / "saved.zip"

    def check(killed: Killed) -> None:
        assert target.exists() or not killed.told
        if target.exists():
            with_backup = check_restores(target, settings)
            assert not killed.told or with_backup == killed.told[0]
            target.unlink()

    over(lambda after: kill_during("backup", settings, str(target), after=after), moments, check=check)


def test_a_killed_restore_leaves_the_old_or_the_new(bureau: SmallBureau, settings: Settings, moments: int) -> None:
    prepare_editions(bureau.database, settings, bureau.office, draw=lambda _: None, day=date(2008, 9, 1))
    saved = settings.instance / "saved.zip"
    write_backup(bureau.database, settings, saved, told=_plain)
    old = content_of(bureau.database)
    walk.create(bureau, bureau.clerk, "power", power_body(name="备份之后"))
    new = [content_of(bureau.database)]

    def check(killed: Killed) -> None:
        assert faults_of(bureau.database, settings) == []
        found = content_of(bureau.database)
        assert found == old if killed.told else found in (old, new[-1])
        if found == old:
            walk.create(bureau, bureau.clerk, "power", power_body(name="备份之后"))
            new.append(content_of(bureau.database))
        bureau.database.close()

    bureau.database.close()
    over(lambda after: kill_during("restore", settings, str(saved), after=after), moments, check=check)


def test_a_killed_migration_leaves_the_old_or_the_new_schema(
    bureau: SmallBureau, settings: Settings, moments: int, tmp_path: Path
) -> None:
    head = schema.head()
    folder = Path(shutil.copytree(schema._FOLDER, tmp_path / "ahead"))  # noqa: SLF001 - the one place that names it
    (folder / "0999_ahead.py").write_text(_AHEAD.format(head=head), encoding="utf-8")
    before = content_of(bureau.database)

    def check(killed: Killed) -> None:
        with bureau.database.engine.connect() as connection:
            found = schema.current_on(connection)
            tables = {table.name: table for table in rows.tables_of(connection)}
        made = {name for name in tables if name.startswith("later_")}
        assert found in ({"0999"} if killed.told else {head, "0999"})
        assert len(made) == (_MADE if found == "0999" else 0)
        assert ("title" in tables["person"].columns) == (found == "0999")
        if found == "0999":
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(schema, "_FOLDER", folder)
                schema.migrate(bureau.database, head)
        assert content_of(bureau.database) == before
        bureau.database.close()

    bureau.database.close()
    over(lambda after: kill_during("migrate", settings, str(folder), after=after), moments, check=check)


_MADE = 40
_AHEAD = '''"""A later change, for tests."""

import sqlalchemy as sa
from alembic import op

revision = "0999"
down_revision = "{head}"


def upgrade() -> None:
    op.add_column("person", sa.Column("title", sa.Text(), nullable=False, server_default="x"))
    for number in range(40):
        op.create_table(f"later_{{number}}", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    for number in range(40):
        op.drop_table(f"later_{{number}}")
    op.drop_column("person", "title")
'''


def _plain(files: list[Path], _label: str) -> list[Path]:
    return files


def put_back(database: Database, settings: Settings, saved: Path) -> None:
    """Restore, and throw away what that keeps aside."""
    database.close()
    restore(database, settings, saved, replaces=True, accepts_faults=False, told=_plain)
    for kept in settings.instance.glob("replaced-*"):
        shutil.rmtree(kept)


def check_restores(saved: Path, settings: Settings) -> tuple[int, str]:
    """Restore a backup elsewhere; return the head of its journal."""
    other = settings.instance.parent / "other"
    shutil.rmtree(other, ignore_errors=True)
    other.mkdir()
    database = Database(f"sqlite:///{other / 'zhiquan.sqlite'}")
    elsewhere = Settings(**{**settings.__dict__, "instance": other, "database_url": str(database.url)})
    restore(database, elsewhere, saved, replaces=False, accepts_faults=False, told=_plain)
    assert faults_of(database, elsewhere) == []
    with database.reading() as session:
        head = session.get_one(JournalHead, 1)
    database.close()
    return head.seq, head.hash


def content_of(database: Database) -> dict[str, bytes]:
    """The rows of each table that a backup keeps; moments of creation are part of them."""
    with database.engine.connect() as connection:
        return {t.name: b"".join(rows.lines_of(connection, t)) for t in rows.kept_tables(connection)}
