"""Two sections that claim one power: which entries do, and the office's ruling who keeps it (scene 6)."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.policy import Actor, Role
from webapp.powers.kind import POWER
from webapp.powers.models import ClaimRuling
from webapp.reviews.doubling import open_doubles
from webapp.reviews.stopping import end_outside
from webapp.reviews.texts import required_text
from webapp.revisions import operations as revisions
from webapp.revisions.models import Revision
from webapp.revisions.reading import revision_body, seen_listing
from webapp.rules import NotAllowed, RuleBroken, Stale


def settle_claim(
    session: Session,
    by: Actor,
    *,
    kept: int,
    other: int,
    outcome: str,
    reason: str,
) -> ClaimRuling:
    """Rule on two entries that look like one power: the second goes into the first, or they are two after all.

    What went into another stands in no list of work, batch, catalogue or edition any more. Only the office rules.
    """
    if not by.has(Role.OFFICE):
        raise NotAllowed("重复申报由领导小组办公室裁定。")
    records = {number: revisions.lock_record(session, number) for number in sorted({kept, other})}
    for number in records:
        seen_listing(session, by, POWER.key, number)
    if outcome not in {"merged", "distinct"}:
        raise RuleBroken("请选择由哪个科室承办，或者认定为不同事项。", "outcome")
    text = required_text(reason, "reason", "裁定的理由")
    if not any({one.record, two.record} == {kept, other} for one, two in open_doubles(session)):
        raise Stale("这两项已经裁定，或者已不再重复。请刷新页面查看。")
    if outcome == "merged":
        last = session.scalars(
            select(Revision).where(Revision.record_id == other).order_by(Revision.number.desc()).limit(1),
        ).one()
        end_outside(session, records[other], revision_body(POWER, last), "merged")
    ruling = ClaimRuling(
        kept_id=kept,
        other_id=other,
        outcome=outcome,
        reason=text,
        person_id=by.person,
        at=clock.now(),
    )
    session.add(ruling)
    session.flush()
    facts = {"outcome": outcome, "with": kept, "content": digest(text)}
    journal.write(session, by, "settle_claim", revisions.subject(records[other]), facts)
    return ruling


def disputed(session: Session, numbers: set[int]) -> dict[int, list[str]]:
    """Return those of the records that another section claims too, with the names of the other entries."""
    found: dict[int, list[str]] = defaultdict(list)
    for one, other in open_doubles(session):
        for mine, theirs in ((one, other), (other, one)):
            if mine.record in numbers:
                found[mine.record].append(theirs.name)
    return dict(found)
