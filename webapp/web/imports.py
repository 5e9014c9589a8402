"""Bringing in a file of powers and charts: upload, preview, corrections, confirmation."""

import json

from flask import Blueprint, Response, request

from webapp.digests import sha256_hex
from webapp.documents.reading import read_pasted
from webapp.pages.finding import section_names
from webapp.pages.import_columns import headings_page
from webapp.pages.import_rows import row_page
from webapp.pages.imports import new_import_page, run_page
from webapp.policy import Actor, Permission
from webapp.powers.categories import category_by_slug
from webapp.powers.table_columns import Corrections
from webapp.powers.templates import template_workbook
from webapp.reviews.heading_aliases import forget_heading
from webapp.reviews.import_corrections import with_cells, with_columns
from webapp.reviews.import_readings import read_new, read_run
from webapp.reviews.import_runs import confirm_import, find_run, keep_preview, keep_reading, ready_run
from webapp.reviews.import_source import Source
from webapp.reviews.uploads import read_source, tables_source
from webapp.rules import NotFound
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, file_response, page_number, reading, route, writing
from webapp.web.uploads import uploaded_file

blueprint = Blueprint("imports", __name__)
_IMPORT = Permission.IMPORT_RECORDS
_VIEWS_BACK = frozenset({"refused", "changes", "new", "mended", "passed"})


@route(blueprint, "/imports/new", permission=_IMPORT)
def new_import() -> Response:
    """Show the form that takes a file."""
    return answer("imports/new.html", page=new_import_page(reading(), viewer=current_actor()))


@route(blueprint, "/imports", permission=_IMPORT, methods=["POST"])
def create_preview() -> Response:
    """Read a file or pasted text and show what would become of it; the reading stands outside the transaction."""
    by = current_actor()
    address = ""
    with form_errors() as problems:
        name, content, source = _brought()
        section = request.form.get("section", "")
        read = read_new(reading(), by, source, file_name=name, digest=sha256_hex(content), section=section)
        with writing() as session:
            address = f"/imports/{keep_preview(session, by, read).id}"
    if problems:
        page = new_import_page(reading(), viewer=by)
        return answer("imports/new.html", page=page, problems=problems, typed=request.form, status=problems.status)
    return see_other(address)


@route(blueprint, "/imports/templates/<name>", permission=_IMPORT)
def import_template(name: str) -> Response:
    """Hand out the workbook in which powers of a category are listed by hand: CATEGORY.xlsx."""
    found = category_by_slug(name.removesuffix(".xlsx"))
    if found is None or not name.endswith(".xlsx"):
        raise NotFound
    names = [each.name for each in section_names(reading())]
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return file_response(template_workbook(found, names), media_type, file_name=f"导入模板-{found.name}.xlsx")


@route(blueprint, "/imports/headings", permission=_IMPORT)
def headings() -> Response:
    """Show the headings the bureau's tables taught."""
    return answer("imports/headings.html", page=headings_page(reading()))


@route(blueprint, "/imports/headings/<int:heading_id>/removals", permission=_IMPORT, methods=["POST"])
def heading_removals(heading_id: int) -> Response:
    """Forget one of them."""
    with writing() as session:
        forget_heading(session, current_actor(), heading_id)
    toast("已删除，下次导入不再采用。")
    return see_other("/imports/headings")


@route(blueprint, "/imports/<int:run_id>", permission=_IMPORT)
def import_run(run_id: int) -> Response:
    """Show what would become, or became, of a file."""
    return _run_answer(run_id, current_actor(), Problems())


@route(blueprint, "/imports/<int:run_id>/rows/<int:row>", permission=_IMPORT)
def import_row(run_id: int, row: int) -> Response:
    """Show one row of the file with all its cells."""
    return answer("imports/row.html", page=row_page(reading(), run_id, row, viewer=current_actor()))


