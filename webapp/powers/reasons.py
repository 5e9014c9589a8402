"""The reasons kept for warnings: which still hold, and which warnings have none yet. Only reads."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.powers.models import WarningReason
from webapp.powers.warning import Warning_
from webapp.powers.warning_rules import mark_of, warnings


def standing_reasons(session: Session, record_id: int, told: Sequence[Warning_]) -> dict[str, WarningReason]:
    """Return the reasons that hold for what is told now, by rule; one query, none where nothing asks for one."""
    if not any(each.needs_reason for each in told):
        return {}
    rows = session.scalars(select(WarningReason).where(WarningReason.record_id == record_id))
    return {row.rule: row for row in rows if row.mark == mark_of(row.rule, told)}


def unexplained(session: Session, record_id: int, body: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the sentences of an entry's warnings that need a reason and have none."""
    told = [each for each in warnings(body) if each.needs_reason]
    reasons = standing_reasons(session, record_id, told)
    return tuple(each.sentence for each in told if each.rule.id not in reasons)
