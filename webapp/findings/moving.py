"""What is open against a section goes on against its successor, with the clocks that run."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.deadlines.models import Clock
from webapp.findings.finding_stages import LIVE
from webapp.findings.models import Finding, RectificationOrder


def move_open_findings(session: Session, old: int, new: int) -> None:
    """Give what is not finished to the successor; part of merging sections. What is finished stays where it was."""
    session.execute(
        update(Finding).where(Finding.section_id == old, Finding.state.in_(sorted(LIVE))).values(section_id=new)
    )
    session.execute(update(Clock).where(Clock.section_id == old, Clock.met_at.is_(None)).values(section_id=new))
    finished = ("closed", "cancelled")
    session.execute(
        update(RectificationOrder)
        .where(RectificationOrder.section_id == old, RectificationOrder.state.not_in(finished))
        .values(section_id=new)
    )
