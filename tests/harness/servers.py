"""Real server processes for tests: the commands of the contract, on a free port, over an instance folder apart."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Password of every sample account on servers the tests start.
SAMPLE_PASSWORD = "Zhiquan-2008-ceshi"
_PATIENCE = 60.0  # seconds; engineers and tests share two cores


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, its process, what it writes."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """Kill the server and its workers at once, as a power cut would (`kill -9`)."""
        _end(self.process, signal.SIGKILL)


def environment(instance: Path, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a command that works on `instance`; `settings` are names without the prefix."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("ZHIQUAN_")}
    named = {"INSTANCE": str(instance), "DEMO_PASSWORD": SAMPLE_PASSWORD} | dict(settings or {})
    return given | {f"ZHIQUAN_{name}": value for name, value in named.items()}


def run_command(
    instance: Path,
    *arguments: str,
    settings: Mapping[str, str] | None = None,
    timeout: float = 600,  # a limit for what hangs; the sample bureau takes minutes on a machine under load
) -> subprocess.CompletedProcess[str]:
    """Run one `zhiquan` command to its end; the caller looks at the exit code."""
    return subprocess.run(
        [sys.executable, "-m", "webapp.commands", *arguments],
        cwd=ROOT,
        env=environment(instance, settings),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    instance: Path,
    *arguments: str,
    settings: Mapping[str, str] | None = None,
    ready_at: str = "/healthz",
) -> Iterator[Server]:
    """Run `zhiquan serve …` (or `serve-public …`) on a free port until the block ends.

    Raises RuntimeError with the end of its log where it stops or does not answer.
    """
    port = free_port()
    log = instance.parent / f"{instance.name}-{port}.log"
    command = [sys.executable, "-m", "webapp.commands", *(arguments or ("serve",)), "--bind", f"127.0.0.1:{port}"]
    with log.open("wb") as written:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(instance, settings),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(f"http://127.0.0.1:{port}", process, log)
    try:
        _await(server, command, ready_at)
        yield server
    finally:
        _end(process, signal.SIGTERM)


def _await(server: Server, command: Sequence[str], path: str) -> None:
    limit = time.monotonic() + _PATIENCE
    while time.monotonic() < limit:
        if server.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(server.url + path, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    said = server.log.read_text(errors="replace")[-3000:]
    raise RuntimeError(f"{' '.join(command[1:])} did not serve (exit {server.process.poll()}):\n{said}")


def _end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """End a process and all of its group, then wait for it."""
    for step in (how, signal.SIGKILL):
        try:
            os.killpg(process.pid, step)  # it leads a session of its own
        except ProcessLookupError:
            break
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            continue
    process.wait(15)
