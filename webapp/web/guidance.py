"""业务指导: asking, answering, and letting an answer hold no longer."""

from flask import Blueprint, Response, request

from webapp.documents.paper_docx import MEDIA_TYPE as DOCX
from webapp.documents.paper_docx import write_docx
from webapp.documents.printing import MEDIA_TYPE as PDF
from webapp.documents.printing import write_pdf
from webapp.pages.guidance import PATH, guidance_list_page, guidance_page
from webapp.pages.training_papers import guidance_stack
from webapp.policy import Permission
from webapp.rules import NotFound
from webapp.training import forms, operations
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, end_reading, file_response, page_number, reading, route, writing

blueprint = Blueprint("guidance", __name__)
_SEE, _ANSWER = Permission.SEE_TRAINING, Permission.ANSWER_GUIDANCE
_WRITERS = {"docx": (write_docx, DOCX), "pdf": (write_pdf, PDF)}


def _form() -> dict[str, list[str]]:
    return request.form.to_dict(flat=False)


@route(blueprint, PATH, permission=_SEE)
def questions() -> Response:
    """List questions and answers."""
    page = guidance_list_page(reading(), request.args.get("q", ""), viewer=current_actor(), page=page_number())
    return answer("guidance/list.html", page=page)


@route(blueprint, PATH, permission=_SEE, methods=["POST"], endpoint="ask")
def ask() -> Response:
    """Ask."""
    by, number = current_actor(), 0
    with form_errors() as problems:
        question, section = forms.question_given(_form())
        with writing() as session:
            number = operations.ask(session, by, question, section).id
    if problems:
        page = guidance_list_page(reading(), "", viewer=by)
        return answer("guidance/list.html", page=page, problems=problems, typed=request.form, status=problems.status)
    toast("问题已提出，由领导小组办公室答复。")
    return see_other(f"{PATH}/{number}")


@route(blueprint, f"{PATH}/<int:guidance_id>", permission=_SEE)
def question(guidance_id: int) -> Response:
    """Show one question."""
    return _shown(guidance_id)


@route(blueprint, f"{PATH}/<int:guidance_id>/answers", permission=_ANSWER, methods=["POST"])
def answers(guidance_id: int) -> Response:
    """Answer."""
    by, form = current_actor(), _form()
    with form_errors() as problems:
        given = forms.answer_given(form)
        with writing() as session:
            operations.answer(session, by, guidance_id, given, seen_version=forms.number_of(form, "seen_version"))
    if problems:
        return _shown(guidance_id, problems)
    toast("已答复，对应栏目的填报页面上可以看到。")
    return see_other(f"{PATH}/{guidance_id}")


@route(blueprint, f"{PATH}/<int:guidance_id>/withdrawals", permission=_ANSWER, methods=["POST"])
def withdrawals(guidance_id: int) -> Response:
    """Let an answer hold no longer."""
    by, form = current_actor(), _form()
    with form_errors() as problems:
        reason = forms.reason_given(form)
        with writing() as session:
            seen = forms.number_of(form, "seen_version")
            operations.withdraw_guidance(session, by, guidance_id, reason, seen_version=seen)
    if problems:
        return _shown(guidance_id, problems)
    toast("该口径已停用。")
    return see_other(f"{PATH}/{guidance_id}")


@route(blueprint, f"{PATH}/papers/<name>/<ending>", permission=_SEE)
def guidance_paper(name: str, ending: str) -> Response:
    """Hand out the record of guidance (业务指导记录)."""
    if ending not in _WRITERS or name != "guidance-record":
        raise NotFound
    stack = guidance_stack(reading())
    end_reading()
    write, media_type = _WRITERS[ending]
    return file_response(write(stack), media_type, file_name=f"{stack.name}.{ending}")


def _shown(guidance_id: int, problems: Problems | None = None) -> Response:
    refused = problems or Problems()
    page = guidance_page(reading(), guidance_id, viewer=current_actor(), typed=request.form if refused else None)
    return answer("guidance/show.html", page=page, problems=refused, status=refused.status)
