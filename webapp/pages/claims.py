"""Powers that two sections claim, side by side for the office to rule on, and what was ruled."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.pages.finding import section_names
from webapp.powers.categories import category_label
from webapp.powers.models import ClaimRuling
from webapp.powers.wording import basis_words
from webapp.reviews.chain import STAGE_LABELS
from webapp.reviews.doubling import open_doubles
from webapp.revisions.models import Listing, Revision

SHOWN = 20


@dataclass(frozen=True)
class Side:
    """One of the two entries."""

    record: int
    code: str
    name: str
    section: str
    category: str
    stage: str
    basis: tuple[str, ...]
    scope: str
    conditions: str


@dataclass(frozen=True)
class Dispute:
    """Two entries that look like one power; `shared` are the basis rows both have."""

    key: str
    sides: tuple[Side, Side]
    shared: tuple[str, ...]


@dataclass(frozen=True)
class RulingLine:
    """What was ruled on two entries."""

    kept: str
    kept_id: int
    other: str
    other_id: int
    is_merged: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ClaimsPage:
    """What the screen shows: the first disputes, how many there are, what was ruled."""

    disputes: tuple[Dispute, ...]
    total: int
    rulings: tuple[RulingLine, ...]


def claims_page(session: Session) -> ClaimsPage:
    """Return the page for the office, which sees every section's submitted work; at most eight queries."""
    found = open_doubles(session)
    shown = found[:SHOWN]
    numbers = {claim.record for pair in shown for claim in pair}
    sides = _sides(session, numbers)
    disputes = []
    for one, other in shown:
        left, right = sides[one.record], sides[other.record]
        shared = tuple(words for words in left.basis if words in right.basis)
        disputes.append(Dispute(f"{one.record}-{other.record}", (left, right), shared))
    return ClaimsPage(tuple(disputes), len(found), read_rulings(session))


def read_rulings(session: Session, record: int = 0) -> tuple[RulingLine, ...]:
    """Return the rulings, of one entry or of all, the newest first; two queries or one."""
    query = select(ClaimRuling, Person.name).join(Person, Person.id == ClaimRuling.person_id)
    if record:
        query = query.where((ClaimRuling.kept_id == record) | (ClaimRuling.other_id == record))
    rows = session.execute(query.order_by(ClaimRuling.id.desc()).limit(100)).all()
    if not rows:
        return ()
    numbers = {number for ruling, _ in rows for number in (ruling.kept_id, ruling.other_id)}
    names = {
        row[0]: row[1]
        for row in session.execute(
            select(Listing.record_id, Listing.name).where(Listing.record_id.in_(numbers), Listing.face == "draft"),
        )
    }
    return tuple(
        RulingLine(
            kept=names.get(ruling.kept_id, ""),
            kept_id=ruling.kept_id,
            other=names.get(ruling.other_id, ""),
            other_id=ruling.other_id,
            is_merged=ruling.outcome == "merged",
            reason=ruling.reason,
            by=name,
            at=ruling.at,
        )
        for ruling, name in rows
    )


def _sides(session: Session, numbers: set[int]) -> dict[int, Side]:
    if not numbers:
        return {}
    sections = {each.id: each.name for each in section_names(session)}
    newest = select(func.max(Revision.id)).where(Revision.record_id.in_(numbers)).group_by(Revision.record_id)
    rows = session.execute(
        select(Listing, Revision.public)
        .join(Revision, Revision.record_id == Listing.record_id)
        .where(Listing.face == "review", Listing.record_id.in_(numbers), Revision.id.in_(newest)),
    )
    sides = {}
    for row, text in rows:
        public = json.loads(text)
        sides[row.record_id] = Side(
            record=row.record_id,
            code=row.code,
            name=row.name,
            section=sections.get(row.section_id, ""),
            category=category_label(row.category),
            stage=STAGE_LABELS[row.stage],
            basis=tuple(basis_words(each) for each in public["basis"]),
            scope=public["exercise_scope"],
            conditions=public["conditions"],
        )
    return sides
