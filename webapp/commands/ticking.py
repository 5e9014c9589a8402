"""What time brings, done once a minute under a lease: each duty is a function that may run again without harm."""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from webapp import clock
from webapp.accounts.limits import ABSOLUTE, IDLE
from webapp.accounts.models import SignIn
from webapp.campaigns.nil_returns import drop_contradicted_now
from webapp.campaigns.reminding import remind
from webapp.config import Settings
from webapp.db import Database
from webapp.deadlines.operations import give_back_lease, take_lease
from webapp.deadlines.recomputing import find_differences, mark_overdue, recompute
from webapp.files.operations import remove_unnamed
from webapp.findings.carding import propose_cards
from webapp.findings.reminding import remind_of_orders, serve_unacknowledged
from webapp.inspections.advancing import lapse_comments
from webapp.inspections.planning import mark_missed
from webapp.journal import operations as journal
from webapp.matters.operations import raise_lacks
from webapp.publication.operations import point_at_released
from webapp.publication.withdrawing import remove_replaced
from webapp.revisions.models import Autosave
from webapp.rules import RuleBroken

LEASE = "tick"
EVERY = 60.0  # seconds
HELD_FOR = 3 * EVERY  # a server that stopped without a word is replaced after this
AUTOSAVES_KEPT = timedelta(days=30)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Duty:
    """One thing that time brings; `run` does what is due and returns how much it was."""

    name: str
    label: str
    run: Callable[[Database, Settings], int]


def mend_pointer(database: Database, settings: Settings) -> int:
    """Point the public site at the newest released edition, should the pointer have been lost in a crash."""
    before = _pointed(settings)
    point_at_released(database, settings)
    return int(_pointed(settings) != before)


def drop_lapsed(database: Database, _settings: Settings) -> int:
    """Remove sign-ins that no longer hold, and what somebody typed 30 days ago and never saved; one journal entry."""
    wall, now = clock.wall_now(), clock.now()
    with database.writing() as session:
        sign_ins = session.execute(
            delete(SignIn).where((SignIn.started_at < wall - ABSOLUTE) | (SignIn.seen_at < wall - IDLE)),
        )
        autosaves = session.execute(delete(Autosave).where(Autosave.saved_at < now - AUTOSAVES_KEPT))
        counts = {"sign_ins": _count(sign_ins), "autosaves": _count(autosaves)}
        if any(counts.values()):
            journal.write(session, None, "drop_lapsed", "installation", counts)
    return sum(counts.values())


def remind_of_dates(database: Database, _settings: Settings) -> int:
    """Remind people of the campaign's dates; one journal entry if anything was due."""
    with database.writing() as session:
        return remind(session)


def drop_nil_returns(database: Database, _settings: Settings) -> int:
    """End nil returns of categories in which an item has appeared; one journal entry if any."""
    with database.writing() as session:
        return drop_contradicted_now(session)


def drop_unnamed_files(database: Database, settings: Settings) -> int:
    """Remove the bytes of uploads that failed; nobody ever saw them, so nothing is journalled."""
    with database.reading() as session:
        return remove_unnamed(session, settings.files)


def recompute_clocks(database: Database, _settings: Settings) -> int:
    """Count running limits anew where the calendar changed; one journal entry if any moved."""
    with database.reading() as session:
        if not find_differences(session):
            return 0
    with database.writing() as session:
        return recompute(session, by=None)


def mark_passed_limits(database: Database, _settings: Settings) -> int:
    """Keep which limits passed, dated at the moment they did; one journal entry if any."""
    with database.writing() as session:
        return mark_overdue(session)


def raise_missing_traces(database: Database, _settings: Settings) -> int:
    """Make findings of the traces of key areas that are missing after their day; one journal entry if any."""
    with database.writing() as session:
        return raise_lacks(session)


def lapse_inspection_comments(database: Database, _settings: Settings) -> int:
    """Keep the silence of sections that let the days for their comment pass; one journal entry if any."""
    with database.writing() as session:
        return lapse_comments(session)


def mark_missed_inspections(database: Database, _settings: Settings) -> int:
    """Keep which planned inspections were missed; one journal entry if any."""
    with database.writing() as session:
        return mark_missed(session)


def urge_orders(database: Database, _settings: Settings) -> int:
    """Serve orders nobody signed for, remind of limits, propose cards; entries of their own."""
    with database.writing() as session:
        return serve_unacknowledged(session) + remind_of_orders(session) + propose_cards(session)


DUTIES = (
    Duty("mend_pointer", "公开版指向", mend_pointer),
    Duty("remove_replaced", "清除撤下前的公开包", remove_replaced),
    Duty("drop_lapsed", "清除失效的登录和过期的暂存", drop_lapsed),
    Duty("drop_unnamed_files", "清除未完成的上传", drop_unnamed_files),
    Duty("drop_nil_returns", "了结已有事项的零报告", drop_nil_returns),
    Duty("recompute_clocks", "按日历重算时限", recompute_clocks),
    Duty("mark_passed_limits", "登记超期", mark_passed_limits),
    Duty("raise_lacks", "列出逾期未留痕的重点事项", raise_missing_traces),
    Duty("lapse_inspection_comments", "登记期满未提意见", lapse_inspection_comments),
    Duty("mark_missed_inspections", "登记逾期未检查", mark_missed_inspections),
    Duty("urge_orders", "催办整改", urge_orders),
    Duty("remind_of_dates", "提醒专项工作的时限", remind_of_dates),
)


def run_duties(database: Database, settings: Settings) -> dict[str, int]:
    """Do all that is due; return per duty how much it was."""
    return {duty.name: duty.run(database, settings) for duty in DUTIES}


def tick_under_lease(database: Database, settings: Settings, owner: str) -> bool:
    """Do what is due unless another server does; say whether this one did."""
    with database.writing() as session:
        is_mine = take_lease(session, LEASE, owner=owner, seconds=HELD_FOR)
    if is_mine:
        run_duties(database, settings)
    return is_mine


class Ticker:
    """Ticks once a minute in a thread of its own until stopped; a failure is logged and the next minute tries again."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tick", daemon=True)

    def start(self) -> None:
        """Begin; the first tick comes at once."""
        self._thread.start()

    def stop(self) -> None:
        """End after the tick that runs now, and let another server begin at once."""
        self._stop.set()
        self._thread.join(10)

    def _run(self) -> None:
        database = Database(self._settings.database_url)
        try:
            while not self._stop.is_set():
                self._once(database)
                self._stop.wait(EVERY)
            with database.writing() as session:
                give_back_lease(session, LEASE, owner=self._owner)
        except (RuleBroken, SQLAlchemyError):
            _log.warning("the lease was not given back and will run out")
        finally:
            database.close()

    def _once(self, database: Database) -> None:
        try:
            tick_under_lease(database, self._settings, self._owner)
        except (RuleBroken, SQLAlchemyError, OSError):
            _log.exception("tick failed; it is tried again in a minute")


def _pointed(settings: Settings) -> str:
    pointer = settings.instance / "public" / "current"
    return pointer.read_text(encoding="utf-8") if pointer.exists() else ""


def _count(result: object) -> int:
    return int(getattr(result, "rowcount", 0) or 0)
