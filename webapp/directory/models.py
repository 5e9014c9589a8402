"""Table of the directory's versions: an edit is a new version, so an edition can say which numbers it printed."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime


class DirectoryVersion(Base):
    """The whole table as it stood from one edit to the next."""

    __tablename__ = "directory_version"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contacts: Mapped[str] = mapped_column(PlainText)  # JSON: key → contact, as in directory.json
    digest: Mapped[str] = mapped_column(PlainText)
    is_approved: Mapped[bool] = mapped_column(default=False)
    edited_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
