"""Tables of editions and of what was taken back. An item points to an approval: nothing unapproved is in an edition."""

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
        # What only takes away is issued at once by one person (practice.md: take down, urgent).
        CheckConstraint("released_by IS NULL OR released_by <> prepared_by OR is_reduction", name="second_person"),
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
    is_reduction: Mapped[bool] = mapped_column(default=False)  # issued by a withdrawal: the one before, less something
    # JSON of what else the bundle was made of (`remaking.frame_of`): names and addresses of that day.
    frame: Mapped[str] = mapped_column(PlainText)


class EditionItem(Base):
    """One record in an edition, as approved."""

    __tablename__ = "edition_item"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"), index=True)


class Withdrawal(Base):
    """A power taken back from the public with a reason: every bundle shows a neutral notice in its place.

    One that is lifted lets the power into the next edition again; in the bundles stored anew the notice stays.
    """

    __tablename__ = "withdrawal"
    __table_args__ = (
        CheckConstraint("is_lifted = (lifted_by IS NOT NULL)", name="lifting"),
        Index(
            "uq_withdrawal_standing",
            "record_id",
            unique=True,
            sqlite_where=text("NOT is_lifted"),
            postgresql_where=text("NOT is_lifted"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    reason: Mapped[str] = mapped_column(PlainText)
    document: Mapped[str] = mapped_column(PlainText)
    withdrawn_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_lifted: Mapped[bool] = mapped_column(default=False)
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lift_reason: Mapped[str] = mapped_column(PlainText, default="")
    lift_document: Mapped[str] = mapped_column(PlainText, default="")


class Replacement(Base):
    """A bundle of a released edition was stored anew for a withdrawal: folder and digest of the one it replaced."""

    __tablename__ = "replacement"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    withdrawal_id: Mapped[int] = mapped_column(ForeignKey("withdrawal.id"), index=True)
    folder: Mapped[str] = mapped_column(PlainText)
    manifest_digest: Mapped[str] = mapped_column(PlainText)
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PublicWords(Base):
    """A table the public search stands on: `synonyms` (everyday word → formal term) or `who_handles` (谁来管)."""

    __tablename__ = "public_words"

    key: Mapped[str] = mapped_column(PlainText, primary_key=True)
    rows: Mapped[str] = mapped_column(PlainText)  # JSON list of objects, as in the sample's csv files
