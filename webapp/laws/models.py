"""Tables of the law library: a document, its editions with dates in force, its short names, old → new articles."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, PlainText


class Law(Base):
    """A law, policy or rule by its short formal name (水污染防治法)."""

    __tablename__ = "law"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(PlainText, unique=True)
    full_name: Mapped[str] = mapped_column(PlainText, default="")
    rank: Mapped[str] = mapped_column(PlainText, default="")  # 法律, 行政法规, … as written

    versions: Mapped[list["LawVersion"]] = relationship(order_by="LawVersion.in_force", lazy="selectin")
    aliases: Mapped[list["LawAlias"]] = relationship(order_by="LawAlias.name", lazy="selectin")


class LawVersion(Base):
    """One edition of a law and when it was in force: from `in_force`, up to the day before `repealed`."""

    __tablename__ = "law_version"
    __table_args__ = (UniqueConstraint("law_id", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    law_id: Mapped[int] = mapped_column(ForeignKey("law.id"))
    edition: Mapped[str] = mapped_column(PlainText)
    document: Mapped[str] = mapped_column(PlainText, default="")
    in_force: Mapped[date | None]
    repealed: Mapped[date | None]
    replaced_by_law: Mapped[str] = mapped_column(PlainText, default="")
    replaced_by_edition: Mapped[str] = mapped_column(PlainText, default="")
    is_checked: Mapped[bool] = mapped_column(default=False)  # its dates were compared with an official text


class Article(Base):
    """An article of one edition by its place in the one spelling (第48条第1款), with its text where there is one."""

    __tablename__ = "article"
    __table_args__ = (UniqueConstraint("version_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("law_version.id"), index=True)
    place: Mapped[str] = mapped_column(PlainText)
    position: Mapped[int]  # order within the law
    content: Mapped[str] = mapped_column(PlainText, default="")
    is_checked: Mapped[bool] = mapped_column(default=False)  # compared with an official text


class LawAlias(Base):
    """A short or everyday name of a law."""

    __tablename__ = "law_alias"

    name: Mapped[str] = mapped_column(PlainText, primary_key=True)
    law_id: Mapped[int] = mapped_column(ForeignKey("law.id"), index=True)


class ArticleSuccessor(Base):
    """An article and what replaced it in a later edition or another law."""

    __tablename__ = "article_successor"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_law: Mapped[str] = mapped_column(PlainText)
    from_edition: Mapped[str] = mapped_column(PlainText)
    from_article: Mapped[str] = mapped_column(PlainText)
    to_law: Mapped[str] = mapped_column(PlainText)
    to_edition: Mapped[str] = mapped_column(PlainText)
    to_article: Mapped[str] = mapped_column(PlainText)
    change: Mapped[str] = mapped_column(PlainText, default="")
    is_substantive: Mapped[bool]
    is_checked: Mapped[bool] = mapped_column(default=False)
