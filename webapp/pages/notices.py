"""Reminders that time brought, as they stand on the worklists of those concerned."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.deadlines.models import Notice
from webapp.policy import Actor

MAX_NOTICES = 20


@dataclass(frozen=True)
class NoticeRow:
    """A reminder of a date."""

    content: str
    due_on: date
    address: str
    is_late: bool


def read_notices(session: Session, viewer: Actor) -> list[NoticeRow]:
    """Return the reminders that stand for the viewer: of his sections and of his roles, the nearest day first."""
    mine = or_(
        Notice.section_id.in_(sorted(viewer.own_sections)),
        and_(Notice.section_id.is_(None), Notice.role.in_([str(role) for role in viewer.roles])),
    )
    rows = session.scalars(
        select(Notice)
        .where(mine, Notice.shown_until >= clock.today())
        .order_by(Notice.due_on, Notice.section_id, Notice.id)
        .limit(MAX_NOTICES),
    )
    # Who holds two roles is told once.
    told = {(row.content, row.due_on, row.address): row for row in rows}
    return [NoticeRow(row.content, row.due_on, row.address, row.due_on < clock.today()) for row in told.values()]
