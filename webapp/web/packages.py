"""The sections' packages: what a section fills in and hands in, and the chief's one signature."""

from flask import Blueprint, Response, request

from webapp.campaigns import forms, nil_returns, packaging
from webapp.campaigns.report import PART_KEYS
from webapp.pages.package import package_page
from webapp.pages.package_signing import signing_page
from webapp.pages.packages import packages_page
from webapp.policy import Permission
from webapp.reviews.each import Outcome
from webapp.reviews.forms import Fields, day_given, key_given
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, reading, route, writing

blueprint = Blueprint("packages", __name__)
_SEE, _EDIT = Permission.SEE_RECORDS, Permission.EDIT_DRAFTS
_STALE = 409


@route(blueprint, "/packages", permission=_SEE)
def packages() -> Response:
    """Show the packages."""
    by = current_actor()
    page = packages_page(reading(), viewer=by)
    if page is None:
        return answer("campaign/none.html", heading="科室报送", may_manage=by.may(Permission.MANAGE_CAMPAIGN))
    return answer("packages/list.html", page=page)


@route(blueprint, "/packages/<int:package_id>", permission=_SEE)
def package(package_id: int) -> Response:
    """Show one section's package."""
    return answer("packages/show.html", page=package_page(reading(), package_id, viewer=current_actor()))


@route(blueprint, "/packages/<int:package_id>/nil-returns", permission=_EDIT, methods=["POST"])
def nil_declarations(package_id: int) -> Response:
    """Declare that the section holds no power of the categories ticked."""
    by, form, made = current_actor(), request.form, 0
    with form_errors() as problems, writing() as session:
        row, _ = packaging.lock_package(session, by, package_id)
        made = len(
            nil_returns.declare_nil(session, by, row, form.getlist("category"), basis=form.get("basis", "")),
        )
    if problems:
        return _refused(package_id, problems)
    toast(f"已作零报告{made}类，随报送材料由科室负责人签署。")
    return see_other(f"/packages/{package_id}#categories")


@route(blueprint, "/packages/<int:package_id>/nil-returns/withdrawals", permission=_EDIT, methods=["POST"])
def nil_withdrawals(package_id: int) -> Response:
    """Take a nil return back."""
    by = current_actor()
    with form_errors() as problems, writing() as session:
        row, _ = packaging.lock_package(session, by, package_id)
        nil_returns.withdraw_nil(session, by, row, request.form.get("category", ""))
    if problems:
        return _refused(package_id, problems)
    toast("零报告已撤回，该类需填报事项或重新作零报告。")
    return see_other(f"/packages/{package_id}#categories")


@route(blueprint, "/packages/<int:package_id>/report", permission=_EDIT, methods=["POST"])
def report(package_id: int) -> Response:
    """Save the report's texts."""
    by, texts = current_actor(), {key: request.form.get(key, "") for key in PART_KEYS}
    with form_errors() as problems, writing() as session:
        seen = forms.version_given(request.form.to_dict(flat=False))
        packaging.save_report(session, by, package_id, texts, seen_version=seen)
    if problems:
        return _refused(package_id, problems, texts)
    toast("报告已保存。")
    return see_other(f"/packages/{package_id}#report")


@route(blueprint, "/packages/<int:package_id>/submissions", permission=_EDIT, methods=["POST"])
def submissions(package_id: int) -> Response:
    """Hand every draft that is complete to the chief."""
    by, outcome = current_actor(), Outcome(0, {})
    with form_errors() as problems:
        items = forms.ready_items(request.form.to_dict(flat=False))
        with writing() as session:
            outcome = packaging.hand_in(session, by, package_id, items)
    if problems:
        return _refused(package_id, problems)
    _tell(f"已送科室审核{outcome.taken}项。", outcome)
    return see_other(f"/packages/{package_id}#items")


@route(blueprint, "/packages/<int:package_id>/scans", permission=_EDIT, methods=["POST"])
def scans(package_id: int) -> Response:
    """Note where the scan of the signed paper lies."""
    by = current_actor()
    with form_errors() as problems:
        day = day_given(request.form.get("scanned_on", ""), "scanned_on")
        with writing() as session:
            packaging.note_scan(session, by, package_id, scan_place=request.form.get("scan", ""), scanned_on=day)
    if problems:
        return _refused(package_id, problems)
    toast("已登记签字扫描件。")
    return see_other(f"/packages/{package_id}#signatures")


@route(blueprint, "/packages/<int:package_id>/signing", permission=_EDIT)
def signing(package_id: int) -> Response:
    """Show the chief the items with their five points."""
    return answer(
        "packages/signing.html", page=signing_page(reading(), package_id, viewer=current_actor()), is_true=False
    )


@route(blueprint, "/packages/<int:package_id>/signatures", permission=_EDIT, methods=["POST"])
def signatures(package_id: int) -> Response:
    """Sign the package: every item ticked in all five points goes to the office."""
    by, form = current_actor(), request.form.to_dict(flat=False)
    is_true, outcome = request.form.get("truth") == "1", Outcome(0, {})
    ticked: dict[str, tuple[str, ...]] = {}
    with form_errors() as problems:
        items, ticked = forms.ticked_items(form)
        with writing() as session:
            key = key_given(Fields(form))
            outcome = packaging.sign_package(session, by, package_id, items, is_true=is_true, request_key=key)
    if problems:
        page = signing_page(reading(), package_id, viewer=by, ticked=ticked)
        return answer("packages/signing.html", page=page, is_true=is_true, problems=problems, status=problems.status)
    _tell(f"已签署，{outcome.taken}项报送领导小组办公室。", outcome)
    return see_other(f"/packages/{package_id}")


def _tell(words: str, outcome: Outcome) -> None:
    if outcome.refused:
        first = next(iter(outcome.refused.values()))
        toast(f"{words}另有{len(outcome.refused)}项未办理：{first}", "note")
    else:
        toast(words)


def _refused(package_id: int, problems: Problems, typed: dict[str, str] | None = None) -> Response:
    by = current_actor()
    standing = package_page(reading(), package_id, viewer=by) if problems.status == _STALE and typed else None
    page = package_page(reading(), package_id, viewer=by, typed=typed)
    return answer(
        "packages/show.html",
        page=page,
        standing=standing,
        problems=problems,
        typed=request.form,
        status=problems.status,
    )
