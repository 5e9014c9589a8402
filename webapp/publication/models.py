"""Tables of editions. An item points to an approval, so nothing unapproved can be in an edition."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime

AUDIENCES = ("public", "bureau")


class Edition(Base):
    """A numbered, frozen set of approved revisions, its bundle stored when prepared; released by another person."""

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("audience", "number"),
        CheckConstraint("audience IN ('public', 'bureau')", name="audience"),
        CheckConstraint("state IN ('prepared', 'released')", name="state"),
        CheckConstraint("released_by IS NULL OR released_by <> prepared_by", name="second_person"),
        CheckConstraint("(state = 'released') = (released_by IS NOT NULL)", name="release"),
        Index(
            "uq_edition_prepared",
            "audience",
            unique=True,
            sqlite_where=text("state = 'prepared'"),
            postgresql_where=text("state = 'prepared'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(PlainText)
    number: Mapped[int]
    day: Mapped[date]  # 公开日期 as it stands in the bundle
    state: Mapped[str] = mapped_column(PlainText, default="prepared")
    folder: Mapped[str] = mapped_column(PlainText)  # name under the editions folder
    manifest_digest: Mapped[str] = mapped_column(PlainText)
    previous_digest: Mapped[str | None] = mapped_column(PlainText)
    item_count: Mapped[int]
    directory_version: Mapped[int | None] = mapped_column(ForeignKey("directory_version.number"))  # as printed
    prepared_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    release_document: Mapped[str] = mapped_column(PlainText, default="")  # 审批单号


class EditionItem(Base):
    """One record in an edition, as approved."""

    __tablename__ = "edition_item"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"), index=True)


class Withdrawal(Base):
    """A record taken back from the public with a reason; the next edition leaves it out, old ones show a notice."""

    __tablename__ = "withdrawal"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    reason: Mapped[str] = mapped_column(PlainText)
    document: Mapped[str] = mapped_column(PlainText)
    withdrawn_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_lifted: Mapped[bool] = mapped_column(default=False)


class PublicWords(Base):
    """A table the public search stands on: `synonyms` (everyday word → formal term) or `who_handles` (谁来管)."""

    __tablename__ = "public_words"

    key: Mapped[str] = mapped_column(PlainText, primary_key=True)
    rows: Mapped[str] = mapped_column(PlainText)  # JSON list of objects, as in the sample's csv files
