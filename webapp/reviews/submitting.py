"""Opening a review of a draft, or its next round: part of the act `submit`."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.journal import operations as journal
from webapp.policy import Actor
from webapp.reviews.chain import (
    CITY_STAGES,
    ENDS,
    WEIGHTY_FIELDS,
    stages_of,
)
from webapp.reviews.models import Approval, Review
from webapp.reviews.moving import open_seats
from webapp.revisions import faces
from webapp.revisions import operations as revisions
from webapp.revisions.kinds import Body, Kind
from webapp.revisions.models import Autosave, DraftEditor, Record, Revision
from webapp.revisions.reading import revision_body
from webapp.rules import RuleBroken


def submit(session: Session, by: Actor, kind: Kind, record: Record, review: Review | None) -> Review | None:
    """Open the review of the draft, or its next round; None where it says what is approved already."""
    if session.scalar(
        select(func.count())
        .select_from(Autosave)
        .where(Autosave.record_id == record.id, Autosave.account_id == by.account),
    ):
        raise RuleBroken("您有自动暂存而未保存的内容，请先保存草稿再送审。")
    revisions.note_editor(session, record.id, by)
    revision = revisions.freeze(session, by, kind, record)
    if review is None and session.scalar(select(Approval.id).where(Approval.revision_id == revision.id)):
        if not record.is_reopened:
            _stand_as_approved(session, by, record, revision)
            return None
        # A power whose withholding ended is decided on again, though its text be the same: as a revision of its own.
        revision = revisions.freeze(session, by, kind, record, is_anew=True)
    first, moment = stages_of(record.kind)[0].key, clock.now()
    body = revision_body(kind, revision)
    stage = first
    if review is None:
        review = Review(
            record_id=record.id,
            revision_id=revision.id,
            stage=first,
            opened_at=moment,
            stage_since=moment,
        )
        session.add(review)
    else:
        seen = session.get_one(Revision, review.revision_id)
        if review.returned_from and seen.digest == revision.digest:
            stage = review.returned_from  # answered without a change: levels that saw no change do not sign again
        # Recalled, it may hold anything since: what the city was to see again is no longer what is compared.
        review.is_small_change = review.returned_from in CITY_STAGES and not (
            _changed_fields(revision_body(kind, seen), body) & WEIGHTY_FIELDS
        )
        review.round, review.revision_id, review.returned_from = review.round + 1, revision.id, ""
    session.flush()
    record.entered_by = None
    record.stage = stage
    faces.put_face(session, record, "review", kind.describe(body), stage)
    open_seats(session, kind, record, review, stage)
    return review


def _stand_as_approved(session: Session, by: Actor, record: Record, revision: Revision) -> None:
    """Let a draft whose changes were all taken back stand as approved again: there is nothing to review."""
    record.stage = ENDS[record.kind]
    session.execute(delete(DraftEditor).where(DraftEditor.record_id == record.id))
    faces.show_stage(session, record, ("draft",))
    journal.write(session, by, "submit", revisions.subject(record), {"digest": revision.digest, "stage": record.stage})


def _changed_fields(before: Body, after: Body) -> frozenset[str]:
    return frozenset(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
