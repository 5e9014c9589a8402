"""Preparing an inspection, and putting a line into the year's plan: what may be chosen."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Account, Person, RoleTerm
from webapp.accounts.reading import is_current, sections
from webapp.inspections.models import Occurrence, PlanLine
from webapp.inspections.reading import INSPECTING, published_checklists
from webapp.inspections.stages import KIND_WORDS, METHODS
from webapp.revisions.models import Listing, Record

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class InspectionNewPage:
    """What the form offers, and what it begins with."""

    checklists: Options
    slugs: Options
    sections: Options
    people: Options
    kinds: Options
    methods: Options
    given: dict[str, str]
    year: int


def inspection_new_page(session: Session, occurrence_id: int | None) -> InspectionNewPage:
    """Return the choices; a planned occurrence fills the form. At most six queries."""
    checklists = published_checklists(session)
    given = {"held_on": clock.today().isoformat(), "kind": "routine", "method": METHODS[0]}
    row = session.get(Occurrence, occurrence_id) if occurrence_id else None
    if row is not None:
        line = session.get_one(PlanLine, row.line_id)
        given |= {
            "occurrence": str(row.id),
            "section": str(line.section_id),
            "kind": line.kind,
            "checklist": next((str(each.id) for each in checklists if each.slug == line.slug), ""),
            "code": _code(session, line.record_id),
            "held_on": max(row.due_on, clock.today()).isoformat(),
        }
    return InspectionNewPage(
        checklists=tuple((str(row.id), f"{row.title}(第{row.number}版)") for row in checklists),
        slugs=tuple((row.slug, row.title) for row in checklists),
        sections=tuple((str(row.id), row.name) for row in sections(session) if row.kind in {"section", "committee"}),
        people=_people(session, clock.today()),
        kinds=tuple(KIND_WORDS.items()),
        methods=tuple((method, method) for method in METHODS),
        given=given,
        year=clock.today().year,
    )


def power_named(session: Session, code: str) -> int | None:
    """Return the power with a code, None where none is asked for; 0 where there is none."""
    if not code.strip():
        return None
    return (
        session.scalar(
            select(Record.id)
            .join(Listing, Listing.record_id == Record.id)
            .where(Record.kind == "power", Record.code == code.strip().upper())
            .limit(1)
        )
        or 0
    )


def _code(session: Session, record_id: int | None) -> str:
    return (session.get_one(Record, record_id).code or "") if record_id else ""


def _people(session: Session, day: date) -> Options:
    rows = session.execute(
        select(Person.id, Person.name)
        .distinct()
        .join(RoleTerm, RoleTerm.person_id == Person.id)
        .join(Account, Account.person_id == Person.id)
        .where(RoleTerm.role.in_([str(role) for role in INSPECTING]), *is_current(RoleTerm, day), Account.is_active)
        .order_by(Person.id),
    )
    return tuple((str(row.id), row.name) for row in rows)
