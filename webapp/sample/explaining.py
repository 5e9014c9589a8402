"""The reasons a sample section gives where a rule warns of its chart."""

import json

from sqlalchemy.orm import Session

from webapp.policy import Actor
from webapp.reviews.agreement import disagreements
from webapp.reviews.explaining import explain_findings
from webapp.revisions.models import Draft, Record
from webapp.sample import plan


def explain_chart(session: Session, clerk: Actor, number: int) -> None:
    """Let the clerk say why a chart stays as it is, where anything is warned of."""
    record, draft = session.get_one(Record, number), session.get_one(Draft, number)
    rules = {each.rule for each in disagreements(session, record, json.loads(draft.body)).warnings}
    if rules:
        explain_findings(session, clerk, number, {rule: plan.CHART_REASONS[rule] for rule in rules})
