"""The dates of a campaign: the inner dates the office sets, and when people are reminded of a date. Pure.

The plan (坛环法〔2008〕第1号, 四·方法步骤) dates the phases; 21 June and 30 August 2008 are Saturdays and stay so.
Only the reminder looks at the calendar: it comes on the last working day before the date.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from webapp.policy import Role
from webapp.workdays import Calendar


@dataclass(frozen=True)
class InnerKind:
    """A date inside a phase: what is to be done by then, up to which stage, and whom it concerns."""

    key: str
    label: str
    what: str
    before: tuple[str, ...]  # an item at one of these stages is not through yet
    roles: tuple[Role, ...]  # reminded beside the sections
    is_sections: bool  # every section's people are reminded


_SECTION = ("draft", "returned", "section_review")
INNER_DATES = (
    InnerKind("cleaning", "科室清理", "各科室完成清理登记，作出零报告", ("draft",), (Role.OFFICE,), is_sections=True),
    InnerKind(
        "chief_review", "科长审核报送", "科室负责人逐项审核并签署报送材料", _SECTION, (Role.OFFICE,), is_sections=True
    ),
    InnerKind(
        "first_review",
        "汇总初审",
        "领导小组办公室汇总初审",
        (*_SECTION, "office_review"),
        (Role.OFFICE, Role.LEGAL, Role.SECRECY),
        is_sections=False,
    ),
    InnerKind(
        "decision",
        "局领导小组审定",
        "局领导小组审定",
        (*_SECTION, "office_review", "bureau_decision"),
        (Role.OFFICE, Role.DEPUTY, Role.LEADER),
        is_sections=False,
    ),
    InnerKind(
        "report",
        "报送市公开办",
        "报送市职权公开运行工作办公室",
        (*_SECTION, "office_review", "bureau_decision"),
        (Role.OFFICE, Role.DEPUTY),
        is_sections=False,
    ),
)
INNER = {kind.key: kind for kind in INNER_DATES}
_EVERYBODY = (Role.OFFICE, Role.DEPUTY)


@dataclass(frozen=True)
class Dated:
    """Something that is to be reminded of: its key within the campaign, the day, what it is, and whom it concerns."""

    key: str
    day: date
    what: str
    roles: tuple[Role, ...]
    is_sections: bool


def dated_phase(position: int, name: str, starts_on: date, ends_on: date | None) -> Iterator[Dated]:
    """Yield the days of a phase that people are reminded of: its begin and its end."""
    yield Dated(f"phase-{position}-begins", starts_on, f"{name}开始", _EVERYBODY, is_sections=True)
    if ends_on is not None:
        yield Dated(f"phase-{position}-ends", ends_on, f"{name}结束", _EVERYBODY, is_sections=True)


def dated_inner(key: str, day: date) -> Dated:
    """Return an inner date as something to be reminded of."""
    kind = INNER[key]
    return Dated(f"inner-{key}", day, f"{kind.label}截止：{kind.what}", kind.roles, kind.is_sections)


def reminder_day(calendar: Calendar, day: date) -> date:
    """Return the last working day before a day: Sat 21 June 2008 is reminded of on Fri 20 June."""
    return calendar.add_working_days(day, -1)


def due_reminders(calendar: Calendar, dates: Iterable[Dated], today: date) -> list[Dated]:
    """Return what people are to be reminded of by today, however long ago: who was away catches up."""
    return [dated for dated in dates if reminder_day(calendar, dated.day) <= today]
