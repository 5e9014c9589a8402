"""A few workers shared by many threads, with a queue that does not grow without end."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from webapp.child.forks import forget_after_fork
from webapp.child.process import DEFAULT_LIMITS, Child, Limits


class ChildBusy(Exception):  # noqa: N818 - says what happened, like RuleBroken
    """Every worker of the pool stayed busy for as long as the caller may wait, or too many wait already."""


class ChildPool:
    """At most `size` workers of one command; `queue` callers may wait, each at most `wait_seconds`."""

    def __init__(
        self,
        argv: Sequence[str],
        limits: Limits = DEFAULT_LIMITS,
        *,
        size: int = 1,
        queue: int = 64,
        wait_seconds: float = 10.0,
    ) -> None:
        self._children = [Child(argv, limits) for _ in range(size)]
        self._queue = queue
        self._wait_seconds = wait_seconds
        self.after_fork()
        forget_after_fork(self)

    def ask(self, job: Mapping[str, Any], timeout: float) -> dict[str, Any]:
        """Return a worker's answer; raise ChildBusy when none came free in time, ChildFailed like `Child.ask`."""
        child = self._take()
        try:
            return child.ask(job, timeout)
        finally:
            with self._changed:
                self._idle.append(child)
                self._changed.notify()

    def close(self) -> None:
        """End all workers; later jobs start new ones."""
        for child in self._children:
            child.close()

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that run now."""
        return [child.pid for child in self._children if child.pid is not None]

    def _take(self) -> Child:
        with self._changed:
            if not self._idle:
                if self._waiting >= self._queue:
                    raise ChildBusy
                self._waiting += 1
                try:
                    if not self._changed.wait_for(lambda: bool(self._idle), self._wait_seconds):
                        raise ChildBusy
                finally:
                    self._waiting -= 1
            # The one used last is warm.
            return self._idle.pop()

    def after_fork(self) -> None:
        """Start afresh in a forked process: no thread of the old one will ever give a worker back."""
        self._changed = threading.Condition()
        self._idle = list(self._children)
        self._waiting = 0
