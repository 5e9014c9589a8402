"""What waits for somebody among the complaints, for his worklist: nothing behind the wall, nothing of others."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.complaints.models import Complaint
from webapp.complaints.reading import HEADS, handles, number_words, target_of, visible_to
from webapp.complaints.stages import ASK_WITHIN, ENDED
from webapp.pages.complaint_clocks import nearest_dues
from webapp.pages.worklist_papers import PaperTask
from webapp.policy import Actor, Permission

MAX_SHOWN = 100
_HANDLERS = {
    "received": "请登记编号",
    "registered": "请决定是否受理",
    "accepted": "请交办",
    "reopened": "重新办理，请交办",
    "revised": "复查复核改变原答复，请重新交办或者办结",
    "reply_approved": "答复已审核，请答复来件人",
    "review_requested": "复查复核中，请登记结果",
    "upheld": "复查复核维持原答复，可以办结",
}
_ASSIGNEES = {
    "assigned": "交您承办，请开始核查",
    "investigating": "请核查并拟稿答复",
    "awaiting_complainant": "等待来件人补充",
}


def read_complaints(session: Session, viewer: Actor) -> list[PaperTask]:
    """Return the complaints that wait for the viewer, the longest waiting first; two queries."""
    if not viewer.may(Permission.SEE_COMPLAINTS):
        return []
    rows = session.scalars(
        select(Complaint)
        .where(visible_to(viewer), Complaint.state.not_in(sorted(ENDED)))
        .order_by(Complaint.since, Complaint.id)
        .limit(MAX_SHOWN),
    )
    found = [(row, why) for row in rows if (why := _why(row, viewer))]
    dues = nearest_dues(session, [row.id for row, _ in found])
    return [
        PaperTask(f"/complaints/{row.id}", "来件", number_words(row), row.subject, "", told, _since(row))
        for row, why in found
        if (told := _timed(why, dues.get(row.id)))
    ]


def _why(row: Complaint, viewer: Actor) -> str:
    """Return what the viewer has to do about a complaint he may see, "" for nothing."""
    is_handler = handles(target_of(row), viewer)
    if row.assignee_id == viewer.person and row.state in _ASSIGNEES:
        return _ASSIGNEES[row.state]
    if row.state == "reply_drafted" and (is_handler or viewer.roles & HEADS):
        return "" if viewer.person in {row.drafted_by, row.assignee_id} else "请审核答复"
    if row.state == "replied" and is_handler and row.replied_on is not None:
        return "申请复查的期限已过，可以办结" if row.replied_on + timedelta(days=ASK_WITHIN) < clock.today() else ""
    return _HANDLERS.get(row.state, "") if is_handler else ""


def _timed(why: str, due: date | None) -> str:
    if due is None:
        return why
    return f"{why}，{'已超期，' if due < clock.today() else ''}期限{due.isoformat()}"


def _since(row: Complaint) -> datetime:
    if row.state == "replied" and row.replied_on is not None:
        day = row.replied_on + timedelta(days=ASK_WITHIN + 1)
        return datetime.combine(day, time(), clock.CHINA).astimezone(UTC)
    return row.since
