"""Giving reasons for warnings about an entry."""

import json
from collections.abc import Mapping

from sqlalchemy.orm import Session

from webapp.policy import Actor
from webapp.powers.kind import POWER
from webapp.powers.warning_rules import warnings
from webapp.revisions import operations as revisions
from webapp.revisions.explaining import keep_reasons
from webapp.revisions.models import Draft
from webapp.revisions.reading import seen_listing


def explain_warnings(
    session: Session,
    by: Actor,
    record_id: int,
    given: Mapping[str, str],
    phones: Mapping[str, str] | None = None,
) -> int:
    """Keep the reasons given (by rule) for what is warned of in the draft; returns how many are new or changed.

    `phones` as for `warning_rules.warnings`. An empty text takes nothing back. Raises RuleBroken, NotFound, NotAllowed.
    """
    seen_listing(session, by, POWER.key, record_id)
    record = revisions.lock_record(session, record_id)
    revisions.require_editor(record, by)
    told = warnings(json.loads(session.get_one(Draft, record_id).body), phones)
    return keep_reasons(session, by, record, told, given)
