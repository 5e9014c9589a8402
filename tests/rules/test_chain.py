"""The chain as a whole: every stage × action × relation, as a table that is read and kept beside this test."""

import os
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from webapp.policy import Actor, Grant, Role
from webapp.reviews.chain import (
    ACTS,
    CHAINS,
    ENDS,
    SEAT_KINDS,
    STAGE_LABELS,
    Action,
    Decision,
    SeatView,
    Situation,
    is_passed,
    offers,
    return_targets,
    seats_for,
    stage_after,
    take,
)
from webapp.revisions.models import STAGES
from webapp.rules import NotAllowed, RuleBroken, Stale

TABLE = Path(__file__).with_name("chain_table.txt")
OWN, JOINT, HOST = 1, 2, 9
DIGEST = "d" * 64


def _actor(person: int, *grants: tuple[Role, int | None], sections: frozenset[int] = frozenset()) -> Actor:
    return Actor(
        person, person, f"p{person}", f"u{person}", "岗", frozenset(Grant(*grant) for grant in grants), sections
    )


PERSONAS = {
    "填报人": _actor(1, (Role.CLERK, OWN)),
    "写过的科长": _actor(2, (Role.CHIEF, OWN)),
    "科长": _actor(3, (Role.CHIEF, OWN)),
    "协办科长": _actor(4, (Role.CHIEF, JOINT)),
    "外科室科长": _actor(5, (Role.CHIEF, 7)),
    "领导小组办公室": _actor(6, (Role.OFFICE, None), sections=frozenset({HOST})),
    "领导小组办公室第二人": _actor(7, (Role.OFFICE, None), sections=frozenset({HOST})),
    "法制": _actor(8, (Role.LEGAL, None)),
    "保密": _actor(9, (Role.SECRECY, None), (Role.PUBLISHER, None)),
    "副组长": _actor(10, (Role.DEPUTY, None)),
    "督查员": _actor(11, (Role.INSPECTOR, None)),
    "系统管理员": _actor(12, (Role.SYSADMIN, None)),
}
WROTE = frozenset({1, 2})
RECORDER = 6


def situations() -> dict[str, Situation]:
    """Return one situation per stage, its seats open, and the states in between."""
    found: dict[str, Situation] = {}
    base = Situation("power", "draft", OWN, host_section=HOST, digest=DIGEST, version=3, editors=WROTE)
    found["draft"] = base
    found["returned, unanswered"] = replace(base, stage="returned", unanswered=2)
    for kind, stages in CHAINS.items():
        for stage in stages:
            seats = tuple(
                SeatView(number, seat, stage.key, "open", section)
                for number, (seat, section) in enumerate(
                    seats_for(kind, stage.key, section=OWN, joint=[JOINT]),
                    1,
                )
            )
            if kind == "withholding" or stage.key not in found:
                found[stage.key] = replace(base, kind=kind, stage=stage.key, seats=seats)
    section = found["section_review"]
    found["section_review, dissent"] = replace(
        section,
        seats=tuple(replace(one, state="dissent") if one.kind == "countersign" else one for one in section.seats),
    )
    found["section_review, touched"] = replace(section, is_untouched=False)
    office = found["office_review"]
    found["office_review, host section"] = replace(office, section=HOST)
    found["office_review, host section, named"] = replace(
        office,
        section=HOST,
        seats=tuple(replace(one, assigned=9) if one.kind == "office" else one for one in office.seats),
    )
    found["office_review, chief approved before"] = replace(office, earlier_approvers=frozenset({8}))
    decision = found["bureau_decision"]
    found["bureau_decision, recorded"] = replace(
        decision,
        seats=tuple(replace(one, state="recorded", recorded_by=RECORDER) for one in decision.seats),
    )
    found["approved"] = replace(base, stage="approved", seats=())
    return found


def answer(situation: Situation, actor: Actor, action: Action) -> str:
    """Return what `take` says to an act with everything filled in."""
    decision = Decision(action, note="意见", seen_digest=DIGEST, seen_version=3)
    try:
        take(situation, actor, decision)
    except Stale as stale:
        return f"409 {stale.message}"
    except NotAllowed as refused:
        return f"403 {refused.message}"
    except RuleBroken as broken:
        return f"422 {broken.message}"
    return "yes"


def test_every_stage_action_and_relation_answers_as_the_table_says() -> None:
    lines = [
        f"{name} | {action} | {persona} | {answer(situation, actor, action)}"
        for (name, situation), action, (persona, actor) in product(situations().items(), Action, PERSONAS.items())
    ]
    if os.environ.get("ZHIQUAN_WRITE_TABLES"):
        TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8").splitlines() == lines


@pytest.mark.parametrize("name", list(situations()))
def test_the_buttons_are_exactly_what_the_rule_allows(name: str) -> None:
    situation = situations()[name]
    for persona, actor in PERSONAS.items():
        allowed = {(offer.action, offer.seat) for offer in offers(situation, actor) if offer.is_allowed}
        for action in Action:
            for seat in [None, *(one.id for one in situation.seats)]:
                decision = Decision(action, seat=seat, note="意见", seen_digest=DIGEST, seen_version=3)
                try:
                    act, taken = take(situation, actor, decision)
                except RuleBroken:
                    if seat is not None:
                        assert (action, seat) not in allowed, (persona, action)
                else:
                    assert (act.action, taken.id if taken else None) in allowed, (persona, action)


def test_no_administrator_and_no_inspector_has_an_act_anywhere() -> None:
    for situation in situations().values():
        for persona in ("督查员", "系统管理员"):
            assert offers(situation, PERSONAS[persona]) == ()


def test_a_stage_is_passed_only_when_every_seat_has_approved() -> None:
    seats = situations()["office_review"].seats
    assert not is_passed("office_review", seats)
    some = [replace(one, state="approved") for one in seats[:-1]]
    assert not is_passed("office_review", [*some, seats[-1]])
    assert is_passed("office_review", [*some, replace(seats[-1], state="approved")])
    assert not is_passed("office_review", [])


def test_the_chain_ends_where_the_contract_says() -> None:
    assert [stage.key for stage in CHAINS["power"]] == [
        "section_review",
        "office_review",
        "bureau_decision",
        "city_review",
        "city_decision",
    ]
    assert stage_after("flow", "city_decision") == "approved"
    assert stage_after("withholding", "city_decision") == "filing"
    assert stage_after("withholding", "filing") == "withheld"
    assert return_targets("power", "bureau_decision") == ("draft", "section_review", "office_review")


def test_every_name_of_the_tables_is_known() -> None:
    assert set(STAGE_LABELS) == set(STAGES)
    assert set(ENDS) == set(CHAINS)
    for act in ACTS:
        assert set(act.seats) <= set(SEAT_KINDS)
        assert set(act.stages) <= set(STAGES)
