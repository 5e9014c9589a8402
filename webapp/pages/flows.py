"""The list of charts as staff see it: filters with counts, one page of rows, each with the powers it serves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from webapp.flows.kind import AUDIENCES
from webapp.pages.ages import working_days_since
from webapp.pages.finding import (
    PAGE_SIZE,
    Chosen,
    Facet,
    Filters,
    chosen_of,
    facets_of,
    narrowed,
    page_count,
    read_cube,
    section_names,
)
from webapp.pages.flow_powers import count_served
from webapp.pages.powers import AGELESS
from webapp.policy import Actor, Permission
from webapp.revisions.models import Listing
from webapp.revisions.reading import visible_to

PATH = "/flows"


@dataclass(frozen=True)
class FlowFilters(Filters):
    """What the list of charts is narrowed down to; the category of a chart is its audience."""

    NAMES: ClassVar[Mapping[str, str]] = {"category": "audience"}
    KINDS: ClassVar[tuple[str, Sequence[tuple[str, str]]]] = ("范围", tuple(AUDIENCES.items()))


@dataclass(frozen=True)
class FlowRow:
    """One chart in the list. `age`: working days at this stage, None where nothing waits."""

    id: int
    number: str
    name: str
    audience: str
    section: str
    serves: int
    state: str
    age: int | None


@dataclass(frozen=True)
class FlowsPage:
    """What the screen shows."""

    filters: FlowFilters
    facets: tuple[Facet, ...]
    chosen: tuple[Chosen, ...]
    rows: tuple[FlowRow, ...]
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None
    may_create: bool
    may_import: bool
    is_narrowed: bool

    @property
    def kept(self) -> dict[str, str]:
        """Return the filters a new search keeps."""
        told = {"audience": self.filters.category, "section": self.filters.section, "stage": self.filters.stage}
        return {name: value for name, value in told.items() if value}


def flows_page(session: Session, filters: FlowFilters, *, page: int, viewer: Actor) -> FlowsPage:
    """Return one page of the list; at most five queries, whatever the number of charts."""
    scope = (Listing.kind == "flow", visible_to(viewer))
    sections = section_names(session)
    cube = read_cube(session, scope, filters, sections)
    total = cube.total()
    pages = page_count(total)
    shown = min(page, pages)
    names = {section.id: section.name for section in sections}
    return FlowsPage(
        filters=filters,
        facets=facets_of(PATH, cube, sections),
        chosen=chosen_of(PATH, filters, sections),
        rows=_rows(session, (*scope, *narrowed(cube)), shown, names, viewer) if total else (),
        total=total,
        page=shown,
        pages=pages,
        previous=filters.address(PATH, shown - 1) if shown > 1 else None,
        next=filters.address(PATH, shown + 1) if shown < pages else None,
        may_create=viewer.may(Permission.EDIT_DRAFTS),
        may_import=viewer.may(Permission.IMPORT_RECORDS),
        is_narrowed=filters != FlowFilters(),
    )


def _rows(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    page: int,
    names: Mapping[int, str],
    viewer: Actor,
) -> tuple[FlowRow, ...]:
    found = list(
        session.scalars(
            select(Listing)
            .where(*conditions)
            .order_by(Listing.sort_key, Listing.record_id)
            .limit(PAGE_SIZE)
            .offset((page - 1) * PAGE_SIZE),
        ),
    )
    served = count_served(session, [row.code for row in found if row.code], viewer)
    ages = working_days_since(session, [row.stage_since for row in found if row.stage not in AGELESS])
    return tuple(
        FlowRow(
            id=row.record_id,
            number=row.code,
            name=row.name,
            audience=AUDIENCES.get(row.category, row.category),
            section=names.get(row.section_id, ""),
            serves=served.get(row.code, 0),
            state=row.stage,
            age=None if row.stage in AGELESS else ages[row.stage_since],
        )
        for row in found
    )
