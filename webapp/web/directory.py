"""The directory of telephones, places and hours: read by everyone, changed by one person and approved by another."""

from flask import Blueprint, Response, request, url_for

from webapp import clock
from webapp.accounts.forms import day as day_form
from webapp.directory import forms, operations
from webapp.pages.directory import PATH, directory_page
from webapp.pages.directory_changes import directory_changes_page, directory_versions_page
from webapp.pages.directory_contact import contact_form_page, contact_page
from webapp.policy import Permission
from webapp.revisions.reading import linked_targets
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, page_number, reading, route, writing

blueprint = Blueprint("directory", __name__)
_SEE, _KEEP = Permission.SEE_ORGANISATION, Permission.KEEP_DIRECTORY


@route(blueprint, PATH, permission=_SEE)
def directory() -> Response:
    """Show the contacts by kind, and which nobody has dialled lately."""
    return answer("directory/show.html", page=directory_page(reading(), clock.today(), viewer=current_actor()))


@route(blueprint, f"{PATH}/versions", permission=_SEE)
def versions() -> Response:
    """Show the versions with who changed what."""
    return answer("directory/versions.html", page=directory_versions_page(reading(), page=page_number()))


@route(blueprint, f"{PATH}/contacts/<key>", permission=_SEE)
def contact(key: str) -> Response:
    """Show one contact with what uses it."""
    page = contact_page(reading(), key, clock.today(), page=page_number(), viewer=current_actor())
    return answer("directory/contact.html", page=page)


@route(blueprint, f"{PATH}/contacts/new", permission=_KEEP)
def new_contact() -> Response:
    """Show the form for a new contact."""
    return answer("directory/draft.html", page=contact_form_page(reading(), ""))


@route(blueprint, f"{PATH}/contacts/<key>/draft", permission=_KEEP)
def contact_draft(key: str) -> Response:
    """Show the form of a contact as it stands."""
    return answer("directory/draft.html", page=contact_form_page(reading(), key))


@route(blueprint, f"{PATH}/changes", permission=_KEEP)
def changes() -> Response:
    """Show what waits for a second person."""
    return answer("directory/changes.html", page=directory_changes_page(reading(), viewer=current_actor()))


@route(blueprint, f"{PATH}/changes", permission=_KEEP, methods=["POST"])
def propose_change() -> Response:
    """Propose what a contact is to be, a new one, or that one goes."""
    by, form, key = current_actor(), request.form, request.form.get("key", "")
    with form_errors() as problems:
        wanted = None if form.get("remove") == "1" else forms.contact_form(form)
        reason = forms.reason_form(form, "reason", "请写明修改的缘由，供复核人核对。")
        with writing() as session:
            operations.propose_contact(session, key, wanted, reason=reason, seen_digest=form.get("seen_digest"), by=by)
    if problems:
        page = contact_form_page(reading(), key)
        return answer("directory/draft.html", page=page, problems=problems, typed=form, status=problems.status)
    toast("修改已提出，由另一人复核后生效。")
    return see_other(url_for("directory.changes"))


@route(blueprint, f"{PATH}/approvals", permission=_KEEP, methods=["POST"])
def approvals() -> Response:
    """Let the ticked changes count, all in one version."""
    by = current_actor()
    number = 0
    with form_errors() as problems:
        seen = forms.seen_changes(request.form.getlist("change"))
        with writing() as session:
            number = operations.approve_changes(session, seen, in_use=linked_targets(session, "contact"), by=by).number
    if problems:
        return _changes_again(problems)
    toast(f"复核通过，通讯目录第{number}版已生效；各职权页面即刻显示新内容，审定稿的校验码不变。")
    return see_other(url_for("directory.changes"))


@route(blueprint, f"{PATH}/changes/<int:change_id>/refusals", permission=_KEEP, methods=["POST"])
def refusals(change_id: int) -> Response:
    """Send a change back."""
    by = current_actor()
    with form_errors() as problems:
        reply = forms.reason_form(request.form, "note", "请写明退回的理由。")
        with writing() as session:
            operations.refuse_change(
                session, change_id, reply=reply, seen_digest=request.form.get("seen_digest"), by=by
            )
    if problems:
        problems.loosen()
        return _changes_again(problems)
    toast("修改已退回。")
    return see_other(url_for("directory.changes"))


@route(blueprint, f"{PATH}/changes/<int:change_id>/recalls", permission=_KEEP, methods=["POST"])
def recalls(change_id: int) -> Response:
    """Take one's own change back."""
    by = current_actor()
    with form_errors() as problems, writing() as session:
        operations.recall_change(session, change_id, seen_digest=request.form.get("seen_digest"), by=by)
    if problems:
        return _changes_again(problems)
    toast("修改已收回。")
    return see_other(url_for("directory.changes"))


@route(blueprint, f"{PATH}/contacts/<key>/diallings", permission=Permission.RECORD_DIALLING, methods=["POST"])
def diallings(key: str) -> Response:
    """Keep that the number was dialled, and with what result."""
    by, form = current_actor(), request.form
    with form_errors() as problems:
        dialled_on = forms.day_before(day_form(form, "day"), clock.today())
        result, note = forms.result_form(form), forms.checked_text(form.get("note", ""), "note", forms.MAX_NOTE)
        with writing() as session:
            operations.record_dialling(
                session, key, phone=form.get("phone", ""), day=dialled_on, result=result, note=note, by=by
            )
    if problems:
        page = contact_page(reading(), key, clock.today(), page=1, viewer=by)
        return answer("directory/contact.html", page=page, problems=problems, typed=form, status=problems.status)
    toast("拨打结果已登记。")
    return see_other(url_for("directory.contact", key=key))


def _changes_again(problems: Problems) -> Response:
    page = directory_changes_page(reading(), viewer=current_actor())
    return answer("directory/changes.html", page=page, problems=problems, typed=request.form, status=problems.status)
