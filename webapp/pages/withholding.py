"""One request not to publish a power, with its review."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Person
from webapp.pages.review_panel import ReviewPanel, review_panel
from webapp.pages.seen import Seen, may_edit, seen_record
from webapp.pages.withholdings import BANNER
from webapp.policy import Actor, Role
from webapp.powers.categories import category_label
from webapp.revisions.kinds import Body
from webapp.revisions.models import Listing
from webapp.revisions.reading import visible_to
from webapp.withholdings.kind import HEADINGS, KINDS, WITHHOLDING, missing
from webapp.withholdings.models import WithholdingTerm


@dataclass(frozen=True)
class Line:
    """One row of the request."""

    name: str
    label: str
    value: str
    wanted: bool
    address: str


@dataclass(frozen=True)
class TermShown:
    """How long a decided withholding lasts; `may_end` for who may say that it is over."""

    until: date | None
    is_reached: bool
    ended_at: datetime | None
    ended_by: str
    reason: str
    may_end: bool


@dataclass(frozen=True)
class WithholdingPage:
    """What the screen shows."""

    id: int
    number: str
    title: str
    section: str
    state: str
    lines: tuple[Line, ...]
    power_address: str
    power_name: str
    edit_address: str
    review: ReviewPanel
    term: TermShown | None  # None until it is decided
    banner: str = BANNER


def withholding_page(session: Session, record_id: int, *, viewer: Actor) -> WithholdingPage:
    """Return the page; raise NotFound where the viewer may not know of the request."""
    seen = seen_record(session, WITHHOLDING, record_id, viewer)
    body = seen.body
    power = session.scalars(
        select(Listing).where(Listing.kind == "power", Listing.code == body["power"], visible_to(viewer)),
    ).first()
    edit_address = f"/withholdings/{record_id}/draft" if may_edit(seen, viewer) else ""
    lacking = {problem.field for problem in missing(body)} if seen.row.face == "draft" else set()
    return WithholdingPage(
        id=record_id,
        number=seen.row.code,
        title=body["title"],
        section=body["section"],
        state=seen.row.stage,
        lines=tuple(
            Line(name, HEADINGS[name], shown(name, body), name in lacking, edit_address)
            for name in HEADINGS
            if name not in {"number", "title"}
        ),
        power_address=f"/powers/{power.record_id}" if power else "",
        power_name=power.name if power else "",
        edit_address=edit_address,
        review=review_panel(session, viewer, WITHHOLDING, seen.row),
        term=_term(session, seen, viewer),
    )


def _term(session: Session, seen: Seen, viewer: Actor) -> TermShown | None:
    found = session.execute(
        select(WithholdingTerm, Person.name)
        .outerjoin(Person, Person.id == WithholdingTerm.ended_by)
        .where(WithholdingTerm.record_id == seen.record.id),
    ).one_or_none()
    if found is None:
        return None
    term, name = found
    is_standing = term.ended_at is None and seen.record.stage == "withheld"
    return TermShown(
        until=term.until,
        is_reached=is_standing and term.until is not None and term.until < clock.today(),
        ended_at=term.ended_at,
        ended_by=name or "",
        reason=term.reason,
        may_end=is_standing and (seen.record.section_id in viewer.own_sections or viewer.has(Role.OFFICE)),
    )


def shown(name: str, body: Body) -> str:
    """Return a value of a request as it is read."""
    value = str(body[name])
    match name:
        case "kind":
            return KINDS.get(value, value)
        case "category":
            return category_label(value)
        case "part":
            return "全部不公开" if value == "whole" else value
        case _:
            return value
