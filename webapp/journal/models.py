"""Tables of the journal, its head and the security log. Triggers (migration 0001) forbid changing an entry."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime


class JournalEntry(Base):
    """One act: what was done to what, by whom. `facts` is canonical JSON and holds digests, never erasable text."""

    __tablename__ = "journal_entry"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    account: Mapped[int | None]  # None: the installation itself (init, tick)
    person: Mapped[int | None]
    action: Mapped[str] = mapped_column(PlainText)
    subject: Mapped[str] = mapped_column(PlainText, index=True)  # kind:id, e.g. "power:7"
    facts: Mapped[str] = mapped_column(PlainText)
    previous: Mapped[str] = mapped_column(PlainText, unique=True)
    hash: Mapped[str] = mapped_column(PlainText, unique=True)


class JournalHead(Base):
    """The one row that names the last entry; locked by every writer, so that the chain cannot fork."""

    __tablename__ = "journal_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(PlainText)


class SecurityEvent(Base):
    """Refusals, sign-ins and reads of marked things: not acts, so not in the chain."""

    __tablename__ = "security_event"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[str] = mapped_column(PlainText)
    account: Mapped[int | None]
    address: Mapped[str] = mapped_column(PlainText, default="")
    detail: Mapped[str] = mapped_column(PlainText, default="")
