"""The bureau as it stands on a day: the leading group, sections, posts, and who holds them. Names stay inside."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Appointment, Person, Post, Section, SectionChange
from webapp.accounts.reading import GroupSeat, bureau, is_current, leading_group
from webapp.policy import ADMINISTRATORS, Actor, Permission

PATH = "/organisation"
KIND_WORDS = {"leadership": "局领导", "section": "科室", "committee": "委员会", "outside": "局外单位"}


@dataclass(frozen=True)
class Holder:
    """Somebody in a post."""

    name: str
    since: date
    until: date | None
    is_acting: bool


@dataclass(frozen=True)
class PostRow:
    """A post and who holds it on the day."""

    id: int
    name: str
    purpose: str
    holders: tuple[Holder, ...]


@dataclass(frozen=True)
class SectionRow:
    """A section with its posts; `anchor` is its id on the page."""

    name: str
    anchor: str
    address: str
    kind: str
    is_host: bool
    posts: tuple[PostRow, ...]


@dataclass(frozen=True)
class OrganisationPage:
    """What the screen shows; `not_mine` says to an administrator who keeps all this, where he does not."""

    day: date
    group: tuple[GroupSeat, ...]
    group_document: str
    host_section: str
    sections: tuple[SectionRow, ...]
    may_manage: bool
    not_mine: str


def organisation_page(session: Session, day: date, *, viewer: Actor) -> OrganisationPage:
    """Return the organisation on a day, past or present. Six queries, whatever its size."""
    own = bureau(session)
    posts = posts_on(session, day)
    sections = session.execute(
        select(Section.id, Section.name, Section.slug, Section.kind)
        .where(or_(Section.closed_on.is_(None), Section.closed_on > day))
        .order_by(Section.position, Section.id),
    ).all()
    # A name stands on a day until the change that took it away.
    former: dict[int, str] = {}
    later: set[int] = set()
    for row in session.execute(
        select(SectionChange.section_id, SectionChange.kind, SectionChange.old_name)
        .where(SectionChange.day > day)
        .order_by(SectionChange.id.desc())
    ):
        if row.kind in {"added", "split"}:
            later.add(row.section_id)
        elif row.old_name:
            former[row.section_id] = row.old_name
    host = own.host_section_id if own else None
    may_manage = viewer.may(Permission.MANAGE_ORGANISATION)
    return OrganisationPage(
        day=day,
        group=tuple(leading_group(session, day)),
        group_document=own.group_document if own else "",
        host_section=next((section.name for section in sections if section.id == host), ""),
        sections=tuple(
            SectionRow(
                former.get(section.id, section.name),
                f"section-{section.slug}",
                f"{PATH}/sections/{section.id}",
                KIND_WORDS[section.kind],
                section.id == host,
                tuple(posts[section.id]),
            )
            for section in sections
            if section.id not in later
        ),
        may_manage=may_manage,
        not_mine="" if may_manage or not viewer.roles & ADMINISTRATORS else _NOT_MINE,
    )


def posts_on(session: Session, day: date, section: int | None = None) -> dict[int, list[PostRow]]:
    """Return the posts of every section on a day, or of one, with who holds them; two queries."""
    holders: dict[int, list[Holder]] = defaultdict(list)
    for row in session.execute(
        select(Appointment.post_id, Person.name, Appointment.since, Appointment.until, Appointment.is_acting)
        .join(Person, Person.id == Appointment.person_id)
        .where(*is_current(Appointment, day))
        .order_by(Appointment.since, Appointment.id),
    ):
        holders[row.post_id].append(Holder(row.name, row.since, row.until, row.is_acting))
    posts: dict[int, list[PostRow]] = defaultdict(list)
    chosen = () if section is None else (Post.section_id == section,)
    for post in session.execute(
        select(Post.id, Post.section_id, Post.name, Post.purpose)
        .where(or_(Post.closed_on.is_(None), Post.closed_on > day), *chosen)
        .order_by(Post.id)
    ):
        posts[post.section_id].append(PostRow(post.id, post.name, post.purpose, tuple(holders[post.id])))
    return posts


_NOT_MINE = (
    "科室、岗位、任职和领导小组由系统管理员登记；安全管理员只授予和收回权限、解除锁定，审计员只查阅日志，"
    "均不能在这里办理。"
)
