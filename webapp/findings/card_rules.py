"""Cards (提示, 黄牌, 红牌) as data: what brings one, what it counts, who issues, explains and decides. Pure.

A tip comes by itself; yellow and red are proposed by the system and issued by a person. What is withdrawn stays in
sight with its reason and counts nothing. Without a limit there is no card: a card starts from a clock (I12).
"""

from dataclasses import dataclass
from enum import StrEnum

from webapp.findings.finding_stages import supervises
from webapp.policy import Actor, Role
from webapp.rules import NotAllowed, RuleBroken, Stale

LEVELS = {"tip": "提示", "yellow": "黄牌", "red": "红牌"}
CARD_STATES = ("proposed", "issued", "explained", "upheld", "withdrawn", "cleared")
CARD_WORDS = {
    "proposed": "待核发",
    "issued": "已发出，待说明",
    "explained": "已说明，待认定",
    "upheld": "维持",
    "withdrawn": "已撤回，不计",
    "cleared": "已改正",
}
SWITCHES = {"cards": "黄牌、红牌"}


@dataclass(frozen=True)
class CardPolicy:
    """What brings a card: working days to the limit (negative: beyond it), for which clock, and its points."""

    key: str
    level: str
    rule: str
    left: int  # the card comes when so many working days are left, or fewer
    words: str
    points: int


POLICY_VERSION = 1
POLICIES = (
    CardPolicy("near", "tip", "order.rectify", 1, "整改期限只剩1个工作日", 1),
    CardPolicy("unsigned", "yellow", "order.acknowledge", -1, "整改通知逾期未签收", 5),
    CardPolicy("late", "yellow", "order.rectify", -1, "整改超期", 5),
    CardPolicy("long-late", "red", "order.rectify", -6, "整改超期逾5个工作日仍未改正", 10),
)


class CardEvent(StrEnum):
    """What a person does with a card."""

    ISSUE = "issue_card"
    EXPLAIN = "explain_card"
    UPHOLD = "uphold_card"
    WITHDRAW = "withdraw_card"
    CLEAR = "clear_card"


@dataclass(frozen=True)
class CardAct:
    """One row: from which states, where it leads, whether it is the section's, whether the issuer may not."""

    event: CardEvent
    label: str
    states: tuple[str, ...]
    to: str
    is_sections: bool = False
    not_issuer: bool = False
    needs_note: bool = True


CARD_ACTS = (
    CardAct(CardEvent.ISSUE, "核发", ("proposed",), "issued", needs_note=False),
    CardAct(CardEvent.EXPLAIN, "作出说明", ("issued",), "explained", is_sections=True),
    CardAct(CardEvent.UPHOLD, "维持", ("explained",), "upheld", not_issuer=True),
    CardAct(CardEvent.WITHDRAW, "撤回", ("proposed", "issued", "explained"), "withdrawn"),
    CardAct(CardEvent.CLEAR, "确认已改正", ("upheld",), "cleared"),
)


def due_policies(rule: str, left: int) -> list[CardPolicy]:
    """Return what a clock brings with so many working days left."""
    return [one for one in POLICIES if one.rule == rule and left <= one.left and (one.left < 0 or left >= 0)]


def points_of(level: str, state: str) -> int:
    """Return what a card counts: nothing before it is upheld and nothing once withdrawn."""
    return {"yellow": 5, "red": 10}.get(level, 0) if state in {"upheld", "cleared"} else 0


def card_offers(state: str, section: int, host: int | None, issuer: int | None, actor: Actor) -> list[CardAct]:
    """Return what a person may do with a card now."""
    return [act for act in CARD_ACTS if state in act.states and _refusal(section, host, issuer, act, actor) == ""]


def take_card_act(
    state: str, section: int, host: int | None, issuer: int | None, actor: Actor, event: str, note: str
) -> CardAct:
    """Return the row of an act the person may take; raise RuleBroken with the reason otherwise."""
    act = next((one for one in CARD_ACTS if one.event == event), None)
    if act is None:
        raise RuleBroken("没有这种办理方式，请刷新页面后再试。", "event")
    if state not in act.states:
        raise Stale(f"该牌现为“{CARD_WORDS[state]}”，不能办理“{act.label}”。请刷新页面查看。")
    if reason := _refusal(section, host, issuer, act, actor):
        raise NotAllowed(reason)
    if act.needs_note and not note.strip():
        raise RuleBroken(f"请填写“{act.label}”的理由或说明。", "note")
    return act


def _refusal(section: int, host: int | None, issuer: int | None, act: CardAct, actor: Actor) -> str:
    none = f"您没有办理“{act.label}”的权限。"
    if act.is_sections:
        return "" if actor.has(Role.CHIEF, section) else none
    is_head = section not in actor.sections | actor.own_sections and (actor.has(Role.DEPUTY) or actor.has(Role.LEADER))
    if not (supervises(actor, section, host) or (act.event is not CardEvent.ISSUE and is_head)):
        return none
    return "发出的人不能同时作出认定，请由他人办理。" if act.not_issuer and issuer == actor.person else ""
