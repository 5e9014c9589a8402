"""Who is signed in: flask-login over a row on the server. The cookie holds a random token, the row its digest.

The row ends the sign-in: gone after signing out, a change of password, a reset, disabling or a change of rights, and
dead when idle or too old. Limits run on the machine's time; a clock set back prolongs nothing (AUD-08).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, Response, current_app, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy import bindparam, select, update

from webapp import clock
from webapp.accounts.limits import is_alive, is_worn_out
from webapp.accounts.models import Account, SignIn
from webapp.accounts.reading import actor_of
from webapp.db import Busy
from webapp.digests import sha256_hex
from webapp.policy import Actor
from webapp.web.routes import database, reading, settings

SEEN_EVERY = timedelta(minutes=1)  # how often a visit is written down


_SIGN_IN = (
    select(SignIn.account_id, SignIn.started_at, SignIn.seen_at, Account.must_change_password, Account.password_set_at)
    .join(Account, Account.id == SignIn.account_id)
    .where(SignIn.token_digest == bindparam("digest"))
)


@dataclass(frozen=True)
class SignedIn:
    """Somebody signed in, as flask-login wants to see it."""

    token: str
    actor: Actor
    must_change_password: bool
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what the cookie holds."""
        return self.token


class CookieSession(SecureCookieSessionInterface):
    """The signed cookie, marked Secure where the request came over TLS (directly or through a trusted proxy)."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Leave files of ours alone: they are the same for everybody and must not vary by cookie."""
        if request.endpoint != "static":
            super().save_session(app, session, response)

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - the base class's
        """Say whether the cookie may travel only over TLS."""
        return request.is_secure


def set_up_sessions(app: Flask) -> None:
    """Give an app its cookie and its way to know who is signed in."""
    app.session_interface = CookieSession()
    app.config.update(
        SESSION_COOKIE_NAME="zhiquan",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_NAME="zhiquan-unused",  # never set: a remember cookie would outlive the row
    )
    manager = LoginManager()
    # The row decides, not the address and browser the cookie came with: proxies change those.
    manager.session_protection = None
    manager.user_loader(load_signed_in)
    manager.init_app(app, add_context_processor=False)


def load_signed_in(token: str) -> SignedIn | None:
    """Return who a token stands for, or None; writes the visit down at most once a minute."""
    found = reading().execute(_SIGN_IN, {"digest": sha256_hex(token)}).one_or_none()
    now = clock.wall_now()
    if found is None or not is_alive(found.started_at, found.seen_at, now):
        return None
    actor = actor_of(reading(), found.account_id)
    if actor is None:
        return None
    if now - found.seen_at >= SEEN_EVERY:
        _write_visit(token, now)
    due = found.must_change_password or is_worn_out(found.password_set_at, settings().password_days, now)
    return SignedIn(token, actor, due)


def _write_visit(token: str, now: datetime) -> None:
    reading().rollback()  # a request never holds two connections
    try:
        with database().writing() as session:
            session.execute(update(SignIn).where(SignIn.token_digest == sha256_hex(token)).values(seen_at=now))
    except Busy:
        current_app.logger.warning("a visit could not be written down, database busy")


def begin(token: str, actor: Actor, *, must_change_password: bool) -> None:
    """Put a new sign-in into the cookie; whatever the cookie held before is gone (SESS-01)."""
    session.clear()
    login_user(SignedIn(token, actor, must_change_password))
    session.pop("_id", None)  # flask-login's mark of the browser, which we do not ask for


def end() -> None:
    """Empty the cookie."""
    logout_user()
    session.clear()
