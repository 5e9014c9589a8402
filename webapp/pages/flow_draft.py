"""Editing a chart: head and tables as they stand or were typed, beside them findings and the powers it touches."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.flows.citing import basis_text
from webapp.flows.forms import Form, chart_problems, drawable, read_chart
from webapp.flows.kind import AUDIENCES, FLOW, PROCEDURES, RISK_LEVELS, STEP_KINDS, UNITS
from webapp.flows.models import ChartStates
from webapp.flows.telling import Fact, longest_ways
from webapp.pages.flow_chart import FindingLine, facts_of, own_findings, sections_and_posts
from webapp.pages.flow_powers import ServedPowers, served_powers
from webapp.pages.flow_refining import Refinable, refinable
from webapp.pages.seen import Seen, may_edit, seen_record
from webapp.policy import Actor
from webapp.revisions.kinds import Body
from webapp.revisions.models import Autosave
from webapp.rules import NotAllowed, NotFound

Options = tuple[tuple[str, str], ...]
_START = "进入本环节之日"


@dataclass(frozen=True)
class StepRow:
    """A step in the table; `cells` by the names of the inputs, `is_open` where a fault stands in the folded part."""

    at: int
    id: str
    cells: Mapping[str, Any]
    is_open: bool


@dataclass(frozen=True)
class Typed:
    """What the viewer typed earlier and did not save; `is_old` where somebody saved the draft since."""

    at: datetime
    is_old: bool


@dataclass(frozen=True)
class LiveView:
    """What stands beside the tables: faults of the input, findings, powers; `drawable` is None where nothing is."""

    faults: tuple[tuple[str, str], ...]  # (input, sentence)
    findings: tuple[FindingLine, ...]
    served: ServedPowers
    longest: tuple[str, ...]
    facts: tuple[Fact, ...]
    drawable: Body | None = field(repr=False)


@dataclass(frozen=True)
class FlowDraftPage:
    """What the screen shows."""

    id: int
    number: str
    name: str
    state: str
    seen_version: int
    body: Mapping[str, Any]
    total: Mapping[str, Any]
    steps: tuple[StepRow, ...]
    ways: tuple[Mapping[str, Any], ...]
    step_options: Options
    sections: tuple[str, ...]
    posts: tuple[tuple[str, tuple[str, ...]], ...]  # by section
    errors: Mapping[str, str]
    summary: tuple[tuple[str | None, str], ...]
    focus: str
    typed: Typed | None
    is_restored: bool
    undo: int  # acts on rows that can be taken back
    redo: int
    live: LiveView
    refinable: Refinable
    audiences: Options = tuple(AUDIENCES.items())
    procedures: Options = tuple(PROCEDURES.items())
    kinds: Options = tuple(STEP_KINDS.items())
    units: Options = tuple(UNITS.items())
    levels: Options = tuple(RISK_LEVELS.items())

    @property
    def section_options(self) -> Options:
        """Return the sections a step may be given to."""
        return tuple((name, name) for name in self.sections)

    def post_list(self, section: str) -> str | None:
        """Return the id of the list of a section's posts, None where it has none."""
        place = next((at for at, (name, _) in enumerate(self.posts, 1) if name == section), 0)
        return f"posts-{place}" if place else None


@dataclass(frozen=True)
class Given:
    """What the form is drawn from beside the draft itself."""

    body: Body | None = None  # as typed; None shows the draft
    seen_version: int | None = None
    problems: Sequence[tuple[str | None, str]] = ()
    focus: str = ""
    restore: bool = False


