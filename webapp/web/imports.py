"""Bringing in a file of powers and charts: upload, preview, confirmation."""

from flask import Blueprint, Response, request

from webapp.digests import sha256_hex
from webapp.pages.imports import new_import_page, run_page
from webapp.policy import Permission
from webapp.reviews.import_runs import confirm_import, preview_import
from webapp.reviews.uploads import read_upload
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import form_errors
from webapp.web.routes import current_actor, reading, route, writing
from webapp.web.uploads import uploaded_file

blueprint = Blueprint("imports", __name__)
_IMPORT = Permission.IMPORT_RECORDS


@route(blueprint, "/imports/new", permission=_IMPORT)
def new_import() -> Response:
    """Show the form that takes a file."""
    return answer("imports/new.html", page=new_import_page(reading(), viewer=current_actor()))


@route(blueprint, "/imports", permission=_IMPORT, methods=["POST"])
def create_preview() -> Response:
    """Read a file and show what would become of it; the reading stands outside the transaction that keeps it."""
    by = current_actor()
    address = ""
    with form_errors() as problems:
        content, name = uploaded_file()
        upload = read_upload(reading(), content, name)
        with writing() as session:
            run = preview_import(
                session,
                by,
                upload,
                file_name=name,
                digest=sha256_hex(content),
                section=request.form.get("section", ""),
            )
            address = f"/imports/{run.id}"
    if problems:
        page = new_import_page(reading(), viewer=by)
        return answer("imports/new.html", page=page, problems=problems, typed=request.form, status=problems.status)
    return see_other(address)


@route(blueprint, "/imports/<int:run_id>", permission=_IMPORT)
def import_run(run_id: int) -> Response:
    """Show what would become, or became, of a file."""
    return answer("imports/show.html", page=run_page(reading(), run_id, viewer=current_actor()))


@route(blueprint, "/imports/<int:run_id>/confirmations", permission=_IMPORT, methods=["POST"])
def confirmations(run_id: int) -> Response:
    """Take the rows in as drafts."""
    with writing() as session:
        taken = confirm_import(session, current_actor(), run_id).taken
    toast(f"已导入{taken}项，均为草稿。")
    return see_other(f"/imports/{run_id}")
