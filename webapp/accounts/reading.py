"""Who is who today: actors with their rights, sections, the leading group. Only reads."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, Date, Row, bindparam, or_, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import (
    GROUP_POSTS,
    Account,
    Appointment,
    Bureau,
    GroupMember,
    Person,
    Post,
    RoleTerm,
    Section,
    SectionChange,
)
from webapp.policy import Actor, Grant, Role
from webapp.rules import NotFound


@dataclass(frozen=True)
class GroupSeat:
    """Somebody's place in the leading group."""

    post: str
    person: str
    since: date
    until: date | None


def is_current(
    term: type[Appointment] | type[RoleTerm] | type[GroupMember],
    day: date | BindParameter[date],
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions under which a term runs on a day; both ends count."""
    return term.since <= day, or_(term.until.is_(None), term.until >= day)


def actor_of(session: Session, account_id: int) -> Actor | None:
    """Return the person behind an active account with the rights of today; None where there is none. Three queries."""
    row = session.execute(_BY_ACCOUNT, {"account": account_id}).one_or_none()
    return _actor(session, row) if row else None


def actors_of(session: Session, people: Collection[int]) -> dict[int, Actor]:
    """Return these people as actors, those with an account in use; three queries, however many they are."""
    day, chosen = clock.today(), sorted(people)
    rows = session.execute(_ACTORS.where(Account.person_id.in_(chosen))).all()
    grants: dict[int, set[Grant]] = {}
    held = select(RoleTerm.person_id, RoleTerm.role, RoleTerm.section_id)
    for row in session.execute(held.where(RoleTerm.person_id.in_(chosen), *is_current(RoleTerm, day))):
        grants.setdefault(row.person_id, set()).add(Grant(Role(row.role), row.section_id))
    posts: dict[int, list[tuple[str, int]]] = {}
    seated = (
        select(Appointment.person_id, Section.name, Post.name.label("post"), Section.id)
        .select_from(Appointment)
        .join(Post, Post.id == Appointment.post_id)
        .join(Section, Section.id == Post.section_id)
    )
    for seat in session.execute(
        seated.where(Appointment.person_id.in_(chosen), *is_current(Appointment, day)).order_by(Appointment.id)
    ):
        posts.setdefault(seat.person_id, []).append((f"{seat.name} {seat.post}", seat.id))
    return {
        person: Actor(
            account=account,
            person=person,
            name=name,
            username=username,
            post=posts[person][0][0] if person in posts else "",
            grants=frozenset(grants.get(person, ())),
            sections=frozenset(section for _, section in posts.get(person, ())),
        )
        for account, person, username, name in rows
    }


def actor_by_username(session: Session, username: str) -> Actor | None:
    """Return the actor of an active account by its canonical name."""
    row = session.execute(_BY_USERNAME, {"username": username}).one_or_none()
    return _actor(session, row) if row else None


def sections(session: Session) -> list[Section]:
    """Return the sections of now in their order."""
    return list(
        session.scalars(select(Section).where(Section.closed_on.is_(None)).order_by(Section.position, Section.id))
    )


def section_ids_by_name(session: Session) -> dict[str, int]:
    """Return the section that every name means today, also a former one: what was merged means its successor.

    Revisions keep the names they were written with, so this is how an old text is placed. Two queries.
    """
    rows = session.execute(select(Section.id, Section.name, Section.successor_id)).all()
    successors = {row.id: row.successor_id for row in rows}

    def standing(section: int) -> int:
        while (successor := successors.get(section)) is not None:
            section = successor
        return section

    former = session.execute(select(SectionChange.old_name, SectionChange.section_id).order_by(SectionChange.id))
    found = {row.old_name: standing(row.section_id) for row in former if row.old_name}
    return {**found, **{row.name: standing(row.id) for row in rows}}


def section_by_name(session: Session, name: str) -> Section:
    """Return a section by its name; raise NotFound with a sentence."""
    found = session.scalars(select(Section).where(Section.name == name.strip())).one_or_none()
    if found is None:
        raise NotFound(f"本局没有名为“{name.strip()[:60]}”的科室，请核对科室名称。")
    return found


def bureau(session: Session) -> Bureau | None:
    """Return the bureau's own row; None before it was loaded."""
    return session.get(Bureau, 1)


def bureau_values(bureau: Bureau | None) -> dict[str, str]:
    """Return what is kept of the bureau itself, as the form of the settings has it."""
    if bureau is None:
        return {}
    return {
        "name": bureau.name,
        "code_prefix": bureau.code_prefix,
        "index_prefix": bureau.index_prefix,
        "group_document": bureau.group_document,
        "host": str(bureau.host_section_id or ""),
    }


def host_section(session: Session) -> Section | None:
    """Return the section in which the leading group's office sits; its own items have a first reviewer by name."""
    return session.scalars(select(Section).join(Bureau, Bureau.host_section_id == Section.id)).one_or_none()


def leading_group(session: Session, day: date) -> list[GroupSeat]:
    """Return who sat in the leading group on a day, in the order of the posts."""
    rows = session.execute(
        select(GroupMember.post, Person.name, GroupMember.since, GroupMember.until, GroupMember.id)
        .join(Person, Person.id == GroupMember.person_id)
        .where(*is_current(GroupMember, day)),
    ).all()
    ordered = sorted(rows, key=lambda row: (GROUP_POSTS.index(row.post), row.id))
    return [GroupSeat(row.post, row.name, row.since, row.until) for row in ordered]


def _actor(session: Session, row: Row[int, int, str, str]) -> Actor:
    account, person, username, name = row
    asked = {"person": person, "day": clock.today()}
    held = session.execute(_ROLES, asked).all()
    posts = session.execute(_POSTS, asked).all()
    return Actor(
        account=account,
        person=person,
        name=name,
        username=username,
        post=f"{posts[0][1]} {posts[0][0]}" if posts else "",
        grants=frozenset(Grant(Role(role), section) for role, section in held),
        sections=frozenset(section for _, _, section in posts),
    )


# Asked with every request: building a statement costs more than running it.
_ACTORS = (
    select(Account.id, Account.person_id, Account.username, Person.name)
    .join(Person, Person.id == Account.person_id)
    .where(Account.is_active)
)
_BY_ACCOUNT = _ACTORS.where(Account.id == bindparam("account"))
_BY_USERNAME = _ACTORS.where(Account.username == bindparam("username"))
_DAY = bindparam("day", type_=Date())
_ROLES = select(RoleTerm.role, RoleTerm.section_id).where(
    RoleTerm.person_id == bindparam("person"),
    *is_current(RoleTerm, _DAY),
)
_POSTS = (
    select(Post.name, Section.name, Section.id)
    .select_from(Appointment)
    .join(Post, Post.id == Appointment.post_id)
    .join(Section, Section.id == Post.section_id)
    .where(Appointment.person_id == bindparam("person"), *is_current(Appointment, _DAY))
    .order_by(Appointment.id)
)
