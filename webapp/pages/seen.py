"""A power or chart in the one face its viewer has, and the versions he may read. Everything else of it is hidden."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.policy import Actor, Permission
from webapp.powers.kind import POWER
from webapp.reviews.chain import OUTSIDE
from webapp.reviews.models import Approval, Review, ReviewStep
from webapp.reviews.reading import open_review
from webapp.revisions.kinds import Body, Kind
from webapp.revisions.models import Draft, Listing, Record, Revision
from webapp.revisions.reading import revision_body, seen_listing
from webapp.rules import NotFound

EDITABLE = frozenset({"draft", "returned", "approved", "withheld"})


@dataclass(frozen=True)
class Seen:
    """A record in the one face its viewer has: the listing row, the record, the body, the revision if it is one."""

    row: Listing
    record: Record
    body: Body
    revision: Revision | None
    draft_version: int
    review: Review | None


def seen_power(session: Session, power_id: int, viewer: Actor) -> Seen:
    """Return a power as its viewer may see it; raise NotFound. Four or five queries."""
    return seen_record(session, POWER, power_id, viewer)


def seen_record(session: Session, kind: Kind, record_id: int, viewer: Actor) -> Seen:
    """Return a record of a kind as its viewer may see it; raise NotFound. Four or five queries.

    The own section sees the draft. Others see the last submitted revision, and after a recall the approved one again.
    """
    row = seen_listing(session, viewer, kind.key, record_id)
    record = session.get_one(Record, record_id)
    review = open_review(session, record_id)
    if row.face == "draft":
        draft = session.get_one(Draft, record_id)
        return Seen(row, record, json.loads(draft.body), None, draft.version, review)
    if record.stage in OUTSIDE:
        last = session.scalars(
            select(Revision).where(Revision.record_id == record_id).order_by(Revision.number.desc()).limit(1),
        ).one()
        return Seen(row, record, revision_body(kind, last), last, 0, review)
    is_recalled = review is not None and review.stage == "returned" and not review.returned_from
    if review is not None and not is_recalled:
        revision: Revision | None = session.get_one(Revision, review.revision_id)
    else:
        revision = approved_revision(session, record_id)
    if revision is None:
        raise NotFound
    return Seen(row, record, revision_body(kind, revision), revision, 0, review)


def approved_revision(session: Session, record_id: int) -> Revision | None:
    """Return the revision approved last."""
    return session.scalars(
        select(Revision)
        .join(Approval, Approval.revision_id == Revision.id)
        .where(Approval.record_id == record_id)
        .order_by(Approval.id.desc())
        .limit(1),
    ).one_or_none()


def version_words(seen: Seen, revisions: Sequence[Revision], approved: Revision | None) -> str:
    """Say which version of a record is shown: a draft only while it may differ from every revision.

    From submission on the draft cannot be changed, so its own section reads what everybody else reads: the revision.
    """
    shown = seen.revision
    if shown is None and seen.record.stage not in {"draft", "returned"}:
        standing = seen.review.revision_id if seen.review else approved and approved.id
        shown = next((one for one in revisions if one.id == standing), None)
    return f"第{shown.number}稿" if shown else f"草稿（第{seen.draft_version}次保存）"


def may_edit(seen: Seen, viewer: Actor) -> bool:
    """Say whether the viewer may change the draft now."""
    return seen.row.face == "draft" and seen.record.stage in EDITABLE and viewer.may(Permission.EDIT_DRAFTS)


def hears_opinions(seen: Seen, viewer: Actor) -> bool:
    """Say whether the viewer reads reviewers' problems: office, reviewers, leading group, the section itself."""
    return viewer.is_bureau_wide or seen.row.face == "draft"


def seen_revisions(session: Session, seen: Seen) -> list[Revision]:
    """Return the revisions the viewer may see, the newest first.

    The own section sees all; others those up to the one they see, but none that was taken back before anybody acted.
    """
    query = select(Revision).where(Revision.record_id == seen.record.id).order_by(Revision.number.desc())
    if seen.revision is None:
        return list(session.scalars(query))
    steps = (
        select(ReviewStep.digest)
        .join(Review, Review.id == ReviewStep.review_id)
        .where(Review.record_id == seen.record.id)
    )
    recalled = steps.where(ReviewStep.action == "recall")
    acted = steps.where(ReviewStep.action.not_in(["submit", "recall", "remind"]))
    return list(
        session.scalars(
            query.where(
                Revision.number <= seen.revision.number,
                (Revision.id == seen.revision.id) | Revision.digest.not_in(recalled) | Revision.digest.in_(acted),
            ),
        ),
    )
