"""Giving reasons for warnings about an entry: kept beside it, shown to those who review it."""

import json
from collections.abc import Mapping

from sqlalchemy.orm import Session

from webapp import clock, scan
from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.policy import Actor
from webapp.powers.checks import text_fault
from webapp.powers.kind import POWER
from webapp.powers.models import WarningReason
from webapp.powers.reasons import standing_reasons
from webapp.powers.warning_rules import mark_of, warnings
from webapp.revisions import operations as revisions
from webapp.revisions.models import Draft
from webapp.revisions.reading import seen_listing
from webapp.rules import RuleBroken

LONGEST = 500


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
    if record.stage not in revisions.EDITABLE:
        raise RuleBroken("本事项正在审核中，不能补写理由。需要修改的，请先收回或等待退回。")
    told = warnings(json.loads(session.get_one(Draft, record_id).body), phones)
    asked = {each.rule.id for each in told if each.needs_reason}
    kept = standing_reasons(session, record_id, told)
    changed: dict[str, str] = {}
    for rule in sorted(asked):
        text = given.get(rule, "").replace("\r\n", "\n").strip()
        if not text or (rule in kept and kept[rule].reason == text):
            continue
        fault = text_fault(text, several=True, longest=LONGEST)
        if sentence := f"理由{fault}" if fault else scan.secrecy_sentence(text):
            raise RuleBroken(sentence, f"reason-{rule}")
        changed[rule] = text
    if not changed:
        if not kept:
            raise RuleBroken("请填写理由。", f"reason-{min(asked)}" if asked else "")
        return 0
    for rule, text in changed.items():
        row = session.get(WarningReason, (record_id, rule)) or WarningReason(record_id=record_id, rule=rule)
        row.mark, row.reason, row.person_id, row.at = mark_of(rule, told), text, by.person, clock.now()
        session.add(row)
    revisions.note_editor(session, record_id, by)
    facts = {"rules": sorted(changed), "content": digest(changed)}
    journal.write(session, by, "explain_warnings", revisions.subject(record), facts)
    return len(changed)
