"""The list of inspections, what the plan asks for next, and how much of the catalogue has been covered."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Section
from webapp.inspections.models import Checklist, Inspection, Occurrence, PlanLine
from webapp.inspections.reading import visible_inspections
from webapp.inspections.stages import KIND_WORDS, STATE_WORDS
from webapp.policy import Actor, Permission
from webapp.revisions.models import Record

PATH = "/inspections"
PAGE_SIZE = 50
OCCURRENCES = 30
TONES = {"signed": "settled", "cancelled": "quiet", "planned": "quiet"}


@dataclass(frozen=True)
class InspectionRow:
    """An inspection in the list."""

    address: str
    number: str
    section: str
    checklist: str
    kind: str
    held_on: date
    is_late_entry: bool
    state: str
    tone: str


@dataclass(frozen=True)
class OccurrenceRow:
    """Something the plan asks for; `address` prepares it."""

    address: str
    section: str
    checklist: str
    due_on: date
    is_missed: bool


@dataclass(frozen=True)
class StateTab:
    """A state with the number of inspections in it."""

    address: str
    label: str
    count: int
    current: bool


@dataclass(frozen=True)
class SectionCover:
    """How many of a section's powers have been inspected in the year; `whole` where all of it was looked at."""

    name: str
    total: int
    covered: int


@dataclass(frozen=True)
class InspectionsPage:
    """What the list shows."""

    rows: tuple[InspectionRow, ...]
    states: tuple[StateTab, ...]
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None
    occurrences: tuple[OccurrenceRow, ...]
    cover: tuple[SectionCover, ...]
    year: int
    may_plan: bool

    @property
    def covered(self) -> int:
        """Return the powers inspected this year."""
        return sum(row.covered for row in self.cover)

    @property
    def powers(self) -> int:
        """Return all powers."""
        return sum(row.total for row in self.cover)


def inspections_page(session: Session, *, state: str, page: int, viewer: Actor) -> InspectionsPage:
    """Return one page of the inspections a person may see; at most seven queries."""
    state = state if state in STATE_WORDS else ""
    seen = visible_inspections(viewer)
    counted = select(Inspection.state, func.count()).where(seen).group_by(Inspection.state)
    counts = dict(session.execute(counted).all())
    total = counts.get(state, 0) if state else sum(counts.values())
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(page, pages)
    rows = session.execute(
        select(Inspection, Section.name, Checklist.title)
        .join(Section, Section.id == Inspection.section_id)
        .join(Checklist, Checklist.id == Inspection.checklist_id)
        .where(seen, *((Inspection.state == state,) if state else ()))
        .order_by(Inspection.held_on.desc(), Inspection.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE),
    )
    may_plan = viewer.may(Permission.INSPECT)
    return InspectionsPage(
        rows=tuple(_row(row, section, checklist) for row, section, checklist in rows),
        states=(
            StateTab(PATH, "全部", sum(counts.values()), not state),
            *(
                StateTab(_address(key, 1), label, counts.get(key, 0), key == state)
                for key, label in STATE_WORDS.items()
                if counts.get(key) or key == state
            ),
        ),
        total=total,
        page=page,
        pages=pages,
        previous=_address(state, page - 1) if page > 1 else None,
        next=_address(state, page + 1) if page < pages else None,
        occurrences=_occurrences(session) if may_plan else (),
        cover=coverage(session, clock.today().year) if viewer.is_bureau_wide else (),
        year=clock.today().year,
        may_plan=may_plan,
    )


def coverage(session: Session, year: int) -> tuple[SectionCover, ...]:
    """Return per section how many powers a signed inspection of the year covers.

    One on a power covers that power; one on a section with a checklist of all its powers would say too much, so it
    covers none: practice.md wants every power looked at. Two queries.
    """
    totals = session.execute(
        select(Section.id, Section.name, func.count(Record.id))
        .join(Record, Record.section_id == Section.id)
        .where(Record.kind == "power", Record.stage.notin_(("stopped", "merged")))
        .group_by(Section.id, Section.name, Section.position)
        .order_by(Section.position, Section.id),
    ).all()
    covered = dict(
        session.execute(
            select(Record.section_id, func.count(distinct(Record.id)))
            .join(Inspection, Inspection.record_id == Record.id)
            .where(
                Inspection.state == "signed",
                Inspection.held_on >= date(year, 1, 1),
                Inspection.held_on <= date(year, 12, 31),
                Record.stage.notin_(("stopped", "merged")),
            )
            .group_by(Record.section_id),
        ).all()
    )
    return tuple(SectionCover(name, total, covered.get(section, 0)) for section, name, total in totals)


def _row(row: Inspection, section: str, checklist: str) -> InspectionRow:
    return InspectionRow(
        address=f"{PATH}/{row.id}",
        number=f"〔{row.year}〕第{row.number}号" if row.number else "未编号",
        section=section,
        checklist=checklist,
        kind=KIND_WORDS[row.kind],
        held_on=row.held_on,
        is_late_entry=row.is_late_entry,
        state=STATE_WORDS[row.state],
        tone=TONES.get(row.state, "under"),
    )


def _occurrences(session: Session) -> tuple[OccurrenceRow, ...]:
    rows = session.execute(
        select(Occurrence, PlanLine, Section.name)
        .join(PlanLine, PlanLine.id == Occurrence.line_id)
        .join(Section, Section.id == PlanLine.section_id)
        .where(Occurrence.state.in_(("planned", "missed")))
        .where(~select(Inspection.id).where(Inspection.occurrence_id == Occurrence.id).exists())
        .order_by(Occurrence.due_on, Occurrence.id)
        .limit(OCCURRENCES),
    ).all()
    titles = {row.slug: row.title for row in session.scalars(select(Checklist).order_by(Checklist.number))}
    return tuple(
        OccurrenceRow(
            address=f"{PATH}/new?occurrence={occurrence.id}",
            section=section,
            checklist=titles.get(line.slug, line.slug),
            due_on=occurrence.due_on,
            is_missed=occurrence.state == "missed" or occurrence.due_on < clock.today(),
        )
        for occurrence, line, section in rows
    )


def _address(state: str, page: int) -> str:
    asked = {"state": state, "page": str(page) if page > 1 else ""}
    query = urlencode({key: value for key, value in asked.items() if value})
    return f"{PATH}?{query}" if query else PATH
