"""Powers that two sections claim: shown side by side to the office, and its ruling."""

from flask import Blueprint, Response, request

from webapp.pages.claims import claims_page
from webapp.policy import Permission
from webapp.reviews.claims import settle_claim
from webapp.web.fragments import answer, see_other, toast
from webapp.web.problems import form_errors
from webapp.web.routes import current_actor, reading, route, writing

blueprint = Blueprint("claims", __name__)
_RULE = Permission.RECORD_DECISIONS
_MAX_DIGITS = 9


@route(blueprint, "/claims", permission=_RULE)
def claims() -> Response:
    """Show the powers that two sections claim, and what was ruled."""
    return answer("claims/list.html", page=claims_page(reading()), refused="")


@route(blueprint, "/claims", permission=_RULE, methods=["POST"], endpoint="settle")
def settle() -> Response:
    """Rule on two entries: who keeps the power, or that they are two."""
    one, other = _number("one"), _number("other")
    chosen = request.form.get("outcome", "")
    kept, gone = (other, one) if chosen == "other" else (one, other)
    outcome = {"one": "merged", "other": "merged", "distinct": "distinct"}.get(chosen, "")
    with form_errors() as problems, writing() as session:
        reason = request.form.get("reason", "")
        settle_claim(session, current_actor(), kept=kept, other=gone, outcome=outcome, reason=reason)
    if problems:
        page = claims_page(reading())
        return answer(
            "claims/list.html",
            page=page,
            problems=problems,
            typed=request.form,
            refused=f"{one}-{other}",
            status=problems.status,
        )
    toast("已认定为不同事项。" if outcome == "distinct" else "已裁定，另一项已并入，双方科室都能看到理由。")
    return see_other("/claims")


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS else 0
