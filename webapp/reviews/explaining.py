"""Giving reasons for what is warned of in a chart: the chart alone, or beside the powers it serves."""

import json
from collections.abc import Mapping

from sqlalchemy.orm import Session

from webapp.flows.kind import FLOW
from webapp.policy import Actor
from webapp.reviews.agreement import disagreements
from webapp.revisions import operations as revisions
from webapp.revisions.explaining import keep_reasons
from webapp.revisions.models import Draft
from webapp.revisions.reading import seen_listing


def explain_findings(session: Session, by: Actor, record_id: int, given: Mapping[str, str]) -> int:
    """Keep the reasons given (by rule) for what is warned of in a chart's draft; returns how many are new or changed.

    An empty text takes nothing back. Raises RuleBroken, NotFound, NotAllowed.
    """
    seen_listing(session, by, FLOW.key, record_id)
    record = revisions.lock_record(session, record_id)
    revisions.require_editor(record, by)
    body = json.loads(session.get_one(Draft, record_id).body)
    return keep_reasons(session, by, record, disagreements(session, record, body).warnings, given)
