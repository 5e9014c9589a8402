"""Which records a person may see and in which face; looking records up for him. Only reads."""

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from webapp.policy import Actor
from webapp.revisions.models import Listing, Record
from webapp.rules import NotFound


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `Listing` that leaves exactly one row per record the person may see.

    The own section sees its draft, and so does who brought it in; joint and support sections and bureau-wide roles see
    the last submitted revision. Administrators see neither (design.md rule 2).
    """
    own = [*sorted(actor.own_sections)]
    is_mine = or_(Listing.section_id.in_(own) if own else false(), Listing.entered_by == actor.person)
    conditions = [(Listing.face == "draft") & is_mine]
    if actor.is_bureau_wide:
        conditions.append((Listing.face == "review") & ~is_mine)
    elif own:
        involved = or_(*(Listing.involved.contains(f"|{number}|", autoescape=True) for number in own))
        conditions.append((Listing.face == "review") & ~is_mine & involved)
    return or_(*conditions)


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
