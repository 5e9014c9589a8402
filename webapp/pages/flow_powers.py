"""The powers a chart serves: those the viewer may see with what the checks against each say, the others as a count."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from webapp.flows.checks import Finding, check_against_power
from webapp.flows.findings import Chart
from webapp.pages.flow_chart import FindingLine, finding_lines
from webapp.policy import Actor
from webapp.powers.kind import POWER
from webapp.reviews.agreement import submitted_bodies
from webapp.revisions.kinds import Body
from webapp.revisions.models import Draft, Listing, RecordLink
from webapp.revisions.reading import visible_to

_GRAVITY = ("error", "warning", "advice")
_SUBMITTED = ("review", "approved")


@dataclass(frozen=True)
class ServedPower:
    """A power the viewer may see, and where its entry and the chart disagree."""

    id: int
    code: str
    name: str
    stage: str
    section: str
    findings: tuple[FindingLine, ...]
    found: tuple[Finding, ...] = field(repr=False, default=())

    @property
    def errors(self) -> int:
        """Return how many of the findings stop a submission."""
        return sum(line.severity == "error" for line in self.findings)


@dataclass(frozen=True)
class AlikeFinding:
    """What one rule says of several powers of a chart; `line` is what it says of the first."""

    line: FindingLine
    powers: tuple[ServedPower, ...]


@dataclass(frozen=True)
class ServedPowers:
    """All powers of a chart; `hidden` counts those submitted ones whose entries the viewer may not open."""

    powers: tuple[ServedPower, ...]
    bodies: tuple[Body, ...]
    hidden: int

    @property
    def total(self) -> int:
        """Return how many powers the chart serves, as far as they are submitted or the viewer's own."""
        return len(self.powers) + self.hidden

    @property
    def unlike(self) -> tuple[ServedPower, ...]:
        """Return the powers with which the chart disagrees."""
        return tuple(power for power in self.powers if power.findings)

    @property
    def alike(self) -> tuple[AlikeFinding, ...]:
        """Return the findings by rule, each with its first sentence and every power it is about: one line for 57."""
        by_rule: dict[str, list[tuple[FindingLine, ServedPower]]] = {}
        for power in self.powers:
            for line in {line.rule: line for line in reversed(power.findings)}.values():
                by_rule.setdefault(line.rule, []).append((line, power))
        found = [AlikeFinding(rows[0][0], tuple(power for _, power in rows)) for rows in by_rule.values()]
        return tuple(sorted(found, key=lambda each: (_GRAVITY.index(each.line.severity), each.line.rule)))

    @property
    def by_section(self) -> tuple[tuple[str, tuple[ServedPower, ...]], ...]:
        """Return the powers by the section that leads them, in the order in which sections come up."""
        groups: dict[str, list[ServedPower]] = {}
        for power in self.powers:
            groups.setdefault(power.section, []).append(power)
        return tuple((section, tuple(powers)) for section, powers in groups.items())


def count_served(session: Session, numbers: Sequence[str], viewer: Actor) -> dict[str, int]:
    """Return how many powers each chart serves: those the viewer sees and those submitted; one query or none.

    A foreign draft is not counted: the count must not tell that it exists (security.md AUTHZ-04).
    """
    if not numbers:
        return {}
    rows = session.execute(
        select(RecordLink.target, func.count(RecordLink.record_id.distinct()))
        .join(Listing, and_(Listing.record_id == RecordLink.record_id, Listing.face == RecordLink.face))
        .where(
            RecordLink.target_kind == "flow",
            RecordLink.target.in_(numbers),
            Listing.kind == POWER.key,
            or_(visible_to(viewer), Listing.face.in_(_SUBMITTED)),
        )
        .group_by(RecordLink.target),
    )
    return {row[0]: row[1] for row in rows}


def served_powers(session: Session, number: str, chart: Body, viewer: Actor) -> ServedPowers:
    """Return the powers a chart serves, each checked against `chart`; at most five queries."""
    if not number:
        return ServedPowers((), (), 0)
    linked = and_(
        RecordLink.record_id == Listing.record_id,
        RecordLink.face == Listing.face,
        RecordLink.target_kind == "flow",
        RecordLink.target == number,
    )
    rows = list(
        session.scalars(
            select(Listing)
            .join(RecordLink, linked)
            .where(Listing.kind == POWER.key, visible_to(viewer))
            .order_by(Listing.sort_key, Listing.record_id),
        ),
    )
    submitted = set(
        session.scalars(
            select(Listing.record_id)
            .join(RecordLink, linked)
            .where(Listing.kind == POWER.key, Listing.face.in_(_SUBMITTED)),
        ),
    )
    bodies = _bodies(session, rows)
    powers, known = [], Chart(chart)
    for row in rows:
        body = bodies.get(row.record_id)
        found = check_against_power(known, {**body, "code": row.code}) if body else ()
        lines = finding_lines(found, chart)
        section = str(body["section"]) if body else ""
        powers.append(ServedPower(row.record_id, row.code, row.name, row.stage, section, lines, found))
    return ServedPowers(tuple(powers), tuple(bodies.values()), len(submitted - {row.record_id for row in rows}))


def _bodies(session: Session, rows: Sequence[Listing]) -> dict[int, Body]:
    """Return the body of each row in the face it stands for: own drafts, else what is or was under review."""
    drafts = [row.record_id for row in rows if row.face == "draft"]
    others = [row.record_id for row in rows if row.face != "draft"]
    bodies: dict[int, Body] = {}
    if drafts:
        for number, text in session.execute(select(Draft.record_id, Draft.body).where(Draft.record_id.in_(drafts))):
            bodies[number] = json.loads(text)
    if others:
        bodies.update(submitted_bodies(session, POWER, others))
    return bodies
