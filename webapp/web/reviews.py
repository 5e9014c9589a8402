"""Acts of the review chain: one on one record, the same for several, answers to comments."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, Response, request

from webapp.pages.flow import flow_page
from webapp.pages.power import power_page
from webapp.pages.review import ReviewPage, record_of_problem, review_page
from webapp.pages.review_acts import MAX_PROBLEM_ROWS, TypedAct
from webapp.pages.review_panel import ReviewPanel, change_since_seen, with_reply, with_typed
from webapp.pages.review_words import PATHS
from webapp.pages.withholding import withholding_page
from webapp.policy import Actor, Permission
from webapp.reviews import forms, operations
from webapp.reviews.acting import take_act
from webapp.reviews.chain import ENDS, STAGE_LABELS, Action
from webapp.reviews.kinds import KINDS
from webapp.reviews.operations import Progress
from webapp.rules import NotFound
from webapp.web.drawings import stored_picture
from webapp.web.fragments import answer, done, is_fragment, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, reading, route, writing

blueprint = Blueprint("reviews", __name__)
_DONE = {
    Action.APPROVE: "已审核通过。",
    Action.RETURN: "已退回修改，承办科室将在待办事项中看到意见。",
    Action.RECALL: "已收回，可以继续修改。",
    Action.DISSENT: "不同意见已提出，由领导小组办公室裁定。",
    Action.RULE: "已裁定。",
    Action.UNSIGN: "会签已撤回，本事项回到科室会签。",
    Action.REASSIGN: "初审人已指定。",
    Action.REMIND: "已催办。",
    Action.RECORD: "结果已登记，须由另一人复核后生效。",
    Action.VERIFY: "已复核。",
}
_STALE = 409


@route(blueprint, "/powers/<int:record_id>/review-steps", permission=Permission.REVIEW, methods=["POST"])
def power_steps(record_id: int) -> Response:
    """Take one act on a power."""
    return _take_step("power", record_id)


@route(blueprint, "/flows/<int:record_id>/review-steps", permission=Permission.REVIEW, methods=["POST"])
def flow_steps(record_id: int) -> Response:
    """Take one act on a chart."""
    return _take_step("flow", record_id)


@route(blueprint, "/withholdings/<int:record_id>/review-steps", permission=Permission.REVIEW, methods=["POST"])
def withholding_steps(record_id: int) -> Response:
    """Take one act on a request not to publish."""
    if not current_actor().may(Permission.SEE_WITHHOLDINGS):
        raise NotFound
    return _take_step("withholding", record_id)


@route(blueprint, "/problems/<int:problem_id>/reply", permission=Permission.EDIT_DRAFTS, methods=["POST"])
def problem_reply(problem_id: int) -> Response:
    """Answer a reviewer's comment."""
    by = current_actor()
    kind, record_id = record_of_problem(reading(), problem_id, viewer=by)
    reply, note = request.form.get("reply", ""), request.form.get("reply_note", "")
    with form_errors() as problems, writing() as session:
        operations.answer_problem(session, by, problem_id, reply=reply, note=note)
    if problems:
        page = review_page(reading(), kind, record_id, viewer=by)
        sentence = " ".join(problem.message for problem in problems)
        panel = with_reply(page.review, problem_id, reply, note, sentence)
        return _shown(page, panel, problems.status)
    toast("已答复。")
    return _moved_on(kind, record_id, by, "#review-problems")


def _take_step(kind_key: str, record_id: int) -> Response:
    by, form = current_actor(), _fields()
    if "more" in form:
        return _more_rows(kind_key, record_id, by)
    progress: Progress | None = None
    with form_errors() as problems:
        given = forms.act_given(form)
        with writing() as session:
            progress = take_act(session, by, KINDS[kind_key], record_id, given)
    if progress is None:
        return _refused(kind_key, record_id, by, problems)
    toast(_sentence(given.decision.action, progress), "note" if progress.is_repeated else "done")
    return _moved_on(kind_key, record_id, by)


def _fields() -> forms.Fields:
    return forms.Fields(request.form.to_dict(flat=False))


def _sentence(action: Action, progress: Progress) -> str:
    if progress.is_repeated:
        return "这次办理已经生效，没有重复办理。"
    if action is Action.SUBMIT and progress.stage in ENDS.values():
        return "内容与已审定的稿子相同，不需送审，本事项仍为已审定。"
    if action is Action.SUBMIT:
        return f"已送{STAGE_LABELS[progress.stage]}。"
    stage = STAGE_LABELS[progress.stage]
    return f"{_DONE[action]}现处于“{stage}”。" if action in {Action.APPROVE, Action.VERIFY} else _DONE[action]


def _more_rows(kind_key: str, record_id: int, by: Actor) -> Response:
    """Show the form of a return with one more row for a comment; nothing is done."""
    page = review_page(reading(), kind_key, record_id, viewer=by)
    rows = (*forms.problem_rows(_fields())[: MAX_PROBLEM_ROWS - 1], ("", "must", ""))
    return _shown(page, with_typed(page.review, _typed(rows, {}), ()), 200)


def _refused(kind_key: str, record_id: int, by: Actor, problems: Problems) -> Response:
    page = review_page(reading(), kind_key, record_id, viewer=by)
    is_stale = problems.status == _STALE
    seen = request.form.get("seen_digest", "")
    panel = with_typed(
        page.review,
        _typed(forms.problem_rows(_fields()), {one.field: one.message for one in problems if one.field}),
        [(one.field, one.message) for one in problems],
        is_stale=is_stale,
        change=change_since_seen(reading(), KINDS[kind_key], page.review, seen) if is_stale else None,
    )
    return _shown(page, panel, problems.status)


def _typed(rows: Sequence[tuple[str, str, str]], errors: dict[str, str]) -> TypedAct:
    given = _fields()
    names = ("action", "seat", "note", "to", "reviewer", "outcome", "form", "document", "document_date")
    return TypedAct(
        **{name: given.get(name) for name in names},
        attested=frozenset(given.getlist("attested")),
        rows=tuple(rows),
        errors=errors,
    )


def _shown(page: ReviewPage, panel: ReviewPanel, status: int) -> Response:
    """Answer with the panel, what was typed in it: alone to htmx, else on the page the person was on."""
    if is_fragment():
        return answer("reviews/show.html", block="review", page=page, review=panel, status=status)
    by = current_actor()
    if page.kind == "power":
        power = replace(power_page(reading(), page.id, viewer=by), review=panel)
        return answer("powers/show.html", page=power, status=status)
    if page.kind == "flow":
        flow = replace(flow_page(reading(), page.id, viewer=by), review=panel)
        return answer("flows/show.html", page=flow, picture=stored_picture(flow.body), status=status)
    withholding = replace(withholding_page(reading(), page.id, viewer=by), review=panel)
    return answer("withholdings/show.html", page=withholding, status=status)


def _moved_on(kind_key: str, record_id: int, by: Actor, place: str = "") -> Response:
    def context() -> dict[str, object]:
        page = review_page(reading(), kind_key, record_id, viewer=by)
        return {"page": page, "review": page.review}

    return done(f"{PATHS[kind_key]}/{record_id}{place}", "reviews/show.html", block="review", context=context)
