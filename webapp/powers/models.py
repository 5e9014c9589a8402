"""Tables of the shared clauses (共用条款), kept once per category and section, and of what files brought in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime


class SharedClause(Base):
    """One text for one field of every entry of a category in a section; an entry may override it."""

    __tablename__ = "shared_clause"
    __table_args__ = (UniqueConstraint("section_id", "category", "field"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    category: Mapped[str] = mapped_column(PlainText)
    field: Mapped[str] = mapped_column(PlainText)
    content: Mapped[str] = mapped_column(PlainText)
    version: Mapped[int] = mapped_column(default=1)
    edited_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InventoryVerdict(Base):
    """What was decided of a power outside the chain: a duty found missing, an overreach stopped, a stop lifted.

    `day`: until when the duty is to be taken up, from when the power is not exercised, or when lifting was decided.
    """

    __tablename__ = "inventory_verdict"
    __table_args__ = (
        CheckConstraint("verdict IN ('missing', 'overreach', 'resumed')", name="verdict"),
        CheckConstraint("source IN ('section', 'office', 'comparison')", name="source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    verdict: Mapped[str] = mapped_column(PlainText)
    source: Mapped[str] = mapped_column(PlainText, default="section")
    reason: Mapped[str] = mapped_column(PlainText)
    aftermath: Mapped[str] = mapped_column(PlainText, default="")  # 善后, of an overreach
    document: Mapped[str] = mapped_column(PlainText, default="")  # of the decision that lifts a stop
    day: Mapped[date]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ClaimRuling(Base):
    """What the office decided of two entries that looked like one power: one goes into the other, or they differ."""

    __tablename__ = "claim_ruling"
    __table_args__ = (
        CheckConstraint("outcome IN ('merged', 'distinct')", name="outcome"),
        CheckConstraint("kept_id <> other_id", name="two"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    outcome: Mapped[str] = mapped_column(PlainText)
    reason: Mapped[str] = mapped_column(PlainText)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ImportRun(Base):
    """A file somebody brought in: previewed, perhaps corrected, then confirmed.

    `source` is what the file holds and `corrections` what was put right in it, both until it is confirmed; rows that
    hold a secrecy marking are not among it. `lines` are the rows that can be taken.
    """

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("state IN ('previewed', 'confirmed')", name="state"),
        Index("ix_import_run_account", "account_id", "digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    file_name: Mapped[str] = mapped_column(PlainText)
    digest: Mapped[str] = mapped_column(PlainText)  # SHA-256 of the file as it came
    section: Mapped[str] = mapped_column(PlainText, default="")  # overrides what the rows say, "" for no
    state: Mapped[str] = mapped_column(PlainText, default="previewed")
    lines: Mapped[str] = mapped_column(PlainText)  # JSON, see reviews/import_runs.py; "" once confirmed
    report: Mapped[str] = mapped_column(PlainText)  # JSON, see reviews/import_runs.py
    taken: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    content: Mapped[str] = mapped_column(PlainText, default="")  # digest of what the file says, whatever its format
    source: Mapped[str] = mapped_column(PlainText, default="")  # JSON, see reviews/uploads.py; "" once confirmed
    corrections: Mapped[str] = mapped_column(PlainText, default="")  # JSON, see powers/table_columns.py
    version: Mapped[int] = mapped_column(default=1)  # counts readings; a confirmation names the one that was on screen


class HeadingAlias(Base):
    """A heading the bureau's tables use for one of our fields, learned when an import was confirmed."""

    __tablename__ = "heading_alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(PlainText, unique=True)  # as headings are compared
    heading: Mapped[str] = mapped_column(PlainText)  # as it stood in the table
    target: Mapped[str] = mapped_column(PlainText)  # what such a column holds, see powers/table_columns.py
    learned_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    learned_at: Mapped[datetime] = mapped_column(UtcDateTime)
