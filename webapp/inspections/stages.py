"""What can be done to an inspection, as data (supervision.md 3.2). Pure.

planned → in progress → drafted → in comment → commented → signed; the section's silence counts as no objection, or it
confirms on the spot; any state before signed may be cancelled; after it there are only addenda. The buttons of the page
and the one operation `advancing.advance` read the same rows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from webapp.rules import NotAllowed, RuleBroken, Stale

KINDS = ("routine", "key", "special", "random", "follow_up", "complaint")
KIND_WORDS = {
    "routine": "日常检查",
    "key": "重点检查",
    "special": "专项检查",
    "random": "随机抽查",
    "follow_up": "回头看",
    "complaint": "投诉核查",
}
METHODS = ("现场检查", "查阅案卷", "网上检查", "电话核查", "综合")
STATES = ("planned", "in_progress", "drafted", "in_comment", "commented", "signed", "cancelled")
STATE_WORDS = {
    "planned": "待检查",
    "in_progress": "检查中",
    "drafted": "检查完毕，待征求意见",
    "in_comment": "征求被查科室意见",
    "commented": "待签字",
    "signed": "已签字",
    "cancelled": "已取消",
}
COMMENT_KINDS = ("comment", "on_spot", "silence")
COMMENT_WORDS = {"comment": "书面意见", "on_spot": "当场确认", "silence": "期满未提意见，视为无异议"}
COMMENT_DAYS = 5  # working days
APART_MONTHS = 12  # nobody inspects a section in which he held a post within so many months
TEAM = 2


class Relation(StrEnum):
    """What somebody is to an inspection."""

    MEMBER = "member"
    HEAD = "head"  # 科室负责人 of the section inspected
    SECTION = "section"  # its clerks and head
    APPROVER = "approver"  # a leader, or somebody of the office who neither planned nor is of the team
    TIME = "time"


RELATION_WORDS = {
    Relation.MEMBER: "检查人",
    Relation.HEAD: "被查科室负责人",
    Relation.SECTION: "被查科室人员",
    Relation.APPROVER: "分管领导，或未参加本次检查的办公室人员",
    Relation.TIME: "系统按时限",
}


class Event(StrEnum):
    """What is done."""

    START = "start"
    FINISH = "finish"
    SEND = "send_for_comment"
    CONFIRM = "confirm_on_spot"
    COMMENT = "comment"
    LAPSE = "lapse"
    SIGN = "sign"
    REFUSE = "refuse_signature"
    ADD = "addendum"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Row:
    """An act: from where to where, who may, what the button says, the text it must bring."""

    event: Event
    before: str
    after: str
    who: tuple[Relation, ...]
    label: str
    note: str = ""  # the label of the text it must bring


_OPEN = ("planned", "in_progress", "drafted", "in_comment", "commented")
ROWS = (
    Row(Event.START, "planned", "in_progress", (Relation.MEMBER,), "开始检查"),
    Row(Event.FINISH, "in_progress", "drafted", (Relation.MEMBER,), "检查完毕"),
    Row(Event.SEND, "drafted", "in_comment", (Relation.MEMBER,), "送科室征求意见"),
    Row(Event.CONFIRM, "drafted", "commented", (Relation.MEMBER, Relation.HEAD), "当场确认", "当场确认人及意见"),
    Row(Event.COMMENT, "in_comment", "commented", (Relation.SECTION, Relation.HEAD), "提出意见", "对检查情况的意见"),
    Row(Event.LAPSE, "in_comment", "commented", (Relation.TIME,), "期满视为无异议"),
    # The last signature closes; the earlier ones leave the state as it is.
    Row(Event.SIGN, "commented", "signed", (Relation.MEMBER, Relation.HEAD), "签字"),
    Row(Event.REFUSE, "commented", "signed", (Relation.MEMBER,), "登记拒签", "拒签情况"),
    Row(Event.ADD, "signed", "signed", (Relation.MEMBER,), "补充记录", "补充的内容"),
    *(Row(Event.CANCEL, state, "cancelled", (Relation.APPROVER,), "取消检查", "取消的理由") for state in _OPEN),
)


def row_for(state: str, event: str, relations: Collection[Relation]) -> Row:
    """Return the row of an act; raise RuleBroken (no such act), Stale (not now) or NotAllowed (not this person)."""
    if event not in set(Event):
        raise RuleBroken("没有这种办理方式，请刷新页面后再试。")
    row = next((row for row in ROWS if row.event == event and row.before == state), None)
    if row is None:
        raise Stale(f"这次检查现在是“{STATE_WORDS[state]}”，不能再这样办理。请刷新页面后查看。")
    if not set(row.who) & set(relations):
        raise NotAllowed(f"{row.label}应由{'、'.join(RELATION_WORDS[who] for who in row.who)}办理。")
    return row


def offers(state: str, relations: Collection[Relation]) -> tuple[Row, ...]:
    """Return what a person may do now, in the order of the table."""
    return tuple(row for row in ROWS if row.before == state and set(row.who) & set(relations))


def is_complete(kinds: Collection[tuple[str, int]], team: Collection[int]) -> bool:
    """Say whether all have signed: every inspector, and the head or the entry of his refusal. Pairs of kind, person."""
    signed = {person for kind, person in kinds if kind == "inspector"}
    return set(team) <= signed and any(kind in {"head", "refused"} for kind, _ in kinds)
