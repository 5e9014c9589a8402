"""What holds a section's package back: joint powers not countersigned, or disputed and not ruled on. Only reads.

Scene 3: the package of neither section leaves before the ruling. A section that shares in a power first countersigns.
"""

from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Section
from webapp.reviews.models import Review, Seat
from webapp.revisions.models import Listing


@dataclass(frozen=True)
class Hindrance:
    """A joint item that waits; `reason` in words."""

    record: int
    kind: str
    code: str
    name: str
    reason: str


def hindrances(session: Session, section: int) -> list[Hindrance]:
    """Return the joint items for which a section's package waits; one query."""
    rows = session.execute(
        select(Listing.record_id, Listing.kind, Listing.code, Listing.name, Seat.state, Seat.section_id, Section.name)
        .join(Review, Review.record_id == Listing.record_id)
        .join(Seat, and_(Seat.review_id == Review.id, Seat.round == Review.round))
        .join(Section, Section.id == Seat.section_id)
        .where(
            Listing.face == "review",
            Review.is_open,
            Review.stage == "section_review",
            Seat.kind == "countersign",
            Seat.state.in_(["open", "dissent"]),
            or_(Listing.section_id == section, Seat.section_id == section),
        )
        .order_by(Listing.sort_key, Seat.id),
    )
    return [
        Hindrance(row[0], row[1], row[2], row[3], _reason(row[4], row[6], is_own=row[5] == section)) for row in rows
    ]


def _reason(state: str, section: str, *, is_own: bool) -> str:
    if state == "dissent":
        return f"{'本科室' if is_own else section}有不同意见，待领导小组办公室裁定"
    return "本科室尚未会签" if is_own else f"等待{section}会签"
