"""Complaints and opinions as lists: our own, those of other systems, and reports passed on. Nothing behind the wall."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Person, Section
from webapp.complaints.kinds import CHANNEL_WORDS, CONCLUSION_WORDS, KIND_WORDS, KINDS
from webapp.complaints.models import Complaint
from webapp.complaints.reading import number_words, visible_to
from webapp.complaints.stages import ENDED, STATE_WORDS, STATES
from webapp.pages.ages import working_days_since
from webapp.pages.complaint_clocks import nearest_dues
from webapp.pages.finding import Facet, Option
from webapp.policy import Actor, Permission

PATH = "/complaints"
PAGE_SIZE = 50
MAX_QUERY = 64
STATE_TONES = {"not_accepted": "quiet", "transferred": "quiet", "merged": "quiet", "closed": "settled"}


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed down to; empty for everything."""

    kind: str = ""
    state: str = ""
    q: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Filters":
        """Return the filters named in an address; unknown values are left alone."""
        kind, state, q = (given.get(name, "").strip() for name in ("kind", "state", "q"))
        return cls(kind if kind in KIND_WORDS else "", state if state in STATE_WORDS else "", q[:MAX_QUERY].strip())

    def address(self, path: str = PATH, page: int = 1) -> str:
        """Return the address of a list with these filters."""
        told = {"kind": self.kind, "state": self.state, "q": self.q, "page": page if page > 1 else ""}
        query = urlencode({name: value for name, value in told.items() if value})
        return f"{path}?{query}" if query else path


@dataclass(frozen=True)
class ComplaintRow:
    """A complaint in the list; `age` counts working days in the present state, None where nothing is owed."""

    id: int
    number: str
    kind: str
    channel: str
    received_on: date
    subject: str
    section: str
    assignee: str
    state: str
    state_words: str
    tone: str
    conclusion: str
    since: datetime
    age: int | None
    due_on: date | None
    is_late: bool


@dataclass(frozen=True)
class ComplaintsPage:
    """What the list shows."""

    rows: tuple[ComplaintRow, ...]
    facets: tuple[Facet, ...]
    filters: Filters
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None
    may_take: bool
    may_note_elsewhere: bool


def complaints_page(session: Session, filters: Filters, *, viewer: Actor, page: int = 1) -> ComplaintsPage:
    """Return the list; five queries, each behind the wall."""
    counts = session.execute(
        select(Complaint.kind, Complaint.state, func.count())
        .where(visible_to(viewer), _searched(filters))
        .group_by(Complaint.kind, Complaint.state),
    ).all()
    total = sum(n for kind, state, n in counts if filters.kind in {"", kind} and filters.state in {"", state})
    pages = max(1, -(-total // PAGE_SIZE))
    at = min(page, pages)
    rows = complaint_rows(session, filters, viewer=viewer, limit=PAGE_SIZE, offset=(at - 1) * PAGE_SIZE)
    kinds = [
        Option(
            label,
            sum(n for kind, state, n in counts if kind == key and filters.state in {"", state}),
            replace(filters, kind="" if filters.kind == key else key).address(),
            current=filters.kind == key,
        )
        for key, label in KINDS
    ]
    states = [
        Option(
            label,
            sum(n for kind, state, n in counts if state == key and filters.kind in {"", kind}),
            replace(filters, state="" if filters.state == key else key).address(),
            current=filters.state == key,
        )
        for key, label in STATES
    ]
    facets = [("种类", kinds), ("办理情况", states)]
    return ComplaintsPage(
        rows=rows,
        facets=tuple(
            Facet(label, tuple(one for one in options if one.count or one.current))
            for label, options in facets
            if any(one.count or one.current for one in options)
        ),
        filters=filters,
        total=total,
        page=at,
        pages=pages,
        previous=filters.address(page=at - 1) if at > 1 else None,
        next=filters.address(page=at + 1) if at < pages else None,
        may_take=viewer.may(Permission.TAKE_COMPLAINTS),
        may_note_elsewhere=viewer.may(Permission.HANDLE_ELSEWHERE),
    )


def complaint_rows(
    session: Session, filters: Filters, *, viewer: Actor, limit: int, offset: int = 0
) -> tuple[ComplaintRow, ...]:
    """Return complaints, the open ones first, the longest waiting on top; three queries."""
    chosen = [visible_to(viewer), _searched(filters)]
    if filters.kind:
        chosen.append(Complaint.kind == filters.kind)
    if filters.state:
        chosen.append(Complaint.state == filters.state)
    found = session.execute(
        select(Complaint, Section.name, Person.name)
        .outerjoin(Section, Section.id == Complaint.about_section_id)
        .outerjoin(Person, Person.id == Complaint.assignee_id)
        .where(*chosen)
        .order_by(Complaint.state.in_(sorted(ENDED)), Complaint.received_on, Complaint.id)
        .limit(limit)
        .offset(offset),
    ).all()
    ages = working_days_since(session, [row.since for row, _, _ in found])
    dues, today = nearest_dues(session, [row.id for row, _, _ in found]), clock.today()
    return tuple(
        ComplaintRow(
            id=row.id,
            number=number_words(row),
            kind=KIND_WORDS[row.kind],
            channel=CHANNEL_WORDS[row.channel],
            received_on=row.received_on,
            subject=row.subject,
            section=section or "",
            assignee=assignee or "",
            state=row.state,
            state_words=STATE_WORDS[row.state],
            tone=STATE_TONES.get(row.state, "under"),
            conclusion=CONCLUSION_WORDS.get(row.conclusion, "") if row.replied_on else "",
            since=row.since,
            age=None if row.state in ENDED else ages[row.since],
            due_on=dues.get(row.id),
            is_late=row.id in dues and dues[row.id] < today,
        )
        for row, section, assignee in found
    )


def _searched(filters: Filters) -> ColumnElement[bool]:
    if not filters.q:
        return true()
    return or_(
        Complaint.subject.contains(filters.q, autoescape=True),
        Complaint.content.contains(filters.q, autoescape=True),
    )
