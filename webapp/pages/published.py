"""Which records stand before the public or the bureau now: what a list or a page shows of an approved entry."""

from collections.abc import Collection

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from webapp.publication.models import Edition, EditionItem, Withdrawal

# Asked with every list: building a statement costs more than running it.
_PUBLISHED = select(EditionItem.record_id).where(
    EditionItem.edition_id.in_(
        select(func.max(Edition.id)).where(Edition.state == "released").group_by(Edition.audience)
    ),
    EditionItem.record_id.in_(bindparam("records", expanding=True)),
    EditionItem.record_id.not_in(select(Withdrawal.record_id).where(~Withdrawal.is_lifted)),
)


def published_records(session: Session, records: Collection[int]) -> frozenset[int]:
    """Return those of the records that the released editions of now hold and that are not withdrawn; one query."""
    if not records:
        return frozenset()
    return frozenset(session.scalars(_PUBLISHED, {"records": list(records)}))


def state_of(stage: str, disclosure: str, *, is_published: bool) -> str:
    """Return the state a badge shows (labels.md, state.*) for a stage of the chain."""
    if stage == "approved" and disclosure == "withheld":
        return "withheld"
    if is_published:
        return {"approved": "published", "draft": "published_revising"}.get(stage, stage)
    return stage
