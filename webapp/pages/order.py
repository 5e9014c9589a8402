"""One rectification order: its faults and all said of them, its limit, what the viewer may do, what was done."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock as time
from webapp.accounts.models import Person, Section
from webapp.deadlines.clocks import pending_extension
from webapp.deadlines.reading import read_days
from webapp.deadlines.rules import limit_words
from webapp.findings.finding_stages import SEVERITY_WORDS
from webapp.findings.models import Feedback, Finding, OrderCycle, OrderItem, OrderStep, Recheck, RectificationOrder
from webapp.findings.order_stages import ACTS, METHODS, ORDER_WORDS, ROOT_CAUSES, Offer, offers
from webapp.findings.reading import limit_of, mending_of, seen_order, situation_of
from webapp.pages.orders import PATH, TONES
from webapp.policy import Actor
from webapp.revisions.models import Listing

_LABELS = {str(act.event): act.label for act in ACTS} | {"draft_order": "起草"}


@dataclass(frozen=True)
class Said:
    """One feedback on a fault and what the re-check made of it."""

    cycle: int
    round: int
    done: str
    cause: str
    evidence: str
    responsible: str
    done_on: date | None
    author: str
    at: datetime
    result: str  # "", pass, fail
    reason: str
    method: str
    checker: str


@dataclass(frozen=True)
class ItemRow:
    """A fault under the order."""

    id: int
    position: int
    finding: int
    fact: str
    basis: str
    severity: str
    power: str
    power_address: str
    is_record_cause: bool
    mended: str  # which approved revision carries it
    result: str
    needs_evidence: bool
    is_accepted: bool
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Asked:
    """A request for more time that waits."""

    added: str
    reason: str
    by: str


@dataclass(frozen=True)
class OrderPage:
    """What the screen shows."""

    id: int
    version: int
    title: str
    document: str
    series: str
    section: str
    state: str
    words: str
    tone: str
    measures: str
    responsible: str
    contact: str
    limit: str
    drafter: str
    approver: str
    issued_on: date | None
    delivered_on: date | None
    delivery: str
    due: date | None
    days_left: int | None
    late_days: int | None
    clock: str
    cycle: int
    cycles: tuple[str, ...]
    asked: Asked | None
    items: tuple[ItemRow, ...]
    offers: tuple[Offer, ...]
    events: tuple[dict[str, Any], ...]
    causes: tuple[tuple[str, str], ...]
    methods: tuple[tuple[str, str], ...]

    @property
    def open_items(self) -> tuple[ItemRow, ...]:
        """Return the faults that are not accepted yet."""
        return tuple(item for item in self.items if not item.is_accepted)


def order_page(session: Session, order_id: int, *, viewer: Actor) -> OrderPage:
    """Return the page of an order; raise NotFound where the viewer may not know of it."""
    order = seen_order(session, viewer, order_id)
    limit = limit_of(session, order)
    asked = pending_extension(session, limit) if limit else None
    steps = session.scalars(select(OrderStep).where(OrderStep.order_id == order.id).order_by(OrderStep.id)).all()
    cycles = session.scalars(
        select(OrderCycle).where(OrderCycle.order_id == order.id).order_by(OrderCycle.number)
    ).all()
    people = _names(session, order, [step.person_id for step in steps] + [asked.asked_by if asked else None])
    today = time.today()
    left = None
    if limit is not None and limit.met_at is None and limit.state != "void":
        left = read_days(session, min(today, limit.due_on), max(today, limit.due_on)).count_between(today, limit.due_on)
    return OrderPage(
        id=order.id,
        version=order.version,
        title=order.title,
        document=order.document,
        series=f"{order.year}年第{order.number}号" if order.number else "未编号",
        section=session.scalars(select(Section.name).where(Section.id == order.section_id)).one(),
        state=order.state,
        words=ORDER_WORDS[order.state],
        tone=TONES[order.state],
        measures=order.measures,
        responsible=order.responsible,
        contact=order.contact,
        limit=limit_words(order.limit_n, order.limit_unit),
        drafter=people.get(order.drafted_by, ""),
        approver=people.get(order.approved_by or 0, ""),
        issued_on=order.issued_on,
        delivered_on=order.delivered_on,
        delivery=_delivery(order, people),
        due=limit.due_on if limit else None,
        days_left=left if left is not None and left >= 0 else None,
        late_days=-left if left is not None and left < 0 else None,
        clock=f"/clocks/{limit.id}" if limit else "",
        cycle=order.cycle,
        cycles=tuple(_cycle_words(cycle) for cycle in cycles if len(cycles) > 1),
        asked=Asked(limit_words(asked.n, limit.unit), asked.reason, people.get(asked.asked_by, ""))
        if asked and limit
        else None,
        items=_items(session, order),
        offers=offers(situation_of(session, order), viewer),
        events=tuple(
            {
                "when": step.at,
                "what": _LABELS.get(step.event, step.event),
                "who": people.get(step.person_id or 0, "系统"),
                "note": step.note,
                "tone": "wrong" if step.event in {"reject_feedback", "reopen_order", "serve_order"} else "",
            }
            for step in reversed(steps)
        ),
        causes=tuple(ROOT_CAUSES.items()),
        methods=tuple(METHODS.items()),
    )


def _items(session: Session, order: RectificationOrder) -> tuple[ItemRow, ...]:
    rows = session.execute(
        select(OrderItem, Finding, Listing.code, Listing.name)
        .join(Finding, Finding.id == OrderItem.finding_id)
        .outerjoin(Listing, (Listing.record_id == Finding.record_id) & (Listing.face == "draft"))
        .where(OrderItem.order_id == order.id)
        .order_by(OrderItem.position)
    ).all()
    said = _said(session, [row[0].id for row in rows])
    return tuple(
        ItemRow(
            id=item.id,
            position=item.position,
            finding=finding.id,
            fact=finding.fact,
            basis=finding.basis,
            severity=SEVERITY_WORDS[finding.severity],
            power=f"{code or ''} {name or ''}".strip(),
            power_address=f"/powers/{finding.record_id}" if finding.record_id else "",
            is_record_cause=finding.is_record_cause,
            mended=_mended(session, finding),
            result=item.result,
            needs_evidence=item.needs_evidence,
            is_accepted=item.is_accepted,
            said=tuple(said[item.id]),
        )
        for item, finding, code, name in rows
    )


def _said(session: Session, items: list[int]) -> dict[int, list[Said]]:
    author, checker = Person.__table__.alias("author"), Person.__table__.alias("checker")
    found: dict[int, list[Said]] = defaultdict(list)
    rows = session.execute(
        select(Feedback, Recheck, author.c.name, checker.c.name)
        .join(author, author.c.id == Feedback.author_id)
        .outerjoin(Recheck, Recheck.feedback_id == Feedback.id)
        .outerjoin(checker, checker.c.id == Recheck.checker_id)
        .where(Feedback.item_id.in_(items))
        .order_by(Feedback.id)
    )
    for one, check, written_by, checked_by in rows:
        found[one.item_id].append(
            Said(
                cycle=one.cycle,
                round=one.round,
                done=one.done,
                cause=ROOT_CAUSES[one.root_cause],
                evidence=one.evidence,
                responsible=one.responsible,
                done_on=one.done_on,
                author=written_by,
                at=one.at,
                result="" if check is None else "pass" if check.is_accepted else "fail",
                reason=check.reason if check else "",
                method=METHODS[check.method] if check else "",
                checker=checked_by or "",
            )
        )
    return found


def _mended(session: Session, finding: Finding) -> str:
    if not finding.is_record_cause:
        return ""
    mending = mending_of(session, finding)
    return f"第{mending.number}稿已审定" if mending else "尚未有审定的新稿"


def _names(session: Session, order: RectificationOrder, people: list[int | None]) -> dict[int, str]:
    wanted = {order.drafted_by, order.approved_by, order.acknowledged_by, *people} - {None}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(sorted(filter(None, wanted)))))
    return {row.id: row.name for row in rows}


def _delivery(order: RectificationOrder, people: dict[int, str]) -> str:
    if order.delivered_on is None:
        return "尚未签收"
    if order.acknowledged_by is None:
        return "逾期未签收，视为送达"
    return f"{people.get(order.acknowledged_by, '')}签收"


def _cycle_words(cycle: OrderCycle) -> str:
    closed = (
        f"{cycle.closed_on.year}年{cycle.closed_on.month}月{cycle.closed_on.day}日销号" if cycle.closed_on else "办理中"
    )
    return f"第{cycle.number}轮：{closed}" + (f"（重新整改的理由：{cycle.reason}）" if cycle.reason else "")


__all__ = ["PATH", "OrderPage", "order_page"]
