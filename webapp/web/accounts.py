"""People, accounts and posts (system administrator); rights and locks (security administrator)."""

from collections.abc import Callable

from flask import Blueprint, Response, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import forms, operations
from webapp.accounts.models import Account
from webapp.accounts.passwords import make_one_time_password
from webapp.pages.accounts import people_page, person_page, post_options
from webapp.policy import Actor, Permission
from webapp.rules import NotFound
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, page_number, reading, route, writing

blueprint = Blueprint("accounts", __name__)
_ACCOUNTS, _RIGHTS = Permission.MANAGE_ACCOUNTS, Permission.MANAGE_RIGHTS


@route(blueprint, "/accounts", permission=_ACCOUNTS)
def accounts() -> Response:
    """Show people and their accounts."""
    page = people_page(reading(), viewer=current_actor(), q=request.args.get("q", ""), page=page_number())
    return answer("accounts/list.html", page=page)


@route(blueprint, "/accounts/new", permission=_ACCOUNTS)
def new_account() -> Response:
    """Show the form for a new person."""
    return answer("accounts/new.html", posts=post_options(reading()))


@route(blueprint, "/accounts", permission=_ACCOUNTS, methods=["POST"], endpoint="create_account")
def create_account() -> Response:
    """Take a person in; the one-time password is shown this once."""
    by, password = current_actor(), make_one_time_password()
    account: Account | None = None
    with form_errors() as problems:
        post = forms.row_id(request.form, "post", "请选择岗位。") if request.form.get("post", "").strip() else None
        with writing() as session:
            account = operations.create_person_with_account(
                session,
                name=request.form.get("name", ""),
                username=request.form.get("username", ""),
                password=password,
                number=request.form.get("number", ""),
                post_id=post,
                by=by,
            )
    if account is None:
        posts = post_options(reading())
        return answer("accounts/new.html", posts=posts, problems=problems, typed=request.form, status=problems.status)
    page = person_page(reading(), account.person_id, viewer=by)
    return answer("accounts/one_time_password.html", page=page, password=password.text)


@route(blueprint, "/accounts/people/<int:person_id>", permission=_ACCOUNTS)
def person(person_id: int) -> Response:
    """Show a person with his posts and his account."""
    return answer("accounts/person.html", page=person_page(reading(), person_id, viewer=current_actor()))


@route(blueprint, "/accounts/people/<int:person_id>/one-time-passwords", permission=_ACCOUNTS, methods=["POST"])
def one_time_passwords(person_id: int) -> Response:
    """Reset the password; the new one is shown this once."""
    by, password = current_actor(), make_one_time_password()
    with form_errors() as problems, writing() as session:
        operations.reset_password(session, _account_of(session, person_id), password, by=by)
    if problems:
        return _person_again(person_id, problems)
    page = person_page(reading(), person_id, viewer=by)
    return answer("accounts/one_time_password.html", page=page, password=password.text)


@route(blueprint, "/accounts/people/<int:person_id>/closures", permission=_ACCOUNTS, methods=["POST"])
def closures(person_id: int) -> Response:
    """Close the account."""
    return _act(person_id, operations.disable_account, "账号已停用，其登录已全部结束。")


@route(blueprint, "/accounts/people/<int:person_id>/openings", permission=_ACCOUNTS, methods=["POST"])
def openings(person_id: int) -> Response:
    """Open the account again."""
    return _act(person_id, operations.enable_account, "账号已启用。")


@route(blueprint, "/accounts/people/<int:person_id>/appointments", permission=_ACCOUNTS, methods=["POST"])
def appointments(person_id: int) -> Response:
    """Put the person into a post."""
    by = current_actor()
    with form_errors() as problems:
        form = forms.appointment_form(request.form)
        with writing() as session:
            operations.appoint(
                session,
                person_id=person_id,
                post_id=form.post_id,
                since=form.since,
                until=form.until,
                is_acting=form.is_acting,
                by=by,
            )
    if problems:
        return _person_again(person_id, problems)
    toast("任职已登记。")
    return see_other(url_for("accounts.person", person_id=person_id))


