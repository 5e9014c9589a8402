"""Writing a backup while the system runs: the rows as of one instant, the stored bundles, the drawings.

Stored bundles never change once their row is there, so they are copied after the rows, when nobody waits for us.
"""

import fcntl
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from webapp import clock, schema
from webapp.backup import rows
from webapp.backup.archive import FORMAT, FORMAT_VERSION, TABLES, Manifest, Writer
from webapp.bundle.verify import verify_bundle
from webapp.config import Settings
from webapp.db import Database
from webapp.files.reading import file_faults
from webapp.journal import operations as journal
from webapp.publication.storing import sync_folder
from webapp.rules import Misconfigured, RuleBroken

Told = Callable[[list[Path], str], Iterable[Path]]
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Backup:
    """A backup that was written; `faults` tell of damage that was there before and is now in the backup too."""

    digest: str  # of its manifest
    manifest: Manifest
    faults: list[str]


def write_backup(database: Database, settings: Settings, target: Path, *, told: Told) -> Backup:
    """Write a backup; the file gets its name when every byte of it is on the disk.

    Raises RuleBroken where the file is there already or another backup is writing it, OSError where it cannot be
    written.
    """
    if target.exists():
        raise RuleBroken(f"{target.name} 已存在，没有覆盖。请另起一个文件名。")
    draft = target.with_name(f".{target.name}.part")
    # Readable by the owner alone: a backup holds what is not public, and the digests of passwords.
    with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        _lock(file.fileno(), target)
        try:
            file.truncate()
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                backup = _write(Writer(archive), database, settings, told)
            file.flush()
            os.fsync(file.fileno())
            draft.rename(target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    sync_folder(target.parent)
    return backup


def faults_of(database: Database, home: Path, stored: Iterable[tuple[str, str]]) -> list[str]:
    """Return a sentence for each thing that is not what the database says: the journal, stored files and bundles.

    `home` holds the folders `editions` and `files`; `stored` folder and digest of the manifest of each edition.
    """
    found, editions = [], home / "editions"
    with database.reading() as session:
        if fault := journal.verify(session):
            found.append(f"操作日志校验不符：{fault}")
        found.extend(file_faults(session, home / "files"))
    for folder, digest in stored:
        if differences := verify_bundle(editions / folder, digest):
            found.append(f"公开包 {folder} 有{len(differences)}处不符：{differences[0].sentence}")
    return found


def stored_editions(connection: Connection) -> list[tuple[str, str]]:
    """Return folder and digest of every edition."""
    return [(row.folder, row.manifest_digest) for row in connection.execute(text(_EDITIONS))]


_EDITIONS = "SELECT folder, manifest_digest FROM edition ORDER BY id"


def _write(writer: Writer, database: Database, settings: Settings, told: Told) -> Backup:
    made_at = clock.wall_now().isoformat(timespec="seconds")
    with database.engine.connect() as plain:
        connection = plain
        if not database.is_sqlite:
            connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        # On SQLite the first statement that reads fixes what all later ones see.
        revision = schema.current_on(connection)
        if revision is None:
            raise Misconfigured("数据库尚未建立，没有可备份的内容。请先运行 zhiquan init。")
        counts = {}
        for table in rows.kept_tables(connection):
            counted = _Counted(rows.lines_of(connection, table))
            writer.add(f"{TABLES}/{table.name}.jsonl", counted)
            counts[table.name] = counted.count
        head = connection.execute(text("SELECT seq, hash FROM journal_head")).first()
        stored = stored_editions(connection)
    folders = [settings.editions / folder for folder, _ in stored]
    files = [file for folder in (*folders, settings.drawings, settings.files) for file in _files(folder)]
    for file in told(files, "备份文件"):
        writer.add(file.relative_to(settings.instance).as_posix(), _chunks(file))
    manifest = Manifest(
        format=FORMAT,
        version=FORMAT_VERSION,
        made_at=made_at,
        schema=revision,
        is_demo=settings.demo_mark.exists(),
        journal=(head.seq, head.hash) if head else (0, ""),
        tables=counts,
        parts=writer.parts,
    )
    # An older schema cannot be walked with today's models; its restore walks it after the upgrade.
    faults = faults_of(database, settings.instance, stored) if revision == schema.head() else []
    return Backup(writer.finish(manifest), manifest, faults)


class _Counted:
    """Lines that are counted as they pass."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self.count += 1
            yield line


def _files(folder: Path) -> list[Path]:
    """Return the regular files below a folder in order, without what is still being written."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in found if not path.name.startswith(".") and path.suffix != ".part")


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while chunk := source.read(_CHUNK):
            yield chunk


def _lock(descriptor: int, target: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise RuleBroken(f"另一个备份正在写 {target.name}。请等它结束，或另起一个文件名。") from None
