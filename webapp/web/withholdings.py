"""The register of powers that are not published. Every read of it goes to the security log; nothing is uploaded."""

from flask import Blueprint, Response, request

from webapp import scan
from webapp.journal.operations import note_security_event
from webapp.pages.finding import Filters
from webapp.pages.withholding import withholding_page
from webapp.pages.withholding_draft import differences, new_withholding_page, withholding_draft_page
from webapp.pages.withholdings import register_page
from webapp.policy import Permission
from webapp.reviews.ending import end_withholding
from webapp.reviews.forms import Fields, number_given
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, page_number, reading, route, writing
from webapp.withholdings.operations import TYPED, change_withholding, request_withholding

blueprint = Blueprint("withholdings", __name__)
_SEE, _REQUEST = Permission.SEE_WITHHOLDINGS, Permission.REQUEST_WITHHOLDING
_STALE = 409


@route(blueprint, "/withholdings", permission=_SEE)
def withholdings() -> Response:
    """Show the register."""
    page = register_page(reading(), Filters.of(request.args), viewer=current_actor(), page=page_number())
    _note("read", "查阅登记")
    return answer("withholdings/list.html", page=page)


@route(blueprint, "/withholdings/new", permission=_REQUEST)
def new_withholding() -> Response:
    """Show the form for a new request."""
    page = new_withholding_page(reading(), viewer=current_actor(), power=request.args.get("power", ""))
    return answer("withholdings/draft.html", page=page)


@route(blueprint, "/withholdings", permission=_REQUEST, methods=["POST"], endpoint="create_withholding")
def create_withholding() -> Response:
    """Make a request; it is a draft until the section submits it."""
    by, typed, number = current_actor(), _typed(), 0
    with form_errors() as problems, writing() as session:
        section = request.form.get("section", "")
        number = request_withholding(session, by, typed, section=section).id
    if problems:
        _note_marking()
        page = new_withholding_page(reading(), viewer=by, typed=typed)
        return answer(
            "withholdings/draft.html", page=page, problems=problems, typed=request.form, status=problems.status
        )
    toast("申请已登记为草稿，核对后送科室审核。")
    return see_other(f"/withholdings/{number}")


@route(blueprint, "/withholdings/<int:record_id>", permission=_SEE)
def withholding(record_id: int) -> Response:
    """Show one request with its review."""
    page = withholding_page(reading(), record_id, viewer=current_actor())
    _note("read", f"查阅登记第{record_id}号记录")
    return answer("withholdings/show.html", page=page)


@route(blueprint, "/withholdings/<int:record_id>/draft", permission=_REQUEST)
def draft(record_id: int) -> Response:
    """Show the form of a request's draft."""
    return answer("withholdings/draft.html", page=withholding_draft_page(reading(), record_id, viewer=current_actor()))


@route(blueprint, "/withholdings/<int:record_id>/draft", permission=_REQUEST, methods=["POST"], endpoint="save_draft")
def save_draft(record_id: int) -> Response:
    """Save a request's draft over the version the person saw."""
    by, typed = current_actor(), _typed()
    with form_errors() as problems:
        fields = Fields(request.form.to_dict(flat=False))
        seen = number_given(fields, "seen_version", "草稿版本号不对，请刷新页面后再试。")
        with writing() as session:
            change_withholding(session, by, record_id, typed, seen_version=seen)
    if problems.status == _STALE:
        return _conflict(record_id, typed, problems)
    if problems:
        _note_marking()
        page = withholding_draft_page(reading(), record_id, viewer=by, typed=typed)
        return answer(
            "withholdings/draft.html", page=page, problems=problems, typed=request.form, status=problems.status
        )
    toast("草稿已保存。")
    return see_other(f"/withholdings/{record_id}")


@route(blueprint, "/withholdings/<int:record_id>/endings", permission=_SEE, methods=["POST"])
def ending(record_id: int) -> Response:
    """End a decided withholding; its power goes back to the section, its disclosure pending."""
    by = current_actor()
    with form_errors() as problems, writing() as session:
        end_withholding(
            session,
            by,
            record_id,
            reason=request.form.get("reason", ""),
            seen_until=request.form.get("seen_until", ""),
        )
    if problems:
        page = withholding_page(reading(), record_id, viewer=by)
        return answer(
            "withholdings/show.html", page=page, problems=problems, typed=request.form, status=problems.status
        )
    toast("已解除不公开。该职权的公开属性为待定，由承办科室改定后重新送审。")
    return see_other(f"/withholdings/{record_id}")


def _conflict(record_id: int, typed: dict[str, str], problems: Problems) -> Response:
    """Show both texts side by side, in a form that can be sent again over the version that stands now."""
    by = current_actor()
    page = withholding_draft_page(reading(), record_id, viewer=by)
    rows = differences(reading(), record_id, typed, viewer=by)
    same = {name: value for name, value in typed.items() if name not in {row.name for row in rows}}
    conflict = {
        "rows": rows,
        "address": page.address,
        "fields": {**same, "seen_version": page.version},
        "current_address": page.back_address,
    }
    message = " ".join(problem.message for problem in problems)
    return answer("errors/409.html", conflict=conflict, message=message, typed=[], status=problems.status)


def _typed() -> dict[str, str]:
    return {name: request.form[name] for name in TYPED if name in request.form}


def _note_marking() -> None:
    """Note that somebody tried to enter a secrecy marking; what he typed is kept nowhere."""
    if scan.secrecy_sentence("\n".join(request.form.values())):
        _note("marked", "所填内容含密级标志，未予保存")


def _note(kind: str, detail: str) -> None:
    with writing() as session:
        note_security_event(
            session, kind, account=current_actor().account, address=request.remote_addr or "", detail=detail
        )
