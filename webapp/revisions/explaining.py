"""Giving reasons for warnings about a record: kept beside it, shown to those who review it."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from webapp import clock, scan
from webapp.characters import character_sentence
from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.policy import Actor
from webapp.revisions import operations as revisions
from webapp.revisions.models import Record, WarningReason
from webapp.revisions.reasons import Told, mark_of, standing_reasons
from webapp.rules import RuleBroken

LONGEST = 500


def keep_reasons(session: Session, by: Actor, record: Record, told: Sequence[Told], given: Mapping[str, str]) -> int:
    """Keep the reasons given (by rule) for what is told of a draft; returns how many are new or changed.

    The caller has locked the record and asked whether the person may edit it. An empty text takes nothing back.
    Raises RuleBroken.
    """
    if record.stage not in revisions.EDITABLE:
        raise RuleBroken("本事项正在审核中，不能补写理由。需要修改的，请先收回或等待退回。")
    asked = {each.rule_id for each in told if each.needs_reason}
    kept = standing_reasons(session, record.id, told)
    changed: dict[str, str] = {}
    for rule in sorted(asked):
        text = given.get(rule, "").replace("\r\n", "\n").strip()
        if not text or (rule in kept and kept[rule].reason == text):
            continue
        if sentence := _fault(text):
            raise RuleBroken(sentence, f"reason-{rule}")
        changed[rule] = text
    if not changed:
        if not kept:
            raise RuleBroken("请填写理由。", f"reason-{min(asked)}" if asked else "")
        return 0
    for rule, text in changed.items():
        row = session.get(WarningReason, (record.id, rule)) or WarningReason(record_id=record.id, rule=rule)
        row.mark, row.reason, row.person_id, row.at = mark_of(rule, told), text, by.person, clock.now()
        session.add(row)
    revisions.note_editor(session, record.id, by)
    facts = {"rules": sorted(changed), "content": digest(changed)}
    journal.write(session, by, "explain_warnings", revisions.subject(record), facts)
    return len(changed)


def _fault(text: str) -> str | None:
    if len(text) > LONGEST:
        return f"理由最多{LONGEST}字，现有{len(text)}字，请删减。"
    return character_sentence(text) or scan.secrecy_sentence(text)
