"""The official papers: the list, each on the screen as it will be printed."""

from flask import Blueprint, Response, request

from webapp.pages.papers import PATH, Choice, paper_page, papers_page
from webapp.policy import Permission
from webapp.web.fragments import answer
from webapp.web.routes import current_actor, reading, route

blueprint = Blueprint("papers", __name__)
_MAKE = Permission.MAKE_PAPERS


@route(blueprint, PATH, permission=_MAKE)
def papers() -> Response:
    """Show which papers there are."""
    section = request.args.get("section", "").strip()
    return answer("papers/list.html", page=papers_page(reading(), section, viewer=current_actor()))


@route(blueprint, f"{PATH}/<name>", permission=_MAKE)
def paper(name: str) -> Response:
    """Show one paper, filled."""
    choice = Choice.of(name, request.args.to_dict())
    return answer("papers/show.html", page=paper_page(reading(), choice, viewer=current_actor()))
