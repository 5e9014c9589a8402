"""Words of the review pages: how kinds, seats, outcomes, papers and the places of problems are called on screen."""

from collections.abc import Iterable
from datetime import date

from webapp.powers import fields as power
from webapp.reviews.chain import ACTS, CHAINS, SEAT_KINDS, STAGE_LABELS, Action
from webapp.reviews.wording_stages import CONSENT
from webapp.revisions.kinds import Body
from webapp.withholdings import kind as withholding

PATHS = {"power": "/powers", "flow": "/flows", "withholding": "/withholdings"}
KIND_LABELS = {"power": "职权", "flow": "流程图", "withholding": "不公开申请"}
OUTCOMES = (("approve", "通过"), ("return", "退回"), ("defer", "缓议"))
OUTCOME_WORDS = dict(OUTCOMES)
PAPERS = (
    ("meeting", "会议"),
    ("circulation", "传签"),
    ("letter", "来文"),
    ("authority", "授权办理"),
    ("filing", "备案"),
)
PAPER_WORDS = dict(PAPERS)
_PAPERS_AT = {
    "bureau_decision": ("meeting", "circulation", "authority"),
    "city_review": ("letter", "circulation", "authority"),
    "city_decision": ("letter", "circulation"),
    "filing": ("filing", "letter"),
}
REPLIES = (("adopted", "采纳"), ("partly", "部分采纳"), ("not", "不采纳"))
REPLY_WORDS = dict(REPLIES)
SEVERITIES = (("must", "必须修改"), ("advice", "建议修改"))
SEAT_STATES = {
    "open": "待办",
    "recorded": "已登记，待复核",
    "dissent": "有不同意见，待裁定",
    "approved": "已通过",
    "ruled": "已裁定",
    "returned": "已退回",
    "void": "未签，已终止",
}
SEAT_TONES = {"open": "under", "recorded": "under", "dissent": "wrong", "approved": "settled", "ruled": "settled"}
# Where results come on paper, in the order of the chain; a withholding is filed at the end.
RECORDED_STAGES = tuple(
    stage.key for stage in CHAINS["withholding"] if all(SEAT_KINDS[key].is_recorded for key in stage.seats)
)
_ACT_WORDS = {act.action.value: act.label for act in reversed(ACTS)} | {
    "approve": "审核通过",
    "consent": "采纳统一表述建议",
}


def paper_options(stage: str) -> tuple[tuple[str, str], ...]:
    """Return the forms a result of a stage may have, the usual one first."""
    return tuple((key, PAPER_WORDS[key]) for key in _PAPERS_AT.get(stage, ("meeting", "circulation", "letter")))


def step_words(action: str, stage: str, seat: str, outcome: str, *, has_paper: bool = True) -> str:
    """Return what a step was, in words: the seat or stage, the act, and the outcome of a recorded result."""
    words = _ACT_WORDS.get(action, action)
    if action == Action.APPROVE and seat == "countersign":
        return "科室会签：同意会签"
    if action in {Action.SUBMIT, Action.RECALL, CONSENT}:
        return words
    place = SEAT_KINDS[seat].label if seat in SEAT_KINDS else STAGE_LABELS.get(stage, stage)
    if action in {Action.RECORD, Action.VERIFY} and has_paper:
        if outcome == "refused":
            return f"{place}：登记有误，退回重新登记"
        return f"{place}：{words}({OUTCOME_WORDS.get(outcome or 'approve', outcome)})"
    return f"{place}：{words}"


def place_label(kind: str, at: str, body: Body) -> str:
    """Return how the field or step a problem is about is called; an empty place is the whole."""
    if not at:
        return "全文"
    if kind == "power":
        return power.heading_at(at, body) or "全文"
    if kind == "withholding":
        return withholding.HEADINGS.get(at, "全文")
    name, _, number = at.partition("-")
    if name == "steps" and number:
        named = next((step["name"] for step in body["steps"] if step["id"] == number), "")
        return f"环节{number} {named}".strip()
    return _FLOW_PLACES.get(name, "全文")


def place_options(kind: str, body: Body) -> tuple[tuple[str, str], ...]:
    """Return what a problem may be about, for a choice: the whole first, then fields or steps in their order."""
    return (("", "全文"), *_places(kind, body))


def day_words(day: date) -> str:
    """Return a day as in running text: 2008年7月8日."""
    return f"{day.year}年{day.month}月{day.day}日"


_FLOW_PLACES = {
    "number": "图号",
    "name": "图名",
    "audience": "图的范围",
    "procedure": "程序来源",
    "total_limit": "总时限",
    "steps": "环节",
    "transitions": "流向",
}


def _places(kind: str, body: Body) -> Iterable[tuple[str, str]]:
    if kind == "power":
        return ((field.name, field.heading) for field in power.FIELDS)
    if kind == "withholding":
        return ((name, heading) for name, heading in withholding.HEADINGS.items() if name != "number")
    steps = ((f"steps-{step['id']}", place_label(kind, f"steps-{step['id']}", body)) for step in body["steps"])
    return (*_FLOW_PLACES.items(), *steps)


def known_places(kind: str, body: Body) -> frozenset[str]:
    """Return the places a problem may name."""
    return frozenset(key for key, _ in place_options(kind, body))
