"""Matters that live in 12345, 12369 or 信访, and reports about discipline that were passed on: numbers and dates."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Person
from webapp.complaints.kinds import CONCLUSION_WORDS, CONCLUSIONS, SYSTEM_WORDS, SYSTEMS
from webapp.complaints.models import ComplaintElsewhere, DisciplineTransfer
from webapp.complaints.reading import elsewhere_visible_to
from webapp.pages.complaint_new import power_options
from webapp.policy import Actor, Role
from webapp.revisions.models import Record

Options = tuple[tuple[str, str], ...]
PAGE_SIZE = 100


@dataclass(frozen=True)
class ElsewhereRow:
    """A matter of another system."""

    id: int
    system: str
    reference: str
    received_on: date
    power: str
    power_address: str
    result: str
    result_on: date | None


@dataclass(frozen=True)
class ElsewherePage:
    """What the list shows: the newest, and how many there are."""

    rows: tuple[ElsewhereRow, ...]
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None
    systems: Options
    results: Options
    powers: Options
    today: str


@dataclass(frozen=True)
class DisciplineRow:
    """A report that was passed on."""

    received_on: date
    transferred_on: date
    body: str
    by: str


@dataclass(frozen=True)
class DisciplinePage:
    """What the viewer passed on himself; the leader sees all."""

    rows: tuple[DisciplineRow, ...]
    today: str


def elsewhere_page(session: Session, *, viewer: Actor, page: int = 1) -> ElsewherePage:
    """Return the matters of other systems; four queries."""
    seen = elsewhere_visible_to(viewer)
    total = session.scalar(select(func.count()).select_from(ComplaintElsewhere).where(seen)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    at = min(page, pages)
    powers = power_options(session, viewer)
    words = dict(powers)
    rows = session.execute(
        select(ComplaintElsewhere, Record.code)
        .outerjoin(Record, Record.id == ComplaintElsewhere.power_id)
        .where(seen)
        .order_by(ComplaintElsewhere.received_on.desc(), ComplaintElsewhere.id.desc())
        .limit(PAGE_SIZE)
        .offset((at - 1) * PAGE_SIZE),
    )
    return ElsewherePage(
        rows=tuple(
            ElsewhereRow(
                id=row.id,
                system=SYSTEM_WORDS[row.system],
                reference=row.reference,
                received_on=row.received_on,
                power=words.get(str(row.power_id), code or "未编码") if row.power_id else "",
                power_address=f"/powers/{row.power_id}" if str(row.power_id) in words else "",
                result=CONCLUSION_WORDS.get(row.result, ""),
                result_on=row.result_on,
            )
            for row, code in rows
        ),
        total=total,
        page=at,
        pages=pages,
        previous=f"/complaints/elsewhere?page={at - 1}" if at > 1 else None,
        next=f"/complaints/elsewhere?page={at + 1}" if at < pages else None,
        systems=(("", "请选择"), *SYSTEMS),
        results=(("", "请选择"), *CONCLUSIONS),
        powers=powers,
        today=clock.today().isoformat(),
    )


def discipline_page(session: Session, *, viewer: Actor) -> DisciplinePage:
    """Return the reports passed on: one's own, all for the leader. One query."""
    query = select(DisciplineTransfer, Person.name).join(Person, Person.id == DisciplineTransfer.entered_by)
    if not viewer.has(Role.LEADER):
        query = query.where(DisciplineTransfer.entered_by == viewer.person)
    newest = (DisciplineTransfer.received_on.desc(), DisciplineTransfer.id.desc())
    rows = session.execute(query.order_by(*newest).limit(500))
    return DisciplinePage(
        tuple(DisciplineRow(row.received_on, row.transferred_on, row.body, name) for row, name in rows),
        clock.today().isoformat(),
    )
