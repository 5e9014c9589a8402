"""Tables of checklists, plan and inspections. What was signed never changes (triggers in migration 0001)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime
from webapp.inspections.checklist_stages import CHECKLIST_STATES
from webapp.inspections.points import ANSWERS
from webapp.inspections.stages import COMMENT_KINDS, KINDS, STATES

OCCURRENCE_STATES = ("planned", "started", "done", "missed", "cancelled")
SIGNATURES = ("inspector", "head", "refused")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class ChecklistContent(Base):
    """The points of a checklist, canonical JSON under its SHA-256. Never changes, so no inspection's points do (I1)."""

    __tablename__ = "checklist_content"

    digest: Mapped[str] = mapped_column(PlainText, primary_key=True)
    content: Mapped[str] = mapped_column(PlainText)  # {"sections": [{"title", "items": [...]}]}, see `points.py`


class Checklist(Base):
    """A version of a checklist (检查清单); one of a name is in force at a time."""

    __tablename__ = "checklist"
    __table_args__ = (
        UniqueConstraint("slug", "number"),
        CheckConstraint(_one_of("state", CHECKLIST_STATES), name="state"),
        CheckConstraint("reviewed_by IS NULL OR reviewed_by <> author_id", name="second_person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(PlainText)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(PlainText)
    basis_note: Mapped[str] = mapped_column(PlainText, default="")
    content_digest: Mapped[str] = mapped_column(ForeignKey("checklist_content.digest"))
    state: Mapped[str] = mapped_column(PlainText, default="draft")
    version: Mapped[int] = mapped_column(default=1)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(PlainText, default="")  # of the last return or retirement
    effective_from: Mapped[date | None]
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)


class PlanLine(Base):
    """A line of the year's plan: a checklist to be gone through in a section, or on one power of it."""

    __tablename__ = "inspection_plan_line"
    __table_args__ = (CheckConstraint(_one_of("kind", KINDS), name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(PlainText)
    slug: Mapped[str] = mapped_column(PlainText)  # of the checklist; its version in force on the day is used
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    document: Mapped[str] = mapped_column(PlainText, default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Occurrence(Base):
    """One time a line falls due. What was missed stays missed, dated at the moment it became so."""

    __tablename__ = "inspection_occurrence"
    __table_args__ = (CheckConstraint(_one_of("state", OCCURRENCE_STATES), name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("inspection_plan_line.id"), index=True)
    due_on: Mapped[date] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(PlainText, default="planned")
    missed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Inspection(Base):
    """One use of a checklist on a section, or on one power of it. `version` counts the acts on it."""

    __tablename__ = "inspection"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint(_one_of("state", STATES), name="state"),
        CheckConstraint(_one_of("kind", KINDS), name="kind"),
        CheckConstraint(f"comment_kind = '' OR {_one_of('comment_kind', COMMENT_KINDS)}", name="comment_kind"),
        CheckConstraint("(number IS NULL) = (state <> 'signed')", name="numbered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(PlainText)
    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklist.id"), index=True)
    content_digest: Mapped[str] = mapped_column(ForeignKey("checklist_content.digest"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), index=True)
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_occurrence.id"))
    state: Mapped[str] = mapped_column(PlainText, default="planned", index=True)
    version: Mapped[int] = mapped_column(default=1)
    held_on: Mapped[date]  # the day of the event; the day of the record is that of `made_at` and of each act
    method: Mapped[str] = mapped_column(PlainText, default="")
    is_late_entry: Mapped[bool] = mapped_column(default=False)  # 补录: done on paper, entered afterwards
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    comment_due: Mapped[date | None]
    comment_kind: Mapped[str] = mapped_column(PlainText, default="")
    comment: Mapped[str] = mapped_column(PlainText, default="")
    comment_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    comment_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    year: Mapped[int | None]
    number: Mapped[int | None]  # in the year's series, without gaps: given by the last signature


class InspectionMember(Base):
    """An inspector of the team; the first is its leader."""

    __tablename__ = "inspection_member"

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    position: Mapped[int]


class InspectionAnswer(Base):
    """The answer to one point, by the key of the point."""

    __tablename__ = "inspection_answer"
    __table_args__ = (CheckConstraint(_one_of("value", ANSWERS), name="value"),)

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    item_key: Mapped[str] = mapped_column(PlainText, primary_key=True)
    value: Mapped[str] = mapped_column(PlainText)
    note: Mapped[str] = mapped_column(PlainText, default="")
    answered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InspectionEvidence(Base):
    """A file that proves something about a point, or (no key) about the whole: the scan of the paper."""

    __tablename__ = "inspection_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    item_key: Mapped[str] = mapped_column(PlainText, default="")
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), index=True)
    name: Mapped[str] = mapped_column(PlainText)
    added_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # before the inspection was finished


class InspectionSignature(Base):
    """Who signed: an inspector, the section's head, or that the head refused and who witnessed it. Never changed."""

    __tablename__ = "inspection_signature"
    __table_args__ = (
        UniqueConstraint("inspection_id", "person_id", "kind"),
        CheckConstraint(_one_of("kind", SIGNATURES), name="kind"),
        CheckConstraint("kind <> 'refused' OR witness <> ''", name="witness"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(PlainText)
    witness: Mapped[str] = mapped_column(PlainText, default="")
    note: Mapped[str] = mapped_column(PlainText, default="")
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InspectionStep(Base):
    """An act on an inspection; `person_id` is None where time acted. Never changed."""

    __tablename__ = "inspection_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    event: Mapped[str] = mapped_column(PlainText)
    from_state: Mapped[str] = mapped_column(PlainText)
    to_state: Mapped[str] = mapped_column(PlainText)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(PlainText, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SupervisionRecord(Base):
    """监督检查记录: what was signed, canonical JSON under its SHA-256 (I2). Never changed; later only addenda."""

    __tablename__ = "supervision_record"

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    content: Mapped[str] = mapped_column(PlainText)
    digest: Mapped[str] = mapped_column(PlainText, unique=True)
    rendered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Addendum(Base):
    """What was added to a signed record, under a number of its own. Never changed."""

    __tablename__ = "supervision_addendum"

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(PlainText)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
