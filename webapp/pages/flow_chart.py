"""A chart as a page shows it, whoever looks at it: rows of its step table, numbered text, findings, six facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.flows.checks import Finding, check_flow
from webapp.flows.kind import AUDIENCES, PROCEDURES
from webapp.flows.telling import Fact, ToldStep, longest_ways, six_facts, told_steps
from webapp.flows.words import limit_words
from webapp.publication.charts import step_rows

Body = Mapping[str, Any]
_TONES = {"error": "wrong", "warning": "under", "advice": "quiet"}


@dataclass(frozen=True)
class FindingLine:
    """A finding as it stands on a page; `anchor` is the row of the first step it names, empty for the whole chart."""

    rule: str
    severity: str
    words: str
    tone: str
    sentence: str
    anchor: str


@dataclass(frozen=True)
class ChartView:
    """What the macros of `templates/flows/parts.html` show of a chart; `rows` are those of the public step table."""

    number: str
    name: str
    audience: str
    procedure: str
    total: str
    rows: tuple[Mapping[str, Any], ...]
    told: tuple[ToldStep, ...]
    longest: tuple[str, ...]


def chart_view(body: Body) -> ChartView:
    """Return a chart as those inside the bureau see it, risk points included."""
    return ChartView(
        number=str(body["number"]),
        name=str(body["name"]),
        audience=AUDIENCES.get(body["audience"], ""),
        procedure=PROCEDURES.get(body["procedure"], ""),
        total=limit_words(body["total_limit"]) if body["total_limit"] else "",
        rows=tuple(step_rows(body)),
        told=told_steps(body, with_risks=True),
        longest=longest_ways(body),
    )


def finding_lines(found: Sequence[Finding], body: Body) -> tuple[FindingLine, ...]:
    """Return findings as lines that lead to the step they name."""
    places = {step["id"]: place for place, step in reversed(list(enumerate(body["steps"])))}
    return tuple(
        FindingLine(
            rule=one.rule,
            severity=one.severity.value,
            words=one.severity.words,
            tone=_TONES[one.severity.value],
            sentence=one.sentence,
            anchor=next((str(places[number]) for number in one.steps if number in places), ""),
        )
        for one in found
    )


def own_findings(body: Body) -> tuple[FindingLine, ...]:
    """Return what is wrong with the chart itself, the gravest first."""
    return finding_lines(check_flow(body), body)


def facts_of(body: Body, powers: Sequence[Body], *, hidden: int) -> tuple[Fact, ...]:
    """Return the six facts; the complaint ways are told in the entries of the powers the chart serves."""
    lacking = [str(power["name"]) for power in powers if not str(power["complaint_channel"]).strip()]
    if lacking:
        more = f"等{len(lacking)}项" if len(lacking) > 1 else ""
        complaint = f"写在职权条目中，《{lacking[0]}》{more}还没有写"
    elif powers or hidden:
        complaint = ""
    else:
        complaint = "写在职权条目中，本图还没有用于任何职权"
    return six_facts(body, complaint=complaint)
