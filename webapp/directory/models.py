"""Tables of the directory: its versions, the changes that lead to them, and who dialled which number when.

A change of one contact waits for a second person; approved, it makes a new version of the whole table, so an edition
can say which numbers it printed. Dialling changes no version.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime

CHANGE_STATES = ("open", "approved", "refused", "recalled")
RESULTS = ("right", "wrong", "silent")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class DirectoryVersion(Base):
    """The whole table as it stood from one approval to the next."""

    __tablename__ = "directory_version"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contacts: Mapped[str] = mapped_column(PlainText)  # JSON: key → contact, as in directory.json
    digest: Mapped[str] = mapped_column(PlainText)
    is_approved: Mapped[bool] = mapped_column(default=False)
    edited_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who approved it; None: loaded
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DirectoryChange(Base):
    """What somebody proposes for one contact; another person approves or refuses it."""

    __tablename__ = "directory_change"
    __table_args__ = (
        CheckConstraint(_one_of("state", CHANGE_STATES), name="state"),
        CheckConstraint("state NOT IN ('approved', 'refused') OR decided_by <> proposed_by", name="second_person"),
        CheckConstraint("(state = 'approved') = (version IS NOT NULL)", name="version"),
        Index(
            "uq_directory_change_open",
            "key",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(PlainText, index=True)
    contact: Mapped[str] = mapped_column(PlainText)  # JSON of the contact as it is to be; "" takes it out
    before: Mapped[str] = mapped_column(PlainText)  # digest of the contact as it stood, "" where there was none
    reason: Mapped[str] = mapped_column(PlainText)
    state: Mapped[str] = mapped_column(PlainText, default="open")
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reply: Mapped[str] = mapped_column(PlainText, default="")
    version: Mapped[int | None] = mapped_column(ForeignKey("directory_version.number"))


class Dialling(Base):
    """Somebody dialled the number of a contact: which number, on which day, with what result."""

    __tablename__ = "dialling"
    __table_args__ = (CheckConstraint(_one_of("result", RESULTS), name="result"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(PlainText, index=True)
    phone: Mapped[str] = mapped_column(PlainText)
    day: Mapped[date]
    result: Mapped[str] = mapped_column(PlainText)
    note: Mapped[str] = mapped_column(PlainText, default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
