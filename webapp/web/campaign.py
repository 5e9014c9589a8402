"""The campaign: its board, plan and dates, task sheet, meetings. The office writes, everybody at work reads."""

from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, request

from webapp.campaigns import forms, operations
from webapp.campaigns.reading import open_campaign, sections_taking_part
from webapp.campaigns.rows import is_row_button
from webapp.pages.campaign_board import board_page
from webapp.pages.campaign_dates import dates_page
from webapp.pages.campaign_meetings import KINDS, STATES, meeting_page, meetings_page, new_meeting_page
from webapp.pages.campaign_plan import plan_form, plan_page, tasks_form, tasks_page
from webapp.pages.finding import find_section, section_names
from webapp.policy import Permission
from webapp.rules import RuleBroken
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, reading, route, writing

blueprint = Blueprint("campaign", __name__)
_STALE = 409
_SEE, _MANAGE = Permission.SEE_RECORDS, Permission.MANAGE_CAMPAIGN


def _form() -> dict[str, list[str]]:
    return request.form.to_dict(flat=False)


@route(blueprint, "/campaign", permission=_SEE)
def campaign() -> Response:
    """Show the board."""
    by = current_actor()
    page = board_page(reading(), viewer=by)
    if page is None:
        return answer("campaign/none.html", may_manage=by.may(_MANAGE))
    return answer("campaign/board.html", page=page)


@route(blueprint, "/campaign/phases", permission=_SEE)
def phases() -> Response:
    """Show the plan: basis, phases and dates, leading group."""
    by = current_actor()
    page = plan_page(reading(), viewer=by)
    if page is None:
        return answer("campaign/none.html", may_manage=by.may(_MANAGE))
    return answer("campaign/phases.html", page=page)


@route(blueprint, "/campaign/phases/form", permission=_MANAGE)
def phases_form() -> Response:
    """Show the form of the plan; of a new campaign where none is open."""
    return answer("campaign/plan_form.html", page=plan_form(reading()))


@route(blueprint, "/campaign/phases", permission=_MANAGE, methods=["POST"], endpoint="change_phases")
def change_phases() -> Response:
    """Open a campaign or change its plan; buttons of rows only give the form back."""
    by, form = current_actor(), _form()
    if is_row_button(form):
        return answer("campaign/plan_form.html", page=plan_form(reading(), form))
    is_new = not form.get("seen_version", [""])[-1]
    with form_errors() as problems:
        plan = forms.plan_given(form)
        with writing() as session:
            if is_new:
                operations.open_new_campaign(session, by, plan)
            else:
                operations.change_plan(session, by, plan, seen_version=forms.version_given(form))
    if problems:
        page, standing = plan_form(reading(), form), None
        if problems.status == _STALE:
            standing = plan_form(reading())
            page = replace(page, version=standing.version)
        return answer(
            "campaign/plan_form.html", page=page, standing=standing, problems=problems, status=problems.status
        )
    toast("专项工作已部署。" if is_new else "部署已保存。")
    return see_other("/campaign/phases")


@route(blueprint, "/campaign/closures", permission=_MANAGE, methods=["POST"])
def closures() -> Response:
    """End the campaign."""
    by, form = current_actor(), _form()
    with form_errors() as problems, writing() as session:
        operations.close_campaign(session, by, seen_version=forms.version_given(form))
    if problems:
        page = plan_page(reading(), viewer=by)
        return answer("campaign/phases.html", page=page, problems=problems, status=problems.status)
    toast("专项工作已结束，记录保留。")
    return see_other("/campaign")


@route(blueprint, "/campaign/tasks", permission=_SEE)
def tasks() -> Response:
    """Show the task sheet."""
    by = current_actor()
    page = tasks_page(reading(), viewer=by)
    if page is None:
        return answer("campaign/none.html", may_manage=by.may(_MANAGE))
    return answer("campaign/tasks.html", page=page)


@route(blueprint, "/campaign/tasks/form", permission=_MANAGE)
def task_sheet_form() -> Response:
    """Show the form of the task sheet."""
    return answer("campaign/tasks_form.html", page=tasks_form(reading()))


