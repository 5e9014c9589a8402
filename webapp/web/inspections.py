"""Inspections: list, preparation, the points with their answers and proof, acts, papers."""

from collections.abc import Iterable

from flask import Blueprint, Response, request
from werkzeug.datastructures import FileStorage

from webapp.accounts.forms import day, row_id
from webapp.documents.paper_docx import MEDIA_TYPE as DOCX
from webapp.documents.paper_docx import write_docx
from webapp.documents.printing import MEDIA_TYPE as PDF
from webapp.documents.printing import write_pdf
from webapp.files.storing import Kept, keep_file
from webapp.inspections.advancing import Act, advance
from webapp.inspections.filling import Given, add_evidence, remove_evidence, save_answers
from webapp.inspections.planning import Planned, add_plan_line, plan_inspection
from webapp.pages.inspection import inspection_page
from webapp.pages.inspection_new import inspection_new_page, power_named
from webapp.pages.inspection_papers import inspection_paper_page, inspection_stack
from webapp.pages.inspections import PATH, inspections_page
from webapp.policy import Permission
from webapp.rules import NotFound, RuleBroken
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import (
    current_actor,
    end_reading,
    file_response,
    page_number,
    reading,
    route,
    settings,
    writing,
)

blueprint = Blueprint("inspections", __name__)
_SEE, _MAY = Permission.SEE_RECORDS, Permission.INSPECT
_WRITERS = {"docx": (write_docx, DOCX), "pdf": (write_pdf, PDF)}
_DIGITS = 10  # of the number of a row
_LINE = f"{PATH}/plan-lines"


@route(blueprint, PATH, permission=_SEE)
def inspections() -> Response:
    """Show the inspections a person may see."""
    state, page = request.args.get("state", ""), page_number()
    return answer(
        "inspections/list.html", page=inspections_page(reading(), state=state, page=page, viewer=current_actor())
    )


@route(blueprint, f"{PATH}/new", permission=_MAY)
def inspection_new() -> Response:
    """Show the form that prepares an inspection."""
    page = inspection_new_page(reading(), request.args.get("occurrence", type=int))
    return answer("inspections/new.html", page=page, values=page.given)


@route(blueprint, PATH, permission=_MAY, methods=["POST"])
def prepare_inspection() -> Response:
    """Prepare an inspection."""
    by, form = current_actor(), request.form
    number = 0
    with form_errors() as problems:
        power = power_named(reading(), form.get("code", ""))
        if power == 0:
            raise RuleBroken("没有这个编码的职权，请核对；检查整个科室的请留空。", "code")
        planned = Planned(
            checklist_id=row_id(form, "checklist", "请选择检查清单。"),
            section_id=row_id(form, "section", "请选择被检查的科室。"),
            held_on=day(form, "held_on"),
            team=tuple(int(value) for value in form.getlist("team") if value.isdigit() and len(value) < _DIGITS),
            kind=form.get("kind", ""),
            record_id=power,
            method=form.get("method", ""),
            with_commitments=form.get("with_commitments") == "1",
            is_late_entry=form.get("is_late_entry") == "1",
            occurrence_id=form.get("occurrence", type=int),
        )
        with writing() as session:
            number = plan_inspection(session, planned, by=by).id
    if problems:
        page = inspection_new_page(reading(), None)
        values = {**form.to_dict(), "team": form.getlist("team")}
        return answer("inspections/new.html", page=page, values=values, problems=problems, status=problems.status)
    toast("已安排检查。检查前可以打印空白检查表。")
    return see_other(f"{PATH}/{number}")


@route(blueprint, _LINE, permission=_MAY, methods=["POST"])
def plan_lines() -> Response:
    """Put a line into the year's plan."""
    by, form = current_actor(), request.form
    with form_errors() as problems:
        due = day(form, "due")
        section = row_id(form, "section", "请选择被检查的科室。")
        with writing() as session:
            add_plan_line(
                session,
                year=due.year,
                kind=form.get("kind", ""),
                slug=form.get("slug", ""),
                section_id=section,
                due=[due],
                document=form.get("document", ""),
                by=by,
            )
    if problems:
        page = inspection_new_page(reading(), None)
        values = {**page.given, **form.to_dict()}
        return answer("inspections/new.html", page=page, values=values, problems=problems, status=problems.status)
    toast("已列入检查计划。")
    return see_other(PATH)


