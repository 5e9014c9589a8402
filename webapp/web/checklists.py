"""Checklists: list, one version, its acts, its next version, the words of its points."""

from flask import Blueprint, Response, request

from webapp.inspections.checklists import advance_checklist, change_points, revise_checklist
from webapp.pages.checklists import PATH, checklist_page, checklists_page
from webapp.policy import Permission
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import form_errors
from webapp.web.routes import current_actor, reading, route, writing

blueprint = Blueprint("checklists", __name__)
_MAY = Permission.INSPECT


@route(blueprint, PATH, permission=_MAY)
def checklists() -> Response:
    """Show all versions."""
    return answer("checklists/list.html", rows=checklists_page(reading()))


@route(blueprint, f"{PATH}/<int:checklist_id>", permission=_MAY)
def checklist(checklist_id: int) -> Response:
    """Show one version."""
    return answer("checklists/show.html", page=checklist_page(reading(), checklist_id, viewer=current_actor()))


@route(blueprint, f"{PATH}/<int:checklist_id>/steps", permission=_MAY, methods=["POST"])
def checklist_steps(checklist_id: int) -> Response:
    """Submit, return, publish or retire a version."""
    by, form = current_actor(), request.form
    with form_errors() as problems, writing() as session:
        advance_checklist(
            session,
            checklist_id,
            form.get("event", ""),
            note=form.get("note", ""),
            seen_version=form.get("seen_version", type=int),
            by=by,
        )
    if problems:
        return _again(checklist_id, problems)
    toast("已办理。")
    return see_other(f"{PATH}/{checklist_id}")


@route(blueprint, f"{PATH}/<int:checklist_id>/versions", permission=_MAY, methods=["POST"])
def checklist_versions(checklist_id: int) -> Response:
    """Begin the next version."""
    by = current_actor()
    number = checklist_id
    with form_errors() as problems, writing() as session:
        number = revise_checklist(session, checklist_id, by=by).id
    if problems:
        return _again(checklist_id, problems)
    toast("已另起新版，改好后送审核。")
    return see_other(f"{PATH}/{number}")


@route(blueprint, f"{PATH}/<int:checklist_id>/points", permission=_MAY, methods=["POST"])
def checklist_points(checklist_id: int) -> Response:
    """Change the words of a draft's points."""
    by, form = current_actor(), request.form
    texts = {
        name.removeprefix("text-"): (form[name], form.get(f"guidance-{name.removeprefix('text-')}", ""))
        for name in form
        if name.startswith("text-")
    }
    with form_errors() as problems, writing() as session:
        change_points(session, checklist_id, texts=texts, seen_version=form.get("seen_version", type=int), by=by)
    if problems:
        return _again(checklist_id, problems)
    toast("已保存。")
    return see_other(f"{PATH}/{checklist_id}")


def _again(checklist_id: int, problems: object) -> Response:
    page = checklist_page(reading(), checklist_id, viewer=current_actor())
    status: int = getattr(problems, "status", 422)
    return answer("checklists/show.html", page=page, problems=problems, typed=request.form, status=status)
