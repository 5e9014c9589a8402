"""The page that explains a due date, and the list of those that wait for the calendar."""

from flask import Blueprint, Response

from webapp.pages.clock import PATH, clock_page, provisional_clocks
from webapp.policy import Permission
from webapp.web.fragments import answer
from webapp.web.routes import current_actor, reading, route

blueprint = Blueprint("clocks", __name__)


@route(blueprint, PATH, permission=Permission.SEE_RECORDS)
def clocks() -> Response:
    """List the limits whose last day is provisional."""
    return answer("clocks/list.html", rows=provisional_clocks(reading(), viewer=current_actor()))


@route(blueprint, f"{PATH}/<int:clock_id>", permission=Permission.SEE_RECORDS)
def clock(clock_id: int) -> Response:
    """Explain one due date."""
    return answer("clocks/show.html", page=clock_page(reading(), clock_id, viewer=current_actor()))
