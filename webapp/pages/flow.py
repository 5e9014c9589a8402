"""Charts: the list of those the viewer may see, and one chart with its drawing, steps, powers and review."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.flows.checks import check_flow
from webapp.flows.kind import AUDIENCES, FLOW, PROCEDURES
from webapp.pages.review_panel import ReviewPanel, review_panel
from webapp.policy import Actor
from webapp.reviews.models import Approval, Review
from webapp.revisions.models import Draft, Listing, RecordLink, Revision
from webapp.revisions.reading import seen_listing, visible_to
from webapp.rules import NotFound


@dataclass(frozen=True)
class FlowRow:
    """One chart in the list."""

    id: int
    number: str
    name: str
    audience: str
    state: str


@dataclass(frozen=True)
class FlowPage:
    """What a chart's page shows; `body` in the contract's shape."""

    id: int
    number: str
    name: str
    state: str
    audience: str
    procedure: str
    body: dict[str, Any]
    findings: tuple[str, ...]
    powers: tuple[tuple[int, str, str], ...]  # (id, code, name)
    review: ReviewPanel


def flows_page(session: Session, *, viewer: Actor) -> tuple[FlowRow, ...]:
    """Return the charts the viewer may see, by number; one query."""
    rows = session.scalars(
        select(Listing).where(Listing.kind == "flow", visible_to(viewer)).order_by(Listing.sort_key, Listing.record_id),
    )
    return tuple(FlowRow(row.record_id, row.code, row.name, AUDIENCES[row.category], row.stage) for row in rows)


def seen_chart(session: Session, flow_id: int, *, viewer: Actor) -> dict[str, Any]:
    """Return the body of a chart in the face the viewer sees; raise NotFound where he may not know of it."""
    row = seen_listing(session, viewer, "flow", flow_id)
    if row.face == "draft":
        body: dict[str, Any] = json.loads(session.get_one(Draft, flow_id).body)
        return body
    revision = session.scalars(
        select(Revision)
        .join(Review, Review.revision_id == Revision.id)
        .where(Review.record_id == flow_id)
        .order_by(Review.id.desc())
        .limit(1),
    ).one_or_none()
    if revision is None:
        revision = session.scalars(
            select(Revision)
            .join(Approval, Approval.revision_id == Revision.id)
            .where(Approval.record_id == flow_id)
            .order_by(Approval.id.desc())
            .limit(1),
        ).one_or_none()
    if revision is None:
        raise NotFound
    return FLOW.join(json.loads(revision.public), json.loads(revision.internal)["body"])


def flow_page(session: Session, flow_id: int, *, viewer: Actor) -> FlowPage:
    """Return the page of one chart; raise NotFound where the viewer may not know of it."""
    row = seen_listing(session, viewer, "flow", flow_id)
    body = seen_chart(session, flow_id, viewer=viewer)
    citing = select(RecordLink.record_id).where(RecordLink.target_kind == "flow", RecordLink.target == row.code)
    powers = session.execute(
        select(Listing.record_id, Listing.code, Listing.name)
        .where(Listing.kind == "power", Listing.record_id.in_(citing), visible_to(viewer))
        .order_by(Listing.sort_key),
    )
    return FlowPage(
        id=flow_id,
        number=row.code,
        name=row.name,
        state=row.stage,
        audience=AUDIENCES[body["audience"]],
        procedure=PROCEDURES[body["procedure"]],
        body=body,
        findings=tuple(found.sentence for found in check_flow(body)),
        powers=tuple((power.record_id, power.code, power.name) for power in powers),
        review=review_panel(session, viewer, FLOW, row),
    )
