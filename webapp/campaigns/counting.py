"""Counting the powers, in one place: the board, the packages and every official paper take their numbers from here.

`read_tallies` counts once, by everything a paper may ask for; `count`, `identity_of` and the rest only add up what it
returned, so that the same number in two places is the same count (papers.md, second rule). A paper that lists its items
counts those very items, each as a `Tally` of one, with the same functions. Only reads.

Each power is counted once, in the face in which the person sees it: his own sections in their drafts, other sections
in what was submitted. What a section has not handed in yet has no such face; it is counted in its draft all the same,
but `is_listed` is false: the person finds the number, not the item (practice.md: drafts are the own section's).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from webapp.policy import Actor
from webapp.powers.categories import CATEGORIES
from webapp.revisions.models import Listing
from webapp.revisions.reading import visible_to

# 处理意见 is a text; the city's form knows three kinds with sub-kinds (papers.md 表1).
_HANDLINGS = (
    ("dropped", ("取消", "停止", "撤销")),
    ("adjusted", ("调整", "合并", "补位", "补齐", "下放", "上收")),
    ("kept", ("保留",)),
)
_BY_VERDICT = {"in_place": "kept", "missing": "adjusted", "overreach": "dropped"}
HANDLING_WORDS = {"kept": "保留", "dropped": "取消", "adjusted": "调整"}
DIRECTIONS = (("external", "对外职权"), ("internal", "对内职权"))
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
    # What only the papers ask for: 处理意见 by `handling_of`, whether a chart is needed and drawn.
    handling: str = ""
    is_flow_required: bool = False
    is_drawn: bool = False
    is_submitted: bool = True


@dataclass(frozen=True)
class Sums:
    """Numbers of a set of powers. Always: total = public + bureau + withheld + stopped = kept + dropped + adjusted."""

    total: int = 0
    in_place: int = 0
    missing: int = 0
    overreach: int = 0
    kept: int = 0
    dropped: int = 0
    adjusted: int = 0
    public: int = 0
    bureau: int = 0
    withheld: int = 0  # asked for or decided
    pending: int = 0  # of these, not decided yet
    stopped: int = 0
    flow_required: int = 0
    drawn: int = 0
    not_submitted: int = 0  # counted, and shown to their section only

    def cells(self) -> dict[str, str | int]:
        """Return the numbers by the keys of the forms' columns."""
        return dict(vars(self))


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
    handling: str | None = None,
) -> int:
    """Return how many powers agree in what is asked for; None asks for nothing."""
    asked = {
        "section": section,
        "category": category,
        "direction": direction,
        "disclosure": disclosure,
        "verdict": verdict,
        "stage": stage,
        "handling": handling,
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


def sums_of(tallies: Iterable[Tally]) -> Sums:
    """Add up what the tables of numbers show."""
    counted = tuple(tallies)
    identity = identity_of(counted)
    return Sums(
        total=identity.total,
        # Undecided at the verdict, an item is counted as in place: the completeness check asks for it before the chain.
        in_place=count(counted, verdict="in_place") + count(counted, verdict=""),
        missing=count(counted, verdict="missing"),
        overreach=count(counted, verdict="overreach"),
        kept=count(counted, handling="kept"),
        dropped=count(counted, handling="dropped"),
        adjusted=count(counted, handling="adjusted"),
        public=identity.public,
        bureau=identity.bureau,
        withheld=identity.withheld + identity.pending,
        pending=identity.pending,
        stopped=identity.stopped,
        flow_required=sum(tally.number for tally in counted if tally.is_flow_required),
        drawn=sum(tally.number for tally in counted if tally.is_drawn),
        not_submitted=sum(tally.number for tally in counted if not tally.is_submitted),
    )


def by_category(tallies: Iterable[Tally], direction: str) -> dict[str, Sums]:
    """Return the sums of one direction by category, in the plan's order; categories without items are left out."""
    sorted_out: dict[str, list[Tally]] = {category.key: [] for category in CATEGORIES}
    for tally in tallies:
        if tally.direction == direction:
            sorted_out.setdefault(tally.category, []).append(tally)
    return {key: sums_of(those) for key, those in sorted_out.items() if those}


def matrix(tallies: Iterable[Tally]) -> Mapping[tuple[int, str, str], int]:
    """Return how many powers each (section, direction, category) holds."""
    held: Counter[tuple[int, str, str]] = Counter()
    for tally in tallies:
        held[tally.section, tally.direction, tally.category] += tally.number
    return held


def handling_of(verdict: str, follow_up: str) -> str:
    """Return kept, dropped or adjusted by what the handling opinion begins with, else by the verdict."""
    start = follow_up.strip()
    return next((key for key, words in _HANDLINGS if start.startswith(words)), _BY_VERDICT.get(verdict, "kept"))


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
