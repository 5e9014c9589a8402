"""Long lists of records, counted and cut into pages without reading more than an index where nothing is searched for.

A list is given as branches: conditions of which no row meets two (`revisions.reading.visible_branches`). Without a
search one query counts every branch by category, section and stage, a second reads one page in order. With a search
one query reads the matching rows' few columns, in order; the counts and the page are taken from them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, func, literal, select, union_all
from sqlalchemy.orm import Session

from webapp.pages.finding import PAGE_SIZE, Cube, Filters, SectionName, find_section, matching, page_count
from webapp.revisions.models import Listing

Branches = Sequence[Sequence[ColumnElement[bool]]]
Columns = Sequence[Any]  # columns of `Listing`


@dataclass(frozen=True)
class Sifted:
    """What a list is after its filters: the counts, and how to come by its rows."""

    cube: Cube
    branches: Branches
    per_branch: tuple[int, ...]  # rows that all filters leave, by branch
    matches: tuple[tuple[int, int], ...] | None  # (record, branch) in order, of a search

    def total(self) -> int:
        """Return how many rows all filters leave."""
        return sum(self.per_branch)

    def page(self, session: Session, columns: Columns, number: int) -> Sequence[Row[Any]]:
        """Return one page of rows in order with these columns, of pages beyond the last the last; one query or none."""
        if not self.total():
            return []
        start = (min(number, page_count(self.total())) - 1) * PAGE_SIZE
        if self.matches is not None:
            return self._matched(session, columns, self.matches[start : start + PAGE_SIZE])
        return self._in_order(session, columns, start)

    def _in_order(self, session: Session, columns: Columns, start: int) -> Sequence[Row[Any]]:
        order = (Listing.sort_key, Listing.record_id)
        filled = [
            select(*order, *columns).where(*branch, *_facets(self.cube)).order_by(*order).limit(start + PAGE_SIZE)
            for branch, count in zip(self.branches, self.per_branch, strict=True)
            if count
        ]
        if len(filled) == 1:
            rows = session.execute(filled[0].limit(PAGE_SIZE).offset(start)).all()
        else:
            parts = union_all(*(part.subquery().select() for part in filled)).subquery()
            rows = session.execute(
                select(parts).order_by(parts.c.sort_key, parts.c.record_id).limit(PAGE_SIZE).offset(start),
            ).all()
        return rows

    def _matched(self, session: Session, columns: Columns, wanted: Sequence[tuple[int, int]]) -> Sequence[Row[Any]]:
        """Return the rows by record; the branch says in which face each is seen."""
        rows: dict[int, Row[Any]] = {}
        asked = [
            select(Listing.sort_key, Listing.record_id, *columns).where(
                *branch, Listing.record_id.in_([record for record, place in wanted if place == number])
            )
            for number, branch in enumerate(self.branches)
            if any(place == number for _, place in wanted)
        ]
        if asked:
            rows = {row[1]: row for row in session.execute(union_all(*asked) if len(asked) > 1 else asked[0])}
        return [rows[record] for record, _ in wanted if record in rows]


def sift(session: Session, branches: Branches, filters: Filters, sections: Sequence[SectionName]) -> Sifted:
    """Count what the branches hold under the filters; one query."""
    section = find_section(sections, filters.section)
    if filters.q.strip():
        return _searched(session, branches, filters, section)
    counted = session.execute(
        union_all(
            *(
                select(literal(number), Listing.category, Listing.section_id, Listing.stage, func.count())
                .where(*branch)
                .group_by(Listing.category, Listing.section_id, Listing.stage)
                for number, branch in enumerate(branches)
            ),
        ),
    ).all()
    cube = Cube(tuple((row[1], row[2], row[3], row[4]) for row in counted), filters, section)
    per_branch = Counter[int]()
    for row in counted:
        if cube.keeps(row[1], row[2], row[3]):
            per_branch[row[0]] += row[4]
    return Sifted(cube, branches, tuple(per_branch[number] for number in range(len(branches))), None)


def _searched(session: Session, branches: Branches, filters: Filters, section: int) -> Sifted:
    rows: list[tuple[str, int, int, str, int, str]] = []
    for number, branch in enumerate(branches):
        found = session.execute(
            select(Listing.sort_key, Listing.record_id, Listing.category, Listing.section_id, Listing.stage).where(
                *branch, *matching(filters.q)
            ),
        )
        rows += [(row[0], row[1], number, row[2], row[3], row[4]) for row in found]
    rows.sort()
    counts = Counter((row[3], row[4], row[5]) for row in rows)
    cube = Cube(tuple((*key, count) for key, count in counts.items()), filters, section)
    kept = [(row[1], row[2]) for row in rows if cube.keeps(row[3], row[4], row[5])]
    per_branch = Counter(number for _, number in kept)
    return Sifted(cube, branches, tuple(per_branch[number] for number in range(len(branches))), tuple(kept))


def _facets(cube: Cube) -> list[ColumnElement[bool]]:
    filters, conditions = cube.filters, []
    if filters.category:
        conditions.append(Listing.category == filters.category)
    if cube.section_id:
        conditions.append(Listing.section_id == cube.section_id)
    if filters.stage:
        conditions.append(Listing.stage == filters.stage)
    return conditions