@route(blueprint, "/campaign/tasks", permission=_MANAGE, methods=["POST"], endpoint="change_tasks")
def change_tasks() -> Response:
    """Save the task sheet."""
    by, form = current_actor(), _form()
    if is_row_button(form):
        return answer("campaign/tasks_form.html", page=tasks_form(reading(), form))
    names = section_names(reading())
    with form_errors() as problems:
        given = forms.tasks_given(form, lambda slug: find_section(names, slug))
        with writing() as session:
            operations.write_task_sheet(session, by, given, seen_version=forms.version_given(form))
    if problems:
        page, standing = tasks_form(reading(), form), None
        if problems.status == _STALE:
            standing = tasks_form(reading())
            page = replace(page, version=standing.version)
        return answer(
            "campaign/tasks_form.html", page=page, standing=standing, problems=problems, status=problems.status
        )
    toast("任务分解表已保存。")
    return see_other("/campaign/tasks")


@route(blueprint, "/campaign/meetings", permission=_SEE)
def meetings() -> Response:
    """Show meetings and trainings."""
    by = current_actor()
    page = meetings_page(reading(), viewer=by)
    if page is None:
        return answer("campaign/none.html", may_manage=by.may(_MANAGE))
    return answer("campaign/meetings.html", page=page)


@route(blueprint, "/campaign/meetings/new", permission=_MANAGE)
def new_meeting() -> Response:
    """Show the form for a meeting."""
    page = new_meeting_page(reading(), request.args.get("kind", ""))
    return answer("campaign/meeting_new.html", page=page, kinds=KINDS)


@route(blueprint, "/campaign/meetings", permission=_MANAGE, methods=["POST"], endpoint="create_meeting")
def create_meeting() -> Response:
    """Enter a meeting."""
    by, form, number = current_actor(), _form(), 0
    with form_errors() as problems:
        given = forms.meeting_given(form)
        with writing() as session:
            number = operations.hold_meeting(session, by, given).id
    if problems:
        page = new_meeting_page(reading(), "", form)
        return answer("campaign/meeting_new.html", page=page, kinds=KINDS, problems=problems, status=problems.status)
    toast("已登记，请在会后登记到会情况。")
    return see_other(f"/campaign/meetings/{number}")


@route(blueprint, "/campaign/meetings/<int:meeting_id>", permission=_SEE)
def meeting(meeting_id: int) -> Response:
    """Show one meeting."""
    page = meeting_page(reading(), meeting_id, viewer=current_actor())
    return answer("campaign/meeting.html", page=page, kinds=KINDS, states=STATES)


@route(
    blueprint, "/campaign/meetings/<int:meeting_id>", permission=_MANAGE, methods=["POST"], endpoint="change_meeting"
)
def change_meeting(meeting_id: int) -> Response:
    """Change notice or minutes."""
    by, form = current_actor(), _form()
    with form_errors() as problems:
        given = forms.meeting_given(form)
        with writing() as session:
            operations.change_meeting(session, by, meeting_id, given, seen_version=forms.version_given(form))
    if problems:
        return _refused_meeting(meeting_id, form, problems)
    toast("已保存。")
    return see_other(f"/campaign/meetings/{meeting_id}")


@route(blueprint, "/campaign/meetings/<int:meeting_id>/attendance", permission=_MANAGE, methods=["POST"])
def attendance(meeting_id: int) -> Response:
    """Write down who was there and who was trained later."""
    by, form = current_actor(), _form()
    page = meeting_page(reading(), meeting_id, viewer=by)
    campaign_now = open_campaign(reading())
    parts = sections_taking_part(reading(), campaign_now) if campaign_now else []
    with form_errors() as problems:
        held_on = date.fromisoformat(page.held_on)
        found = forms.attendance_given(form, [part.section for part in parts], held_on)
        with writing() as session:
            operations.note_attendance(session, by, meeting_id, found, seen_version=forms.version_given(form))
    if problems:
        return _refused_meeting(meeting_id, form, problems)
    toast("到会情况已登记。")
    return see_other(f"/campaign/meetings/{meeting_id}#attendance")


@route(blueprint, "/dates", permission=Permission.SIGNED_IN)
def dates() -> Response:
    """Say why a date is what it is."""
    start, end = (_day(request.args.get(name, "")) for name in ("from", "to"))
    return answer("campaign/dates.html", page=dates_page(reading(), start, end) if start and end else None)


def _refused_meeting(meeting_id: int, form: dict[str, list[str]], problems: Problems) -> Response:
    by = current_actor()
    standing = meeting_page(reading(), meeting_id, viewer=by) if problems.status == _STALE else None
    page = meeting_page(reading(), meeting_id, viewer=by, form=form)
    return answer(
        "campaign/meeting.html",
        page=page,
        standing=standing,
        kinds=KINDS,
        states=STATES,
        problems=problems,
        status=problems.status,
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RuleBroken("日期请按“2008-06-30”的样式填写。", "from") from error
