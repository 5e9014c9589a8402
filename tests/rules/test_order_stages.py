"""Orders and findings as a whole: every state × event × relation, as a table that is read and kept beside this test."""

import os
from pathlib import Path

import pytest

from webapp.findings.finding_stages import FINDING_ACTS, FINDING_STATES, FindingView, take_finding_act
from webapp.findings.order_stages import ACTS, ORDER_STATES, Event, Situation, offers, take
from webapp.policy import Actor, Grant, Role
from webapp.rules import NotAllowed, RuleBroken, Stale

TABLE = Path(__file__).with_name("order_table.txt")
OWN, HOST, OTHER = 1, 9, 5


def _actor(person: int, *roles: tuple[Role, int | None], sections: frozenset[int] = frozenset()) -> Actor:
    return Actor(person, person, f"p{person}", f"u{person}", "岗", frozenset(Grant(*role) for role in roles), sections)


AT_HOST, AT_OTHER, AT_OWN = (frozenset({number}) for number in (HOST, OTHER, OWN))
PERSONAS = {
    "起草人": _actor(1, (Role.OFFICE, None), sections=AT_HOST),
    "领导小组办公室第二人": _actor(2, (Role.OFFICE, None), sections=AT_HOST),
    "督查员": _actor(3, (Role.INSPECTOR, None), sections=AT_OTHER),
    "本科室的督查员": _actor(4, (Role.INSPECTOR, None), sections=AT_OWN),
    "副组长": _actor(5, (Role.DEPUTY, None)),
    "起草的副组长": _actor(1, (Role.DEPUTY, None), (Role.OFFICE, None)),
    "局办公室": _actor(6, (Role.PUBLISHER, None), sections=AT_OTHER),
    "整改填报人": _actor(7, (Role.CLERK, OWN), sections=AT_OWN),
    "科长": _actor(8, (Role.CHIEF, OWN), sections=AT_OWN),
    "兼任督查员的填报人": _actor(7, (Role.INSPECTOR, None)),
    "外科室科长": _actor(9, (Role.CHIEF, OTHER), sections=AT_OTHER),
    "复核人": _actor(10, (Role.INSPECTOR, None), sections=AT_OTHER),
    "系统管理员": _actor(11, (Role.SYSADMIN, None)),
    "时间": None,
}
RELATIONS = {
    "": {},
    "待批延期": {"asker": 8},
    "已到期": {"is_past": True},
    "目录未改": {"unmended": ("JTHB-XK-001",)},
    "主办科室": {"section": HOST},
}


def verdict(situation: Situation, actor: Actor | None, event: Event) -> str:
    try:
        take(situation, actor, event, "理由")
    except NotAllowed:
        return "no"
    except Stale:
        return "stale"
    except RuleBroken:
        return "bad"
    return "yes"


def situation(state: str, **changes: object) -> Situation:
    known = {"section": OWN, "host_section": HOST, "drafter": 1, "authors": frozenset({7}), "checkers": frozenset({10})}
    return Situation(state=state, **{**known, **changes})  # type: ignore[arg-type]


def test_the_table_of_states_events_and_relations_is_the_one_that_was_agreed() -> None:
    lines = []
    for state in ORDER_STATES:
        for relation, changes in RELATIONS.items():
            for event in Event:
                found = {name: verdict(situation(state, **changes), one, event) for name, one in PERSONAS.items()}
                may = [name for name, said in found.items() if said == "yes"]
                if may:
                    lines.append(f"{state} {relation or '-'} {event}: {'、'.join(may)}")
    table = "\n".join(lines) + "\n"
    if os.environ.get("ZHIQUAN_WRITE_TABLES"):
        TABLE.write_text(table, encoding="utf-8")
    assert table == TABLE.read_text(encoding="utf-8")


@pytest.mark.parametrize("state", ORDER_STATES)
def test_what_a_page_offers_is_what_the_rule_takes(state: str) -> None:
    for changes in RELATIONS.values():
        here = situation(state, **changes)
        for actor in PERSONAS.values():
            if actor is None:
                continue
            offered = {offer.event for offer in offers(here, actor) if not offer.reason}
            assert offered == {event for event in Event if verdict(here, actor, event) == "yes"}


def test_nobody_checks_his_own_feedback_or_closes_what_he_wrote_or_checked() -> None:
    both = PERSONAS["兼任督查员的填报人"]
    for event, state in ((Event.ACCEPT, "in_recheck"), (Event.REJECT, "in_recheck"), (Event.CLOSE, "accepted")):
        with pytest.raises(NotAllowed, match="请由他人办理"):
            take(situation(state), both, event, "理由")
    with pytest.raises(NotAllowed, match="复核人"):
        take(situation("accepted"), PERSONAS["复核人"], Event.CLOSE, "理由")


def test_every_state_but_the_ends_is_left_by_an_event_and_every_event_leads_to_a_state() -> None:
    assert {act.to for act in ACTS} - {""} <= set(ORDER_STATES)
    assert {state for act in ACTS for state in act.states} == set(ORDER_STATES) - {"cancelled"}


@pytest.mark.parametrize("state", FINDING_STATES)
def test_a_finding_is_confirmed_withdrawn_or_upheld_by_another_than_raised_it(state: str) -> None:
    raiser, second = PERSONAS["起草人"], PERSONAS["领导小组办公室第二人"]
    assert raiser
    assert second
    view = FindingView(state, OWN, raised_by=1, host_section=HOST)
    for act in FINDING_ACTS:
        if act.is_second and state in act.states:
            with pytest.raises(NotAllowed, match="提出人"):
                take_finding_act(view, raiser, act.event, "理由")
            assert take_finding_act(view, second, act.event, "理由") is act
        elif state not in act.states:
            with pytest.raises(Stale):
                take_finding_act(view, second, act.event, "理由")
