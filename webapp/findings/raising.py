"""Raising a finding: the one door for inspections, complaints, matters and cards.

Part of the act that found it: no journal entry of its own, the caller's names it (`finding_facts`).
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Section
from webapp.characters import character_sentence
from webapp.digests import digest
from webapp.findings.finding_stages import SEVERITIES, SOURCE_KINDS
from webapp.findings.models import Finding
from webapp.policy import Actor
from webapp.revisions.models import Record
from webapp.rules import NotFound, RuleBroken
from webapp.scan import secrecy_sentence

MAX_FACT = 2000


@dataclass(frozen=True)
class Source:
    """Where a finding comes from. `is_signed`: the source is final, so the finding is confirmed from the start."""

    kind: str
    id: int
    found_on: date
    is_signed: bool = False


def add_finding(
    session: Session,
    by: Actor | None,
    *,
    source: Source,
    section_id: int,
    fact: str,
    severity: str,
    power_id: int | None = None,
    basis: str = "",
    item_key: str = "",
) -> Finding:
    """Keep a fault of a section (and of a power, by its record); one like it within twelve months is linked.

    `by` is None where time found it. Raises RuleBroken for a text that may not stand here, NotFound for no such section
    or power.
    """
    if source.kind not in SOURCE_KINDS or severity not in SEVERITIES:
        raise RuleBroken("问题的来源或严重程度不在可选范围内，请重新选择。", "severity")
    check_text(fact, "fact", "请写明问题事实。")
    check_text(basis, "basis")
    if session.get(Section, section_id) is None:
        raise NotFound("没有找到该科室，请重新选择。")
    if power_id is not None:
        record = session.get(Record, power_id)
        if record is None or record.kind != "power":
            raise NotFound("没有找到该职权，请核对职权编码。")
    finding = Finding(
        source_kind=source.kind,
        source_id=source.id,
        item_key=item_key,
        fact=fact.strip(),
        basis=basis.strip(),
        severity=severity,
        section_id=section_id,
        record_id=power_id,
        repeat_of=_earlier(session, section_id, power_id, item_key, source.found_on),
        state="confirmed" if source.is_signed else "drafted",
        found_on=source.found_on,
        raised_by=by.person if by else None,
        raised_at=clock.now(),
    )
    session.add(finding)
    session.flush()
    return finding


def finding_facts(finding: Finding) -> dict[str, object]:
    """Return what a journal entry says of a finding: numbers and digests, no text."""
    return {
        "finding": finding.id,
        "section": finding.section_id,
        "content": digest([finding.fact, finding.basis, finding.severity]),
        "state": finding.state,
    }


def check_text(text: str, field: str, missing: str = "", limit: int = MAX_FACT) -> None:
    """Raise RuleBroken for a text that is missing, too long or may not stand in this system."""
    if missing and not text.strip():
        raise RuleBroken(missing, field)
    if len(text) > limit:
        raise RuleBroken(f"内容过长，请控制在{limit}字以内。", field)
    if sentence := character_sentence(text) or secrecy_sentence(text):
        raise RuleBroken(sentence, field)


def _earlier(session: Session, section: int, power: int | None, key: str, day: date) -> int | None:
    """Return the last finding on the same point of the same section or power within twelve months before a day."""
    if not key:
        return None
    since = day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else date(day.year - 1, 2, 28)
    same = Finding.record_id == power if power is not None else Finding.section_id == section
    return session.scalar(
        select(Finding.id)
        .where(same, Finding.item_key == key, Finding.found_on >= since, Finding.found_on <= day)
        .where(Finding.state != "withdrawn")
        .order_by(Finding.found_on.desc(), Finding.id.desc())
        .limit(1)
    )
