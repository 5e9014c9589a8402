"""The act of putting an entry into another category."""

import json

from sqlalchemy.orm import Session

from webapp.policy import Actor
from webapp.powers import categories
from webapp.powers.kind import POWER
from webapp.powers.reclassifying import reclassified
from webapp.revisions import operations as revisions
from webapp.revisions.models import Draft
from webapp.revisions.reading import seen_listing
from webapp.rules import RuleBroken


def reclassify(
    session: Session,
    by: Actor,
    record_id: int,
    *,
    category: str,
    reason: str,
    seen_version: int | None,
) -> list[tuple[str, str]]:
    """Put a draft into another category with a reason; returns what did not fit, as (heading, text).

    Raises RuleBroken where the category is none or the same, the reason is missing; else as saving a draft does.
    """
    seen_listing(session, by, POWER.key, record_id)
    record = revisions.lock_record(session, record_id)
    revisions.require_editor(record, by)
    body = json.loads(session.get_one(Draft, record_id).body)
    if categories.category(category) is None or category == body["category"]:
        raise RuleBroken("请选择改列的类别。", "category")
    if not reason.strip():
        raise RuleBroken("请写明改列的理由。", "reason")
    changed, left = reclassified(body, category, reason.strip())
    revisions.save_draft(session, by, POWER, record_id, changed, seen_version=seen_version)
    return left
