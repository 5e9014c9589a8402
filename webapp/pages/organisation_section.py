"""One section: its posts, what became of it over time, and what the system administrator may do with it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import GROUP_POSTS, GroupMember, Person, Section, SectionChange
from webapp.pages.accounts import ROLE_WORDS
from webapp.pages.organisation import KIND_WORDS, PATH, PostRow, posts_on
from webapp.policy import Actor, Permission, Role
from webapp.powers import categories
from webapp.revisions.models import Listing
from webapp.rules import NotFound

CHANGE_WORDS = {"added": "设立", "renamed": "更名", "merged": "并入其他科室", "split": "分设"}


@dataclass(frozen=True)
class SectionChangeRow:
    """What became of a section on a day."""

    day: date
    what: str
    document: str
    who: str


@dataclass(frozen=True)
class SectionPage:
    """What the screen shows; `successor` is where everything went."""

    id: int
    name: str
    kind: str
    slug: str
    closed_on: date | None
    successor: str
    successor_address: str
    posts: tuple[PostRow, ...]
    changes: tuple[SectionChangeRow, ...]
    may_manage: bool
    others: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    categories: tuple[tuple[str, str], ...]
    path: str


@dataclass(frozen=True)
class MemberRow:
    """A seat in the leading group, of today or of a time before or to come."""

    id: int
    post: str
    name: str
    since: date
    until: date | None
    is_over: bool


@dataclass(frozen=True)
class GroupPage:
    """The leading group with everybody who ever sat in it, and who can be seated."""

    rows: tuple[MemberRow, ...]
    people: tuple[tuple[str, str], ...]
    posts: tuple[tuple[str, str], ...]
    today: date
    role_hint: str


def section_page(session: Session, section_id: int, day: date, *, viewer: Actor) -> SectionPage:
    """Return one section, also a closed one; raise NotFound. At most seven queries."""
    section = session.get(Section, section_id)
    if section is None:
        raise NotFound
    may_manage = viewer.may(Permission.MANAGE_ORGANISATION) and section.closed_on is None
    successor = session.get(Section, section.successor_id) if section.successor_id else None
    others = session.execute(
        select(Section.id, Section.name)
        .where(Section.closed_on.is_(None), Section.id != section.id)
        .order_by(Section.position, Section.id)
    )
    counts = (
        session.execute(
            select(Listing.category, func.count())
            .where(Listing.section_id == section.id, Listing.face == "draft", Listing.kind == "power")
            .group_by(Listing.category)
        ).all()
        if may_manage
        else ()
    )
    held = {row[0]: row[1] for row in counts}
    return SectionPage(
        id=section.id,
        name=section.name,
        kind=KIND_WORDS[section.kind],
        slug=section.slug,
        closed_on=section.closed_on,
        successor=successor.name if successor else "",
        successor_address=f"{PATH}/sections/{successor.id}" if successor else "",
        posts=tuple(posts_on(session, day, section.id)[section.id]),
        changes=_changes(session, section.id),
        may_manage=may_manage,
        others=tuple((str(row.id), row.name) for row in others) if may_manage else (),
        kinds=tuple(KIND_WORDS.items()),
        categories=tuple((key, f"{words} {held[key]}项") for key, words in categories.OPTIONS if key in held),
        path=f"{PATH}/sections/{section.id}",
    )


def group_page(session: Session, day: date) -> GroupPage:
    """Return the leading group over time, and the people who can be seated. Two queries."""
    rows = session.execute(
        select(GroupMember, Person.name)
        .join(Person, Person.id == GroupMember.person_id)
        .order_by(GroupMember.since, GroupMember.id)
    ).all()
    members = [
        MemberRow(row.id, row.post, name, row.since, row.until, row.until is not None and row.until < day)
        for row, name in rows
    ]
    people = session.execute(select(Person.id, Person.name, Person.number).order_by(Person.name, Person.id))
    return GroupPage(
        rows=tuple(sorted(members, key=lambda row: (row.is_over, GROUP_POSTS.index(row.post), row.id))),
        people=tuple((str(row.id), f"{row.name} {row.number or ''}".strip()) for row in people),
        posts=tuple((post, post) for post in GROUP_POSTS),
        today=day,
        role_hint="、".join(ROLE_WORDS[role] for role in (Role.LEADER, Role.DEPUTY, Role.MEMBER)),
    )


def _changes(session: Session, section: int) -> tuple[SectionChangeRow, ...]:
    one, other = aliased(Section), aliased(Section)
    rows = session.execute(
        select(SectionChange, one.name, other.name, Person.name)
        .join(one, one.id == SectionChange.section_id)
        .outerjoin(other, other.id == SectionChange.other_id)
        .outerjoin(Person, Person.id == SectionChange.person_id)
        .where(or_(SectionChange.section_id == section, SectionChange.other_id == section))
        .order_by(SectionChange.id)
    )
    return tuple(
        SectionChangeRow(row.day, _words(row, section, other_name or ""), row.document, who or "")
        for row, _, other_name, who in rows
    )


def _words(row: SectionChange, section: int, other: str) -> str:
    match row.kind:
        case "added":
            return f"设立{row.new_name}"
        case "renamed":
            return f"由{row.old_name}更名为{row.new_name}"
        case "merged":
            return f"{row.old_name}并入" + (other if row.section_id == section else "本科室")
        case _:
            return f"由{other}分设{row.new_name}" if row.section_id == section else f"分出{row.new_name}"
