"""Whether a chart and the powers it serves say the same, asked before either is submitted.

Whoever is submitted second is checked against what stands: of the own section the draft that is being worked on, of
others what they submitted or what was approved; a foreign draft is nobody's to read.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.flows.checks import Finding, Severity, check_against_power, check_flow
from webapp.flows.findings import Chart
from webapp.flows.kind import FLOW, REFINES
from webapp.powers.kind import POWER
from webapp.reviews.models import Approval, Review
from webapp.revisions.kinds import Body, Kind
from webapp.revisions.models import Draft, Record, RecordLink, Revision
from webapp.revisions.reading import revision_body

_WORKED_ON = ("draft", "returned")


@dataclass(frozen=True)
class Disagreements:
    """What the checks say of a chart or entry and what it belongs to.

    `errors` are sentences; `warnings` ask the chart for a reason and are empty for an entry.
    """

    errors: tuple[str, ...]
    warnings: tuple[Finding, ...] = ()


def disagreements(session: Session, record: Record, body: Body) -> Disagreements:
    """Return what stands between this chart's draft and its powers, or this entry's draft and its charts; ≤ 4 queries.

    Every sentence names the power. The law of an entry's reference date applies. The warnings of a chart are those of
    the chart alone and beside entries of its own section; those of others their sections and the office look at.
    """
    if record.kind == FLOW.key:
        known = with_refined(session, record, body)
        chart = Chart(known)
        found = list(dict.fromkeys((*check_flow(known), *_with_powers(session, record, chart))))
        errors = tuple(each.sentence for each in found if each.severity is Severity.ERROR)
        return Disagreements(errors, tuple(each for each in found if each.needs_reason))
    return Disagreements(tuple(dict.fromkeys(_with_charts(session, record, body))))


def with_refined(session: Session, record: Record, body: Body) -> Body:
    """Return a chart's body with the external chart it refines, as that stands for its section; two queries at most."""
    number = body.get(REFINES)
    if not number:
        return body
    ids = session.scalars(select(Record.id).where(Record.kind == FLOW.key, Record.code == number)).all()
    found = [outer for _, outer, _ in _standing(session, record, ids, FLOW) if outer["audience"] == "external"]
    return {**body, "refined_chart": found[0]} if found else body


def _with_powers(session: Session, record: Record, chart: Chart) -> Iterator[Finding]:
    number = chart.body["number"]
    if number:
        for code, power, is_own in _standing(session, record, _served_by(session, number), POWER):
            if number in power["flows"]:
                found = check_against_power(chart, {**power, "code": code})
                yield from (each for each in found if is_own or each.severity is Severity.ERROR)


def _with_charts(session: Session, record: Record, body: Body) -> Iterator[str]:
    if record.kind == POWER.key and body["flows"]:
        charts = session.scalars(select(Record.id).where(Record.kind == FLOW.key, Record.code.in_(body["flows"]))).all()
        for number, chart, _ in _standing(session, record, charts, FLOW):
            for found in check_against_power(chart, body):
                if found.severity is Severity.ERROR:
                    yield f"流程图{number}：{found.sentence}"


def _served_by(session: Session, number: str) -> Sequence[int]:
    return session.scalars(
        select(RecordLink.record_id)
        .distinct()
        .join(Record, Record.id == RecordLink.record_id)
        .where(RecordLink.target_kind == FLOW.key, RecordLink.target == number, Record.kind == POWER.key),
    ).all()


def _standing(session: Session, record: Record, ids: Sequence[int], kind: Kind) -> list[tuple[str, Body, bool]]:
    """Return code or number, body, and whether it is of the same section, as each stands for that of `record`."""
    if not ids:
        return []
    drafts = session.execute(
        select(Record.id, Record.code, Draft.body)
        .join(Draft, Draft.record_id == Record.id)
        .where(Record.id.in_(ids), Record.section_id == record.section_id, Record.stage.in_(_WORKED_ON)),
    ).all()
    bodies = {row.id: (row.code or "", json.loads(row.body), True) for row in drafts}
    others = [each for each in ids if each not in bodies]
    asked = select(Record.id, Record.code, Record.section_id).where(Record.id.in_(others))
    named = {row.id: row for row in session.execute(asked)} if others else {}
    for each, body in submitted_bodies(session, kind, others).items():
        bodies[each] = (named[each].code or "", body, named[each].section_id == record.section_id)
    return sorted(bodies.values(), key=lambda one: one[0])


def submitted_bodies(session: Session, kind: Kind, records: Sequence[int]) -> dict[int, Body]:
    """Return the last approved bodies, and over them those under review; what was recalled is nobody's to read."""
    if not records:
        return {}
    last = (
        select(func.max(Approval.id).label("id"))
        .where(Approval.record_id.in_(records))
        .group_by(Approval.record_id)
        .subquery()
    )
    approved = session.scalars(
        select(Revision).join(Approval, Approval.revision_id == Revision.id).join(last, last.c.id == Approval.id),
    )
    bodies: dict[int, Body] = {revision.record_id: revision_body(kind, revision) for revision in approved}
    reviewed = session.scalars(
        select(Revision)
        .join(Review, Review.revision_id == Revision.id)
        .where(
            Review.record_id.in_(records),
            Review.is_open,
            or_(Review.stage != "returned", Review.returned_from != ""),
        ),
    )
    return bodies | {revision.record_id: revision_body(kind, revision) for revision in reviewed}
