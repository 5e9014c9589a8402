"""Findings and rectification orders of the sample bureau, in every state, made by its people through the operations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Section
from webapp.accounts.reading import actor_by_username
from webapp.db import Database
from webapp.deadlines.recomputing import mark_overdue
from webapp.findings.checking import ItemFeedback, ItemResult
from webapp.findings.models import OrderItem, RectificationOrder
from webapp.findings.operations import decide_finding, raise_finding
from webapp.findings.order_stages import Event
from webapp.findings.ordering import Decision, OrderGiven, advance, draft_order
from webapp.findings.reminding import remind_of_orders
from webapp.policy import Actor
from webapp.rules import Misconfigured
from webapp.sample.standing import standing_clock

_LAW = "坛环法〔2008〕第1号"


@dataclass(frozen=True)
class Story:
    """An order of the sample: whose, on which day, about what, how far it went."""

    section: str
    clerk: str
    day: date
    fact: str
    severity: str
    until: str  # the last event it reaches
    limit: int = 5


STORIES = (
    Story("环境监察大队", "clerk2", date(2008, 6, 16), "大厅公示的监督电话拨打三次无人接听", "ordinary", "closed"),
    Story("环境监测站", "clerk6", date(2008, 6, 17), "收费公示牌仍为旧标准", "serious", "reopened"),
    Story("污染控制科", "clerk", date(2008, 6, 18), "公开栏缺危险废物转移联单办事流程", "ordinary", "returned", 20),
    Story("建设项目管理科", "clerk3", date(2008, 6, 20), "两件环评受理材料未出具一次告知单", "serious", "accepted", 15),
    Story("财务科", "clerk7", date(2008, 6, 23), "一笔小额采购未见询价记录", "ordinary", "acknowledged"),
    Story("自然生态科", "clerk4", date(2008, 6, 30), "办事指南中的办公地点未更新", "minor", "in_recheck", 10),
    Story("人事科", "clerk8", date(2008, 7, 4), "科室岗位职责牌与登记的岗位不一致", "minor", "issued"),
    Story("辐射管理", "clerk5", date(2008, 7, 7), "许可证件台账缺两份送达回证", "ordinary", "submitted"),
    Story("环境监测站", "clerk6", date(2008, 7, 7), "监测委托合同未按月归档", "minor", "draft"),
    Story("污染控制科", "clerk", date(2008, 7, 8), "排污申报登记表有一份未签收", "minor", "confirmed"),
    Story("环境监察大队", "clerk2", date(2008, 7, 8), "现场检查记录一份缺当事人签字", "ordinary", "raised"),
)
_WAY = ("draft", "submitted", "issued", "acknowledged", "in_recheck", "accepted", "closed", "reopened")


def load_orders(database: Database) -> None:
    """Let the sample bureau's people find and follow up faults in June and July 2008."""
    with standing_clock(), database.writing() as session:
        for story in STORIES:
            _tell(session, story)
        clock.fix_day(date(2008, 7, 8))
        mark_overdue(session)
        remind_of_orders(session)


def _tell(session: Session, story: Story) -> None:
    clock.fix_day(story.day)
    office, second = _person(session, "inspector"), _person(session, "office")
    section = session.scalars(select(Section.id).where(Section.name == story.section)).one()
    finding = raise_finding(
        session,
        office,
        section_id=section,
        fact=story.fact,
        basis=_LAW,
        severity=story.severity,
        found_on=story.day,
    )
    if story.until == "raised":
        return
    decide_finding(session, second, finding.id, event="confirm")
    if story.until == "confirmed":
        return
    given = OrderGiven(
        findings=[finding.id],
        title=f"关于{story.section}有关问题的整改通知",
        measures="限期改正，举一反三，检查同类事项。",
        responsible="科室负责人",
        contact="领导小组办公室 0519-80000010",
        limit_n=story.limit,
    )
    order = draft_order(session, second, given)
    for state in _WAY[1 : _WAY.index("in_recheck" if story.until == "returned" else story.until) + 1]:
        _go(session, order, state, story)
    if story.until == "returned":
        item = session.scalars(select(OrderItem.id).where(OrderItem.order_id == order.id)).one()
        told = {item: ItemResult(is_accepted=False, reason="公开栏内容已补，但与审定稿的时限不一致")}
        _act(session, order, second, Event.REJECT, results=told)


def _go(session: Session, order: RectificationOrder, state: str, story: Story) -> None:
    office, second, deputy = (_person(session, name) for name in ("office", "office2", "deputy"))
    clerk = _person(session, story.clerk)
    match state:
        case "submitted":
            _act(session, order, office, Event.SUBMIT)
        case "issued":
            _act(session, order, deputy, Event.APPROVE, document=f"坛环督〔2008〕{order.id}号")
        case "acknowledged":
            _act(session, order, clerk, Event.ACKNOWLEDGE)
        case "in_recheck":
            items = session.scalars(select(OrderItem.id).where(OrderItem.order_id == order.id)).all()
            told: Mapping[int, ItemFeedback] = {
                item: ItemFeedback("已按要求改正并逐项核对", "work", "照片2张、签收单1份，存科室档案柜", "承办岗")
                for item in items
            }
            _act(session, order, clerk, Event.FEEDBACK, feedback=told)
        case "accepted":
            _act(session, order, _person(session, "inspector"), Event.ACCEPT)
        case "closed":
            _act(session, order, second, Event.CLOSE, note="现场核对无误，予以销号")
        case _:
            clock.fix_day(date(2008, 7, 3))
            _act(session, order, second, Event.REOPEN, note="回头看发现公示牌又换回旧标准")


def _act(
    session: Session,
    order: RectificationOrder,
    by: Actor,
    event: Event,
    *,
    note: str = "",
    document: str = "",
    feedback: Mapping[int, ItemFeedback] | None = None,
    results: Mapping[int, ItemResult] | None = None,
) -> None:
    decision = Decision(
        event=event,
        note=note,
        document=document,
        feedback=feedback or {},
        results=results or {},
        seen_version=order.version,
    )
    advance(session, by, order.id, decision)


def _person(session: Session, username: str) -> Actor:
    actor = actor_by_username(session, username)
    if actor is None:
        raise Misconfigured(f"样例中没有 {username}。")
    return actor
