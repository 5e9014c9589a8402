"""What is warned of in an entry, with the reasons given; and all rules that warn, for the help page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.pages.entry import field_name
from webapp.powers.categories import category_label
from webapp.powers.reasons import standing_reasons
from webapp.powers.warning import Warning_
from webapp.powers.warning_rules import RULES


@dataclass(frozen=True)
class Doubt:
    """What one rule says of an entry; `places` are (row of the page, sentence)."""

    rule: str
    title: str
    severity: str
    needs_reason: bool
    source: str
    places: tuple[tuple[str, str], ...]
    reason: str
    by: str
    at: datetime | None


@dataclass(frozen=True)
class RuleRow:
    """A rule as the help page lists it."""

    id: str
    title: str
    severity: str
    source: str
    category: str
    days: str
    wrong: str
    right: str


def doubts_of(session: Session, record_id: int, told: Sequence[Warning_]) -> tuple[Doubt, ...]:
    """Return the warnings by rule, those that need a reason first; two queries at most."""
    reasons = standing_reasons(session, record_id, told)
    persons = {row.person_id for row in reasons.values()}
    names: Mapping[int, str] = (
        {row[0]: row[1] for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(persons)))}
        if persons
        else {}
    )
    found = []
    for rule in dict.fromkeys(each.rule for each in told):
        kept = reasons.get(rule.id)
        found.append(
            Doubt(
                rule=rule.id,
                title=rule.title,
                severity=rule.severity.words,
                needs_reason=any(each.needs_reason for each in told if each.rule is rule),
                source=rule.source,
                places=tuple((field_name(each.field), each.sentence) for each in told if each.rule is rule),
                reason=kept.reason if kept else "",
                by=names.get(kept.person_id, "") if kept else "",
                at=kept.at if kept else None,
            ),
        )
    return tuple(found)


def rule_rows() -> tuple[RuleRow, ...]:
    """Return every rule in words."""
    return tuple(
        RuleRow(
            id=rule.id,
            title=rule.title,
            severity=rule.severity.words,
            source=rule.source,
            category=category_label(rule.category) if rule.category else "各类职权",
            days=_days(rule.since, rule.until),
            wrong=rule.wrong.words,
            right=rule.right.words,
        )
        for rule in RULES
    )


def _days(since: str, until: str) -> str:
    if not since and not until:
        return "不限"
    return f"{since}起" + (f"，{until}前" if until else "")
