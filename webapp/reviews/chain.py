"""The chain as data, and what a person may do in it. Pure.

The plan (坛环法〔2008〕第1号, 四·方法步骤) gives the order: 科长逐项审核 → 办公室汇总初审 → 局领导小组审定
→ 市公开办初审 → 市优化领导小组审定. Which seats act at a stage, who may take which act, what it needs and where
it leads are rows of the tables below; the page's buttons come from `offers`, the operation from `take`, and both read
the same rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from webapp.policy import Actor, Role
from webapp.rules import NotAllowed, RuleBroken, Stale


class Action(StrEnum):
    """What a person can do to a record under review."""

    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    RECALL = "recall"
    DISSENT = "dissent"
    UNSIGN = "unsign"
    RULE = "rule"
    REASSIGN = "reassign"
    REMIND = "remind"
    RECORD = "record"
    VERIFY = "verify"


@dataclass(frozen=True)
class SeatKind:
    """A reviewer's place: whose it is, and whether its answer comes on paper and is recorded by the office."""

    key: str
    label: str
    role: Role | None  # None: nobody in the system decides; the office records
    per: str = "bureau"  # "bureau", "lead" section or each "joint" section
    is_recorded: bool = False


@dataclass(frozen=True)
class Stage:
    """A level of the chain with the seats that act there in parallel."""

    key: str
    label: str
    seats: tuple[str, ...]


SEAT_KINDS = {
    seat.key: seat
    for seat in (
        SeatKind("chief", "科室负责人", Role.CHIEF, "lead"),
        SeatKind("countersign", "科室会签", Role.CHIEF, "joint"),
        SeatKind("office", "汇总初审", Role.OFFICE),
        SeatKind("legal", "法制审核", Role.LEGAL),
        SeatKind("secrecy", "保密审查", Role.SECRECY),
        SeatKind("group", "局领导小组审定", None, is_recorded=True),
        SeatKind("city_office", "市公开办初审", None, is_recorded=True),
        SeatKind("city_group", "市优化领导小组审定", None, is_recorded=True),
        SeatKind("filing", "备案", None, is_recorded=True),
    )
}

_PLAN_2008 = (
    Stage("section_review", "科室审核", ("chief", "countersign")),
    Stage("office_review", "汇总初审", ("office", "legal", "secrecy")),
    Stage("bureau_decision", "局领导小组审定", ("group",)),
    Stage("city_review", "市公开办初审", ("city_office",)),
    Stage("city_decision", "市优化领导小组审定", ("city_group",)),
)
CHAINS = {
    "power": _PLAN_2008,
    "flow": _PLAN_2008,
    "withholding": (*_PLAN_2008, Stage("filing", "备案", ("filing",))),
}
ENDS = {"power": "approved", "flow": "approved", "withholding": "withheld"}
STAGE_LABELS = {
    "draft": "草稿",
    "returned": "已退回，待修改",
    **{stage.key: stage.label for stages in CHAINS.values() for stage in stages},
    "approved": "已审定",
    "withheld": "不公开(已备案)",
    # Ends outside the chain: an overreach stopped by its chief, a double that went into another power.
    "stopped": "已停止行使",
    "merged": "已并入其他事项",
}
OUTSIDE = frozenset({"stopped", "merged"})  # ends that no act of the chain leads to
# Who finds a duty missing from outside its section.
GAP_SOURCES = (("office", "领导小组办公室清理"), ("comparison", "对照上级目录"))
# What the city's remarks may change without a new meeting (practice.md): everything but these fields.
# For a chart its audience, for a withholding its power say the same as the disclosure of an entry.
WEIGHTY_FIELDS = frozenset({"name", "category", "basis", "disclosure", "verdict", "audience", "power"})
CITY_STAGES = frozenset({"city_review", "city_decision"})
# The five points a chief attests per item (plan 五·2(1); practice.md).
ATTESTED_POINTS = (
    ("item", "事项"),
    ("basis", "依据"),
    ("procedure", "程序"),
    ("flow", "流程图"),
    ("publication", "公开内容、形式和范围"),
)


class Doer(StrEnum):
    """Whose act it is, relative to the record."""

    SECTION = "section"  # clerk or chief of the lead section
    SEAT = "seat"  # who holds the seat
    OFFICE = "office"  # 领导小组办公室
    DEPUTY = "deputy"  # 副组长


@dataclass(frozen=True)
class Act:
    """One row of the table: an action, where, on which seats, whose, and what it needs."""

    action: Action
    label: str
    stages: tuple[str, ...]
    doer: Doer
    seat_states: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    needs_note: bool = False
    seats_of: str = ""  # the stage whose seats it is about, where it is not the one the record stands at


