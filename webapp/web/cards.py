"""Cards: the list, every act on one, and switching them on or off by a decision."""

from flask import Blueprint, Response, request

from webapp.findings.carding import decide_card, switch_cards
from webapp.findings.forms import day_of
from webapp.pages.cards import PATH, cards_page
from webapp.policy import Permission
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import Problems, form_errors
from webapp.web.routes import current_actor, reading, route, writing

blueprint = Blueprint("cards", __name__)


@route(blueprint, PATH, permission=Permission.SEE_RECORDS)
def cards() -> Response:
    """Show the cards."""
    return answer("cards/list.html", page=cards_page(reading(), viewer=current_actor()), refused=0)


@route(blueprint, f"{PATH}/<int:card_id>", permission=Permission.SEE_RECORDS)
def card(card_id: int) -> Response:
    """Go to a card in the list, as the page of its clock does."""
    return see_other(f"{PATH}#card-{card_id}")


@route(blueprint, f"{PATH}/<int:card_id>/steps", permission=Permission.WORK_ON_ORDERS, methods=["POST"])
def card_steps(card_id: int) -> Response:
    """Take an act on a card."""
    form = request.form
    with form_errors() as problems, writing() as session:
        decide_card(session, current_actor(), card_id, event=form.get("event", ""), note=form.get("note", ""))
    if problems:
        return _again(problems, card_id)
    toast("已办理。")
    return see_other(PATH)


@route(blueprint, f"{PATH}/switches", permission=Permission.DRAFT_ORDERS, methods=["POST"])
def card_switches() -> Response:
    """Switch cards on or off as a decision says."""
    form = request.form
    with form_errors() as problems:
        decided_on = day_of(form.get("decided_on", ""), "decided_on")
        is_on = form.get("is_on") == "1"
        with writing() as session:
            switch_cards(
                session, current_actor(), is_on=is_on, document=form.get("document", ""), decided_on=decided_on
            )
    if problems:
        return _again(problems)
    toast("已登记。")
    return see_other(PATH)


def _again(problems: Problems, refused: int = 0) -> Response:
    page = cards_page(reading(), viewer=current_actor())
    return answer(
        "cards/list.html", page=page, problems=problems, typed=request.form, refused=refused, status=problems.status
    )
