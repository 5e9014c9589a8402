"""Tables of the campaign: its plan, meetings and tasks, nil returns, and what each section hands in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime

MEETING_KINDS = ("mobilisation", "training")
ATTENDANCES = ("present", "missing")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Campaign(Base):
    """A campaign; one is open at a time. `version` counts the saves of plan and task sheet."""

    __tablename__ = "campaign"
    __table_args__ = (
        Index(
            "uq_campaign_open", "is_open", unique=True, sqlite_where=text("is_open"), postgresql_where=text("is_open")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(PlainText)
    is_open: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BasisDocument(Base):
    """A document the campaign stands on; the scan itself lies elsewhere, `scan` says where."""

    __tablename__ = "campaign_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    position: Mapped[int]
    number: Mapped[str] = mapped_column(PlainText)  # 文号, as written on the paper
    dated_on: Mapped[date | None]
    title: Mapped[str] = mapped_column(PlainText)
    scan: Mapped[str] = mapped_column(PlainText, default="")


class Phase(Base):
    """A phase exactly as the document dates it: never moved off a rest day. An open end is None (9月1日起)."""

    __tablename__ = "campaign_phase"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="term"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(PlainText)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    work: Mapped[str] = mapped_column(PlainText, default="")


class InnerDate(Base):
    """A date the office sets inside a phase, by the key of `phases.INNER_DATES`."""

    __tablename__ = "campaign_inner_date"
    __table_args__ = (UniqueConstraint("campaign_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    key: Mapped[str] = mapped_column(PlainText)
    day: Mapped[date]


class Task(Base):
    """A row of the task sheet (任务分解表): what a section does, who is responsible, until when."""

    __tablename__ = "campaign_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    position: Mapped[int]
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    content: Mapped[str] = mapped_column(PlainText)
    responsible: Mapped[str] = mapped_column(PlainText)
    due_on: Mapped[date]


class Meeting(Base):
    """The mobilisation meeting (动员会) or a training (培训): notice before, minutes after."""

    __tablename__ = "campaign_meeting"
    __table_args__ = (CheckConstraint(_one_of("kind", MEETING_KINDS), name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    kind: Mapped[str] = mapped_column(PlainText)
    title: Mapped[str] = mapped_column(PlainText)
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(PlainText, default="")
    notice: Mapped[str] = mapped_column(PlainText, default="")
    minutes: Mapped[str] = mapped_column(PlainText, default="")
    version: Mapped[int] = mapped_column(default=1)


class Attendance(Base):
    """Whether a section was there; one that was missing may be trained later (`made_up_on`)."""

    __tablename__ = "campaign_attendance"
    __table_args__ = (CheckConstraint(_one_of("state", ATTENDANCES), name="state"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("campaign_meeting.id"), primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), primary_key=True)
    state: Mapped[str] = mapped_column(PlainText)
    made_up_on: Mapped[date | None]


class NilReturn(Base):
    """经清理，本科室无此类职权: a section says that it holds no power of a category, and on what basis (三定)."""

    __tablename__ = "nil_return"
    __table_args__ = (
        Index(
            "uq_nil_return_standing",
            "campaign_id",
            "section_id",
            "category",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    category: Mapped[str] = mapped_column(PlainText)
    basis: Mapped[str] = mapped_column(PlainText)
    declared_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("package_signature.id"))
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: an item of the category appeared
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(PlainText, default="")


class Package(Base):
    """What a section hands in (科室报送材料). `report`: JSON, the texts of the parts of `report.PARTS` by key."""

    __tablename__ = "package"
    __table_args__ = (UniqueConstraint("campaign_id", "section_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    report: Mapped[str] = mapped_column(PlainText, default="{}")
    version: Mapped[int] = mapped_column(default=1)
    scan: Mapped[str] = mapped_column(PlainText, default="")  # where the signed paper's scan lies
    scanned_on: Mapped[date | None]


class PackageSignature(Base):
    """A chief's signature under a package: the sentence of truth, and how many items it took along."""

    __tablename__ = "package_signature"

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    behalf_of: Mapped[str] = mapped_column(PlainText, default="")
    statement: Mapped[str] = mapped_column(PlainText)
    report: Mapped[str] = mapped_column(PlainText)  # as it stood when it was signed
    request_key: Mapped[str | None] = mapped_column(PlainText, unique=True)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PackageItem(Base):
    """An item under a signature: gone on with it, or refused with the reason."""

    __tablename__ = "package_item"

    signature_id: Mapped[int] = mapped_column(ForeignKey("package_signature.id"), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True, index=True)
    digest: Mapped[str] = mapped_column(PlainText)
    refused: Mapped[str] = mapped_column(PlainText, default="")  # why it did not go on, "" where it did
