"""Signing in and out, one's own password, the way home, and the health check."""

from urllib.parse import quote, unquote, urlsplit

from flask import Blueprint, Response, request, session
from flask_login import current_user

from webapp.accounts import signing_in
from webapp.policy import Permission
from webapp.web import sessions
from webapp.web.context import home_of
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import form_errors
from webapp.web.routes import current_actor, database, end_reading, route, settings, viewer, writing

blueprint = Blueprint("sign_in", __name__)
_MAX_NEXT = 500


@route(blueprint, "/healthz", permission=Permission.PUBLIC)
def healthz() -> Response:
    """Say that the app answers; nothing about what it stands on."""
    return Response("ok", mimetype="text/plain")


@route(blueprint, "/", permission=Permission.PUBLIC)
def home() -> Response:
    """Send everybody to where his work begins."""
    actor = viewer()
    return see_other(home_of(actor) if actor else "/sign-in")


@route(blueprint, "/sign-in", permission=Permission.PUBLIC)
def sign_in() -> Response:
    """Show the form; who is signed in already goes on."""
    actor = viewer()
    if actor is not None:
        return see_other(safe_next(request.args.get("next")) or home_of(actor))
    return answer("accounts/sign_in.html", next_address=safe_next(request.args.get("next")))


@route(blueprint, "/sign-in", permission=Permission.PUBLIC, methods=["POST"])
def new_sign_in() -> Response:
    """Check name and password and begin a new sign-in."""
    next_address = safe_next(request.form.get("next"))
    end_reading()
    with form_errors() as problems:
        begun = signing_in.sign_in(
            database(),
            username=request.form.get("username", ""),
            password=request.form.get("password", ""),
            address=request.remote_addr or "",
            replaces=session.get("_user_id"),
            password_days=settings().password_days,
        )
    if problems:
        return answer(
            "accounts/sign_in.html",
            next_address=next_address,
            problems=problems,
            typed={"username": request.form.get("username", "")[:100]},
            status=problems.status,
        )
    sessions.begin(begun.token, begun.actor, must_change_password=begun.must_change_password)
    return see_other("/password" if begun.must_change_password else next_address or home_of(begun.actor))


@route(blueprint, "/sign-out", permission=Permission.SIGNED_IN, methods=["POST"], beside_password=True)
def sign_out() -> Response:
    """End this sign-in, here and on the server."""
    by = current_actor()
    with writing() as writer:
        signing_in.sign_out(writer, current_user.token, by=by)
    sessions.end()
    toast("已退出登录。")
    return see_other("/sign-in")


@route(blueprint, "/password", permission=Permission.SIGNED_IN, beside_password=True)
def password() -> Response:
    """Show the form for one's own password."""
    return answer("accounts/password.html", must_change=current_user.must_change_password)


@route(blueprint, "/password", permission=Permission.SIGNED_IN, methods=["POST"], beside_password=True)
def new_password() -> Response:
    """Change one's own password; every other sign-in of the person ends."""
    by = current_actor()
    end_reading()
    with form_errors() as problems:
        begun = signing_in.change_password(
            database(),
            old=request.form.get("old_password", ""),
            new=request.form.get("new_password", ""),
            again=request.form.get("new_password_again", ""),
            by=by,
        )
    if problems:
        return answer(
            "accounts/password.html",
            must_change=current_user.must_change_password,
            problems=problems,
            status=problems.status,
        )
    sessions.begin(begun.token, begun.actor, must_change_password=False)
    toast("密码已更换，其他地方的登录已全部结束。")
    return see_other(home_of(by))


def safe_next(text: str | None) -> str | None:
    """Return where to go after signing in, if it is a plain path of ours; else None (AUTH-10)."""
    if not text or len(text) > _MAX_NEXT or not text.startswith("/"):
        return None
    plain = unquote(unquote(text))
    if "//" in plain.partition("?")[0] or "\\" in plain or any(ord(char) < ord(" ") for char in plain + text):
        return None
    parts = urlsplit(text)
    if parts.scheme or parts.netloc or any(part in {".", ".."} for part in unquote(parts.path).split("/")):
        return None
    if parts.path in {"/sign-in", "/sign-out"}:
        return None
    return quote(text, safe="/?&=%:;,+~*!()'@-._")