@route(blueprint, "/imports/<int:run_id>/columns", permission=_IMPORT, methods=["POST"])
def import_columns(run_id: int) -> Response:
    """Map the columns otherwise and read the file again."""
    by = current_actor()
    with form_errors() as problems:
        run = find_run(reading(), by, run_id)
        corrections = with_columns(Corrections.of(json.loads(run.corrections)), _source(run.source), request.form)
        read = read_run(reading(), by, run, corrections)
        with writing() as session:
            keep_reading(session, by, run_id, read)
    if problems:
        return _run_answer(run_id, by, problems, "columns")
    report = read.report
    if report.sentence:
        return see_other(f"/imports/{run_id}?view=columns")
    toast(f"已按新的栏目对应重新读取：可以导入{report.new + report.changed}行，不能导入{report.refused}行。")
    return see_other(f"/imports/{run_id}")


@route(blueprint, "/imports/<int:run_id>/corrections", permission=_IMPORT, methods=["POST"])
def import_corrections(run_id: int) -> Response:
    """Keep what was typed into cells and which rows are left out, and read the file again."""
    by = current_actor()
    with form_errors() as problems:
        run = find_run(reading(), by, run_id)
        before = Corrections.of(json.loads(run.corrections or "null") or Corrections().as_json())
        corrections, marked = with_cells(before, _source(run.source), request.form.items(multi=True))
        read = read_run(reading(), by, run, corrections)
        with writing() as session:
            keep_reading(session, by, run_id, read)
    if problems:
        return _run_answer(run_id, by, problems)
    if marked:
        rows = "、".join(map(str, marked[:10]))
        toast(f"第{rows}行所填内容含密级标志，未予保存。本系统为非涉密系统，请联系局办公室保密员。", "wrong")
    else:
        toast(f"已重新检查：可以导入{read.report.new + read.report.changed}行，不能导入{read.report.refused}行。")
    return see_other(_back(run_id, read.report.refused))


@route(blueprint, "/imports/<int:run_id>/confirmations", permission=_IMPORT, methods=["POST"])
def confirmations(run_id: int) -> Response:
    """Take the rows in: new ones as drafts, others as changes of drafts."""
    by = current_actor()
    with form_errors() as problems:
        ready = ready_run(reading(), by, run_id)
        seen = request.form.get("seen_version", "")
        with writing() as session:
            run = confirm_import(
                session,
                by,
                run_id,
                ready,
                seen_version=int(seen) if seen.isascii() and seen.isdigit() else None,
                partial="partial" in request.form,
            )
            taken = run.taken
    if problems:
        return _run_answer(run_id, by, problems)
    toast(f"已导入{taken}项，均为草稿。")
    return see_other(f"/imports/{run_id}")


def _brought() -> tuple[str, bytes, Source]:
    """Return name, content and source of what was sent: a file, else pasted text."""
    pasted = request.form.get("pasted", "")
    if pasted.strip() and not request.files.get("file"):
        return "粘贴的表格", pasted.encode("utf-8", "replace"), tables_source(read_pasted(pasted))
    content, name = uploaded_file()
    return name, content, read_source(content, name)


def _source(text: str) -> Source:
    return Source.of(text) if text else Source()


def _run_answer(run_id: int, by: Actor, problems: Problems, view: str = "") -> Response:
    page = run_page(reading(), run_id, viewer=by, view=view or request.args.get("view", ""), page=page_number())
    return answer("imports/show.html", page=page, problems=problems, status=problems.status)


def _back(run_id: int, refused: int) -> str:
    """Return where the person was: the list, its page, or the row."""
    row, view, page = (request.form.get(name, "") for name in ("from_row", "view", "page"))
    if row.isascii() and row.isdigit():
        return f"/imports/{run_id}/rows/{row}"
    if view in _VIEWS_BACK and (refused or view != "refused"):
        return f"/imports/{run_id}?view={view}" + (f"&page={page}" if page.isascii() and page.isdigit() else "")
    return f"/imports/{run_id}"
