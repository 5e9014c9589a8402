"""The life of a rectification order (整改通知) as data: which event from where, whose it is, who may not take it. Pure.

draft → submitted → issued → acknowledged → in_recheck → accepted → closed; in_recheck → returned → in_recheck; closed →
returned in a new cycle (supervision.md 3.2). Separate duties are about the person: whoever drafted does not approve,
whoever wrote feedback does not check it, whoever wrote or checked does not close.
"""

from dataclasses import dataclass
from enum import StrEnum

from webapp.findings.finding_stages import supervises
from webapp.policy import Actor, Role
from webapp.rules import NotAllowed, RuleBroken, Stale

ORDER_STATES = (
    "draft",
    "submitted",
    "issued",
    "acknowledged",
    "in_recheck",
    "returned",
    "accepted",
    "closed",
    "cancelled",
)
ORDER_WORDS = {
    "draft": "草拟中",
    "submitted": "待签批",
    "issued": "已发出，待签收",
    "acknowledged": "整改中",
    "in_recheck": "待复核",
    "returned": "复核未通过，继续整改",
    "accepted": "复核通过，待销号",
    "closed": "整改完成",
    "cancelled": "已撤销",
}
UNISSUED = frozenset({"draft", "submitted", "cancelled"})  # the section knows nothing of them
RUNNING = frozenset({"acknowledged", "returned"})  # in which the limit runs
ROOT_CAUSES = {"work": "工作未落实", "system": "制度不健全", "condition": "条件不具备", "record": "职权目录本身有误"}
METHODS = {"document": "书面复核", "on_site": "现场复核"}


class Event(StrEnum):
    """What can happen to an order."""

    SUBMIT = "submit_order"
    SEND_BACK = "send_back_order"
    APPROVE = "issue_order"
    CANCEL = "cancel_order"
    ACKNOWLEDGE = "acknowledge_order"
    SERVE = "serve_order"
    ASK = "ask_extension"
    GRANT = "grant_extension"
    REFUSE = "refuse_extension"
    FEEDBACK = "submit_feedback"
    REJECT = "reject_feedback"
    ACCEPT = "accept_feedback"
    CLOSE = "close_order"
    REOPEN = "reopen_order"


class Doer(StrEnum):
    """Whose event it is, relative to the order."""

    SUPERVISOR = "supervisor"  # office or inspector not of the section; of the host section's orders 局办公室
    HEAD = "head"  # 组长, 副组长, not of the section
    CLOSER = "closer"  # either of them
    SECTION = "section"  # clerk or chief of the section
    TIME = "time"


@dataclass(frozen=True)
class Act:
    """One row: an event, from which states to which ("" stays), whose, which earlier hands may not, what it needs."""

    event: Event
    label: str
    states: tuple[str, ...]
    to: str
    doer: Doer
    not_by: tuple[str, ...] = ()
    needs_note: bool = False


ACTS = (
    Act(Event.SUBMIT, "送签批", ("draft",), "submitted", Doer.SUPERVISOR),
    Act(Event.SEND_BACK, "退回修改", ("submitted",), "draft", Doer.HEAD, needs_note=True),
    Act(Event.APPROVE, "签发", ("submitted",), "issued", Doer.HEAD, ("drafter",)),
    Act(Event.CANCEL, "撤销", ("draft", "submitted"), "cancelled", Doer.SUPERVISOR, needs_note=True),
    Act(Event.ACKNOWLEDGE, "签收", ("issued",), "acknowledged", Doer.SECTION),
    Act(Event.SERVE, "视为送达", ("issued",), "acknowledged", Doer.TIME),
    Act(Event.ASK, "申请延期", ("acknowledged", "returned"), "", Doer.SECTION, needs_note=True),
    Act(Event.GRANT, "同意延期", ("acknowledged", "returned"), "", Doer.HEAD, ("asker",)),
    Act(Event.REFUSE, "不同意延期", ("acknowledged", "returned"), "", Doer.HEAD, ("asker",), needs_note=True),
    Act(Event.FEEDBACK, "报送整改结果", ("acknowledged", "returned"), "in_recheck", Doer.SECTION),
    Act(Event.REJECT, "复核不通过", ("in_recheck",), "returned", Doer.SUPERVISOR, ("author",)),
    Act(Event.ACCEPT, "复核通过", ("in_recheck",), "accepted", Doer.SUPERVISOR, ("author",)),
    Act(Event.CLOSE, "销号", ("accepted",), "closed", Doer.CLOSER, ("author", "checker"), needs_note=True),
    Act(Event.REOPEN, "重新整改", ("closed",), "returned", Doer.CLOSER, needs_note=True),
)
_HANDS = {"drafter": "起草人", "author": "整改结果的填报人", "checker": "复核人", "asker": "延期的申请人"}


