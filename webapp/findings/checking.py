"""Feedback and re-check, item by item: parts of `ordering.advance`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.findings.models import Feedback, Finding, OrderCycle, OrderItem, Recheck, RectificationOrder
from webapp.findings.order_stages import METHODS, ROOT_CAUSES
from webapp.findings.raising import check_text
from webapp.findings.reading import items_of
from webapp.policy import Actor
from webapp.rules import RuleBroken, Stale


@dataclass(frozen=True)
class ItemFeedback:
    """What the section did about an item. `root_cause` is a key of ROOT_CAUSES."""

    done: str
    root_cause: str = "work"
    evidence: str = ""
    responsible: str = ""
    done_on: date | None = None


@dataclass(frozen=True)
class ItemResult:
    """What the checker found of an item."""

    is_accepted: bool
    reason: str = ""
    method: str = "document"


def note_feedback(session: Session, by: Actor, order: RectificationOrder, given: Mapping[int, ItemFeedback]) -> None:
    """Keep what was done about every item not accepted yet, with evidence where it is asked for."""
    rows = [(item, finding) for item, finding in items_of(session, order) if not item.is_accepted]
    _no_strangers(given, [item for item, _ in rows])
    for item, finding in rows:
        told = given.get(item.id)
        if told is None or not told.done.strip():
            raise RuleBroken(f"第{item.position}个问题还没有填写整改情况。", f"done-{item.id}")
        if item.needs_evidence and not told.evidence.strip():
            raise RuleBroken(f"第{item.position}个问题需要佐证，请写明材料名称和存放处。", f"evidence-{item.id}")
        if told.root_cause not in ROOT_CAUSES:
            raise RuleBroken(f"请选择第{item.position}个问题的原因。", f"root_cause-{item.id}")
        if told.done_on is not None and told.done_on > clock.today():
            raise RuleBroken(f"第{item.position}个问题的完成日期不能晚于今日。", f"done_on-{item.id}")
        for text, name in ((told.done, "done"), (told.evidence, "evidence"), (told.responsible, "responsible")):
            check_text(text, f"{name}-{item.id}")
        if told.root_cause == "record":
            _mark_cause(finding, item)
        session.add(
            Feedback(
                item_id=item.id,
                cycle=order.cycle,
                round=_round(session, item, order) + 1,
                done=told.done.strip(),
                root_cause=told.root_cause,
                evidence=told.evidence.strip(),
                responsible=told.responsible.strip(),
                done_on=told.done_on,
                author_id=by.person,
                at=clock.now(),
            )
        )
    cycle = session.get_one(OrderCycle, (order.id, order.cycle))
    cycle.author_id, cycle.checked_by = by.person, None
    session.flush()


def note_rechecks(
    session: Session, by: Actor, order: RectificationOrder, given: Mapping[int, ItemResult], *, is_accepting: bool
) -> None:
    """Keep a result for every item that was answered: all accepted, or at least one refused with its reason."""
    rows = [item for item, _ in items_of(session, order) if not item.is_accepted]
    _no_strangers(given, rows)
    if not is_accepting and not any(not result.is_accepted for result in given.values()):
        raise RuleBroken("复核不通过的，请指明哪一个问题没有改好并写明理由。", "results")
    for item in rows:
        result = given.get(item.id, ItemResult(is_accepted=True) if is_accepting else None)
        if result is None:
            raise RuleBroken(f"第{item.position}个问题还没有复核结果。", f"result-{item.id}")
        if is_accepting and not result.is_accepted:
            raise RuleBroken(f"第{item.position}个问题未通过，不能办理“复核通过”。", f"result-{item.id}")
        if not result.is_accepted and not result.reason.strip():
            raise RuleBroken(f"第{item.position}个问题未通过，请写明理由。", f"reason-{item.id}")
        if result.method not in METHODS:
            raise RuleBroken("请选择复核方式。", "method")
        check_text(result.reason, f"reason-{item.id}")
        answered = session.scalars(
            select(Feedback)
            .where(Feedback.item_id == item.id, Feedback.cycle == order.cycle)
            .order_by(Feedback.round.desc())
            .limit(1)
        ).one()
        session.add(
            Recheck(
                feedback_id=answered.id,
                author_id=answered.author_id,
                checker_id=by.person,
                is_accepted=result.is_accepted,
                reason=result.reason.strip(),
                method=result.method,
                at=clock.now(),
            )
        )
        item.is_accepted = result.is_accepted
    session.get_one(OrderCycle, (order.id, order.cycle)).checked_by = by.person
    session.flush()


def _mark_cause(finding: Finding, item: OrderItem) -> None:
    """Mark that the power's own entry is the cause, from this moment: a revision made later must carry the finding."""
    if finding.record_id is None:
        raise RuleBroken(
            f"第{item.position}个问题没有对应的职权，不能以“{ROOT_CAUSES['record']}”为原因。", f"root_cause-{item.id}"
        )
    if not finding.is_record_cause:
        finding.is_record_cause, finding.cause_marked_at = True, clock.now()


def _no_strangers(given: Mapping[int, object], rows: list[OrderItem]) -> None:
    if set(given) - {item.id for item in rows}:
        raise Stale("所填的问题不在本通知的待办之列。请刷新页面后再填。")


def _round(session: Session, item: OrderItem, order: RectificationOrder) -> int:
    return (
        session.scalar(
            select(func.max(Feedback.round)).where(Feedback.item_id == item.id, Feedback.cycle == order.cycle)
        )
        or 0
    )
