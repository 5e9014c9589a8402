"""What an internal chart may refine: the external charts its clerk sees, and the steps of the one it names."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.flows.kind import FLOW
from webapp.pages.seen import Seen
from webapp.policy import Actor
from webapp.reviews.agreement import with_refined
from webapp.revisions.kinds import Body
from webapp.revisions.models import Listing
from webapp.revisions.reading import visible_to

Options = tuple[tuple[str, str], ...]
_MOST = 500


@dataclass(frozen=True)
class Refinable:
    """Options for what an internal chart and its steps refine; both empty for an external one."""

    charts: Options = ()
    steps: Options = ()


def refinable(session: Session, seen: Seen, body: Body, viewer: Actor) -> Refinable:
    """Return what a chart as typed may refine; no query for an external one, else four at most."""
    if body["audience"] != "internal":
        return Refinable()
    rows = session.execute(
        select(Listing.code, Listing.name)
        .where(Listing.kind == FLOW.key, Listing.category == "external", visible_to(viewer))
        .order_by(Listing.sort_key, Listing.record_id)
        .limit(_MOST),
    )
    outer = with_refined(session, seen.record, body).get("refined_chart")
    steps = tuple((step["id"], f"{step['id']} {step['name']}".strip()) for step in outer["steps"]) if outer else ()
    return Refinable(tuple((row.code, f"{row.code} {row.name}") for row in rows if row.code), steps)
