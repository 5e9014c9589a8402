"""Two versions of a chart: what differs in sentences, and the steps side by side."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from webapp.flows.comparing import ChartDifference, compared
from webapp.flows.kind import FLOW
from webapp.pages.seen import seen_record, seen_revisions
from webapp.policy import Actor
from webapp.revisions.models import Draft
from webapp.revisions.reading import revision_body
from webapp.rules import NotFound

DRAFT = "draft"


@dataclass(frozen=True)
class FlowComparisonPage:
    """What the screen shows."""

    id: int
    name: str
    before: str
    after: str
    difference: ChartDifference
    choices: tuple[tuple[str, str], ...]  # (value in the address, words)
    chosen: tuple[str, str]


def flow_comparison_page(
    session: Session, flow_id: int, before: str, after: str, *, viewer: Actor
) -> FlowComparisonPage:
    """Return the page; versions are numbers of revisions or `draft` (own section only). Raises NotFound for others.

    Left out, the last two the viewer may see are compared.
    """
    seen = seen_record(session, FLOW, flow_id, viewer)
    bodies: dict[str, dict[str, Any]] = {
        str(revision.number): revision_body(FLOW, revision) for revision in seen_revisions(session, seen)
    }
    if seen.row.face == DRAFT:
        bodies = {DRAFT: json.loads(session.get_one(Draft, flow_id).body), **bodies}
    known = list(bodies)
    after = after or known[0]
    before = before or (known[1] if len(known) > 1 else known[0])
    if before not in bodies or after not in bodies:
        raise NotFound
    return FlowComparisonPage(
        id=flow_id,
        name=seen.body["name"] or seen.row.name,
        before=_words(before),
        after=_words(after),
        difference=compared(bodies[before], bodies[after]),
        choices=tuple((each, _words(each)) for each in known),
        chosen=(before, after),
    )


def _words(version: str) -> str:
    return "草稿" if version == DRAFT else f"第{version}稿"
