"""The reasons kept for warnings about a record: which still hold, and which warnings have none yet. Only reads."""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.digests import digest
from webapp.revisions.models import WarningReason


class Told(Protocol):
    """What a rule says of a record; whether it must be mended or answered before the record is submitted."""

    @property
    def rule_id(self) -> str:
        """The rule's id."""

    @property
    def sentence(self) -> str:
        """What it says."""

    @property
    def needs_reason(self) -> bool:
        """Whether it wants a reason."""


def mark_of(rule: str, told: Sequence[Told]) -> str:
    """Return what a reason for a rule is kept for: it holds as long as the rule says the same of the record."""
    return digest(sorted(each.sentence for each in told if each.rule_id == rule))


def standing_reasons(session: Session, record_id: int, told: Sequence[Told]) -> dict[str, WarningReason]:
    """Return the reasons that hold for what is told now, by rule; one query, none where nothing asks for one."""
    return {
        rule: row for rule, row in kept_reasons(session, record_id, told).items() if row.mark == mark_of(rule, told)
    }


def kept_reasons(session: Session, record_id: int, told: Sequence[Told]) -> dict[str, WarningReason]:
    """Return the reasons kept for the rules that ask for one now, whether or not they say what they said then."""
    asked = {each.rule_id for each in told if each.needs_reason}
    if not asked:
        return {}
    rows = session.scalars(select(WarningReason).where(WarningReason.record_id == record_id))
    return {row.rule: row for row in rows if row.rule in asked}


def unexplained(session: Session, record_id: int, told: Sequence[Told]) -> tuple[str, ...]:
    """Return the sentences of those warnings that need a reason and have none."""
    reasons = standing_reasons(session, record_id, told)
    return tuple(each.sentence for each in told if each.needs_reason and each.rule_id not in reasons)
