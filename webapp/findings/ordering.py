"""Rectification orders: drafting one from several findings, and `advance`, the one door for every act on it.

Form, bulk, import, command and clock all come here. One act is one transaction and one journal entry; every guard is in
`order_stages`, and the persons are kept apart by the database as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.deadlines import clocks
from webapp.deadlines.models import Clock
from webapp.digests import digest
from webapp.findings.checking import ItemFeedback, ItemResult, note_feedback, note_rechecks
from webapp.findings.finding_stages import ORDERABLE, supervises
from webapp.findings.models import Finding, OrderCycle, OrderItem, OrderStep, RectificationOrder
from webapp.findings.operations import move_finding
from webapp.findings.order_stages import Act, Event, take
from webapp.findings.raising import check_text
from webapp.findings.reading import RULE, host_of, items_of, limit_of, mending_of, seen_order, situation_of
from webapp.journal import operations as journal
from webapp.policy import Actor
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

MAX_ITEMS = 60
MAX_DOCUMENT = 60


@dataclass(frozen=True)
class OrderGiven:
    """What an order says: per finding what is required and how it is checked."""

    findings: Sequence[int]
    title: str
    measures: str
    responsible: str = ""
    contact: str = ""
    limit_n: int = 5
    limit_unit: str = "working_day"
    results: Mapping[int, str] = field(default_factory=dict)  # by finding


@dataclass(frozen=True)
class Decision:
    """An act as it came through a door; what the event does not need stays empty."""

    event: str
    note: str = ""
    document: str = ""  # 发文字号, of an issue
    day: date | None = None
    n: int = 0  # time asked for, or granted with a rejection
    feedback: Mapping[int, ItemFeedback] = field(default_factory=dict)  # by item
    results: Mapping[int, ItemResult] = field(default_factory=dict)  # by item
    seen_version: int | None = None
    request_key: str | None = None


def draft_order(session: Session, by: Actor, given: OrderGiven) -> RectificationOrder:
    """Draft one order from one or several confirmed findings of one section (I3)."""
    numbers = list(dict.fromkeys(given.findings))
    if not 1 <= len(numbers) <= MAX_ITEMS:
        raise RuleBroken(f"请选择1至{MAX_ITEMS}个检查问题。", "finding")
    found = {
        row.id: row
        for row in session.scalars(
            select(Finding).where(Finding.id.in_(numbers)).order_by(Finding.id).with_for_update()
        )
    }
    if len(found) != len(numbers):
        raise NotFound("所选问题有的没有找到，未办理。请刷新页面后重新选择。")
    sections = {row.section_id for row in found.values()}
    if len(sections) > 1:
        raise RuleBroken("所选问题不属于同一科室：一份整改通知只发一个科室，请分别选择。", "finding")
    section = sections.pop()
    if not supervises(by, section, host_of(session)):
        raise NotAllowed("您不能对该科室起草整改通知：应由非本科室的领导小组办公室人员或督查员起草。")
    if wrong := [number for number in numbers if found[number].state not in ORDERABLE]:
        raise Stale(f"第{wrong[0]}号问题尚未确认或已在办理，不能列入整改通知。请刷新页面后重新选择。")
    for text, name, missing in (
        (given.title, "title", "请填写通知标题。"),
        (given.measures, "measures", "请填写整改要求。"),
        (given.responsible, "responsible", ""),
        (given.contact, "contact", ""),
        *((text, "result", "") for text in given.results.values()),
    ):
        check_text(text, name, missing)
    if given.limit_unit not in {"working_day", "day"} or not 1 <= given.limit_n <= 365:  # noqa: PLR2004 - a year
        raise RuleBroken("整改期限应为1至365之间的整数，并选择工作日或日。", "limit_n")
    order = RectificationOrder(
        section_id=section,
        title=given.title.strip(),
        measures=given.measures.strip(),
        responsible=given.responsible.strip(),
        contact=given.contact.strip(),
        limit_n=given.limit_n,
        limit_unit=given.limit_unit,
        drafted_by=by.person,
        drafted_at=clock.now(),
        state_since=clock.now(),
    )
    session.add(order)
    session.flush()
    session.add(OrderCycle(order_id=order.id, number=1, opened_at=clock.now()))
    for position, number in enumerate(numbers, 1):
        result = given.results.get(number, "").strip()
        session.add(OrderItem(order_id=order.id, finding_id=number, position=position, result=result))
        move_finding(session, by, found[number], "draft_order", "ordered")
    facts = {"section": section, "items": len(numbers), "content": digest([order.title, order.measures])}
    journal.write(session, by, "draft_order", f"order:{order.id}", facts)
    return order


def advance(session: Session, by: Actor | None, order_id: int, decision: Decision) -> RectificationOrder:
    """Take one act on an order; `by` is None for time. Raises RuleBroken, Stale, NotAllowed, NotFound."""
    order = session.get(RectificationOrder, order_id) if by is None else seen_order(session, by, order_id)
    if order is None:
        raise NotFound
    session.refresh(order, with_for_update=True)
    if by is not None and decision.request_key and _is_repeated(session, by, order, decision):
        return order
    check_text(decision.note, "note")
    act = take(situation_of(session, order), by, decision.event, decision.note)
    if by is not None:
        _check_seen(order, decision)
    facts = _do(session, by, order, act, decision)
    before, order.state = order.state, act.to or order.state
    order.version += 1
    if before != order.state:
        order.state_since = clock.now()
    session.add(
        OrderStep(
            order_id=order.id,
            cycle=order.cycle,
            event=act.event,
            from_state=before,
            to_state=order.state,
            person_id=by.person if by else None,
            note=decision.note.strip(),
            request_key=decision.request_key or None,
            at=clock.now(),
        )
    )
    session.flush()
    told = {"state": order.state, "round": order.cycle, "reason": digest(decision.note), **facts}
    journal.write(session, by, act.event, f"order:{order.id}", told)
    return order


def advance_many(session: Session, by: Actor, orders: Sequence[tuple[int, int]], decision: Decision) -> int:
    """Take the same act on several orders (number, version seen), or on none; returns how many."""
    if not orders:
        raise RuleBroken("请至少选择一份整改通知。", "order")
    for place, (number, version) in enumerate(sorted(set(orders)), 1):
        one = Decision(
            event=decision.event,
            note=decision.note,
            day=decision.day,
            seen_version=version,
            request_key=f"{decision.request_key}-{number}" if decision.request_key else None,
        )
        try:
            advance(session, by, number, one)
        except NotFound as broken:
            raise NotFound(f"所选第{place}份没有找到，整批未办理。请刷新页面后重新选择。") from broken
        except RuleBroken as broken:
            sentence = f"所选第{place}份：{broken.message}整批未办理。"
            if isinstance(broken, NotAllowed | Stale):
                raise type(broken)(sentence) from broken
            raise RuleBroken(sentence, broken.field) from broken
    return len(set(orders))


def _do(
    session: Session, by: Actor | None, order: RectificationOrder, act: Act, decision: Decision
) -> dict[str, object]:
    """Do what an event does beside moving the order; returns what the journal says of it."""
    match act.event, by:
        case Event.APPROVE, Actor():
            return _issue(session, by, order, decision)
        case Event.CANCEL, Actor():
            _release_findings(session, by, order)
        case Event.ACKNOWLEDGE | Event.SERVE, _:
            return _deliver(session, by, order)
        case ((Event.ASK | Event.GRANT | Event.REFUSE), Actor()):
            return _extend(session, by, order, act, decision)
        case Event.FEEDBACK, Actor():
            note_feedback(session, by, order, decision.feedback)
            clocks.meet(session, _limit(session, order), on=clock.today())
        case ((Event.REJECT | Event.ACCEPT), Actor()):
            note_rechecks(session, by, order, decision.results, is_accepting=act.event is Event.ACCEPT)
            if act.event is Event.REJECT:
                _run_on(session, by, order, decision)
        case Event.CLOSE, Actor():
            _close(session, by, order)
        case Event.REOPEN, Actor():
            _reopen(session, by, order, decision)
        case _:
            pass
    return {}


def _extend(session: Session, by: Actor, order: RectificationOrder, act: Act, decision: Decision) -> dict[str, object]:
    limit = _limit(session, order)
    if act.event is Event.ASK:
        clocks.ask_extension(session, by, limit, n=decision.n, reason=decision.note)
    else:
        is_granted = act.event is Event.GRANT
        clocks.decide_extension(session, by, limit, is_granted=is_granted, note=decision.note)
    return {"clock": limit.id, "until": limit.due_on.isoformat()}


def _issue(session: Session, by: Actor, order: RectificationOrder, decision: Decision) -> dict[str, object]:
    document = decision.document.strip()
    if not document:
        raise RuleBroken("请填写发文字号：由局办公室编号后照原件录入。", "document")
    check_text(document, "document", limit=MAX_DOCUMENT)
    today = clock.today()
    last = session.scalar(select(func.max(RectificationOrder.number)).where(RectificationOrder.year == today.year))
    order.year, order.number, order.document = today.year, (last or 0) + 1, document
    order.approved_by, order.issued_on = by.person, today
    for rule in ("order.acknowledge", "order.serve"):
        clocks.start_clock(
            session, by, rule=rule, subject=("order", order.id), started_on=today, section_id=order.section_id
        )
    return {"number": f"{order.year}-{order.number}", "document": document}


def _deliver(session: Session, by: Actor | None, order: RectificationOrder) -> dict[str, object]:
    """Start the limit: on the day it was signed for, or on the last day for doing so, whenever time noticed."""
    served = clocks.clock_of(session, "order.serve", ("order", order.id))
    order.delivered_on = clock.today() if by is not None or served is None else served.due_on
    order.acknowledged_by = by.person if by else None
    for rule in ("order.acknowledge", "order.serve"):
        waiting = clocks.clock_of(session, rule, ("order", order.id))
        if waiting is not None and clocks.is_open(waiting):
            clocks.meet(session, waiting, on=order.delivered_on)
    limit = clocks.start_clock(
        session,
        by,
        rule=RULE,
        subject=("order", order.id),
        started_on=order.delivered_on,
        section_id=order.section_id,
        n=order.limit_n,
        unit=order.limit_unit,
        cycle=order.cycle,
    )
    return {"clock": limit.id, "until": limit.due_on.isoformat()}


def _run_on(session: Session, by: Actor, order: RectificationOrder, decision: Decision) -> None:
    """Let the limit run on as it was; it does not restart, but the checker may grant days with a reason."""
    limit = _limit(session, order)
    clocks.reopen(session, by, limit)
    if decision.n:
        clocks.grant(session, by, limit, n=decision.n, reason=decision.note)


def _close(session: Session, by: Actor, order: RectificationOrder) -> None:
    rows = items_of(session, order)
    if not all(item.is_accepted for item, _ in rows):
        raise Stale("还有问题没有复核通过，不能销号。请刷新页面查看。")
    for _, finding in rows:
        mending = mending_of(session, finding) if finding.is_record_cause else None
        if mending:
            finding.mended_by = mending.revision
        move_finding(session, by, finding, "close_order", "closed")
    cycle = session.get_one(OrderCycle, (order.id, order.cycle))
    cycle.closed_by, cycle.closed_on = by.person, clock.today()


def _reopen(session: Session, by: Actor, order: RectificationOrder, decision: Decision) -> None:
    order.cycle += 1
    session.add(OrderCycle(order_id=order.id, number=order.cycle, opened_at=clock.now(), reason=decision.note.strip()))
    for item, finding in items_of(session, order):
        item.is_accepted = False
        move_finding(session, by, finding, "reopen_order", "ordered", decision.note)
    clocks.start_clock(
        session,
        by,
        rule=RULE,
        subject=("order", order.id),
        started_on=clock.today(),
        section_id=order.section_id,
        n=order.limit_n,
        unit=order.limit_unit,
        cycle=order.cycle,
    )


def _release_findings(session: Session, by: Actor, order: RectificationOrder) -> None:
    for item, finding in items_of(session, order):
        item.is_live = False
        move_finding(session, by, finding, "cancel_order", "confirmed")


def _limit(session: Session, order: RectificationOrder) -> Clock:
    found = limit_of(session, order)
    if found is None:
        raise Stale("整改期限尚未起算，请刷新页面查看。")
    return found


def _check_seen(order: RectificationOrder, decision: Decision) -> None:
    if decision.seen_version is None:
        raise RuleBroken("缺少版本号，未办理。请刷新页面后再试。", "seen_version")
    if decision.seen_version != order.version:
        raise Stale("该整改通知刚刚有人办理过，本次未办理。请先查看最新情况。")


def _is_repeated(session: Session, by: Actor, order: RectificationOrder, decision: Decision) -> bool:
    done = session.execute(
        select(OrderStep.order_id, OrderStep.person_id, OrderStep.event).where(
            OrderStep.request_key == decision.request_key
        )
    ).one_or_none()
    if done is None:
        return False
    if tuple(done) != (order.id, by.person, decision.event):
        raise Stale("这份表单已用于另一次办理，本次未办理。请刷新页面后再试。")
    return True
