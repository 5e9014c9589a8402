"""Charts: the list, a new one, one chart, its drawing, two versions of it, its draft with the live drawing."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request

from webapp.clock import CHINA
from webapp.flows import operations, undoing
from webapp.flows.editing import Arranged, arranged
from webapp.flows.starting_charts import StartingChart, starting_chart
from webapp.pages.flow import flow_page, seen_chart
from webapp.pages.flow_comparison import flow_comparison_page
from webapp.pages.flow_conflict import flow_conflict_page
from webapp.pages.flow_draft import Given, flow_draft_page, live_view, typed_body, version_of
from webapp.pages.flow_new import new_flow_page
from webapp.pages.flows import FlowFilters, flows_page
from webapp.pages.power import power_page
from webapp.policy import Permission
from webapp.powers.own_charts import take_own_copy
from webapp.rules import RuleBroken
from webapp.web.drawings import drawing_file, stored_picture, typed_picture
from webapp.web.fragments import answer, is_fragment, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, page_number, reading, route, writing

blueprint = Blueprint("flows", __name__)
_SEE, _EDIT = Permission.SEE_RECORDS, Permission.EDIT_DRAFTS
_STALE, _BUSY = 409, 503
_MAX_DIGITS = 6


@route(blueprint, "/flows", permission=_SEE)
def flows() -> Response:
    """Show the list, narrowed down as the address says."""
    page = flows_page(reading(), FlowFilters.of(request.args), page=page_number(), viewer=current_actor())
    return answer("flows/list.html", block="list", page=page)


@route(blueprint, "/flows/new", permission=_EDIT)
def new_flow() -> Response:
    """Show the form for a new chart."""
    return answer("flows/new.html", page=new_flow_page(reading(), viewer=current_actor()))


@route(blueprint, "/flows", permission=_EDIT, methods=["POST"])
def create_flow() -> Response:
    """Make a new chart and go on to its draft."""
    by, form = current_actor(), request.form
    address = ""
    with form_errors() as problems:
        model = _model(form.get("start", ""), form.get("model", ""))
        starting = _starting(form.get("start", ""), form.get("sample", ""))
        with writing() as session:
            record = operations.create_chart(
                session,
                by,
                number=form.get("number", ""),
                series=form.get("series", ""),
                name=form.get("name", ""),
                audience=form.get("audience", "external"),
                section=form.get("section", ""),
                outline=form.get("outline", "") if form.get("start", "outline") == "outline" else "",
                model=model,
                origin=int(form["model"]) if model is not None else None,
                starting=starting,
            )
            address = f"/flows/{record.id}/draft"
    if problems:
        page = new_flow_page(reading(), viewer=by)
        return answer("flows/new.html", page=page, problems=problems, typed=form, status=problems.status)
    toast("流程图已登记为草稿，请继续填写。")
    return see_other(address)


@route(blueprint, "/powers/<int:power_id>/own-charts", permission=_EDIT, methods=["POST"])
def own_charts(power_id: int) -> Response:
    """Copy a shared chart for one power and go on to the copy's draft."""
    by, form, address = current_actor(), request.form, ""
    version = version_of(form.to_dict(flat=False))
    with form_errors() as problems:
        origin = number_of(form.get("flow", ""))
        seen = seen_chart(reading(), origin, viewer=by)
        with writing() as session:
            copy = take_own_copy(session, by, power_id, origin, seen, seen_version=version)
            address = f"/flows/{copy.id}/draft"
    if problems:
        page = power_page(reading(), power_id, viewer=by)
        return answer("powers/show.html", page=page, problems=problems, typed=form, status=problems.status)
    toast("已抄为本职权的专用图，职权条目中的图号已改为新图。")
    return see_other(address)


@route(blueprint, "/flows/<int:flow_id>", permission=_SEE)
def flow(flow_id: int) -> Response:
    """Show one chart as drawing, table or text."""
    page = flow_page(reading(), flow_id, viewer=current_actor(), view=request.args.get("view", "drawing"))
    picture = stored_picture(page.body) if page.view == "drawing" else None
    return answer("flows/show.html", page=page, picture=picture)


@route(blueprint, "/flows/<int:flow_id>/flow.svg", permission=_SEE)
def drawing(flow_id: int) -> Response:
    """Return the drawing of the face the person sees, or of a revision he may see."""
    revision = request.args.get("revision")
    if revision is not None and not (revision.isascii() and revision.isdigit() and len(revision) <= _MAX_DIGITS):
        raise RuleBroken("稿次应为整数，请从流程图页面重新打开。", "revision")
    number = int(revision) if revision is not None else None
    return drawing_file(seen_chart(reading(), flow_id, viewer=current_actor(), revision=number))


@route(blueprint, "/flows/<int:flow_id>/compare", permission=_SEE)
def comparison(flow_id: int) -> Response:
    """Show two versions of a chart side by side."""
    before, after = request.args.get("from", ""), request.args.get("to", "")
    page = flow_comparison_page(reading(), flow_id, before, after, viewer=current_actor())
    return answer("flows/compare.html", page=page)


@route(blueprint, "/flows/<int:flow_id>/draft", permission=_EDIT)
def draft(flow_id: int) -> Response:
    """Show the draft in its form; with `restore=1` with what was typed and not saved."""
    return _form(flow_id, Given(restore="restore" in request.args))


