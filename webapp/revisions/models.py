"""Tables of records. A draft changes; a revision never does (triggers in migration 0001)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime

RECORD_KINDS = ("power", "flow", "withholding")
STAGES = (
    "draft",
    "returned",
    "section_review",
    "office_review",
    "bureau_decision",
    "city_review",
    "city_decision",
    "filing",
    "approved",
    "withheld",
    "stopped",
    "merged",
)
FACES = ("draft", "review", "approved")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Record(Base):
    """Anything that is reviewed: a power's entry, a chart, a withholding."""

    __tablename__ = "record"
    __table_args__ = (
        UniqueConstraint("kind", "code"),
        CheckConstraint(_one_of("kind", RECORD_KINDS), name="kind"),
        CheckConstraint(_one_of("stage", STAGES), name="stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(PlainText)
    code: Mapped[str | None] = mapped_column(PlainText)  # a power's code, a chart's or withholding's number
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    stage: Mapped[str] = mapped_column(PlainText, default="draft")
    # Who brought it in for a section that is not his own; he sees the draft until the section takes it up.
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withheld_by: Mapped[int | None] = mapped_column(ForeignKey("record.id"))  # the decided withholding of this power
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Of a power whose withholding ended: it is pending (待定) until its next approval, whatever it says.
    is_reopened: Mapped[bool] = mapped_column(default=False)


class Draft(Base):
    """The working copy of a record; `version` counts saves. `body` is JSON in the contract's shape and key order."""

    __tablename__ = "draft"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    body: Mapped[str] = mapped_column(PlainText)
    clauses: Mapped[str] = mapped_column(PlainText, default="{}")  # field -> id of the shared clause it shows
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_by: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012 - SQLAlchemy's form


class DraftEditor(Base):
    """A person who touched the record since its last approval, and so may not review it."""

    __tablename__ = "draft_editor"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class Autosave(Base):
    """What somebody typed into one panel of a draft and did not save yet; not journalled, his own eyes only."""

    __tablename__ = "autosave"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    panel: Mapped[str] = mapped_column(PlainText, primary_key=True)
    seen_version: Mapped[int]
    content: Mapped[str] = mapped_column(PlainText)  # JSON list of [name, value] as typed
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WarningReason(Base):
    """Why an entry or chart stays as it is although a rule warns of it; holds while the rule says the same (`mark`)."""

    __tablename__ = "warning_reason"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(PlainText, primary_key=True)
    mark: Mapped[str] = mapped_column(PlainText)
    reason: Mapped[str] = mapped_column(PlainText)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Revision(Base):
    """An immutable snapshot in two canonical documents; `digest` is SHA-256 over both digests and names it."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("record_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(PlainText, unique=True)
    public_digest: Mapped[str] = mapped_column(PlainText)
    internal_digest: Mapped[str] = mapped_column(PlainText)
    public: Mapped[str] = mapped_column(PlainText)
    internal: Mapped[str] = mapped_column(PlainText)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Listing(Base):
    """What lists and searches see of a record: one row per face.

    `draft`: the working copy, for the own section. `review`: the last submitted revision, for everybody else who may
    see the record. `approved`: the approved one, for the catalogue. `stage` is the stage as that face shows it, so a
    draft begun on an approved entry is not seen from outside the section.
    """

    __tablename__ = "listing"
    __table_args__ = (
        CheckConstraint(_one_of("face", FACES), name="face"),
        CheckConstraint(_one_of("stage", STAGES), name="stage"),
        # One page of a list in its order, and the counts of its filters, are read from these two alone.
        Index(
            "ix_listing_page", "kind", "face", "sort_key", "record_id", "section_id", "entered_by", "category", "stage"
        ),
        Index("ix_listing_counts", "kind", "face", "category", "section_id", "stage", "entered_by", "involved"),
    )

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    face: Mapped[str] = mapped_column(PlainText, primary_key=True)
    kind: Mapped[str] = mapped_column(PlainText)
    code: Mapped[str] = mapped_column(PlainText, default="")
    name: Mapped[str] = mapped_column(PlainText)
    category: Mapped[str] = mapped_column(PlainText)  # of a chart: its audience
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    involved: Mapped[str] = mapped_column(PlainText, default="")  # joint and support sections, as "|3|7|"
    entered_by: Mapped[int] = mapped_column(default=0)  # person, 0 for nobody
    disclosure: Mapped[str] = mapped_column(PlainText, default="")
    verdict: Mapped[str] = mapped_column(PlainText, default="")
    direction: Mapped[str] = mapped_column(PlainText, default="")
    stage: Mapped[str] = mapped_column(PlainText)
    stage_since: Mapped[datetime] = mapped_column(UtcDateTime)
    sort_key: Mapped[str] = mapped_column(PlainText)
    search_text: Mapped[str] = mapped_column(PlainText)


class RecordLink(Base):
    """What a face of a record refers to: a chart by number, an edition of a law, a power by code."""

    __tablename__ = "record_link"
    __table_args__ = (Index("ix_record_link_target", "target_kind", "target"),)

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    face: Mapped[str] = mapped_column(PlainText, primary_key=True)
    target_kind: Mapped[str] = mapped_column(PlainText, primary_key=True)
    target: Mapped[str] = mapped_column(PlainText, primary_key=True)
