"""The review of one record by itself: what an act sent by htmx is answered with."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.pages.review_panel import ReviewPanel, review_panel
from webapp.policy import Actor, Permission
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import Problem, Review
from webapp.revisions.models import Record
from webapp.revisions.reading import seen_listing
from webapp.rules import NotFound


@dataclass(frozen=True)
class ReviewPage:
    """What the part of the screen shows, and the record it is about."""

    id: int
    kind: str
    review: ReviewPanel


def review_page(session: Session, kind_key: str, record_id: int, *, viewer: Actor) -> ReviewPage:
    """Return the page; raise NotFound where the viewer may not know of the record."""
    if kind_key == "withholding" and not viewer.may(Permission.SEE_WITHHOLDINGS):
        raise NotFound
    kind = KINDS[kind_key]
    row = seen_listing(session, viewer, kind.key, record_id)
    return ReviewPage(
        id=record_id,
        kind=kind.key,
        review=review_panel(session, viewer, kind, row),
    )


def record_of_problem(session: Session, problem_id: int, *, viewer: Actor) -> tuple[str, int]:
    """Return kind and number of the record a comment is about; raise NotFound where the viewer may not know of it."""
    found = session.execute(
        select(Record.kind, Record.id)
        .join(Review, Review.record_id == Record.id)
        .join(Problem, Problem.review_id == Review.id)
        .where(Problem.id == problem_id),
    ).one_or_none()
    if found is None:
        raise NotFound
    kind, record = found
    seen_listing(session, viewer, kind, record)
    return kind, record
