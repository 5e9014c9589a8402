"""The checklists: all versions, and one with its points and what may be done with it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.inspections.checklist_stages import ACTS, CHECKLIST_WORDS
from webapp.inspections.models import Checklist
from webapp.inspections.points import ANSWER_WORDS, PointSection
from webapp.inspections.reading import points_of
from webapp.policy import Actor
from webapp.rules import NotFound

PATH = "/checklists"
TONES = {"published": "settled", "in_review": "under", "draft": "under"}
MAX_ROWS = 300


@dataclass(frozen=True)
class ChecklistRow:
    """A version in the list."""

    address: str
    title: str
    number: int
    state: str
    tone: str
    author: str
    effective_from: date | None


@dataclass(frozen=True)
class ChecklistAct:
    """An act on a version; `refusal` says why it may not be taken by this person."""

    event: str
    label: str
    needs_reason: bool
    refusal: str


@dataclass(frozen=True)
class ChecklistPage:
    """One version."""

    row: ChecklistRow
    id: int
    version: int
    basis_note: str
    reason: str
    digest: str
    sections: tuple[PointSection, ...]
    answer_words: dict[str, str]
    acts: tuple[ChecklistAct, ...]
    is_draft: bool
    may_revise: bool


def checklists_page(session: Session) -> tuple[ChecklistRow, ...]:
    """Return all versions, those in force and in the making first; one query."""
    rows = session.execute(
        select(Checklist, Person.name)
        .join(Person, Person.id == Checklist.author_id)
        .order_by(Checklist.state.in_(("superseded", "retired")), Checklist.title, Checklist.number.desc())
        .limit(MAX_ROWS),
    )
    return tuple(_row(row, name) for row, name in rows)


def checklist_page(session: Session, checklist_id: int, *, viewer: Actor) -> ChecklistPage:
    """Return one version; three queries. Raises NotFound."""
    row = session.get(Checklist, checklist_id)
    if row is None:
        raise NotFound
    author = session.get_one(Person, row.author_id)
    return ChecklistPage(
        row=_row(row, author.name),
        id=row.id,
        version=row.version,
        basis_note=row.basis_note,
        reason=row.reason,
        digest=row.content_digest,
        sections=points_of(session, row.content_digest),
        answer_words=ANSWER_WORDS,
        acts=tuple(
            ChecklistAct(
                act.event,
                act.label,
                act.needs_reason,
                "您是编写人，由其他人员审核。" if act.by_second and row.author_id == viewer.person else "",
            )
            for act in ACTS
            if act.before == row.state
        ),
        is_draft=row.state == "draft",
        may_revise=row.state == "published",
    )


def _row(row: Checklist, author: str) -> ChecklistRow:
    return ChecklistRow(
        address=f"{PATH}/{row.id}",
        title=row.title,
        number=row.number,
        state=CHECKLIST_WORDS[row.state],
        tone=TONES.get(row.state, "quiet"),
        author=author,
        effective_from=row.effective_from,
    )
