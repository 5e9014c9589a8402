"""Tables of complaints: what came in, what was done about it, who it came from (sealed), and what lives elsewhere."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.complaints.kinds import CHANNELS, CONCLUSIONS, KINDS, SYSTEMS
from webapp.complaints.stages import STATES, Event
from webapp.db import Base, PlainText, UtcDateTime


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _keys(pairs: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(key for key, _ in pairs)


class Complaint(Base):
    """A complaint or opinion of our own. `subject` and `content` never name who it came from: see `ComplaintIdentity`.

    `is_about_office`: the leading group's office is the target, so the leading group handles it (supervision.md 3.2).
    `assignee_id` is who looks into it now; `drafted_by` and `approved_by` are those of the reply that stands.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint(_one_of("kind", _keys(KINDS)), name="kind"),
        CheckConstraint(_one_of("channel", _keys(CHANNELS)), name="channel"),
        CheckConstraint(_one_of("state", _keys(STATES)), name="state"),
        CheckConstraint(f"conclusion = '' OR {_one_of('conclusion', _keys(CONCLUSIONS))}", name="conclusion"),
        # Who answers is not who approves, and neither is the person complained of: the database says so too:
        # where one of two is not there, the check holds.
        CheckConstraint("approved_by <> drafted_by", name="two_people"),
        CheckConstraint("assignee_id <> about_person_id", name="wall"),
        UniqueConstraint("year", "number"),
        Index("ix_complaint_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int | None]  # of the series, with the number; both None until it is registered
    number: Mapped[int | None]
    kind: Mapped[str] = mapped_column(PlainText)
    channel: Mapped[str] = mapped_column(PlainText)
    received_on: Mapped[date]
    subject: Mapped[str] = mapped_column(PlainText)
    content: Mapped[str] = mapped_column(PlainText)
    about_section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"), index=True)
    about_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    is_about_office: Mapped[bool] = mapped_column(default=False)
    power_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), index=True)
    state: Mapped[str] = mapped_column(PlainText, default="received")
    since: Mapped[datetime] = mapped_column(UtcDateTime)  # when this state began
    version: Mapped[int] = mapped_column(default=1)
    cycle: Mapped[int] = mapped_column(default=1)
    reviews: Mapped[int] = mapped_column(default=0)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reply: Mapped[str] = mapped_column(PlainText, default="")
    conclusion: Mapped[str] = mapped_column(PlainText, default="")
    fact: Mapped[str] = mapped_column(PlainText, default="")  # for the finding: no word of the complaint
    basis: Mapped[str] = mapped_column(PlainText, default="")
    severity: Mapped[str] = mapped_column(PlainText, default="")
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    replied_on: Mapped[date | None]
    satisfaction: Mapped[str] = mapped_column(PlainText, default="")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"))
    taken_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ComplaintStep(Base):
    """One act on a complaint; never changed. `day` is when it happened, `at` when it was written down."""

    __tablename__ = "complaint_step"
    __table_args__ = (
        CheckConstraint(_one_of("event", ("take_in", *(str(event) for event in Event))), name="event"),
        Index("ix_complaint_step_complaint", "complaint_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    event: Mapped[str] = mapped_column(PlainText)
    state: Mapped[str] = mapped_column(PlainText)  # that it led to
    cycle: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(PlainText, default="")
    place: Mapped[str] = mapped_column(PlainText, default="")  # where to go, or to whom it went
    document: Mapped[str] = mapped_column(PlainText, default="")
    reply: Mapped[str] = mapped_column(PlainText, default="")
    conclusion: Mapped[str] = mapped_column(PlainText, default="")
    request_key: Mapped[str | None] = mapped_column(PlainText, unique=True)


class ComplaintIdentity(Base):
    """Who a complaint came from, sealed with the key of the instance folder; erased on demand, never deleted."""

    __tablename__ = "complaint_identity"

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(PlainText)  # base64 of nonce and AES-GCM ciphertext; "" once erased
    is_real_name: Mapped[bool]
    may_disclose: Mapped[bool]
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class IdentityLook(Base):
    """One look at an identity, or its erasure, with the reason; never changed."""

    __tablename__ = "identity_look"
    __table_args__ = (CheckConstraint("act IN ('look', 'erase')", name="act"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    act: Mapped[str] = mapped_column(PlainText)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(PlainText)


class ComplaintElsewhere(Base):
    """A matter that lives in another system: its number there, the power concerned, the result. No text, no name."""

    __tablename__ = "complaint_elsewhere"
    __table_args__ = (
        CheckConstraint(_one_of("system", _keys(SYSTEMS)), name="system"),
        UniqueConstraint("system", "reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    system: Mapped[str] = mapped_column(PlainText)
    reference: Mapped[str] = mapped_column(PlainText)
    received_on: Mapped[date]
    power_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), index=True)
    result: Mapped[str] = mapped_column(PlainText, default="")  # a key of CONCLUSIONS, "" while it is open
    result_on: Mapped[date | None]
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DisciplineTransfer(Base):
    """A report about a cadre's discipline that was passed on: two dates and to whom. There is no field for more."""

    __tablename__ = "discipline_transfer"
    __table_args__ = (CheckConstraint("transferred_on >= received_on", name="dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    received_on: Mapped[date]
    transferred_on: Mapped[date]
    body: Mapped[str] = mapped_column(PlainText)
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
