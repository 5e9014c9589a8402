"""Powers: the list, a new one, one power, its draft."""

from flask import Blueprint, Response, request

from webapp.pages.finding import Filters
from webapp.pages.powers import powers_page
from webapp.policy import Permission
from webapp.web.fragments import answer
from webapp.web.routes import current_actor, page_number, reading, route

blueprint = Blueprint("powers", __name__)


@route(blueprint, "/powers", permission=Permission.SEE_RECORDS)
def powers() -> Response:
    """Show the list, narrowed down as the address says."""
    page = powers_page(reading(), Filters.of(request.args), page=page_number(), viewer=current_actor())
    return answer("powers/list.html", block="list", page=page)
