"""Tables of training and guidance. What was attended and how it ended is appended, never changed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime
from webapp.training.topics import OUTCOMES, TOPICS


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


_TOPIC = _one_of("topic", tuple(key for key, _ in TOPICS))


class TrainingPlan(Base):
    """The year's plan: its basis and what it is for; the sessions of the year are its lines."""

    __tablename__ = "training_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    basis: Mapped[str] = mapped_column(PlainText)
    content: Mapped[str] = mapped_column(PlainText, default="")
    version: Mapped[int] = mapped_column(default=1)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TrainingSession(Base):
    """One training: planned on a day, held on a day. `months`: how long a pass is valid, 0 without end."""

    __tablename__ = "training_session"
    __table_args__ = (CheckConstraint(_TOPIC, name="topic"), CheckConstraint("months >= 0", name="months"))

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(PlainText)
    title: Mapped[str] = mapped_column(PlainText)
    planned_on: Mapped[date] = mapped_column(index=True)
    held_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(PlainText, default="")
    teacher: Mapped[str] = mapped_column(PlainText, default="")
    content: Mapped[str] = mapped_column(PlainText, default="")
    months: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TrainingAttendance(Base):
    """What was written down of a person at a session; a correction is another row, the last one counts."""

    __tablename__ = "training_attendance"
    __table_args__ = (
        CheckConstraint(_one_of("outcome", tuple(key for key, *_ in OUTCOMES)), name="outcome"),
        Index("ix_training_attendance_session", "session_id", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    outcome: Mapped[str] = mapped_column(PlainText)
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TrainingResult(Base):
    """A result of a person in a topic; a re-take is another row, the last one of a session counts."""

    __tablename__ = "training_result"
    __table_args__ = (
        CheckConstraint(_one_of("result", ("passed", "failed", "void")), name="result"),
        Index("ix_training_result_person", "person_id", "topic"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    topic: Mapped[str] = mapped_column(PlainText)
    result: Mapped[str] = mapped_column(PlainText)  # void: what was written down before was wrong
    day: Mapped[date]
    valid_until: Mapped[date | None]
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TrainingRequirement(Base):
    """Who must know a topic by when: a role, a section, both, or everybody. It ends, it is never deleted."""

    __tablename__ = "training_requirement"
    __table_args__ = (CheckConstraint(_TOPIC, name="topic"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(PlainText)
    role: Mapped[str] = mapped_column(PlainText, default="")
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    before_on: Mapped[date]
    basis: Mapped[str] = mapped_column(PlainText, default="")
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Guidance(Base):
    """A question and its answer; with a field or category in its scope it is shown where that field is filled in."""

    __tablename__ = "guidance"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered"),
        Index("ix_guidance_scope", "field", "category"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_on: Mapped[date]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    question: Mapped[str] = mapped_column(PlainText)
    answer: Mapped[str] = mapped_column(PlainText, default="")
    category: Mapped[str] = mapped_column(PlainText, default="")  # "" for every category
    field: Mapped[str] = mapped_column(PlainText, default="")  # "" for no field: read in the list only
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(PlainText, default="")  # why it holds no longer
    version: Mapped[int] = mapped_column(default=1)
