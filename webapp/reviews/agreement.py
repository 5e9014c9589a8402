"""Whether a chart and the powers it serves say the same, asked before either is submitted.

Whoever is submitted second is checked against what stands: of the own section the draft that is being worked on, of
others what they submitted or what was approved; a foreign draft is nobody's to read.
"""

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.flows.checks import check_against_power, errors
from webapp.flows.findings import Chart
from webapp.flows.kind import FLOW
from webapp.powers.kind import POWER
from webapp.reviews.models import Approval, Review
from webapp.revisions.kinds import Body, Kind
from webapp.revisions.models import Draft, Record, RecordLink, Revision
from webapp.revisions.reading import revision_body

_WORKED_ON = ("draft", "returned")


def disagreements(session: Session, record: Record, body: Body) -> list[str]:
    """Return the errors between this chart's draft and its powers, or this entry's draft and its charts; ≤ 4 queries.

    Every sentence names the power. The law of an entry's reference date applies.
    """
    return list(dict.fromkeys(_sentences(session, record, body)))


def _sentences(session: Session, record: Record, body: Body) -> Iterator[str]:
    if record.kind == FLOW.key and body["number"]:
        chart = Chart(body)
        for code, power in _standing(session, record, _served_by(session, body["number"])):
            if body["number"] in power["flows"]:
                yield from (found.sentence for found in errors(check_against_power(chart, {**power, "code": code})))
    elif record.kind == POWER.key and body["flows"]:
        charts = session.scalars(select(Record.id).where(Record.kind == FLOW.key, Record.code.in_(body["flows"]))).all()
        for number, chart_body in _standing(session, record, charts):
            said = (f"流程图{number}：{found.sentence}" for found in errors(check_against_power(chart_body, body)))
            yield from said


def _served_by(session: Session, number: str) -> Sequence[int]:
    return session.scalars(
        select(RecordLink.record_id)
        .distinct()
        .join(Record, Record.id == RecordLink.record_id)
        .where(RecordLink.target_kind == FLOW.key, RecordLink.target == number, Record.kind == POWER.key),
    ).all()


def _standing(session: Session, record: Record, ids: Sequence[int]) -> list[tuple[str, Body]]:
    """Return code or number and body of each, as it stands for the section of `record`."""
    if not ids:
        return []
    drafts = session.execute(
        select(Record.id, Record.code, Draft.body)
        .join(Draft, Draft.record_id == Record.id)
        .where(Record.id.in_(ids), Record.section_id == record.section_id, Record.stage.in_(_WORKED_ON)),
    ).all()
    bodies = {row.id: (row.code or "", json.loads(row.body)) for row in drafts}
    others = [each for each in ids if each not in bodies]
    named = session.execute(select(Record.id, Record.code).where(Record.id.in_(others))) if others else ()
    codes = {row.id: row.code for row in named}
    kind = POWER if record.kind == FLOW.key else FLOW
    bodies |= {each: (codes[each] or "", body) for each, body in submitted_bodies(session, kind, others).items()}
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
