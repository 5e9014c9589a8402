"""What every request must pass and every answer carries: host, origin, content type, characters, headers.

CSRF is refused by what the browser says of itself: `Sec-Fetch-Site`, else `Origin`; a request with neither is refused.
No form carries a token, so none can be forgotten. The method of a request is the one it was sent with.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from webapp.config import Settings
from webapp.rules import NotAllowed

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_REQUEST = 24 * 1024 * 1024  # bytes; the largest file taken as proof has 20 MB
MAX_FORM = 2 * 1024 * 1024  # bytes of form text held in memory; the largest sample entry has 40,000
MAX_PARTS = 5_000  # of a multipart form; a chart of 80 steps has about 2,000
_URLENCODED = "application/x-www-form-urlencoded"
_FORM_TYPES = frozenset({_URLENCODED, "multipart/form-data"})


class ForeignOrigin(NotAllowed):
    """The request was not sent from a page of ours."""

    def __init__(self) -> None:
        super().__init__("该请求不是从本系统的页面发出的，未作处理。请在本系统的页面上重新操作。")


def set_up_protection(app: Flask, settings: Settings) -> None:
    """Give an app its gates and its headers; called before anything that asks who is signed in."""

    @app.before_request
    def protect() -> None:
        _check_host(settings.allowed_hosts)
        if request.method not in SAFE_METHODS:
            check_origin(settings.allowed_hosts)
            check_content_type()
        check_characters()

    app.after_request(add_headers)


def host_without_port(host: str) -> str:
    """Return the name of a Host header in lower case, without its port; brackets of IPv6 stay."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _check_host(allowed: tuple[str, ...]) -> None:
    for name in ("Host", "X-Forwarded-Host"):
        given = request.headers.get(name)
        if given is None and name != "Host":
            continue  # we never build anything from it, but a forged one is refused
        if given is None or not ({given.strip().lower(), host_without_port(given)} & set(allowed)):
            raise BadRequest


def check_origin(allowed: tuple[str, ...]) -> None:
    """Raise ForeignOrigin unless the browser says that one of our own pages sent the request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site != "same-origin":
            raise ForeignOrigin
        return
    origin = urlsplit(request.headers.get("Origin", ""))
    ours = origin.scheme == request.scheme and origin.netloc.lower() == request.host.lower()
    # A name listed with its port is one behind a proxy that hides it from us.
    listed = origin.scheme in {"http", "https"} and ":" in origin.netloc and origin.netloc.lower() in allowed
    if not (ours or listed):
        raise ForeignOrigin


def check_content_type() -> None:
    """Raise for a body that no form of ours sends."""
    if request.mimetype == _URLENCODED:
        request.max_content_length = MAX_FORM  # read at once, where the limit on form text does not reach
    if request.mimetype in _FORM_TYPES:
        return
    if request.mimetype or (request.content_length or 0) > 0 or "Transfer-Encoding" in request.headers:
        raise UnsupportedMediaType


def check_characters() -> None:
    """Refuse NUL and lone surrogates, which neither database nor any file format of ours can hold."""
    texts = [*request.args.keys(), *request.args.values(), request.path]
    if request.method not in SAFE_METHODS and request.mimetype in _FORM_TYPES:
        for name, values in request.form.lists():
            texts.append(name)
            texts.extend(values)
        texts.extend(file.filename or "" for _, file in request.files.items(multi=True))
    if any("\0" in text or not _is_encodable(text) for text in texts):
        raise BadRequest


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def add_headers(response: Response) -> Response:
    """Put the protecting headers on an answer; a view may have set a stricter policy of its own."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