@route(blueprint, "/flows/<int:flow_id>/draft", permission=_EDIT, methods=["POST"])
def save_draft(flow_id: int) -> Response:
    """Save the draft; buttons of rows only give the form back, changed."""
    by, form = current_actor(), request.form.to_dict(flat=False)
    if {"arrange", "refresh", "again", "undo", "redo"} & form.keys():
        return _rearranged(flow_id, form)
    told, seen_version = "内容没有变化。", version_of(form)
    with form_errors() as problems, writing() as session:
        if operations.save_chart(session, by, flow_id, form, seen_version=seen_version).version != seen_version:
            told = "草稿已保存。"
    if problems.status == _STALE:
        page = flow_conflict_page(reading(), flow_id, form, viewer=by)
        return answer("flows/conflict.html", page=page, status=_STALE)
    if problems:
        body = typed_body(reading(), flow_id, form, viewer=by)
        given = Given(body=body, seen_version=seen_version, problems=_told(problems))
        return _form(flow_id, given, status=problems.status)
    toast(told)
    return see_other(f"/flows/{flow_id}/draft")


@route(blueprint, "/flows/<int:flow_id>/draft/preview", permission=_EDIT, methods=["POST"])
def preview(flow_id: int) -> Response:
    """Draw what stands typed and say what is wrong with it; nothing is saved."""
    by, form = current_actor(), request.form.to_dict(flat=False)
    body = typed_body(reading(), flow_id, form, viewer=by)
    live = live_view(reading(), flow_id, body, viewer=by)
    picture = typed_picture(live.drawable)
    status = _BUSY if live.drawable is not None and picture.is_late else 200
    return answer("flows/live.html", live=live, picture=picture, name=body["name"], status=status)


@route(blueprint, "/flows/<int:flow_id>/draft/autosave", permission=_EDIT, methods=["POST"])
def autosaves(flow_id: int) -> Response:
    """Keep what was typed; nothing on the page changes but the line that says so."""
    with writing() as session:
        kept = operations.autosave_chart(
            session,
            current_actor(),
            flow_id,
            seen_version=version_of(request.form.to_dict(flat=False)),
            content=list(request.form.items(multi=True)),
        )
    return _autosaved(kept.saved_at if kept else None)


@route(blueprint, "/flows/<int:flow_id>/draft/discards", permission=_EDIT, methods=["POST"])
def discards(flow_id: int) -> Response:
    """Forget what was typed and not saved."""
    with writing() as session:
        operations.discard_typed(session, current_actor(), flow_id)
    toast("未保存的内容已放弃。", "note")
    return see_other(f"/flows/{flow_id}/draft")


def _rearranged(flow_id: int, form: dict[str, list[str]]) -> Response:
    """Answer with the form as typed, its rows changed by the button that was pressed."""
    by, version = current_actor(), version_of(form)
    body = typed_body(reading(), flow_id, form, viewer=by)
    changed = Arranged(body, "")
    with form_errors() as problems:
        if "arrange" in form:
            changed = arranged(body, form["arrange"][0])
            with writing() as session:
                undoing.remember_state(session, by, flow_id, body, seen_version=version)
        elif {"undo", "redo"} & form.keys():
            act = undoing.take_back if "undo" in form else undoing.do_again
            with writing() as session:
                changed = Arranged(act(session, by, flow_id, body, seen_version=version), "undo")
    given = Given(body=changed.body, seen_version=version, problems=_told(problems), focus=changed.focus)
    return _form(flow_id, given, status=problems.status)


def _form(flow_id: int, given: Given, *, status: int = 200) -> Response:
    page = flow_draft_page(reading(), flow_id, given, viewer=current_actor())
    # The tables alone are asked for when a row was moved; what stands beside them follows by itself.
    picture = None if is_fragment() else typed_picture(page.live.drawable)
    return answer("flows/draft.html", block="tables", page=page, live=page.live, picture=picture, status=status)


def _model(start: str, model: str) -> dict[str, Any] | None:
    """Return the chart a new one is copied from; None where it starts otherwise. Raises NotFound for a hidden one."""
    if start != "copy":
        return None
    return seen_chart(reading(), number_of(model), viewer=current_actor())


def number_of(text: str) -> int:
    """Return the record of a chart that a form names; raise RuleBroken where it names none."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - digits of an integer column
        raise RuleBroken("请选择要照抄的流程图。", "model")
    return int(text)


def _starting(start: str, key: str) -> StartingChart | None:
    """Return the statutory flow a new chart begins as; None where it starts otherwise."""
    if start != "statutory":
        return None
    found = starting_chart(key)
    if found is None:
        raise RuleBroken("请选择一个范本。", "sample")
    return found


def _autosaved(moment: datetime | None) -> Response:
    at = f"{moment.astimezone(CHINA):%H:%M}" if moment else ""
    response = Response("", mimetype="text/plain")
    response.headers["HX-Trigger"] = json.dumps({"autosaved": {"at": at}})
    response.headers["HX-Reswap"] = "none"
    return response


def _told(problems: Problems) -> Sequence[tuple[str | None, str]]:
    return [(problem.field or None, problem.message) for problem in problems]
