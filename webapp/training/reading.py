"""Who works here, who has passed what, which answers hold for a field. Only reads."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Account, Appointment, Post, RoleTerm
from webapp.accounts.reading import is_current
from webapp.campaigns.models import Attendance, Meeting
from webapp.policy import ADMINISTRATORS, OUTSIDE
from webapp.training.models import Guidance, TrainingAttendance, TrainingRequirement, TrainingResult
from webapp.training.topics import CAMPAIGN_ROLE, CAMPAIGN_TOPIC, Demand, Passed, Worker

_NOT_TRAINED = ADMINISTRATORS | OUTSIDE
MAX_ADVICE = 200


@dataclass(frozen=True)
class Advice:
    """An answer that holds for a field."""

    id: int
    field: str
    question: str
    answer: str
    on: date


def read_workers(session: Session, day: date) -> list[Worker]:
    """Return everybody at work on a day who has an account; two queries. Administrators are not counted."""
    sections: dict[int, set[int]] = defaultdict(set)
    posts = (
        select(Appointment.person_id, Post.section_id)
        .join(Post, Post.id == Appointment.post_id)
        .join(Account, Account.person_id == Appointment.person_id)
        .where(Account.is_active, *is_current(Appointment, day))
    )
    for seat in session.execute(posts):
        sections[seat.person_id].add(seat.section_id)
    roles: dict[int, set[tuple[str, int | None]]] = defaultdict(set)
    held = (
        select(RoleTerm.person_id, RoleTerm.role, RoleTerm.section_id)
        .join(Account, Account.person_id == RoleTerm.person_id)
        .where(Account.is_active, *is_current(RoleTerm, day))
    )
    for term in session.execute(held):
        roles[term.person_id].add((term.role, term.section_id))
    return [
        Worker(person, frozenset(sections[person]), frozenset(roles[person]))
        for person in sorted({*sections, *roles})
        if not {role for role, _ in roles[person]} & _NOT_TRAINED
    ]


def read_demands(session: Session) -> list[Demand]:
    """Return the requirements that stand; one query."""
    rows = session.scalars(
        select(TrainingRequirement)
        .where(TrainingRequirement.ended_at.is_(None))
        .order_by(TrainingRequirement.before_on, TrainingRequirement.id),
    )
    return [Demand(row.id, row.topic, row.role, row.section_id, row.before_on) for row in rows]


def read_passed(session: Session, workers: Iterable[Worker]) -> list[Passed]:
    """Return the passes that stand: of each session the last result, and the campaign's trainings. Two queries.

    A section that was at the campaign's training, or trained later, counts for its clerks.
    """
    last = (
        select(func.max(TrainingResult.id))
        .group_by(TrainingResult.session_id, TrainingResult.person_id)
        .scalar_subquery()
    )
    rows = session.scalars(select(TrainingResult).where(TrainingResult.id.in_(last), TrainingResult.result == "passed"))
    found = [Passed(row.person_id, row.topic, row.day, row.valid_until) for row in rows]
    there = session.execute(
        select(Attendance.section_id, Meeting.held_on, Attendance.made_up_on, Attendance.state)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Meeting.kind == "training", or_(Attendance.state == "present", Attendance.made_up_on.is_not(None))),
    )
    trained = {row.section_id: row.held_on if row.state == "present" else row.made_up_on for row in there}
    for worker in workers:
        days = [trained[section] for role, section in worker.roles if role == CAMPAIGN_ROLE and section in trained]
        found.extend(Passed(worker.person, CAMPAIGN_TOPIC, day, None) for day in days)
    return found


def last_outcomes(session: Session, session_id: int) -> dict[int, str]:
    """Return what stands of each person at a session; one query."""
    rows = session.execute(
        select(TrainingAttendance.person_id, TrainingAttendance.outcome)
        .where(TrainingAttendance.session_id == session_id)
        .order_by(TrainingAttendance.id),
    )
    return {row.person_id: row.outcome for row in rows}


def read_advice(session: Session, category: str) -> dict[str, list[Advice]]:
    """Return the answers that hold for an entry of a category, by field, the newest first; one query."""
    rows = session.scalars(
        select(Guidance)
        .where(
            Guidance.field != "",
            Guidance.answered_at.is_not(None),
            Guidance.withdrawn_at.is_(None),
            Guidance.category.in_(["", category]),
        )
        .order_by(Guidance.answered_at.desc(), Guidance.id.desc())
        .limit(MAX_ADVICE),
    )
    found: dict[str, list[Advice]] = {}
    for row in rows:
        found.setdefault(row.field, []).append(Advice(row.id, row.field, row.question, row.answer, row.asked_on))
    return found