_REVIEW = ("section_review", "office_review")
_RECORDED = ("bureau_decision", "city_review", "city_decision", "filing")
ACTS = (
    Act(Action.SUBMIT, "送科室审核", ("draft", "returned"), Doer.SECTION),
    Act(Action.RECALL, "收回", ("section_review",), Doer.SECTION),
    Act(Action.APPROVE, "审核通过", _REVIEW, Doer.SEAT, ("open",), ("chief", "office", "legal", "secrecy")),
    Act(Action.APPROVE, "同意会签", ("section_review",), Doer.SEAT, ("open", "dissent"), ("countersign",)),
    Act(Action.DISSENT, "提出不同意见", ("section_review",), Doer.SEAT, ("open",), ("countersign",), needs_note=True),
    Act(
        Action.UNSIGN,
        "撤回会签",
        _REVIEW,
        Doer.SEAT,
        ("approved",),
        ("countersign",),
        needs_note=True,
        seats_of="section_review",
    ),
    Act(Action.RULE, "裁定", ("section_review",), Doer.OFFICE, ("dissent",), ("countersign",), needs_note=True),
    Act(
        Action.RETURN,
        "退回修改",
        _REVIEW,
        Doer.SEAT,
        ("open", "dissent"),
        ("chief", "office", "legal", "secrecy"),
        needs_note=True,
    ),
    Act(Action.REASSIGN, "指定初审人", ("office_review",), Doer.DEPUTY, ("open",), ("office",)),
    Act(Action.REMIND, "催办", _REVIEW, Doer.OFFICE, ("open",), tuple(SEAT_KINDS)),
    Act(Action.RECORD, "登记结果", _RECORDED, Doer.OFFICE, ("open",), ("group", "city_office", "city_group", "filing")),
    Act(
        Action.VERIFY,
        "复核登记",
        _RECORDED,
        Doer.OFFICE,
        ("recorded",),
        ("group", "city_office", "city_group", "filing"),
    ),
)


@dataclass(frozen=True)
class SeatView:
    """A seat as it stands."""

    id: int
    kind: str
    stage: str
    state: str  # open, recorded, dissent, approved, ruled, returned, void
    section: int | None = None
    assigned: int | None = None  # person
    recorded_by: int | None = None  # person
    batch: int | None = None  # the recorded result that waits on it


@dataclass(frozen=True)
class Situation:
    """A record in the chain, with everything the rules ask about."""

    kind: str
    stage: str
    section: int
    host_section: int | None = None
    seats: tuple[SeatView, ...] = ()
    digest: str = ""
    version: int = 0
    editors: frozenset[int] = frozenset()  # persons who touched it since the last approval
    earlier_approvers: frozenset[int] = frozenset()  # persons who approved at another stage in this round
    is_untouched: bool = True  # nobody acted since it was submitted
    unanswered: int = 0  # problems of severity "must" without a reply
    missing: tuple[str, ...] = ()  # sentences: what is required and missing, or contradicts what it belongs to
    unexplained: tuple[str, ...] = ()  # warnings that need a reason and have none

    @property
    def is_host(self) -> bool:
        """Say whether this is an item of the section that hosts the leading group's office."""
        return self.host_section is not None and self.section == self.host_section


@dataclass(frozen=True)
class Offer:
    """An act on a seat as the page shows it: allowed, or with the reason why not."""

    action: Action
    label: str
    seat: int | None
    reason: str = ""
    needs_note: bool = False

    @property
    def is_allowed(self) -> bool:
        """Say whether the person may take the act."""
        return not self.reason


@dataclass(frozen=True)
class Decision:
    """What a person decided, as it came through a door."""

    action: Action
    seat: int | None = None
    note: str = ""
    seen_digest: str | None = None
    seen_version: int | None = None
    to: str = "draft"  # of a return: the stage it goes back to


def stages_of(kind: str) -> tuple[Stage, ...]:
    """Return the stages a kind of record passes, in order."""
    return CHAINS[kind]


def stage_of(kind: str, key: str) -> Stage:
    """Return one stage; KeyError if the kind does not pass it."""
    return {stage.key: stage for stage in CHAINS[kind]}[key]


def stage_after(kind: str, key: str) -> str:
    """Return the stage that follows, or the end state after the last."""
    keys = [stage.key for stage in CHAINS[kind]]
    following = keys[keys.index(key) + 1 :]
    return following[0] if following else ENDS[kind]


