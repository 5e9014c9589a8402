"""Tables of the chain. What may be open once only is a partial unique index, so races end in the database too."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, PlainText, UtcDateTime
from webapp.revisions.models import STAGES, Revision

SEAT_STATES = ("open", "recorded", "dissent", "approved", "ruled", "returned", "void")
OUTCOMES = ("approve", "return", "defer")
FORMS = ("meeting", "circulation", "letter", "authority", "filing")
WORDING_STATES = ("open", "consented", "declined", "withdrawn")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Review(Base):
    """A record's way through the chain, over rounds of return and resubmission, until it is approved or given up."""

    __tablename__ = "review"
    __table_args__ = (
        Index(
            "uq_review_open", "record_id", unique=True, sqlite_where=text("is_open"), postgresql_where=text("is_open")
        ),
        CheckConstraint(_one_of("stage", STAGES), name="stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    round: Mapped[int] = mapped_column(default=1)
    stage: Mapped[str] = mapped_column(PlainText)
    is_open: Mapped[bool] = mapped_column(default=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stage_since: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_from: Mapped[str] = mapped_column(PlainText, default="")  # stage that sent it back to the draft
    is_small_change: Mapped[bool] = mapped_column(default=False)  # on the city's remarks: legal and secrecy stand

    revision: Mapped[Revision] = relationship()


class Seat(Base):
    """One reviewer's place at a stage of one round."""

    __tablename__ = "seat"
    __table_args__ = (
        CheckConstraint(_one_of("state", SEAT_STATES), name="state"),
        CheckConstraint(_one_of("stage", STAGES), name="stage"),
        Index("ix_seat_open", "state", "kind", "section_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    round: Mapped[int]
    stage: Mapped[str] = mapped_column(PlainText)
    kind: Mapped[str] = mapped_column(PlainText)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    state: Mapped[str] = mapped_column(PlainText, default="open")
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReviewStep(Base):
    """One act in the chain. `person_id` did it, `behalf_of` says in which capacity; what was seen is `digest`."""

    __tablename__ = "review_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    round: Mapped[int]
    stage: Mapped[str] = mapped_column(PlainText)
    action: Mapped[str] = mapped_column(PlainText)
    digest: Mapped[str] = mapped_column(PlainText)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    behalf_of: Mapped[str] = mapped_column(PlainText, default="")
    note: Mapped[str] = mapped_column(PlainText, default="")
    attested: Mapped[str] = mapped_column(PlainText, default="")  # the points a chief ticked, comma-separated
    to_stage: Mapped[str] = mapped_column(PlainText, default="")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    request_key: Mapped[str | None] = mapped_column(PlainText, unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Problem(Base):
    """A comment on a field or a flow step; one that must be answered holds the next submission back."""

    __tablename__ = "problem"
    __table_args__ = (
        CheckConstraint(_one_of("severity", ("must", "advice")), name="severity"),
        CheckConstraint(_one_of("reply", ("", "adopted", "partly", "not")), name="reply"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("review_step.id"))
    field: Mapped[str] = mapped_column(PlainText, default="")
    severity: Mapped[str] = mapped_column(PlainText)
    content: Mapped[str] = mapped_column(PlainText)
    reply: Mapped[str] = mapped_column(PlainText, default="")
    reply_note: Mapped[str] = mapped_column(PlainText, default="")
    replied_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Wording(Base):
    """统一表述建议: how the office proposes to word one field alike in several entries; each section answers its own.

    `find` is the phrase that `text` takes the place of; empty, `text` is the whole field.
    """

    __tablename__ = "wording"

    id: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(PlainText)
    find: Mapped[str] = mapped_column(PlainText, default="")
    text: Mapped[str] = mapped_column(PlainText)
    reason: Mapped[str] = mapped_column(PlainText)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class WordingItem(Base):
    """One entry of a proposed wording: its field before and after, and what its section answered."""

    __tablename__ = "wording_item"
    __table_args__ = (
        CheckConstraint(_one_of("state", WORDING_STATES), name="state"),
        Index("uq_wording_item", "wording_id", "record_id", unique=True),
        Index(
            "uq_wording_item_open",
            "record_id",
            "field",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wording_id: Mapped[int] = mapped_column(ForeignKey("wording.id"))
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    field: Mapped[str] = mapped_column(PlainText)  # as of its wording; kept here for the index
    before: Mapped[str] = mapped_column(PlainText)
    after: Mapped[str] = mapped_column(PlainText)
    state: Mapped[str] = mapped_column(PlainText, default="open")
    reason: Mapped[str] = mapped_column(PlainText, default="")  # of a section that declines
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who answered
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Batch(Base):
    """The written result of a meeting, a circulation or an outside level for one or many items, with exceptions.

    Recorded by one person; counts only when another has verified it.
    """

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint(_one_of("form", FORMS), name="form"),
        CheckConstraint(_one_of("state", ("recorded", "verified", "refused")), name="state"),
        CheckConstraint("verified_by IS NULL OR verified_by <> recorded_by", name="second_person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(PlainText)
    form: Mapped[str] = mapped_column(PlainText)
    document: Mapped[str] = mapped_column(PlainText)  # 文号, as written on the paper
    decided_on: Mapped[date]
    note: Mapped[str] = mapped_column(PlainText, default="")
    state: Mapped[str] = mapped_column(PlainText, default="recorded")
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    request_key: Mapped[str | None] = mapped_column(PlainText, unique=True)

    items: Mapped[list["BatchItem"]] = relationship(back_populates="batch", order_by="BatchItem.id")


class BatchItem(Base):
    """One item of a recorded result."""

    __tablename__ = "batch_item"
    __table_args__ = (
        CheckConstraint(_one_of("outcome", OUTCOMES), name="outcome"),
        Index("uq_batch_item_seat", "batch_id", "seat_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    digest: Mapped[str] = mapped_column(PlainText)
    outcome: Mapped[str] = mapped_column(PlainText)
    note: Mapped[str] = mapped_column(PlainText, default="")

    batch: Mapped[Batch] = relationship(back_populates="items")


class Approval(Base):
    """The end of a review, or the taking over of what was approved on paper: this revision may be in an edition."""

    __tablename__ = "approval"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), unique=True)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"))
    document: Mapped[str] = mapped_column(PlainText, default="")
    decided_on: Mapped[date]
    lines: Mapped[str] = mapped_column(PlainText)  # JSON [{stage, post, date, document}]: what the public sees of it
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    revision: Mapped[Revision] = relationship()
