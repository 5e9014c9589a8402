"""Operations of signing in and out, and one's own password. What others do to an account is in `operations.py`.

`sign_in` and `change_password` take the database, not a session: a password is hashed for 22 ms, and never while a
transaction that writes is open.
"""

import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts import passwords
from webapp.accounts.limits import ABSOLUTE, LOCKED_FOR, MAX_ATTEMPTS, is_locked, is_worn_out
from webapp.accounts.models import Account, SignIn
from webapp.accounts.reading import actor_of
from webapp.db import Database
from webapp.digests import sha256_hex
from webapp.journal import operations as journal
from webapp.policy import Actor
from webapp.rules import RuleBroken

# The same words whatever was wrong, so that nobody learns which names exist (AUTH-01).
_REFUSED = (
    f"登录名或密码不正确，或该账号现在不能登录。连续输错{MAX_ATTEMPTS}次将锁定{LOCKED_FOR.seconds // 60}分钟；"
    "忘记密码的请联系系统管理员，需要解锁的请联系安全管理员。"
)

# The person is joined from outside, and PostgreSQL locks no such row.
_ACCOUNT_ONLY = {"of": Account}


@dataclass(frozen=True)
class Begun:
    """A sign-in just begun: what goes into the cookie, and who it is."""

    token: str
    actor: Actor
    must_change_password: bool


def sign_in(
    database: Database,
    *,
    username: str,
    password: str,
    address: str = "",
    replaces: str | None = None,
    password_days: int = 0,
) -> Begun:
    """Begin a sign-in; raise RuleBroken, with the same sentence, for an unknown, disabled or locked account.

    Five wrong passwords lock the account for 15 minutes, counted in the database and so by all workers. `replaces` is
    the token of a sign-in this one takes the place of. One security event each, whatever happens.
    """
    try:
        name = passwords.canonical_username(username)
    except RuleBroken:
        name = ""
    with database.reading() as session:
        known = session.execute(select(Account.id, Account.password_hash).where(Account.username == name)).one_or_none()
    fits = passwords.verify_password(password, known.password_hash if known else None)
    with database.writing() as session:
        account_id, seen_hash = (known.id, known.password_hash) if known else (0, "")
        begun = _decide(session, account_id, fits=fits, seen_hash=seen_hash, password_days=password_days)
        kind = "signed_in" if begun else "sign_in_refused"
        detail = f"name:{sha256_hex(name)[:16]}" if begun is None else ""
        journal.note_security_event(session, kind, account=known.id if known else None, address=address, detail=detail)
        if begun and replaces:
            session.execute(delete(SignIn).where(SignIn.token_digest == sha256_hex(replaces)))
    if begun is None:
        raise RuleBroken(_REFUSED)
    return begun


def sign_out(session: Session, token: str, *, by: Actor, address: str = "") -> None:
    """End one sign-in; its row is gone, so a copy of the cookie is worth nothing."""
    session.execute(delete(SignIn).where(SignIn.token_digest == sha256_hex(token), SignIn.account_id == by.account))
    journal.note_security_event(session, "signed_out", account=by.account, address=address)


def change_password(database: Database, *, old: str, new: str, again: str, by: Actor) -> Begun:
    """Change one's own password and end all of one's sign-ins; returns the new one that goes on. One journal entry.

    A wrong old password counts like a wrong sign-in.
    """
    with database.reading() as session:
        account = session.get_one(Account, by.account)
    if not passwords.verify_password(old, account.password_hash):
        with database.writing() as session:
            _count_wrong(session, session.get_one(Account, by.account, with_for_update=_ACCOUNT_ONLY))
        raise RuleBroken("原密码不正确，密码没有更换。请重新填写。", "old_password")
    if new != again:
        raise RuleBroken("两次填写的新密码不一致，请重新填写。", "new_password_again")
    if new == old:
        raise RuleBroken("新密码与原密码相同，请换一个。", "new_password")
    made = passwords.make_password(new, by.username)
    with database.writing() as session:
        current = session.get_one(Account, by.account, with_for_update=_ACCOUNT_ONLY)
        if (
            current.password_hash != account.password_hash
            or not current.is_active
            or is_locked(current.locked_until, clock.wall_now())
        ):
            raise RuleBroken("账号刚刚有变动，密码没有更换。请重新登录后再试。")
        current.password_hash, current.password_set_at = made.hash, clock.wall_now()
        current.must_change_password, current.failed_attempts, current.locked_until = False, 0, None
        end_sign_ins(session, by.account)
        journal.write(session, by, "change_password", f"account:{by.account}", {})
        return Begun(_new_row(session, by.account), by, must_change_password=False)


def end_sign_ins(session: Session, account_id: int) -> None:
    """End every sign-in of an account; each is dead at its next request (AUTH-07)."""
    session.execute(delete(SignIn).where(SignIn.account_id == account_id))


def _decide(session: Session, account_id: int, *, fits: bool, seen_hash: str, password_days: int) -> Begun | None:
    account = session.get(Account, account_id, with_for_update=_ACCOUNT_ONLY)
    if account is None:
        # The same statement as for a wrong password, on no row: the answer takes the same time.
        session.execute(update(Account).where(Account.id == account_id).values(failed_attempts=0))
        return None
    if is_locked(account.locked_until, clock.wall_now()):
        return None  # also for the right password, and for one that was checked before the lock
    if not fits or account.password_hash != seen_hash or not account.is_active:
        _count_wrong(session, account)
        return None
    actor = actor_of(session, account_id)
    if actor is None:
        return None
    account.failed_attempts, account.locked_until = 0, None
    due = account.must_change_password or is_worn_out(account.password_set_at, password_days, clock.wall_now())
    return Begun(_new_row(session, account_id), actor, due)


def _count_wrong(session: Session, account: Account) -> None:
    account.failed_attempts = 1 if account.locked_until is not None else account.failed_attempts + 1
    account.locked_until = None
    if account.failed_attempts >= MAX_ATTEMPTS:
        account.locked_until = clock.wall_now() + LOCKED_FOR
        end_sign_ins(session, account.id)
        journal.note_security_event(session, "locked", account=account.id)
    session.flush()


def _new_row(session: Session, account_id: int) -> str:
    token, now = secrets.token_urlsafe(32), clock.wall_now()
    session.execute(delete(SignIn).where(SignIn.account_id == account_id, SignIn.started_at < now - ABSOLUTE))
    session.add(SignIn(token_digest=sha256_hex(token), account_id=account_id, started_at=now, seen_at=now))
    session.flush()
    return token
