"""Recorded results: what waits to be recorded at each level, what was recorded and whether it counts yet."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.pages.review_words import OUTCOMES, PAPER_WORDS, RECORDED_STAGES
from webapp.reviews.chain import STAGE_LABELS
from webapp.reviews.models import Batch, BatchItem, Review, Seat

PAGE_SIZE = 50
STATES = {"recorded": ("待复核", "under"), "verified": ("已复核", "settled"), "refused": ("登记有误，已退回", "wrong")}


@dataclass(frozen=True)
class StageWaiting:
    """A level and how many items wait there for a result."""

    label: str
    count: int
    address: str


@dataclass(frozen=True)
class BatchRow:
    """One recorded result in the list."""

    id: int
    stage: str
    paper: str
    document: str
    decided_on: date
    items: int
    outcomes: str
    state: str
    tone: str
    recorded_by: str
    verified_by: str


@dataclass(frozen=True)
class BatchesPage:
    """What the screen shows."""

    waiting: tuple[StageWaiting, ...]
    rows: tuple[BatchRow, ...]
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None


def batches_page(session: Session, *, page: int = 1) -> BatchesPage:
    """Return one page of the list, the newest first; four queries."""
    waiting = waiting_counts(session)
    total = session.scalar(select(func.count()).select_from(Batch)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    at = min(page, pages)
    recorder, verifier = aliased(Person), aliased(Person)
    found = session.execute(
        select(Batch, recorder.name, verifier.name)
        .join(recorder, recorder.id == Batch.recorded_by)
        .outerjoin(verifier, verifier.id == Batch.verified_by)
        .order_by(Batch.id.desc())
        .limit(PAGE_SIZE)
        .offset((at - 1) * PAGE_SIZE),
    ).all()
    counts: dict[int, dict[str, int]] = {}
    for number, outcome, count in session.execute(
        select(BatchItem.batch_id, BatchItem.outcome, func.count())
        .where(BatchItem.batch_id.in_([batch.id for batch, *_ in found]))
        .group_by(BatchItem.batch_id, BatchItem.outcome),
    ):
        counts.setdefault(number, {})[outcome] = count
    return BatchesPage(
        waiting=tuple(
            StageWaiting(STAGE_LABELS[stage], waiting.get(stage, 0), f"/batches/new?stage={stage}")
            for stage in RECORDED_STAGES
        ),
        rows=tuple(
            BatchRow(
                id=batch.id,
                stage=STAGE_LABELS[batch.stage],
                paper=PAPER_WORDS[batch.form],
                document=batch.document,
                decided_on=batch.decided_on,
                items=sum(counts.get(batch.id, {}).values()),
                outcomes=outcome_words(counts.get(batch.id, {})),
                state=STATES[batch.state][0],
                tone=STATES[batch.state][1],
                recorded_by=recorded_by,
                verified_by=verified_by or "",
            )
            for batch, recorded_by, verified_by in found
        ),
        total=total,
        page=at,
        pages=pages,
        previous=f"/batches?page={at - 1}" if at > 1 else None,
        next=f"/batches?page={at + 1}" if at < pages else None,
    )


def waiting_counts(session: Session) -> dict[str, int]:
    """Return how many items wait for a result at each level."""
    rows = session.execute(
        select(Seat.stage, func.count())
        .join(Review, Review.id == Seat.review_id)
        .where(
            Review.is_open,
            Seat.state == "open",
            Seat.round == Review.round,
            Seat.stage == Review.stage,
            Seat.stage.in_(RECORDED_STAGES),
        )
        .group_by(Seat.stage),
    )
    return {stage: count for stage, count in rows}  # noqa: C416 - dict(rows) loses the types of the columns


def outcome_words(counts: dict[str, int]) -> str:
    """Return counts of outcomes in words: 通过142、退回2."""
    return "、".join(f"{label}{counts[key]}项" for key, label in OUTCOMES if counts.get(key))
