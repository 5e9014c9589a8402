"""A chart as a page shows it, whoever looks at it: rows of its step table, numbered text, findings, six facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Post, Section
from webapp.flows.checks import Finding, check_flow
from webapp.flows.kind import AUDIENCES, PROCEDURES
from webapp.flows.telling import Fact, ToldStep, longest_ways, six_facts, told_steps
from webapp.flows.words import limit_words
from webapp.publication.charts import step_rows
from webapp.reviews.agreement import with_refined
from webapp.revisions.models import Record

Body = Mapping[str, Any]
_OUTSIDE = "outside"
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


def own_findings(session: Session, record: Record, body: Body) -> tuple[FindingLine, ...]:
    """Return what is wrong with the chart itself, the gravest first; at most five queries.

    Asked with what it stands in: the sections and posts of today, the external chart it refines.
    """
    known = with_refined(session, record, dict(body))
    return finding_lines(check_flow({**known, "known_posts": dict(sections_and_posts(session))}), body)


def sections_and_posts(session: Session) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the bureau's sections with their posts; one query."""
    rows = session.execute(
        select(Section.name, Post.name)
        .outerjoin(Post, (Post.section_id == Section.id) & Post.closed_on.is_(None))
        .where(Section.kind != _OUTSIDE, Section.closed_on.is_(None))
        .order_by(Section.position, Section.id, Post.id),
    )
    posts: dict[str, list[str]] = {}
    for section, post in rows:
        posts.setdefault(section, []).extend([post] if post else [])
    return tuple((section, tuple(names)) for section, names in posts.items())


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
