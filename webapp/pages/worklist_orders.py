"""What findings and orders bring to the worklist: to confirm, sign, answer, check and close. One query each."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Section
from webapp.findings.finding_stages import supervises
from webapp.findings.models import Finding, OrderCycle, RectificationOrder
from webapp.findings.reading import host_of, may_see_findings, may_see_orders
from webapp.pages.worklist_papers import PaperTask
from webapp.policy import Actor, Permission, Role

SHOWN = 50
_SECTIONS = {"issued": "请签收", "acknowledged": "请整改并报送结果", "returned": "复核未通过，请继续整改"}
_SUPERVISORS = {"draft": "待送签批", "in_recheck": "待复核", "accepted": "待销号"}


def read_orders(session: Session, viewer: Actor) -> list[PaperTask]:
    """Return the orders on which the viewer may act now, as far as the persons of the cycle leave him."""
    if not viewer.may(Permission.WORK_ON_ORDERS):
        return []
    rows = session.execute(
        select(RectificationOrder, Section.name, OrderCycle.author_id, OrderCycle.checked_by)
        .join(Section, Section.id == RectificationOrder.section_id)
        .join(
            OrderCycle,
            (OrderCycle.order_id == RectificationOrder.id) & (OrderCycle.number == RectificationOrder.cycle),
        )
        .where(may_see_orders(viewer), RectificationOrder.state.not_in(["closed", "cancelled"]))
        .order_by(RectificationOrder.state_since, RectificationOrder.id)
    ).all()
    host = host_of(session) if rows else None
    found = []
    for order, section, author, checker in rows:
        why = _why(order, viewer, host, {author, checker} if order.state == "accepted" else {author})
        if why:
            name = order.document or "未编号"
            since = order.state_since
            found.append(PaperTask(f"/orders/{order.id}", "整改", name, order.title, section, why, since))
    return found[:SHOWN]


def read_findings(session: Session, viewer: Actor) -> list[PaperTask]:
    """Return the findings another raised that the viewer may confirm or rule on; one query or none."""
    if not viewer.may(Permission.DRAFT_ORDERS):
        return []
    rows = session.execute(
        select(Finding, Section.name)
        .join(Section, Section.id == Finding.section_id)
        .where(may_see_findings(viewer), Finding.state.in_(["drafted", "contested"]))
        .where((Finding.raised_by != viewer.person) | Finding.raised_by.is_(None))
        .order_by(Finding.id)
        .limit(SHOWN)
    ).all()
    host = host_of(session) if rows else None
    words = {"drafted": "待确认", "contested": "科室有异议，待复核"}
    return [
        PaperTask(f"/findings/{one.id}", "问题", str(one.id), one.fact[:40], section, words[one.state], one.raised_at)
        for one, section in rows
        if supervises(viewer, one.section_id, host)
    ]


def _why(order: RectificationOrder, viewer: Actor, host: int | None, hands: set[int | None]) -> str:
    if order.section_id in viewer.own_sections:
        return _SECTIONS.get(order.state, "")
    if viewer.person in hands:
        return ""
    if order.state == "submitted":
        is_head = viewer.has(Role.DEPUTY) or viewer.has(Role.LEADER)
        return "待签发" if is_head and viewer.person != order.drafted_by else ""
    return _SUPERVISORS.get(order.state, "") if supervises(viewer, order.section_id, host) else ""
