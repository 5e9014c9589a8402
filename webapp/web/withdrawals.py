"""Taking a published power down at once, and letting it in again: the act of the general office (局办公室)."""

from flask import Blueprint, Response, request

from webapp.pages.withdrawals import PATH, withdrawals_page
from webapp.policy import Permission
from webapp.publication import withdrawing
from webapp.rules import NotFound
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, database, end_reading, page_number, reading, route, settings, writing

blueprint = Blueprint("withdrawals", __name__)
_TEMPLATE = "editions/withdrawals.html"


@route(blueprint, PATH, permission=Permission.SEE_EDITIONS)
def withdrawals() -> Response:
    """Show what was taken down, and the form to do so."""
    code = request.args.get("code", "")
    page = withdrawals_page(reading(), viewer=current_actor(), page=page_number(), code=code)
    return answer(_TEMPLATE, page=page)


@route(blueprint, PATH, permission=Permission.RELEASE_EDITION, methods=["POST"])
def withdrawal() -> Response:
    """Take a power down; bundles are built outside any transaction."""
    by, code = current_actor(), request.form.get("code", "").strip()
    done: withdrawing.Withdrawn | None = None
    end_reading()
    with form_errors() as problems:
        done = withdrawing.withdraw_record(
            database(),
            settings(),
            by,
            code,
            reason=request.form.get("reason", ""),
            document=request.form.get("document", ""),
        )
    if done is None:
        return _again(problems)
    again = "待发布的公开版已作废，请领导小组办公室重新编制。" if done.discarded else ""
    toast(f"{code}已撤下：{len(done.replaced)}个公开包已换成说明，新发布{len(done.issued)}版。{again}")
    return see_other(PATH)


@route(blueprint, f"{PATH}/<int:withdrawal_id>/liftings", permission=Permission.RELEASE_EDITION, methods=["POST"])
def lifting(withdrawal_id: int) -> Response:
    """Let a power into the next edition again."""
    by = current_actor()
    code = withdrawing.code_of(reading(), withdrawal_id)
    if code is None:
        raise NotFound
    with form_errors() as problems, writing() as session:
        withdrawing.lift_withdrawal(
            session, by, code, reason=request.form.get("reason", ""), document=request.form.get("document", "")
        )
    if problems:
        return _again(problems, lifting=withdrawal_id)
    toast(f"{code}已恢复，将列入下一版，由领导小组办公室编制、局办公室发布。")
    return see_other(PATH)


def _again(problems: Problems, *, lifting: int = 0) -> Response:
    page = withdrawals_page(reading(), viewer=current_actor())
    return answer(_TEMPLATE, page=page, problems=problems, typed=request.form, lifting=lifting, status=problems.status)
