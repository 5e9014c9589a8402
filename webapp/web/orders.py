"""Rectification orders: the list, drafting one from ticked findings, every act on one, several signed for at once."""

from flask import Blueprint, Response, request

from webapp.documents.paper_docx import MEDIA_TYPE as DOCX
from webapp.documents.paper_docx import write_docx
from webapp.documents.printing import MEDIA_TYPE as PDF
from webapp.documents.printing import write_pdf
from webapp.documents.reading import read_table
from webapp.documents.sheets import Sheet, write_xlsx
from webapp.findings.forms import HEADINGS, Given, decision_of, feedback_of_table, number_of, order_given
from webapp.findings.order_stages import Event
from webapp.findings.ordering import Decision, advance, advance_many, draft_order
from webapp.pages.findings import new_order_page
from webapp.pages.order import order_page
from webapp.pages.order_papers import order_stack
from webapp.pages.orders import PATH, orders_page
from webapp.policy import Permission
from webapp.rules import NotFound, RuleBroken
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, end_reading, file_response, page_number, reading, route, writing
from webapp.web.uploads import uploaded_file

blueprint = Blueprint("orders", __name__)
_SEE, _DRAFT, _WORK = Permission.SEE_RECORDS, Permission.DRAFT_ORDERS, Permission.WORK_ON_ORDERS
_WRITERS = {"docx": (write_docx, DOCX), "pdf": (write_pdf, PDF)}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@route(blueprint, PATH, permission=_SEE)
def orders() -> Response:
    """Show the orders, narrowed down as the address says."""
    page = orders_page(reading(), request.args, viewer=current_actor(), page=page_number())
    return answer("orders/list.html", page=page)


@route(blueprint, f"{PATH}/new", permission=_DRAFT)
def new_order() -> Response:
    """Show the form for the findings named in the address."""
    numbers = [int(text) for text in request.args.getlist("finding") if text.isascii() and text.isdigit()]
    return answer("orders/new.html", page=new_order_page(reading(), numbers[:60], viewer=current_actor()))


@route(blueprint, PATH, permission=_DRAFT, methods=["POST"], endpoint="draft")
def draft() -> Response:
    """Draft an order from several findings."""
    by, form = current_actor(), _given()
    number = 0
    with form_errors() as problems:
        given = order_given(form)
        with writing() as session:
            number = draft_order(session, by, given).id
    if problems:
        chosen = [int(text) for text in form.all("finding") if text.isascii() and text.isdigit()]
        page = new_order_page(reading(), chosen, viewer=by)
        return answer("orders/new.html", page=page, problems=problems, typed=request.form, status=problems.status)
    toast("已起草，请送副组长签批。")
    return see_other(f"{PATH}/{number}")


@route(blueprint, f"{PATH}/<int:order_id>", permission=_SEE)
def order(order_id: int) -> Response:
    """Show one order."""
    return answer("orders/show.html", page=order_page(reading(), order_id, viewer=current_actor()))


@route(blueprint, f"{PATH}/<int:order_id>/steps", permission=_WORK, methods=["POST"])
def order_steps(order_id: int) -> Response:
    """Take an act on an order."""
    by = current_actor()
    items = [item.id for item in order_page(reading(), order_id, viewer=by).open_items]
    with form_errors() as problems:
        decision = decision_of(_given(), items)
        with writing() as session:
            advance(session, by, order_id, decision)
    if problems:
        return _again(order_id, problems)
    toast("已办理。")
    return see_other(f"{PATH}/{order_id}")