@route(blueprint, f"{PATH}/<int:inspection_id>", permission=_SEE)
def inspection(inspection_id: int) -> Response:
    """Show one inspection."""
    return answer("inspections/show.html", page=inspection_page(reading(), inspection_id, viewer=current_actor()))


@route(blueprint, f"{PATH}/<int:inspection_id>/answers", permission=_SEE, methods=["POST"])
def answers(inspection_id: int) -> Response:
    """Keep answers and files: of the whole form, or of the one point that a script sends by itself (`one`)."""
    by, form, one = current_actor(), request.form, request.form.get("one", "")
    given = {
        key: Given(form[f"value-{key}"], form.get(f"note-{key}", ""), form.get(f"seen-{key}"))
        for key in (name.removeprefix("value-") for name in form if name.startswith("value-"))
        if form[f"value-{key}"] and one in {"", key}
    }
    inspection_page(reading(), inspection_id, viewer=by)  # who may not know of it brings no file either
    end_reading()
    with form_errors() as problems:
        kept = _kept(request.files.items(multi=True))
        with writing() as session:
            removed = form.get("remove", type=int)
            if given:
                save_answers(session, inspection_id, given, by=by)
            if kept:
                add_evidence(session, inspection_id, kept, by=by)
            if removed is not None:
                remove_evidence(session, inspection_id, removed, by=by)
    if one:
        return _one_point(inspection_id, one, problems)
    page = inspection_page(reading(), inspection_id, viewer=by)
    if problems:
        return answer("inspections/show.html", page=page, problems=problems, typed=form, status=problems.status)
    toast(f"已保存，共{page.total}项，已填{page.answered}项。")
    return see_other(f"{PATH}/{inspection_id}#points")


@route(blueprint, f"{PATH}/<int:inspection_id>/steps", permission=_SEE, methods=["POST"])
def inspection_steps(inspection_id: int) -> Response:
    """Take an act on an inspection."""
    by, form = current_actor(), request.form
    act = Act(form.get("event", ""), form.get("seen_version", type=int), form.get("note", ""), form.get("witness", ""))
    with form_errors() as problems, writing() as session:
        advance(session, inspection_id, act, by=by)
    if problems:
        page = inspection_page(reading(), inspection_id, viewer=by)
        return answer("inspections/show.html", page=page, problems=problems, typed=form, status=problems.status)
    toast("已办理。")
    return see_other(f"{PATH}/{inspection_id}")


@route(blueprint, f"{PATH}/<int:inspection_id>/<name>", permission=_SEE)
def inspection_paper(inspection_id: int, name: str) -> Response:
    """Show the signed record or the blank checklist as it prints."""
    page = inspection_paper_page(reading(), inspection_id, name, viewer=current_actor())
    return answer("inspections/paper.html", page=page)


@route(blueprint, f"{PATH}/<int:inspection_id>/<name>.<ending>", permission=_SEE)
def inspection_paper_file(inspection_id: int, name: str, ending: str) -> Response:
    """Hand the record or the blank checklist out as a file."""
    if ending not in _WRITERS:
        raise NotFound
    stack = inspection_stack(reading(), inspection_id, name, viewer=current_actor())
    end_reading()
    write, media_type = _WRITERS[ending]
    return file_response(write(stack), media_type, file_name=f"{stack.name}.{ending}")


def _kept(files: Iterable[tuple[str, FileStorage]]) -> list[tuple[str, Kept]]:
    """Put the files of a form on the disk: (key of the point, file); `file-` alone is for the whole."""
    found = []
    for name, file in files:
        if file.filename and name.startswith("file-"):
            with file.stream as stream:
                found.append((name.removeprefix("file-"), keep_file(settings().files, stream.read(), file.filename)))
    return found


def _one_point(inspection_id: int, key: str, problems: Problems) -> Response:
    """Answer a script about one point: the proofs that stand, and what was seen; or the sentence of a refusal."""
    if problems:
        response = file_response(" ".join(problem.message for problem in problems), "text/plain")
        response.status_code = problems.status
        return response
    page = inspection_page(reading(), inspection_id, viewer=current_actor())
    row = next((row for _, rows in page.sections for row in rows if row.point.key == key), None)
    response = answer("inspections/proofs.html", proofs=row.proofs if row else page.proofs, is_open=True)
    response.headers["X-Seen"] = row.seen if row else ""
    response.headers["X-Answered"] = f"{page.answered}/{page.total}"
    return response
