"""The journal and the security log, for the auditor alone."""

from flask import Blueprint, Response, request

from webapp.journal.operations import verify
from webapp.pages.journal import journal_page
from webapp.pages.security_log import security_log_page
from webapp.policy import Permission
from webapp.web.fragments import answer
from webapp.web.routes import page_number, reading, route

blueprint = Blueprint("journal", __name__)


@route(blueprint, "/journal", permission=Permission.SEE_JOURNAL)
def journal() -> Response:
    """Show the entries, newest first."""
    page = journal_page(
        reading(),
        subject=request.args.get("subject", ""),
        action=request.args.get("action", ""),
        page=page_number(),
    )
    return answer("journal/show.html", page=page, is_checked=False, fault=None)


@route(blueprint, "/journal/check", permission=Permission.SEE_JOURNAL)
def check() -> Response:
    """Walk the whole chain and say whether it is whole; about 15 µs an entry, and nothing is changed."""
    fault = verify(reading())
    return answer("journal/show.html", page=journal_page(reading()), is_checked=True, fault=fault)


@route(blueprint, "/security-log", permission=Permission.SEE_SECURITY_LOG)
def security_log() -> Response:
    """Show sign-ins, refusals and reads of marked things, newest first."""
    page = security_log_page(reading(), kind=request.args.get("kind", ""), page=page_number())
    return answer("journal/security_log.html", page=page)