@route(blueprint, f"{PATH}/<int:order_id>/feedback-imports", permission=_WORK, methods=["POST"])
def feedback_imports(order_id: int) -> Response:
    """Take the feedback in from a table: the same act as the form's."""
    by = current_actor()
    page = order_page(reading(), order_id, viewer=by)
    with form_errors() as problems:
        table = read_table(*uploaded_file())
        if table.refused:
            raise RuleBroken(f"第{table.refused[0].number}行无法读取：{table.refused[0].why}", "file")
        feedback = feedback_of_table(
            [row.cells for row in table.rows], {item.position: item.id for item in page.open_items}
        )
        seen = request.form.get("seen_version", "")
        version = number_of(seen, "seen_version", "缺少版本号，未办理。请刷新页面后再试。")
        key = request.form.get("request_key") or None
        with writing() as session:
            decision = Decision(event=Event.FEEDBACK, feedback=feedback, seen_version=version, request_key=key)
            advance(session, by, order_id, decision)
    if problems:
        return _again(order_id, problems)
    toast("已从表格报送整改结果。")
    return see_other(f"{PATH}/{order_id}")


@route(blueprint, f"{PATH}/acknowledgements", permission=_WORK, methods=["POST"])
def acknowledgements() -> Response:
    """Sign for several orders at once, or for none."""
    by = current_actor()
    count = 0
    with form_errors() as problems:
        chosen = [_ticked(text) for text in request.form.getlist("order")]
        decision = Decision(event=Event.ACKNOWLEDGE, request_key=request.form.get("request_key") or None)
        with writing() as session:
            count = advance_many(session, by, chosen, decision)
    if problems:
        page = orders_page(reading(), {}, viewer=by)
        return answer("orders/list.html", page=page, problems=problems, status=problems.status)
    toast(f"已签收{count}份整改通知，整改期限自今日起算。")
    return see_other(PATH)


@route(blueprint, f"{PATH}/<int:order_id>/feedback.xlsx", permission=_SEE)
def feedback_table(order_id: int) -> Response:
    """Hand out the table in which a section writes its feedback."""
    page = order_page(reading(), order_id, viewer=current_actor())
    headings = ("序号", "问题", *(words[0] for name, words in HEADINGS.items() if name != "position"))
    rows = [(item.position, item.fact, "", page.causes[0][1], "", page.responsible, "") for item in page.open_items]
    sheet = Sheet("整改回执", headings, rows, widths=(6, 40, 40, 14, 30, 14, 14))
    return file_response(write_xlsx([sheet]), _XLSX, file_name=f"整改回执填报表 {page.id}.xlsx")


@route(blueprint, f"{PATH}/<int:order_id>/papers/<name>", permission=_SEE)
def order_paper(order_id: int, name: str) -> Response:
    """Show a paper of the order as it will be printed."""
    stack = order_stack(reading(), order_page(reading(), order_id, viewer=current_actor()), name)
    files = [(words, f"{PATH}/{order_id}/papers/{name}.{end}") for end, words in (("docx", "Word文档"), ("pdf", "PDF"))]
    return answer("orders/paper.html", stack=stack, files=files, back=f"{PATH}/{order_id}")


@route(blueprint, f"{PATH}/<int:order_id>/papers/<name>.<ending>", permission=_SEE)
def order_paper_file(order_id: int, name: str, ending: str) -> Response:
    """Hand a paper of the order out as a file."""
    if ending not in _WRITERS:
        raise NotFound
    stack = order_stack(reading(), order_page(reading(), order_id, viewer=current_actor()), name)
    end_reading()  # typesetting may take seconds
    write, media_type = _WRITERS[ending]
    return file_response(write(stack), media_type, file_name=f"{stack.name}.{ending}")


def _again(order_id: int, problems: Problems) -> Response:
    page = order_page(reading(), order_id, viewer=current_actor())
    return answer("orders/show.html", page=page, problems=problems, typed=request.form, status=problems.status)


def _given() -> Given:
    return Given(request.form.to_dict(flat=False))


def _ticked(text: str) -> tuple[int, int]:
    number, _, version = text.partition(":")
    wrong = "所选的整改通知无法识别，请刷新页面后重新选择。"
    return number_of(number, "order", wrong), number_of(version, "order", wrong)
