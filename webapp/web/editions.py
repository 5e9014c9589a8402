"""Editions: prepared by the office, released by another of the general office; one edition, its check and its file."""

import tempfile

from flask import Blueprint, Response, request, send_file

from webapp.bundle.verify import verify_bundle
from webapp.pages.edition import edition_page
from webapp.pages.editions import editions_page, read_prepared_mark
from webapp.policy import Permission
from webapp.publication import operations
from webapp.publication.drawer import Drawer
from webapp.publication.packing import pack_bundle
from webapp.rules import Stale
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, database, end_reading, page_number, reading, route, settings

blueprint = Blueprint("editions", __name__)
_TEMPLATE = "editions/list.html"
_MAX_SHOWN = 20  # differences named on the page; the command line names all


@route(blueprint, "/editions", permission=Permission.SEE_EDITIONS)
def editions() -> Response:
    """Show all editions and what may be done."""
    page = editions_page(reading(), viewer=current_actor(), public_url=settings().public_url)
    return answer(_TEMPLATE, page=page)


@route(blueprint, "/editions", permission=Permission.PREPARE_EDITION, methods=["POST"])
def preparation() -> Response:
    """Prepare the next edition from all approved revisions; drawn and built outside any transaction."""
    by = current_actor()
    end_reading()
    with form_errors() as problems:
        prepared = operations.prepare_editions(database(), settings(), by, draw=Drawer(settings().drawings))
    if problems:
        return _again(problems)
    held = f"有{len(prepared.held_back)}项因流程图未审定暂未列入。" if prepared.held_back else ""
    toast(f"已编制，待局办公室发布。{held}")
    return see_other("/editions")


@route(blueprint, "/editions/release", permission=Permission.RELEASE_EDITION, methods=["POST"])
def release() -> Response:
    """Release what stands prepared."""
    by = current_actor()
    with form_errors() as problems:
        _check_seen()
        operations.release_editions(database(), settings(), by, document=request.form.get("document", ""))
    if problems:
        return _again(problems)
    toast("已发布，公开网站即时更新。")
    return see_other("/editions")


@route(blueprint, "/editions/discard", permission=Permission.PREPARE_EDITION, methods=["POST"])
def discarding() -> Response:
    """Throw away what was prepared and not released."""
    by = current_actor()
    with form_errors() as problems:
        _check_seen()
        operations.discard_edition(database(), settings(), by)
    if problems:
        return _again(problems)
    toast("已作废，可以重新编制。")
    return see_other("/editions")


@route(blueprint, "/editions/<int:edition_id>", permission=Permission.SEE_EDITIONS)
def edition(edition_id: int) -> Response:
    """Show one edition; `?check=1` recomputes every digest of its stored bundle."""
    page = edition_page(reading(), edition_id, page=page_number())
    faults = None
    if request.args.get("check") == "1":
        end_reading()
        found = verify_bundle(settings().editions / page.folder, page.manifest)
        faults = [one.sentence for one in found[:_MAX_SHOWN]]
    return answer("editions/show.html", page=page, faults=faults)


@route(blueprint, "/editions/<int:edition_id>/bundle.zip", permission=Permission.SEE_EDITIONS)
def bundle(edition_id: int) -> Response:
    """Return the stored bundle as one file, for the portal and the stick."""
    page = edition_page(reading(), edition_id)
    end_reading()
    packed = tempfile.TemporaryFile()  # noqa: SIM115 - the answer reads it after this view has ended, and closes it
    try:
        pack_bundle(settings().editions / page.folder, packed)
    except BaseException:
        packed.close()
        raise
    packed.seek(0)
    return send_file(packed, "application/zip", as_attachment=True, download_name=f"{page.label}.zip")


def _check_seen() -> None:
    """Raise Stale where the form was made for other prepared editions than stand now; other doors send none."""
    seen = request.form.get("seen_digest", "")
    with database().reading() as session:
        standing = read_prepared_mark(session)
    end_reading()
    if seen and standing and seen != standing:
        raise Stale("待发布的公开版已重新编制，与您看到的不同，未办理。请核对后再办理。")


def _again(problems: Problems) -> Response:
    page = editions_page(reading(), viewer=current_actor(), public_url=settings().public_url)
    return answer(_TEMPLATE, page=page, problems=problems, typed=request.form, status=problems.status)