def flow_draft_page(session: Session, flow_id: int, given: Given, *, viewer: Actor) -> FlowDraftPage:
    """Return the editing page; at most 14 queries.

    Raises NotFound where the viewer may not know of the chart, NotAllowed where it is not his to change now.
    """
    seen = editable_flow(session, flow_id, viewer)
    buffer = session.get(Autosave, (flow_id, viewer.account, "chart"))
    body, version = given.body or seen.body, given.seen_version or seen.draft_version
    is_restored = given.restore and given.body is None and buffer is not None
    if is_restored and buffer is not None:
        body, version = read_chart(buffered_form(buffer), seen.body), buffer.seen_version
    errors: dict[str, str] = {}
    for name, sentence in given.problems:
        if name:
            errors[name] = f"{errors[name]} {sentence}" if name in errors else sentence
    total = body["total_limit"] or {"n": "", "unit": "working_day", "start": ""}
    posts = sections_and_posts(session)
    undo, redo = _counts(session.get(ChartStates, (flow_id, viewer.account)), version)
    return FlowDraftPage(
        id=flow_id,
        number=seen.row.code,
        name=seen.body["name"] or seen.row.name,
        state=seen.row.stage,
        seen_version=version,
        body=body,
        total=total,
        steps=tuple(_step_row(step, at, errors) for at, step in enumerate(body["steps"])),
        ways=tuple(body["transitions"]),
        step_options=tuple((step["id"], f"{step['id']} {step['name']}".strip()) for step in body["steps"]),
        sections=tuple(name for name, _ in posts),
        posts=posts,
        errors=errors,
        summary=tuple(given.problems),
        focus="" if given.problems else given.focus,
        typed=_typed(buffer, seen) if buffer and given.body is None and not given.restore else None,
        is_restored=is_restored,
        undo=undo,
        redo=redo,
        live=_live(session, seen, body, viewer),
        refinable=refinable(session, seen, body, viewer),
    )


def live_view(session: Session, flow_id: int, body: Body, *, viewer: Actor) -> LiveView:
    """Return what stands beside the tables for a chart as typed; raises like `flow_draft_page`."""
    return _live(session, editable_flow(session, flow_id, viewer), body, viewer)


def typed_body(session: Session, flow_id: int, form: Form, *, viewer: Actor) -> Body:
    """Return the draft as the form would have it; raises like `flow_draft_page`."""
    return read_chart(form, editable_flow(session, flow_id, viewer).body)


def editable_flow(session: Session, flow_id: int, viewer: Actor) -> Seen:
    """Return a chart whose draft the viewer may change now; raise NotFound or NotAllowed with the reason."""
    seen = seen_record(session, FLOW, flow_id, viewer)
    if seen.row.face != "draft":
        raise NotFound if not viewer.is_bureau_wide else NotAllowed("只有承办科室可以修改本图；其他科室可以提出意见。")
    if not may_edit(seen, viewer):
        raise NotAllowed("本图正在审核中，不能修改。需要修改的，请先收回或等待退回。")
    return seen


def buffered_form(buffer: Autosave) -> dict[str, list[str]]:
    """Return what was typed and not saved as a form."""
    form: dict[str, list[str]] = {}
    for name, value in json.loads(buffer.content):
        form.setdefault(name, []).append(value)
    return form


def version_of(form: Form) -> int | None:
    """Return the version a posted form says it was made from; None where it says none."""
    text = str(form["seen_version"][0]) if form.get("seen_version") else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - digits of an integer column


def _live(session: Session, seen: Seen, body: Body, viewer: Actor) -> LiveView:
    faults = tuple((problem.field, problem.sentence) for problem in chart_problems(body))
    shown = drawable(body)
    is_in_shape = not chart_problems(shown)
    served = served_powers(session, seen.row.code, shown, viewer) if is_in_shape else ServedPowers((), (), 0)
    return LiveView(
        faults=faults,
        findings=own_findings(session, seen.record, shown) if is_in_shape else (),
        served=served,
        longest=longest_ways(shown) if is_in_shape else (),
        facts=facts_of(shown, served.bodies, hidden=served.hidden) if is_in_shape else (),
        drawable=shown if is_in_shape else None,
    )


def _step_row(step: Mapping[str, Any], at: int, errors: Mapping[str, str]) -> StepRow:
    limit = step["limit"] or {"n": "", "unit": "working_day", "start": _START}
    cells = {
        **step,
        "limit-n": limit["n"],
        "limit-unit": limit["unit"],
        "limit-start": limit["start"],
        "basis": basis_text(step["basis"]),
    }
    folded = ("conditions", "basis", "document", "control_point", "rights", "limit-start", "risk_point", "measure")
    is_open = any(f"steps-{at}-{name}" in errors for name in (*folded, "risk_level", "refines"))
    return StepRow(at=at, id=step["id"], cells=cells, is_open=is_open)


def _counts(states: ChartStates | None, version: int) -> tuple[int, int]:
    """Return how many acts on rows can be taken back and done again; none where somebody else saved since."""
    if states is None or states.seen_version != version:
        return 0, 0
    return len(json.loads(states.done)), len(json.loads(states.undone))


def _typed(buffer: Autosave, seen: Seen) -> Typed:
    return Typed(at=buffer.saved_at, is_old=buffer.seen_version != seen.draft_version)
