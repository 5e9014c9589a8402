"""How the bureau began its campaign in June 2008 (scenes 1 and 2), by its people through the operations of the pages.

Basis and phases are the plan's own (坛环法〔2008〕第1号); the inner dates, meetings and tasks are the sample bureau's.
"""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Account, RoleTerm
from webapp.accounts.reading import actor_by_username
from webapp.campaigns import nil_returns, operations, packaging
from webapp.campaigns.counting import read_tallies
from webapp.campaigns.forms import DocumentGiven, MeetingGiven, PhaseGiven, PlanGiven, TaskGiven
from webapp.campaigns.handing_in import ItemTicked
from webapp.campaigns.hindrances import hindrances
from webapp.campaigns.models import Meeting
from webapp.campaigns.reading import (
    TakingPart,
    open_campaign,
    sections_taking_part,
    standing_nil_returns,
    unanswered,
)
from webapp.campaigns.reminding import remind
from webapp.policy import Actor, Role
from webapp.reviews.chain import ATTESTED_POINTS
from webapp.rules import RuleBroken

PLAN = PlanGiven(
    title="2008年职权公开运行工作",
    documents=(
        DocumentGiven(
            "坛优组字[2008]1号", None, "市优化经济发展软环境领导小组关于职权公开运行工作的文件", "局办公室文书档案"
        ),
        DocumentGiven(
            "坛环法〔2008〕第1号", date(2008, 6, 5), "全面推进行职权公开运行工作的实施方案", "局办公室文书档案"
        ),
    ),
    phases=(
        PhaseGiven("第一阶段：动员部署", date(2008, 6, 10), date(2008, 6, 20), "动员部署及相关业务培训。"),
        PhaseGiven("第二阶段：组织实施", date(2008, 6, 21), date(2008, 7, 10), "全面清理，编制职权目录和流程图。"),
        PhaseGiven("第三阶段：审核完善", date(2008, 7, 11), date(2008, 8, 30), "市公开办初审，市优化领导小组审定。"),
        PhaseGiven("第四阶段：公开运行", date(2008, 9, 1), None, "公布职权目录和服务流程图，公开运行各项职权。"),
    ),
    inner=(
        ("cleaning", date(2008, 6, 30)),
        ("chief_review", date(2008, 7, 3)),
        ("first_review", date(2008, 7, 8)),
        ("decision", date(2008, 7, 9)),
        ("report", date(2008, 7, 10)),
    ),
)
_TASKS = (
    ("全面清理本科室的对内对外职权，填写清理登记表，没有职权的类别作零报告。", date(2008, 6, 30)),
    ("科室负责人逐项审核，签署报送材料和清理工作情况报告。", date(2008, 7, 3)),
)
LATE_FOR_TRAINING = "辐射管理"
# Categories these sections have not answered yet, so that the board shows what it is for.
UNANSWERED = {"环境监测站": ("confirmation", "property"), "办公室(监察)": ("personnel",)}
_THREE_FIXED = "《金坛市环境保护局职能配置、内设机构和人员编制规定》"


def open_campaign_of_june(session: Session) -> None:
    """Let the office deploy the campaign, hold its meetings and divide the work (10 to 20 June)."""
    office = _person(session, "office")
    clock.fix_day(date(2008, 6, 10))
    campaign = operations.open_new_campaign(session, office, PLAN)
    parts = sections_taking_part(session, campaign)
    tasks = [TaskGiven(part.section, content, f"{part.name}负责人", day) for part in parts for content, day in _TASKS]
    operations.write_task_sheet(session, office, tasks, seen_version=campaign.version)
    _meeting(
        session,
        office,
        parts,
        MeetingGiven(
            kind="mobilisation",
            title="职权公开运行工作动员会",
            held_on=date(2008, 6, 12),
            place="局三楼会议室",
            notice="各科室负责人和填报人参加，会上学习实施方案，布置清理工作。",
            minutes="组长作动员，领导小组办公室宣读实施方案，各科室领取任务分解表。",
        ),
        date(2008, 6, 12),
    )
    training = _meeting(
        session,
        office,
        parts,
        MeetingGiven(
            kind="training",
            title="职权清理业务培训",
            held_on=date(2008, 6, 17),
            place="局三楼会议室",
            notice="请各科室填报人参加。",
            minutes="讲解清理登记表、职权分类和流程图的填写。",
        ),
        date(2008, 6, 17),
    )
    clock.fix_day(date(2008, 6, 20))
    _attend(session, office, training, parts, made_up_on=date(2008, 6, 20))


