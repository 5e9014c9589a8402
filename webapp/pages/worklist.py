"""What waits for a person: seats he may act on, results to verify, returned and own drafts, editions to release.

One query per group, whatever the number of items; each group shows its oldest rows and leads to the whole of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from webapp.pages.ages import working_days_since
from webapp.pages.finding import SectionName, section_names
from webapp.pages.notices import NoticeRow, read_notices
from webapp.pages.review_words import KIND_LABELS, PATHS
from webapp.pages.worklist_orders import read_findings, read_orders
from webapp.pages.worklist_papers import (
    PaperTask,
    read_editions,
    read_ended_terms,
    read_overdue,
    read_verifications,
)
from webapp.pages.worklist_rows import (
    Chosen,
    DoneRow,
    DraftTask,
    SeatCount,
    SeatTask,
    read_done,
    read_drafts,
    read_seat_counts,
    read_seats,
)
from webapp.pages.worklist_verdicts import read_gaps, read_stops
from webapp.policy import Actor
from webapp.reviews.chain import ATTESTED_POINTS

SHOWN = 10  # rows of a group in the overview
PAGE_SIZE = 50
# What may wait for somebody, in the order of the page: key, heading, what to do.
TASKS = (
    ("naming", "待指定初审人", "领导小组办公室所在科室的事项，由副组长指定其他科室的人员初审。"),
    ("rule", "待裁定", "协办科室有不同意见，由领导小组办公室裁定。"),
    ("chief", "待科室审核", "本科室送审的事项，逐项核对后签署。"),
    ("countersign", "待会签", "本科室协办的职权。"),
    ("office", "待汇总初审", ""),
    ("legal", "待法制审核", ""),
    ("secrecy", "待保密审查", ""),
    ("record", "待登记审定结果", "会议、传签和上级来文的结果，由领导小组办公室登记。"),
)
_HEADINGS = {key: (heading, note) for key, heading, note in TASKS}
BULK = frozenset({"chief", "office"})


@dataclass(frozen=True)
class WorkRow:
    """One thing that waits. `item` names record and revision for an act on several."""

    address: str
    kind: str
    code: str
    name: str
    section: str
    why: str
    since: datetime
    age: int | None  # working days; time spent drafting is not counted
    item: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class WorkGroup:
    """Things of one sort that wait."""

    key: str
    heading: str
    note: str
    rows: tuple[WorkRow, ...]
    total: int
    address: str  # of the whole group; "" where all of it is shown

    @property
    def is_whole(self) -> bool:
        """Say whether every item of the group is shown."""
        return self.total == len(self.rows)


@dataclass(frozen=True)
class Choice:
    """A value of a filter with what it leaves."""

    label: str
    count: int
    address: str
    current: bool


@dataclass(frozen=True)
class ChoiceGroup:
    """One filter of the list."""

    label: str
    options: tuple[Choice, ...]


@dataclass(frozen=True)
class WorklistPage:
    """What the screen shows."""

    groups: tuple[WorkGroup, ...]
    facets: tuple[ChoiceGroup, ...]
    chosen: Chosen
    heading: str
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None
    bulk: str  # the seat for which several items may be signed at once, "" for none
    ticks: tuple[tuple[str, str], ...]
    done: tuple[DoneRow, ...] = field(default=())
    notices: tuple[NoticeRow, ...] = field(default=())


def worklist_page(
    session: Session,
    chosen: Chosen,
    *,
    viewer: Actor,
    page: int = 1,
    picked: frozenset[str] = frozenset(),
) -> WorklistPage:
    """Return the page; at most sixteen queries. `picked`: items ticked in a form that was refused."""
    names = section_names(session)
    sections = {one.id: one.name for one in names}
    counts = read_seat_counts(session, viewer)
    section = next((one.id for one in names if chosen.section in {one.slug, one.name}), -1 if chosen.section else 0)
    narrowed = {
        key: sum(count.number for count in counts if count.task == key and count.fits(chosen.kind, section))
        for key, *_ in TASKS
    }
    total = narrowed.get(chosen.task, 0) if chosen.task else sum(narrowed.values())
    pages = max(1, -(-narrowed.get(chosen.task, 0) // PAGE_SIZE)) if chosen.task else 1
    at = min(page, pages)
    seats = read_seats(
        session,
        viewer,
        chosen,
        section,
        limit=PAGE_SIZE if chosen.task else SHOWN,
        offset=(at - 1) * PAGE_SIZE if chosen.task else 0,
    )
    is_overview = not (chosen.task or chosen.kind or chosen.section)
    verifications = read_verifications(session, viewer) if is_overview else []
    drafts, draft_counts = read_drafts(session, viewer, SHOWN) if is_overview else ([], {})
    editions = read_editions(session, viewer) if is_overview else []
    overdue = read_overdue(session, viewer) if is_overview else []
    terms = read_ended_terms(session, viewer, PAGE_SIZE) if is_overview else []
    gaps = read_gaps(session, viewer) if is_overview else []
    stops = read_stops(session, viewer) if is_overview else []
    faults = read_findings(session, viewer) if is_overview else []
    orders = read_orders(session, viewer) if is_overview else []
    papers = [*verifications, *overdue, *terms, *editions, *gaps, *stops, *faults, *orders]
    waiting: list[SeatTask | PaperTask | DraftTask] = [*seats, *drafts, *papers]
    ages = working_days_since(session, [task.since for task in waiting])
    groups = [
        *_papers("verify", "待复核登记", "他人登记的审定结果，核对原件后复核。", verifications, ages),
        *_papers("overdue", "待撤下", "已审定不公开，现行公开版中仍有，须即时撤下。", overdue, ages),
        *_papers("term", "不公开期限已到", "可以公开的请解除，仍不宜公开的请修改后重新送审。", terms, ages),
        *_papers("release", "待发布", "已编制好的公开版，凭审批单发布。", editions, ages),
        *_papers("gaps", "职责不到位，待补齐", "由领导小组办公室提出，请在期限前补齐并送审。", gaps, ages),
        *_papers("stops", "新停止行使的越位职权", "由科室负责人停止行使，请了解善后情况。", stops, ages),
        *_papers("orders", "整改通知", "签收、整改、复核和销号由不同的人办理。", orders, ages),
        *_papers("findings", "检查问题待确认", "由提出人以外的人确认或复核。", faults, ages),
        *_returned("returned", "已退回，待修改", drafts, draft_counts, sections, ages),
        *(
            WorkGroup(
                key,
                _HEADINGS[key][0],
                _HEADINGS[key][1],
                tuple(_seat_row(task, sections, ages, picked) for task in seats if task.task == key),
                narrowed[key],
                "" if chosen.task else _address(Chosen(key, chosen.kind, chosen.section)),
            )
            for key, *_ in TASKS
            if narrowed[key] and chosen.task in {"", key}
        ),
        *_returned("draft", "本科室的草稿", drafts, draft_counts, sections, ages),
    ]
    bulk = chosen.task if chosen.task in BULK and total else ""
    return WorklistPage(
        groups=tuple(groups),
        facets=_facets(chosen, section, counts, names),
        chosen=chosen,
        heading=_HEADINGS.get(chosen.task, ("", ""))[0],
        total=total,
        page=at,
        pages=pages,
        previous=_address(chosen, at - 1) if at > 1 else None,
        next=_address(chosen, at + 1) if at < pages else None,
        bulk=bulk,
        ticks=ATTESTED_POINTS if bulk == "chief" else (),
        done=tuple(read_done(session, viewer)) if is_overview else (),
        notices=tuple(read_notices(session, viewer)) if is_overview else (),
    )


def _address(chosen: Chosen, page: int = 1) -> str:
    told = {"task": chosen.task, "kind": chosen.kind, "section": chosen.section, "page": page if page > 1 else ""}
    query = urlencode({name: value for name, value in told.items() if value})
    return f"/worklist?{query}" if query else "/worklist"


def _seat_row(
    task: SeatTask,
    sections: dict[int, str],
    ages: dict[datetime, int],
    picked: frozenset[str],
) -> WorkRow:
    item = f"{task.kind}:{task.record}:{task.digest}"
    return WorkRow(
        address=f"{PATHS[task.kind]}/{task.record}#review",
        kind=KIND_LABELS[task.kind],
        code=task.code,
        name=task.name,
        section=sections.get(task.section, ""),
        why=task.why,
        since=task.since,
        age=ages[task.since],
        item=item,
        is_chosen=item in picked,
    )


def _papers(
    key: str, heading: str, note: str, tasks: Sequence[PaperTask], ages: dict[datetime, int]
) -> list[WorkGroup]:
    rows = tuple(
        WorkRow(task.address, task.kind, task.code, task.name, task.section, task.why, task.since, ages[task.since])
        for task in tasks
    )
    return [WorkGroup(key, heading, note, rows, len(rows), "")] if rows else []


def _returned(
    stage: str,
    heading: str,
    drafts: Sequence[DraftTask],
    counts: dict[str, int],
    sections: dict[int, str],
    ages: dict[datetime, int],
) -> list[WorkGroup]:
    rows = tuple(
        WorkRow(
            address=f"{PATHS[task.kind]}/{task.record}" + ("#review" if stage == "returned" else ""),
            kind=KIND_LABELS[task.kind],
            code=task.code,
            name=task.name,
            section=sections.get(task.section, ""),
            why=task.why,
            since=task.since,
            age=ages[task.since] if stage == "returned" else None,
        )
        for task in drafts
        if task.stage == stage
    )
    total = counts.get(stage, 0)
    note = "请逐条答复意见，修改后重新送审。" if stage == "returned" else "填报完成后送科室审核。"
    return [WorkGroup(stage, heading, note, rows, total, f"/powers?stage={stage}")] if rows else []


def _facets(
    chosen: Chosen,
    section: int,
    counts: Sequence[SeatCount],
    names: Sequence[SectionName],
) -> tuple[ChoiceGroup, ...]:
    """Return the filters with counts, each respecting the others; nothing where there is nothing to choose."""

    def count(task: str, kind: str, number: int) -> int:
        return sum(one.number for one in counts if (not task or one.task == task) and one.fits(kind, number))

    tasks = [
        Choice(
            heading,
            count(key, chosen.kind, section),
            _address(Chosen("" if chosen.task == key else key, chosen.kind, chosen.section)),
            current=chosen.task == key,
        )
        for key, heading, _ in TASKS
    ]
    kinds = [
        Choice(
            label,
            count(chosen.task, key, section),
            _address(Chosen(chosen.task, "" if chosen.kind == key else key, chosen.section)),
            current=chosen.kind == key,
        )
        for key, label in KIND_LABELS.items()
    ]
    places = [
        Choice(
            one.name,
            count(chosen.task, chosen.kind, one.id),
            _address(Chosen(chosen.task, chosen.kind, "" if one.id == section else one.slug)),
            current=one.id == section,
        )
        for one in names
    ]
    groups = [("待办类型", tasks), ("种类", kinds), ("承办科室", places)]
    shown = [(label, [one for one in options if one.count or one.current]) for label, options in groups]
    return tuple(
        ChoiceGroup(label, tuple(options))
        for label, options in shown
        if len(options) > 1 or any(one.current for one in options)
    )