@route(blueprint, "/accounts/people/<int:person_id>/appointment-ends", permission=_ACCOUNTS, methods=["POST"])
def appointment_ends(person_id: int) -> Response:
    """Let a term in a post end."""
    by = current_actor()
    with form_errors() as problems:
        term, last_day = forms.row_id(request.form, "appointment", "请选择任职。"), forms.day(request.form, "last_day")
        with writing() as session:
            operations.end_appointment(session, term, person_id=person_id, last_day=last_day, by=by)
    if problems:
        problems.loosen()
        return _person_again(person_id, problems)
    toast("任职的最后一天已登记；在该科室不再任职的，该科室的权限同时收回。")
    return see_other(url_for("accounts.person", person_id=person_id))


@route(blueprint, "/rights", permission=_RIGHTS)
def rights() -> Response:
    """Show people and their rights."""
    page = people_page(reading(), viewer=current_actor(), q=request.args.get("q", ""), page=page_number())
    return answer("accounts/rights.html", page=page)


@route(blueprint, "/rights/people/<int:person_id>", permission=_RIGHTS)
def person_rights(person_id: int) -> Response:
    """Show a person with his rights."""
    return answer("accounts/person_rights.html", page=person_page(reading(), person_id, viewer=current_actor()))


@route(blueprint, "/rights/people/<int:person_id>/roles", permission=_RIGHTS, methods=["POST"])
def roles(person_id: int) -> Response:
    """Grant a right."""
    by = current_actor()
    with form_errors() as problems:
        form = forms.role_form(request.form)
        with writing() as session:
            operations.grant_role(
                session,
                person_id=person_id,
                role=form.role,
                section_id=form.section_id,
                since=form.since,
                until=form.until,
                by=by,
            )
    if problems:
        return _rights_again(person_id, problems)
    toast("权限已授予，其本人须重新登录。")
    return see_other(url_for("accounts.person_rights", person_id=person_id))


@route(blueprint, "/rights/people/<int:person_id>/role-ends", permission=_RIGHTS, methods=["POST"])
def role_ends(person_id: int) -> Response:
    """Take a right away, at once or after a day."""
    by = current_actor()
    with form_errors() as problems:
        term = forms.row_id(request.form, "term", "请选择权限。")
        last_day = forms.optional_day(request.form, "last_day")
        with writing() as session:
            operations.end_role(session, term, person_id=person_id, last_day=last_day, by=by)
    if problems:
        problems.loosen()
        return _rights_again(person_id, problems)
    toast("权限已收回。" if last_day is None else "权限的最后一天已登记。")
    return see_other(url_for("accounts.person_rights", person_id=person_id))


@route(blueprint, "/rights/people/<int:person_id>/unlocks", permission=_RIGHTS, methods=["POST"])
def unlocks(person_id: int) -> Response:
    """Lift a lock."""
    by = current_actor()
    with form_errors() as problems, writing() as session:
        operations.unlock_account(session, _account_of(session, person_id), by=by)
    if problems:
        return _rights_again(person_id, problems)
    toast("账号已解锁。")
    return see_other(url_for("accounts.person_rights", person_id=person_id))


def _act(person_id: int, operation: Callable[..., None], sentence: str) -> Response:
    by: Actor = current_actor()
    with form_errors() as problems, writing() as session:
        operation(session, _account_of(session, person_id), by=by)
    if problems:
        return _person_again(person_id, problems)
    toast(sentence)
    return see_other(url_for("accounts.person", person_id=person_id))


def _account_of(session: Session, person_id: int) -> int:
    account = session.scalar(select(Account.id).where(Account.person_id == person_id))
    if account is None:
        raise NotFound("该同志没有账号，无法办理。请核对人员。")
    return account


def _person_again(person_id: int, problems: Problems) -> Response:
    page = person_page(reading(), person_id, viewer=current_actor())
    return answer("accounts/person.html", page=page, problems=problems, typed=request.form, status=problems.status)


def _rights_again(person_id: int, problems: Problems) -> Response:
    page = person_page(reading(), person_id, viewer=current_actor())
    return answer(
        "accounts/person_rights.html", page=page, problems=problems, typed=request.form, status=problems.status
    )
