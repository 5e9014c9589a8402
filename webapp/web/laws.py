"""The library of laws, for everyone in the bureau; read-only."""

from datetime import date

from flask import Blueprint, Response, request

from webapp import clock
from webapp.accounts.forms import optional_day
from webapp.pages.laws import PATH, law_page, laws_page
from webapp.policy import Permission
from webapp.web.fragments import answer
from webapp.web.routes import current_actor, page_number, reading, route

blueprint = Blueprint("laws", __name__)
_SEE = Permission.SEE_LAWS


@route(blueprint, PATH, permission=_SEE)
def laws() -> Response:
    """Show the laws whose name holds what was searched for, with what their editions are on the day."""
    q = request.args.get("q", "")
    page = laws_page(reading(), q=q, day=_day(), page=page_number(), viewer=current_actor())
    return answer("laws/list.html", block="list", page=page)


@route(blueprint, f"{PATH}/<int:law_id>", permission=_SEE)
def law(law_id: int) -> Response:
    """Show one law: editions, articles that replaced others, and what cites it."""
    page = law_page(reading(), law_id, day=_day(), page=page_number(), viewer=current_actor())
    return answer("laws/show.html", page=page)


def _day() -> date:
    return optional_day(request.args, "day") or clock.today()
