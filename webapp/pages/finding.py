"""How lists of records are narrowed down: search terms, facets with counts, pages; all of it in the address.

One query counts the rows by category, section and stage at once; every facet's counts, which respect the other
filters, and the total are sums over that small cube. A second query fetches the rows of one page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import ClassVar, Self
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Section
from webapp.powers import categories
from webapp.reviews.chain import STAGE_LABELS
from webapp.revisions.kinds import normalise
from webapp.revisions.models import STAGES, Listing

PAGE_SIZE = 50
MAX_QUERY = 64  # characters of a search that are looked at
_SECTIONS = select(Section.id, Section.name, Section.slug).order_by(Section.position, Section.id)
_OPEN_SECTIONS = _SECTIONS.where(Section.closed_on.is_(None))


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed down to: category key, section's slug, stage, search text. Empty: everything."""

    NAMES: ClassVar[Mapping[str, str]] = {}  # names in the address that are not the field's own
    KINDS: ClassVar[tuple[str, Sequence[tuple[str, str]]]] = ("类别", categories.OPTIONS)

    category: str = ""
    section: str = ""
    stage: str = ""
    q: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Self:
        """Return the filters named in an address; anything else in it is left alone."""
        texts = {each.name: given.get(cls.NAMES.get(each.name, each.name), "").strip() for each in fields(cls)}
        return cls(**{**texts, "q": texts["q"][:MAX_QUERY].strip()})

    def address(self, path: str, page: int = 1) -> str:
        """Return the address of a list with these filters."""
        told = {self.NAMES.get(each.name, each.name): getattr(self, each.name) for each in fields(self)}
        query = urlencode({name: value for name, value in told.items() if value} | ({"page": page} if page > 1 else {}))
        return f"{path}?{query}" if query else path


@dataclass(frozen=True)
class Option:
    """A value of a facet, how many rows it leaves, and the address that chooses it or takes it back."""

    label: str
    count: int
    address: str
    current: bool


@dataclass(frozen=True)
class Facet:
    """One filter with its values."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Chosen:
    """A filter that is set, with the address that takes it back."""

    label: str
    address: str


@dataclass(frozen=True)
class SectionName:
    """A section as lists show it."""

    id: int
    name: str
    slug: str


@dataclass(frozen=True)
class Cube:
    """Counts of rows by (category, section id, stage), and the filters by which they are summed."""

    counts: tuple[tuple[str, int, str, int], ...]
    filters: Filters
    section_id: int  # of the section filter; 0 for none, -1 for one that does not exist

    def total(self) -> int:
        """Return how many rows all filters leave."""
        return sum(row[3] for row in self.counts if self._fits(row, ""))

    def by(self, axis: str) -> dict[str | int, int]:
        """Return the counts along one axis (category, section, stage), the other filters respected."""
        place = {"category": 0, "section": 1, "stage": 2}[axis]
        summed: dict[str | int, int] = {}
        for row in self.counts:
            if self._fits(row, axis):
                summed[row[place]] = summed.get(row[place], 0) + row[3]
        return summed

    def keeps(self, category: str, section: int, stage: str) -> bool:
        """Say whether all filters leave such a row."""
        return self._fits((category, section, stage, 0), "")

    def _fits(self, row: tuple[str, int, str, int], free: str) -> bool:
        wanted = self.filters
        return (
            (free == "category" or not wanted.category or row[0] == wanted.category)
            and (free == "section" or not self.section_id or row[1] == self.section_id)
            and (free == "stage" or not wanted.stage or row[2] == wanted.stage)
        )


def terms_of(q: str) -> list[str]:
    """Return the terms of a search in the form the search text has; wildcards are characters like others."""
    return normalise(q[:MAX_QUERY]).split()


def matching(q: str) -> list[ColumnElement[bool]]:
    """Return the conditions that every term of a search occurs in a row's search text."""
    return [Listing.search_text.contains(term, autoescape=True) for term in terms_of(q)]


