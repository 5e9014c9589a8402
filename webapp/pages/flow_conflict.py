"""Two people saved the same chart: what the one typed beside what stands now; everything typed goes along."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp.flows.comparing import ChartDifference, compared
from webapp.flows.forms import Form, is_chart_name, read_chart, without_blank_ways
from webapp.pages.flow_chart import ChartView, chart_view
from webapp.pages.flow_draft import editable_flow
from webapp.policy import Actor
from webapp.revisions.models import Draft


@dataclass(frozen=True)
class FlowConflictPage:
    """What the screen shows; `kept` are the inputs as they were posted, `difference` leads from theirs to mine."""

    id: int
    name: str
    seen_version: int
    edited_by_others: bool
    difference: ChartDifference
    mine: ChartView
    theirs: ChartView
    kept: tuple[tuple[str, str], ...]


def flow_conflict_page(session: Session, flow_id: int, form: Form, *, viewer: Actor) -> FlowConflictPage:
    """Return the page that shows both charts; raises like the draft's page."""
    seen = editable_flow(session, flow_id, viewer)
    draft = session.get_one(Draft, flow_id)
    mine = without_blank_ways(read_chart(form, seen.body))
    return FlowConflictPage(
        id=flow_id,
        name=seen.body["name"] or seen.row.name,
        seen_version=draft.version,
        edited_by_others=draft.edited_by != viewer.person,
        difference=compared(seen.body, mine),
        mine=chart_view(mine),
        theirs=chart_view(seen.body),
        kept=tuple((name, value) for name, values in form.items() if is_chart_name(name) for value in values),
    )
