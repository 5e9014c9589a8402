"""The submitted entries that look like one power and are not settled. Only reads; three queries."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.powers.doubles import Claim, doubles
from webapp.powers.models import ClaimRuling
from webapp.reviews.chain import OUTSIDE
from webapp.revisions.models import Listing, RecordLink


def open_doubles(session: Session) -> list[tuple[Claim, Claim]]:
    """Return the pairs of different sections among what was submitted, the older entry first.

    Drafts are their sections' own and are not compared (practice.md).
    """
    laws: dict[int, set[str]] = defaultdict(set)
    for record, target in session.execute(
        select(RecordLink.record_id, RecordLink.target).where(
            RecordLink.target_kind == "law", RecordLink.face == "review"
        ),
    ):
        laws[record].add(target.partition("|")[0])
    rows = session.execute(
        select(Listing.record_id, Listing.section_id, Listing.category, Listing.name).where(
            Listing.kind == "power",
            Listing.face == "review",
            Listing.stage.not_in(sorted(OUTSIDE)),
        ),
    )
    claims = [Claim(row[0], row[1], row[2], row[3], frozenset(laws.get(row[0], ()))) for row in rows]
    settled = {frozenset(pair) for pair in session.execute(select(ClaimRuling.kept_id, ClaimRuling.other_id))}
    return doubles(claims, settled)
