"""What people do with findings: raise one directly, decide on it, name the power itself as its cause."""

from datetime import date

from sqlalchemy.orm import Session

from webapp import clock
from webapp.digests import digest
from webapp.findings.finding_stages import supervises, take_finding_act
from webapp.findings.models import Finding, FindingStep
from webapp.findings.raising import Source, add_finding, check_text, finding_facts
from webapp.findings.reading import host_of, seen_finding, view_of
from webapp.journal import operations as journal
from webapp.policy import Actor
from webapp.rules import NotAllowed, RuleBroken


def raise_finding(
    session: Session,
    by: Actor,
    *,
    section_id: int,
    fact: str,
    basis: str,
    severity: str,
    found_on: date,
    power_id: int | None = None,
) -> Finding:
    """Raise a finding of daily supervision (日常监督); another person confirms it."""
    if not supervises(by, section_id, host_of(session)):
        raise NotAllowed("您不能对该科室提出检查问题：应由非本科室的领导小组办公室人员或督查员提出。")
    if found_on > clock.today():
        raise RuleBroken("发现日期不能晚于今日。", "found_on")
    source = Source("direct", 0, found_on)
    finding = add_finding(
        session,
        by,
        source=source,
        section_id=section_id,
        power_id=power_id,
        fact=fact,
        basis=basis,
        severity=severity,
        item_key="",
    )
    journal.write(session, by, "raise_finding", f"finding:{finding.id}", finding_facts(finding))
    return finding


def decide_finding(session: Session, by: Actor, finding_id: int, *, event: str, note: str = "") -> Finding:
    """Take an act of `finding_stages` on a finding."""
    finding = seen_finding(session, by, finding_id)
    session.refresh(finding, with_for_update=True)
    check_text(note, "note")
    act = take_finding_act(view_of(session, finding), by, event, note)
    move_finding(session, by, finding, act.event, act.to, note)
    facts = {"state": act.to, "reason": digest(note)}
    journal.write(session, by, act.event, f"finding:{finding.id}", facts)
    return finding


def move_finding(session: Session, by: Actor | None, finding: Finding, event: str, to: str, note: str = "") -> None:
    """Move a finding and keep the step; part of an act."""
    session.add(
        FindingStep(
            finding_id=finding.id,
            event=event,
            from_state=finding.state,
            to_state=to,
            person_id=by.person if by else None,
            note=note.strip(),
            at=clock.now(),
        )
    )
    finding.state = to
    session.flush()
