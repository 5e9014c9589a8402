"""What is warned of in a chart and asks for a reason, with the reasons given, as its viewer may see it."""

from sqlalchemy.orm import Session

from webapp.flows.checks import Finding, check_flow, rule_of
from webapp.pages.doubts import Doubt, Saying, doubts_of
from webapp.pages.flow_powers import ServedPowers
from webapp.pages.seen import Seen, hears_opinions
from webapp.policy import Actor
from webapp.reviews.agreement import disagreements, with_refined

_WORKED_ON = frozenset({"draft", "returned"})


def chart_doubts(session: Session, seen: Seen, served: ServedPowers, viewer: Actor) -> tuple[Doubt, ...]:
    """Return the warnings by rule; at most six queries, none for whom reviewers' opinions do not concern.

    The own section reads what its submission asks; others what concerns powers they may see.
    """
    if not hears_opinions(seen, viewer):
        return ()
    if seen.row.face == "draft":
        found = disagreements(session, seen.record, seen.body).warnings
    else:
        known = with_refined(session, seen.record, seen.body)
        own = [each for each in check_flow(known) if each.needs_reason]
        found = (*own, *(each for power in served.powers for each in power.found if each.needs_reason))
    told = [_saying(each) for each in dict.fromkeys(found)]
    return doubts_of(session, seen.record.id, told, as_submitted=seen.record.stage not in _WORKED_ON)


def _saying(found: Finding) -> Saying:
    rule = rule_of(found)
    return Saying(
        rule_id=found.rule,
        title=rule.title,
        severity=found.severity.words,
        needs_reason=found.needs_reason,
        source=rule.source,
        place="",
        sentence=found.sentence,
    )
