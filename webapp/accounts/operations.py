"""What administrators do to people, their accounts, posts and rights. Loading a bureau's people is in `loading.py`.

The three administrators are apart: the system administrator keeps people, accounts and posts, the security
administrator rights and locks, the auditor only reads. None of them may hold a second of these roles or a working role.
Every change is one journal entry; names and reasons stand in it only as digests, so that they can be erased.
"""

from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Account, Appointment, Person, Post, RoleTerm, Section
from webapp.accounts.passwords import NewPassword, canonical_username
from webapp.accounts.signing_in import end_sign_ins
from webapp.digests import sha256_hex
from webapp.journal import operations as journal
from webapp.policy import ADMINISTRATORS, OUTSIDE, SECTION_ROLES, Actor, Permission, Role
from webapp.rules import NotAllowed, NotFound, RuleBroken

MAX_NAME, MAX_NUMBER = 40, 20
_Row = TypeVar("_Row", Person, Post, Section, Account, Appointment, RoleTerm)
_WORDS = {
    "person": "人员",
    "post": "岗位",
    "section": "科室",
    "account": "账号",
    "appointment": "任职",
    "term": "权限",
}
_EARLIEST = date(1949, 10, 1)


def create_person_with_account(
    session: Session,
    *,
    name: str,
    username: str,
    password: NewPassword,
    number: str = "",
    post_id: int | None = None,
    by: Actor,
) -> Account:
    """Take a person in, with an account whose one-time password he must change, in a post from today if one is given.

    Rights are granted by another. `number` is the personnel number (工号), nobody else's.
    """
    _require(by, Permission.MANAGE_ACCOUNTS)
    person = Person(name=_checked_name(name), number=_checked_number(session, number))
    canonical = canonical_username(username)
    if session.scalar(select(Account.id).where(Account.username == canonical)) is not None:
        raise RuleBroken("已有这个登录名(全角半角、大小写视为相同)，请另取一个。", "username")
    account = Account(
        person=person,
        username=canonical,
        password_hash=password.hash,
        password_set_at=clock.wall_now(),
        must_change_password=True,
    )
    session.add_all([person, account])
    session.flush()
    facts: dict[str, object] = {"person": person.id, "name": sha256_hex(person.name), "username": sha256_hex(canonical)}
    if post_id is not None:
        post = _standing_post(session, post_id)
        session.add(Appointment(person_id=person.id, post_id=post.id, since=clock.today()))
        facts["post"] = post.id
    session.flush()
    journal.write(session, by, "create_account", f"account:{account.id}", facts)
    return account


def disable_account(session: Session, account_id: int, *, by: Actor) -> None:
    """Close an account; every sign-in of it is dead at its next request."""
    _require(by, Permission.MANAGE_ACCOUNTS)
    account = _locked_account(session, account_id)
    if account.id == by.account:
        raise RuleBroken("不能停用自己的账号，请由另一位系统管理员办理。")
    if not account.is_active:
        raise RuleBroken("该账号已经停用，无需再办。")
    account.is_active = False
    end_sign_ins(session, account.id)
    journal.write(session, by, "disable_account", f"account:{account.id}", {})


def enable_account(session: Session, account_id: int, *, by: Actor) -> None:
    """Open a closed account again; its password stays."""
    _require(by, Permission.MANAGE_ACCOUNTS)
    account = _locked_account(session, account_id)
    if account.is_active:
        raise RuleBroken("该账号正在使用，无需启用。")
    account.is_active = True
    journal.write(session, by, "enable_account", f"account:{account.id}", {})


def reset_password(session: Session, account_id: int, password: NewPassword, *, by: Actor | None) -> None:
    """Give an account a one-time password; `by` is None for the operator at the server.

    Only he may do it for the security administrator and the auditor: a system administrator who could would be them.
    """
    if by is not None:
        _require(by, Permission.MANAGE_ACCOUNTS)
    account = _locked_account(session, account_id)
    guarded = ADMINISTRATORS - {Role.SYSADMIN}
    if by is not None and guarded & {Role(term.role) for term in _open_terms(session, account.person_id)}:
        raise NotAllowed("安全管理员和审计员的密码只能由运维人员在服务器上重置，系统管理员不能代办。")
    if by is not None and account.id == by.account:
        raise RuleBroken("更换自己的密码请到“更换密码”页办理。")
    account.password_hash, account.password_set_at = password.hash, clock.wall_now()
    account.must_change_password = True
    end_sign_ins(session, account.id)
    journal.write(session, by, "reset_password", f"account:{account.id}", {})


def unlock_account(session: Session, account_id: int, *, by: Actor) -> None:
    """Lift the lock that wrong passwords brought about, before its time."""
    _require(by, Permission.MANAGE_RIGHTS)
    account = _locked_account(session, account_id)
    if account.locked_until is None and account.failed_attempts == 0:
        raise RuleBroken("该账号没有锁定，无需解锁。")
    account.locked_until, account.failed_attempts = None, 0
    journal.write(session, by, "unlock_account", f"account:{account.id}", {})


