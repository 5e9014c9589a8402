"""The register of powers that are not published: requests under review and those decided."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.pages.ages import working_days_since
from webapp.pages.finding import PAGE_SIZE, Filters, matching, page_count, section_names
from webapp.policy import Actor, Permission
from webapp.powers.categories import category_label
from webapp.reviews.chain import STAGE_LABELS
from webapp.reviews.models import Approval, Review
from webapp.revisions.kinds import Body
from webapp.revisions.models import STAGES, Draft, Listing, Revision
from webapp.revisions.reading import visible_to
from webapp.withholdings.kind import KINDS, WITHHOLDING
from webapp.withholdings.models import WithholdingTerm

PATH = "/withholdings"
BANNER = (
    "本系统为非涉密系统，严禁录入国家秘密。"
    "名称用不涉密的写法；属国家秘密的，理由只写“国家秘密”，内容留在纸质目录，存局办公室。"
)
_SETTLED = frozenset({"draft", "withheld"})


@dataclass(frozen=True)
class RegisterRow:
    """One request. `until`: the day or condition with which it ends, "" for none."""

    id: int
    number: str
    title: str
    power: str
    category: str
    kind: str
    until: str
    part: str
    section: str
    state: str
    age: int | None


@dataclass(frozen=True)
class StageOption:
    """A stage with its count, as a filter."""

    label: str
    count: int
    address: str
    current: bool


@dataclass(frozen=True)
class RegisterPage:
    """What the screen shows."""

    filters: Filters
    stages: tuple[StageOption, ...]
    rows: tuple[RegisterRow, ...]
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None
    may_request: bool
    banner: str = BANNER


def register_page(session: Session, filters: Filters, *, viewer: Actor, page: int = 1) -> RegisterPage:
    """Return one page of the register; at most eight queries."""
    scope = (Listing.kind == WITHHOLDING.key, visible_to(viewer), *matching(filters.q))
    counted = session.execute(select(Listing.stage, func.count()).where(*scope).group_by(Listing.stage))
    counts = {row[0]: row[1] for row in counted}
    total = counts.get(filters.stage, 0) if filters.stage else sum(counts.values())
    pages = page_count(total)
    at = min(page, pages)
    narrowed = (*scope, Listing.stage == filters.stage) if filters.stage else scope
    found = session.scalars(
        select(Listing)
        .where(*narrowed)
        .order_by(Listing.sort_key, Listing.record_id)
        .limit(PAGE_SIZE)
        .offset((at - 1) * PAGE_SIZE),
    ).all()
    sections = {one.id: one.name for one in section_names(session)}
    bodies = seen_bodies(session, found)
    ended = frozenset(
        session.scalars(
            select(WithholdingTerm.record_id).where(
                WithholdingTerm.record_id.in_([row.record_id for row in found]), WithholdingTerm.ended_at.is_not(None)
            ),
        ),
    )
    ages = working_days_since(session, [row.stage_since for row in found if row.stage not in _SETTLED])
    return RegisterPage(
        filters=filters,
        stages=tuple(
            StageOption(
                STAGE_LABELS[key],
                counts.get(key, 0),
                Filters(q=filters.q, stage="" if key == filters.stage else key).address(PATH),
                key == filters.stage,
            )
            for key in STAGES
            if counts.get(key) or key == filters.stage
        ),
        rows=tuple(
            _row(row, bodies.get(row.record_id), sections, ages.get(row.stage_since), is_ended=row.record_id in ended)
            for row in found
        ),
        total=total,
        page=at,
        pages=pages,
        previous=filters.address(PATH, at - 1) if at > 1 else None,
        next=filters.address(PATH, at + 1) if at < pages else None,
        may_request=viewer.may(Permission.REQUEST_WITHHOLDING) and bool(viewer.own_sections),
    )


def seen_bodies(session: Session, rows: Sequence[Listing]) -> dict[int, Body]:
    """Return the bodies behind listing rows, each in the face of its row; three queries at most."""
    drafts = [row.record_id for row in rows if row.face == "draft"]
    others = [row.record_id for row in rows if row.face != "draft"]
    bodies: dict[int, Body] = {}
    if drafts:
        for draft in session.scalars(select(Draft).where(Draft.record_id.in_(drafts))):
            bodies[draft.record_id] = json.loads(draft.body)
    if others:
        stages = {row.record_id: row.stage for row in rows}
        approved = session.execute(
            select(Approval.record_id, Revision.internal)
            .join(Revision, Revision.id == Approval.revision_id)
            .where(Approval.record_id.in_(others))
            .order_by(Approval.id),
        )
        reviewed = session.execute(
            select(Review.record_id, Revision.internal, Review.stage)
            .join(Revision, Revision.id == Review.revision_id)
            .where(Review.record_id.in_(others), Review.is_open)
            .order_by(Review.id),
        )
        for record, internal in approved:
            bodies[record] = json.loads(internal)["body"]
        for record, internal, stage in reviewed:
            if stage == stages[record]:  # a request taken back shows what was decided before it
                bodies[record] = json.loads(internal)["body"]
    return bodies


def _row(row: Listing, body: Body | None, sections: dict[int, str], age: int | None, *, is_ended: bool) -> RegisterRow:
    told = body or {}
    return RegisterRow(
        id=row.record_id,
        number=row.code,
        title=row.name,
        power=told.get("power", ""),
        category=category_label(row.category),
        kind=KINDS.get(told.get("kind", ""), ""),
        until=told.get("until", ""),
        part="全部" if told.get("part", "whole") == "whole" else "部分",
        section=sections.get(row.section_id, ""),
        state={"withheld": "withheld_ended" if is_ended else "withheld_filed"}.get(row.stage, row.stage),
        age=age,
    )
