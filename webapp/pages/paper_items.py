"""The records that papers are made of: each in the one face its reader has, with the revision it stands for.

The own section's papers show what it works on, everybody else's what was submitted last. What another section has not
submitted yet is counted, so that the bureau's numbers add up, and never shown: such an item has no body.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.campaigns.counting import Tally, handling_of
from webapp.digests import digest
from webapp.pages.catalogue import open_entries
from webapp.pages.seen import EDITABLE
from webapp.policy import Actor, Role
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import Approval, Review
from webapp.reviews.shown import shown_revisions
from webapp.revisions.kinds import Body
from webapp.revisions.models import Draft, Listing, Revision
from webapp.revisions.reading import revision_body

_OFFICE = frozenset({Role.OFFICE, Role.LEADER, Role.DEPUTY})


@dataclass(frozen=True)
class Item:
    """One record on a paper. `body` is None where it is counted only; `number` is 0 while it is a draft."""

    record: int
    code: str
    name: str
    category: str
    section: int
    involved: frozenset[int]
    disclosure: str
    verdict: str
    stage: str
    counted: Tally  # what the counts know of it
    follow_up: str  # 处理意见
    body: Body | None = field(repr=False)
    number: int = 0
    digest: str = ""

    @property
    def state(self) -> str:
        """Return 第n稿, or 草稿."""
        return f"第{self.number}稿" if self.number else "草稿"


def makes_all(viewer: Actor) -> bool:
    """Say whether a person makes the papers of every section: the leading group's office and heads."""
    return bool(viewer.roles & _OFFICE)


def read_items(session: Session, kind: str, *, viewer: Actor, section: int = 0) -> list[Item]:
    """Return the records of a kind that papers of this reader show or count, in their order; four queries.

    With a section, its own and those it takes part in. Without one, everything he makes papers of.
    """
    own = sorted(viewer.own_sections)
    is_own = Listing.section_id.in_(own)
    review = aliased(Listing)
    submitted = exists().where(review.record_id == Listing.record_id, review.face == "review")
    involved = or_(False, *(Listing.involved.contains(f"|{number}|", autoescape=True) for number in own))  # noqa: FBT003 - SQL
    is_draft, is_review = Listing.face == "draft", Listing.face == "review"
    branches = [and_(is_draft, is_own)]
    if makes_all(viewer):
        branches += [and_(is_review, ~is_own), and_(is_draft, ~is_own, ~submitted)]
    else:
        branches.append(and_(is_review, ~is_own, involved))
    scope: list[ColumnElement[bool]] = [Listing.kind == kind, or_(*branches)]
    if section:
        takes_part = Listing.involved.contains(f"|{section}|", autoescape=True)
        scope.append(or_(Listing.section_id == section, takes_part))
    found = [*_drafts(session, scope, frozenset(own)), *_submitted(session, kind, scope)]
    return sorted(found, key=lambda item: (item.code or f"~{item.name}", item.record))


def read_open_items(session: Session, *, section: int = 0) -> list[Item]:
    """Return the powers of a public edition: open to society as approved; public parts only. One query."""
    newest = select(func.max(Approval.id)).group_by(Approval.record_id)
    query = (
        select(Listing, Revision.public, Revision.number, Revision.public_digest)
        .join(Approval, Approval.record_id == Listing.record_id)
        .join(Revision, Revision.id == Approval.revision_id)
        .where(*open_entries(), Listing.disclosure == "public", Approval.id.in_(newest))
        .order_by(Listing.sort_key, Listing.record_id)
    )
    if section:
        query = query.where(Listing.section_id == section)
    return [
        replace(_item(row, json.loads(public)), number=number, digest=named_by)
        for row, public, number, named_by in session.execute(query)
    ]


def read_open_flows(session: Session) -> list[Item]:
    """Return the approved external charts. One query."""
    newest = select(func.max(Approval.id)).group_by(Approval.record_id)
    rows = session.execute(
        select(Listing, Revision.public, Revision.number, Revision.public_digest)
        .join(Approval, Approval.record_id == Listing.record_id)
        .join(Revision, Revision.id == Approval.revision_id)
        .where(
            Listing.kind == "flow",
            Listing.face == "approved",
            Listing.category == "external",
            Approval.id.in_(newest),
        )
        .order_by(Listing.sort_key, Listing.record_id),
    )
    return [
        replace(_item(row, json.loads(public)), number=number, digest=named_by)
        for row, public, number, named_by in rows
        if json.loads(public)
    ]


def _drafts(session: Session, scope: list[ColumnElement[bool]], own: frozenset[int]) -> Iterator[Item]:
    """Yield the items in their draft face; under review, the revision that is reviewed names them."""
    rows = session.execute(
        select(Listing, Draft.body, Review.stage, Review.returned_from, Revision.number, Revision.digest)
        .join(Draft, Draft.record_id == Listing.record_id)
        .outerjoin(Review, and_(Review.record_id == Listing.record_id, Review.is_open))
        .outerjoin(Revision, Revision.id == Review.revision_id)
        .where(*scope, Listing.face == "draft"),
    )
    for row, text, stage, _returned, number, named_by in rows:
        item = _item(row, json.loads(text))
        if row.section_id not in own:
            yield replace(item, body=None, name="", code="", counted=replace(item.counted, is_submitted=False))
        elif stage is not None and row.stage not in EDITABLE:
            yield replace(item, number=number, digest=named_by)
        else:
            yield replace(item, digest=digest(item.body))


def _submitted(session: Session, kind: str, scope: list[ColumnElement[bool]]) -> Iterator[Item]:
    """Yield the items as submitted last; after a recall as approved before it."""
    rows = {row.record_id: row for row in session.scalars(select(Listing).where(*scope, Listing.face == "review"))}
    if not rows:
        return
    for record, revision in shown_revisions(session, scope).items():
        item = _item(rows[record], revision_body(KINDS[kind], revision))
        yield replace(item, number=revision.number, digest=revision.digest)


def _item(row: Listing, body: Body) -> Item:
    return Item(
        record=row.record_id,
        code=row.code,
        name=row.name,
        category=row.category,
        section=row.section_id,
        involved=frozenset(int(part) for part in row.involved.split("|") if part),
        disclosure=row.disclosure,
        verdict=row.verdict,
        stage=row.stage,
        counted=_counted(row, body),
        follow_up=str(body.get("follow_up", "")),
        body=body,
    )


def _counted(row: Listing, body: Body) -> Tally:
    """Return an item as one that is counted; of another kind than a power nobody asks for the rest."""
    is_required = bool(body.get("flow_required"))
    return Tally(
        section=row.section_id,
        category=row.category,
        direction=str(body.get("direction", "")),
        disclosure=row.disclosure,
        verdict=row.verdict,
        stage=row.stage,
        is_listed=True,
        number=1,
        since=row.stage_since,
        handling=handling_of(row.verdict, str(body.get("follow_up", ""))),
        is_flow_required=is_required,
        is_drawn=is_required and bool(body.get("flows")),
    )
