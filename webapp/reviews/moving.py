"""How a record moves between stages: seats opened and closed, passed, sent back, taken back. Parts of acts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.policy import Actor
from webapp.reviews.approving import approve_revision
from webapp.reviews.chain import (
    ENDS,
    SeatView,
    is_passed,
    seats_for,
    stage_after,
)
from webapp.reviews.models import Approval, Problem, Review, ReviewStep, Seat
from webapp.reviews.reading import situation_of
from webapp.revisions import faces
from webapp.revisions.kinds import Kind
from webapp.revisions.models import Listing, Record, Revision
from webapp.revisions.reading import revision_body
from webapp.rules import RuleBroken


@dataclass(frozen=True)
class ProblemFound:
    """A comment that goes with a return: the field or step it is about, and whether it must be answered."""

    content: str
    field: str = ""
    severity: str = "must"


def open_seats(session: Session, kind: Kind, record: Record, review: Review, stage: str) -> None:
    """Let a record stand at a stage: its seats are opened and every list shows it."""
    moment = clock.now()
    involved = session.scalar(
        select(Listing.involved).where(Listing.record_id == record.id, Listing.face == "review"),
    )
    joint = _joint_sections(session, kind, review) if involved else ()
    for seat_kind, section in seats_for(
        record.kind,
        stage,
        section=record.section_id,
        joint=joint,
        only_office=review.is_small_change,
    ):
        session.add(
            Seat(
                review_id=review.id,
                round=review.round,
                stage=stage,
                kind=seat_kind,
                section_id=section,
                opened_at=moment,
            ),
        )
    review.stage, review.stage_since, record.stage = stage, moment, stage
    faces.show_stage(session, record, ("draft", "review"))


def close_seat(session: Session, seat: SeatView, state: str) -> None:
    """Close one seat with the state it ends in."""
    row = session.get_one(Seat, seat.id)
    row.state, row.closed_at = state, clock.now()
    session.flush()


def settle_seat(session: Session, by: Actor, kind: Kind, record: Record, review: Review, seat: SeatView) -> None:
    """Approve one seat of a recorded stage and let the record go on if the stage is passed."""
    close_seat(session, seat, "approved")
    situation = situation_of(session, kind, record, review)
    if is_passed(record.stage, situation.seats):
        pass_stage(session, by, kind, record, review)


def pass_stage(session: Session, by: Actor, kind: Kind, record: Record, review: Review) -> None:
    """Let a record whose stage is passed stand at the next, or be approved after the last."""
    following = stage_after(record.kind, record.stage)
    if following == ENDS[record.kind]:
        approve_revision(session, by, kind, record, review)
    else:
        open_seats(session, kind, record, review, following)


def send_back(
    session: Session,
    kind: Kind,
    record: Record,
    review: Review,
    step: ReviewStep,
    *,
    to: str,
    problems: Sequence[ProblemFound],
) -> None:
    """Send a record back to its draft or an earlier stage, with problems to be answered."""
    for problem in problems:
        if problem.severity not in {"must", "advice"}:
            raise RuleBroken("意见的性质只能是必须修改或建议修改。", "problem_severity")
        session.add(
            Problem(
                review_id=review.id,
                step_id=step.id,
                field=problem.field,
                severity=problem.severity,
                content=problem.content,
            ),
        )
    for seat in session.scalars(
        select(Seat).where(Seat.review_id == review.id, Seat.state.in_(["open", "dissent", "recorded"])),
    ):
        seat.state, seat.closed_at = "void", clock.now()
    if to == "draft":
        review.returned_from = record.stage
        review.stage, review.stage_since, record.stage = "returned", clock.now(), "returned"
        faces.show_stage(session, record, ("draft", "review"))
    else:
        review.round += 1
        open_seats(session, kind, record, review, to)


def recall(session: Session, kind: Kind, record: Record, review: Review) -> None:
    """Take a submission back: every list shows the draft again, others what was approved before."""
    for seat in session.scalars(select(Seat).where(Seat.review_id == review.id, Seat.state.in_(["open", "dissent"]))):
        seat.state, seat.closed_at = "void", clock.now()
    record.stage, review.stage, review.stage_since = "draft", "returned", clock.now()
    faces.show_stage(session, record, ("draft",))
    approved = session.scalars(
        select(Revision)
        .join(Approval, Approval.revision_id == Revision.id)
        .where(Approval.record_id == record.id)
        .order_by(Approval.id.desc())
        .limit(1),
    ).one_or_none()
    if approved is not None:
        body = revision_body(kind, approved)
        faces.put_face(session, record, "review", kind.describe(body), ENDS[record.kind])
    else:
        faces.drop_face(session, record, "review")


def _joint_sections(session: Session, kind: Kind, review: Review) -> list[int]:
    body = revision_body(kind, session.get_one(Revision, review.revision_id))
    return faces.section_numbers(session, body.get("joint_sections", []))