def section_names(session: Session, *, is_open: bool = False) -> list[SectionName]:
    """Return all sections in their order, or those of now; one query."""
    return [SectionName(*row) for row in session.execute(_OPEN_SECTIONS if is_open else _SECTIONS)]


def find_section(sections: Sequence[SectionName], given: str) -> int:
    """Return the id of the section meant by slug or name; 0 where none is given, -1 where there is no such section."""
    if not given:
        return 0
    return next((section.id for section in sections if given in {section.slug, section.name}), -1)


def read_cube(
    session: Session,
    scope: Sequence[ColumnElement[bool]],
    filters: Filters,
    sections: Sequence[SectionName],
) -> Cube:
    """Count the rows of a scope that match the search, by category, section and stage; one query."""
    rows = session.execute(
        select(Listing.category, Listing.section_id, Listing.stage, func.count())
        .where(*scope, *matching(filters.q))
        .group_by(Listing.category, Listing.section_id, Listing.stage),
    )
    counts = tuple((row[0], row[1], row[2], row[3]) for row in rows)
    return Cube(counts, filters, find_section(sections, filters.section))


def narrowed(cube: Cube) -> list[ColumnElement[bool]]:
    """Return the conditions of the filters a cube was counted with."""
    filters, conditions = cube.filters, matching(cube.filters.q)
    if filters.category:
        conditions.append(Listing.category == filters.category)
    if cube.section_id:
        conditions.append(Listing.section_id == cube.section_id)
    if filters.stage:
        conditions.append(Listing.stage == filters.stage)
    return conditions


def page_count(total: int) -> int:
    """Return how many pages a list of so many rows has; at least one."""
    return max(1, -(-total // PAGE_SIZE))


def facets_of(path: str, cube: Cube, sections: Sequence[SectionName], *, with_stage: bool = True) -> tuple[Facet, ...]:
    """Return the facets: categories in the plan's order, sections in theirs, stages along the chain."""
    filters = cube.filters
    heading, kinds = filters.KINDS
    by_category, by_section = cube.by("category"), cube.by("section")
    facets = [
        Facet(heading, _options(path, filters, "category", [(k, w, by_category.get(k, 0)) for k, w in kinds])),
        Facet(
            "承办部门",
            _options(path, filters, "section", [(s.slug, s.name, by_section.get(s.id, 0)) for s in sections]),
        ),
    ]
    if with_stage:
        by_stage = cube.by("stage")
        stages = [(key, STAGE_LABELS.get(key, key), by_stage.get(key, 0)) for key in STAGES]
        facets.append(Facet("环节", _options(path, filters, "stage", stages)))
    return tuple(facet for facet in facets if facet.options)


def chosen_of(path: str, filters: Filters, sections: Sequence[SectionName]) -> tuple[Chosen, ...]:
    """Return the filters that are set, each with the address without it."""
    names = {section.slug: section.name for section in sections}
    heading, kinds = filters.KINDS
    shown = (
        ("category", heading, dict(kinds).get(filters.category, filters.category)),
        ("section", "承办部门", names.get(filters.section, filters.section)),
        ("stage", "环节", STAGE_LABELS.get(filters.stage, filters.stage)),
        ("q", "查找", filters.q),
    )
    return tuple(
        Chosen(f"{word}：{label}", replace(filters, **{name: ""}).address(path))
        for name, word, label in shown
        if getattr(filters, name)
    )


def _options(path: str, filters: Filters, name: str, rows: Sequence[tuple[str, str, int]]) -> tuple[Option, ...]:
    """Return the values that leave rows, and the one chosen; choosing it again takes it back."""
    chosen = getattr(filters, name)
    return tuple(
        Option(
            label,
            count,
            replace(filters, **{name: "" if chosen in {key, label} else key}).address(path),
            current=chosen in {key, label} and bool(chosen),
        )
        for key, label, count in rows
        if count or (chosen and chosen in {key, label})
    )
