"""Cards: switched on by a decision, proposed by time, issued, explained and decided by people."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock as time
from webapp.deadlines import clocks
from webapp.deadlines.models import Clock
from webapp.deadlines.reading import read_days
from webapp.digests import digest
from webapp.findings.card_rules import POLICY_VERSION, SWITCHES, CardEvent, due_policies, take_card_act
from webapp.findings.models import Card, RectificationOrder, Switch
from webapp.findings.raising import check_text
from webapp.findings.reading import RULE, host_of, seen_card
from webapp.journal import operations as journal
from webapp.policy import Actor, Role
from webapp.rules import NotAllowed, RuleBroken

EXPLAIN = "card.explain"


def switch_cards(session: Session, by: Actor, *, is_on: bool, document: str, decided_on: date) -> Switch:
    """Switch cards on or off as a decision says; the office records it with the document's number."""
    if not by.has(Role.OFFICE):
        raise NotAllowed("启用或停用黄牌、红牌，由领导小组办公室按决定文号登记。")
    check_text(document, "document", "请填写决定的文号。", 120)
    if decided_on > time.today():
        raise RuleBroken("决定日期不能晚于今日。", "decided_on")
    if is_switched_on(session) == is_on:
        raise RuleBroken(f"黄牌、红牌已经{'启用' if is_on else '停用'}，无需办理。", "document")
    kept = Switch(
        key=next(iter(SWITCHES)),
        is_on=is_on,
        document=document.strip(),
        decided_on=decided_on,
        person_id=by.person,
        at=time.now(),
    )
    session.add(kept)
    session.flush()
    facts = {"document": kept.document, "date": decided_on.isoformat(), "state": "on" if is_on else "off"}
    journal.write(session, by, "switch_cards", "cards", facts)
    return kept


def is_switched_on(session: Session) -> bool:
    """Say whether cards are on; off until a decision says otherwise."""
    return bool(session.scalar(select(Switch.is_on).where(Switch.key == "cards").order_by(Switch.id.desc()).limit(1)))


def propose_cards(session: Session) -> int:
    """Make the cards that limits of orders bring and that are not made yet; one journal entry if any.

    A tip is out at once; yellow and red wait for a person.
    """
    if not is_switched_on(session):
        return 0
    rows = session.execute(
        select(RectificationOrder, Clock)
        .join(Clock, Clock.subject_id == RectificationOrder.id)
        .where(Clock.subject_kind == "order", Clock.rule_key.in_(["order.acknowledge", RULE]), Clock.met_at.is_(None))
        .where(RectificationOrder.state.in_(["issued", "acknowledged", "returned"]))
        .order_by(RectificationOrder.id)
    ).all()
    if not rows:
        return 0
    today = time.today()
    first, last = min(running.due_on for _, running in rows), max(running.due_on for _, running in rows)
    calendar = read_days(session, min(first, today), max(last, today))
    known = set(session.scalars(select(Card.trigger_key)))
    made = []
    for order, running in rows:
        for policy in due_policies(running.rule_key, calendar.count_between(today, running.due_on)):
            key = f"clock-{running.id}:{policy.key}"
            if key in known:
                continue
            is_tip = policy.level == "tip"
            became = calendar.add_working_days(running.due_on, -policy.left)
            card = Card(
                trigger_key=key,
                level=policy.level,
                policy=policy.key,
                policy_version=POLICY_VERSION,
                clock_id=running.id,
                order_id=order.id,
                section_id=order.section_id,
                facts=f"{policy.words}，到期日{running.due_on.isoformat()}",
                became_true_on=min(became, today),
                state="issued" if is_tip else "proposed",
                issued_on=today if is_tip else None,
                made_at=time.now(),
            )
            made.append(card)
    session.add_all(made)
    if made:
        session.flush()
        facts = {"items": len(made), "content": digest([card.trigger_key for card in made])}
        journal.write(session, None, "propose_cards", "cards", facts)
    return len(made)


def decide_card(session: Session, by: Actor, card_id: int, *, event: str, note: str = "") -> Card:
    """Take an act of `card_rules` on a card."""
    card = seen_card(session, by, card_id)
    session.refresh(card, with_for_update=True)
    check_text(note, "note")
    act = take_card_act(card.state, card.section_id, host_of(session), card.issued_by, by, event, note)
    subject = ("card", card.id)
    match act.event:
        case CardEvent.ISSUE:
            card.issued_by, card.issued_on = by.person, time.today()
            clocks.start_clock(
                session, by, rule=EXPLAIN, subject=subject, started_on=time.today(), section_id=card.section_id
            )
        case CardEvent.EXPLAIN:
            card.explanation = note.strip()
        case CardEvent.UPHOLD:
            card.decided_by, card.reason = by.person, note.strip()
        case _:
            card.reason = note.strip()
    waiting = clocks.clock_of(session, EXPLAIN, subject)
    if waiting is not None and clocks.is_open(waiting):
        if act.event is CardEvent.EXPLAIN:
            clocks.meet(session, waiting, on=time.today())
        elif act.event is CardEvent.WITHDRAW:
            clocks.void(session, waiting, reason=note)
    card.state = act.to
    session.flush()
    journal.write(session, by, act.event, f"card:{card.id}", {"state": card.state, "reason": digest(note)})
    return card
