"""What a forked server process must not share with the one it came from: workers and the locks around them."""

import os
import weakref
from typing import Protocol


class ForkAware(Protocol):
    """Something that starts afresh in a forked process."""

    def after_fork(self) -> None:
        """Give up what belongs to the process we were forked from."""


_known: "weakref.WeakSet[ForkAware]" = weakref.WeakSet()


def forget_after_fork(thing: ForkAware) -> None:
    """Have `thing.after_fork()` called in every process forked from this one, for as long as the thing lives."""
    _known.add(thing)


def _after_fork() -> None:
    for thing in list(_known):
        thing.after_fork()


os.register_at_fork(after_in_child=_after_fork)
