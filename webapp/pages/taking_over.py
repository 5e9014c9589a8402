"""从同类事项带入: an entry of the same category to take from, the own section first; then what of it to take."""

import json
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import Session

from webapp.pages.catalogue import open_entries
from webapp.pages.entry import contact_words, read_contacts
from webapp.pages.finding import matching, section_names
from webapp.pages.power_draft import editable_power
from webapp.pages.seen import approved_revision
from webapp.policy import Actor
from webapp.powers.categories import category_label
from webapp.powers.fields import PUBLIC_NAMES, Body, empty_entry
from webapp.powers.kind import POWER
from webapp.powers.parts import public_detail_names
from webapp.powers.taking_over import Takeable, takeable
from webapp.revisions.models import Draft, Listing
from webapp.revisions.reading import revision_body
from webapp.rules import NotFound

SHOWN = 30
_CONTACTS = frozenset({"contact", "supervision_contact"})


@dataclass(frozen=True)
class SourceRow:
    """An entry that may be taken from."""

    id: int
    code: str
    name: str
    section: str
    is_own: bool


@dataclass(frozen=True)
class TakingOverPage:
    """What the screen shows: the entries to choose from, or the values of the chosen one."""

    id: int
    name: str
    category: str
    seen_version: int
    q: str
    rows: tuple[SourceRow, ...]
    has_more: bool
    source: SourceRow | None
    values: tuple[Takeable, ...]


def taking_over_page(session: Session, power_id: int, *, q: str, source: int, viewer: Actor) -> TakingOverPage:
    """Return the page; at most nine queries. Raises NotFound for a source the viewer may not read."""
    seen = editable_power(session, power_id, viewer)
    sections = {each.id: each.name for each in section_names(session)}
    condition = and_(
        _readable(viewer), Listing.category == seen.body["category"], Listing.record_id != power_id, *matching(q)
    )
    own = Listing.section_id == seen.record.section_id
    found = session.execute(
        select(Listing.record_id, Listing.code, Listing.name, Listing.section_id)
        .where(condition if not source else and_(_readable(viewer), Listing.record_id == source))
        .order_by(case((own, 0), else_=1), Listing.sort_key, Listing.record_id)
        .limit(SHOWN + 1),
    ).all()
    rows = tuple(
        SourceRow(row[0], row[1], row[2], sections.get(row[3], ""), row[3] == seen.record.section_id) for row in found
    )
    if source and not rows:
        raise NotFound
    values: tuple[Takeable, ...] = ()
    if source:
        contacts = read_contacts(session)
        values = tuple(
            Takeable(
                one.name,
                one.heading,
                contact_words(one.theirs, contacts),
                contact_words(one.mine, contacts),
                one.is_ticked,
            )
            if one.name in _CONTACTS
            else one
            for one in takeable(seen.body, source_body(session, source, viewer))
        )
    return TakingOverPage(
        id=power_id,
        name=seen.body["name"] or seen.row.name,
        category=category_label(seen.body["category"]),
        seen_version=seen.draft_version,
        q=q,
        rows=() if source else rows[:SHOWN],
        has_more=len(rows) > SHOWN,
        source=rows[0] if source else None,
        values=values,
    )


def source_body(session: Session, record_id: int, viewer: Actor) -> Body:
    """Return the body of an entry to take from as the viewer may read it; raise NotFound for any other.

    Of the own section its draft; of others what the catalogue shows of it, so the public part only.
    """
    row = session.scalars(select(Listing).where(Listing.record_id == record_id, _readable(viewer))).one_or_none()
    if row is None:
        raise NotFound
    if row.face == "draft":
        body: Body = json.loads(session.get_one(Draft, record_id).body)
        return body
    revision = approved_revision(session, record_id)
    if revision is None:
        raise NotFound
    whole, public = revision_body(POWER, revision), json.loads(revision.public)
    shown = public_detail_names(whole["category"])
    details = {name: value for name, value in whole["details"].items() if name in shown}
    return {**empty_entry(whole["category"]), **{name: public[name] for name in PUBLIC_NAMES}, "details": details}


def _readable(viewer: Actor) -> ColumnElement[bool]:
    """Return the condition that leaves one row for each entry whose text the viewer may copy."""
    own = Listing.section_id.in_(sorted(viewer.own_sections))
    return or_(
        and_(Listing.kind == POWER.key, Listing.face == "draft", own),
        and_(~own, *open_entries()),
    )
