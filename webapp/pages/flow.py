"""One chart as its viewer may see it: three equal forms, what is wrong with it, the powers it serves, its review."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from webapp.flows.kind import FLOW
from webapp.flows.telling import Fact
from webapp.pages.doubts import Doubt
from webapp.pages.flow_chart import ChartView, FindingLine, chart_view, facts_of, own_findings
from webapp.pages.flow_doubts import chart_doubts
from webapp.pages.flow_frame import FrameRow, chart_frame
from webapp.pages.flow_origin import Provenance, provenance
from webapp.pages.flow_powers import ServedPowers, served_powers
from webapp.pages.power import Event, Version, events_of, versions_of
from webapp.pages.review_panel import ReviewPanel, review_panel
from webapp.pages.seen import approved_revision, may_edit, seen_record, seen_revisions, version_words
from webapp.policy import Actor
from webapp.revisions.reading import revision_body
from webapp.rules import NotFound

VIEWS = (("drawing", "图形"), ("table", "步骤表"), ("text", "文字"))


@dataclass(frozen=True)
class Tab:
    """One of the three forms of a chart, as a link."""

    label: str
    address: str
    current: bool


@dataclass(frozen=True)
class FlowPage:
    """What the screen shows; `body` is what is drawn, `view` one of `VIEWS`."""

    id: int
    code: str
    name: str
    state: str
    lead: str
    view: str
    tabs: tuple[Tab, ...]
    chart: ChartView
    findings: tuple[FindingLine, ...]
    doubts: tuple[Doubt, ...]
    provenance: Provenance
    frame: tuple[FrameRow, ...]
    facts: tuple[Fact, ...]
    served: ServedPowers
    review: ReviewPanel
    versions: tuple[Version, ...]
    events: tuple[Event, ...]
    edit_address: str
    compare_address: str
    body: dict[str, Any] = field(repr=False)


def flow_page(session: Session, flow_id: int, *, viewer: Actor, view: str = "drawing") -> FlowPage:
    """Return the page of one chart; raise NotFound where the viewer may not know of it. At most 40 queries."""
    seen = seen_record(session, FLOW, flow_id, viewer)
    row, body = seen.row, seen.body
    shown = view if view in dict(VIEWS) else VIEWS[0][0]
    served = served_powers(session, row.code, body, viewer)
    doubts = chart_doubts(session, seen, served, viewer)
    revisions = seen_revisions(session, seen)
    approved = approved_revision(session, flow_id) if revisions else None
    versions = len(revisions) + (1 if row.face == "draft" else 0)
    address = f"/flows/{flow_id}"
    return FlowPage(
        id=flow_id,
        code=row.code,
        name=body["name"] or row.name,
        state=row.stage,
        lead=version_words(seen, revisions, approved),
        view=shown,
        tabs=tuple(Tab(label, f"{address}?view={key}#chart", key == shown) for key, label in VIEWS),
        chart=chart_view(body),
        findings=tuple(
            line for line in own_findings(session, seen.record, body) if line.severity != "warning" or not doubts
        ),
        doubts=doubts,
        frame=chart_frame(session, body, served, version=version_words(seen, revisions, approved), approved=approved),
        provenance=provenance(session, flow_id, viewer),
        facts=facts_of(body, served.bodies, hidden=served.hidden),
        served=served,
        review=review_panel(session, viewer, FLOW, row),
        versions=versions_of(session, seen, revisions, approved),
        events=events_of(session, seen, revisions, viewer),
        edit_address=f"{address}/draft" if may_edit(seen, viewer) else "",
        compare_address=f"{address}/compare" if versions > 1 else "",
        body=body,
    )


def seen_chart(session: Session, flow_id: int, *, viewer: Actor, revision: int | None = None) -> dict[str, Any]:
    """Return the body of a chart in the face the viewer sees, or of a revision he may see; raise NotFound."""
    seen = seen_record(session, FLOW, flow_id, viewer)
    if revision is None:
        return seen.body
    found = next((one for one in seen_revisions(session, seen) if one.number == revision), None)
    if found is None:
        raise NotFound
    return revision_body(FLOW, found)