def seats_for(
    kind: str,
    stage: str,
    *,
    section: int,
    joint: Iterable[int] = (),
    only_office: bool = False,
) -> list[tuple[str, int | None]]:
    """Return the seats to open at a stage: pairs of seat kind and section.

    `only_office`: after small changes on the city's remarks, legal and secrecy review stand (practice.md).
    """
    opened: list[tuple[str, int | None]] = []
    for key in stage_of(kind, stage).seats:
        per = SEAT_KINDS[key].per
        if per == "lead":
            opened.append((key, section))
        elif per == "joint":
            opened.extend((key, number) for number in sorted(set(joint) - {section}))
        elif not (only_office and key in {"legal", "secrecy"}):
            opened.append((key, None))
    return opened


def return_targets(kind: str, stage: str) -> tuple[str, ...]:
    """Return the earlier stages a return may name, nearest the author first."""
    keys = [item.key for item in CHAINS[kind]]
    return ("draft", *keys[: keys.index(stage)])


def offers(situation: Situation, actor: Actor) -> tuple[Offer, ...]:
    """Return every act the person could take here, those refused for a reason that concerns him included."""
    found: list[Offer] = []
    for act in ACTS:
        if situation.stage not in act.stages:
            continue
        for seat in _seats(situation, act):
            if not _concerns(situation, act, seat, actor):
                continue
            reason = _refusal(situation, act, seat, actor)
            found.append(Offer(act.action, act.label, seat.id if seat else None, reason, act.needs_note))
    return tuple(found)


def take(situation: Situation, actor: Actor, decision: Decision) -> tuple[Act, SeatView | None]:
    """Return the row and seat of an act the person may take; raise RuleBroken with the reason otherwise.

    Raises NotAllowed where the person has no such act, Stale where what he saw is no longer what stands.
    """
    rows = [act for act in ACTS if act.action is decision.action]
    here = [act for act in rows if situation.stage in act.stages]
    if not here:
        raise Stale(f"本事项现处于“{STAGE_LABELS[situation.stage]}”，不能再办理“{rows[0].label}”。请刷新页面查看。")
    _check_seen(situation, decision)
    act, seat = _row_and_seat(situation, here, decision, actor)
    if not _concerns(situation, act, seat, actor):
        raise NotAllowed(f"您没有在本环节办理“{act.label}”的权限。")
    if reason := _refusal(situation, act, seat, actor):
        raise NotAllowed(reason)
    if act.needs_note and not decision.note.strip():
        raise RuleBroken(f"请填写“{act.label}”的意见和理由。", "note")
    if decision.action is Action.RETURN and decision.to not in return_targets(situation.kind, situation.stage):
        raise RuleBroken("退回的去向不对：只能退回到已经过的环节。", "to")
    return act, seat


def is_passed(stage: str, seats: Iterable[SeatView]) -> bool:
    """Say whether every seat of the stage has approved."""
    here = [seat for seat in seats if seat.stage == stage and seat.state != "void"]
    return bool(here) and all(seat.state in {"approved", "ruled"} for seat in here)


def with_seat(situation: Situation, seat: SeatView, state: str) -> Situation:
    """Return the situation after a seat changed its state."""
    changed = tuple(replace(one, state=state) if one.id == seat.id else one for one in situation.seats)
    return replace(situation, seats=changed)


def _check_seen(situation: Situation, decision: Decision) -> None:
    if decision.action is Action.SUBMIT:
        if decision.seen_version is None:
            raise RuleBroken("缺少草稿版本号，未办理。请刷新页面后再试。", "seen_version")
        if decision.seen_version != situation.version:
            raise Stale("草稿已被修改，本次未送审。请先查看改动。")
        return
    if not decision.seen_digest:
        raise RuleBroken("缺少校验码，未办理。请刷新页面后再试。", "seen_digest")
    if decision.seen_digest != situation.digest:
        raise Stale("本事项已重新送审，您看到的不是当前的稿子。请先查看改动再签署意见。")


def _seats(situation: Situation, act: Act) -> list[SeatView | None]:
    if not act.seats:
        return [None]
    return [
        seat
        for seat in situation.seats
        if seat.kind in act.seats and seat.state in act.seat_states and seat.stage == (act.seats_of or situation.stage)
    ]


