"""Key areas: the ledger, entering a matter, its traces, cancelling it."""

from flask import Blueprint, Response, request

from webapp.matters import forms, operations
from webapp.pages.matters import PATH, matter_page, matters_page, new_matter_page
from webapp.policy import Permission
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, page_number, reading, route, writing

blueprint = Blueprint("matters", __name__)
_SEE, _ENTER = Permission.SEE_MATTERS, Permission.ENTER_MATTERS


def _form() -> dict[str, list[str]]:
    return request.form.to_dict(flat=False)


@route(blueprint, PATH, permission=_SEE)
def matters() -> Response:
    """Show the ledger."""
    page = matters_page(reading(), request.args.get("area", ""), viewer=current_actor(), page=page_number())
    return answer("matters/list.html", page=page)


@route(blueprint, f"{PATH}/new", permission=_ENTER)
def new_matter() -> Response:
    """Show the form."""
    return answer("matters/new.html", page=new_matter_page(reading(), viewer=current_actor()))


@route(blueprint, PATH, permission=_ENTER, methods=["POST"], endpoint="enter_matter")
def enter_matter() -> Response:
    """Enter a matter."""
    by, number = current_actor(), 0
    with form_errors() as problems:
        given = forms.matter_given(_form())
        with writing() as session:
            number = operations.enter_matter(session, by, given).id
    if problems:
        page = new_matter_page(reading(), viewer=by)
        return answer("matters/new.html", page=page, problems=problems, typed=request.form, status=problems.status)
    toast("已登记，请按期登记各项留痕。")
    return see_other(f"{PATH}/{number}")


@route(blueprint, f"{PATH}/<int:matter_id>", permission=_SEE)
def matter(matter_id: int) -> Response:
    """Show a matter."""
    return _shown(matter_id)


@route(blueprint, f"{PATH}/<int:matter_id>/traces", permission=_ENTER, methods=["POST"])
def traces(matter_id: int) -> Response:
    """Enter a trace."""
    by = current_actor()
    with form_errors() as problems:
        key, day, document = forms.trace_given(_form())
        with writing() as session:
            operations.note_trace(session, by, matter_id, key, day, document)
    if problems:
        return _shown(matter_id, problems)
    toast("留痕已登记。")
    return see_other(f"{PATH}/{matter_id}")


@route(blueprint, f"{PATH}/<int:matter_id>/cancellations", permission=_ENTER, methods=["POST"])
def cancellations(matter_id: int) -> Response:
    """Cancel a matter."""
    by = current_actor()
    with form_errors() as problems:
        reason = forms.reason_given(_form())
        with writing() as session:
            operations.cancel_matter(session, by, matter_id, reason)
    if problems:
        return _shown(matter_id, problems)
    toast("已注销，记录保留。")
    return see_other(f"{PATH}/{matter_id}")


def _shown(matter_id: int, problems: Problems | None = None) -> Response:
    refused = problems or Problems()
    page = matter_page(reading(), matter_id, viewer=current_actor())
    typed = request.form if refused else {}
    return answer("matters/show.html", page=page, problems=refused, typed=typed, status=refused.status)
