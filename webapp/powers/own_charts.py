"""A power takes its own copy of a chart it shares: a chart that says where it came from, an entry that names it."""

import json

from sqlalchemy.orm import Session

from webapp import clock
from webapp.digests import digest
from webapp.flows.kind import FLOW, MAX_NAME
from webapp.flows.models import ChartOrigin
from webapp.flows.numbering import next_numbers
from webapp.policy import Actor
from webapp.powers.kind import POWER
from webapp.revisions import operations as revisions
from webapp.revisions.kinds import Body
from webapp.revisions.models import Draft, Record
from webapp.revisions.reading import seen_listing
from webapp.rules import RuleBroken

_SERIES = "QT"  # of a copy whose chart has no number of the usual kind


def take_own_copy(
    session: Session,
    by: Actor,
    power_id: int,
    origin_id: int,
    seen: Body,
    *,
    seen_version: int | None,
) -> Record:
    """Make a copy of a shared chart for one power and let its draft name the copy instead; one journal entry.

    `seen` is what the person could read of the chart. Raises RuleBroken, Stale, NotFound, NotAllowed.
    """
    seen_listing(session, by, POWER.key, power_id)
    record = revisions.lock_record(session, power_id)
    revisions.require_editor(record, by)
    power: Body = json.loads(session.get_one(Draft, power_id).body)
    number = str(seen["number"])
    if number not in power["flows"]:
        raise RuleBroken(f"本职权没有使用流程图{number}，不能另立专用图。请刷新页面后再试。")
    body = {**seen, "number": _number(session, record.code, number), "name": _name(seen["name"], power["name"])}
    revisions.check_body(FLOW, body)
    copy = revisions.insert_records(session, by, FLOW, [revisions.NewRecord(body, record.section_id, body["number"])])[
        0
    ]
    session.add(
        ChartOrigin(
            record_id=copy.id,
            origin_id=origin_id,
            content=digest(seen),
            power_id=power_id,
            person_id=by.person,
            at=clock.now(),
        ),
    )
    named = [body["number"] if each == number else each for each in power["flows"]]
    revisions.save_draft(
        session,
        by,
        POWER,
        power_id,
        {**power, "flows": named},
        seen_version=seen_version,
        action="take_own_copy",
        facts={"chart": revisions.subject(copy), "content": digest(body)},
    )
    return copy


def _number(session: Session, code: str | None, shared: str) -> str:
    """Return the number of the copy: after the power's code, LC-CF-007 for JTHB-CF-007, or the next of the series."""
    own = f"LC-{code.partition('-')[2]}" if code and "-" in code else ""
    if own and not revisions.taken_codes(session, FLOW.key, [own]):
        return own
    following = next_numbers(session)
    parts = shared.split("-")
    series = parts[1] if len(parts) > 1 and parts[1] in following else _SERIES
    return following[series] + ("N" if shared.endswith("N") else "")


def _name(chart: str, power: str) -> str:
    room = MAX_NAME - len(chart) - 2
    return f"{chart}（{power[:room]}）" if room > 0 else chart
