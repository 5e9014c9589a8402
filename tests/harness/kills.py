"""Killing an act at a moment: it runs in a process of its own, begins on our word, and is ended by `kill -9`.

The process tells each thing it was told is done ("acknowledged") as a person's browser would have shown it.
"""

import json
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from harness.bureau import SmallBureau, power_body
from webapp import schema
from webapp.backup.restoring import restore
from webapp.backup.writing import write_backup
from webapp.config import Settings, load_settings
from webapp.db import Database
from webapp.publication.operations import prepare_editions, release_editions
from webapp.publication.withdrawing import withdraw_record
from webapp.reviews.intake import import_records
from webapp.reviews.kinds import KINDS
from webapp.revisions import operations as revisions
from webapp.revisions.models import Draft

PATIENCE = 60.0  # seconds
IMPORTED = 60  # rows of an import
Tell = Callable[[object], None]


@dataclass(frozen=True)
class Killed:
    """What an act had told when it was killed, and whether it had come to its end."""

    told: list[object]
    is_done: bool
    seconds: float  # from our word to its end


def kill_during(deed: str, settings: Settings, given: object = None, *, after: float | None, heard: int = 0) -> Killed:
    """Let a process do a deed and kill it so many seconds after it told `heard` things; None lets it end."""
    # Processes begin as copies of one that has imported everything: 20 ms instead of a second.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["webapp.publication.operations", "webapp.reviews.intake", "webapp.commands"])
    ours, theirs = context.Pipe()
    process = context.Process(target=_child, args=(deed, str(settings.instance), settings.database_url, given, theirs))
    process.start()
    theirs.close()
    assert ours.poll(PATIENCE)
    assert ours.recv() == "ready"
    start = time.monotonic()
    ours.send("go")
    told = [ours.recv() for _ in range(heard) if ours.poll(PATIENCE)]
    if after is None:
        process.join(PATIENCE)
    else:
        process.join(after)
        if process.is_alive() and process.pid is not None:
            os.kill(process.pid, signal.SIGKILL)
        process.join(PATIENCE)
    seconds = time.monotonic() - start
    told += _drain(ours)
    assert process.exitcode in {0, -signal.SIGKILL}, told
    return Killed([one for one in told if one != "done"], "done" in told, seconds)


def _drain(ours: Connection) -> list[object]:
    told: list[object] = []
    try:
        while ours.poll(0):
            told.append(ours.recv())
    except (EOFError, OSError):
        pass  # the other end is dead; what it had sent was read
    return told


def _child(deed: str, instance: str, url: str, given: object, pipe: Connection) -> None:
    settings = load_settings({"ZHIQUAN_INSTANCE": instance, "ZHIQUAN_DATABASE_URL": url})
    database = Database(url)
    act = DEEDS[deed](SmallBureau(database), settings, given)
    pipe.send("ready")
    pipe.recv()
    act(pipe.send)
    pipe.send("done")
    database.close()


def _save(bureau: SmallBureau, _settings: Settings, given: object) -> Callable[[Tell], None]:
    """Save drafts in turn for as long as one lives, each time with another mark."""
    by = bureau.clerk
    records: list[int] = list(given)  # type: ignore[call-overload] # ids

    def act(tell: Tell) -> None:
        for mark in range(1, 1_000_000):
            record = records[mark % len(records)]
            with bureau.database.writing() as session:
                draft = session.get_one(Draft, record)
                body = {**json.loads(draft.body), "discipline": f"纪律{mark}"}
                seen = draft.version
                revisions.save_draft(session, by, KINDS["power"], record, body, seen_version=seen)
            tell((record, mark))

    return act


def _import(bureau: SmallBureau, _settings: Settings, given: object) -> Callable[[Tell], None]:
    """Take rows in as drafts."""
    by = bureau.clerk
    rows = [
        {"record": "power", "code": f"{given}-{n}", **power_body(name=f"导入{given}之{n}")} for n in range(IMPORTED)
    ]

    def act(tell: Tell) -> None:
        with bureau.database.writing() as session:
            taken = import_records(session, by, list(enumerate(rows, 1))).taken
        tell(taken)

    return act


def _prepare(bureau: SmallBureau, settings: Settings, _given: object) -> Callable[[Tell], None]:
    by = bureau.office
    day = date(2008, 9, 1)
    return lambda tell: tell(
        [one.folder for one in prepare_editions(bureau.database, settings, by, draw=lambda _: None, day=day).editions]
    )


def _release(bureau: SmallBureau, settings: Settings, _given: object) -> Callable[[Tell], None]:
    by = bureau.publisher
    return lambda tell: tell(
        [one.folder for one in release_editions(bureau.database, settings, by, document="审批单1")]
    )


def _withdraw(bureau: SmallBureau, settings: Settings, given: object) -> Callable[[Tell], None]:
    def act(tell: Tell) -> None:
        done = withdraw_record(
            bureau.database, settings, bureau.publisher, str(given), reason="内容有误", document="办〔2008〕9号"
        )
        tell([edition.folder for edition in done.issued])

    return act


def _backup(bureau: SmallBureau, settings: Settings, given: object) -> Callable[[Tell], None]:
    target = Path(str(given))
    return lambda tell: tell(
        write_backup(bureau.database, settings, target, told=lambda files, _label: files).manifest.journal
    )


def _restore(bureau: SmallBureau, settings: Settings, given: object) -> Callable[[Tell], None]:
    source = Path(str(given))

    def act(tell: Tell) -> None:
        tell(
            restore(
                bureau.database,
                settings,
                source,
                replaces=True,
                accepts_faults=False,
                told=lambda files, _label: files,
            ).manifest.journal
        )

    return act


def _migrate(bureau: SmallBureau, _settings: Settings, given: object) -> Callable[[Tell], None]:
    """Migrate up with the migrations of a folder, as a newer version would."""
    schema._FOLDER = Path(str(given))  # noqa: SLF001 - the one place that names it

    def act(tell: Tell) -> None:
        schema.migrate(bureau.database)
        tell("migrated")

    return act


DEEDS: dict[str, Callable[[SmallBureau, Settings, object], Callable[[Tell], None]]] = {
    "save": _save,
    "import": _import,
    "prepare": _prepare,
    "release": _release,
    "withdraw": _withdraw,
    "backup": _backup,
    "restore": _restore,
    "migrate": _migrate,
}
