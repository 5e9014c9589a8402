"""The board: sections by stage and by category, with ages and nil returns; every number leads to its list.

All numbers are sums of one count (`campaigns.counting`). A number leads to `/powers` where the viewer finds exactly
these items; what a section has not handed in is its own (practice.md), so that number leads to the section's package.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.campaigns.counting import STOPPED, Identity, Tally, count, identity_of, oldest
from webapp.campaigns.models import Attendance, Campaign, Meeting
from webapp.campaigns.phases import INNER
from webapp.campaigns.reading import (
    TakingPart,
    last_signatures,
    open_campaign,
    standing_nil_returns,
    unanswered,
)
from webapp.pages.ages import working_days_since
from webapp.pages.campaign_dates import CampaignDates, campaign_dates, sections_for, tallies_of
from webapp.pages.powers import PowerFilters
from webapp.policy import Actor, Permission
from webapp.powers.categories import OPTIONS

# The columns of the board: stage, heading. What was stopped has its column as soon as there is something.
STAGES = (
    ("draft", "草稿"),
    ("returned", "已退回"),
    ("section_review", "科室审核"),
    ("office_review", "汇总初审"),
    ("bureau_decision", "局审定"),
    ("city_review", "市初审"),
    ("city_decision", "市审定"),
    ("approved", "已审定"),
)
_WAITING = frozenset({"returned", "section_review", "office_review", "bureau_decision", "city_review", "city_decision"})
_DATE_OF = {  # by which inner date an item should have left the stage
    "draft": "cleaning",
    "returned": "chief_review",
    "section_review": "chief_review",
    "office_review": "first_review",
    "bureau_decision": "decision",
}
_UNSUBMITTED = ("draft", "returned", "section_review")


@dataclass(frozen=True)
class Cell:
    """A number with its list; `age`: working days of the oldest, None where nothing waits or nothing is told."""

    number: int
    address: str
    age: int | None = None
    is_late: bool = False


@dataclass(frozen=True)
class CategoryCell:
    """What a section has of a category: items, a nil return, or neither (`is_open`; red after the inner date)."""

    number: int
    address: str
    is_nil: bool = False
    is_open: bool = False
    is_late: bool = False


@dataclass(frozen=True)
class BoardRow:
    """One section, or all together."""

    name: str
    address: str  # of its package, "" for the sum
    state: str
    stages: tuple[Cell, ...]
    total: Cell
    pending: Cell
    withheld: Cell
    categories: tuple[CategoryCell, ...]
    unfilled: int
    nil_returns: int
    late: bool

    @property
    def unfilled_address(self) -> str:
        """Return where the categories that lack an answer are named."""
        return f"{self.address}#categories" if self.address else "#categories"


@dataclass(frozen=True)
class BoardPage:
    """What the screen shows; `is_whole`: of every section."""

    title: str
    columns: tuple[str, ...]
    category_columns: tuple[str, ...]
    rows: tuple[BoardRow, ...]
    sum: BoardRow
    identity: Identity
    identity_links: tuple[tuple[str, int, str], ...]
    dates: CampaignDates
    untrained: tuple[str, ...]
    unmobilised: tuple[str, ...]
    is_whole: bool
    may_manage: bool


def board_page(session: Session, *, viewer: Actor) -> BoardPage | None:
    """Return the board of the open campaign, None where there is none; at most 13 queries."""
    campaign = open_campaign(session)
    if campaign is None:
        return None
    parts = sections_for(session, campaign, viewer)
    tallies = tallies_of(session, viewer, parts)
    nil_returns = standing_nil_returns(session, campaign)
    nils = {(row.section_id, row.category) for row in nil_returns}
    signed = last_signatures(session, campaign)
    unfilled = unanswered(parts, tallies, nil_returns)
    dates = campaign_dates(session, campaign, tallies, unfilled=sum(map(len, unfilled.values())))
    columns = (*STAGES, *([(STOPPED, "已停止")] if count(tallies, stage=STOPPED) else []))
    asked = _Asked(dates, _ages(session, tallies), [key for key, _ in columns])
    rows = [
        _row(
            asked,
            part,
            [tally for tally in tallies if tally.section == part.section],
            nils=frozenset(category for section, category in nils if section == part.section),
            unfilled=unfilled[part.section],
            signed=signed.get(part.package),
        )
        for part in parts
    ]
    identity = identity_of(tallies)
    return BoardPage(
        title=campaign.title,
        columns=tuple(label for _, label in columns),
        category_columns=tuple(label for _, label in OPTIONS),
        rows=tuple(rows),
        sum=_sum(asked, tallies, rows),
        identity=identity,
        identity_links=_identity_links(identity, tallies),
        dates=dates,
        untrained=_absent(session, campaign, parts, "training"),
        unmobilised=_absent(session, campaign, parts, "mobilisation"),
        is_whole=viewer.is_bureau_wide,
        may_manage=viewer.may(Permission.MANAGE_CAMPAIGN),
    )


def package_state(tallies: Iterable[Tally], signed: datetime | None) -> str:
    """Return how far a section is with its package, in words; late and returned items open it again."""
    left = sum(tally.number for tally in tallies if tally.stage in _UNSUBMITTED)
    if signed is None:
        return "尚未报送"
    return f"已报送，另有{left}项待报" if left else "已报送"


@dataclass(frozen=True)
class _Asked:
    dates: CampaignDates
    ages: Mapping[datetime, int]
    stages: Sequence[str]

    def is_late(self, stage: str) -> bool:
        key = _DATE_OF.get(stage, "")
        return key in INNER and self.dates.passed(key)

    def stage_cells(self, tallies: Sequence[Tally], slug: str, elsewhere: str) -> tuple[Cell, ...]:
        cells = []
        for stage in self.stages:
            found = [tally for tally in tallies if tally.stage == stage]
            since = oldest(found) if stage in _WAITING else None
            cells.append(
                Cell(
                    number=count(found),
                    address=_address(found, PowerFilters(section=slug, stage=stage), elsewhere),
                    age=self.ages[since] if since else None,
                    is_late=bool(found) and self.is_late(stage),
                ),
            )
        return tuple(cells)


def _row(
    asked: _Asked,
    part: TakingPart,
    tallies: Sequence[Tally],
    *,
    nils: frozenset[str],
    unfilled: Sequence[str],
    signed: datetime | None,
) -> BoardRow:
    package = f"/packages/{part.package}"
    is_late = bool(unfilled) and asked.is_late("draft")
    categories = tuple(
        CategoryCell(
            number=count(tallies, category=key),
            address=_address(
                [tally for tally in tallies if tally.category == key],
                PowerFilters(section=part.slug, category=key),
                f"{package}#items",
            ),
            is_nil=key in nils,
            is_open=key in unfilled,
            is_late=key in unfilled and is_late,
        )
        for key, _ in OPTIONS
    )
    return BoardRow(
        name=part.name,
        address=package,
        state=package_state(tallies, signed),
        stages=asked.stage_cells(tallies, part.slug, f"{package}#items"),
        total=Cell(count(tallies), _address(tallies, PowerFilters(section=part.slug), f"{package}#items")),
        pending=_disclosed(tallies, part.slug, "pending", f"{package}#items"),
        withheld=_disclosed(tallies, part.slug, "withheld", f"{package}#items"),
        categories=categories,
        unfilled=len(unfilled),
        nil_returns=sum(cell.is_nil for cell in categories),
        late=is_late,
    )


def _sum(asked: _Asked, tallies: Sequence[Tally], rows: Sequence[BoardRow]) -> BoardRow:
    return BoardRow(
        name="合计",
        address="",
        state=f"{sum(row.state.startswith('已报送') for row in rows)}/{len(rows)}已报送",
        stages=asked.stage_cells(tallies, "", "/packages"),
        total=Cell(count(tallies), _address(tallies, PowerFilters(), "/packages")),
        pending=_disclosed(tallies, "", "pending", "/packages"),
        withheld=_disclosed(tallies, "", "withheld", "/packages"),
        categories=tuple(
            CategoryCell(
                number=count(tallies, category=key),
                address=_address(
                    [one for one in tallies if one.category == key], PowerFilters(category=key), "/packages"
                ),
            )
            for key, _ in OPTIONS
        ),
        unfilled=sum(row.unfilled for row in rows),
        nil_returns=sum(row.nil_returns for row in rows),
        late=False,
    )


def _disclosed(tallies: Sequence[Tally], slug: str, disclosure: str, elsewhere: str) -> Cell:
    found = [tally for tally in tallies if tally.disclosure == disclosure]
    return Cell(count(found), _address(found, PowerFilters(section=slug, disclosure=disclosure), elsewhere))


def _address(tallies: Iterable[Tally], filters: PowerFilters, elsewhere: str) -> str:
    """Return the list that shows exactly these items: the viewer's list of powers, or where it is told of them."""
    return filters.address("/powers") if all(tally.is_listed for tally in tallies) else elsewhere


