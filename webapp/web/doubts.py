"""Warnings: giving reasons for those of an entry or a chart, and the help pages with every rule."""

from flask import Blueprint, Response, request

from webapp.pages.doubts import rule_rows
from webapp.pages.entry import read_contacts
from webapp.pages.flow import flow_page
from webapp.pages.flow_rules import flow_rules_page
from webapp.pages.power import power_page
from webapp.policy import Permission
from webapp.powers.explaining import explain_warnings
from webapp.reviews.explaining import explain_findings
from webapp.web.drawings import stored_picture
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import form_errors
from webapp.web.routes import current_actor, reading, route, writing

blueprint = Blueprint("doubts", __name__)


@route(blueprint, "/help/warnings", permission=Permission.SEE_RECORDS)
def warning_rules() -> Response:
    """Show every rule that may warn of an entry."""
    return answer("help/warnings.html", rules=rule_rows())


@route(blueprint, "/help/flow-rules", permission=Permission.SEE_RECORDS)
def flow_rules() -> Response:
    """Show every rule that checks a chart, with its two examples."""
    return answer("help/flow-rules.html", page=flow_rules_page())


@route(blueprint, "/powers/<int:power_id>/warning-reasons", permission=Permission.EDIT_DRAFTS, methods=["POST"])
def warning_reasons(power_id: int) -> Response:
    """Keep the reasons given for what is warned of in an entry."""
    by, kept = current_actor(), 0
    given = _given()
    phones = {key: str(contact.get("phone") or key) for key, contact in read_contacts(reading()).items()}
    with form_errors() as problems, writing() as session:
        kept = explain_warnings(session, by, power_id, given, phones)
    if problems:
        page = power_page(reading(), power_id, viewer=by)
        return answer("powers/show.html", page=page, problems=problems, typed=request.form, status=problems.status)
    toast(f"已保存{kept}条理由。" if kept else "理由没有变化。", "done" if kept else "note")
    return see_other(f"/powers/{power_id}#doubts")


@route(blueprint, "/flows/<int:flow_id>/warning-reasons", permission=Permission.EDIT_DRAFTS, methods=["POST"])
def finding_reasons(flow_id: int) -> Response:
    """Keep the reasons given for what is warned of in a chart."""
    by, kept = current_actor(), 0
    with form_errors() as problems, writing() as session:
        kept = explain_findings(session, by, flow_id, _given())
    if problems:
        page = flow_page(reading(), flow_id, viewer=by)
        picture, typed = stored_picture(page.body), request.form
        return answer(
            "flows/show.html", page=page, picture=picture, problems=problems, typed=typed, status=problems.status
        )
    toast(f"已保存{kept}条理由。" if kept else "理由没有变化。", "done" if kept else "note")
    return see_other(f"/flows/{flow_id}#doubts")


def _given() -> dict[str, str]:
    """Return the texts of the form by rule."""
    return {name.removeprefix("reason-"): text for name, text in request.form.items() if name.startswith("reason-")}
