"""Counting the powers, in one place: the board, the packages and every official paper take their numbers from here.

`read_tallies` counts once, by everything a paper may ask for; `count`, `identity_of` and the rest only add up what it
returned, so that the same number in two places is the same count (papers.md, second rule). Only reads.

Each power is counted once, in the face in which the person sees it: his own sections in their drafts, other sections
in what was submitted. What a section has not handed in yet has no such face; it is counted in its draft all the same,
but `is_listed` is false: the person finds the number, not the item (practice.md: drafts are the own section's).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from webapp.policy import Actor
from webapp.revisions.models import Listing
from webapp.revisions.reading import visible_to

STOPPED = "stopped"  # the stage of an item whose exercise was stopped: in no catalogue


@dataclass(frozen=True)
class Tally:
    """How many powers agree in all of this; `since` is the moment since which the oldest stands at its stage (UTC)."""

    section: int
    category: str
    direction: str  # external, internal
    disclosure: str  # public, bureau, pending, withheld
    verdict: str  # in_place, missing, overreach
    stage: str  # a stage of the chain, its end, draft or returned
    is_listed: bool  # the person finds these items in his list of powers
    number: int
    since: datetime


@dataclass(frozen=True)
class Identity:
    """What must add up before a batch and an edition (practice.md): total = all the others together."""

    total: int
    public: int
    bureau: int
    withheld: int
    stopped: int
    pending: int


def read_tallies(session: Session, viewer: Actor | None, *, sections: Iterable[int] = ()) -> tuple[Tally, ...]:
    """Count the powers a person may know of, None for the installation's own work; one query, whatever their number.

    Bureau-wide roles count every section; others their own sections and what they share in. `sections` narrows it
    down to some sections.
    """
    unsubmitted = _unsubmitted()
    if viewer is None:
        branches = [(False, Listing.face == "review"), (False, unsubmitted)]
    else:
        seen = visible_to(viewer)
        branches = [(True, seen)]
        if viewer.is_bureau_wide:
            branches.append((False, and_(unsubmitted, ~seen)))
    narrowed: list[ColumnElement[bool]] = [Listing.kind == "power"]
    if wanted := sorted(sections):
        narrowed.append(Listing.section_id.in_(wanted))
    axes = (
        Listing.section_id,
        Listing.category,
        Listing.direction,
        Listing.disclosure,
        Listing.verdict,
        Listing.stage,
    )
    counted = [
        select(*axes, literal(int(is_listed)), func.count(), func.min(Listing.stage_since))
        .where(*narrowed, branch)
        .group_by(*axes)
        for is_listed, branch in branches
    ]
    rows = session.execute(union_all(*counted) if len(counted) > 1 else counted[0])
    return tuple(Tally(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]), row[7], row[8]) for row in rows)


def count(
    tallies: Iterable[Tally],
    *,
    section: int | None = None,
    category: str | None = None,
    direction: str | None = None,
    disclosure: str | None = None,
    verdict: str | None = None,
    stage: str | None = None,
) -> int:
    """Return how many powers agree in what is asked for; None asks for nothing."""
    asked = {
        "section": section,
        "category": category,
        "direction": direction,
        "disclosure": disclosure,
        "verdict": verdict,
        "stage": stage,
    }
    wanted = [(name, value) for name, value in asked.items() if value is not None]
    return sum(tally.number for tally in tallies if all(getattr(tally, name) == value for name, value in wanted))


def identity_of(tallies: Iterable[Tally]) -> Identity:
    """Return the identity of practice.md: 清理总数 = 社会公开 + 机关内部公开 + 不公开 + 停止 + 待定."""
    counted = tuple(tallies)
    running = [tally for tally in counted if tally.stage != STOPPED]
    return Identity(
        total=count(counted),
        public=count(running, disclosure="public"),
        bureau=count(running, disclosure="bureau"),
        withheld=count(running, disclosure="withheld"),
        stopped=count(counted, stage=STOPPED),
        pending=sum(tally.number for tally in running if tally.disclosure not in {"public", "bureau", "withheld"}),
    )


def oldest(tallies: Iterable[Tally]) -> datetime | None:
    """Return since when the longest standing of them stands where it is; None of none."""
    return min((tally.since for tally in tallies), default=None)


def _unsubmitted() -> ColumnElement[bool]:
    """Return the condition on `Listing` that leaves the drafts of powers that were never handed in."""
    submitted = aliased(Listing)
    return and_(
        Listing.face == "draft",
        ~exists().where(submitted.record_id == Listing.record_id, submitted.face == "review"),
    )
