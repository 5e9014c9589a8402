"""The dates of a campaign as screens show them: weekday, working days left, what is not through yet; and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.campaigns.counting import Tally, read_tallies
from webapp.campaigns.models import Campaign, InnerDate, Phase
from webapp.campaigns.phases import INNER, INNER_DATES, reminder_day
from webapp.campaigns.reading import TakingPart, sections_taking_part
from webapp.deadlines.reading import read_days
from webapp.policy import Actor
from webapp.rules import RuleBroken
from webapp.workdays import MAX_DAYS, Calendar

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
_REST = timedelta(days=15)


@dataclass(frozen=True)
class PhaseRow:
    """A phase as the document dates it; `state` in words; `is_current` today."""

    name: str
    starts_on: date
    ends_on: date | None
    starts_weekday: str
    ends_weekday: str
    work: str
    state: str
    is_current: bool
    days_left: int | None


@dataclass(frozen=True)
class InnerRow:
    """An inner date: working days left or late, and how many items are not through."""

    key: str
    label: str
    what: str
    day: date
    weekday: str
    left: int
    days_left: int | None
    late_days: int | None
    address: str
    reminded_on: date

    @property
    def late(self) -> bool:
        """Say whether the day is past and something is left."""
        return bool(self.late_days)


@dataclass(frozen=True)
class CampaignDates:
    """Phases and inner dates of a campaign."""

    phases: tuple[PhaseRow, ...]
    inner: tuple[InnerRow, ...]

    def passed(self, key: str) -> bool:
        """Say whether an inner date is past."""
        return any(row.key == key and row.day < clock.today() for row in self.inner)


@dataclass(frozen=True)
class DatesPage:
    """Why a date is what it is."""

    start: date
    end: date
    explanation: str
    working_days: int
    days: int
    start_weekday: str
    end_weekday: str
    special: tuple[tuple[date, str, str], ...]


def campaign_dates(session: Session, campaign: Campaign, tallies: Sequence[Tally], *, unfilled: int) -> CampaignDates:
    """Return the dates; three queries. `unfilled`: categories without item and nil return, counted as not cleaned."""
    phases = session.scalars(select(Phase).where(Phase.campaign_id == campaign.id).order_by(Phase.position)).all()
    inner = session.execute(select(InnerDate.key, InnerDate.day).where(InnerDate.campaign_id == campaign.id))
    days = {row.key: row.day for row in inner}
    today = clock.today()
    every = [today, *days.values(), *(phase.starts_on for phase in phases), *(p.ends_on for p in phases if p.ends_on)]
    calendar = read_days(session, min(every) - _REST, max(every))
    return CampaignDates(
        phases=tuple(_phase(calendar, phase, today) for phase in phases),
        inner=tuple(
            _inner(calendar, kind.key, days[kind.key], tallies, today, unfilled if kind.key == "cleaning" else 0)
            for kind in INNER_DATES
            if kind.key in days
        ),
    )


def sections_for(session: Session, campaign: Campaign, viewer: Actor) -> list[TakingPart]:
    """Return the sections whose progress a person sees: all for bureau-wide roles, else his own; one query."""
    parts = sections_taking_part(session, campaign)
    return parts if viewer.is_bureau_wide else [part for part in parts if part.section in viewer.own_sections]


def tallies_of(session: Session, viewer: Actor, parts: Sequence[TakingPart]) -> list[Tally]:
    """Return what a person counts of those sections; bureau-wide roles count every section there is; one query."""
    wanted = {part.section for part in parts}
    return [one for one in read_tallies(session, viewer) if viewer.is_bureau_wide or one.section in wanted]


def weekday(day: date) -> str:
    """Return the day of the week in words."""
    return WEEKDAYS[day.weekday()]


def dates_page(session: Session, start: date, end: date) -> DatesPage:
    """Return why `end` is the day it is, counted from `start`; one query. Raises RuleBroken beyond 4,000 days."""
    if abs((end - start).days) > MAX_DAYS:
        raise RuleBroken(f"两个日期相距过远，最多{MAX_DAYS}日，请核对。", "to")
    first, last = min(start, end), max(start, end)
    calendar = read_days(session, first, last)
    special = [
        (day.day, weekday(day.day), f"{day.name or '调整'}，{'上班' if day.is_working else '放假'}")
        for day in calendar.special_days(first, last)
    ]
    return DatesPage(
        start=start,
        end=end,
        explanation=calendar.explain(start, end),
        working_days=calendar.count_between(start, end),
        days=(end - start).days,
        start_weekday=weekday(start),
        end_weekday=weekday(end),
        special=tuple(special),
    )


def why(start: date, end: date) -> str:
    """Return the address of the page that explains a date."""
    return f"/dates?from={start.isoformat()}&to={end.isoformat()}"


def _phase(calendar: Calendar, phase: Phase, today: date) -> PhaseRow:
    is_over = phase.ends_on is not None and phase.ends_on < today
    is_current = phase.starts_on <= today and not is_over
    until = phase.ends_on if is_current else phase.starts_on if today < phase.starts_on else None
    return PhaseRow(
        name=phase.name,
        starts_on=phase.starts_on,
        ends_on=phase.ends_on,
        starts_weekday=weekday(phase.starts_on),
        ends_weekday=weekday(phase.ends_on) if phase.ends_on else "",
        work=phase.work,
        state="已结束" if is_over else "进行中" if is_current else "未开始",
        is_current=is_current,
        days_left=calendar.count_between(today, until) if until else None,
    )


def _inner(calendar: Calendar, key: str, day: date, tallies: Sequence[Tally], today: date, unfilled: int) -> InnerRow:
    kind = INNER[key]
    left = sum(tally.number for tally in tallies if tally.stage in kind.before) + unfilled
    is_late = day < today and left > 0
    return InnerRow(
        key=key,
        label=kind.label,
        what=kind.what,
        day=day,
        weekday=weekday(day),
        left=left,
        days_left=calendar.count_between(today, day) if today <= day else None,
        late_days=max(1, calendar.count_between(day, today)) if is_late else None,
        address=why(min(day, today), max(day, today)),
        reminded_on=reminder_day(calendar, day),
    )
