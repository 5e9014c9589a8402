"""The year's plan and what follows from it: lines, occurrences, inspections; what was missed becomes work."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Section
from webapp.accounts.reading import actors_of
from webapp.flows.kind import FLOW
from webapp.inspections.checklists import keep_content
from webapp.inspections.models import (
    Checklist,
    ChecklistContent,
    Inspection,
    InspectionMember,
    InspectionStep,
    Occurrence,
    PlanLine,
)
from webapp.inspections.points import commitment_section
from webapp.inspections.reading import INSPECTING
from webapp.inspections.stages import KINDS, METHODS, TEAM
from webapp.journal import operations as journal
from webapp.policy import Actor, Permission
from webapp.powers.kind import POWER
from webapp.reviews.models import Approval
from webapp.revisions.models import Record, RecordLink, Revision
from webapp.revisions.reading import revision_body
from webapp.rules import NotAllowed, RuleBroken

MAX_BACK = 366  # days that an inspection done on paper may lie back


@dataclass(frozen=True)
class Planned:
    """What an inspection is planned to be. `with_commitments` adds the points that follow from the power itself."""

    checklist_id: int
    section_id: int
    held_on: date
    team: tuple[int, ...]  # persons, the leader first
    kind: str = "routine"
    record_id: int | None = None
    method: str = METHODS[0]
    with_commitments: bool = False
    is_late_entry: bool = False
    occurrence_id: int | None = None


def plan_inspection(session: Session, planned: Planned, *, by: Actor) -> Inspection:
    """Prepare an inspection: its points are fixed from here on. One journal entry."""
    if not by.may(Permission.INSPECT):
        raise NotAllowed("监督检查由督查员、领导小组办公室和局办公室安排。")
    checklist = session.get(Checklist, planned.checklist_id)
    if checklist is None or checklist.state != "published":
        raise RuleBroken("请选择一份使用中的检查清单。", "checklist")
    if session.get(Section, planned.section_id) is None:
        raise RuleBroken("请选择被检查的科室。", "section")
    if planned.kind not in KINDS or planned.method not in METHODS:
        raise RuleBroken("检查类别或方式不在可选范围内，请重新选择。", "kind")
    _check_day(planned)
    _check_people(session, planned.team)
    content = checklist.content_digest
    if planned.record_id is not None:
        record = session.get(Record, planned.record_id)
        if record is None or record.kind != "power" or record.section_id != planned.section_id:
            raise RuleBroken("该职权不是这个科室的，请重新选择。", "power")
        if planned.with_commitments:
            content = _with_commitments(session, content, record)
    inspection = Inspection(
        kind=planned.kind,
        checklist_id=checklist.id,
        content_digest=content,
        section_id=planned.section_id,
        record_id=planned.record_id,
        occurrence_id=_take_up(session, planned.occurrence_id),
        held_on=planned.held_on,
        method=planned.method,
        is_late_entry=planned.is_late_entry,
        made_by=by.person,
        made_at=clock.now(),
    )
    session.add(inspection)
    session.flush()
    session.add_all(
        InspectionMember(inspection_id=inspection.id, person_id=person, position=place)
        for place, person in enumerate(planned.team)
    )
    session.add(
        InspectionStep(
            inspection_id=inspection.id,
            event="plan",
            from_state="",
            to_state="planned",
            person_id=by.person,
            at=clock.now(),
        ),
    )
    facts = {"section": planned.section_id, "power": planned.record_id, "content": content, "team": list(planned.team)}
    journal.write(session, by, "plan_inspection", f"inspection:{inspection.id}", facts)
    return inspection


def add_plan_line(
    session: Session,
    *,
    year: int,
    kind: str,
    slug: str,
    section_id: int,
    due: Sequence[date],
    record_id: int | None = None,
    document: str = "",
    by: Actor,
) -> PlanLine:
    """Put a line into the year's plan with the days on which it falls due. One journal entry."""
    if not by.may(Permission.INSPECT):
        raise NotAllowed("年度检查计划由督查员、领导小组办公室和局办公室编制。")
    if not due or any(day.year != year for day in due):
        raise RuleBroken(f"请填写{year}年内的检查日期，至少一个。", "due")
    if kind not in KINDS:
        raise RuleBroken("请选择检查类别。", "kind")
    if session.scalar(select(Checklist.id).where(Checklist.slug == slug).limit(1)) is None:
        raise RuleBroken("请选择检查清单。", "slug")
    if session.get(Section, section_id) is None:
        raise RuleBroken("请选择被检查的科室。", "section")
    line = PlanLine(
        year=year,
        kind=kind,
        slug=slug,
        section_id=section_id,
        record_id=record_id,
        document=document.strip()[:60],
        made_by=by.person,
        made_at=clock.now(),
    )
    session.add(line)
    session.flush()
    session.add_all(Occurrence(line_id=line.id, due_on=day) for day in sorted(set(due)))
    facts = {"year": year, "section": section_id, "checklist": slug, "due": [day.isoformat() for day in sorted(due)]}
    journal.write(session, by, "add_plan_line", f"plan_line:{line.id}", facts)
    return line


