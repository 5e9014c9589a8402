"""职责不到位和越位: the list, raising a gap, stopping an overreach, lifting the stop by a new decision."""

from datetime import date

from flask import Blueprint, Response, request

from webapp.pages.power import power_page
from webapp.pages.power_draft import version_of
from webapp.pages.verdicts import new_gap_page, verdicts_page
from webapp.policy import Permission
from webapp.reviews.stopping import Gap, raise_gap, resume_power, stop_power
from webapp.rules import RuleBroken
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, reading, route, writing

blueprint = Blueprint("verdicts", __name__)


@route(blueprint, "/verdicts", permission=Permission.SEE_RECORDS)
def verdicts() -> Response:
    """List the duties found missing and the overreaches stopped."""
    return answer("verdicts/list.html", page=verdicts_page(reading(), viewer=current_actor()))


@route(blueprint, "/verdicts/new", permission=Permission.RECORD_DECISIONS)
def new_verdict() -> Response:
    """Show the form that raises a duty found missing."""
    return answer("verdicts/new.html", page=new_gap_page(reading()))


@route(blueprint, "/verdicts", permission=Permission.RECORD_DECISIONS, methods=["POST"], endpoint="raise_verdict")
def raise_verdict() -> Response:
    """Put a duty found missing into a section's inventory."""
    with form_errors() as problems:
        form = request.form
        gap = Gap(
            name=form.get("name", ""),
            category=form.get("category", ""),
            section=form.get("section", ""),
            reason=form.get("reason", ""),
            due=_day("due"),
            source=form.get("source", "office"),
        )
        with writing() as session:
            raise_gap(session, current_actor(), gap)
    if problems:
        page = new_gap_page(reading())
        return answer("verdicts/new.html", page=page, problems=problems, typed=request.form, status=problems.status)
    toast("已列入该科室的清理清单，科室在待办事项中可以看到。")
    return see_other("/verdicts")


@route(blueprint, "/powers/<int:power_id>/stops", permission=Permission.EDIT_DRAFTS, methods=["POST"])
def stops(power_id: int) -> Response:
    """Stop an overreach at once."""
    with form_errors() as problems:
        day = _day("day")
        with writing() as session:
            stop_power(
                session,
                current_actor(),
                power_id,
                reason=request.form.get("reason", ""),
                aftermath=request.form.get("aftermath", ""),
                day=day,
                seen_version=version_of(request.form.to_dict(flat=False)),
            )
    if problems:
        return _refused(power_id, problems)
    toast("已停止行使，领导小组办公室和副组长可以看到。")
    return see_other(f"/powers/{power_id}")


@route(blueprint, "/powers/<int:power_id>/resumptions", permission=Permission.RECORD_DECISIONS, methods=["POST"])
def resumptions(power_id: int) -> Response:
    """Record the new decision that lifts a stop."""
    with form_errors() as problems:
        day = _day("decided_on")
        with writing() as session:
            resume_power(
                session,
                current_actor(),
                power_id,
                document=request.form.get("document", ""),
                decided_on=day,
                reason=request.form.get("reason", ""),
            )
    if problems:
        return _refused(power_id, problems)
    toast("已登记，本职权回到承办科室的草稿，须重新送审。")
    return see_other("/verdicts")


def _refused(power_id: int, problems: Problems) -> Response:
    page = power_page(reading(), power_id, viewer=current_actor())
    return answer("powers/show.html", page=page, problems=problems, typed=request.form, status=problems.status)


def _day(name: str) -> date:
    """Return the date typed into a field; raise RuleBroken for none."""
    try:
        return date.fromisoformat(request.form.get(name, "").strip())
    except ValueError as wrong:
        raise RuleBroken("请填写日期，写作2008-07-01的样子。", name) from wrong
