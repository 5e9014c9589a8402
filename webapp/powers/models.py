"""Table of the shared clauses (共用条款): text kept once per category and section, shown where it is used."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
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
