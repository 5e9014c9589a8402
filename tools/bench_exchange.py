"""The bench's figures beside requests: files in and out, drawings, backup and restore, memory of the workers."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.bench_report import Report, spent
from webapp.backup.restoring import restore
from webapp.backup.writing import write_backup
from webapp.config import Settings, load_settings
from webapp.db import Database
from webapp.flows.drawings import draw
from webapp.policy import Actor
from webapp.reviews.export import catalogue_file

_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE = 60.0  # seconds
_AIMS = {"jsonl": None, "csv": 0.04, "xlsx": 0.2}  # milliseconds a row


def measure_exports(report: Report, database: Database, office: Actor, powers: int) -> None:
    """Measure the catalogue as a file in each format."""
    for form, aim in _AIMS.items():
        with database.reading() as session, spent() as took:
            content = catalogue_file(session, office, form)
        if not content:
            report.fail(f"export a row ({form})", "an empty file")
            return
        report.line(f"export a row ({form})", took[0] / powers * 1000, aim, f"{powers} powers")


def measure_backup(report: Report, database: Database, settings: Settings, powers: int) -> None:
    """Measure a backup, and its restore into an empty installation."""
    with tempfile.TemporaryDirectory(prefix="zhiquan-bench-") as folder:
        target = Path(folder) / "saved.zip"
        with spent() as took:
            write_backup(database, settings, target, told=lambda files, _: files)
        report.line("backup, a power", took[0] / powers * 1000, None, f"{target.stat().st_size >> 20} MiB")
        elsewhere = load_settings({"ZHIQUAN_INSTANCE": str(Path(folder) / "other")})
        other = Database(elsewhere.database_url)
        with spent() as took:
            restore(other, elsewhere, target, replaces=False, accepts_faults=False, told=lambda files, _: files)
        other.close()
        report.line("restore, a power", took[0] / powers * 1000, None, "all of it checked")


def measure_drawing(report: Report, lines: list[dict[str, Any]]) -> None:
    """Measure drawing charts anew, the layout child's time included."""
    charts = [line for line in lines if line["record"] == "flow"][:60]
    if draw(charts[0]).svg is None:
        report.fail("draw a chart", "this machine can draw nothing; see zhiquan doctor")
        return
    before = _descendants_time()
    with spent() as took:
        for chart in charts:
            draw(chart)
    children = _descendants_time() - before
    report.line("draw a chart", (took[0] + children) / len(charts) * 1000, None, f"{len(charts)} charts")


def measure_memory(report: Report, settings: Settings) -> None:
    """Measure the memory of `serve` with two workers, each having answered some pages."""
    with serving(settings.instance) as (server, port):
        for _ in range(60):
            _ask(f"http://127.0.0.1:{port}/sign-in")
        workers = [pid for pid in _children(server.pid) if "spawn_main" in _command(pid)]
        held = sum(_proportional_kib(pid) for pid in workers)
        report.line("memory of the workers", held / 1024, 180, f"{len(workers)} workers", "MiB")
        report.line("memory with the process that starts them", held_kib(server.pid) / 1024, None, "and ticks", "MiB")


@contextmanager
def serving(instance: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run `zhiquan serve` on a free port until the block ends; give its process and port once it answers."""
    port = _free_port()
    command = [sys.executable, "-m", "webapp.commands", "serve", "--bind", f"127.0.0.1:{port}"]
    environment = {**os.environ, "ZHIQUAN_INSTANCE": str(instance)}
    server = subprocess.Popen(  # noqa: S603 - our own command
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        if not _answers(f"http://127.0.0.1:{port}/sign-in"):
            raise SystemExit("the server did not answer")
        yield server, port
    finally:
        server.terminate()
        server.wait(_PATIENCE)


def held_kib(pid: int) -> int:
    """Return the memory of a process and all below it, what they share counted once."""
    return sum(_proportional_kib(one) for one in (pid, *_below(pid)))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(address: str) -> bool:
    limit = time.monotonic() + _PATIENCE
    while time.monotonic() < limit:
        try:
            return _ask(address)
        except OSError:
            time.sleep(0.2)
    return False


def _ask(address: str) -> bool:
    with urllib.request.urlopen(address, timeout=_PATIENCE) as answer:  # noqa: S310 - our own server
        return bool(answer.read())


def _children(pid: int) -> list[int]:
    """Return the processes that a process started."""
    found: list[int] = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in file.read_text().split()]
    return found


def _below(pid: int) -> list[int]:
    return [one for child in _children(pid) for one in (child, *_below(child))]


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def _descendants_time() -> float:
    """Return the processor seconds of all processes below this one, those they have waited for included."""
    ticks = 0
    for pid in _below(os.getpid()):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / _TICKS


def _proportional_kib(pid: int) -> int:
    """Return the memory of a process, what it shares counted in parts."""
    told = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(told[1]) if told else 0
