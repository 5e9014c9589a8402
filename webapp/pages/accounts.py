"""People and accounts for the system administrator, rights and locks for the security administrator."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.limits import is_locked
from webapp.accounts.models import Account, Appointment, Person, Post, RoleTerm, Section
from webapp.organisation.reading import owed_by, to_give
from webapp.policy import SECTION_ROLES, Actor, Role
from webapp.rules import NotFound

PAGE_SIZE = 50
MAX_QUERY = 64
ROLE_WORDS = {
    Role.CLERK: "填报人",
    Role.CHIEF: "科室负责人",
    Role.OFFICE: "领导小组办公室",
    Role.LEGAL: "法制审核",
    Role.SECRECY: "保密审查",
    Role.PUBLISHER: "局办公室(发布复核)",
    Role.LEADER: "局领导",
    Role.DEPUTY: "副组长",
    Role.MEMBER: "领导小组成员",
    Role.INSPECTOR: "督查员",
    Role.SYSADMIN: "系统管理员",
    Role.SECADMIN: "安全管理员",
    Role.AUDITOR: "审计员",
    Role.CITY_OFFICE: "市公开办",
    Role.CITY_GROUP: "市优化领导小组",
}


@dataclass(frozen=True)
class Term:
    """A term in a post or a right, in words."""

    id: int
    label: str
    since: date
    until: date | None


@dataclass(frozen=True)
class PersonRow:
    """A person in a list, with what he holds today or later."""

    id: int
    account: int | None
    name: str
    username: str
    state: str  # of the account, in words
    is_active: bool
    is_locked: bool
    posts: tuple[Term, ...]
    roles: tuple[Term, ...]
    is_self: bool
    late: bool = False


@dataclass(frozen=True)
class PeoplePage:
    """A page of the list of people."""

    rows: tuple[PersonRow, ...]
    q: str
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class PersonPage:
    """One person, with what can be chosen for him."""

    person: PersonRow
    past: tuple[Term, ...]
    post_options: tuple[tuple[str, str], ...]
    role_options: tuple[tuple[str, str], ...]
    section_options: tuple[tuple[str, str], ...]
    today: date
    owed: int  # how many things he has in hand that a successor needs


def people_page(session: Session, *, viewer: Actor, q: str = "", page: int = 1) -> PeoplePage:
    """Return people whose name or sign-in name contains `q`, 50 to a page. Five queries."""
    q = q.strip()[:MAX_QUERY]
    found = select(Person.id).outerjoin(Account, Account.person_id == Person.id)
    if q:
        found = found.where(
            or_(Person.name.contains(q, autoescape=True), Account.username.contains(q.casefold(), autoescape=True)),
        )
    ids = list(session.scalars(found.order_by(Account.is_active.desc().nulls_last(), Person.id)))
    pages = max(1, -(-len(ids) // PAGE_SIZE))
    page = min(page, pages)
    shown = ids[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return PeoplePage(_rows(session, shown, viewer), q, page, pages, len(ids))


def person_page(session: Session, person_id: int, *, viewer: Actor) -> PersonPage:
    """Return one person; raise NotFound."""
    rows = _rows(session, [person_id], viewer)
    if not rows:
        raise NotFound
    today = clock.today()
    sections = session.execute(
        select(Section.id, Section.name, Section.kind).where(Section.closed_on.is_(None)).order_by(Section.position)
    ).all()
    own = tuple((str(section.id), section.name) for section in sections if section.kind != "outside")
    past = [
        *_terms(session, [person_id], before=today)[person_id],
        *_roles(session, [person_id], before=today)[person_id],
    ]
    return PersonPage(
        person=rows[0],
        past=tuple(past),
        post_options=post_options(session),
        role_options=tuple((role.value, _role_option(role)) for role in Role),
        section_options=(("", "全局(不限科室)"), *own),
        today=today,
        owed=len(to_give(owed_by(session, person_id))),
    )


def post_options(session: Session) -> tuple[tuple[str, str], ...]:
    """Return the posts of now to choose from, by section; one query."""
    posts = session.execute(
        select(Post.id, Post.name, Section.name.label("section"))
        .join(Section, Section.id == Post.section_id)
        .where(Post.closed_on.is_(None), Section.closed_on.is_(None))
        .order_by(Section.position, Post.id),
    )
    return tuple((str(post.id), f"{post.section} {post.name}") for post in posts)


def _role_option(role: Role) -> str:
    return f"{ROLE_WORDS[role]}{'(须选科室)' if role in SECTION_ROLES else ''}"


def _rows(session: Session, ids: list[int], viewer: Actor) -> tuple[PersonRow, ...]:
    people = {
        row.id: row
        for row in session.execute(
            select(
                Person.id,
                Person.name,
                Account.id.label("account"),
                Account.username,
                Account.is_active,
                Account.locked_until,
                Account.failed_attempts,
                Account.must_change_password,
            )
            .outerjoin(Account, Account.person_id == Person.id)
            .where(Person.id.in_(ids)),
        )
    }
    posts, roles = _terms(session, ids), _roles(session, ids)
    now, rows = clock.wall_now(), []
    for person_id in ids:
        if person_id not in people:
            continue
        row = people[person_id]
        locked = is_locked(row.locked_until, now)
        rows.append(
            PersonRow(
                id=row.id,
                account=row.account,
                name=row.name,
                username=row.username or "",
                state=_state(has_account=row.account is not None, active=bool(row.is_active), locked=locked)
                + ("(待换密码)" if row.is_active and row.must_change_password else ""),
                is_active=bool(row.is_active),
                is_locked=locked or bool(row.failed_attempts),
                posts=tuple(posts[row.id]),
                roles=tuple(roles[row.id]),
                is_self=row.id == viewer.person,
                late=locked,
            ),
        )
    return tuple(rows)


def _state(*, has_account: bool, active: bool, locked: bool) -> str:
    if not has_account:
        return "没有账号"
    if not active:
        return "已停用"
    return "已锁定" if locked else "在用"


def _terms(session: Session, ids: list[int], *, before: date | None = None) -> dict[int, list[Term]]:
    """Return terms in posts by person: those of today or later, or those that ended before a day."""
    ended = (
        Appointment.until < before if before else or_(Appointment.until.is_(None), Appointment.until >= clock.today())
    )
    terms: dict[int, list[Term]] = defaultdict(list)
    for row in session.execute(
        select(
            Appointment.id,
            Appointment.person_id,
            Appointment.since,
            Appointment.until,
            Appointment.is_acting,
            Post.name,
            Section.name.label("section"),
        )
        .select_from(Appointment)
        .join(Post, Post.id == Appointment.post_id)
        .join(Section, Section.id == Post.section_id)
        .where(Appointment.person_id.in_(ids), ended)
        .order_by(Appointment.since, Appointment.id),
    ):
        label = f"{row.section} {row.name}{'(代理)' if row.is_acting else ''}"
        terms[row.person_id].append(Term(row.id, label, row.since, row.until))
    return terms


def _roles(session: Session, ids: list[int], *, before: date | None = None) -> dict[int, list[Term]]:
    """Return rights by person: those of today or later, or those that ended before a day."""
    ended = RoleTerm.until < before if before else or_(RoleTerm.until.is_(None), RoleTerm.until >= clock.today())
    terms: dict[int, list[Term]] = defaultdict(list)
    for row in session.execute(
        select(RoleTerm.id, RoleTerm.person_id, RoleTerm.role, RoleTerm.since, RoleTerm.until, Section.name)
        .outerjoin(Section, Section.id == RoleTerm.section_id)
        .where(RoleTerm.person_id.in_(ids), ended)
        .order_by(RoleTerm.since, RoleTerm.id),
    ):
        label = ROLE_WORDS[Role(row.role)] + (f"({row.name})" if row.name else "")
        terms[row.person_id].append(Term(row.id, label, row.since, row.until))
    return terms
