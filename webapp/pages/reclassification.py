"""Entries in a category that has ended, and the page that puts one of them into another."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.pages.finding import section_names
from webapp.pages.power_draft import editable_power
from webapp.policy import Actor, Permission
from webapp.powers.categories import CATEGORIES, category_label
from webapp.powers.reclassifying import reclassified
from webapp.revisions.models import Listing
from webapp.revisions.reading import visible_to

MAX_SHOWN = 300
_GONE = ("stopped", "merged")


@dataclass(frozen=True)
class EndedRow:
    """An entry of a category that has ended."""

    id: int
    code: str
    name: str
    category: str
    section: str
    may_change: bool


@dataclass(frozen=True)
class ReclassificationPage:
    """What the screen shows for one entry; `left` is what does not fit the category looked at."""

    id: int
    name: str
    category: str
    seen_version: int
    chosen: str
    chosen_name: str
    options: tuple[tuple[str, str], ...]
    kept: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


def ended_categories() -> tuple[str, ...]:
    """Return the categories that have ended by today."""
    day = clock.today().isoformat()
    return tuple(each.key for each in CATEGORIES if not each.is_open_on(day))


def ended_rows(session: Session, *, viewer: Actor) -> tuple[EndedRow, ...]:
    """Return the entries the viewer sees in categories that have ended by today; two queries, none before that day."""
    ended = ended_categories()
    if not ended:
        return ()
    names = {each.id: each.name for each in section_names(session)}
    rows = session.execute(
        select(Listing.record_id, Listing.code, Listing.name, Listing.category, Listing.section_id)
        .where(
            Listing.kind == "power",
            Listing.category.in_(ended),
            Listing.stage.not_in(_GONE),
            visible_to(viewer),
        )
        .order_by(Listing.sort_key, Listing.record_id)
        .limit(MAX_SHOWN),
    )
    may = viewer.may(Permission.EDIT_DRAFTS)
    return tuple(
        EndedRow(
            row.record_id,
            row.code,
            row.name,
            category_label(row.category),
            names.get(row.section_id, ""),
            may and row.section_id in viewer.own_sections,
        )
        for row in rows
    )


def reclassification_page(session: Session, power_id: int, chosen: str, *, viewer: Actor) -> ReclassificationPage:
    """Return the page; raise NotFound or NotAllowed as the editing page does. At most six queries."""
    seen = editable_power(session, power_id, viewer)
    day = str(seen.body["reference_date"]) or clock.today().isoformat()
    options = tuple(
        (each.key, each.name) for each in CATEGORIES if each.key != seen.body["category"] and each.is_open_on(day)
    )
    known = chosen if chosen in dict(options) else ""
    changed, left = reclassified(seen.body, known, "") if known else (seen.body, [])
    kept = tuple(changed["details"]) if known else ()
    headings = {
        each.name: each.heading for category in CATEGORIES if category.key == known for each in category.details
    }
    return ReclassificationPage(
        id=power_id,
        name=seen.body["name"] or seen.row.name,
        category=category_label(seen.body["category"]),
        seen_version=seen.draft_version,
        chosen=known,
        chosen_name=category_label(known) if known else "",
        options=options,
        kept=tuple(headings[name] for name in kept),
        left=tuple(left),
    )