def appoint(
    session: Session,
    *,
    person_id: int,
    post_id: int,
    since: date,
    until: date | None = None,
    is_acting: bool = False,
    by: Actor,
) -> Appointment:
    """Put a person into a post for a term. A post carries no rights by itself."""
    _require(by, Permission.MANAGE_ACCOUNTS)
    person, post = _existing(session, Person, person_id, "person"), _standing_post(session, post_id)
    _check_term(since, until)
    same = select(Appointment.id).where(Appointment.person_id == person.id, Appointment.post_id == post.id)
    if session.scalar(same.where(*_overlapping(Appointment, since, until)).limit(1)) is not None:
        raise RuleBroken("该同志在这段时间已任此岗位，请核对起止日期。", "since")
    term = Appointment(person_id=person.id, post_id=post.id, since=since, until=until, is_acting=is_acting)
    session.add(term)
    session.flush()
    facts = {"post": post.id, "since": since.isoformat(), "until": _iso(until), "acting": is_acting}
    journal.write(session, by, "appoint", f"person:{person.id}", facts)
    return term


def end_appointment(session: Session, appointment_id: int, *, person_id: int, last_day: date, by: Actor) -> None:
    """Let a term in a post end. Rights for a section in which the person then has no post end with it (AUTHZ-06)."""
    _require(by, Permission.MANAGE_ACCOUNTS)
    term = _existing(session, Appointment, appointment_id, "appointment", lock=True)
    _check_owner(term, person_id)
    if term.until is not None and term.until <= last_day:
        raise RuleBroken("该任期已经结束，无需再办。", "last_day")
    if last_day < term.since:
        raise RuleBroken("结束日期不能早于任期开始的日期。", "last_day")
    term.until = last_day
    session.flush()
    ended = _end_section_roles(session, term.person_id, term.post.section_id, last_day)
    facts = {"post": term.post_id, "since": term.since.isoformat(), "until": last_day.isoformat(), "roles": ended}
    journal.write(session, by, "end_appointment", f"person:{term.person_id}", facts)


def grant_role(
    session: Session,
    *,
    person_id: int,
    role: Role,
    section_id: int | None = None,
    since: date,
    until: date | None = None,
    by: Actor,
) -> RoleTerm:
    """Grant a right for a term that begins today or later; the person signs in again (AUTH-07, AUTHZ-07)."""
    _require(by, Permission.MANAGE_RIGHTS)
    # The person's row is the lock: two grants that exclude each other cannot both pass.
    person = _existing(session, Person, person_id, "person", lock=True)
    if person.id == by.person:
        raise NotAllowed("安全管理员不能给自己授权。")
    _check_term(since, until)
    if since < clock.today():
        raise RuleBroken("权限最早从今天起，不能倒填日期。", "since")
    if (role in SECTION_ROLES) != (section_id is not None):
        needs = "请选择所属科室。" if role in SECTION_ROLES else "该权限针对全局，不能限定科室。"
        raise RuleBroken(needs, "section")
    if section_id is not None:
        section = _existing(session, Section, section_id, "section")
        if section.kind == "outside":
            raise RuleBroken("局外单位没有填报人和科室负责人，请另选科室。", "section")
        if section.closed_on is not None:
            raise RuleBroken("该科室已经撤并，请另选科室。", "section")
    for term in session.scalars(
        select(RoleTerm).where(RoleTerm.person_id == person.id, *_overlapping(RoleTerm, since, until)),
    ):
        _check_together(role, section_id, term)
    granted = RoleTerm(person_id=person.id, role=role, section_id=section_id, since=since, until=until)
    session.add(granted)
    session.flush()
    _end_person_sign_ins(session, person.id)
    facts = {"role": str(role), "section": section_id, "since": since.isoformat(), "until": _iso(until)}
    journal.write(session, by, "grant_role", f"person:{person.id}", facts)
    return granted


def end_role(session: Session, term_id: int, *, person_id: int, last_day: date | None = None, by: Actor) -> None:
    """Take a right away, at once or (with `last_day`, today or later) after a day; sign-ins end at once."""
    _require(by, Permission.MANAGE_RIGHTS)
    term = _existing(session, RoleTerm, term_id, "term", lock=True)
    _check_owner(term, person_id)
    if term.person_id == by.person:
        raise NotAllowed("安全管理员不能变动自己的权限。")
    today = clock.today()
    if last_day is not None and last_day < today:
        raise RuleBroken("最后一天不能早于今天；要马上收回的，请不填日期。", "last_day")
    if term.until is not None and term.until < (last_day or today):
        raise RuleBroken("该权限已经到期，无需再办。", "last_day")
    facts = {"role": term.role, "section": term.section_id, "since": term.since.isoformat(), "until": _iso(last_day)}
    _end_term(session, term, last_day)
    _end_person_sign_ins(session, term.person_id)
    journal.write(session, by, "end_role", f"person:{term.person_id}", facts)