def _ages(session: Session, tallies: Iterable[Tally]) -> dict[datetime, int]:
    return working_days_since(session, [tally.since for tally in tallies if tally.stage in _WAITING])


def _identity_links(identity: Identity, tallies: Sequence[Tally]) -> tuple[tuple[str, int, str], ...]:
    """Return the parts of 清理总数 with their lists (practice.md)."""
    parts = (
        ("社会公开", identity.public, "public"),
        ("机关内部公开", identity.bureau, "bureau"),
        ("不公开（已审定）", identity.withheld, "withheld"),
        ("待定", identity.pending, "pending"),
    )
    stopped = ("已停止", identity.stopped, PowerFilters(stage=STOPPED).address("/powers"))
    return (
        *((label, number, _disclosed(tallies, "", key, "/packages").address) for label, number, key in parts),
        *((stopped,) if identity.stopped else ()),
    )


def _absent(session: Session, campaign: Campaign, parts: Sequence[TakingPart], kind: str) -> tuple[str, ...]:
    """Return the sections that were at no meeting of a kind, nor trained later."""
    there = set(
        session.scalars(
            select(Attendance.section_id)
            .join(Meeting, Meeting.id == Attendance.meeting_id)
            .where(
                Meeting.campaign_id == campaign.id,
                Meeting.kind == kind,
                or_(Attendance.state == "present", Attendance.made_up_on <= clock.today()),
            ),
        ),
    )
    return tuple(part.name for part in parts if part.section not in there)
