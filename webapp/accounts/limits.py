"""How long things last: locks, sign-ins, passwords. Pure; all moments are the machine's, which no setting can fix.

A clock set back prolongs nothing (AUD-08): what lies ahead of now by more than it can is void.
"""

from datetime import datetime, timedelta

MAX_ATTEMPTS = 5  # wrong passwords in a row
LOCKED_FOR = timedelta(minutes=15)
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
_SKEW = timedelta(minutes=1)  # between the clocks of two workers' machines


def is_locked(locked_until: datetime | None, now: datetime) -> bool:
    """Say whether a lock holds; one that ends later than any lock set now would is void."""
    return locked_until is not None and timedelta(0) < locked_until - now <= LOCKED_FOR + _SKEW


def is_alive(started: datetime, seen: datetime, now: datetime) -> bool:
    """Say whether a sign-in still stands: used within half an hour, not older than half a day."""
    return -_SKEW <= now - started < ABSOLUTE and -_SKEW <= now - seen < IDLE


def is_worn_out(set_at: datetime, days: int, now: datetime) -> bool:
    """Say whether a password has served its days (等保 asks for a change; 0 days: never)."""
    return days > 0 and now - set_at > timedelta(days=days)
