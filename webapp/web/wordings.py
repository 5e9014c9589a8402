"""统一表述建议: the office proposes a wording for several entries, their sections consent or decline."""

from collections.abc import Iterator

from flask import Blueprint, Response, request

from webapp.pages.wording_new import Asked, new_wording_page
from webapp.pages.wordings import wording_page, wordings_page
from webapp.policy import Permission
from webapp.reviews.each import Outcome
from webapp.reviews.wordings import (
    EntrySeen,
    ItemSeen,
    consent_to_wording,
    decline_wording,
    propose_wording,
    withdraw_wording,
)
from webapp.rules import RuleBroken
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, reading, route, writing

blueprint = Blueprint("wordings", __name__)
_PATH = "/wordings"
_SEE, _PROPOSE, _ANSWER = Permission.SEE_RECORDS, Permission.RECORD_DECISIONS, Permission.EDIT_DRAFTS
_MAX_DIGITS = 9


@route(blueprint, _PATH, permission=_SEE)
def wordings() -> Response:
    """List the proposals."""
    return answer("wordings/list.html", page=wordings_page(reading(), viewer=current_actor()))


@route(blueprint, f"{_PATH}/new", permission=_PROPOSE)
def new_wording() -> Response:
    """Show how a field is worded, and the form that proposes one wording."""
    page = new_wording_page(reading(), Asked.of(request.args), viewer=current_actor())
    return answer("wordings/new.html", page=page, chosen=page.chosen)


@route(blueprint, _PATH, permission=_PROPOSE, methods=["POST"], endpoint="propose")
def propose() -> Response:
    """Propose a wording."""
    form, made = request.form, 0
    with form_errors() as problems:
        entries = [EntrySeen(number, seen) for number, seen in _pairs(form.getlist("item"))]
        with writing() as session:
            made = propose_wording(
                session,
                current_actor(),
                field=form.get("field", ""),
                find=form.get("find", ""),
                text=form.get("text", ""),
                reason=form.get("reason", ""),
                entries=entries,
            ).id
    if problems:
        page = new_wording_page(reading(), Asked.of(form), viewer=current_actor())
        chosen = form.getlist("item")
        return answer(
            "wordings/new.html", page=page, chosen=chosen, problems=problems, typed=form, status=problems.status
        )
    toast("已提出统一表述建议，承办科室在待办事项中可以看到。")
    return see_other(f"{_PATH}/{made}")


@route(blueprint, f"{_PATH}/<int:wording_id>", permission=_SEE)
def wording(wording_id: int) -> Response:
    """Show one proposal with its entries."""
    return answer("wordings/show.html", page=wording_page(reading(), wording_id, viewer=current_actor()), refused=0)


@route(blueprint, f"{_PATH}/<int:wording_id>/consents", permission=_ANSWER, methods=["POST"])
def consents(wording_id: int) -> Response:
    """Consent to the proposal for the entries ticked."""
    outcome = Outcome(0, {})
    with form_errors() as problems:
        items = list(_items_seen(request.form.getlist("item")))
        with writing() as session:
            outcome = consent_to_wording(session, current_actor(), wording_id, items)
    if problems:
        return _refused(wording_id, problems)
    words = f"已采纳{outcome.taken}项，原表述和新表述都已留存。"
    if outcome.refused:
        first = next(iter(outcome.refused.values()))
        toast(f"{words}另有{len(outcome.refused)}项未办理：{first}", "note")
    else:
        toast(words)
    return see_other(f"{_PATH}/{wording_id}")


@route(blueprint, f"{_PATH}/<int:wording_id>/refusals", permission=_ANSWER, methods=["POST"])
def refusals(wording_id: int) -> Response:
    """Keep an entry's own wording, with the reason."""
    item = _number(request.form.get("item", ""))
    with form_errors() as problems, writing() as session:
        decline_wording(session, current_actor(), wording_id, item, reason=request.form.get("reason", ""))
    if problems:
        return _refused(wording_id, problems, item)
    toast("已答复不采纳，理由转领导小组办公室。")
    return see_other(f"{_PATH}/{wording_id}")


@route(blueprint, f"{_PATH}/<int:wording_id>/withdrawals", permission=_PROPOSE, methods=["POST"])
def wording_withdrawals(wording_id: int) -> Response:
    """Withdraw what is not answered yet."""
    count = 0
    with form_errors() as problems, writing() as session:
        count = withdraw_wording(session, current_actor(), wording_id)
    if problems:
        return _refused(wording_id, problems)
    toast(f"已撤回{count}项未答复的建议。")
    return see_other(f"{_PATH}/{wording_id}")


def _refused(wording_id: int, problems: Problems, item: int = 0) -> Response:
    page = wording_page(reading(), wording_id, viewer=current_actor())
    return answer(
        "wordings/show.html", page=page, refused=item, problems=problems, typed=request.form, status=problems.status
    )


def _items_seen(given: list[str]) -> Iterator[ItemSeen]:
    for text in given:
        item, _, rest = text.partition(":")
        record, _, version = rest.partition(":")
        yield ItemSeen(_number(item), _number(record), _number(version))


def _pairs(given: list[str]) -> Iterator[tuple[int, str]]:
    for text in given:
        number, _, seen = text.partition(":")
        yield _number(number), seen


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        raise RuleBroken("所选事项无法识别，未办理。请刷新页面后重新选择。", "items")
    return int(text)
