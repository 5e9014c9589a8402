"""The charts to start from: each passes every check beside an entry of its kind, by the law then and today."""

from datetime import date
from typing import Any

import pytest

from harness.sample_laws import sample_library
from webapp.flows.agreeing import EXAMPLE
from webapp.flows.checks import Severity, check_against_power, check_flow
from webapp.flows.kind import FLOW, empty_body
from webapp.flows.starting_charts import StartingChart, starting_chart, starting_charts

DAYS = (date(2008, 7, 8), date(2013, 1, 1), date(2026, 11, 24))
WANTED = {
    *("penalty-ordinary", "penalty-simple", "licence", "eia", "seizure", "levy", "fee", "reconsideration"),
    *("disclosure", "procurement", "appointment", "complaint"),
}


def started(chart: StartingChart, on: date) -> dict[str, Any]:
    return {**empty_body("LC-例-01", chart.name), **chart.body(on, section="示例科")}


def entry_of(chart: StartingChart, body: dict[str, Any], on: date) -> dict[str, Any]:
    limit = body["total_limit"]
    return {
        **EXAMPLE,
        "category": chart.category,
        "name": chart.power,
        "procedure": "statutory",
        "statutory_limit": limit,
        "promised_limit": limit,
        "basis": [row for step in body["steps"] for row in step["basis"]],
        "fees": [{"item": "费", "basis": "文", "standard": "1元"}] if chart.category == "fee" else [],
        "reference_date": on.isoformat(),
    }


def test_every_statutory_flow_that_was_asked_for_is_there() -> None:
    assert {chart.key for chart in starting_charts()} == WANTED
    assert starting_chart("no-such") is None
    assert all(chart.about and chart.name for chart in starting_charts())


@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize("chart", starting_charts(), ids=lambda chart: chart.key)
def test_a_starting_chart_passes_every_check(chart: StartingChart, on: date) -> None:
    body = started(chart, on)
    assert FLOW.check(body) == []
    found = [*check_flow(body), *check_against_power(body, entry_of(chart, body, on))]
    assert [(each.rule, each.sentence) for each in found if each.severity is not Severity.ADVICE] == []
    # What may be passed over is said of limits only: not every step can have one.
    assert {each.rule for each in found} <= {"F21"}


@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize("chart", starting_charts(), ids=lambda chart: chart.key)
def test_the_laws_it_cites_have_the_names_of_the_library(chart: StartingChart, on: date) -> None:
    known = {law.name for law in sample_library().laws}
    cited = {row["law"] for step in started(chart, on)["steps"] for row in step["basis"]}
    later = {"信访工作条例", "行政强制法"} if on.year > 2008 else set()  # not in the sample, whose library ends earlier
    assert cited <= known | later


def test_the_law_of_the_day_is_written_down() -> None:
    chart = starting_chart("penalty-ordinary")
    assert chart is not None
    rights = [{step["id"]: step["rights"] for step in started(chart, on)["steps"]} for on in DAYS]
    assert [each["90"] for each in rights] == [
        "陈述申辩；符合条件的3日内要求听证",
        "陈述申辩；符合条件的3日内要求听证",
        "陈述申辩；符合条件的5个工作日内要求听证",
    ]
    assert [each["160"].rpartition("；")[2] for each in rights] == [
        "行政诉讼（15日）",
        "行政诉讼（15日）",
        "行政诉讼（6个月）",
    ]


def test_who_signs_is_of_the_bureaus_heads_and_the_rest_of_the_section() -> None:
    chart = starting_chart("licence")
    assert chart is not None
    who = {step["id"]: (step["section"], step["post"]) for step in started(chart, DAYS[0])["steps"]}
    assert who["100"] == ("局领导", "局长")
    assert who["60"] == ("示例科", "审查岗")
