"""One recorded result: the paper, what it says item by item, and whether the viewer may verify it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.digests import digest
from webapp.pages.batches import STATES, outcome_words
from webapp.pages.finding import section_names
from webapp.pages.review_words import KIND_LABELS, OUTCOME_WORDS, PAPER_WORDS, PATHS
from webapp.policy import Actor
from webapp.reviews.chain import STAGE_LABELS
from webapp.reviews.models import Batch, BatchItem
from webapp.revisions.models import DraftEditor, Listing
from webapp.revisions.reading import visible_to
from webapp.rules import NotFound


@dataclass(frozen=True)
class ItemLine:
    """What the paper says of one item, and where it stands now."""

    kind: str
    code: str
    name: str
    section: str
    address: str
    outcome: str
    is_exception: bool
    note: str
    digest: str
    stage: str


@dataclass(frozen=True)
class BatchPage:
    """What the screen shows. `refusal`: why the viewer may not verify, "" where he may; `seen`: what he verifies."""

    id: int
    stage: str
    paper: str
    document: str
    decided_on: date
    note: str
    state: str
    tone: str
    summary: str
    recorded_by: str
    recorded_at: datetime
    verified_by: str
    verified_at: datetime | None
    items: tuple[ItemLine, ...]
    is_waiting: bool
    refusal: str
    seen: str
    is_large: bool


def batch_page(session: Session, batch_id: int, *, viewer: Actor, is_large: bool = False) -> BatchPage:
    """Return the page; raise NotFound. Five queries."""
    recorder, verifier = aliased(Person), aliased(Person)
    found = session.execute(
        select(Batch, recorder.name, verifier.name)
        .join(recorder, recorder.id == Batch.recorded_by)
        .outerjoin(verifier, verifier.id == Batch.verified_by)
        .where(Batch.id == batch_id),
    ).one_or_none()
    if found is None:
        raise NotFound
    batch, recorded_by, verified_by = found
    items = session.scalars(select(BatchItem).where(BatchItem.batch_id == batch_id).order_by(BatchItem.id)).all()
    sections = {one.id: one.name for one in section_names(session)}
    rows = {
        row.record_id: row
        for row in session.scalars(
            select(Listing).where(Listing.record_id.in_([item.record_id for item in items]), visible_to(viewer)),
        )
    }
    counts: dict[str, int] = {}
    for item in items:
        counts[item.outcome] = counts.get(item.outcome, 0) + 1
    return BatchPage(
        id=batch.id,
        stage=STAGE_LABELS[batch.stage],
        paper=PAPER_WORDS[batch.form],
        document=batch.document,
        decided_on=batch.decided_on,
        note=batch.note,
        state=STATES[batch.state][0],
        tone=STATES[batch.state][1],
        summary=_summary(counts),
        recorded_by=recorded_by,
        recorded_at=batch.recorded_at,
        verified_by=verified_by or "",
        verified_at=batch.verified_at,
        items=tuple(_line(item, rows.get(item.record_id), sections) for item in items),
        is_waiting=batch.state == "recorded",
        refusal=_refusal(session, batch, items, viewer) if batch.state == "recorded" else "",
        seen=seen_of(items),
        is_large=is_large,
    )


def seen_of(items: Sequence[BatchItem]) -> str:
    """Return what names the content of a recorded result: a digest over items, revisions and outcomes."""
    return digest([[item.record_id, item.digest, item.outcome] for item in items])


def _summary(counts: dict[str, int]) -> str:
    others = sum(number for outcome, number in counts.items() if outcome != "approve")
    total = sum(counts.values())
    words = outcome_words(counts)
    return (
        f"共{total}项，除下列{others}项外，同意。{words}。"
        if others and counts.get("approve")
        else f"共{total}项：{words}。"
    )


def _line(item: BatchItem, row: Listing | None, sections: dict[int, str]) -> ItemLine:
    return ItemLine(
        kind=KIND_LABELS[row.kind] if row else "",
        code=row.code if row else "",
        name=row.name if row else "该事项现由承办科室修改，暂不可见",
        section=sections.get(row.section_id, "") if row else "",
        address=f"{PATHS[row.kind]}/{row.record_id}" if row else "",
        outcome=OUTCOME_WORDS[item.outcome],
        is_exception=item.outcome != "approve",
        note=item.note,
        digest=item.digest,
        stage=row.stage if row else "draft",
    )


def _refusal(session: Session, batch: Batch, items: Sequence[BatchItem], viewer: Actor) -> str:
    if batch.recorded_by == viewer.person:
        return "登记人不能复核自己的登记，请由另一人复核。"
    numbers = [item.record_id for item in items]
    wrote = session.scalar(
        select(DraftEditor.record_id)
        .where(DraftEditor.person_id == viewer.person, DraftEditor.record_id.in_(numbers))
        .limit(1),
    )
    return "您填报过其中的事项，不能复核其审定登记。" if wrote else ""
