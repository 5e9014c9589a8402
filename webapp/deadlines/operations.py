"""Changing the calendar, and taking a lease on recurring work."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.deadlines.models import CalendarDay, Lease
from webapp.deadlines.table import read_calendar_table, whole_years
from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.policy import Actor, Permission
from webapp.rules import NotAllowed, RuleBroken
from webapp.workdays import CalendarDay as Day

# A lease that ends later than any taken now would was taken under a clock that has been set back: it is void.
_LONGEST = timedelta(hours=1)


def load_calendar(session: Session, days: Sequence[Day], *, by: Actor | None) -> int:
    """Keep these days as the notice makes them; return how many differ from what stood. One journal entry if any."""
    kept = {row.day: row for row in session.scalars(select(CalendarDay))}
    changed, new = [], []
    for day in days:
        row = kept.get(day.day)
        if row is None:
            new.append({"day": day.day, "is_working": day.is_working, "name": day.name})
        elif (row.is_working, row.name) != (day.is_working, day.name):
            row.is_working, row.name = day.is_working, day.name
        else:
            continue
        changed.append([day.day.isoformat(), day.is_working, day.name])
    if new:
        session.execute(insert(CalendarDay), new)
    if changed:
        session.flush()
        journal.write(session, by, "load_calendar", "calendar", {"days": len(changed), "content": digest(changed)})
    return len(changed)


def import_calendar(session: Session, rows: Sequence[tuple[int, Sequence[str]]], *, by: Actor) -> int:
    """Take in what the rows of a previewed table hold, their years filled up by the week; return how many days changed.

    Limits are counted anew from now on; what was counted and written down before stays as it was.
    """
    if not by.may(Permission.MANAGE_SETTINGS):
        raise NotAllowed("工作日历由系统管理员按国务院办公厅的通知录入。")
    table = read_calendar_table(rows)
    if not table.days:
        raise RuleBroken("表中没有可以录入的日期，请核对后重新选择。", "file")
    return load_calendar(session, whole_years(table.days, session.scalars(select(CalendarDay.day))), by=by)


def take_lease(session: Session, name: str, *, owner: str, seconds: float) -> bool:
    """Take or prolong a lease; False where another owner holds it. Not an act of a person, so not journalled.

    Two owners who find no row at the same moment end in the primary key: the second one's transaction fails.
    """
    now = clock.wall_now()
    lease = session.scalars(select(Lease).where(Lease.name == name).with_for_update()).one_or_none()
    if lease is None:
        lease = Lease(name=name, owner=owner, until=now)
        session.add(lease)
    elif lease.owner != owner and now < lease.until <= now + _LONGEST:
        return False
    lease.owner, lease.until = owner, now + timedelta(seconds=seconds)
    session.flush()
    return True


def give_back_lease(session: Session, name: str, *, owner: str) -> None:
    """Let another begin at once."""
    lease = session.scalars(select(Lease).where(Lease.name == name, Lease.owner == owner)).one_or_none()
    if lease is not None:
        session.delete(lease)
