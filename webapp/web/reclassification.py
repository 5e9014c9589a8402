"""Entries whose category has ended: the list, and putting one into another category."""

from flask import Blueprint, Response, request

from webapp.pages.power_draft import version_of
from webapp.pages.reclassification import ended_rows, reclassification_page
from webapp.policy import Permission
from webapp.powers.reclassification import reclassify
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import form_errors
from webapp.web.routes import current_actor, reading, route, writing

blueprint = Blueprint("reclassification", __name__)
_EDIT = Permission.EDIT_DRAFTS


@route(blueprint, "/reclassifications", permission=Permission.SEE_RECORDS)
def reclassifications() -> Response:
    """List the entries whose category has ended."""
    return answer("powers/ended.html", rows=ended_rows(reading(), viewer=current_actor()))


@route(blueprint, "/powers/<int:power_id>/reclassification", permission=_EDIT)
def reclassification(power_id: int) -> Response:
    """Show what of an entry fits the category chosen in the address."""
    page = reclassification_page(reading(), power_id, request.args.get("category", ""), viewer=current_actor())
    return answer("powers/reclassify.html", page=page)


@route(
    blueprint,
    "/powers/<int:power_id>/reclassification",
    permission=_EDIT,
    methods=["POST"],
    endpoint="reclassify_power",
)
def reclassify_power(power_id: int) -> Response:
    """Put an entry into another category."""
    by, chosen, left = current_actor(), request.form.get("category", ""), list[tuple[str, str]]()
    with form_errors() as problems, writing() as session:
        left = reclassify(
            session,
            by,
            power_id,
            category=chosen,
            reason=request.form.get("reason", ""),
            seen_version=version_of(request.form.to_dict(flat=False)),
        )
    if problems:
        page = reclassification_page(reading(), power_id, chosen, viewer=by)
        return answer(
            "powers/reclassify.html", page=page, problems=problems, typed=request.form, status=problems.status
        )
    toast(f"已改列，{len(left)}栏在新类别中没有，未保留。" if left else "已改列，原有内容全部保留。")
    return see_other(f"/powers/{power_id}/draft")
