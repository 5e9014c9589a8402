"""The journal under attack: what the walk finds by itself, and what only with a head that was kept outside."""

import json
import multiprocessing
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from harness import walk
from harness.bureau import found_bureau, power_body
from webapp import clock
from webapp.db import Database
from webapp.journal import operations as journal
from webapp.journal.chain import GENESIS, Link, link_hash
from webapp.journal.models import JournalEntry, JournalHead
from webapp.revisions.models import Record

ENTRIES = 8
WRITES = int(os.environ.get("ZHIQUAN_ROUNDS", "6")) * 10
_PATIENCE = 60  # seconds


@pytest.fixture
def kept(database: Database) -> tuple[int, str]:
    """A journal of some entries; the head as the auditor has it on paper."""
    for number in range(ENTRIES):
        with database.writing() as session:
            journal.write(session, None, "act", f"test:{number}", {"number": number})
    with database.reading() as session:
        head = session.get_one(JournalHead, 1)
    return head.seq, head.hash


def unlocked(database: Database, attack: Callable[[Connection], None]) -> None:
    """Do what an administrator of the database could: take the triggers away, then attack."""
    with database.engine.execution_options(writing=True).begin() as connection:
        if database.is_sqlite:
            for act in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER journal_entry_no_{act}"))
        else:
            connection.execute(text("DROP TRIGGER journal_entry_immutable ON journal_entry"))
        attack(connection)


def found(database: Database, head: tuple[int, str] | None = None) -> str | None:
    """What the walk says."""
    with database.reading() as session:
        return journal.verify(session, head=head)


def _run(connection: Connection, statement: str, **given: object) -> None:
    connection.execute(text(statement), given)


def _change(connection: Connection) -> None:
    _run(connection, "UPDATE journal_entry SET facts = :facts WHERE seq = 4", facts='{"number":99}')


def _delete_in_the_middle(connection: Connection) -> None:
    _run(connection, "DELETE FROM journal_entry WHERE seq = 4")


def _insert(connection: Connection) -> None:
    _run(
        connection,
        "INSERT INTO journal_entry (seq, at, account, person, action, subject, facts, previous, hash) "
        "SELECT seq + 1, at, account, person, action, subject, facts, hash, 'x' FROM journal_entry WHERE seq = :last",
        last=ENTRIES,
    )


def _move(connection: Connection, old: int, new: int) -> None:
    _run(connection, "UPDATE journal_entry SET seq = :new WHERE seq = :old", old=old, new=new)


def _swap(connection: Connection) -> None:
    for old, new in ((4, 100), (5, 4), (100, 5)):
        _move(connection, old, new)


def _renumber(connection: Connection) -> None:
    _delete_in_the_middle(connection)
    for old in range(5, ENTRIES + 1):
        _move(connection, old, old - 1)
    _run(connection, "UPDATE journal_head SET seq = seq - 1")


def _cut_the_tail_alone(connection: Connection) -> None:
    _run(connection, "DELETE FROM journal_entry WHERE seq = :last", last=ENTRIES)


@pytest.mark.parametrize(
    ("attack", "place"),
    [
        (_change, "第4条内容"),
        (_delete_in_the_middle, "第4条缺失"),
        (_insert, f"第{ENTRIES + 1}条"),
        (_swap, "第4条"),
        (_renumber, "第4条"),
        (_cut_the_tail_alone, f"止于第{ENTRIES - 1}条"),
    ],
)
def test_the_walk_names_the_place(
    kept: tuple[int, str], database: Database, attack: Callable[[Connection], None], place: str
) -> None:
    assert found(database, kept) is None
    unlocked(database, attack)
    assert place in (found(database) or "")


def _cut_the_tail_and_the_head(connection: Connection) -> None:
    _cut_the_tail_alone(connection)
    _run(connection, "UPDATE journal_head SET seq = seq - 1")
    _run(connection, "UPDATE journal_head SET hash = (SELECT hash FROM journal_entry ORDER BY seq DESC LIMIT 1)")


