"""Who must be trained, who has, and how long it holds. Pure."""

from datetime import date

import pytest

from webapp.training.topics import Demand, Passed, Worker, covered, must, valid_until

DAY = date(2008, 7, 8)
CLERK = Worker(1, frozenset({10}), frozenset({("clerk", 10)}))
OFFICE = Worker(2, frozenset({20}), frozenset({("office", None)}))
PLAIN = Worker(3, frozenset({10}), frozenset())


@pytest.mark.parametrize(
    ("role", "section", "who"),
    [
        ("", None, {1, 2, 3}),
        ("", 10, {1, 3}),
        ("clerk", None, {1}),
        ("clerk", 10, {1}),
        ("clerk", 20, set()),
        ("office", None, {2}),
        ("office", 20, {2}),  # a bureau-wide role counts where its holder sits
        ("office", 10, set()),
        ("chief", None, set()),
    ],
)
def test_a_requirement_is_of_a_role_a_section_both_or_everybody(role: str, section: int | None, who: set[int]) -> None:
    demand = Demand(1, "flow", role, section, DAY)
    assert {worker.person for worker in (CLERK, OFFICE, PLAIN) if must(demand, worker)} == who


def test_who_has_passed_the_topic_and_still_holds_it_is_covered() -> None:
    demand = Demand(1, "flow", "", None, DAY)
    passed = [
        Passed(1, "flow", date(2008, 1, 8), DAY),
        Passed(2, "flow", date(2008, 1, 7), date(2008, 7, 7)),
        Passed(3, "inventory", DAY, None),
    ]
    assert covered(demand, (CLERK, OFFICE, PLAIN), passed, DAY) == {1: True, 2: False, 3: False}


def test_a_pass_is_valid_for_months_or_without_end() -> None:
    assert valid_until(date(2008, 8, 31), 6) == date(2009, 2, 28)
    assert valid_until(DAY, 0) is None
