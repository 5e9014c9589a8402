"""What time brings to orders: service by escalation, and reminders, each once, whenever the clock comes to it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock as time
from webapp.deadlines.models import Clock, Notice
from webapp.deadlines.reading import read_days
from webapp.findings.models import RectificationOrder
from webapp.findings.order_stages import Event
from webapp.findings.ordering import Decision, advance
from webapp.findings.reading import RULE
from webapp.journal import operations as journal
from webapp.policy import Role

_HEAD_AFTER = 3  # working days overdue: the deputy head is told


@dataclass(frozen=True)
class _Told:
    key: str
    content: str
    due: date
    section: int | None = None
    role: str = ""


def serve_unacknowledged(session: Session) -> int:
    """Take orders nobody signed for within three working days as served; each is an act of its own."""
    late = session.scalars(
        select(RectificationOrder.id)
        .join(Clock, Clock.subject_id == RectificationOrder.id)
        .where(
            RectificationOrder.state == "issued",
            Clock.subject_kind == "order",
            Clock.rule_key == "order.serve",
            Clock.due_on < time.today(),
        )
        .order_by(RectificationOrder.id)
    ).all()
    for order in late:
        advance(session, None, order, Decision(event=Event.SERVE, note="逾期未签收，视为送达"))
    return len(late)


def remind_of_orders(session: Session) -> int:
    """Make the notices that are due and not made yet; one journal entry if any. A week off is caught up with (I11)."""
    today = time.today()
    rows = session.execute(
        select(RectificationOrder, Clock)
        .join(Clock, Clock.subject_id == RectificationOrder.id)
        .where(
            Clock.subject_kind == "order",
            Clock.rule_key.in_(["order.acknowledge", RULE]),
            RectificationOrder.state.in_(["issued", "acknowledged", "returned"]),
            Clock.met_at.is_(None),
        )
        .order_by(RectificationOrder.id)
    ).all()
    if not rows:
        return 0
    last = max(today, *(running.due_on for _, running in rows))
    calendar = read_days(session, min(today, *(running.started_on for _, running in rows)), last)
    due: list[_Told] = []
    for order, running in rows:
        left = calendar.count_between(today, running.due_on)
        due += _due(order, running, left)
    known = set(session.scalars(select(Notice.dedupe_key).where(Notice.dedupe_key.in_([one.key for one in due]))))
    fresh = [one for one in due if one.key not in known]
    for one in fresh:
        number = one.key.split(":")[0].removeprefix("order-")
        session.add(
            Notice(
                dedupe_key=one.key,
                section_id=one.section,
                role=one.role,
                content=one.content,
                address=f"/orders/{number}",
                due_on=one.due,
                made_on=today,
                shown_until=max(one.due, today),
            )
        )
    if fresh:
        session.flush()
        journal.write(session, None, "remind_orders", "orders", {"items": len(fresh)})
    return len(fresh)


def _due(order: RectificationOrder, running: Clock, left: int) -> list[_Told]:
    """Return what is to be said of an order now, whether or not it was said."""
    stem, name = f"order-{order.id}", order.document or order.title
    told = []
    if running.rule_key == "order.acknowledge":
        if left < 0:
            content = f"整改通知{name}尚未签收，请即签收；三个工作日未签收的视为送达。"
            told.append(_Told(f"{stem}:unsigned", content, running.due_on, order.section_id))
        return told
    day = running.due_on.isoformat()
    if 0 <= left <= 1:
        content = f"整改通知{name}将于{running.due_on.month}月{running.due_on.day}日到期，请报送整改结果。"
        told.append(_Told(f"{stem}:soon:{day}", content, running.due_on, order.section_id))
    if left < 0:
        content = f"整改通知{name}已超期，请即报送整改结果。"
        told.append(_Told(f"{stem}:late:{day}", content, running.due_on, order.section_id))
        told.append(_Told(f"{stem}:late-office:{day}", f"整改通知{name}已超期。", running.due_on, role=Role.OFFICE))
    if left < -_HEAD_AFTER:
        content = f"整改通知{name}超期已逾{_HEAD_AFTER}个工作日，请督促。"
        told.append(_Told(f"{stem}:late-head:{day}", content, running.due_on, role=Role.DEPUTY))
    return told
