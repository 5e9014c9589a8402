"""The shared clauses of a section: one text per field and category, and how many entries show it."""

import json
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.pages.finding import SectionName, find_section, section_names
from webapp.policy import Actor
from webapp.powers import categories
from webapp.powers.entry_forms import CLAUSE_FIELDS
from webapp.powers.fields import field
from webapp.powers.models import SharedClause
from webapp.revisions.models import Draft, Listing, Record
from webapp.rules import NotFound

PATH = "/shared-clauses"
_LOOSE = frozenset({"draft", "returned"})


@dataclass(frozen=True)
class ClauseRow:
    """A field with its clause: `version` 0 and no text where there is none; `used` drafts that follow a change."""

    field: str
    heading: str
    help: str
    content: str
    version: int
    used: int
    left: int


@dataclass(frozen=True)
class Tab:
    """A category (or a section) to go to."""

    label: str
    address: str
    current: bool
    count: int | None = None


@dataclass(frozen=True)
class SharedClausesPage:
    """What the screen shows."""

    section: SectionName
    category: str
    category_name: str
    sections: tuple[Tab, ...]
    tabs: tuple[Tab, ...]
    rows: tuple[ClauseRow, ...]


def shared_clauses_page(session: Session, section: str, category: str, *, viewer: Actor) -> SharedClausesPage:
    """Return the page of one of the viewer's sections; raise NotFound for another. Five queries.

    Without a category the one of which the section has most powers.
    """
    own = [each for each in section_names(session) if each.id in viewer.own_sections]
    wanted = find_section(own, section) or (own[0].id if own else -1)
    here = next((each for each in own if each.id == wanted), None)
    if here is None:
        raise NotFound
    powers = _powers(session, here.id)
    key = category or max(powers, key=lambda name: powers[name], default="penalty")
    found = categories.category(key)
    if found is None:
        raise NotFound
    clauses = list(session.scalars(select(SharedClause).where(SharedClause.section_id == here.id)))
    used, left = _uses(session, here.id)
    texts = {clause.field: clause for clause in clauses if clause.category == key}
    counts = Counter(clause.category for clause in clauses if clause.content)
    return SharedClausesPage(
        section=here,
        category=key,
        category_name=found.name,
        sections=tuple(Tab(each.name, address(each.slug, key), each.id == here.id) for each in own),
        tabs=tuple(
            Tab(each.name, address(here.slug, each.key), each.key == key, counts.get(each.key))
            for each in categories.CATEGORIES
            if each.key in powers or counts.get(each.key) or each.key == key
        ),
        rows=tuple(_row(name, texts.get(name), used, left) for name in CLAUSE_FIELDS),
    )


def address(section: str, category: str) -> str:
    """Return the address of the clauses of a section for a category."""
    return f"{PATH}?{urlencode({'section': section, 'category': category})}"


def _row(name: str, clause: SharedClause | None, used: Counter[int], left: Counter[int]) -> ClauseRow:
    each = field(name)
    return ClauseRow(
        field=name,
        heading=each.heading,
        help=each.help,
        content=clause.content if clause else "",
        version=clause.version if clause else 0,
        used=used[clause.id] if clause else 0,
        left=left[clause.id] if clause else 0,
    )


def _powers(session: Session, section: int) -> dict[str, int]:
    rows = session.execute(
        select(Listing.category, func.count())
        .where(Listing.kind == "power", Listing.face == "draft", Listing.section_id == section)
        .group_by(Listing.category),
    )
    return {row[0]: row[1] for row in rows if row[0]}


def _uses(session: Session, section: int) -> tuple[Counter[int], Counter[int]]:
    """Return by clause how many drafts show it, and how many entries under review or approved."""
    used: Counter[int] = Counter()
    left: Counter[int] = Counter()
    rows = session.execute(
        select(Record.stage, Draft.clauses)
        .join(Draft, Draft.record_id == Record.id)
        .where(Record.kind == "power", Record.section_id == section, Draft.clauses != "{}"),
    )
    for stage, clauses in rows:
        (used if stage in _LOOSE else left).update(json.loads(clauses).values())
    return used, left
