"""The only place where time enters: UTC inside, +08:00 shown.

A demonstration or a test may stand on a fixed day (`ZHIQUAN_TODAY`): `now` then keeps the running time of day but on
that date. Sign-in limits and lock-outs use `wall_now`, which is never fixed, so that no setting can prolong them.
"""

from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "+08:00")

_fixed_day: date | None = None


def fix_day(day: date | None) -> None:
    """Let this process stand on one day; None lets time run again. For the demonstration and tests only."""
    global _fixed_day  # noqa: PLW0603 - one process, one clock
    _fixed_day = day


def fixed_day() -> date | None:
    """Return the day this process stands on, or None when time runs."""
    return _fixed_day


def wall_now() -> datetime:
    """Return the machine's time, aware, in UTC; never fixed."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the time of an act, aware, in UTC."""
    moment = wall_now()
    if _fixed_day is None:
        return moment
    local = moment.astimezone(CHINA)
    return local.replace(year=_fixed_day.year, month=_fixed_day.month, day=_fixed_day.day).astimezone(UTC)


def today() -> date:
    """Return the day in China."""
    return now().astimezone(CHINA).date()


def local_day(moment: datetime) -> date:
    """Return the day in China on which an aware moment falls."""
    return moment.astimezone(CHINA).date()
