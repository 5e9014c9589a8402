"""Findings on a power, as its page marks them: those that wait for a new revision, and which revision carried one."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.findings.finding_stages import FINDING_WORDS, LIVE
from webapp.findings.models import Finding
from webapp.findings.reading import may_see_findings
from webapp.policy import Actor
from webapp.revisions.models import Revision


@dataclass(frozen=True)
class FaultMark:
    """A finding on the power: open, or carried by a revision."""

    id: int
    fact: str
    words: str
    is_cause: bool  # the entry itself is the cause and no approved revision carries it yet
    carried_by: int | None  # number of the revision


def faults_of(session: Session, power_id: int, *, viewer: Actor) -> tuple[FaultMark, ...]:
    """Return the findings on a power that are open or were mended by a revision, the newest first; one query."""
    rows = session.execute(
        select(Finding, Revision.number)
        .outerjoin(Revision, Revision.id == Finding.mended_by)
        .where(Finding.record_id == power_id, may_see_findings(viewer))
        .where(or_(Finding.state.in_(sorted(LIVE)), Finding.mended_by.is_not(None)))
        .order_by(Finding.id.desc())
        .limit(20)
    )
    return tuple(
        FaultMark(one.id, one.fact, FINDING_WORDS[one.state], one.is_record_cause and number is None, number)
        for one, number in rows
    )
