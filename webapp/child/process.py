"""A worker process under limits: started when first asked, killed when late, silent, talkative or dead.

Limits are laid on the running process from outside (`prlimit`), so that nothing has to run between fork and exec.
The worker gets neither our environment (it holds the secret key) nor any open file of ours.
"""

import contextlib
import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from webapp.child.forks import forget_after_fork

MEBIBYTE = 1 << 20
_PIECE = 1 << 16
_DETAIL = 2000
_ROOT = Path(__file__).resolve().parent.parent.parent
# What a worker needs to find its interpreter and libraries; everything else of the environment stays here.
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR", "SYSTEMROOT")


class Failure(StrEnum):
    """Why a job has no answer."""

    TIMEOUT = "timeout"
    DIED = "died"
    GARBAGE = "garbage"
    TOO_LARGE = "too_large"


class ChildFailed(Exception):  # noqa: N818 - says what happened, like RuleBroken
    """The worker gave no usable answer; it has been killed and the next job gets a new one."""

    def __init__(self, reason: Failure, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Limits:
    """What a worker may use: bytes, seconds of processor over its whole life, jobs before it is replaced."""

    memory: int = 1024 * MEBIBYTE
    cpu_seconds: int = 600
    file_bytes: int = 16 * MEBIBYTE
    answer_bytes: int = 8 * MEBIBYTE
    jobs: int = 500
    start_seconds: float = 30.0


DEFAULT_LIMITS = Limits()


def module_command(module: str) -> tuple[str, ...]:
    """Return the command that runs a module of ours as a worker."""
    return (sys.executable, "-m", module)


class Child:
    """A worker process for the command `argv`; safe to share between threads, which take turns."""

    def __init__(self, argv: Sequence[str], limits: Limits = DEFAULT_LIMITS) -> None:
        self._argv = tuple(argv)
        self._limits = limits
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._finalizer: Callable[[], object] | None = None
        self._asked = 0
        forget_after_fork(self)

    @property
    def pid(self) -> int | None:
        """Process id of the running worker, None while there is none."""
        return self._process.pid if self._process else None

    def ask(self, job: Mapping[str, Any], timeout: float) -> dict[str, Any]:
        """Return the worker's answer to a job; `timeout` in seconds, starting the worker not counted.

        Raises ChildFailed; the worker is then gone and the next job starts a new one.
        """
        with self._lock:
            try:
                self._be_running()
                self._asked += 1
                message = json.dumps({"id": self._asked, "job": job}).encode() + b"\n"
                answer = self._answer(self._exchange(message, timeout), self._asked)
            except BaseException:
                # Also for an interrupt: a worker in the middle of a job would answer the next question with this one.
                self._stop()
                raise
            if self._asked >= self._limits.jobs:
                self._stop()
            return answer

    def close(self) -> None:
        """End the worker; a later job starts a new one."""
        with self._lock:
            self._stop()

    def _be_running(self) -> None:
        if self._process is not None and self._process.poll() is not None:
            self._stop()
        if self._process is None:
            self._start()

    def _start(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the worker
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment |= {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"}
        try:
            # Its own session: Ctrl-C at the terminal ends the server, which then ends its workers in order.
            process = subprocess.Popen(  # noqa: S603 - argv comes from our code, never from input
                self._argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=environment,
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:
            self._stop()
            raise ChildFailed(Failure.DIED, str(error)) from error
        self._process = process
        self._finalizer = weakref.finalize(self, _end, process, self._errors)
        self._asked = 0
        _confine(process.pid, self._limits)
        if self._parsed(self._exchange(b"", self._limits.start_seconds)) != {"ready": True}:
            raise ChildFailed(Failure.GARBAGE, "no greeting")

    def _stop(self) -> None:
        if self._finalizer is not None:
            self._finalizer()
        if self._errors is not None:
            self._errors.close()
        self._process = self._errors = self._finalizer = None

    def _exchange(self, message: bytes, timeout: float) -> bytes:
        """Write a message while reading, until one whole line has come; return it without its end."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise ChildFailed(Failure.DIED)
        into, out_of = process.stdin.fileno(), process.stdout.fileno()
        os.set_blocking(into, False)
        os.set_blocking(out_of, False)
        poller = select.poll()
        poller.register(out_of, select.POLLIN)
        if message:
            poller.register(into, select.POLLOUT)
        received = bytearray()
        rest = memoryview(message)
        deadline = time.monotonic() + timeout
        while b"\n" not in received[-_PIECE:]:
            left = deadline - time.monotonic()
            if left <= 0:
                raise ChildFailed(Failure.TIMEOUT, f"{timeout:g} s")
            for descriptor, _event in poller.poll(left * 1000):
                if descriptor == out_of:
                    received += self._read(out_of)
                else:
                    rest = rest[_write(into, rest) :]
                    if not rest:
                        poller.unregister(into)
            if len(received) > self._limits.answer_bytes:
                raise ChildFailed(Failure.TOO_LARGE, f"over {self._limits.answer_bytes} bytes")
        line, _end_of_line, more = bytes(received).partition(b"\n")
        if more or rest:
            raise ChildFailed(Failure.GARBAGE, "more than one answer")
        return line

    def _read(self, descriptor: int) -> bytes:
        piece = os.read(descriptor, _PIECE)
        if not piece:
            raise ChildFailed(Failure.DIED, self._last_words())
        return piece

    def _last_words(self) -> str:
        """Return the end of what the worker wrote to standard error, for the operator's log."""
        if self._errors is None:
            return ""
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - _DETAIL))
        return self._errors.read().decode("utf-8", "replace").strip()

    def _answer(self, line: bytes, number: int) -> dict[str, Any]:
        envelope = self._parsed(line)
        answer = envelope.get("answer")
        if envelope.get("id") != number or not isinstance(answer, dict):
            raise ChildFailed(Failure.GARBAGE, "not the answer to this job")
        return answer

    @staticmethod
    def _parsed(line: bytes) -> dict[str, Any]:
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ChildFailed(Failure.GARBAGE, "not JSON") from error
        if not isinstance(value, dict):
            raise ChildFailed(Failure.GARBAGE, "not an object")
        return value

    def after_fork(self) -> None:
        """Leave the worker to the process that started it: a forked server starts its own."""
        self._lock = threading.Lock()
        process, errors, finalizer = self._process, self._errors, self._finalizer
        self._process = self._errors = self._finalizer = None
        if isinstance(finalizer, weakref.finalize):
            finalizer.detach()
        if errors is not None:
            errors.close()
        if process is not None:
            # Our copies of the pipes would keep the worker alive after its owner has gone.
            _close_pipes(process)
            process.returncode = 0


def run_once(
    argv: Sequence[str], job: Mapping[str, Any], *, timeout: float, limits: Limits = DEFAULT_LIMITS
) -> dict[str, Any]:
    """Return the answer to one job from a worker made for it alone; raise ChildFailed."""
    child = Child(argv, limits)
    try:
        return child.ask(job, timeout)
    finally:
        child.close()


def _write(descriptor: int, message: memoryview) -> int:
    try:
        return os.write(descriptor, message[:_PIECE])
    except BlockingIOError:
        return 0
    except OSError:
        # The worker has closed its end; what it said before, or its silence, is read from the other pipe.
        return len(message)


def _confine(pid: int, limits: Limits) -> None:
    with contextlib.suppress(ProcessLookupError):
        for kind, value in (
            (resource.RLIMIT_AS, limits.memory),
            (resource.RLIMIT_CPU, limits.cpu_seconds),
            (resource.RLIMIT_FSIZE, limits.file_bytes),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.prlimit(pid, kind, (value, value))


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _end(process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    _close_pipes(process)
    errors.close()
