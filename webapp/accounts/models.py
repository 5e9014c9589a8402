"""Tables of people and of who they are in the bureau at which time."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, PlainText, UtcDateTime
from webapp.policy import Role

SECTION_KINDS = ("leadership", "section", "committee", "outside")
GROUP_POSTS = ("组长", "副组长", "成员")
SECTION_CHANGES = ("added", "renamed", "merged", "split")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class Bureau(Base):
    """The bureau itself: one row of names and of what other counties call differently."""

    __tablename__ = "bureau"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(PlainText)
    code_prefix: Mapped[str] = mapped_column(PlainText)
    index_prefix: Mapped[str] = mapped_column(PlainText, default="")  # 索引号 before the slash
    group_document: Mapped[str] = mapped_column(PlainText, default="")  # 文号 that set up the leading group
    host_section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))  # where its office sits


class Section(Base):
    """A unit of the bureau (科室、直属单位、党组织), or an outside body."""

    __tablename__ = "section"
    __table_args__ = (CheckConstraint(_one_of("kind", SECTION_KINDS), name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(PlainText, unique=True)
    slug: Mapped[str] = mapped_column(PlainText, unique=True)
    kind: Mapped[str] = mapped_column(PlainText)
    contact: Mapped[str] = mapped_column(PlainText, default="")  # key into the directory
    position: Mapped[int] = mapped_column(default=0)  # order on screen and paper
    closed_on: Mapped[date | None]  # the first day on which it was no more
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))  # where its matters went


class SectionChange(Base):
    """What became of a section on a day, under which document; a former name stays known through it."""

    __tablename__ = "section_change"
    __table_args__ = (CheckConstraint(_one_of("kind", SECTION_CHANGES), name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    kind: Mapped[str] = mapped_column(PlainText)
    old_name: Mapped[str] = mapped_column(PlainText, default="")
    new_name: Mapped[str] = mapped_column(PlainText, default="")
    other_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))  # merged into, split off from
    day: Mapped[date]
    document: Mapped[str] = mapped_column(PlainText)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Post(Base):
    """A position in a section; public, unlike the person who holds it."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("section_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    name: Mapped[str] = mapped_column(PlainText)
    purpose: Mapped[str] = mapped_column(PlainText, default="")
    closed_on: Mapped[date | None]  # the first day on which it was no more


class Person(Base):
    """Somebody who works here or did."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(PlainText)
    note: Mapped[str] = mapped_column(PlainText, default="")
    number: Mapped[str | None] = mapped_column(PlainText, unique=True)  # 工号

    account: Mapped["Account | None"] = relationship(back_populates="person", uselist=False)


class Account(Base):
    """The one account a person signs in with. `username` is stored in canonical form (NFKC, casefold, trimmed)."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    username: Mapped[str] = mapped_column(PlainText, unique=True)
    password_hash: Mapped[str] = mapped_column(PlainText)
    password_set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="account", lazy="joined")


class Appointment(Base):
    """A person's term in a post; both days included, an open end is None."""

    __tablename__ = "appointment"
    __table_args__ = (CheckConstraint("until IS NULL OR until >= since", name="term"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]
    is_acting: Mapped[bool] = mapped_column(default=False)

    post: Mapped[Post] = relationship(lazy="joined")


class RoleTerm(Base):
    """A person's term in a role, for one section or (None) for the whole bureau."""

    __tablename__ = "role_term"
    __table_args__ = (
        CheckConstraint(_one_of("role", tuple(Role)), name="role"),
        CheckConstraint("until IS NULL OR until >= since", name="term"),
        Index("ix_role_term_role", "role", "section_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(PlainText)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    since: Mapped[date]
    until: Mapped[date | None]


class GroupMember(Base):
    """A person's term in the leading group (领导小组)."""

    __tablename__ = "group_member"
    __table_args__ = (CheckConstraint(_one_of("post", GROUP_POSTS), name="post"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    post: Mapped[str] = mapped_column(PlainText)
    since: Mapped[date]
    until: Mapped[date | None]


class SignIn(Base):
    """One sign-in on one machine, kept on the server: deleting the row ends it at the next request."""

    __tablename__ = "sign_in"

    token_digest: Mapped[str] = mapped_column(PlainText, primary_key=True)  # SHA-256 of the token in the cookie
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship(lazy="joined")
