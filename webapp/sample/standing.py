"""The clock while the sample's days are lived through."""

from collections.abc import Iterator
from contextlib import contextmanager

from webapp import clock


@contextmanager
def standing_clock() -> Iterator[None]:
    """Put the clock back, whatever day the acts inside set it to."""
    before = clock.fixed_day()
    try:
        yield
    finally:
        clock.fix_day(before)
