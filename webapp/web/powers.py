"""Powers: the list, a new one, one power, two versions of it, its draft."""

import json
from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, request

from webapp.clock import CHINA
from webapp.pages.comparison import comparison_page
from webapp.pages.power import power_page
from webapp.pages.power_conflict import conflict_page
from webapp.pages.power_draft import Given, draft_page, version_of
from webapp.pages.power_new import new_power_page
from webapp.pages.powers import PowerFilters, powers_page
from webapp.policy import Permission
from webapp.powers import operations
from webapp.powers.entry_forms import without_theirs
from webapp.powers.shapes import FieldProblem
from webapp.rules import RuleBroken
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, page_number, reading, route, writing

blueprint = Blueprint("powers", __name__)
_SEE, _EDIT = Permission.SEE_RECORDS, Permission.EDIT_DRAFTS
_ROW_BUTTONS = ("add_row", "remove_row", "move_up")
_STALE = 409


@route(blueprint, "/powers", permission=_SEE)
def powers() -> Response:
    """Show the list, narrowed down as the address says."""
    page = powers_page(reading(), PowerFilters.of(request.args), page=page_number(), viewer=current_actor())
    return answer("powers/list.html", block="list", page=page)


@route(blueprint, "/powers/new", permission=_EDIT)
def new_power() -> Response:
    """Show the form for a new power."""
    return answer("powers/new.html", page=new_power_page(reading(), viewer=current_actor()))


@route(blueprint, "/powers", permission=_EDIT, methods=["POST"])
def create_power() -> Response:
    """Make a new power and go on to its draft."""
    by = current_actor()
    address = ""
    with form_errors() as problems, writing() as session:
        record = operations.create_power(
            session,
            by,
            name=request.form.get("name", ""),
            category=request.form.get("category", ""),
            section=request.form.get("section", ""),
        )
        address = f"/powers/{record.id}/draft?new=1"
    if problems:
        page = new_power_page(reading(), viewer=by)
        return answer("powers/new.html", page=page, problems=problems, typed=request.form, status=problems.status)
    toast("职权已登记为草稿，请继续填写。")
    return see_other(address)


@route(blueprint, "/powers/<int:power_id>", permission=_SEE)
def power(power_id: int) -> Response:
    """Show one power."""
    return answer("powers/show.html", page=power_page(reading(), power_id, viewer=current_actor()))


@route(blueprint, "/powers/<int:power_id>/compare", permission=_SEE)
def comparison(power_id: int) -> Response:
    """Show two versions of a power field by field."""
    before, after = request.args.get("from", ""), request.args.get("to", "")
    page = comparison_page(reading(), power_id, before, after, viewer=current_actor())
    return answer("powers/compare.html", page=page)


@route(blueprint, "/powers/<int:power_id>/draft", permission=_EDIT)
def draft(power_id: int) -> Response:
    """Show the draft in its form; with `restore=1` with what was typed and not saved."""
    given = Given(restore="restore" in request.args, is_new="new" in request.args)
    return answer("powers/draft.html", page=draft_page(reading(), power_id, given, viewer=current_actor()))


@route(blueprint, "/powers/<int:power_id>/draft", permission=_EDIT, methods=["POST"])
def save_draft(power_id: int) -> Response:
    """Save the draft; buttons of rows only give the form back, changed."""
    by = current_actor()
    form = without_theirs(request.form.to_dict(flat=False))
    if any(button in form for button in _ROW_BUTTONS):
        return answer("powers/draft.html", page=draft_page(reading(), power_id, Given(form=form), viewer=by))
    told, seen_version = "内容没有变化。", version_of(form)
    with form_errors() as problems, writing() as session:
        if operations.save_entry(session, by, power_id, form, seen_version=seen_version).version != seen_version:
            told = "草稿已保存。"
    if problems.status == _STALE:
        return answer("powers/conflict.html", page=conflict_page(reading(), power_id, form, viewer=by), status=_STALE)
    if problems:
        given = Given(form=form, problems=_told(problems))
        page = draft_page(reading(), power_id, given, viewer=by)
        return answer("powers/draft.html", page=page, problems=problems, status=problems.status)
    toast(told)
    return see_other(f"/powers/{power_id}/draft")


@route(blueprint, "/powers/<int:power_id>/draft/autosave", permission=_EDIT, methods=["POST"])
def autosaves(power_id: int) -> Response:
    """Keep what was typed into one panel; nothing on the page changes but the line that says so."""
    form = request.form
    seen_version = version_of(form.to_dict(flat=False))
    if seen_version is None:
        raise RuleBroken("缺少版本号，未能暂存。请刷新页面后再试。", "seen_version")
    with writing() as session:
        kept = operations.autosave_entry(
            session,
            current_actor(),
            power_id,
            panel=form.get("panel", ""),
            seen_version=seen_version,
            content=list(form.items(multi=True)),
        )
    return _autosaved(kept.saved_at if kept else None)


@route(blueprint, "/powers/<int:power_id>/draft/discards", permission=_EDIT, methods=["POST"])
def discards(power_id: int) -> Response:
    """Forget what was typed and not saved."""
    with writing() as session:
        operations.discard_typed(session, current_actor(), power_id)
    toast("未保存的内容已放弃。", "note")
    return see_other(f"/powers/{power_id}/draft")


def _autosaved(moment: datetime | None) -> Response:
    at = f"{moment.astimezone(CHINA):%H:%M}" if moment else ""
    response = Response("", mimetype="text/plain")
    response.headers["HX-Trigger"] = json.dumps({"autosaved": {"at": at}})
    response.headers["HX-Reswap"] = "none"
    return response


def _told(problems: Problems) -> Sequence[FieldProblem]:
    return [FieldProblem(problem.field or "", problem.message) for problem in problems]
