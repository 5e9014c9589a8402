"""What can become of a finding, as data. Pure.

drafted → confirmed | withdrawn; confirmed → fixed on the spot | ordered | noted | transferred; confirmed → contested →
upheld | withdrawn; ordered → closed | carried over (supervision.md 3.2). Orders move the states `ordered`, `closed` and
`carried_over`; the rest are acts of people, in the rows below.
"""

from dataclasses import dataclass
from enum import StrEnum

from webapp.policy import Actor, Role
from webapp.rules import NotAllowed, RuleBroken, Stale

SOURCE_KINDS = ("inspection", "complaint", "matter", "card", "direct")
SOURCE_WORDS = {
    "inspection": "监督检查",
    "complaint": "投诉核实",
    "matter": "重点领域",
    "card": "黄牌、红牌",
    "direct": "日常监督",
}
SEVERITIES = ("minor", "ordinary", "serious")
SEVERITY_WORDS = {"minor": "轻微", "ordinary": "一般", "serious": "严重"}
FINDING_STATES = (
    "drafted",
    "confirmed",
    "contested",
    "upheld",
    "fixed_on_spot",
    "noted",
    "transferred",
    "ordered",
    "closed",
    "carried_over",
    "withdrawn",
)
FINDING_WORDS = {
    "drafted": "待确认",
    "confirmed": "已确认，待处理",
    "contested": "科室有异议",
    "upheld": "复核维持，待处理",
    "fixed_on_spot": "已当场改正",
    "noted": "已记录备查",
    "transferred": "已移送",
    "ordered": "整改中",
    "closed": "整改完成",
    "carried_over": "转入下次检查",
    "withdrawn": "已撤销",
}
ORDERABLE = frozenset({"confirmed", "upheld"})
LIVE = frozenset({"drafted", "confirmed", "contested", "upheld", "ordered"})
HIDDEN = frozenset({"drafted"})  # from the section: nothing is said before it is confirmed


class FindingEvent(StrEnum):
    """What a person does to a finding."""

    CONFIRM = "confirm"
    WITHDRAW = "withdraw_finding"
    FIX = "fix_on_spot"
    NOTE = "note"
    TRANSFER = "transfer"
    CONTEST = "contest"
    UPHOLD = "uphold"


@dataclass(frozen=True)
class FindingAct:
    """One row: from which states, whose act, where it leads. `is_second`: not by whoever raised it."""

    event: FindingEvent
    label: str
    states: tuple[str, ...]
    to: str
    is_sections: bool = False
    is_second: bool = False
    needs_note: bool = True


FINDING_ACTS = (
    FindingAct(FindingEvent.CONFIRM, "确认问题", ("drafted",), "confirmed", is_second=True, needs_note=False),
    FindingAct(FindingEvent.WITHDRAW, "撤销问题", ("drafted", "contested"), "withdrawn", is_second=True),
    FindingAct(FindingEvent.FIX, "已当场改正", ("confirmed",), "fixed_on_spot"),
    FindingAct(FindingEvent.NOTE, "记录备查", ("confirmed", "upheld"), "noted"),
    FindingAct(FindingEvent.TRANSFER, "移送纪检机构", ("confirmed", "upheld"), "transferred"),
    FindingAct(FindingEvent.CONTEST, "提出异议", ("confirmed",), "contested", is_sections=True),
    FindingAct(FindingEvent.UPHOLD, "维持原认定", ("contested",), "upheld", is_second=True),
)


@dataclass(frozen=True)
class FindingView:
    """A finding as the rules ask about it."""

    state: str
    section: int
    raised_by: int | None
    host_section: int | None = None


def supervises(actor: Actor, section: int, host: int | None) -> bool:
    """Say whether the person supervises a section: office or inspector not of it; the host section is 局办公室's."""
    if section in actor.sections or section in actor.own_sections:
        return False
    if section == host:
        return actor.has(Role.PUBLISHER) or (actor.has(Role.INSPECTOR) and host not in actor.sections)
    return actor.has(Role.OFFICE) or actor.has(Role.INSPECTOR)


def refusal(view: FindingView, act: FindingAct, actor: Actor) -> str | None:
    """Return why a person may not take an act that is his kind of act; "" where he may; None where it is not his."""
    if act.is_sections:
        return "" if actor.has(Role.CHIEF, view.section) else None
    if not supervises(actor, view.section, view.host_section):
        return None
    if act.is_second and view.raised_by == actor.person:
        return f"您是该问题的提出人，不能同时办理“{act.label}”，请由他人办理。"
    return ""


def finding_offers(view: FindingView, actor: Actor) -> list[tuple[FindingAct, str]]:
    """Return the acts that concern the person here, each with the reason where it is refused."""
    found = [(act, refusal(view, act, actor)) for act in FINDING_ACTS if view.state in act.states]
    return [(act, reason) for act, reason in found if reason is not None]


def take_finding_act(view: FindingView, actor: Actor, event: str, note: str) -> FindingAct:
    """Return the row of an act the person may take; raise RuleBroken with the reason otherwise."""
    act = next((one for one in FINDING_ACTS if one.event == event), None)
    if act is None:
        raise RuleBroken("没有这种处理方式，请刷新页面后再试。", "event")
    if view.state not in act.states:
        raise Stale(f"该问题现为“{FINDING_WORDS[view.state]}”，不能办理“{act.label}”。请刷新页面查看。")
    reason = refusal(view, act, actor)
    if reason is None:
        raise NotAllowed(f"您没有办理“{act.label}”的权限。")
    if reason:
        raise NotAllowed(reason)
    if act.needs_note and not note.strip():
        raise RuleBroken(f"请填写“{act.label}”的理由或依据。", "note")
    return act
