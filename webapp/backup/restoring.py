"""Restoring a backup: checked whole on a trial database first, then put in place so that it is there whole or not.

Order: files beside those that are there (a bundle's folder carries its digest in its name), then the database in one
step (a rename on SQLite, one transaction on PostgreSQL), then what the old database alone referred to is moved away.
Stopped anywhere between, the database and the bundles it names are together, either the old or the new ones.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from webapp import clock, schema
from webapp.backup import rows
from webapp.backup.archive import Manifest, Reader, opened
from webapp.backup.writing import Told, faults_of, stored_editions, write_backup
from webapp.bundle.verify import verify_bundle
from webapp.config import Settings
from webapp.db import Database
from webapp.digests import sha256_hex
from webapp.publication.operations import point_at_released
from webapp.publication.storing import MANIFEST, POINTER, sync_folder
from webapp.rules import RuleBroken


@dataclass(frozen=True)
class Restored:
    """What was restored, the damage it already held, and where the replaced installation is kept."""

    manifest: Manifest
    faults: list[str]
    kept: Path | None


def restore(
    database: Database, settings: Settings, source: Path, *, replaces: bool, accepts_faults: bool, told: Told
) -> Restored:
    """Put a backup in place of an empty installation, or with `replaces` of one that holds something.

    Raises RuleBroken, with nothing changed, where the backup is damaged, foreign or newer, holds what does not verify
    (unless `accepts_faults`), where the target holds something, or where a server still works on it.
    """
    with opened(source) as backup, _staging(settings.instance) as staging:
        if not schema.is_known(backup.manifest.schema):
            raise RuleBroken("这份备份由更新的版本生成，本版本不能恢复。请安装不低于原来的版本。")
        is_empty = _look_at(database)
        if not is_empty and not replaces:
            raise RuleBroken("库中已有内容，没有恢复。确要用备份替换现有内容的，请加 --replace(现有内容会另存一份)。")
        backup.check()
        backup.extract(staging)
        trial = _try(backup, staging)
        faults = faults_of(trial, staging, _stored(trial))
        trial.close()
        if faults and not accepts_faults:
            raise RuleBroken(f"备份中的数据不完好：{faults[0]}没有恢复。确要照此恢复的，请加 --with-faults。")
        kept = None if is_empty else _keep(database, settings, told)
        _place_files(staging, settings, kept)
        if backup.manifest.is_demo:
            settings.demo_mark.touch()
        if database.is_sqlite:
            _swap_file(database, Path(str(trial.url.database)))
        else:
            _fill_postgresql(database, backup)
        _finish(database, settings, backup.manifest, kept)
        return Restored(backup.manifest, faults, kept)


def _look_at(database: Database) -> bool:
    """Say whether the target is empty; raise RuleBroken where a server works on it."""
    if database.is_sqlite and not _holds_bytes(Path(str(database.url.database))):
        return True
    try:
        with database.engine.connect() as connection:
            if schema.current_on(connection) is None:
                return rows.is_empty(connection)
            moments = connection.execute(text("SELECT until FROM lease")).scalars().all()
            if any(_moment(until) > clock.wall_now() for until in moments):
                raise RuleBroken("系统仍在运行，没有恢复。请先停止 zhiquan serve,一分钟后再恢复。")
            return rows.is_empty(connection)
    except DatabaseError:
        if database.is_sqlite:
            return False  # a damaged file: what a restore is for; it is kept all the same
        raise
    finally:
        database.close()


def _try(backup: Reader, staging: Path) -> Database:
    """Fill a database of our own from the backup and compare it with the manifest."""
    trial = Database(f"sqlite:///{staging / 'trial.sqlite'}")
    schema.migrate(trial, backup.manifest.schema)
    try:
        with trial.engine.execution_options(writing=True).begin() as connection:
            _fill(connection, backup)
    except (SQLAlchemyError, ValueError, KeyError, TypeError) as error:
        trial.close()
        raise RuleBroken("备份文件已损坏或不完整(数据不能装入)，没有恢复，原有数据未动。请改用另一份备份。") from error
    schema.migrate(trial)
    return trial


def _fill(connection: Connection, backup: Reader) -> None:
    """Load every table; raise ValueError where rows, counts or the journal's head are not as the manifest says."""
    tables = rows.kept_tables(connection)
    if {table.name for table in tables} != set(backup.manifest.tables):
        raise ValueError("tables of another schema")
    for table in tables:
        if rows.load(connection, table, backup.rows(table.name)) != backup.manifest.tables[table.name]:
            raise ValueError(f"rows of {table.name}")
    rows.set_sequences(connection, tables)
    head = connection.execute(text("SELECT seq, hash FROM journal_head")).first()
    if (tuple(head) if head else (0, "")) != backup.manifest.journal:
        raise ValueError("head of the journal")


