"""Two versions of a power, field by field."""

import json
from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp.pages.seen import seen_power, seen_revisions
from webapp.policy import Actor
from webapp.powers.kind import POWER
from webapp.powers.wording import worded
from webapp.revisions.comparing import Segment, segments
from webapp.revisions.kinds import Body
from webapp.revisions.models import Draft
from webapp.revisions.reading import revision_body
from webapp.rules import NotFound

DRAFT = "draft"


@dataclass(frozen=True)
class FieldDifference:
    """A field that reads differently in the two versions."""

    name: str
    heading: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class ComparisonPage:
    """What the screen shows."""

    id: int
    name: str
    before: str
    after: str
    differences: tuple[FieldDifference, ...]
    choices: tuple[tuple[str, str], ...]  # (value in the address, words)
    chosen: tuple[str, str]


def comparison_page(session: Session, power_id: int, before: str, after: str, *, viewer: Actor) -> ComparisonPage:
    """Return the page; versions are numbers of revisions or `draft` (own section only). Raises NotFound for others.

    Left out, the last two the viewer may see are compared.
    """
    seen = seen_power(session, power_id, viewer)
    bodies: dict[str, Body] = {
        str(revision.number): revision_body(POWER, revision) for revision in seen_revisions(session, seen)
    }
    if seen.row.face == DRAFT:
        bodies = {DRAFT: json.loads(session.get_one(Draft, power_id).body), **bodies}
    known = list(bodies)
    after = after or known[0]
    before = before or (known[1] if len(known) > 1 else known[0])
    if before not in bodies or after not in bodies:
        raise NotFound
    return ComparisonPage(
        id=power_id,
        name=seen.body["name"] or seen.row.name,
        before=_words(before),
        after=_words(after),
        differences=differences(bodies[before], bodies[after]),
        choices=tuple((each, _words(each)) for each in known),
        chosen=(before, after),
    )


def differences(before: Body, after: Body) -> tuple[FieldDifference, ...]:
    """Return the fields that read differently, in the contract's order; what only one of them has is last."""
    old = {each.name: each for each in worded(before)}
    new = {each.name: each for each in worded(after)}
    names = [*new, *(name for name in old if name not in new)]
    return tuple(
        FieldDifference(name, (new.get(name) or old[name]).heading, tuple(segments(was, now)))
        for name in names
        if (was := old[name].text if name in old else "") != (now := new[name].text if name in new else "")
    )


def _words(version: str) -> str:
    return "草稿" if version == DRAFT else f"第{version}稿"
