"""The mobilisation meeting and the trainings of the campaign: notice, who was there, who was trained later, minutes."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.campaigns.models import Attendance, Meeting
from webapp.campaigns.reading import open_campaign, sections_taking_part
from webapp.campaigns.rows import Form, text_of
from webapp.pages.campaign_dates import weekday
from webapp.policy import Actor, Permission
from webapp.rules import NotFound

KINDS = (("mobilisation", "动员会"), ("training", "培训"))
KIND_WORDS = dict(KINDS)
STATES = (("", "未登记"), ("present", "到会"), ("missing", "缺席"))


@dataclass(frozen=True)
class AttendanceRow:
    """A section at a meeting; `state` and `made_up_on` as they stand or as typed."""

    section: int
    name: str
    state: str
    made_up_on: str

    @property
    def words(self) -> str:
        """Return the state in words."""
        return dict(STATES).get(self.state, "")


@dataclass(frozen=True)
class MeetingRow:
    """A meeting in the list."""

    id: int
    kind: str
    title: str
    held_on: date
    weekday: str
    place: str
    present: int
    missing: tuple[str, ...]  # those not trained later
    made_up: int
    total: int
    has_minutes: bool


@dataclass(frozen=True)
class MeetingsPage:
    """The list of meetings."""

    title: str
    rows: tuple[MeetingRow, ...]
    may_manage: bool


@dataclass(frozen=True)
class MeetingPage:
    """One meeting with its form; `id` is 0 for a new one."""

    id: int
    version: int
    kind: str
    kind_words: str
    title: str
    held_on: str
    weekday: str
    place: str
    notice: str
    minutes: str
    attendance: tuple[AttendanceRow, ...]
    may_manage: bool

    @property
    def present(self) -> int:
        """Return how many sections were there."""
        return sum(row.state == "present" for row in self.attendance)

    @property
    def untrained(self) -> tuple[str, ...]:
        """Return the sections that were missing and not trained later."""
        return tuple(row.name for row in self.attendance if row.state == "missing" and not row.made_up_on)


def meetings_page(session: Session, *, viewer: Actor) -> MeetingsPage | None:
    """Return the meetings of the open campaign; four queries. None without a campaign."""
    campaign = open_campaign(session)
    if campaign is None:
        return None
    parts = sections_taking_part(session, campaign)
    meetings = session.scalars(
        select(Meeting).where(Meeting.campaign_id == campaign.id).order_by(Meeting.held_on, Meeting.id),
    ).all()
    found: dict[int, dict[int, Attendance]] = {meeting.id: {} for meeting in meetings}
    for row in session.scalars(select(Attendance).where(Attendance.meeting_id.in_(list(found)))):
        found[row.meeting_id][row.section_id] = row
    return MeetingsPage(
        title=campaign.title,
        rows=tuple(
            MeetingRow(
                id=meeting.id,
                kind=KIND_WORDS[meeting.kind],
                title=meeting.title,
                held_on=meeting.held_on,
                weekday=weekday(meeting.held_on),
                place=meeting.place,
                present=sum(row.state == "present" for row in found[meeting.id].values()),
                missing=tuple(
                    part.name
                    for part in parts
                    if (one := found[meeting.id].get(part.section))
                    and one.state == "missing"
                    and one.made_up_on is None
                ),
                made_up=sum(row.made_up_on is not None for row in found[meeting.id].values()),
                total=len(parts),
                has_minutes=bool(meeting.minutes),
            )
            for meeting in meetings
        ),
        may_manage=viewer.may(Permission.MANAGE_CAMPAIGN),
    )


def new_meeting_page(session: Session, kind: str, form: Form | None = None) -> MeetingPage:
    """Return the form for a new meeting; raise NotFound without a campaign."""
    if open_campaign(session) is None:
        raise NotFound("没有正在进行的专项工作。")
    kind = text_of(form or {}, "kind") or (kind if kind in KIND_WORDS else "mobilisation")
    typed = form or {}
    return MeetingPage(
        id=0,
        version=0,
        kind=kind,
        kind_words=KIND_WORDS.get(kind, ""),
        title=text_of(typed, "title"),
        held_on=text_of(typed, "held_on") or clock.today().isoformat(),
        weekday="",
        place=text_of(typed, "place"),
        notice=text_of(typed, "notice"),
        minutes=text_of(typed, "minutes"),
        attendance=(),
        may_manage=True,
    )


def meeting_page(session: Session, meeting_id: int, *, viewer: Actor, form: Form | None = None) -> MeetingPage:
    """Return a meeting, with what was typed into its forms where one was refused; four queries."""
    meeting = session.get(Meeting, meeting_id)
    campaign = open_campaign(session)
    if meeting is None or campaign is None or meeting.campaign_id != campaign.id:
        raise NotFound
    typed: Form = form or {}
    kept = {
        row.section_id: row for row in session.scalars(select(Attendance).where(Attendance.meeting_id == meeting_id))
    }
    rows = []
    for part in sections_taking_part(session, campaign):
        row = kept.get(part.section)
        state, later = (row.state, row.made_up_on) if row else ("", None)
        given = f"state-{part.section}" in typed
        rows.append(
            AttendanceRow(
                section=part.section,
                name=part.name,
                state=text_of(form or {}, f"state-{part.section}") if given else state,
                made_up_on=text_of(form or {}, f"made_up_on-{part.section}")
                if given
                else (later.isoformat() if later else ""),
            ),
        )

    def shown(name: str, value: str) -> str:
        return text_of(form or {}, name) if name in typed else value

    return MeetingPage(
        id=meeting.id,
        version=meeting.version,
        kind=shown("kind", meeting.kind),
        kind_words=KIND_WORDS[meeting.kind],
        title=shown("title", meeting.title),
        held_on=shown("held_on", meeting.held_on.isoformat()),
        weekday=weekday(meeting.held_on),
        place=shown("place", meeting.place),
        notice=shown("notice", meeting.notice),
        minutes=shown("minutes", meeting.minutes),
        attendance=tuple(rows),
        may_manage=viewer.may(Permission.MANAGE_CAMPAIGN),
    )
