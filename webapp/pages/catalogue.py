"""The catalogue for everyone in the bureau: what is approved and open to the public or to the bureau, read-only.

Withheld, pending and withdrawn entries and anything not approved contribute nothing, not even to a count.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from webapp.pages.entry import ChartRef, EntryPanel, Remarks, cited_library, entry_panels, read_charts, read_contacts
from webapp.pages.finding import (
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
from webapp.pages.sifting import sift
from webapp.policy import Actor, Permission
from webapp.powers.categories import category, category_label
from webapp.powers.fields import DISCLOSURES, FIELDS, PUBLIC_NAMES, details_in_order
from webapp.powers.kind import POWER
from webapp.powers.shapes import Audience, Shape
from webapp.powers.tables import cell_of, details_cell, limit_cells, limit_headings
from webapp.publication.models import Withdrawal
from webapp.reviews.models import Approval
from webapp.revisions.models import Listing, Revision
from webapp.revisions.reading import revision_body, visible_to
from webapp.rules import NotFound

PATH = "/catalogue"
_OPEN = (Audience.PUBLIC, Audience.BUREAU)
_DISCLOSURES = dict(DISCLOSURES)
_PUBLIC_FIELDS = tuple(each for each in FIELDS if each.audience is Audience.PUBLIC)


@dataclass(frozen=True)
class CatalogueRow:
    """One entry in the list."""

    code: str
    name: str
    category: str
    section: str
    disclosure: str


@dataclass(frozen=True)
class CataloguePage:
    """What the list shows; `exports` are (format, address), none without the right."""

    filters: Filters
    kept: dict[str, str]
    facets: tuple[Facet, ...]
    chosen: tuple[Chosen, ...]
    rows: tuple[CatalogueRow, ...]
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None
    exports: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class CatalogueEntryPage:
    """What one entry's page shows."""

    code: str
    name: str
    lead: str
    disclosure: str
    panels: tuple[EntryPanel, ...]
    charts: tuple[ChartRef, ...]
    chart_reason: str
    digest: str
    decided: str
    document: str


@dataclass(frozen=True)
class ExportRow:
    """An entry to hand out: its code and its public part in the contract's shape and order."""

    code: str
    entry: dict[str, Any]