def mark_missed(session: Session) -> int:
    """Keep which planned inspections were missed, dated at the first instant after their day; may run again."""
    missed = list(
        session.scalars(select(Occurrence).where(Occurrence.state == "planned", Occurrence.due_on < clock.today())),
    )
    for row in missed:
        row.state = "missed"
        row.missed_at = datetime.combine(row.due_on + timedelta(days=1), time(), clock.CHINA)
    if missed:
        session.flush()
        journal.write(
            session, None, "mark_missed", "inspection_plan", {"occurrences": sorted(row.id for row in missed)}
        )
    return len(missed)


def _take_up(session: Session, occurrence_id: int | None) -> int | None:
    """Say that a planned occurrence has begun; a missed one stays missed and may still be made up for."""
    if occurrence_id is None:
        return None
    row = session.get(Occurrence, occurrence_id)
    if row is None or row.state not in {"planned", "missed"}:
        raise RuleBroken("计划中的这一次已经安排过检查，请刷新计划后再试。", "occurrence")
    if row.state == "planned":
        row.state = "started"
    return row.id


def _check_day(planned: Planned) -> None:
    today = clock.today()
    if planned.is_late_entry and not today - timedelta(days=MAX_BACK) <= planned.held_on <= today:
        raise RuleBroken("补录的检查日期应在今天以前、一年以内。", "held_on")
    if not planned.is_late_entry and planned.held_on < today:
        raise RuleBroken("检查日期已过。已在纸上检查过的，请勾选“补录”。", "held_on")


def _check_people(session: Session, team: Sequence[int]) -> None:
    if len(set(team)) < TEAM:
        raise RuleBroken(f"检查人不得少于{TEAM}人，请补选。", "team")
    if len(set(team)) != len(team):
        raise RuleBroken("检查人重复，请重新选择。", "team")
    actors = actors_of(session, team)
    if len(actors) != len(team) or not all(actor.roles & INSPECTING for actor in actors.values()):
        raise RuleBroken("检查人应为督查员、领导小组办公室或局办公室的在岗人员。", "team")


def _with_commitments(session: Session, content_digest: str, record: Record) -> str:
    """Return the content with the points that follow from the power's approved entry and chart."""
    body = _approved_body(session, record.id)
    if body is None:
        raise RuleBroken("该职权还没有审定的条目，列不出公开的承诺。请只用清单检查。", "with_commitments")
    steps: list[dict[str, Any]] = []
    for number in session.scalars(
        select(RecordLink.target).where(
            RecordLink.record_id == record.id, RecordLink.face == "approved", RecordLink.target_kind == "flow"
        ),
    ):
        flow = session.scalars(select(Record).where(Record.kind == "flow", Record.code == number)).one_or_none()
        chart = _approved_body(session, flow.id, is_flow=True) if flow else None
        steps.extend(chart["steps"] if chart else [])
    added = commitment_section(body, steps)
    content = json.loads(session.get_one(ChecklistContent, content_digest).content)
    if added is None:
        return content_digest
    return keep_content(session, {**content, "sections": [*content["sections"], added]})


def _approved_body(session: Session, record_id: int, *, is_flow: bool = False) -> dict[str, Any] | None:
    revision = session.scalars(
        select(Revision)
        .join(Approval, Approval.revision_id == Revision.id)
        .where(Approval.record_id == record_id)
        .order_by(Approval.id.desc())
        .limit(1),
    ).one_or_none()
    return dict(revision_body(FLOW if is_flow else POWER, revision)) if revision else None
