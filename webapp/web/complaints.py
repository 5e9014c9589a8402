"""Complaints and opinions: lists, taking in, acts, the identity in its vault, other systems, reports passed on."""

from secrets import token_hex

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from webapp.complaints import elsewhere, forms, identity, operations
from webapp.complaints.reading import has_sealed
from webapp.complaints.vault import Identity, Vault, VaultClosed, make_vault_key, open_vault
from webapp.documents.sheets import Sheet, write_csv, write_xlsx
from webapp.pages.complaint import complaint_page
from webapp.pages.complaint_elsewhere import discipline_page, elsewhere_page
from webapp.pages.complaint_new import new_complaint_page
from webapp.pages.complaints import ComplaintRow, Filters, complaint_rows, complaints_page
from webapp.policy import Permission
from webapp.rules import NotFound
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, file_response, page_number, reading, route, settings, writing

blueprint = Blueprint("complaints", __name__)
_SEE, _TAKE, _ELSEWHERE = Permission.SEE_COMPLAINTS, Permission.TAKE_COMPLAINTS, Permission.HANDLE_ELSEWHERE
_MAX_EXPORT = 5000
_LEDGER = "投诉与意见台账"
_FORMATS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_COLUMNS = ("编号", "种类", "来件方式", "收到日期", "事由", "被反映科室", "办理情况", "承办人", "结论", "停留(工作日)")


def _form() -> dict[str, list[str]]:
    return request.form.to_dict(flat=False)


def _vault(session: Session) -> Vault:
    """Open the vault; its key is made with the first complaint where `init` has not made it. Raises VaultClosed."""
    if not has_sealed(session):
        make_vault_key(settings().instance, has_sealed=False)
    return open_vault(settings().instance)


def _vault_if_there(session: Session) -> Vault | None:
    """Open the vault for an act, which needs it only where an identity is sealed."""
    try:
        return _vault(session)
    except VaultClosed:
        return None


@route(blueprint, "/complaints", permission=_SEE)
def complaints() -> Response:
    """List complaints."""
    page = complaints_page(reading(), Filters.of(request.args), viewer=current_actor(), page=page_number())
    return answer("complaints/list.html", page=page)


@route(blueprint, "/complaints/sheets/<file_format>", permission=_SEE)
def sheet(file_format: str) -> Response:
    """Give the list as a workbook or CSV, behind the same wall."""
    if file_format not in _FORMATS:
        raise NotFound
    rows = complaint_rows(reading(), Filters.of(request.args), viewer=current_actor(), limit=_MAX_EXPORT)
    lines = [_line(row) for row in rows]
    content = write_csv([_COLUMNS, *lines]) if file_format == "csv" else write_xlsx([Sheet(_LEDGER, _COLUMNS, lines)])
    return file_response(content, _FORMATS[file_format], file_name=f"{_LEDGER}.{file_format}")


@route(blueprint, "/complaints/new", permission=_TAKE)
def new_complaint() -> Response:
    """Show the form."""
    return answer("complaints/new.html", page=new_complaint_page(reading(), viewer=current_actor()))


@route(blueprint, "/complaints", permission=_TAKE, methods=["POST"], endpoint="take_in")
def take_in() -> Response:
    """Take a complaint in."""
    by, number = current_actor(), 0
    with form_errors() as problems:
        given = forms.complaint_given(_form())
        with writing() as session:
            number = operations.take_in(session, by, given, _vault(session)).id
    if problems:
        page = new_complaint_page(reading(), viewer=by)
        return answer("complaints/new.html", page=page, problems=problems, typed=request.form, status=problems.status)
    toast("已收件，请登记编号后办理。")
    return see_other(f"/complaints/{number}")


@route(blueprint, "/complaints/<int:complaint_id>", permission=_SEE)
def complaint(complaint_id: int) -> Response:
    """Show a complaint."""
    return _shown(complaint_id)


@route(blueprint, "/complaints/<int:complaint_id>/steps", permission=_SEE, methods=["POST"])
def steps(complaint_id: int) -> Response:
    """Take an act."""
    by = current_actor()
    with form_errors() as problems:
        given = forms.step_given(_form())
        with writing() as session:
            operations.advance(session, by, complaint_id, given, _vault_if_there(session))
    if problems:
        return _shown(complaint_id, problems)
    toast("已办理。")
    return see_other(f"/complaints/{complaint_id}")


