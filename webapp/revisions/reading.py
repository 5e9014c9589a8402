"""Which records a person may see and in which face; looking records up for him. Only reads."""

import json

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from webapp.policy import Actor
from webapp.revisions.kinds import Body, Kind
from webapp.revisions.models import Listing, Record, RecordLink, Revision
from webapp.rules import NotFound


def visible_branches(actor: Actor) -> tuple[tuple[ColumnElement[bool], ...], ...]:
    """Return the ways in which a person sees a record, as conditions on `Listing`; no row meets two of them.

    The own section sees its draft, and so does who brought it in; joint and support sections and bureau-wide roles see
    the last submitted revision. Administrators see neither (design.md rule 2). A list that asks branch by branch reads
    an index each; asked all at once the database reads every row.
    """
    own = sorted(actor.own_sections)
    drafts, reviews = Listing.face == "draft", Listing.face == "review"
    mine, brought = Listing.section_id.in_(own), Listing.entered_by == actor.person
    branches: list[tuple[ColumnElement[bool], ...]] = [(drafts, mine)] if own else []
    foreign: tuple[ColumnElement[bool], ...] = (~mine,) if own else ()
    branches.append((drafts, brought, *foreign))
    if actor.is_bureau_wide:
        branches.append((reviews, ~brought, *foreign))
    elif own:
        involved = or_(*(Listing.involved.contains(f"|{number}|", autoescape=True) for number in own))
        branches.append((reviews, ~brought, *foreign, involved))
    return tuple(branches)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `Listing` that leaves exactly one row per record the person may see."""
    return or_(*(and_(*branch) for branch in visible_branches(actor)))


def seen_listing(session: Session, actor: Actor, kind: str, record_id: int) -> Listing:
    """Return the one row of a record this person sees; raise NotFound where he may not know of it."""
    row = session.scalars(
        select(Listing).where(Listing.record_id == record_id, Listing.kind == kind, visible_to(actor)),
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def find_by_code(session: Session, kind: str, code: str) -> Record | None:
    """Return the record with this code or number, whoever may see it."""
    return session.scalars(select(Record).where(Record.kind == kind, Record.code == code)).one_or_none()


def linked_targets(session: Session, target_kind: str) -> frozenset[str]:
    """Return whatever any face of any record refers to, of one kind (`contact`); one query."""
    return frozenset(session.scalars(select(RecordLink.target).where(RecordLink.target_kind == target_kind).distinct()))


def revision_body(kind: Kind, revision: Revision) -> Body:
    """Return a revision's body in the contract's shape."""
    return kind.join(json.loads(revision.public), json.loads(revision.internal)["body"])
