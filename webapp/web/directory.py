"""The directory of telephones, places and hours, for everyone in the bureau; read-only."""

from flask import Blueprint, Response

from webapp import clock
from webapp.pages.directory import PATH, directory_page
from webapp.policy import Permission
from webapp.web.fragments import answer
from webapp.web.routes import reading, route

blueprint = Blueprint("directory", __name__)


@route(blueprint, PATH, permission=Permission.SEE_ORGANISATION)
def directory() -> Response:
    """Show the contacts by kind, and which nobody has dialled lately."""
    return answer("directory/show.html", page=directory_page(reading(), clock.today()))
