"""Handing over what a leaver has in hand."""

from flask import Blueprint, Response, request

from webapp.accounts.forms import row_id
from webapp.organisation.handing_over import hand_over
from webapp.pages.handover import PATH, handover_page, handovers_page
from webapp.policy import Permission
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import form_errors
from webapp.web.routes import current_actor, reading, route, writing

blueprint = Blueprint("handovers", __name__)
_MAY = Permission.HAND_OVER


@route(blueprint, PATH, permission=_MAY)
def handovers() -> Response:
    """Show whose things the person may hand over, and what was handed over."""
    return answer("handovers/list.html", page=handovers_page(reading(), viewer=current_actor()))


@route(blueprint, f"{PATH}/people/<int:person_id>", permission=_MAY)
def handover(person_id: int) -> Response:
    """Show what one person has in hand."""
    return answer("handovers/show.html", page=handover_page(reading(), person_id, viewer=current_actor()))


@route(blueprint, f"{PATH}/people/<int:person_id>", permission=_MAY, methods=["POST"])
def sign_handover(person_id: int) -> Response:
    """Hand everything on the list over, with one signature."""
    by, form = current_actor(), request.form
    with form_errors() as problems:
        to = row_id(form, "to", "请选择接收人。")
        with writing() as session:
            hand_over(
                session,
                person_id,
                to_id=to,
                seen_digest=form.get("seen_digest"),
                note=form.get("note", ""),
                by=by,
            )
    if problems:
        page = handover_page(reading(), person_id, viewer=by)
        return answer("handovers/show.html", page=page, problems=problems, typed=form, status=problems.status)
    toast("已移交并签署。账号可由系统管理员停用，停用后其登录全部结束。")
    return see_other(PATH)
