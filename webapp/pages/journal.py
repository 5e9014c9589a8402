"""The journal, as the auditor reads it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Account, Person
from webapp.journal.models import JournalEntry, JournalHead
from webapp.pages.accounts import ROLE_WORDS
from webapp.pages.directory import RESULT_WORDS
from webapp.pages.journal_supervision import SUPERVISION_STATES
from webapp.pages.journal_words import ACTION_WORDS, FACT_WORDS, SUBJECT_WORDS
from webapp.pages.order_words import ORDER_STATES
from webapp.pages.review_words import OUTCOME_WORDS, REPLY_WORDS
from webapp.reviews.chain import STAGE_LABELS

PAGE_SIZE = 50
MAX_FILTER = 64
INSTALLATION = "系统"
_COUNTED = frozenset({"editions", "entries", "findings", "issued", "items", "manifests", "replaced"})
_VALUE_WORDS: dict[str, Mapping[str, str]] = {
    "outcome": {**OUTCOME_WORDS, "merged": "并入", "distinct": "不同事项"},
    "reply": REPLY_WORDS,
    "result": RESULT_WORDS,
    "role": {str(role): words for role, words in ROLE_WORDS.items()},
    "stage": STAGE_LABELS,
    "state": {**SUPERVISION_STATES, **ORDER_STATES},
}


@dataclass(frozen=True)
class EntryRow:
    """One entry of the journal; facts hold identifiers and digests only."""

    seq: int
    at: datetime
    who: str
    action: str
    subject: str
    subject_words: str
    facts: tuple[tuple[str, str], ...]
    hash: str


@dataclass(frozen=True)
class JournalPage:
    """A page of the journal, newest first, and the head to be kept outside."""

    rows: tuple[EntryRow, ...]
    subject: str
    action: str
    actions: tuple[tuple[str, str, int], ...]  # action, its words and how often
    page: int
    pages: int
    total: int
    head_seq: int
    head_hash: str


def journal_page(session: Session, *, subject: str = "", action: str = "", page: int = 1) -> JournalPage:
    """Return entries, all or of one subject (`power:7`) or one action. Five queries."""
    subject, action = subject.strip()[:MAX_FILTER], action.strip()[:MAX_FILTER]
    by_subject = (JournalEntry.subject == subject,) if subject else ()
    chosen = (*by_subject, *((JournalEntry.action == action,) if action else ()))
    counts = session.execute(
        select(JournalEntry.action, func.count())
        .where(*by_subject)
        .group_by(JournalEntry.action)
        .order_by(JournalEntry.action),
    ).all()
    total = session.scalar(select(func.count()).select_from(JournalEntry).where(*chosen)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(page, pages)
    entries = session.scalars(
        select(JournalEntry)
        .where(*chosen)
        .order_by(JournalEntry.seq.desc())
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE),
    ).all()
    names = account_names(session, {entry.account for entry in entries})
    head = session.get(JournalHead, 1)
    return JournalPage(
        rows=tuple(
            EntryRow(
                entry.seq,
                entry.at,
                names.get(entry.account or 0, INSTALLATION),
                ACTION_WORDS.get(entry.action, entry.action),
                entry.subject,
                _subject_words(entry.subject),
                _facts(entry.facts),
                entry.hash,
            )
            for entry in entries
        ),
        subject=subject,
        action=action,
        actions=tuple((name, ACTION_WORDS.get(name, name), count) for name, count in counts),
        page=page,
        pages=pages,
        total=total,
        head_seq=head.seq if head else 0,
        head_hash=head.hash if head else "",
    )


def account_names(session: Session, accounts: set[int | None]) -> dict[int, str]:
    """Return who stands behind accounts, by number; one query."""
    rows = session.execute(
        select(Account.id, Person.name, Account.username)
        .join(Person, Person.id == Account.person_id)
        .where(Account.id.in_([account for account in accounts if account is not None])),
    )
    return {row.id: f"{row.name} {row.username}" for row in rows}


def _subject_words(subject: str) -> str:
    kind, _, number = subject.partition(":")
    return f"{SUBJECT_WORDS.get(kind, kind)} {number}".strip()


def _facts(text: str) -> tuple[tuple[str, str], ...]:
    facts = json.loads(text)
    return tuple(
        (FACT_WORDS.get(name, name), _fact_words(name, value)) for name, value in facts.items() if value is not None
    )


def _fact_words(name: str, value: object) -> str:
    """Return a fact as text; what is a key in the entry is said in words, of what is listed only how many there are."""
    if name in _COUNTED and isinstance(value, list):
        return str(len(value))
    if isinstance(value, str):
        return _VALUE_WORDS.get(name, {}).get(value, value)
    return json.dumps(value, ensure_ascii=False)