@dataclass(frozen=True)
class Situation:
    """An order with everything the rules ask about; persons by number."""

    state: str
    section: int
    host_section: int | None = None
    drafter: int | None = None
    authors: frozenset[int] = frozenset()  # of feedback in this cycle
    checkers: frozenset[int] = frozenset()
    asker: int | None = None  # of the extension that waits
    is_past: bool = False  # the limit is over
    unmended: tuple[str, ...] = ()  # powers that are the cause and have no approved revision that carries the finding

    def hands(self, kind: str) -> frozenset[int]:
        """Return who had an earlier hand in the order."""
        found = {"drafter": {self.drafter}, "author": self.authors, "checker": self.checkers, "asker": {self.asker}}
        return frozenset(person for person in found[kind] if person is not None)


@dataclass(frozen=True)
class Offer:
    """An event as the page shows it: allowed, or with the reason why not."""

    event: Event
    label: str
    reason: str = ""
    needs_note: bool = False


def offers(situation: Situation, actor: Actor) -> tuple[Offer, ...]:
    """Return every event that is the person's kind of act here, refused ones with the reason."""
    return tuple(
        Offer(act.event, act.label, refusal(situation, act, actor), act.needs_note)
        for act in ACTS
        if situation.state in act.states and is_his(situation, act, actor) and _is_open(situation, act)
    )


def take(situation: Situation, actor: Actor | None, event: str, note: str = "") -> Act:
    """Return the row of an event the person (None: time) may take; raise RuleBroken with the reason otherwise."""
    act = next((one for one in ACTS if one.event == event), None)
    if act is None:
        raise RuleBroken("没有这种办理方式，请刷新页面后再试。", "event")
    if situation.state not in act.states:
        raise Stale(f"该整改通知现为“{ORDER_WORDS[situation.state]}”，不能办理“{act.label}”。请刷新页面查看。")
    if not is_his(situation, act, actor):
        raise NotAllowed(f"您没有办理“{act.label}”的权限。")
    if actor is not None and (reason := refusal(situation, act, actor)):
        raise (Stale if act.event in {Event.ASK, Event.GRANT, Event.REFUSE} else NotAllowed)(reason)
    if act.needs_note and not note.strip():
        raise RuleBroken(f"请填写“{act.label}”的理由或依据。", "note")
    return act


def is_his(situation: Situation, act: Act, actor: Actor | None) -> bool:
    """Say whether an event is the person's kind of act at all."""
    if actor is None or act.doer is Doer.TIME:
        return actor is None and act.doer is Doer.TIME
    is_outside = situation.section not in actor.sections | actor.own_sections
    is_head = is_outside and (actor.has(Role.DEPUTY) or actor.has(Role.LEADER))
    match act.doer:
        case Doer.SECTION:
            return situation.section in actor.own_sections
        case Doer.HEAD:
            return is_head
        case Doer.SUPERVISOR:
            return supervises(actor, situation.section, situation.host_section)
        case _:
            return is_head or supervises(actor, situation.section, situation.host_section)


def refusal(situation: Situation, act: Act, actor: Actor) -> str:
    """Return why an event that is the person's kind of act is refused to him now; "" where it is not."""
    for kind in act.not_by:
        if actor.person in situation.hands(kind):
            return f"您是本通知{_HANDS[kind]}，不能同时办理“{act.label}”，请由他人办理。"
    match act.event:
        case Event.ASK if situation.is_past:
            return "整改期限已过，不能再申请延期：延期须在到期以前申请。"
        case Event.ASK if situation.asker is not None:
            return "已有一份延期申请待批，不能重复申请。"
        case Event.GRANT | Event.REFUSE if situation.asker is None:
            return "没有待批的延期申请。请刷新页面查看。"
        case Event.CLOSE if situation.unmended:
            names = "、".join(situation.unmended)
            return f"问题出在职权目录本身：{names}须修改后重新审定，审定的新稿写明该问题后才能销号。"
        case _:
            return ""


def _is_open(situation: Situation, act: Act) -> bool:
    """Leave out what the page need not mention: deciding on an extension nobody asked for."""
    return act.event not in {Event.GRANT, Event.REFUSE} or situation.asker is not None
