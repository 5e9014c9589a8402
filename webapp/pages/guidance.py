"""业务指导: questions that wait, answers that hold, and one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person, Section
from webapp.pages.finding import section_names
from webapp.pages.worklist_papers import PaperTask
from webapp.policy import Actor, Permission
from webapp.rules import NotFound
from webapp.training.forms import CATEGORY_WORDS, FIELD_WORDS
from webapp.training.models import Guidance

PATH = "/guidance"
PAGE_SIZE, MAX_QUERY = 50, 64
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class GuidanceRow:
    """A question with its answer; `address` is its page."""

    id: int
    asked_on: date
    section: str
    question: str
    answer: str
    scope: str
    asked_by: str
    answered_by: str
    answered_at: datetime | None
    is_withdrawn: bool
    reason: str
    version: int


@dataclass(frozen=True)
class GuidanceListPage:
    """The list: those that wait first, then the newest answers."""

    rows: tuple[GuidanceRow, ...]
    q: str
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None
    sections: Options
    may_ask: bool
    may_answer: bool


@dataclass(frozen=True)
class GuidancePage:
    """One question."""

    row: GuidanceRow
    categories: Options
    fields: Options
    may_answer: bool
    values: Mapping[str, str]


_ASKER, _ANSWERER = aliased(Person), aliased(Person)
_ROWS = (
    select(Guidance, Section.name, _ASKER.name, _ANSWERER.name)
    .outerjoin(Section, Section.id == Guidance.section_id)
    .join(_ASKER, _ASKER.id == Guidance.asked_by)
    .outerjoin(_ANSWERER, _ANSWERER.id == Guidance.answered_by)
)


def guidance_list_page(session: Session, q: str, *, viewer: Actor, page: int = 1) -> GuidanceListPage:
    """Return the list; three queries."""
    words = q.strip()[:MAX_QUERY]
    chosen = _searched(words)
    total = session.scalar(select(func.count()).select_from(Guidance).where(chosen)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    at = min(page, pages)
    found = session.execute(
        _ROWS.where(chosen)
        .order_by(Guidance.answered_at.is_not(None), Guidance.withdrawn_at.is_not(None), Guidance.id.desc())
        .limit(PAGE_SIZE)
        .offset((at - 1) * PAGE_SIZE),
    )
    may_answer = viewer.may(Permission.ANSWER_GUIDANCE)
    own = [one for one in section_names(session) if may_answer or one.id in viewer.own_sections]
    return GuidanceListPage(
        rows=tuple(_row(*row) for row in found),
        q=words,
        total=total,
        page=at,
        pages=pages,
        previous=_address(words, at - 1) if at > 1 else None,
        next=_address(words, at + 1) if at < pages else None,
        sections=((("", "不限科室"),) if may_answer else ()) + tuple((str(one.id), one.name) for one in own),
        may_ask=may_answer or bool(viewer.own_sections),
        may_answer=may_answer,
    )


def guidance_page(
    session: Session, guidance_id: int, *, viewer: Actor, typed: Mapping[str, str] | None = None
) -> GuidancePage:
    """Return one question; raise NotFound. One query."""
    found = session.execute(_ROWS.where(Guidance.id == guidance_id)).one_or_none()
    if found is None:
        raise NotFound
    return GuidancePage(
        row=_row(*found),
        categories=(("", "各类职权"), *CATEGORY_WORDS.items()),
        fields=(("", "不对应栏目，只列在业务指导"), *FIELD_WORDS.items()),
        may_answer=viewer.may(Permission.ANSWER_GUIDANCE),
        values={name: (typed or {}).get(name, "") for name in ("answer", "category", "field", "reason")},
    )


def read_questions(session: Session, viewer: Actor) -> list[PaperTask]:
    """Return the questions that wait for an answer, for who may answer; one query or none."""
    if not viewer.may(Permission.ANSWER_GUIDANCE):
        return []
    rows = session.execute(_ROWS.where(Guidance.answered_at.is_(None)).order_by(Guidance.id).limit(PAGE_SIZE))
    return [
        PaperTask(f"{PATH}/{row.id}", "业务指导", "", row.question[:60], section or "", "请答复", row.asked_at)
        for row, section, _, _ in rows
    ]


def guidance_rows(session: Session, limit: int) -> list[GuidanceRow]:
    """Return the answers that hold, the oldest first, for the record; one query."""
    found = session.execute(
        _ROWS.where(Guidance.answered_at.is_not(None), Guidance.withdrawn_at.is_(None))
        .order_by(Guidance.asked_on, Guidance.id)
        .limit(limit)
    )
    return [_row(*row) for row in found]


def _row(row: Guidance, section: str | None, asker: str, answerer: str | None) -> GuidanceRow:
    place = "、".join(part for part in (CATEGORY_WORDS.get(row.category, ""), FIELD_WORDS.get(row.field, "")) if part)
    return GuidanceRow(
        id=row.id,
        asked_on=row.asked_on,
        section=section or "",
        question=row.question,
        answer=row.answer,
        scope=place or "通用",
        asked_by=asker,
        answered_by=answerer or "",
        answered_at=row.answered_at,
        is_withdrawn=row.withdrawn_at is not None,
        reason=row.reason,
        version=row.version,
    )


def _searched(words: str) -> ColumnElement[bool]:
    if not words:
        return true()
    return or_(Guidance.question.contains(words, autoescape=True), Guidance.answer.contains(words, autoescape=True))


def _address(q: str, page: int) -> str:
    query = urlencode({name: value for name, value in (("q", q), ("page", page if page > 1 else "")) if value})
    return f"{PATH}?{query}" if query else PATH
