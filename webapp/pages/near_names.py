"""Names that are near to a new one: the same power is easily registered twice, also by two sections."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.policy import Actor
from webapp.powers.likeness import NEAR, likeness, pairs_of
from webapp.revisions.models import Listing
from webapp.revisions.reading import visible_to

_SHOWN = 5


@dataclass(frozen=True)
class NearName:
    """A power whose name is near."""

    id: int
    name: str


def near_names(session: Session, name: str, viewer: Actor, *, beside: int = 0) -> tuple[NearName, ...]:
    """Return the powers the viewer sees whose names are near to a name, the nearest first; one query."""
    pairs = pairs_of(name)
    if not pairs:
        return ()
    rows = session.execute(
        select(Listing.record_id, Listing.name).where(Listing.kind == "power", visible_to(viewer)),
    )
    scored = [(likeness(pairs, pairs_of(row.name)), row.record_id, row.name) for row in rows if row.record_id != beside]
    near = sorted((row for row in scored if row[0] >= NEAR), key=lambda row: (-row[0], row[1]))
    return tuple(NearName(number, words) for _, number, words in near[:_SHOWN])
