"""Findings and orders as their viewer may see them, and the situation the rules ask about. Only reads."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from webapp import clock as time
from webapp.accounts.models import Bureau
from webapp.deadlines.clocks import clock_of, pending_extension
from webapp.deadlines.models import Clock
from webapp.findings.finding_stages import HIDDEN, FindingView
from webapp.findings.models import Feedback, Finding, OrderItem, Recheck, RectificationOrder
from webapp.findings.order_stages import UNISSUED, Situation
from webapp.policy import Actor
from webapp.reviews.models import Approval
from webapp.revisions.models import Record, Revision
from webapp.rules import NotFound

RULE = "order.rectify"


@dataclass(frozen=True)
class Mending:
    """The approved revision that carries a finding."""

    revision: int
    number: int


def may_see_findings(viewer: Actor) -> ColumnElement[bool]:
    """Return which findings a person sees: of his section what is confirmed; of others, those who supervise, all."""
    own = sorted(viewer.sections | viewer.own_sections)
    mine = and_(Finding.section_id.in_(sorted(viewer.own_sections)), Finding.state.not_in(sorted(HIDDEN)))
    return or_(mine, Finding.section_id.not_in(own)) if viewer.is_bureau_wide else mine


def may_see_orders(viewer: Actor) -> ColumnElement[bool]:
    """Return which orders a person sees: of his section those issued; of others, those who supervise, all."""
    own = sorted(viewer.sections | viewer.own_sections)
    mine = and_(
        RectificationOrder.section_id.in_(sorted(viewer.own_sections)), RectificationOrder.state.not_in(UNISSUED)
    )
    return or_(mine, RectificationOrder.section_id.not_in(own)) if viewer.is_bureau_wide else mine


def seen_finding(session: Session, viewer: Actor, finding_id: int) -> Finding:
    """Return a finding, or raise NotFound where there is none for this person."""
    found = session.scalars(select(Finding).where(Finding.id == finding_id, may_see_findings(viewer))).one_or_none()
    if found is None:
        raise NotFound
    return found


def seen_order(session: Session, viewer: Actor, order_id: int) -> RectificationOrder:
    """Return an order, or raise NotFound where there is none for this person."""
    found = session.scalars(
        select(RectificationOrder).where(RectificationOrder.id == order_id, may_see_orders(viewer))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def host_of(session: Session) -> int | None:
    """Return the section that hosts the leading group's office."""
    return session.scalar(select(Bureau.host_section_id))


def view_of(session: Session, finding: Finding) -> FindingView:
    """Return a finding as its rules see it."""
    return FindingView(finding.state, finding.section_id, finding.raised_by, host_of(session))


def limit_of(session: Session, order: RectificationOrder) -> Clock | None:
    """Return the clock of an order's present cycle."""
    return clock_of(session, RULE, ("order", order.id), order.cycle)


def situation_of(session: Session, order: RectificationOrder) -> Situation:
    """Return an order as its rules see it; at most six queries."""
    hands = session.execute(
        select(Feedback.author_id, Recheck.checker_id)
        .join(OrderItem, OrderItem.id == Feedback.item_id)
        .outerjoin(Recheck, Recheck.feedback_id == Feedback.id)
        .where(OrderItem.order_id == order.id, Feedback.cycle == order.cycle)
    ).all()
    limit = limit_of(session, order) if order.state in {"acknowledged", "returned"} else None
    asked = pending_extension(session, limit) if limit else None
    return Situation(
        state=order.state,
        section=order.section_id,
        host_section=host_of(session),
        drafter=order.drafted_by,
        authors=frozenset(row.author_id for row in hands),
        checkers=frozenset(row.checker_id for row in hands if row.checker_id is not None),
        asker=asked.asked_by if asked else None,
        is_past=limit is not None and time.today() > limit.due_on,
        unmended=unmended_of(session, order) if order.state == "accepted" else (),
    )


def items_of(session: Session, order: RectificationOrder) -> list[tuple[OrderItem, Finding]]:
    """Return the items of an order with their findings, in order."""
    rows = session.execute(
        select(OrderItem, Finding)
        .join(Finding, Finding.id == OrderItem.finding_id)
        .where(OrderItem.order_id == order.id)
        .order_by(OrderItem.position)
    )
    return [(item, finding) for item, finding in rows]


def mending_of(session: Session, finding: Finding) -> Mending | None:
    """Return the first revision of the power that was made after it was named as the cause, and approved."""
    if finding.record_id is None or finding.cause_marked_at is None:
        return None
    row = session.execute(
        select(Revision.id, Revision.number)
        .join(Approval, Approval.revision_id == Revision.id)
        .where(Revision.record_id == finding.record_id, Revision.made_at > finding.cause_marked_at)
        .order_by(Revision.id)
        .limit(1)
    ).one_or_none()
    return Mending(row.id, row.number) if row else None


def unmended_of(session: Session, order: RectificationOrder) -> tuple[str, ...]:
    """Return the codes of powers that are a cause and have no approved revision that carries the finding."""
    return tuple(
        session.get_one(Record, finding.record_id).code or "该职权"
        for _, finding in items_of(session, order)
        if finding.is_record_cause and mending_of(session, finding) is None
    )
