"""The situation of a record in the chain, read from the tables for the rules and the pages."""

import json

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Bureau
from webapp.powers.kind import POWER
from webapp.powers.warning_rules import warnings
from webapp.reviews.agreement import disagreements
from webapp.reviews.chain import SeatView, Situation
from webapp.reviews.models import Batch, BatchItem, Problem, Review, ReviewStep, Seat
from webapp.revisions.kinds import Kind
from webapp.revisions.models import Draft, DraftEditor, Record, Revision
from webapp.revisions.reasons import Told, unexplained


def open_review(session: Session, record_id: int) -> Review | None:
    """Return the open review of a record, with its revision."""
    return session.scalars(select(Review).where(Review.record_id == record_id, Review.is_open)).one_or_none()


def host_section(session: Session) -> int | None:
    """Return the section in which the leading group's office sits."""
    kept: int | None = session.info.get("host_section")
    if kept is None:
        kept = session.scalar(select(Bureau.host_section_id))
        session.info["host_section"] = kept
    return kept


def situation_of(session: Session, kind: Kind, record: Record, review: Review | None) -> Situation:
    """Return everything the rules ask about a record; four to six queries."""
    draft = session.get_one(Draft, record.id)
    editors = frozenset(session.scalars(select(DraftEditor.person_id).where(DraftEditor.record_id == record.id)))
    is_draft = record.stage in {"draft", "returned"}
    body = json.loads(draft.body) if is_draft else {}
    missing = [problem.sentence for problem in kind.missing(body)] if is_draft else []
    told: tuple[Told, ...] = tuple(warnings(body)) if is_draft and kind.key == POWER.key else ()
    if is_draft and not missing:
        found = disagreements(session, record, body)
        missing, told = list(found.errors), (*told, *found.warnings)
    doubts = unexplained(session, record.id, told)
    if review is None:
        return Situation(
            kind=record.kind,
            stage=record.stage,
            section=record.section_id,
            host_section=host_section(session),
            version=draft.version,
            editors=editors,
            missing=tuple(missing),
            unexplained=doubts,
        )
    revision = session.get_one(Revision, review.revision_id)
    seats = seats_of(session, review)
    steps = session.execute(
        select(ReviewStep.action, ReviewStep.stage, ReviewStep.person_id, ReviewStep.digest, ReviewStep.round).where(
            ReviewStep.review_id == review.id,
        ),
    ).all()
    return Situation(
        kind=record.kind,
        stage=record.stage,
        section=record.section_id,
        host_section=host_section(session),
        seats=seats,
        digest=revision.digest,
        version=draft.version,
        editors=editors,
        earlier_approvers=frozenset(
            step.person_id
            for step in steps
            if step.action == "approve" and step.stage != record.stage and step.digest == revision.digest
        ),
        is_untouched=not any(step.round == review.round and step.action not in {"submit", "remind"} for step in steps),
        unanswered=count_unanswered(session, review.id),
        missing=tuple(missing),
        unexplained=doubts,
    )


def seats_of(session: Session, review: Review) -> tuple[SeatView, ...]:
    """Return the seats of the review's current round."""
    rows = session.execute(
        select(Seat, Batch.recorded_by, Batch.id)
        .outerjoin(BatchItem, BatchItem.seat_id == Seat.id)
        .outerjoin(Batch, (Batch.id == BatchItem.batch_id) & (Batch.state == "recorded"))
        .where(Seat.review_id == review.id, Seat.round == review.round)
        .order_by(Seat.id, Batch.id),
    ).all()
    views: dict[int, SeatView] = {}
    for seat, recorder, batch in rows:
        known = views.get(seat.id)
        views[seat.id] = SeatView(
            id=seat.id,
            kind=seat.kind,
            stage=seat.stage,
            state=seat.state,
            section=seat.section_id,
            assigned=seat.assigned_to,
            recorded_by=recorder or (known.recorded_by if known else None),
            batch=batch or (known.batch if known else None),
        )
    return tuple(views.values())


def count_unanswered(session: Session, review_id: int) -> int:
    """Return how many problems that must be answered have no reply yet."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Problem)
            .where(Problem.review_id == review_id, Problem.severity == "must", Problem.reply == ""),
        )
        or 0
    )
