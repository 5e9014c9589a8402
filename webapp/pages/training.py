"""Trainings: the year's plan with its sessions, one session with who was there, who must and who has by section."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Appointment, Person, Post, Section
from webapp.accounts.reading import is_current
from webapp.campaigns.models import Attendance, Meeting
from webapp.policy import Actor, Permission
from webapp.rules import NotFound
from webapp.training.models import TrainingAttendance, TrainingPlan, TrainingSession
from webapp.training.reading import last_outcomes
from webapp.training.topics import OUTCOME_WORDS, TOPIC_WORDS, WAS_THERE

PATH = "/training"


@dataclass(frozen=True)
class SessionRow:
    """A training in the list."""

    id: int
    topic: str
    title: str
    planned_on: date
    held_on: date | None
    place: str
    present: int
    is_late: bool  # its planned day is past and it was not held


@dataclass(frozen=True)
class CampaignRow:
    """A training of the campaign, kept there and counted here."""

    id: int
    title: str
    held_on: date
    present: int
    made_up: int


@dataclass(frozen=True)
class TrainingPage:
    """A year's plan; `years`: those that hold anything."""

    year: int
    years: tuple[tuple[int, bool], ...]
    basis: str
    content: str
    version: int
    rows: tuple[SessionRow, ...]
    campaign: tuple[CampaignRow, ...]
    held: int
    may_manage: bool


@dataclass(frozen=True)
class AttendeeRow:
    """A person at a session."""

    person: int
    name: str
    section: str
    outcome: str

    @property
    def words(self) -> str:
        """Return what stands of him."""
        return OUTCOME_WORDS[self.outcome]


@dataclass(frozen=True)
class SessionPage:
    """One training with its list of people; `values` are its fields as they stand or as typed. `id` 0: a new one."""

    id: int
    version: int
    topic: str
    values: Mapping[str, str]
    people: tuple[AttendeeRow, ...]
    is_held: bool
    may_manage: bool

    @property
    def present(self) -> int:
        """Return how many were there."""
        return sum(row.outcome in WAS_THERE for row in self.people)


def training_page(session: Session, year: int | None, *, viewer: Actor) -> TrainingPage:
    """Return a year's plan, this year's where none is asked for; five queries."""
    chosen = year or clock.today().year
    plan = session.scalars(select(TrainingPlan).where(TrainingPlan.year == chosen)).one_or_none()
    rows = session.scalars(
        select(TrainingSession)
        .where(TrainingSession.planned_on.between(date(chosen, 1, 1), date(chosen, 12, 31)))
        .order_by(TrainingSession.planned_on, TrainingSession.id),
    ).all()
    days = session.execute(
        select(func.min(TrainingSession.planned_on), func.max(TrainingSession.planned_on)).select_from(TrainingSession)
    ).one()
    years = {chosen, clock.today().year, *(day.year for day in days if day)}
    present = _present(session, [row.id for row in rows])
    today = clock.today()
    return TrainingPage(
        year=chosen,
        years=tuple((each, each == chosen) for each in range(min(years), max(years) + 1)),
        basis=plan.basis if plan else "",
        content=plan.content if plan else "",
        version=plan.version if plan else 0,
        rows=tuple(
            SessionRow(
                row.id,
                TOPIC_WORDS[row.topic],
                row.title,
                row.planned_on,
                row.held_on,
                row.place,
                present.get(row.id, 0),
                row.held_on is None and row.planned_on < today,
            )
            for row in rows
        ),
        campaign=_of_campaign(session, chosen),
        held=sum(row.held_on is not None for row in rows),
        may_manage=viewer.may(Permission.MANAGE_TRAINING),
    )


def new_session_page(typed: Mapping[str, str] | None = None) -> SessionPage:
    """Return the form of a new training."""
    empty = dict.fromkeys(("topic", "title", "held_on", "place", "teacher", "content"), "")
    values = {**empty, "planned_on": clock.today().isoformat(), "months": "0", **(typed or {})}
    return SessionPage(0, 0, "", values, (), is_held=False, may_manage=True)


def session_page(
    session: Session, session_id: int, *, viewer: Actor, typed: Mapping[str, str] | None = None
) -> SessionPage:
    """Return one training with everybody at work on its day; four queries. `typed`: what a refused form held."""
    kept = session.get(TrainingSession, session_id)
    if kept is None:
        raise NotFound
    given = typed or {}
    standing = {
        "topic": kept.topic,
        "title": kept.title,
        "planned_on": kept.planned_on.isoformat(),
        "held_on": kept.held_on.isoformat() if kept.held_on else "",
        "place": kept.place,
        "teacher": kept.teacher,
        "content": kept.content,
        "months": str(kept.months),
    }
    outcomes = last_outcomes(session, session_id)
    people = session.execute(
        select(Person.id, Person.name, func.min(Section.position), func.min(Section.name))
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Post, Post.id == Appointment.post_id)
        .join(Section, Section.id == Post.section_id)
        .where(*is_current(Appointment, kept.held_on or clock.today()), Section.kind != "outside")
        .group_by(Person.id, Person.name)
        .order_by(func.min(Section.position), Person.id),
    ).all()
    return SessionPage(
        id=kept.id,
        version=kept.version,
        topic=TOPIC_WORDS[kept.topic],
        values={**standing, **{name: given[name] for name in standing if name in given}},
        people=tuple(
            AttendeeRow(person, name, section, _outcome(given, outcomes, person)) for person, name, _, section in people
        ),
        is_held=kept.held_on is not None,
        may_manage=viewer.may(Permission.MANAGE_TRAINING),
    )


def _outcome(given: Mapping[str, str], outcomes: Mapping[int, str], person: int) -> str:
    outcome = given.get(f"outcome-{person}", outcomes.get(person, ""))
    return outcome if outcome in OUTCOME_WORDS else ""


def _present(session: Session, sessions: list[int]) -> dict[int, int]:
    if not sessions:
        return {}
    last = (
        select(func.max(TrainingAttendance.id))
        .where(TrainingAttendance.session_id.in_(sessions))
        .group_by(TrainingAttendance.session_id, TrainingAttendance.person_id)
    )
    rows = session.execute(
        select(TrainingAttendance.session_id, func.count())
        .where(TrainingAttendance.id.in_(last), TrainingAttendance.outcome.in_(sorted(WAS_THERE)))
        .group_by(TrainingAttendance.session_id),
    )
    return {row[0]: row[1] for row in rows}


def _of_campaign(session: Session, year: int) -> tuple[CampaignRow, ...]:
    rows = session.execute(
        select(
            Meeting.id,
            Meeting.title,
            Meeting.held_on,
            func.count().filter(Attendance.state == "present"),
            func.count(Attendance.made_up_on),
        )
        .outerjoin(Attendance, Attendance.meeting_id == Meeting.id)
        .where(Meeting.kind == "training", Meeting.held_on.between(date(year, 1, 1), date(year, 12, 31)))
        .group_by(Meeting.id, Meeting.title, Meeting.held_on)
        .order_by(Meeting.held_on, Meeting.id),
    )
    return tuple(CampaignRow(*row) for row in rows)
