"""The worklist: what waits for the person, and the same signature on several items at once."""

import secrets

from flask import Blueprint, Response, request

from webapp.pages.worklist import BULK, worklist_page
from webapp.pages.worklist_rows import Chosen
from webapp.policy import Permission
from webapp.reviews import forms
from webapp.reviews.acting import approve_many
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import form_errors
from webapp.web.routes import current_actor, page_number, reading, route, writing

blueprint = Blueprint("worklist", __name__)


@route(blueprint, "/worklist", permission=Permission.SEE_RECORDS)
def worklist() -> Response:
    """Show what waits, narrowed down as the address says."""
    page = worklist_page(reading(), _chosen(), viewer=current_actor(), page=page_number())
    return answer("worklist/show.html", page=page, request_key=secrets.token_hex(8))


@route(blueprint, "/review-steps", permission=Permission.REVIEW, methods=["POST"])
def review_steps() -> Response:
    """Approve the ticked items, all or none."""
    by, form = current_actor(), forms.Fields(request.form.to_dict(flat=False))
    count = 0
    with form_errors() as problems:
        items = forms.items_given(form)
        attested = form.getlist("attested") if form.get("task") == "chief" else None
        with writing() as session:
            count = approve_many(session, by, items, attested=attested, request_key=forms.key_given(form))
    if problems:
        page = worklist_page(
            reading(),
            Chosen(_known_task(form.get("task")), form.get("kind"), form.get("section")),
            viewer=by,
            picked=frozenset(form.getlist("item")),
        )
        return answer(
            "worklist/show.html",
            page=page,
            problems=problems,
            typed=request.form,
            ticked=frozenset(form.getlist("attested")),
            request_key=secrets.token_hex(8),
            status=problems.status,
        )
    toast(f"已审核通过{count}项。")
    return see_other("/worklist")


def _chosen() -> Chosen:
    return Chosen(request.args.get("task", ""), request.args.get("kind", ""), request.args.get("section", ""))


def _known_task(task: str) -> str:
    return task if task in BULK else ""
