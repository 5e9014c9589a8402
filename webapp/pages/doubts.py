"""What is warned of in an entry or chart, with the reasons given; and all rules that warn, for the help page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.pages.entry import field_name
from webapp.powers.categories import category_label
from webapp.powers.warning import Warning_
from webapp.powers.warning_rules import RULES
from webapp.revisions.reasons import kept_reasons, standing_reasons


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
class Saying:
    """One thing a rule says of a record; `place` is the row of the page it is about, empty for the whole."""

    rule_id: str
    title: str
    severity: str
    needs_reason: bool
    source: str
    place: str
    sentence: str


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


def sayings_of(told: Sequence[Warning_]) -> tuple[Saying, ...]:
    """Return the warnings about an entry as the panel shows them."""
    return tuple(
        Saying(
            rule_id=each.rule.id,
            title=each.rule.title,
            severity=each.rule.severity.words,
            needs_reason=each.needs_reason,
            source=each.rule.source,
            place=field_name(each.field),
            sentence=each.sentence,
        )
        for each in told
    )


def doubts_of(
    session: Session, record_id: int, told: Sequence[Saying], *, as_submitted: bool = False
) -> tuple[Doubt, ...]:
    """Return what is said of a record by rule, with the reasons given; two queries at most.

    `as_submitted`: the record cannot be changed now, so every reason kept is one that held when it was submitted.
    """
    reasons = (kept_reasons if as_submitted else standing_reasons)(session, record_id, told)
    persons = {row.person_id for row in reasons.values()}
    names: Mapping[int, str] = (
        {row[0]: row[1] for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(persons)))}
        if persons
        else {}
    )
    by_rule: dict[str, list[Saying]] = {}
    for each in told:
        by_rule.setdefault(each.rule_id, []).append(each)
    found = []
    for own in by_rule.values():
        first, kept = own[0], reasons.get(own[0].rule_id)
        found.append(
            Doubt(
                rule=first.rule_id,
                title=first.title,
                severity=first.severity,
                needs_reason=any(each.needs_reason for each in own),
                source=first.source,
                places=tuple((each.place, each.sentence) for each in own),
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
            days=days_words(rule.since, rule.until),
            wrong=rule.wrong.words,
            right=rule.right.words,
        )
        for rule in RULES
    )


def days_words(since: str, until: str) -> str:
    """Say from when until when a rule holds, by the reference date."""
    if not since and not until:
        return "不限"
    return f"{since}起" + (f"，{until}前" if until else "")