def _keep(database: Database, settings: Settings, told: Told) -> Path:
    """Keep what is about to be replaced; return the folder."""
    kept = settings.instance / f"replaced-{clock.wall_now():%Y%m%d-%H%M%S}"
    kept.mkdir(mode=0o700)
    if not database.is_sqlite:
        write_backup(database, settings, kept / "backup.zip", told=told)
        return kept
    file = Path(str(database.url.database))
    try:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1 FROM sqlite_master").first()
            connection.rollback()
            driver = connection.connection.dbapi_connection
            # All that was acknowledged goes into the one file that is kept; then its log can go.
            is_busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]  # type: ignore[union-attr] # checked out
        if is_busy:
            kept.rmdir()
            raise RuleBroken("数据库正被使用，没有恢复。请先停止 zhiquan serve 和其他命令，再恢复。")
    except DatabaseError:
        for log in _logs(file):  # a damaged file keeps its log beside it, for whoever examines it
            shutil.copy2(log, kept / log.name)
    finally:
        database.close()
    os.link(file, kept / file.name)
    sync_folder(kept)
    return kept


def _place_files(staging: Path, settings: Settings, kept: Path | None) -> None:
    """Move the backup's files beside those that are there; a bundle that is there whole stays."""
    for name in ("editions", "drawings", "files"):
        home = settings.instance / name
        home.mkdir(exist_ok=True)
        for item in sorted((staging / name).iterdir()) if (staging / name).is_dir() else []:
            target = home / item.name
            if target.exists():
                if name == "editions" and not verify_bundle(target, sha256_hex((item / MANIFEST).read_bytes())):
                    continue
                if name != "editions":
                    shutil.copytree(item, target, dirs_exist_ok=True)
                    continue
                if kept is not None:
                    target.rename(kept / item.name)
                else:
                    shutil.rmtree(target)
            item.rename(target)
        sync_folder(home)
    os.sync()


def _swap_file(database: Database, trial: Path) -> None:
    """Let the trial's file become the database: one rename, on the file system of the database."""
    target = Path(str(database.url.database))
    target.parent.mkdir(parents=True, exist_ok=True)
    ready = target.with_name(f".{target.name}.restoring")
    shutil.copyfile(trial, ready)
    with ready.open("rb+") as file:
        os.fsync(file.fileno())
    database.close()
    for log in _logs(target):
        log.unlink()  # empty, or of a damaged file and kept: a log of another file must not meet the new one
    ready.replace(target)
    sync_folder(target.parent)


def _fill_postgresql(database: Database, backup: Reader) -> None:
    """Replace all rows in one transaction."""
    with database.engine.begin() as connection:
        if schema.current_on(connection) is not None:
            schema.migrate_on(connection, "base")
        schema.migrate_on(connection, backup.manifest.schema)
        _fill(connection, backup)
        schema.migrate_on(connection)


def _finish(database: Database, settings: Settings, manifest: Manifest, kept: Path | None) -> None:
    """Point the public site at the newest edition; move away what only the replaced database referred to."""
    if not manifest.is_demo:
        settings.demo_mark.unlink(missing_ok=True)
    if point_at_released(database, settings) is None:
        (settings.instance / "public" / POINTER).unlink(missing_ok=True)
    wanted = {folder for folder, _ in _stored(database)}
    for folder in sorted(settings.editions.iterdir()):
        if folder.name not in wanted and kept is not None:
            folder.rename(kept / folder.name)


def _stored(database: Database) -> list[tuple[str, str]]:
    with database.engine.connect() as connection:
        return stored_editions(connection)


def _holds_bytes(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0


def _logs(file: Path) -> list[Path]:
    logs = (file.with_name(f"{file.name}{suffix}") for suffix in ("-wal", "-shm"))
    return [log for log in logs if log.exists()]


def _moment(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


@contextmanager
def _staging(instance: Path) -> Iterator[Path]:
    """Give a folder on the file system of the instance, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix=".restore-", dir=instance))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