def _check_owner(term: Appointment | RoleTerm, person_id: int) -> None:
    if term.person_id != person_id:
        raise NotFound("没有找到您选择的这一项，可能刚刚有变动。请刷新页面后再试。")


def _end_term(session: Session, term: RoleTerm, last_day: date | None) -> None:
    # A term counts its last day, so what ends at once ended yesterday; what began today is as if it had not been.
    end = last_day if last_day is not None else clock.today() - timedelta(days=1)
    if end < term.since:
        session.delete(term)
    else:
        term.until = end
    session.flush()


def _end_section_roles(session: Session, person_id: int, section_id: int, last_day: date) -> int:
    others = select(Appointment.id).join(Post).where(Appointment.person_id == person_id, Post.section_id == section_id)
    if session.scalar(others.where(or_(Appointment.until.is_(None), Appointment.until > last_day)).limit(1)):
        return 0
    at_once = last_day < clock.today()
    terms = [
        term
        for term in _open_terms(session, person_id)
        if term.section_id == section_id and (term.until is None or term.until > last_day)
    ]
    for term in terms:
        _end_term(session, term, None if at_once else last_day)
    if terms:
        _end_person_sign_ins(session, person_id)
    return len(terms)


def _check_together(role: Role, section_id: int | None, term: RoleTerm) -> None:
    held = Role(term.role)
    if held is role and term.section_id == section_id:
        raise RuleBroken("该同志在这段时间已有此项权限，请核对起止日期。", "role")
    if held is role:
        return
    if {held, role} <= ADMINISTRATORS:
        raise RuleBroken("系统管理员、安全管理员、审计员须由三人分别担任，一人不能兼任。", "role")
    if {held, role} & ADMINISTRATORS:
        raise RuleBroken("管理员不能同时办理业务：请先收回其原有权限，或另选一人。", "role")
    if {held, role} & OUTSIDE:
        raise RuleBroken("局外单位人员不能兼有本局的权限。", "role")


def _require(by: Actor, permission: Permission) -> None:
    if not by.may(permission):
        raise NotAllowed("您的岗位没有办理此事的权限。")


def _checked_name(text: str) -> str:
    name = text.strip()
    if not name:
        raise RuleBroken("请填写姓名。", "name")
    if len(name) > MAX_NAME or any(not char.isprintable() for char in name):
        raise RuleBroken(f"姓名最多{MAX_NAME}个字，不能有换行和无法显示的字符。", "name")
    return name


def _checked_number(session: Session, text: str) -> str | None:
    number = text.strip()
    if not number:
        return None
    if not (number.isascii() and number.isalnum() and len(number) <= MAX_NUMBER):
        raise RuleBroken(f"工号只能用字母和数字，最多{MAX_NUMBER}位。", "number")
    if session.scalar(select(Person.id).where(Person.number == number)) is not None:
        raise RuleBroken("已有人员使用这个工号，请核对。", "number")
    return number


def _standing_post(session: Session, post_id: int) -> Post:
    post = _existing(session, Post, post_id, "post")
    if post.closed_on is not None:
        raise RuleBroken("该岗位已经撤销，请另选岗位。", "post")
    return post


def _check_term(since: date, until: date | None) -> None:
    if since < _EARLIEST:
        raise RuleBroken("开始日期有误，请核对年份。", "since")
    if until is not None and until < since:
        raise RuleBroken("结束日期不能早于开始日期。", "until")


def _overlapping(
    term: type[Appointment] | type[RoleTerm],
    since: date,
    until: date | None,
) -> tuple[ColumnElement[bool], ...]:
    begins_before_end = (term.since <= until,) if until is not None else ()
    return (or_(term.until.is_(None), term.until >= since), *begins_before_end)


def _open_terms(session: Session, person_id: int) -> list[RoleTerm]:
    day = clock.today()
    return list(
        session.scalars(
            select(RoleTerm).where(
                RoleTerm.person_id == person_id, or_(RoleTerm.until.is_(None), RoleTerm.until >= day)
            ),
        ),
    )


def _end_person_sign_ins(session: Session, person_id: int) -> None:
    account = session.scalar(select(Account.id).where(Account.person_id == person_id))
    if account is not None:
        end_sign_ins(session, account)


def _locked_account(session: Session, account_id: int) -> Account:
    return _existing(session, Account, account_id, "account", lock=True)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _existing(session: Session, model: type[_Row], row_id: int, field: str, *, lock: bool = False) -> _Row:
    found = session.get(model, row_id, with_for_update={"of": model} if lock else None)
    if found is None:
        raise NotFound(f"没有找到您选择的{_WORDS[field]}，可能刚刚有变动。请刷新页面后再试。")
    return found
