"""The one error door: what a rule refused, what the router did not find, what broke, as a sentence (design.md rule 8).

What a rule says about a form a view shows itself (`web/problems.py`). Everything else ends here: a page from
`templates/errors/`, or, to htmx, a toast that leaves the page as it stands, so that nothing typed is lost. Refusals
of a person's rights go to the security log.
"""

import secrets
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, Response, current_app, g, request
from jinja2 import TemplateError
from werkzeug.exceptions import HTTPException

from webapp import clock
from webapp.db import Busy
from webapp.journal.operations import note_security_event
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale
from webapp.web.fragments import answer, is_fragment, see_other, unsaved
from webapp.web.routes import NotSignedIn, PasswordDue, database, end_reading, viewer

_SENTENCES = {
    400: "请求有误，未作处理。请从页面重新操作。",
    404: NotFound().message,
    405: "该地址不支持这种操作。请从页面重新操作。",
    408: "接收超时，未作处理。请检查网络后再试。",
    413: "所传内容过大，未予接收：一次最多16兆字节。请拆分后再传。",
    414: "地址过长，请减少筛选条件后再试。",
    415: "所传内容的格式不被接受。请从页面重新操作。",
    422: "所填内容有误，未予保存。请核对后再提交。",
    429: "操作过于频繁，请稍候再试。",
    431: "请求有误，未作处理。请从页面重新操作。",
    500: "系统出错，本次操作未保存。请稍候再试；仍不成功的，请联系系统管理员。",
    503: "系统正忙，本次操作未保存。请稍候再试；仍不成功的，请联系系统管理员。",
}
_PAGES = frozenset({400, 403, 404, 409, 413, 422, 429, 500, 503})
_SIGNED_OUT, _BROKEN = 401, 500
_SECRET_FIELDS = ("password",)
_MAX_SHOWN = 20_000


def set_up_errors(app: Flask) -> None:
    """Give an app its error door."""
    app.register_error_handler(RuleBroken, _rule_broken)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def note_refusal(detail: str) -> None:
    """Note in the security log that a person signed in was refused; the refusal stands even if the log is locked."""
    actor = viewer()
    if actor is None:
        return
    try:
        with database().writing() as session:
            note_security_event(
                session,
                "refused",
                account=actor.account,
                address=request.remote_addr or "",
                detail=f"{request.method} {request.path}: {detail}",
            )
    except Busy:
        current_app.logger.warning("refusal not noted, database busy: %s %s", request.method, request.path)


def error_response(status: int, sentence: str, **more: Any) -> Response:  # noqa: ANN401 - names for a template
    """Return the page or fragment for an error, with more names for its template; never fails itself."""
    if is_fragment():
        return unsaved(sentence, status)
    if status == _SIGNED_OUT:
        template = "accounts/signed_out.html"
    else:
        template = f"errors/{status if status in _PAGES else 500 if status >= _BROKEN else 400}.html"
    try:
        return answer(template, status=status, message=sentence, typed=_typed_text(), **more)
    except (TemplateError, RuleBroken):
        current_app.logger.exception("error page %s could not be drawn", template)
        return _bare(status, sentence)


def _rule_broken(broken: RuleBroken) -> Response:
    end_reading()
    if isinstance(broken, PasswordDue):
        return see_other("/password")
    if isinstance(broken, NotSignedIn):
        return _to_sign_in(broken)
    if isinstance(broken, NotAllowed):
        note_refusal(broken.message)
    more = {"current": broken.current} if isinstance(broken, Stale) else {}
    return error_response(broken.status, broken.message, **more)


def _to_sign_in(broken: NotSignedIn) -> Response:
    if is_fragment():
        here = urlsplit(request.headers.get("HX-Current-URL", ""))
        response = unsaved(broken.message, broken.status)
        response.headers["HX-Redirect"] = _sign_in_address(f"{here.path}?{here.query}")
        return response
    if request.method in {"GET", "HEAD"}:
        return see_other(_sign_in_address(request.full_path))
    return error_response(broken.status, broken.message)


def _sign_in_address(asked: str) -> str:
    """Return the sign-in page's address that leads back to `asked`; the sign-in page checks where that is."""
    asked = asked.rstrip("?")
    return f"/sign-in?next={quote(asked, safe='')}" if asked not in {"", "/"} else "/sign-in"


def _http_error(error: HTTPException) -> Response:
    status = error.code or _BROKEN
    response = error_response(status, _SENTENCES.get(status) or _SENTENCES[500 if status >= _BROKEN else 400])
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    request_id = secrets.token_hex(4)
    current_app.logger.error("unexpected error %s: %s %s", request_id, request.method, request.path, exc_info=error)
    try:
        end_reading()
    except Exception:  # the connection itself may be what broke; the page must still come
        current_app.logger.exception("session could not be closed")
    if is_fragment():
        return unsaved(_SENTENCES[500], 500)
    g.broken = True  # the frame is then drawn without asking the database
    return error_response(500, _SENTENCES[500], request_id=request_id, moment=clock.wall_now())


def _typed_text() -> list[tuple[str, str]]:
    """Return what was typed into the form that was refused, so that it can be copied out of the error page."""
    if request.method in {"GET", "HEAD"} or request.mimetype not in {
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    }:
        return []
    try:
        fields = request.form.items(multi=True)
    except HTTPException:  # too large or broken: there is nothing to give back
        return []
    return [
        (name, value[:_MAX_SHOWN])
        for name, value in fields
        if value.strip() and not any(secret in name for secret in _SECRET_FIELDS)
    ][:200]


def _bare(status: int, sentence: str) -> Response:
    response = Response(
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>未能办理</title></head>'
        f'<body><main><h1>未能办理</h1><p>{sentence}</p><p><a href="/">回到首页</a></p></main></body></html>',
        status,
    )
    response.headers["Cache-Control"] = "no-store"
    return response
