"""Charts: the list, one chart, its drawing."""

from flask import Blueprint, Response
from markupsafe import Markup

from webapp.flows.drawings import DrawingStore
from webapp.pages.flow import flow_page, flows_page, seen_chart
from webapp.policy import Permission
from webapp.rules import NotFound
from webapp.web.fragments import answer
from webapp.web.routes import current_actor, file_response, reading, route, settings

blueprint = Blueprint("flows", __name__)
_SEE = Permission.SEE_RECORDS


@route(blueprint, "/flows", permission=_SEE)
def flows() -> Response:
    """Show the charts the person may see."""
    return answer("flows/list.html", rows=flows_page(reading(), viewer=current_actor()))


@route(blueprint, "/flows/<int:flow_id>", permission=_SEE)
def flow(flow_id: int) -> Response:
    """Show one chart."""
    page = flow_page(reading(), flow_id, viewer=current_actor())
    drawing = DrawingStore(settings().drawings).drawing_for(page.body)
    # The drawing is our own writing: flows/drawing.py escapes every text, and it is parsed strictly before it is kept.
    svg = Markup(drawing.svg) if drawing.svg else None  # noqa: S704 - see above
    return answer("flows/show.html", page=page, svg=svg, notice=drawing.notice)


@route(blueprint, "/flows/<int:flow_id>/flow.svg", permission=_SEE)
def drawing(flow_id: int) -> Response:
    """Return the drawing of the face the person sees."""
    body = seen_chart(reading(), flow_id, viewer=current_actor())
    made = DrawingStore(settings().drawings).drawing_for(body)
    if made.svg is None:
        raise NotFound(made.notice or "这张图没有画出来,请看环节表。")
    return file_response(made.svg, "image/svg+xml")
