"""Recording what a meeting, a circulation or a letter decided: the items at one level, each with its outcome."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.pages.batches import waiting_counts
from webapp.pages.finding import section_names
from webapp.pages.review_words import KIND_LABELS, OUTCOMES, PATHS, RECORDED_STAGES, paper_options
from webapp.policy import Actor
from webapp.reviews.chain import STAGE_LABELS
from webapp.reviews.doubling import open_doubles
from webapp.reviews.models import Review, Seat
from webapp.revisions.models import Listing, Revision
from webapp.revisions.reading import visible_to
from webapp.rules import NotFound

MAX_SHOWN = 300


@dataclass(frozen=True)
class ItemRow:
    """One item at the level; `value` names it and the revision that stands."""

    id: int
    value: str
    kind: str
    code: str
    name: str
    section: str
    address: str
    since: date
    is_chosen: bool
    outcome: str
    note: str
    error: str


@dataclass(frozen=True)
class Tab:
    """A level with its count, as a link."""

    label: str
    address: str
    count: int
    current: bool


@dataclass(frozen=True)
class TypedResult:
    """What stands in the form: the paper, and per item tick, outcome and note."""

    form: str = ""
    document: str = ""
    document_date: str = ""
    note: str = ""
    items: frozenset[str] | None = None  # None: every item is ticked
    outcomes: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NewBatchPage:
    """What the screen shows."""

    stage: str
    stage_label: str
    tabs: tuple[Tab, ...]
    rows: tuple[ItemRow, ...]
    total: int
    papers: tuple[tuple[str, str], ...]
    outcomes: tuple[tuple[str, str], ...]
    typed: TypedResult
    today: date
    is_large: bool
    request_key: str

    @property
    def exceptions(self) -> int:
        """Return how many ticked items are not simply passed."""
        return sum(row.is_chosen and row.outcome != "approve" for row in self.rows)


def new_batch_page(
    session: Session,
    stage: str,
    *,
    viewer: Actor,
    typed: TypedResult | None = None,
    errors: Mapping[str, str] | None = None,
    is_large: bool = False,
) -> NewBatchPage:
    """Return the form for a level; raise NotFound where nothing is recorded at that level. Seven queries."""
    if stage not in RECORDED_STAGES:
        raise NotFound
    typed, errors = typed or TypedResult(), errors or {}
    waiting = waiting_counts(session)
    sections = {one.id: one.name for one in section_names(session)}
    doubles = open_doubles(session) if stage == "bureau_decision" else []
    claimed = {claim.record for pair in doubles for claim in pair}
    found = session.execute(
        select(Listing, Revision.digest, Seat.opened_at)
        .join(Review, Review.record_id == Listing.record_id)
        .join(Revision, Revision.id == Review.revision_id)
        .join(Seat, Seat.review_id == Review.id)
        .where(
            Review.is_open,
            Review.stage == stage,
            Seat.stage == stage,
            Seat.round == Review.round,
            Seat.state == "open",
            visible_to(viewer),
        )
        .order_by(Listing.kind.desc(), Listing.section_id, Listing.sort_key, Listing.record_id)
        .limit(MAX_SHOWN),
    )
    rows = []
    for row, digest, opened in found:
        key, value = str(row.record_id), f"{row.record_id}:{digest}"
        rows.append(
            ItemRow(
                id=row.record_id,
                value=value,
                kind=KIND_LABELS[row.kind],
                code=row.code,
                name=row.name,
                section=sections.get(row.section_id, ""),
                address=f"{PATHS[row.kind]}/{row.record_id}",
                since=clock.local_day(opened),
                is_chosen=(typed.items is None or value in typed.items) and row.record_id not in claimed,
                outcome=typed.outcomes.get(key, "") or "approve",
                note=typed.notes.get(key, ""),
                error="与其他科室重复申报，裁定后才能列入。"
                if row.record_id in claimed
                else errors.get(f"note-{key}", ""),
            ),
        )
    return NewBatchPage(
        stage=stage,
        stage_label=STAGE_LABELS[stage],
        tabs=tuple(
            Tab(STAGE_LABELS[key], f"/batches/new?stage={key}", waiting.get(key, 0), key == stage)
            for key in RECORDED_STAGES
        ),
        rows=tuple(rows),
        total=waiting.get(stage, 0),
        papers=paper_options(stage),
        outcomes=OUTCOMES,
        typed=typed,
        today=clock.today(),
        is_large=is_large,
        request_key=secrets.token_hex(8),
    )
