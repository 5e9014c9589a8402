"""What verdicts bring to the worklist: duties a section must take up, and overreaches lately stopped for those told."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.pages.worklist_papers import PaperTask
from webapp.policy import Actor, Role
from webapp.powers.models import InventoryVerdict
from webapp.revisions.models import Listing
from webapp.revisions.reading import visible_to

SHOWN = 50
TOLD = timedelta(days=30)  # how long a stop stands before the office and the deputy


def read_gaps(session: Session, viewer: Actor) -> list[PaperTask]:
    """Return the duties the viewer's sections must take up and have not submitted; one query or none."""
    if not viewer.own_sections:
        return []
    own = Listing.section_id.in_(sorted(viewer.own_sections))
    return _tasks(session, viewer, InventoryVerdict.verdict == "missing", own, Listing.stage.in_(["draft", "returned"]))


def read_stops(session: Session, viewer: Actor) -> list[PaperTask]:
    """Return the powers lately stopped, for the office and the deputy head; one query or none."""
    if not (viewer.has(Role.OFFICE) or viewer.has(Role.DEPUTY)):
        return []
    since = clock.now() - TOLD
    return _tasks(
        session,
        viewer,
        InventoryVerdict.verdict == "overreach",
        InventoryVerdict.at >= since,
        Listing.stage == "stopped",
    )


def _tasks(session: Session, viewer: Actor, *conditions: ColumnElement[bool]) -> list[PaperTask]:
    rows = session.execute(
        select(
            InventoryVerdict.verdict,
            InventoryVerdict.day,
            InventoryVerdict.at,
            Listing.record_id,
            Listing.code,
            Listing.name,
        )
        .join(Listing, Listing.record_id == InventoryVerdict.record_id)
        .where(*conditions, visible_to(viewer))
        .order_by(InventoryVerdict.day, InventoryVerdict.id)
        .limit(SHOWN),
    )
    return [_task(*row) for row in rows]


def _task(verdict: str, day: date, at: datetime, record: int, code: str, name: str) -> PaperTask:
    words = f"{day.year}年{day.month}月{day.day}日"
    why = f"限{words}前补齐" if verdict == "missing" else f"自{words}起停止行使"
    return PaperTask(f"/powers/{record}", "职权", code, name, "", why, at)
