"""Findings: the ledger with its export, raising one, deciding on one."""

from flask import Blueprint, Response, request
from sqlalchemy import select

from webapp.documents.sheets import Replaced, Sheet, write_csv, write_xlsx
from webapp.findings.forms import day_of, number_of
from webapp.findings.operations import decide_finding, raise_finding
from webapp.pages.findings import finding_page, new_finding_page
from webapp.pages.ledger import HEADINGS, ledger_page, ledger_rows
from webapp.pages.ledger import PATH as LEDGER
from webapp.policy import Permission
from webapp.revisions.models import Record
from webapp.rules import RuleBroken
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import form_errors
from webapp.web.routes import current_actor, file_response, page_number, reading, route, writing

blueprint = Blueprint("findings", __name__)
_SEE, _DRAFT, _WORK = Permission.SEE_RECORDS, Permission.DRAFT_ORDERS, Permission.WORK_ON_ORDERS
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@route(blueprint, LEDGER, permission=_SEE)
def ledger() -> Response:
    """Show the ledger, narrowed down as the address says."""
    page = ledger_page(reading(), request.args, viewer=current_actor(), page=page_number())
    return answer("ledger/list.html", page=page)


@route(blueprint, f"{LEDGER}/export", permission=_SEE)
def ledger_export() -> Response:
    """Hand the ledger out with the same filters."""
    rows = ledger_rows(reading(), request.args, viewer=current_actor())
    match request.args.get("format", ""):
        case "csv":
            content = write_csv([HEADINGS, *(row.cells() for row in rows)], Replaced())
            return file_response(content, "text/csv", file_name="问题整改台账.csv")
        case "xlsx":
            sheet = Sheet("问题整改台账", HEADINGS, (row.cells() for row in rows), widths=(8, 10, 16, 14, 40, 30, 8))
            return file_response(write_xlsx([sheet]), _XLSX, file_name="问题整改台账.xlsx")
        case _:
            raise RuleBroken("请选择导出格式：xlsx或csv。", "format")


@route(blueprint, "/findings/new", permission=_DRAFT)
def new_finding() -> Response:
    """Show the form that raises a finding."""
    return answer("findings/new.html", page=new_finding_page(reading(), viewer=current_actor()))


@route(blueprint, "/findings", permission=_DRAFT, methods=["POST"])
def findings() -> Response:
    """Raise a finding."""
    by, form = current_actor(), request.form
    raised = 0
    with form_errors() as problems:
        section = number_of(form.get("section", ""), "section", "请选择科室。")
        found_on = day_of(form.get("found_on", ""), "found_on")
        code = form.get("power", "").strip()
        power = None
        if code:
            power = reading().scalar(select(Record.id).where(Record.kind == "power", Record.code == code))
            if power is None:
                raise RuleBroken("没有这个职权编码，请核对；不涉及具体职权的可以不填。", "power")
        with writing() as session:
            raised = raise_finding(
                session,
                by,
                section_id=section,
                fact=form.get("fact", ""),
                basis=form.get("basis", ""),
                severity=form.get("severity", ""),
                found_on=found_on,
                power_id=power,
            ).id
    if problems:
        page = new_finding_page(reading(), viewer=by)
        return answer("findings/new.html", page=page, problems=problems, typed=form, status=problems.status)
    toast("已登记，须由他人确认后才能列入整改通知。")
    return see_other(f"/findings/{raised}")


@route(blueprint, "/findings/<int:finding_id>", permission=_SEE)
def finding(finding_id: int) -> Response:
    """Show one finding."""
    return answer("findings/show.html", page=finding_page(reading(), finding_id, viewer=current_actor()))


@route(blueprint, "/findings/<int:finding_id>/decisions", permission=_WORK, methods=["POST"])
def finding_decisions(finding_id: int) -> Response:
    """Take an act on a finding."""
    by, form = current_actor(), request.form
    with form_errors() as problems, writing() as session:
        decide_finding(session, by, finding_id, event=form.get("event", ""), note=form.get("note", ""))
    if problems:
        page = finding_page(reading(), finding_id, viewer=by)
        return answer("findings/show.html", page=page, problems=problems, typed=form, status=problems.status)
    toast("已办理。")
    return see_other(f"/findings/{finding_id}")
