"""Writing the journal: called by every operation inside its own transaction."""

from collections.abc import Generator, Mapping
from contextlib import closing
from datetime import UTC, datetime

from sqlalchemy import Executable, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp import clock
from webapp.digests import canonical
from webapp.journal.chain import GENESIS, Link, first_fault, link_hash
from webapp.journal.models import JournalEntry, JournalHead, SecurityEvent
from webapp.policy import Actor


def write(session: Session, by: Actor | None, action: str, subject: str, facts: Mapping[str, object]) -> JournalEntry:
    """Append one entry about an act; `by` is None for the installation itself.

    `facts` holds identifiers, states and digests. The head row is locked, so entries of parallel writers queue up;
    operations lock their record first (lock order: record, then journal head).
    """
    locked = select(JournalHead).where(JournalHead.id == 1).with_for_update()
    head = session.scalars(locked).one_or_none()
    if head is None:  # of two that write the first entry at once, one waits here for the other
        session.execute(_first_head(session))
        head = session.scalars(locked).one()
    moment = clock.now()
    text = canonical(facts)
    account, person = (by.account, by.person) if by else (None, None)
    link = Link(head.seq + 1, _stamp(moment), account, person, action, subject, text, head.hash)
    entry = JournalEntry(
        seq=link.seq,
        at=moment,
        account=account,
        person=person,
        action=action,
        subject=subject,
        facts=text,
        previous=link.previous,
        hash=link_hash(link),
    )
    session.add(entry)
    head.seq, head.hash = entry.seq, entry.hash
    session.flush()
    return entry


def _first_head(session: Session) -> Executable:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(JournalHead).values(id=1, seq=0, hash=GENESIS).on_conflict_do_nothing()


def note_security_event(
    session: Session,
    kind: str,
    *,
    account: int | None = None,
    address: str = "",
    detail: str = "",
) -> None:
    """Note a refusal, a sign-in or a read of something marked in the security log."""
    session.add(SecurityEvent(at=clock.wall_now(), kind=kind, account=account, address=address, detail=detail[:500]))


def verify(session: Session, *, head: tuple[int, str] | None = None) -> str | None:
    """Walk the chain; return a sentence about the first fault, or None.

    Against the tail being cut or all hashes recomputed only a head kept outside helps: give it as `head`, the number
    and hash printed earlier; the chain must contain it.
    """
    kept = session.get(JournalHead, 1)
    # A walk that ends at a fault leaves rows unread: the cursor is closed all the same.
    with closing(_links(session)) as links:
        fault = first_fault(links, (kept.seq, kept.hash) if kept else (0, GENESIS))
    if fault is None and head is not None:
        found = session.scalar(select(JournalEntry.hash).where(JournalEntry.seq == head[0]))
        if found != head[1]:
            return f"第{head[0]}条与留存的校验值不符：日志在此之前被改写或截短。"
    return fault


def count_entries(session: Session) -> int:
    """Return the number of entries."""
    return session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def _links(session: Session) -> Generator[Link]:
    entries = select(JournalEntry).order_by(JournalEntry.seq).execution_options(yield_per=500)
    with session.scalars(entries) as rows:
        for row in rows:
            yield Link(
                row.seq,
                _stamp(row.at),
                row.account,
                row.person,
                row.action,
                row.subject,
                row.facts,
                row.previous,
                row.hash,
            )


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
