"""The official papers: the list, each on the screen as it will be printed, and as a file to be saved."""

from flask import Blueprint, Response, request

from webapp.documents.paper_docx import MEDIA_TYPE as DOCX
from webapp.documents.paper_docx import write_docx
from webapp.documents.paper_xlsx import MEDIA_TYPE as XLSX
from webapp.documents.paper_xlsx import write_papers_xlsx
from webapp.documents.printing import MEDIA_TYPE as PDF
from webapp.documents.printing import write_pdf
from webapp.pages.papers import PATH, Choice, making_of, paper_page, papers_page, stack_of
from webapp.policy import Permission
from webapp.rules import NotFound, RuleBroken
from webapp.web.fragments import answer
from webapp.web.routes import current_actor, end_reading, file_response, reading, route

blueprint = Blueprint("papers", __name__)
_MAKE = Permission.MAKE_PAPERS
_WRITERS = {"docx": (write_docx, DOCX), "pdf": (write_pdf, PDF), "xlsx": (write_papers_xlsx, XLSX)}


@route(blueprint, PATH, permission=_MAKE)
def papers() -> Response:
    """Show which papers there are."""
    section = request.args.get("section", "").strip()
    return answer("papers/list.html", page=papers_page(reading(), section, viewer=current_actor()))


@route(blueprint, f"{PATH}/<name>", permission=_MAKE)
def paper(name: str) -> Response:
    """Show one paper, filled."""
    choice = Choice.of(name, request.args.to_dict())
    return answer("papers/show.html", page=paper_page(reading(), choice, viewer=current_actor()))


@route(blueprint, f"{PATH}/<name>.<ending>", permission=_MAKE)
def paper_file(name: str, ending: str) -> Response:
    """Hand a filled paper out as a file."""
    if ending not in _WRITERS:
        raise NotFound
    stack = stack_of(making_of(reading(), Choice.of(name, request.args.to_dict()), viewer=current_actor()))
    if not stack.papers:
        raise RuleBroken("没有可以填入的事项，未生成文件。请先登记事项，或改选科室。")
    # Typesetting may take seconds: no connection is held meanwhile.
    end_reading()
    write, media_type = _WRITERS[ending]
    return file_response(write(stack), media_type, file_name=f"{stack.name}.{ending}")
