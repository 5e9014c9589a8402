"""How a route is declared, and what every view has at hand: the actor, a session to read and one to write.

A view is load, call, answer. The pattern for a page, from the address to the template:

    # webapp/pages/power.py: what the screen shows; a frozen dataclass and a function that only reads
    @dataclass(frozen=True)
    class PowerPage:
        title: str
        ...

    def power_page(session: Session, power_id: int, *, viewer: Actor) -> PowerPage: ...

    # webapp/web/powers.py: found by itself, because the module has a `blueprint`
    blueprint = Blueprint("powers", __name__)

    @route(blueprint, "/powers/<int:power_id>", permission=Permission.SEE_RECORDS)
    def power(power_id: int) -> Response:
        return answer("powers/show.html", page=power_page(reading(), power_id, viewer=current_actor()))

    @route(blueprint, "/powers/<int:power_id>/review-steps", permission=Permission.REVIEW, methods=["POST"])
    def review_steps(power_id: int) -> Response:
        by = current_actor()
        with form_errors() as problems, writing() as session:      # from web/errors.py; see there
            operations.take_step(session, power_id, ..., by=by)
        if problems:                                               # the form again, with what was typed
            page = power_page(reading(), power_id, viewer=by)
            return answer("powers/show.html", block="review", page=page, problems=problems, typed=request.form,
                          status=problems.status)
        toast("已送科室审核。")
        return done(f"/powers/{power_id}", "powers/show.html", block="review",
                    context=lambda: {"page": power_page(reading(), power_id, viewer=by)})

    {# templates/powers/show.html: blocks title, heading, actions, main of base.html; panels are blocks inside main #}

A view that only reads never opens `writing()`. Errors it does not catch (`NotFound`, `NotAllowed`, `Stale`, …) become
a page or a fragment in `web/errors.py`. Every template has the names listed in `web/context.py`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from flask import Blueprint, Flask, Response, current_app, g, request
from flask_login import current_user
from sqlalchemy.orm import Session

from webapp.config import Settings
from webapp.db import Database
from webapp.policy import Actor, Permission
from webapp.rules import NotAllowed, RuleBroken

View = TypeVar("View", bound=Callable[..., Any])
MAX_PAGE = 100_000


class NotSignedIn(NotAllowed):
    """Nobody is signed in, or the sign-in has ended."""

    status = 401

    def __init__(self) -> None:
        super().__init__("您尚未登录，或登录已经结束。请重新登录。")


class PasswordDue(NotAllowed):
    """The person must first set a password of his own."""

    def __init__(self) -> None:
        super().__init__("请先设置您自己的密码，再办理其他事项。")


def route(
    blueprint: Blueprint | Flask,
    rule: str,
    *,
    permission: Permission,
    methods: Sequence[str] = ("GET",),
    endpoint: str | None = None,
    beside_password: bool = False,
) -> Callable[[View], View]:
    """Declare a view with the permission it needs; the only way to add an address.

    Two methods with different rights are two functions. `beside_password` leaves the address open to somebody who must
    first change his password (only the password page and signing out do).
    """

    def declare(view: View) -> View:
        needed: Any = view
        needed.permission = permission
        needed.beside_password = beside_password
        blueprint.add_url_rule(rule, endpoint or view.__name__, view, methods=list(methods))
        return view

    return declare


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """Return the permission that an endpoint declares; None where it declares none."""
    found = getattr(app.view_functions.get(endpoint), "permission", None)
    return found if isinstance(found, Permission) else None


def _is_beside_password(endpoint: str) -> bool:
    return bool(getattr(current_app.view_functions[endpoint], "beside_password", False))


def refuse_by_default() -> None:
    """Before every view: raise unless the endpoint declares a permission and the person has it.

    An address that does not exist, or not for this method, has no endpoint and is answered by the router.
    """
    if request.endpoint is None:
        return
    permission = permission_of(current_app, request.endpoint)
    if permission is None:
        raise NotAllowed("该地址没有登记权限，不能打开。请联系系统管理员。")
    if permission is Permission.PUBLIC:
        return
    actor = current_actor()
    if current_user.must_change_password and not _is_beside_password(request.endpoint):
        raise PasswordDue
    if not actor.may(permission):
        raise NotAllowed("您的岗位没有办理此事的权限。如确需办理，请联系安全管理员核对您的权限。")


def current_actor() -> Actor:
    """Return the person signed in, with the rights of this moment; raise NotSignedIn."""
    actor = viewer()
    if actor is None:
        raise NotSignedIn
    return actor


def viewer() -> Actor | None:
    """Return the person signed in, or None."""
    return cast("Actor", current_user.actor) if current_user.is_authenticated else None


def settings() -> Settings:
    """Return what this installation was told."""
    return cast("Settings", current_app.extensions["zhiquan.settings"])


def database() -> Database:
    """Return the database of this installation."""
    return cast("Database", current_app.extensions["zhiquan"])


def reading() -> Session:
    """Return the session of this request that only reads; it is closed when the answer is made."""
    if "reader" not in g:
        g.reader = database().open_reader()
    return cast("Session", g.reader)


@contextmanager
def writing() -> Iterator[Session]:
    """Open the one transaction of a view. What was read before is let go, so that the answer shows what stands after.

    Letting go also gives the connection back: a request never holds two at once.
    """
    end_reading()
    with database().writing() as session:
        yield session


def end_reading(_error: BaseException | None = None) -> None:
    """Close the session that reads, if there is one; the next `reading()` sees what stands then."""
    reader: Session | None = g.pop("reader", None)
    if reader is not None:
        reader.close()


def page_number() -> int:
    """Return `page` of the address: 1 where it is missing; raise RuleBroken where it is no page number."""
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:7]) <= MAX_PAGE):
        raise RuleBroken("页码应为从1开始的整数，请从页面下方重新选择。", "page")
    return int(text)


def file_response(content: bytes | str, media_type: str, *, file_name: str | None = None) -> Response:
    """Return a file; with `file_name` (any characters) it is offered for saving, else shown."""
    response = Response(content, mimetype=media_type)
    if file_name is not None:
        response.headers.set("Content-Disposition", "attachment", filename=file_name)
    return response
