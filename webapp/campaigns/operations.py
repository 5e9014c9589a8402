"""What the leading group's office does to a campaign: opening, changing, closing; meetings, attendance, task sheet."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.campaigns.forms import MeetingGiven, PlanGiven, TaskGiven
from webapp.campaigns.models import (
    Attendance,
    BasisDocument,
    Campaign,
    InnerDate,
    Meeting,
    Package,
    Phase,
    Task,
)
from webapp.campaigns.reading import dates_of, open_campaign, sections_without_package
from webapp.campaigns.reminding import drop_moved
from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.policy import Actor, Permission
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale


def open_new_campaign(session: Session, by: Actor, plan: PlanGiven) -> Campaign:
    """Open a campaign with its plan; every section gets its package. Raises RuleBroken while another is open."""
    _require_office(by)
    if open_campaign(session) is not None:
        raise RuleBroken("已有一项专项工作正在进行。请先结束原来的，再开展新的。")
    campaign = Campaign(title=plan.title, opened_by=by.person, opened_at=clock.now())
    session.add(campaign)
    session.flush()
    _write_plan(session, campaign, plan)
    journal.write(session, by, "open_campaign", _subject(campaign), _facts(campaign, plan))
    return campaign


def change_plan(session: Session, by: Actor, plan: PlanGiven, *, seen_version: int | None) -> Campaign:
    """Change the plan over the version the person saw; sections that came in since get their package."""
    _require_office(by)
    campaign = _locked(session)
    _require_seen(campaign.version, seen_version)
    campaign.title, campaign.version = plan.title, campaign.version + 1
    for table in (BasisDocument, Phase, InnerDate):
        session.execute(delete(table).where(table.campaign_id == campaign.id))
    _write_plan(session, campaign, plan)
    drop_moved(session, campaign.id, dates_of(session, campaign))
    journal.write(session, by, "change_campaign", _subject(campaign), _facts(campaign, plan))
    return campaign


def close_campaign(session: Session, by: Actor, *, seen_version: int | None) -> Campaign:
    """End the campaign; its records stay."""
    _require_office(by)
    campaign = _locked(session)
    _require_seen(campaign.version, seen_version)
    campaign.is_open, campaign.closed_at, campaign.version = False, clock.now(), campaign.version + 1
    drop_moved(session, campaign.id, [])
    journal.write(session, by, "close_campaign", _subject(campaign), {"version": campaign.version})
    return campaign


def write_task_sheet(session: Session, by: Actor, tasks: Sequence[TaskGiven], *, seen_version: int | None) -> Campaign:
    """Replace the task sheet (任务分解表) over the version the person saw."""
    _require_office(by)
    campaign = _locked(session)
    _require_seen(campaign.version, seen_version)
    campaign.version += 1
    session.execute(delete(Task).where(Task.campaign_id == campaign.id))
    for position, task in enumerate(tasks):
        session.add(
            Task(
                campaign_id=campaign.id,
                position=position,
                section_id=task.section,
                content=task.content,
                responsible=task.responsible,
                due_on=task.due_on,
            ),
        )
    content = digest([[task.section, task.content, task.responsible, task.due_on.isoformat()] for task in tasks])
    facts = {"items": len(tasks), "content": content, "version": campaign.version}
    journal.write(session, by, "write_task_sheet", _subject(campaign), facts)
    return campaign


def hold_meeting(session: Session, by: Actor, given: MeetingGiven) -> Meeting:
    """Enter a meeting or training, usually when its notice goes out."""
    _require_office(by)
    campaign = _locked(session)
    meeting = Meeting(campaign_id=campaign.id, kind=given.kind, title=given.title, held_on=given.held_on)
    session.add(meeting)
    _write_meeting(meeting, given)
    session.flush()
    journal.write(session, by, "hold_meeting", f"meeting:{meeting.id}", _meeting_facts(meeting))
    return meeting


def change_meeting(
    session: Session, by: Actor, meeting_id: int, given: MeetingGiven, *, seen_version: int | None
) -> Meeting:
    """Change what is written of a meeting, its minutes for instance."""
    _require_office(by)
    meeting = _locked_meeting(session, meeting_id)
    _require_seen(meeting.version, seen_version)
    meeting.version += 1
    _write_meeting(meeting, given)
    journal.write(session, by, "change_meeting", f"meeting:{meeting.id}", _meeting_facts(meeting))
    return meeting


def note_attendance(
    session: Session,
    by: Actor,
    meeting_id: int,
    found: Mapping[int, tuple[str, date | None]],
    *,
    seen_version: int | None,
) -> Meeting:
    """Write down per section whether it was there (present, missing) and when a missing one was trained later."""
    _require_office(by)
    meeting = _locked_meeting(session, meeting_id)
    _require_seen(meeting.version, seen_version)
    meeting.version += 1
    session.execute(delete(Attendance).where(Attendance.meeting_id == meeting.id))
    for section, (state, made_up_on) in found.items():
        session.add(Attendance(meeting_id=meeting.id, section_id=section, state=state, made_up_on=made_up_on))
    states = [state for state, _ in found.values()]
    facts = {"present": states.count("present"), "missing": states.count("missing"), "version": meeting.version}
    journal.write(session, by, "note_attendance", f"meeting:{meeting.id}", facts)
    return meeting


def _write_plan(session: Session, campaign: Campaign, plan: PlanGiven) -> None:
    for position, document in enumerate(plan.documents, 1):
        session.add(
            BasisDocument(
                campaign_id=campaign.id,
                position=position,
                number=document.number,
                dated_on=document.dated_on,
                title=document.title,
                scan=document.scan,
            ),
        )
    for position, phase in enumerate(plan.phases, 1):
        session.add(
            Phase(
                campaign_id=campaign.id,
                position=position,
                name=phase.name,
                starts_on=phase.starts_on,
                ends_on=phase.ends_on,
                work=phase.work,
            ),
        )
    session.add_all(InnerDate(campaign_id=campaign.id, key=key, day=day) for key, day in plan.inner)
    session.add_all(
        Package(campaign_id=campaign.id, section_id=section) for section in sections_without_package(session, campaign)
    )
    session.flush()


def _write_meeting(meeting: Meeting, given: MeetingGiven) -> None:
    meeting.kind, meeting.title, meeting.held_on = given.kind, given.title, given.held_on
    meeting.place, meeting.notice, meeting.minutes = given.place, given.notice, given.minutes


def _meeting_facts(meeting: Meeting) -> dict[str, object]:
    return {
        "date": meeting.held_on.isoformat(),
        "content": digest([meeting.kind, meeting.title, meeting.place, meeting.notice, meeting.minutes]),
    }


def _facts(campaign: Campaign, plan: PlanGiven) -> dict[str, object]:
    content = [
        plan.title,
        [[one.number, str(one.dated_on or ""), one.title, one.scan] for one in plan.documents],
        [[one.name, str(one.starts_on), str(one.ends_on or ""), one.work] for one in plan.phases],
        [[key, str(day)] for key, day in plan.inner],
    ]
    return {"version": campaign.version or 1, "content": digest(content)}


def _require_office(by: Actor) -> None:
    if not by.may(Permission.MANAGE_CAMPAIGN):
        raise NotAllowed("专项工作由领导小组办公室部署，您没有办理的权限。")


def _require_seen(version: int, seen_version: int | None) -> None:
    if seen_version is None:
        raise RuleBroken("缺少版本号，未保存。请刷新页面后再试。", "seen_version")
    if seen_version != version:
        raise Stale("内容已被他人修改，本次填写的未保存。请对照现在的内容后再保存。")


def _locked(session: Session) -> Campaign:
    campaign = session.scalars(select(Campaign).where(Campaign.is_open).with_for_update()).one_or_none()
    if campaign is None:
        raise NotFound("没有正在进行的专项工作。")
    return campaign


def _locked_meeting(session: Session, meeting_id: int) -> Meeting:
    meeting = session.scalars(select(Meeting).where(Meeting.id == meeting_id).with_for_update()).one_or_none()
    if meeting is None:
        raise NotFound
    return meeting


def _subject(campaign: Campaign) -> str:
    return f"campaign:{campaign.id}"