def open_entries() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on `Listing` that leave what everyone in the bureau may read."""
    withdrawn = exists().where(Withdrawal.record_id == Listing.record_id, ~Withdrawal.is_lifted)
    return (
        Listing.kind == "power",
        Listing.face == "approved",
        Listing.disclosure.in_(["public", "bureau"]),
        ~withdrawn,
    )


def catalogue_page(session: Session, filters: Filters, *, page: int, viewer: Actor) -> CataloguePage:
    """Return one page of the catalogue; three queries."""
    sections = section_names(session)
    sifted = sift(session, [open_entries()], filters, sections)
    total = sifted.total()
    pages = page_count(total)
    shown = min(page, pages)
    names = {section.id: section.name for section in sections}
    columns = (Listing.code, Listing.name, Listing.category, Listing.section_id, Listing.disclosure)
    rows = sifted.page(session, columns, shown)
    may_export = viewer.may(Permission.EXPORT_CATALOGUE)
    return CataloguePage(
        filters=filters,
        kept={key: value for key, value in (("category", filters.category), ("section", filters.section)) if value},
        facets=facets_of(PATH, sifted.cube, sections, with_stage=False),
        chosen=chosen_of(PATH, filters, sections),
        rows=tuple(
            CatalogueRow(
                code=row.code,
                name=row.name,
                category=category_label(row.category),
                section=names.get(row.section_id, ""),
                disclosure=_DISCLOSURES.get(row.disclosure, ""),
            )
            for row in rows
        ),
        total=total,
        page=shown,
        pages=pages,
        previous=filters.address(PATH, shown - 1) if shown > 1 else None,
        next=filters.address(PATH, shown + 1) if shown < pages else None,
        exports=tuple((form, _export_address(filters, form)) for form in ("xlsx", "csv", "jsonl") if may_export),
    )


def catalogue_entry_page(session: Session, code: str, *, viewer: Actor) -> CatalogueEntryPage:
    """Return an entry as approved, without what is internal; raise NotFound for any other code. At most 6 queries."""
    found = session.execute(
        select(Listing.name, Listing.disclosure, Approval, Revision)
        .join(Approval, Approval.record_id == Listing.record_id)
        .join(Revision, Revision.id == Approval.revision_id)
        .where(Listing.code == code, *open_entries())
        .order_by(Approval.id.desc())
        .limit(1),
    ).one_or_none()
    if found is None:
        raise NotFound
    name, disclosure, approval, revision = found
    body = revision_body(POWER, revision)
    panels = entry_panels(
        body,
        library=cited_library(session, body),
        contacts=read_contacts(session),
        remarks=Remarks(),
        audiences=_OPEN,
    )
    return CatalogueEntryPage(
        code=code,
        name=name,
        lead=f"{category_label(body['category'])} · {body['section']}牵头",
        disclosure=_DISCLOSURES.get(disclosure, ""),
        panels=panels,
        charts=_charts(session, body["flows"], viewer),
        chart_reason="" if body["flow_required"] else body["flow_reason"],
        digest=revision.digest,
        decided=approval.decided_on.isoformat(),
        document=approval.document,
    )


def export_rows(session: Session, filters: Filters) -> Iterator[ExportRow]:
    """Yield the public parts of the entries the filters leave, by code; two queries. Nothing internal is read."""
    cube = read_cube(session, open_entries(), filters, section_names(session))
    newest = select(func.max(Approval.id)).group_by(Approval.record_id)
    rows = session.execute(
        select(Listing.code, Revision.public)
        .join(Approval, Approval.record_id == Listing.record_id)
        .join(Revision, Revision.id == Approval.revision_id)
        .where(*open_entries(), *narrowed(cube), Approval.id.in_(newest))
        .order_by(Listing.sort_key, Listing.record_id),
    )
    for row in rows:
        public = json.loads(row.public)
        entry = {name: public[name] for name in PUBLIC_NAMES}
        entry["details"] = details_in_order(category(public["category"]), public["details"])
        yield ExportRow(row.code, entry)


def export_headings() -> list[str]:
    """Return the headings of the table that is handed out: code, then the public fields in the contract's order."""
    headings = ["职权编码"]
    for each in _PUBLIC_FIELDS:
        headings += limit_headings(each) if each.shape is Shape.LIMIT else [each.heading]
    return headings


def export_cells(row: ExportRow) -> list[str | int]:
    """Return an entry as cells in the order of the headings."""
    cells: list[str | int] = [row.code]
    for each in _PUBLIC_FIELDS:
        value = row.entry[each.name]
        if each.shape is Shape.LIMIT:
            cells += limit_cells(value)
        elif each.shape is Shape.DETAILS:
            cells.append(details_cell(row.entry["category"], value))
        else:
            cells.append(cell_of(each, value))
    return cells


def _export_address(filters: Filters, form: str) -> str:
    address = filters.address(f"{PATH}/export")
    return f"{address}{'&' if '?' in address else '?'}format={form}"


def _charts(session: Session, numbers: list[str], viewer: Actor) -> tuple[ChartRef, ...]:
    """Return the approved charts; those the viewer may open have their id."""
    charts = read_charts(session, numbers, Listing.face == "approved")
    if not charts or not viewer.may(Permission.SEE_RECORDS):
        return tuple(ChartRef(chart.number, chart.name, 0, chart.stage) for chart in charts)
    mine = {chart.id for chart in read_charts(session, numbers, visible_to(viewer)) if chart.id}
    return tuple(
        ChartRef(chart.number, chart.name, chart.id if chart.id in mine else 0, chart.stage) for chart in charts
    )
