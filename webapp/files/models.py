"""The table of stored files. Its rows never change (triggers in migration 0001): the same content is the same file."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, PlainText, UtcDateTime


class File(Base):
    """One content: where its bytes lie follows from `sha256`. Names belong to whatever refers to it."""

    __tablename__ = "file"
    __table_args__ = (CheckConstraint("size > 0", name="size"), CheckConstraint("length(sha256) = 64", name="sha256"))

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(PlainText, unique=True)
    size: Mapped[int]  # bytes
    media_type: Mapped[str] = mapped_column(PlainText)  # by content
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stored_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
