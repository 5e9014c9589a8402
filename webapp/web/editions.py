"""Editions: prepared by the office, released by another of the general office."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from webapp.flows.drawings import DrawingStore
from webapp.pages.editions import editions_page
from webapp.policy import Permission
from webapp.publication import operations
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import form_errors
from webapp.web.routes import current_actor, database, end_reading, reading, route, settings

blueprint = Blueprint("editions", __name__)
_TEMPLATE = "editions/list.html"


@route(blueprint, "/editions", permission=Permission.SEE_EDITIONS)
def editions() -> Response:
    """Show all editions and what may be done."""
    return answer(_TEMPLATE, page=editions_page(reading(), viewer=current_actor()))


@route(blueprint, "/editions", permission=Permission.PREPARE_EDITION, methods=["POST"])
def preparation() -> Response:
    """Prepare the next edition from all approved revisions."""
    by, store = current_actor(), DrawingStore(settings().drawings)

    def draw(chart: Mapping[str, Any]) -> str | None:
        return store.drawing_for(dict(chart)).svg

    end_reading()
    with form_errors() as problems:
        prepared = operations.prepare_editions(database(), settings(), by, draw=draw)
    if problems:
        return _again(problems)
    for held in prepared.held_back:
        toast(held, "note")
    toast("已编制,待局办公室发布。")
    return see_other("/editions")


@route(blueprint, "/editions/release", permission=Permission.RELEASE_EDITION, methods=["POST"])
def release() -> Response:
    """Release what stands prepared."""
    by = current_actor()
    end_reading()
    with form_errors() as problems:
        operations.release_editions(database(), settings(), by, document=request.form.get("document", ""))
    if problems:
        return _again(problems)
    toast("已发布,公开网站即时更新。")
    return see_other("/editions")


@route(blueprint, "/editions/discard", permission=Permission.PREPARE_EDITION, methods=["POST"])
def discarding() -> Response:
    """Throw away what was prepared and not released."""
    by = current_actor()
    end_reading()
    with form_errors() as problems:
        operations.discard_edition(database(), settings(), by)
    if problems:
        return _again(problems)
    toast("已作废,可以重新编制。")
    return see_other("/editions")


def _again(problems: Any) -> Response:  # noqa: ANN401 - the problems of form_errors
    page = editions_page(reading(), viewer=current_actor())
    typed = request.form.get("document", "")
    return answer(_TEMPLATE, page=page, problems=problems, typed=typed, status=problems.status)
