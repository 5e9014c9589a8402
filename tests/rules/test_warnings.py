"""The warnings about an entry: each rule has its days and two examples, and finds what it says it finds."""

import re
from copy import deepcopy
from typing import Any

import pytest

from webapp.powers.fields import check_entry, empty_entry
from webapp.powers.warning import Example, Rule
from webapp.powers.warning_rules import RULES, warnings
from webapp.revisions.reasons import mark_of


def entry(rule: Rule, example: Example) -> dict[str, Any]:
    base = {**empty_entry(rule.category or "penalty"), "reference_date": rule.since or "2008-07-01", "name": "试验职权"}
    return {**base, **deepcopy(dict(example.changes))}


def told(rule: Rule, example: Example) -> list[str]:
    near = ("夜间建筑施工噪声许可",) if rule.id == "W42" and example is rule.wrong else ()
    return [each.rule.id for each in warnings(entry(rule, example), near=near)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_finds_its_wrong_example_and_passes_its_right_one(rule: Rule) -> None:
    assert rule.id in told(rule, rule.wrong)
    assert rule.id not in told(rule, rule.right)
    for example in (rule.wrong, rule.right):
        assert [problem.field for problem in check_entry(entry(rule, example))] in ([], ["category"]), example.words
        assert example.words


def test_ids_are_unambiguous_and_days_are_days() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert re.fullmatch(r"W[0-9]{2}", rule.id)
        assert rule.source
        for day in (rule.since, rule.until):
            assert not day or re.fullmatch(r"\d{4}-\d{2}-\d{2}", day)


def test_the_rule_in_force_on_the_reference_date_is_chosen() -> None:
    body = {**empty_entry("penalty"), "counterpart_rights": "行政复议(60日);行政诉讼(15日)"}
    for day, is_told in (("2008-07-01", False), ("2015-05-01", True), ("2026-11-24", True), ("", True)):
        assert ("W14" in {each.rule.id for each in warnings({**body, "reference_date": day})}) is is_told, day


def test_a_reason_holds_only_for_what_was_told_when_it_was_given() -> None:
    body = empty_entry("licence") | {"fees": [{"item": "费", "basis": "文", "standard": "1元"}]}
    two = body | {"details": {"charge": "50元"}}
    assert mark_of("W04", warnings(body)) == mark_of("W04", warnings(two))
    assert mark_of("W05", warnings(body)) != mark_of("W05", warnings(two))
