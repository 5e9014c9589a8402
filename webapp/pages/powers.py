"""The list of powers as staff see it: filters with counts, one page of rows, each with state, age and open problems."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from webapp.pages.ages import working_days_since
from webapp.pages.finding import (
    Chosen,
    Facet,
    Filters,
    chosen_of,
    facets_of,
    page_count,
    section_names,
)
from webapp.pages.published import published_records, state_of
from webapp.pages.reclassification import ended_categories
from webapp.pages.sifting import Sifted, sift
from webapp.policy import Actor, Permission
from webapp.powers.categories import category_label
from webapp.powers.fields import DISCLOSURES
from webapp.reviews.models import Problem, Review
from webapp.revisions.models import Listing
from webapp.revisions.reading import visible_branches

PATH = "/powers"
_DISCLOSURES = dict(DISCLOSURES)
_PERHAPS_OUT = frozenset({"approved", "draft"})  # stages at which a published entry is shown as such
# Nothing waits there, so there is no age; how long a section drafts is not counted (practice.md).
AGELESS = frozenset({"draft", "approved", "withheld", "stopped", "merged"})


@dataclass(frozen=True)
class PowerFilters(Filters):
    """What the list of powers is narrowed down to; the board's counts lead here with `disclosure`."""

    disclosure: str = ""


@dataclass(frozen=True)
class PowerRow:
    """One power in the list. `age`: working days at this stage, None where nothing waits; `problems`: not answered."""

    id: int
    code: str
    name: str
    category: str
    section: str
    state: str
    age: int | None
    problems: int


@dataclass(frozen=True)
class PowersPage:
    """What the screen shows."""

    filters: PowerFilters
    facets: tuple[Facet, ...]
    chosen: tuple[Chosen, ...]
    rows: tuple[PowerRow, ...]
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None
    may_create: bool
    may_import: bool
    is_narrowed: bool
    ended: int  # entries seen whose category has ended by today

    @property
    def kept(self) -> dict[str, str]:
        """Return the filters a new search keeps."""
        told = {
            "category": self.filters.category,
            "section": self.filters.section,
            "stage": self.filters.stage,
            "disclosure": self.filters.disclosure,
        }
        return {name: value for name, value in told.items() if value}


def powers_page(session: Session, filters: PowerFilters, *, page: int, viewer: Actor) -> PowersPage:
    """Return one page of the list; at most six queries, whatever the number of powers."""
    sections = section_names(session)
    asked = [Listing.kind == "power"]
    if filters.disclosure:
        asked.append(Listing.disclosure == filters.disclosure)
    branches = [(*asked, *branch) for branch in visible_branches(viewer)]
    sifted = sift(session, branches, filters, sections)
    total = sifted.total()
    pages = page_count(total)
    shown = min(page, pages)
    names = {section.id: section.name for section in sections}
    is_narrowed = filters != PowerFilters()
    return PowersPage(
        filters=filters,
        facets=facets_of(PATH, sifted.cube, sections),
        chosen=(*chosen_of(PATH, filters, sections), *_chosen_disclosure(filters)),
        rows=_rows(session, sifted, shown, names, viewer),
        total=total,
        page=shown,
        pages=pages,
        previous=filters.address(PATH, shown - 1) if shown > 1 else None,
        next=filters.address(PATH, shown + 1) if shown < pages else None,
        may_create=viewer.may(Permission.EDIT_DRAFTS),
        may_import=viewer.may(Permission.IMPORT_RECORDS),
        is_narrowed=is_narrowed,
        ended=0 if is_narrowed else sum(sifted.cube.by("category").get(key, 0) for key in ended_categories()),
    )


def _chosen_disclosure(filters: PowerFilters) -> tuple[Chosen, ...]:
    if not filters.disclosure:
        return ()
    label = _DISCLOSURES.get(filters.disclosure, filters.disclosure)
    return (Chosen(f"公开属性：{label}", replace(filters, disclosure="").address(PATH)),)


_COLUMNS = (
    Listing.code,
    Listing.name,
    Listing.category,
    Listing.section_id,
    Listing.stage,
    Listing.stage_since,
    Listing.disclosure,
)
_OPEN_PROBLEMS = (
    select(Review.record_id, func.count())
    .join(Problem, Problem.review_id == Review.id)
    .where(Review.record_id.in_(bindparam("records", expanding=True)), Review.is_open, Problem.reply == "")
    .group_by(Review.record_id)
)


def _rows(
    session: Session,
    sifted: Sifted,
    page: int,
    names: dict[int, str],
    viewer: Actor,
) -> tuple[PowerRow, ...]:
    found = sifted.page(session, _COLUMNS, page)
    # Problems are for the office, the leading group and the section itself (practice.md, "Who sees what").
    asked = [row.record_id for row in found if viewer.is_bureau_wide or row.section_id in viewer.own_sections]
    problems = _open_problems(session, asked)
    published = published_records(session, [row.record_id for row in found if row.stage in _PERHAPS_OUT])
    ages = working_days_since(session, [row.stage_since for row in found if row.stage not in AGELESS])
    return tuple(
        PowerRow(
            id=row.record_id,
            code=row.code,
            name=row.name,
            category=category_label(row.category),
            section=names.get(row.section_id, ""),
            state=state_of(row.stage, row.disclosure, is_published=row.record_id in published),
            age=None if row.stage in AGELESS else ages[row.stage_since],
            problems=problems.get(row.record_id, 0),
        )
        for row in found
    )


def _open_problems(session: Session, records: Sequence[int]) -> dict[int, int]:
    if not records:
        return {}
    return {row[0]: row[1] for row in session.execute(_OPEN_PROBLEMS, {"records": records})}
