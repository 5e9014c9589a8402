"""Which entries and charts cite an edition of a law, as far as the viewer may see them.

A record counts once: in the face its viewer sees, else, where it stands in the bureau's catalogue, as approved there.
Links hold law and edition as they were written; the library says which edition that is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from webapp.laws.reading import LawLibrary
from webapp.pages.catalogue import open_entries
from webapp.pages.finding import PAGE_SIZE
from webapp.policy import Actor
from webapp.revisions.models import Listing, RecordLink
from webapp.revisions.reading import visible_to

_KINDS = ("power", "flow")
_LAW = "law"


@dataclass(frozen=True)
class Citing:
    """A record that cites an edition; `edition` is its place in the law's editions, -1 for one not in the library."""

    edition: int
    record: int
    kind: str
    code: str
    name: str
    section: int
    stage: str
    face: str

    @property
    def address(self) -> str:
        """Return where the viewer reads it: the record, or the catalogue where he sees only what is approved."""
        if self.face == "approved":
            return f"/catalogue/{self.code}"
        return f"/powers/{self.record}" if self.kind == "power" else f"/flows/{self.record}"


def cited_targets(session: Session) -> list[str]:
    """Return every law with its edition, as written anywhere (`law|edition`); one query. Not to be shown."""
    return list(session.scalars(select(RecordLink.target).where(RecordLink.target_kind == _LAW).distinct()))


def law_of_target(library: LawLibrary, target: str) -> tuple[str, str]:
    """Return (law, edition) of a target as the library names them; empty texts where it does not know them."""
    law, _, edition = target.partition("|")
    return library.article_of({"law": law, "edition": edition})


def count_citing(session: Session, targets: Mapping[str, Iterable[str]], viewer: Actor) -> dict[str, dict[str, int]]:
    """Return by law and kind of record how many cite it; one query or none. `targets`: law -> its targets."""
    numbered = [(law, sorted(each)) for law, each in targets.items() if each]
    if not numbered:
        return {}
    place = case(*((RecordLink.target.in_(each), number) for number, (_, each) in enumerate(numbered)), else_=-1)
    seen = (
        select(place.label("place"), Listing.record_id, Listing.kind)
        .join(RecordLink, _linked([target for _, each in numbered for target in each]))
        .where(seen_or_open(viewer))
        .distinct()
        .subquery()
    )
    counts: dict[str, dict[str, int]] = {}
    for number, kind, count in session.execute(
        select(seen.c.place, seen.c.kind, func.count()).group_by(seen.c.place, seen.c.kind)
    ):
        counts.setdefault(numbered[number][0], {})[kind] = count
    return counts


def read_citing(
    session: Session, editions: Sequence[Sequence[str]], others: Sequence[str], viewer: Actor, *, page: int
) -> tuple[dict[int, int], tuple[Citing, ...]]:
    """Return how many records cite each edition (-1: none of the library), and one page of them; two queries or none.

    `editions`: the targets of each edition, in the order of the page; `others`: targets that name no known edition.
    """
    known = [(RecordLink.target.in_(each), number) for number, each in enumerate(editions) if each]
    targets = [*others, *(target for each in editions for target in each)]
    if not targets:
        return {}, ()
    place = case(*known, else_=-1) if known else case((RecordLink.target.in_(others), -1), else_=-1)
    columns = (Listing.record_id, Listing.kind, Listing.code, Listing.name, Listing.section_id, Listing.stage)
    seen = (
        select(place.label("place"), *columns, Listing.face, Listing.sort_key)
        .join(RecordLink, _linked(targets))
        .where(seen_or_open(viewer))
        .distinct()
        .subquery()
    )
    counts = {row[0]: row[1] for row in session.execute(select(seen.c.place, func.count()).group_by(seen.c.place))}
    rows = session.execute(
        select(seen)
        .order_by(seen.c.place.desc(), seen.c.kind.desc(), seen.c.sort_key, seen.c.record_id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE),
    )
    return counts, tuple(Citing(*row[:8]) for row in rows)


def _linked(targets: Sequence[str]) -> ColumnElement[bool]:
    return and_(
        RecordLink.record_id == Listing.record_id,
        RecordLink.face == Listing.face,
        RecordLink.target_kind == _LAW,
        RecordLink.target.in_(targets),
    )


def seen_or_open(viewer: Actor) -> ColumnElement[bool]:
    """Return the condition that leaves one row per record: as the viewer sees it, else as the catalogue has it."""
    mine = select(Listing.record_id).where(visible_to(viewer)).correlate(None)
    return and_(
        Listing.kind.in_(_KINDS),
        or_(visible_to(viewer), and_(*open_entries(), Listing.record_id.not_in(mine))),
    )
