"""从同类事项带入: choosing an entry of the same category and what to take over from it into one's own draft."""

from flask import Blueprint, Response, request

from webapp.pages.power_draft import version_of
from webapp.pages.taking_over import source_body, taking_over_page
from webapp.policy import Permission
from webapp.powers import operations
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import form_errors
from webapp.web.routes import current_actor, reading, route, writing

blueprint = Blueprint("taking_over", __name__)
_EDIT = Permission.EDIT_DRAFTS
_LARGEST = 2**31
_SHOWN = 6  # headings told in the sentence


@route(blueprint, "/powers/<int:power_id>/taking-over", permission=_EDIT)
def taking_over(power_id: int) -> Response:
    """Show the entries of the category, or with `from` the values of one of them."""
    page = taking_over_page(
        reading(),
        power_id,
        q=request.args.get("q", ""),
        source=_number(request.args.get("from")),
        viewer=current_actor(),
    )
    return answer("powers/taking_over.html", page=page)


@route(blueprint, "/powers/<int:power_id>/taking-over", permission=_EDIT, methods=["POST"], endpoint="take_over")
def take_over(power_id: int) -> Response:
    """Take the ticked values over and go on with the draft."""
    by, source, headings = current_actor(), _number(request.form.get("from")), list[str]()
    with form_errors() as problems, writing() as session:
        headings = operations.take_over(
            session,
            by,
            power_id,
            source_body(session, source, by),
            frozenset(request.form.getlist("take")),
            seen_version=version_of(request.form.to_dict(flat=False)),
        )
    if problems:
        page = taking_over_page(reading(), power_id, q="", source=source, viewer=by)
        ticked = request.form.getlist("take")
        return answer("powers/taking_over.html", page=page, problems=problems, ticked=ticked, status=problems.status)
    toast(_told(headings))
    return see_other(f"/powers/{power_id}/draft")


def _told(headings: list[str]) -> str:
    if not headings:
        return "所选各栏与草稿相同，没有改动。"
    more = "等" if len(headings) > _SHOWN else ""
    return f"已带入{len(headings)}栏：{'、'.join(headings[:_SHOWN])}{more}。请逐栏核对。"


def _number(text: str | None) -> int:
    return min(int(text), _LARGEST) if text and text.isascii() and text.isdigit() and len(text) < 12 else 0  # noqa: PLR2004 - more digits name nothing
