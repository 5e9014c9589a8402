"""The plan of the campaign: what it stands on, its phases and dates, who leads it, the task sheet; and their forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.reading import GroupSeat, bureau, host_section, leading_group
from webapp.campaigns.forms import DOCUMENT_KEYS, PHASE_KEYS, TASK_KEYS
from webapp.campaigns.models import BasisDocument, Campaign, InnerDate, Phase, Task
from webapp.campaigns.phases import INNER_DATES
from webapp.campaigns.reading import open_campaign, standing_nil_returns, unanswered
from webapp.campaigns.rows import Form, Row, arranged, read_rows, text_of
from webapp.pages.campaign_dates import CampaignDates, campaign_dates, sections_for, tallies_of, weekday, why
from webapp.pages.finding import SectionName, section_names
from webapp.policy import Actor, Permission
from webapp.rules import NotFound

# What the plan of 2008 says (坛环法〔2008〕第1号, 四), offered where a campaign is opened; everything may be changed.
_OFFERED_PHASES = (
    {"name": "第一阶段：动员部署", "starts_on": "", "ends_on": "", "work": "动员部署和业务培训。"},
    {"name": "第二阶段：组织实施", "starts_on": "", "ends_on": "", "work": "全面清理，编制职权目录和流程图。"},
    {"name": "第三阶段：审核完善", "starts_on": "", "ends_on": "", "work": "市级初审、审定，反馈意见的落实。"},
    {
        "name": "第四阶段：公开运行",
        "starts_on": "",
        "ends_on": "",
        "work": "公布职权目录和服务流程图，公开运行各项职权。",
    },
)


@dataclass(frozen=True)
class DocumentRow:
    """A basis document."""

    number: str
    dated_on: date | None
    title: str
    scan: str


@dataclass(frozen=True)
class PlanPage:
    """What the screen of the plan shows."""

    title: str
    version: int
    documents: tuple[DocumentRow, ...]
    dates: CampaignDates
    group: tuple[GroupSeat, ...]
    group_document: str
    host_section: str
    may_manage: bool


@dataclass(frozen=True)
class PlanForm:
    """The form of the plan; `version` is None for a campaign to be opened."""

    version: int | None
    title: str
    documents: tuple[Row, ...]
    phases: tuple[Row, ...]
    inner: tuple[tuple[str, str, str], ...]  # key, label, day as typed


@dataclass(frozen=True)
class TaskRow:
    """A row of the task sheet."""

    section: str
    content: str
    responsible: str
    due_on: date
    weekday: str
    address: str
    late: bool


@dataclass(frozen=True)
class TasksPage:
    """The task sheet; `missing` names sections without a task."""

    title: str
    rows: tuple[TaskRow, ...]
    may_manage: bool


@dataclass(frozen=True)
class TasksForm:
    """The form of the task sheet."""

    version: int
    rows: tuple[Row, ...]
    sections: tuple[tuple[str, str], ...]


def plan_page(session: Session, *, viewer: Actor) -> PlanPage | None:
    """Return the plan of the open campaign, None where there is none; at most ten queries."""
    campaign = open_campaign(session)
    if campaign is None:
        return None
    own, host = bureau(session), host_section(session)
    parts = sections_for(session, campaign, viewer)
    tallies = tallies_of(session, viewer, parts)
    left = unanswered(parts, tallies, standing_nil_returns(session, campaign))
    return PlanPage(
        title=campaign.title,
        version=campaign.version,
        documents=tuple(
            DocumentRow(row.number, row.dated_on, row.title, row.scan) for row in _documents(session, campaign)
        ),
        dates=campaign_dates(session, campaign, tallies, unfilled=sum(map(len, left.values()))),
        group=tuple(leading_group(session, clock.today())),
        group_document=own.group_document if own else "",
        host_section=host.name if host else "",
        may_manage=viewer.may(Permission.MANAGE_CAMPAIGN),
    )


def plan_form(session: Session, form: Form | None = None) -> PlanForm:
    """Return the form as it stands, or as typed, its rows arranged by the button that was pressed."""
    campaign = open_campaign(session)
    if form is not None:
        seen = text_of(form, "seen_version")
        return PlanForm(
            version=int(seen) if seen.isdigit() else campaign.version if campaign else None,
            title=text_of(form, "title"),
            documents=_typed(form, "documents", DOCUMENT_KEYS),
            phases=_typed(form, "phases", PHASE_KEYS),
            inner=tuple((kind.key, kind.label, text_of(form, f"inner-{kind.key}")) for kind in INNER_DATES),
        )
    if campaign is None:
        blank = tuple((kind.key, kind.label, "") for kind in INNER_DATES)
        return PlanForm(None, "", (dict.fromkeys(DOCUMENT_KEYS, ""),), tuple(map(dict, _OFFERED_PHASES)), blank)
    phases = session.scalars(select(Phase).where(Phase.campaign_id == campaign.id).order_by(Phase.position))
    days = {row.key: row.day for row in session.scalars(select(InnerDate).where(InnerDate.campaign_id == campaign.id))}
    return PlanForm(
        version=campaign.version,
        title=campaign.title,
        documents=tuple(
            {"number": row.number, "dated_on": _iso(row.dated_on), "title": row.title, "scan": row.scan}
            for row in _documents(session, campaign)
        ),
        phases=tuple(
            {"name": row.name, "starts_on": _iso(row.starts_on), "ends_on": _iso(row.ends_on), "work": row.work}
            for row in phases
        ),
        inner=tuple((kind.key, kind.label, _iso(days.get(kind.key))) for kind in INNER_DATES),
    )


def tasks_page(session: Session, *, viewer: Actor) -> TasksPage | None:
    """Return the task sheet, None without a campaign; three queries."""
    campaign = open_campaign(session)
    if campaign is None:
        return None
    names = {one.id: one.name for one in section_names(session)}
    today = clock.today()
    return TasksPage(
        title=campaign.title,
        rows=tuple(
            TaskRow(
                section=names.get(row.section_id, ""),
                content=row.content,
                responsible=row.responsible,
                due_on=row.due_on,
                weekday=weekday(row.due_on),
                address=why(min(row.due_on, today), max(row.due_on, today)),
                late=False,
            )
            for row in _tasks(session, campaign)
        ),
        may_manage=viewer.may(Permission.MANAGE_CAMPAIGN),
    )


def tasks_form(session: Session, form: Form | None = None) -> TasksForm:
    """Return the form of the task sheet as it stands or as typed; raise NotFound without a campaign."""
    campaign = open_campaign(session)
    if campaign is None:
        raise NotFound("没有正在进行的专项工作。")
    names = section_names(session)
    slugs = {one.id: one.slug for one in names}
    if form is not None:
        seen = text_of(form, "seen_version")
        return TasksForm(
            int(seen) if seen.isdigit() else campaign.version, _typed(form, "tasks", TASK_KEYS), _options(names)
        )
    rows = tuple(
        {
            "section": slugs.get(row.section_id, ""),
            "content": row.content,
            "responsible": row.responsible,
            "due_on": _iso(row.due_on),
        }
        for row in _tasks(session, campaign)
    )
    return TasksForm(campaign.version, rows or (dict.fromkeys(TASK_KEYS, ""),), _options(names))


def _options(names: Sequence[SectionName]) -> tuple[tuple[str, str], ...]:
    return (("", "请选择"), *((one.slug, one.name) for one in names))


def _typed(form: Form, name: str, keys: Sequence[str]) -> tuple[Row, ...]:
    return tuple(arranged(form, name, read_rows(form, name, keys), keys))


def _documents(session: Session, campaign: Campaign) -> Sequence[BasisDocument]:
    return session.scalars(
        select(BasisDocument).where(BasisDocument.campaign_id == campaign.id).order_by(BasisDocument.position),
    ).all()


def _tasks(session: Session, campaign: Campaign) -> Sequence[Task]:
    return session.scalars(select(Task).where(Task.campaign_id == campaign.id).order_by(Task.position)).all()


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