def _row_and_seat(
    situation: Situation,
    rows: list[Act],
    decision: Decision,
    actor: Actor,
) -> tuple[Act, SeatView | None]:
    if not rows[0].seats:
        return rows[0], None
    if decision.seat is not None:
        seat = next((one for one in situation.seats if one.id == decision.seat), None)
        if seat is None or seat.stage != (rows[0].seats_of or situation.stage):
            raise Stale("该审核席位已不在本环节。请刷新页面查看。")
        for act in rows:
            if seat.kind in act.seats:
                if seat.state not in act.seat_states:
                    raise Stale("该席位已经办理，不能重复办理。请刷新页面查看。")
                return act, seat
        raise NotAllowed("该席位不能办理此项。")
    mine = [(act, seat) for act in rows for seat in _seats(situation, act) if _concerns(situation, act, seat, actor)]
    if len(mine) == 1:
        return mine[0]
    if not mine:
        # A seat of an earlier stage counts too: whoever acted there may just have moved the record on.
        kinds = {kind for act in ACTS if act.action is decision.action for kind in act.seats}
        closed = [one for one in situation.seats if one.kind in kinds and one.state not in {"open", "dissent", "void"}]
        if any(_holds(one, actor, situation) for one in closed):
            raise Stale("您的席位已经办理，不能重复办理。请刷新页面查看。")
        raise NotAllowed(f"您没有在本环节办理“{rows[0].label}”的权限。")
    raise RuleBroken("您在本环节有多个席位，请指明办理哪一个。", "seat")


def _holds(seat: SeatView, actor: Actor, situation: Situation) -> bool:
    """Say whether the seat is the person's by role (or by being named for it)."""
    role = SEAT_KINDS[seat.kind].role
    if role is None:
        return actor.has(Role.OFFICE)
    if seat.kind == "office" and situation.is_host:
        return seat.assigned == actor.person or (seat.assigned is None and actor.has(role))
    return actor.has(role, seat.section) if seat.section is not None else actor.has(role)


def _concerns(situation: Situation, act: Act, seat: SeatView | None, actor: Actor) -> bool:
    """Say whether the act is the person's kind of act at all: otherwise the page does not mention it."""
    match act.doer:
        case Doer.SECTION:
            return situation.section in actor.own_sections
        case Doer.OFFICE:
            return actor.has(Role.OFFICE)
        case Doer.DEPUTY:
            return actor.has(Role.DEPUTY) and situation.is_host
        case Doer.SEAT:
            return seat is not None and _holds(seat, actor, situation)


def _refusal(situation: Situation, act: Act, seat: SeatView | None, actor: Actor) -> str:  # noqa: PLR0911 - one sentence each
    """Return why this person may not take this act of his kind here, or an empty string."""
    if act.action is Action.SUBMIT:
        return _submit_refusal(situation)
    if act.action is Action.RECALL:
        return "" if situation.is_untouched else "已有审核意见，不能收回；需要修改的，请审核人退回。"
    if act.action is Action.APPROVE and any(
        one.state == "dissent" and one.id != (seat.id if seat else None) for one in situation.seats
    ):
        return "协办科室有不同意见，须先由领导小组办公室裁定。"
    if act.action in {Action.APPROVE, Action.RETURN, Action.DISSENT, Action.RULE}:
        return _separation(situation, act, seat, actor)
    if act.action is Action.VERIFY and seat is not None and seat.recorded_by == actor.person:
        return "登记人不能复核自己的登记，请由另一人复核。"
    if act.action is Action.VERIFY and actor.person in situation.editors:
        return "您填报过本事项，不能复核其审定登记。"
    return ""


def _submit_refusal(situation: Situation) -> str:
    if situation.unanswered:
        return f"尚有{situation.unanswered}条必须修改的意见未回复，不能送审。"
    if situation.missing:
        shown = "".join(situation.missing[:3])
        return f"{shown}共{len(situation.missing)}处需要改正，不能送审。" if len(situation.missing) > 1 else f"{shown}"
    if situation.unexplained:
        return f"{situation.unexplained[0]}共{len(situation.unexplained)}处提示须改正或说明理由，然后才能送审。"
    return ""


def _separation(situation: Situation, act: Act, seat: SeatView | None, actor: Actor) -> str:
    if actor.person in situation.editors:
        return "您是该事项的填报人，不能同时审核；可由分管领导指定他人审核。"
    if act.action is Action.APPROVE and actor.person in situation.earlier_approvers:
        return "您已在前一环节审核通过本事项，不能再审核后一环节。"
    if seat is not None and seat.kind == "office" and situation.is_host:
        if seat.assigned is None:
            return "本事项属领导小组办公室所在科室，须由副组长指定其他科室的人员初审。"
        if situation.host_section in actor.sections:
            return "本事项属您所在的科室，不能由您初审。"
    return ""
