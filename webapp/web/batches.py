"""Recorded results of meetings, circulations and outside levels: recorded by one of the office, verified by another."""

from collections.abc import Mapping

from flask import Blueprint, Response, request

from webapp.pages.batch import batch_page
from webapp.pages.batch_new import NewBatchPage, TypedResult, new_batch_page
from webapp.pages.batches import batches_page
from webapp.policy import Permission
from webapp.reviews import forms, recording
from webapp.rules import RuleBroken, Stale
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import form_errors
from webapp.web.routes import current_actor, page_number, reading, route, writing

blueprint = Blueprint("batches", __name__)
_OFFICE = Permission.RECORD_DECISIONS


@route(blueprint, "/batches", permission=_OFFICE)
def batches() -> Response:
    """Show what waits for a result and what was recorded."""
    return answer("batches/list.html", page=batches_page(reading(), page=page_number()))


@route(blueprint, "/batches/new", permission=_OFFICE)
def new_batch() -> Response:
    """Show the form for the result of one level."""
    return answer("batches/new.html", page=_new(request.args.get("stage", "bureau_decision")))


@route(blueprint, "/batches", permission=_OFFICE, methods=["POST"], endpoint="create_batch")
def create_batch() -> Response:
    """Record a result; it counts when another person has verified it."""
    form = forms.Fields(request.form.to_dict(flat=False))
    if pick := form.get("pick"):
        return answer("batches/new.html", page=_new(form.get("stage"), _typed(form, pick)))
    number = 0
    with form_errors() as problems:
        paper = forms.result_given(form)
        with writing() as session:
            number = recording.record_result(session, current_actor(), paper, request_key=forms.key_given(form)).id
    if problems:
        errors = {one.field: one.message for one in problems if one.field}
        page = _new(form.get("stage"), _typed(form, ""), errors)
        return answer("batches/new.html", page=page, problems=problems, status=problems.status)
    toast("已登记，须由另一人复核后生效。")
    return see_other(f"/batches/{number}")


@route(blueprint, "/batches/<int:batch_id>", permission=_OFFICE)
def batch(batch_id: int) -> Response:
    """Show a recorded result."""
    page = batch_page(reading(), batch_id, viewer=current_actor(), is_large=request.args.get("view") == "large")
    return answer("batches/show.html", page=page)


@route(blueprint, "/batches/<int:batch_id>/verification", permission=_OFFICE, methods=["POST"])
def verification(batch_id: int) -> Response:
    """Say as the second person that the record is right, or that it is not."""
    by, verdict, note = current_actor(), request.form.get("verdict", ""), request.form.get("note", "")
    with form_errors() as problems:
        seen = batch_page(reading(), batch_id, viewer=by).seen
        if verdict not in {"right", "wrong"}:
            raise RuleBroken("请选择复核无误或登记有误。", "verdict")
        if not request.form.get("seen_digest"):
            raise RuleBroken("缺少校验码，未办理。请刷新页面后再试。", "seen_digest")
        if request.form["seen_digest"] != seen:
            raise Stale("这份登记与您看到的不同，未办理。请核对后再复核。")
        with writing() as session:
            recording.verify_result(session, by, batch_id, is_right=verdict == "right", note=note)
    if problems:
        page = batch_page(reading(), batch_id, viewer=by)
        return answer("batches/show.html", page=page, problems=problems, typed=request.form, status=problems.status)
    toast("已复核，登记的结果生效。" if verdict == "right" else "已退回登记，席位重新待办。")
    return see_other(f"/batches/{batch_id}")


def _new(stage: str, typed: TypedResult | None = None, errors: Mapping[str, str] | None = None) -> NewBatchPage:
    is_large = "large" in {request.args.get("view"), request.form.get("view")}
    return new_batch_page(reading(), stage, viewer=current_actor(), typed=typed, errors=errors, is_large=is_large)


def _typed(form: forms.Fields, pick: str) -> TypedResult:
    """Return the form as it stands; `pick` ticks all items or none."""
    ticked: frozenset[str] | None = frozenset(form.getlist("item"))
    if pick:
        ticked = None if pick == "all" else frozenset()
    return TypedResult(
        form=form.get("form"),
        document=form.get("document"),
        document_date=form.get("document_date"),
        note=form.get("note"),
        items=ticked,
        outcomes=_by_item(form, "outcome-"),
        notes=_by_item(form, "note-"),
    )


def _by_item(form: forms.Fields, prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): form.get(name) for name in form.values if name.startswith(prefix)}
