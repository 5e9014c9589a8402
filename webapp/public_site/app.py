"""The public application: one address space, answered from the released bundle. GET and HEAD only, no cookies.

Nothing depends on who asks: no session, no `Vary`, no time in a body, so two installations with the same edition
answer alike, byte for byte.
"""

import logging
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from webapp.bundle.reading import Bundle
from webapp.public_site import answers
from webapp.public_site.released import Released, Source
from webapp.rules import NotFound, RuleBroken

_log = logging.getLogger(__name__)
ROOT = Path(__file__).parents[2]
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    ("Content-Security-Policy", CSP),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-cache"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "svg": "image/svg+xml",
    "xml": "application/atom+xml; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
DOWNLOADS = frozenset({"csv", "jsonl", "xlsx"})
# What the pages of this application itself need before there is an edition.
OWN_ASSETS = {"assets/public.css": "static/css/public.css", "assets/mark.svg": "static/public-mark.svg"}
WORDS = {
    400: ("请求的网址不正确", "请核对网址，或从首页重新进入。"),
    404: ("没有找到您要的内容", "该内容可能已调整或撤下。请从首页按类别、科室查，或用自己的话查找。"),
    405: ("不支持这种操作", "公开目录只供查阅，不接收提交。请从首页重新进入。"),
    500: ("暂时无法显示", "系统遇到意外情况，已记录。请稍后再试。"),
    503: ("公开目录暂时无法显示", "公开包未能读取，请稍后再试，或向本局电话咨询。"),
}


def create_public_app(
    bundle: Path | None = None, *, instance: Path | None = None, allowed_hosts: tuple[str, ...] = ()
) -> Flask:
    """Return the application for a bundle folder, or for the edition that an instance folder has released.

    `allowed_hosts` are names without a port; none given means that any is taken (a proxy in front decides).
    """
    app = Flask(__name__, static_folder=None, template_folder=str(ROOT / "templates"))
    app.url_map.merge_slashes = False
    source = Source(folder=bundle, instance=instance)
    hosts = frozenset(host.lower() for host in allowed_hosts)

    def page(address: str) -> Response:
        if hosts and _host() not in hosts:
            return _error(400, None)
        if address == "healthz":
            return _plain("ok\n")
        if address == "robots.txt":
            return _plain("User-agent: *\nDisallow: /search/\n")
        released = source.current()
        return _before_any_edition(address) if released is None else _answer(released, address)

    app.add_url_rule("/", "home", page, defaults={"address": ""}, methods=["GET"], provide_automatic_options=False)
    app.add_url_rule("/<path:address>", "page", page, methods=["GET"], provide_automatic_options=False)

    app.after_request(_protect)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(NotFound, _missing)
    app.register_error_handler(RuleBroken, _unreadable)
    return app


def _protect(response: Response) -> Response:
    for name, value in HEADERS:
        response.headers[name] = value
    return response


def _refused(error: HTTPException) -> Response:
    response = _error(error.code or 500, None)
    if error.code == 405:  # noqa: PLR2004 - the one error that names what is allowed
        response.headers["Allow"] = "GET, HEAD"
    return response


def _missing(_: NotFound) -> Response:
    return _error(404, None)


def _unreadable(error: RuleBroken) -> Response:
    _log.error("bundle cannot be served: %s", error.message)
    return _error(503, None)


def _host() -> str:
    given: str = request.environ.get("HTTP_HOST", "")
    host, separator, port = given.rpartition(":")
    return (host if separator and port.isdigit() else given).lower()


def _answer(released: Released, address: str) -> Response:
    bundle = released.bundle
    path = bundle.path_of(address)
    if path is None:
        if bundle.is_folder(address):
            # Relative, so that it also holds behind a proxy that serves this site under a prefix.
            return Response(status=308, headers={"Location": quote(address.rpartition("/")[2], safe="") + "/"})
        return _error(404, released)
    if path == answers.PATH and "q" in request.args:
        query = request.args["q"]
        text = bundle.read(path).decode()
        filled = answers.fill(text, query, released.search(query), released.nuisances_for(query))
        return Response(filled, content_type=TYPES["html"])
    return _file(bundle, path)


def _file(bundle: Bundle, path: str) -> Response:
    etag = f'"{bundle.entries[path].sha256[:32]}"'
    if etag in request.headers.get("If-None-Match", ""):
        return Response(status=304, headers={"ETag": etag})
    name = path.rpartition("/")[2]
    kind = name.rpartition(".")[2]
    headers = {"ETag": etag}
    if kind in DOWNLOADS:
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(bundle.read(path), headers=headers, content_type=TYPES.get(kind, "application/octet-stream"))


def _before_any_edition(address: str) -> Response:
    if address in OWN_ASSETS:
        kind = address.rpartition(".")[2]
        return Response((ROOT / OWN_ASSETS[address]).read_bytes(), content_type=TYPES[kind])
    if address:
        return _error(404, None)
    words = ("尚未公开", "职权目录正在审核，审定后在此公开。如需了解，请向本局咨询。")
    return _own_page(words, None, 200)


def _plain(text: str) -> Response:
    return Response(text, content_type="text/plain; charset=utf-8")


def _error(status: int, released: Released | None) -> Response:
    return _own_page(WORDS.get(status, WORDS[400 if status < 500 else 500]), released, status)  # noqa: PLR2004 - HTTP


def _own_page(words: tuple[str, str], released: Released | None, status: int) -> Response:
    bureau = "" if released is None else released.bundle.manifest.bureau
    text = render_template(
        "public/message.html", heading=words[0], sentence=words[1], bureau=bureau, base=request.script_root
    )
    return Response(text, status=status, content_type=TYPES["html"])
