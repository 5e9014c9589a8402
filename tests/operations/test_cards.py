"""Cards: off until a decision, proposed once by time, issued and decided by people, withdrawn ones counting nothing."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from harness import orders
from harness.bureau import SmallBureau
from harness.orders import drafted, issued, walk_to
from webapp import clock
from webapp.deadlines.models import Clock
from webapp.deadlines.operations import load_calendar
from webapp.findings.card_rules import LEVELS, POLICIES, due_policies, points_of
from webapp.findings.carding import decide_card, is_switched_on, propose_cards, switch_cards
from webapp.findings.models import Card
from webapp.policy import Actor
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale
from webapp.workdays import read_calendar


@pytest.fixture
def bureau(bureau: SmallBureau) -> SmallBureau:
    days = read_calendar(Path("webapp/sample/data/calendar.csv").read_text(encoding="utf-8"))
    with bureau.database.writing() as session:
        load_calendar(session, [day for day in days if day.day.year == 2008], by=None)
    clock.fix_day(date(2008, 9, 25))
    return orders.with_inspectors(bureau)


def switched_on(bureau: SmallBureau) -> None:
    with bureau.database.writing() as session:
        switch_cards(session, bureau.office, is_on=True, document="坛环组〔2008〕9号", decided_on=clock.today())


def proposed(bureau: SmallBureau, on: date) -> list[str]:
    clock.fix_day(on)
    with bureau.database.writing() as session:
        propose_cards(session)
        return list(session.scalars(select(Card.policy).order_by(Card.id)))


def act(bureau: SmallBureau, by: Actor, event: str, note: str = "理由") -> str:
    with bureau.database.writing() as session:
        card = session.scalars(select(Card.id).where(Card.level != "tip")).one()
        return decide_card(session, by, card, event=event, note=note).state


def test_cards_are_off_until_a_decision_with_its_number(bureau: SmallBureau) -> None:
    walk_to(bureau, issued(bureau), "acknowledged")
    assert proposed(bureau, date(2008, 10, 20)) == []
    with bureau.database.writing() as session:
        with pytest.raises(RuleBroken, match="文号"):
            switch_cards(session, bureau.office, is_on=True, document=" ", decided_on=clock.today())
        with pytest.raises(NotAllowed):
            switch_cards(session, bureau.chief, is_on=True, document="1号", decided_on=clock.today())
        assert not is_switched_on(session)
    switched_on(bureau)
    assert proposed(bureau, date(2008, 10, 20)) == ["late", "long-late"]


def test_a_tip_comes_by_itself_and_each_card_once(bureau: SmallBureau) -> None:
    walk_to(bureau, issued(bureau), "acknowledged")
    switched_on(bureau)
    assert proposed(bureau, date(2008, 9, 28)) == []
    assert proposed(bureau, date(2008, 10, 6)) == ["near"]
    for _ in range(2):
        assert proposed(bureau, date(2008, 10, 8)) == ["near", "late"]
    with bureau.database.reading() as session:
        tip, yellow = session.scalars(select(Card).order_by(Card.id)).all()
        assert (tip.state, tip.issued_by, yellow.state) == ("issued", None, "proposed")
        assert yellow.became_true_on == date(2008, 10, 8)


def test_what_has_no_limit_yet_brings_no_card(bureau: SmallBureau) -> None:
    drafted(bureau, orders.confirmed(bureau))
    switched_on(bureau)
    assert proposed(bureau, date(2008, 12, 1)) == []
    assert [one.key for one in due_policies("order.rectify", 2)] == []


def test_a_card_is_issued_explained_within_five_working_days_and_decided_by_another(bureau: SmallBureau) -> None:
    walk_to(bureau, issued(bureau), "acknowledged")
    switched_on(bureau)
    assert proposed(bureau, date(2008, 10, 8)) == ["late"]
    with pytest.raises(NotFound):
        act(bureau, bureau.chief, "explain_card")
    assert act(bureau, bureau.office, "issue_card") == "issued"
    with bureau.database.reading() as session:
        limit = session.scalars(select(Clock).where(Clock.rule_key == "card.explain")).one()
        assert limit.due_on == date(2008, 10, 15)
    with pytest.raises(NotAllowed):
        act(bureau, bureau.clerk, "explain_card")
    with pytest.raises(Stale):
        act(bureau, bureau.deputy, "uphold_card")
    assert act(bureau, bureau.chief, "explain_card") == "explained"
    with pytest.raises(NotAllowed, match="请由他人"):
        act(bureau, bureau.office, "uphold_card")
    with pytest.raises(NotAllowed):
        act(bureau, bureau.chief, "uphold_card")
    assert act(bureau, bureau.deputy, "uphold_card") == "upheld"


def test_a_withdrawn_card_stays_in_sight_with_its_reason_and_counts_nothing(bureau: SmallBureau) -> None:
    walk_to(bureau, issued(bureau), "acknowledged")
    switched_on(bureau)
    proposed(bureau, date(2008, 10, 8))
    act(bureau, bureau.office, "issue_card")
    with pytest.raises(RuleBroken, match="理由"):
        act(bureau, bureau.deputy, "withdraw_card", "")
    assert act(bureau, bureau.deputy, "withdraw_card", "停电所致") == "withdrawn"
    with bureau.database.reading() as session:
        assert session.scalars(select(Card.reason)).one() == "停电所致"
    assert points_of("yellow", "withdrawn") == 0
    assert proposed(bureau, date(2008, 10, 9)) == ["late"]


def test_every_policy_has_a_level_and_a_clock() -> None:
    assert {one.level for one in POLICIES} == set(LEVELS)
    assert all(one.rule for one in POLICIES)