def _recompute_everything(connection: Connection) -> None:
    """Change an entry and give every later one a hash that fits, as whoever knows the rule can."""
    _change(connection)
    rows = connection.execute(select(JournalEntry.__table__).order_by(JournalEntry.seq)).all()
    previous = GENESIS
    for row in rows:
        stamp = row.at.astimezone(UTC).isoformat(timespec="microseconds")
        link = Link(row.seq, stamp, row.account, row.person, row.action, row.subject, row.facts, previous)
        changed = {"previous": previous, "hash": link_hash(link), "seq": row.seq}
        connection.execute(
            text("UPDATE journal_entry SET previous = :previous, hash = :hash WHERE seq = :seq"), changed
        )
        previous = link_hash(link)
    connection.execute(text("UPDATE journal_head SET hash = :hash"), {"hash": previous})


@pytest.mark.parametrize("attack", [_cut_the_tail_and_the_head, _recompute_everything])
def test_what_is_rewritten_as_a_whole_is_found_with_the_kept_head_and_only_so(
    kept: tuple[int, str], database: Database, attack: Callable[[Connection], None]
) -> None:
    unlocked(database, attack)

    assert found(database) is None
    assert "留存的校验值不符" in (found(database, kept) or "")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET action = 'x' WHERE seq = 1",
        "DELETE FROM journal_entry WHERE seq = 1",
        "DELETE FROM journal_entry",
    ],
)
def test_the_database_itself_refuses_to_change_an_entry(
    kept: tuple[int, str], database: Database, statement: str
) -> None:
    with (
        pytest.raises(DBAPIError, match="immutable"),
        database.engine.execution_options(writing=True).begin() as connection,
    ):
        connection.execute(text(statement))
    assert found(database, kept) is None


def test_an_act_that_cannot_be_journalled_is_not_done(database: Database) -> None:
    bureau = found_bureau(database)
    with database.engine.execution_options(writing=True).begin() as connection:
        if database.is_sqlite:
            refuse = (
                "CREATE TRIGGER full BEFORE INSERT ON journal_entry BEGIN SELECT RAISE(ABORT, 'journal is full'); END"
            )
        else:
            connection.execute(
                text(
                    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$ BEGIN RAISE EXCEPTION 'journal is full'; END $$"
                )
            )
            refuse = "CREATE TRIGGER full_ BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION refuse()"
        connection.execute(text(refuse))

    with pytest.raises(Exception, match=r"journal is full|未保存"):
        walk.create(bureau, bureau.clerk, "power", power_body())

    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Record)) == 0
        assert journal.count_entries(session) == session.get_one(JournalHead, 1).seq


def test_a_clock_that_jumps_leaves_the_order(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    right = datetime(2008, 7, 8, 2, tzinfo=UTC)
    times = [right, right - timedelta(days=2), right + timedelta(days=365), right + timedelta(seconds=1)]
    for number, moment in enumerate(times):
        monkeypatch.setattr(clock, "wall_now", lambda moment=moment: moment)
        with database.writing() as session:
            journal.write(session, None, "act", f"test:{number}", {})

    assert found(database) is None
    with database.reading() as session:
        entries = session.scalars(select(JournalEntry).order_by(JournalEntry.seq)).all()
    assert [entry.subject for entry in entries] == [f"test:{number}" for number in range(len(times))]
    assert [entry.at for entry in entries] == times


def _write_many(url: str, name: str, count: int) -> None:
    database = Database(url)
    for number in range(count):
        with database.writing() as session:
            journal.write(session, None, "act", f"{name}:{number}", {"number": number})
    database.close()


@pytest.mark.soak
def test_writers_in_several_processes_make_one_chain_without_a_gap(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(url, f"writer{n}", WRITES)) for n in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(_PATIENCE * 5)
        assert writer.exitcode == 0

    assert found(database) is None
    with database.reading() as session:
        entries = session.scalars(select(JournalEntry).order_by(JournalEntry.seq)).all()
    assert len(entries) == 2 * WRITES
    for n in range(2):
        own = [json.loads(entry.facts)["number"] for entry in entries if entry.subject.startswith(f"writer{n}:")]
        assert own == list(range(WRITES))
