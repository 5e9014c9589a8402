"""The life of a complaint as a table, and what a person may do in it. Pure.

The rows are those of supervision.md 3.2 (Complaint). The page's buttons come from `offers`, the operation from `take`;
both read the same rows. Whoever belongs to the section complained of, or is the person, is behind the wall: for him
the complaint does not exist, so every act of his ends in NotFound.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

STATES = (
    ("received", "待登记"),
    ("registered", "待受理"),
    ("accepted", "待交办"),
    ("not_accepted", "不予受理"),
    ("transferred", "已转送"),
    ("merged", "已并案"),
    ("assigned", "已交办"),
    ("investigating", "核查中"),
    ("awaiting_complainant", "等待来件人补充"),
    ("reply_drafted", "答复待审核"),
    ("reply_approved", "待答复"),
    ("replied", "已答复"),
    ("review_requested", "复查复核中"),
    ("upheld", "复查复核维持"),
    ("revised", "复查复核改变"),
    ("closed", "已办结"),
    ("reopened", "重新办理，待交办"),
)
STATE_WORDS = dict(STATES)
# Nothing more is owed to anybody; a closed one may still be opened again on new facts.
ENDED = frozenset({"not_accepted", "transferred", "merged", "closed"})
ASK_WITHIN = 30  # calendar days after a written answer (信访条例 34, 35; 信访工作条例 35, 36)
MAX_REVIEWS = 2  # 复查, then 复核 (信访条例 34, 35)


class Event(StrEnum):
    """What a person can do to a complaint."""

    REGISTER = "register"
    ACCEPT = "accept"
    REFUSE = "refuse"
    TRANSFER = "transfer"
    MERGE = "merge"
    ASSIGN = "assign"
    BEGIN = "begin"
    ASK = "ask"
    ANSWERED = "answered"
    DRAFT_REPLY = "draft_reply"
    APPROVE_REPLY = "approve_reply"
    RETURN_REPLY = "return_reply"
    REPLY = "reply"
    REQUEST_REVIEW = "request_review"
    UPHOLD = "uphold"
    REVISE = "revise"
    CLOSE = "close"
    REOPEN = "reopen"


class Doer(StrEnum):
    """Whose act it is, relative to the complaint."""

    HANDLER = "handler"  # the leading group's office; the leading group where the office itself is the target
    ASSIGNEE = "assignee"  # who was given the complaint to look into
    APPROVER = "approver"  # a handler or head who neither investigated nor drafted
    REVIEWER = "reviewer"  # a handler who had no part in the reply


@dataclass(frozen=True)
class Standing:
    """What a person is to a complaint."""

    is_walled: bool = False  # of the section complained of, or the person himself
    is_handler: bool = False
    is_head: bool = False  # leader or deputy, who may approve a reply
    is_assignee: bool = False
    has_investigated: bool = False
    has_drafted: bool = False  # the reply that stands
    has_approved: bool = False


@dataclass(frozen=True)
class Act:
    """A row of the table: an event, where it is possible, whose it is, what it needs and where it leads."""

    event: Event
    label: str
    sources: frozenset[str]
    target: str
    doer: Doer
    needs: tuple[str, ...] = ()  # fields that must be filled in
    takes: tuple[str, ...] = ()  # fields that may be


def _act(event: Event, label: str, sources: str, target: str, doer: Doer, needs: str = "", takes: str = "") -> Act:
    return Act(event, label, frozenset(sources.split()), target, doer, tuple(needs.split()), tuple(takes.split()))


_E, _D = Event, Doer
ACTS = (
    _act(_E.REGISTER, "登记编号", "received", "registered", _D.HANDLER, takes="section person"),
    _act(_E.ACCEPT, "受理", "registered", "accepted", _D.HANDLER, takes="note"),
    _act(_E.REFUSE, "不予受理", "registered", "not_accepted", _D.HANDLER, "note where"),
    _act(_E.TRANSFER, "转送", "registered accepted", "transferred", _D.HANDLER, "where", "note document"),
    _act(_E.MERGE, "并案办理", "registered accepted", "merged", _D.HANDLER, "into", "note"),
    _act(
        _E.ASSIGN, "交办", "accepted assigned investigating revised reopened", "assigned", _D.HANDLER,
        "assignee", "note",
    ),
    _act(_E.BEGIN, "开始核查", "assigned", "investigating", _D.ASSIGNEE),
    _act(_E.ASK, "请来件人补充", "investigating", "awaiting_complainant", _D.ASSIGNEE, "note", "document"),
    _act(_E.ANSWERED, "登记补充情况", "awaiting_complainant", "investigating", _D.ASSIGNEE, "note"),
    _act(
        _E.DRAFT_REPLY, "拟稿答复", "investigating", "reply_drafted", _D.ASSIGNEE,
        "reply conclusion", "fact basis severity",
    ),
    _act(_E.APPROVE_REPLY, "审核通过答复", "reply_drafted", "reply_approved", _D.APPROVER, takes="note"),
    _act(_E.RETURN_REPLY, "退回答复", "reply_drafted", "investigating", _D.APPROVER, "note"),
    _act(_E.REPLY, "登记已答复", "reply_approved", "replied", _D.HANDLER, "day", "note"),
    _act(
        _E.REQUEST_REVIEW, "登记复查复核申请", "replied upheld revised", "review_requested", _D.HANDLER,
        "day", "note",
    ),
    _act(_E.UPHOLD, "登记维持原答复", "review_requested", "upheld", _D.REVIEWER, "document", "note"),
    _act(_E.REVISE, "登记改变原答复", "review_requested", "revised", _D.REVIEWER, "document note"),
    _act(_E.CLOSE, "办结", "replied upheld revised", "closed", _D.HANDLER, takes="satisfaction note"),
    _act(_E.REOPEN, "有新情况，重新办理", "closed", "reopened", _D.HANDLER, "note"),
)  # fmt: skip
BY_EVENT = {act.event: act for act in ACTS}
_REFUSALS = {
    Doer.HANDLER: "由负责受理的领导小组办公室（涉及该办公室的，由局领导小组）办理。",
    Doer.ASSIGNEE: "由承办人办理。",
    Doer.APPROVER: "参加核查或者拟稿的人员不能审核答复，请由其他人员审核。",
    Doer.REVIEWER: "参加核查、拟稿或者审核的人员不能登记复查复核结果，请由其他人员登记。",
}


@dataclass(frozen=True)
class Offer:
    """An act that the state allows: free, or with the reason why this person may not."""

    act: Act
    refusal: str = ""


def offers(state: str, standing: Standing, *, reviews: int = 0) -> Iterator[Offer]:
    """Yield the acts that the state allows, in the table's order; nothing behind the wall.

    `reviews` is how often a review (复查, 复核) was asked for in this cycle.
    """
    if standing.is_walled:
        return
    for act in ACTS:
        if state in act.sources:
            yield Offer(act, _refusal(act, standing, reviews))


def take(state: str, event: Event, standing: Standing, *, reviews: int = 0) -> Act:
    """Return the row of an event; raise NotFound behind the wall, NotAllowed, or RuleBroken with the reason."""
    if standing.is_walled:
        raise NotFound
    act = BY_EVENT[event]
    if state not in act.sources:
        raise Stale(f"该件现为“{STATE_WORDS[state]}”，不能办理“{act.label}”。请先查看办理经过。")
    if refusal := _refusal(act, standing, reviews):
        if act.event is Event.REQUEST_REVIEW and reviews >= MAX_REVIEWS:
            raise RuleBroken(refusal)
        raise NotAllowed(refusal)
    return act


def assignable(standing: Standing) -> bool:
    """Say whether somebody may be given the complaint: nobody behind the wall."""
    return not standing.is_walled


def _refusal(act: Act, standing: Standing, reviews: int) -> str:
    has_handled = standing.has_investigated or standing.has_drafted or standing.is_assignee
    may = {
        Doer.HANDLER: standing.is_handler,
        Doer.ASSIGNEE: standing.is_assignee,
        Doer.APPROVER: (standing.is_handler or standing.is_head) and not has_handled,
        Doer.REVIEWER: standing.is_handler and not has_handled and not standing.has_approved,
    }[act.doer]
    if not may:
        return _REFUSALS[act.doer]
    if act.event is Event.REQUEST_REVIEW and reviews >= MAX_REVIEWS:
        return "已经复查和复核，不再受理同一事实的申请；有新情况的，办结后重新办理。"
    return ""
