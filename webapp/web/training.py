"""Trainings: the year's plan, sessions, who was there, who must and who has."""

from flask import Blueprint, Response, request

from webapp.documents.paper_docx import MEDIA_TYPE as DOCX
from webapp.documents.paper_docx import write_docx
from webapp.documents.printing import MEDIA_TYPE as PDF
from webapp.documents.printing import write_pdf
from webapp.pages.training import PATH, new_session_page, session_page, training_page
from webapp.pages.training_coverage import coverage_page
from webapp.pages.training_papers import training_stack
from webapp.policy import Permission
from webapp.rules import NotFound
from webapp.training import forms, operations
from webapp.training.topics import OUTCOMES, TOPICS
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, end_reading, file_response, reading, route, writing

blueprint = Blueprint("training", __name__)
_SEE, _MANAGE = Permission.SEE_TRAINING, Permission.MANAGE_TRAINING
_TOPICS = (("", "请选择"), *TOPICS)
_OUTCOMES = tuple((key, words) for key, words, _, _ in OUTCOMES)
_WRITERS = {"docx": (write_docx, DOCX), "pdf": (write_pdf, PDF)}


def _form() -> dict[str, list[str]]:
    return request.form.to_dict(flat=False)


@route(blueprint, PATH, permission=_SEE)
def training() -> Response:
    """Show a year's plan."""
    year = forms.number_of({"year": [request.args.get("year", "")]}, "year")
    known = year if year and 1990 <= year <= 2100 else None  # noqa: PLR2004 - the years of the calendar
    return answer("training/list.html", page=training_page(reading(), known, viewer=current_actor()))


@route(blueprint, f"{PATH}/plans", permission=_MANAGE, methods=["POST"])
def plans() -> Response:
    """Write a year's plan."""
    by, form, year = current_actor(), _form(), 0
    with form_errors() as problems:
        year, basis, content = forms.plan_given(form)
        with writing() as session:
            seen = forms.number_of(form, "seen_version")
            operations.write_plan(session, by, year, basis, content, seen_version=seen)
    if problems:
        page = training_page(reading(), year or None, viewer=by)
        return answer("training/list.html", page=page, problems=problems, typed=request.form, status=problems.status)
    toast("年度计划已保存。")
    return see_other(f"{PATH}?year={year}")


@route(blueprint, f"{PATH}/sessions/new", permission=_MANAGE)
def new_session() -> Response:
    """Show the form of a training."""
    return answer("training/session.html", page=new_session_page(), topics=_TOPICS, outcomes=_OUTCOMES)


@route(blueprint, f"{PATH}/sessions", permission=_MANAGE, methods=["POST"])
def sessions() -> Response:
    """Put a training into the plan."""
    by, number = current_actor(), 0
    with form_errors() as problems:
        given = forms.session_given(_form())
        with writing() as session:
            number = operations.plan_session(session, by, given).id
    if problems:
        page = new_session_page(request.form)
        return answer(
            "training/session.html",
            page=page,
            topics=_TOPICS,
            outcomes=_OUTCOMES,
            problems=problems,
            status=problems.status,
        )
    toast("已登记，培训后请登记到课情况。")
    return see_other(f"{PATH}/sessions/{number}")


@route(blueprint, f"{PATH}/sessions/<int:session_id>", permission=_SEE, endpoint="session")
def training_session(session_id: int) -> Response:
    """Show a training."""
    return _shown(session_id)


@route(blueprint, f"{PATH}/sessions/<int:session_id>", permission=_MANAGE, methods=["POST"], endpoint="change_session")
def change_session(session_id: int) -> Response:
    """Change what is written of a training."""
    by, form = current_actor(), _form()
    with form_errors() as problems:
        given = forms.session_given(form)
        with writing() as session:
            seen = forms.number_of(form, "seen_version")
            operations.change_session(session, by, session_id, given, seen_version=seen)
    if problems:
        return _shown(session_id, problems)
    toast("已保存。")
    return see_other(f"{PATH}/sessions/{session_id}")


@route(blueprint, f"{PATH}/sessions/<int:session_id>/attendance", permission=_MANAGE, methods=["POST"])
def attendance(session_id: int) -> Response:
    """Write down who was there and with which result."""
    by, form = current_actor(), _form()
    people = [row.person for row in session_page(reading(), session_id, viewer=by).people]
    with form_errors() as problems:
        found = forms.attendance_given(form, people)
        with writing() as session:
            seen = forms.number_of(form, "seen_version")
            operations.note_attendance(session, by, session_id, found, seen_version=seen)
    if problems:
        return _shown(session_id, problems)
    toast("到课情况已登记。")
    return see_other(f"{PATH}/sessions/{session_id}#attendance")


@route(blueprint, f"{PATH}/sessions/<int:session_id>/papers/<name>/<ending>", permission=_SEE)
def session_paper(session_id: int, name: str, ending: str) -> Response:
    """Hand out the sign-in sheet or the record of a training."""
    if ending not in _WRITERS:
        raise NotFound
    stack = training_stack(reading(), session_id, name, viewer=current_actor())
    end_reading()
    write, media_type = _WRITERS[ending]
    return file_response(write(stack), media_type, file_name=f"{stack.name}.{ending}")


@route(blueprint, f"{PATH}/coverage", permission=_SEE)
def coverage() -> Response:
    """Show who must and who has."""
    return answer("training/coverage.html", page=coverage_page(reading(), viewer=current_actor()))


@route(blueprint, f"{PATH}/requirements", permission=_MANAGE, methods=["POST"])
def requirements() -> Response:
    """Set who must know a topic by when."""
    by = current_actor()
    with form_errors() as problems:
        given = forms.requirement_given(_form())
        with writing() as session:
            operations.set_requirement(session, by, given)
    if problems:
        page = coverage_page(reading(), viewer=by)
        return answer(
            "training/coverage.html", page=page, problems=problems, typed=request.form, status=problems.status
        )
    toast("培训要求已登记。")
    return see_other(f"{PATH}/coverage")


@route(blueprint, f"{PATH}/requirements/<int:requirement_id>/ends", permission=_MANAGE, methods=["POST"])
def requirement_ends(requirement_id: int) -> Response:
    """End a requirement."""
    by = current_actor()
    with writing() as session:
        operations.end_requirement(session, by, requirement_id)
    toast("该项要求已终止。")
    return see_other(f"{PATH}/coverage")


def _shown(session_id: int, problems: Problems | None = None) -> Response:
    refused = problems or Problems()
    page = session_page(reading(), session_id, viewer=current_actor(), typed=request.form if refused else None)
    return answer(
        "training/session.html",
        page=page,
        topics=_TOPICS,
        outcomes=_OUTCOMES,
        problems=refused,
        status=refused.status,
    )
