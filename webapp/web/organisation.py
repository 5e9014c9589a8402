"""The bureau's organisation, for everyone in it."""

from flask import Blueprint, Response, request

from webapp import clock
from webapp.accounts.forms import optional_day
from webapp.pages.organisation import organisation_page
from webapp.policy import Permission
from webapp.web.fragments import answer
from webapp.web.routes import reading, route

blueprint = Blueprint("organisation", __name__)


@route(blueprint, "/organisation", permission=Permission.SEE_ORGANISATION)
def organisation() -> Response:
    """Show leading group, sections, posts and who holds them, today or on the day asked for."""
    day = optional_day(request.args, "day") or clock.today()
    return answer("organisation/show.html", page=organisation_page(reading(), day))
