"""Names that are near to a new one: the same power is easily registered twice, also by two sections."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.policy import Actor
from webapp.revisions.kinds import normalise
from webapp.revisions.models import Listing
from webapp.revisions.reading import visible_to

_NEAR = 0.72  # share of common pairs of characters from which two names are told as near
_SHOWN = 5
_FILLING = re.compile(r"[\s\W_]+|的|行政|处罚$|审批$|许可$")


@dataclass(frozen=True)
class NearName:
    """A power whose name is near."""

    id: int
    name: str


def near_names(session: Session, name: str, viewer: Actor, *, beside: int = 0) -> tuple[NearName, ...]:
    """Return the powers the viewer sees whose names are near to a name, the nearest first; one query."""
    pairs = _pairs(name)
    if not pairs:
        return ()
    rows = session.execute(
        select(Listing.record_id, Listing.name).where(Listing.kind == "power", visible_to(viewer)),
    )
    scored = [(_likeness(pairs, _pairs(row.name)), row.record_id, row.name) for row in rows if row.record_id != beside]
    near = sorted((row for row in scored if row[0] >= _NEAR), key=lambda row: (-row[0], row[1]))
    return tuple(NearName(number, words) for _, number, words in near[:_SHOWN])


def _pairs(name: str) -> frozenset[str]:
    text = _FILLING.sub("", normalise(name))
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset({text} - {""})


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if other else 0.0