@route(blueprint, "/complaints/<int:complaint_id>/identity-looks", permission=_SEE, methods=["POST"])
def identity_looks(complaint_id: int) -> Response:
    """Show who a complaint came from, once, for a reason."""
    by, revealed = current_actor(), None
    with form_errors() as problems:
        reason = forms.reason_given(_form())
        with writing() as session:
            revealed = identity.reveal(session, by, complaint_id, reason=reason, vault=_vault(session))
    return _shown(complaint_id, problems, revealed)


@route(blueprint, "/complaints/<int:complaint_id>/identity-erasures", permission=_SEE, methods=["POST"])
def identity_erasures(complaint_id: int) -> Response:
    """Erase who a complaint came from."""
    by = current_actor()
    with form_errors() as problems:
        reason = forms.reason_given(_form())
        with writing() as session:
            identity.erase_identity(session, by, complaint_id, reason=reason)
    if problems:
        return _shown(complaint_id, problems)
    toast("来件人信息已清除。")
    return see_other(f"/complaints/{complaint_id}")


@route(blueprint, "/complaints/elsewhere", permission=_ELSEWHERE)
def matters_elsewhere() -> Response:
    """List the matters of other systems."""
    page = elsewhere_page(reading(), viewer=current_actor(), page=page_number())
    return answer("complaints/elsewhere.html", page=page, refused=0)


@route(blueprint, "/complaints/elsewhere", permission=_ELSEWHERE, methods=["POST"], endpoint="note_elsewhere")
def note_elsewhere() -> Response:
    """Note a matter of another system."""
    by = current_actor()
    with form_errors() as problems:
        given = forms.elsewhere_given(_form())
        with writing() as session:
            elsewhere.note_elsewhere(session, by, given)
    if problems:
        return _elsewhere_again(problems)
    toast("已登记。")
    return see_other("/complaints/elsewhere")


@route(blueprint, "/complaints/elsewhere/<int:noted_id>/results", permission=_ELSEWHERE, methods=["POST"])
def elsewhere_results(noted_id: int) -> Response:
    """Note its result."""
    by = current_actor()
    with form_errors() as problems:
        result, day = forms.result_given(_form())
        with writing() as session:
            elsewhere.note_result(session, by, noted_id, result=result, day=day)
    if problems:
        return _elsewhere_again(problems, noted_id)
    toast("结果已登记。")
    return see_other("/complaints/elsewhere")


@route(blueprint, "/complaints/discipline-transfers", permission=_TAKE)
def discipline_transfers() -> Response:
    """List the reports passed on."""
    return answer("complaints/discipline.html", page=discipline_page(reading(), viewer=current_actor()))


@route(blueprint, "/complaints/discipline-transfers", permission=_TAKE, methods=["POST"], endpoint="note_discipline")
def note_discipline() -> Response:
    """Note a report passed on."""
    by = current_actor()
    with form_errors() as problems:
        received, passed, body = forms.discipline_given(_form())
        with writing() as session:
            elsewhere.note_discipline(session, by, received, passed, body)
    if problems:
        page = discipline_page(reading(), viewer=by)
        return answer(
            "complaints/discipline.html", page=page, problems=problems, typed=request.form, status=problems.status
        )
    toast("转送已登记。")
    return see_other("/complaints/discipline-transfers")


def _line(row: ComplaintRow) -> tuple[str, ...]:
    age = "" if row.age is None else str(row.age)
    day = row.received_on.isoformat()
    told = (row.subject, row.section, row.state_words, row.assignee, row.conclusion, age)
    return (row.number, row.kind, row.channel, day, *told)


def _shown(complaint_id: int, problems: Problems | None = None, revealed: Identity | None = None) -> Response:
    refused = problems or Problems()
    typed = request.form if refused else {}
    page = complaint_page(reading(), complaint_id, viewer=current_actor(), typed=typed)
    return answer(
        "complaints/show.html",
        page=page,
        problems=refused,
        typed=typed,
        revealed=revealed,
        request_key=token_hex(16),
        status=refused.status,
    )


def _elsewhere_again(problems: Problems, refused: int = 0) -> Response:
    page = elsewhere_page(reading(), viewer=current_actor())
    return answer(
        "complaints/elsewhere.html",
        page=page,
        problems=problems,
        typed=request.form,
        refused=refused,
        status=problems.status,
    )
