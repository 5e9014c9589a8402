"""The life of a complaint: every state × event × relation, and what the table may never allow."""

import os
from itertools import product
from pathlib import Path

import pytest

from webapp.complaints.stages import ACTS, ENDED, MAX_REVIEWS, STATE_WORDS, STATES, Doer, Event, Standing, offers, take
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

TABLE = Path(__file__).with_name("complaint_table.txt")
RELATIONS = {
    "office": Standing(is_handler=True),
    "head": Standing(is_head=True),
    "assignee": Standing(is_assignee=True),
    "office, assignee": Standing(is_handler=True, is_assignee=True),
    "office, investigated": Standing(is_handler=True, has_investigated=True),
    "office, drafted": Standing(is_handler=True, has_drafted=True),
    "office, approved": Standing(is_handler=True, has_approved=True),
    "head, drafted": Standing(is_head=True, has_drafted=True),
    "nobody": Standing(),
    "of the section": Standing(is_walled=True),
    "of the section, office": Standing(is_walled=True, is_handler=True, is_head=True, is_assignee=True),
}


def verdict(state: str, event: Event, standing: Standing, reviews: int = 0) -> str:
    try:
        return take(state, event, standing, reviews=reviews).target
    except NotFound:
        return "hidden"
    except NotAllowed:
        return "not his"
    except Stale:
        return "-"
    except RuleBroken:
        return "refused"


def test_the_guard_table_over_states_events_and_relations_is_the_one_that_was_agreed() -> None:
    lines = [
        f"{state:<21} {event:<15} {name:<23} {verdict(state, event, standing)}"
        for (state, _), event, (name, standing) in product(STATES, Event, RELATIONS.items())
        if verdict(state, event, standing) not in {"-", "hidden"}
    ]
    text = "\n".join(lines) + "\n"
    if os.environ.get("ZHIQUAN_WRITE_TABLES") == "1":
        TABLE.write_text(text, encoding="utf-8")
    assert text == TABLE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", RELATIONS)
def test_the_page_offers_exactly_what_the_operation_takes(name: str) -> None:
    standing = RELATIONS[name]
    for (state, _), reviews in product(STATES, range(MAX_REVIEWS + 1)):
        free = {offer.act.event for offer in offers(state, standing, reviews=reviews) if not offer.refusal}
        taken = {event for event in Event if verdict(state, event, standing, reviews) in STATE_WORDS}
        assert free == taken, (state, reviews)


def test_behind_the_wall_nothing_is_offered_and_everything_is_as_if_it_were_not_there() -> None:
    for (state, _), event in product(STATES, Event):
        for standing in (RELATIONS["of the section"], RELATIONS["of the section, office"]):
            assert list(offers(state, standing)) == []
            assert verdict(state, event, standing) == "hidden"


def test_who_had_a_part_in_the_investigation_or_the_reply_approves_nothing() -> None:
    had = [s for s in RELATIONS.values() if s.has_investigated or s.has_drafted or s.is_assignee]
    for (state, _), event, standing in product(STATES, (Event.APPROVE_REPLY, Event.RETURN_REPLY), had):
        assert verdict(state, event, standing) not in STATE_WORDS, (state, event)


def test_every_act_leads_from_a_state_to_a_state_and_every_state_is_reached() -> None:
    known = {state for state, _ in STATES}
    assert {act.target for act in ACTS} == known - {"received"}
    assert all(act.sources <= known for act in ACTS)
    assert {act.event for act in ACTS} == set(Event)
    assert {act.doer for act in ACTS} == set(Doer)


def test_every_open_state_leads_on_and_an_end_only_opens_again() -> None:
    leads = {state: {act.event for act in ACTS if state in act.sources} for state, _ in STATES}
    assert all(leads[state] for state in leads if state not in ENDED)
    assert {event for state in ENDED for event in leads[state]} == {Event.REOPEN}


def test_a_third_review_of_the_same_fact_is_refused() -> None:
    office = RELATIONS["office"]
    assert verdict("replied", Event.REQUEST_REVIEW, office, 0) == "review_requested"
    assert verdict("upheld", Event.REQUEST_REVIEW, office, 1) == "review_requested"
    assert verdict("upheld", Event.REQUEST_REVIEW, office, 2) == "refused"
