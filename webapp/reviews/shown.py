"""The revision of each record that people outside its section read: under review, else as approved. Only reads."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from webapp.reviews.models import Approval, Review
from webapp.revisions.models import Listing, Revision


def shown_revisions(session: Session, scope: Sequence[ColumnElement[bool]]) -> dict[int, Revision]:
    """Return them by record, of the records whose `Listing` meets the conditions; two queries.

    What was recalled nobody outside reads any more: what was approved before stands again.
    """
    shown: dict[int, Revision] = {}
    approved = (
        select(Approval.record_id, Revision)
        .join(Revision, Revision.id == Approval.revision_id)
        .join(Listing, Listing.record_id == Approval.record_id)
        .where(*scope, Listing.face == "review")
        .order_by(Approval.id)
    )
    reviewed = (
        select(Review.record_id, Revision)
        .join(Revision, Revision.id == Review.revision_id)
        .join(Listing, Listing.record_id == Review.record_id)
        .where(*scope, Listing.face == "review", Review.is_open, _is_not_recalled())
    )
    for query in (approved, reviewed):
        shown.update((record, revision) for record, revision in session.execute(query))
    return shown


def _is_not_recalled() -> ColumnElement[bool]:
    return or_(Review.stage != "returned", Review.returned_from != "")