def answer_categories(session: Session) -> None:
    """Let the clerks make the nil returns of the categories in which their sections hold nothing (30 June)."""
    clock.fix_day(date(2008, 6, 30))
    campaign = open_campaign(session)
    if campaign is None:
        raise RuleBroken("样例的专项工作没有部署。请在空的数据库中重新装入。")
    parts = sections_taking_part(session, campaign)
    lacking = unanswered(parts, read_tallies(session, None), standing_nil_returns(session, campaign))
    for part in parts:
        wanted = [key for key in lacking[part.section] if key not in UNANSWERED.get(part.name, ())]
        clerk = _of_section(session, Role.CLERK, part.section)
        if wanted and clerk is not None:
            package, _ = packaging.lock_package(session, clerk, part.package)
            nil_returns.declare_nil(session, clerk, package, wanted, basis=_THREE_FIXED)
            texts = {
                "organisation": f"{part.name}召开会议学习实施方案，明确填报人和审核人，参加了动员会和业务培训。",
                "next": "按审核意见修改完善，做好公开运行的准备。",
            }
            packaging.save_report(session, clerk, part.package, texts, seen_version=package.version)


def sign_packages(session: Session, items: dict[int, list[ItemTicked]]) -> None:
    """Let the chiefs sign what their packages hold (3 July); `items` by section.

    Where a joint power or an open category holds a package back, nothing is signed; the caller lets these chiefs
    review item by item.
    """
    clock.fix_day(date(2008, 7, 3))
    campaign = open_campaign(session)
    if campaign is None:
        raise RuleBroken("样例的专项工作没有部署。请在空的数据库中重新装入。")
    points = tuple(key for key, _ in ATTESTED_POINTS)
    for part in sections_taking_part(session, campaign):
        chief = _of_section(session, Role.CHIEF, part.section)
        if chief is None or part.name in UNANSWERED or hindrances(session, part.section):
            continue
        own = [ItemTicked(one.kind, one.record, one.seen_digest, points) for one in items.pop(part.section, [])]
        outcome = packaging.sign_package(session, chief, part.package, own, is_true=True)
        if outcome.refused:
            raise RuleBroken(f"样例{part.name}的报送材料未能签署：{next(iter(outcome.refused.values()))}")
        packaging.note_scan(
            session, chief, part.package, scan_place="领导小组办公室文件柜", scanned_on=date(2008, 7, 3)
        )


def remind_as_time_passed(session: Session, *, since: date, until: date) -> None:
    """Let the clock remind people day by day, as it would have done."""
    day = since
    while day <= until:
        clock.fix_day(day)
        remind(session)
        day += timedelta(days=1)


def _meeting(session: Session, office: Actor, parts: list[TakingPart], given: MeetingGiven, day: date) -> Meeting:
    clock.fix_day(day)
    meeting = operations.hold_meeting(session, office, given)
    _attend(session, office, meeting, parts)
    return meeting


def _attend(
    session: Session, office: Actor, meeting: Meeting, parts: list[TakingPart], made_up_on: date | None = None
) -> None:
    """Write down who came: one unit was missing, and is trained later (scene 1)."""
    found: dict[int, tuple[str, date | None]] = {
        part.section: ("missing", made_up_on) if part.name == LATE_FOR_TRAINING else ("present", None) for part in parts
    }
    operations.note_attendance(session, office, meeting.id, found, seen_version=meeting.version)


def _of_section(session: Session, role: Role, section: int) -> Actor | None:
    username = session.scalars(
        select(Account.username)
        .join(RoleTerm, RoleTerm.person_id == Account.person_id)
        .where(RoleTerm.role == role, RoleTerm.section_id == section, RoleTerm.until.is_(None), Account.is_active)
        .order_by(RoleTerm.id)
        .limit(1),
    ).one_or_none()
    return actor_by_username(session, username) if username else None


def _person(session: Session, username: str) -> Actor:
    actor = actor_by_username(session, username)
    if actor is None:
        raise RuleBroken(f"样例人员 {username} 不在库中。请在空的数据库中重新装入。")
    return actor
