"""Results that come on paper: recorded by one person of the office for one or many items, verified by another."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock, scan
from webapp.characters import character_sentence
from webapp.journal import operations as journal
from webapp.policy import Actor, Role
from webapp.reviews.chain import OUTSIDE, STAGE_LABELS, Action, Decision, SeatView, take
from webapp.reviews.claims import disputed
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import FORMS, OUTCOMES, Batch, BatchItem, Review, ReviewStep, Seat
from webapp.reviews.moving import ProblemFound, send_back, settle_seat
from webapp.reviews.reading import open_review, situation_of
from webapp.revisions import operations as revisions
from webapp.revisions.models import Record
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale


@dataclass(frozen=True)
class ItemResult:
    """What the paper says about one item, and the revision it was about."""

    record: int
    seen_digest: str
    outcome: str = "approve"
    note: str = ""


@dataclass(frozen=True)
class Paper:
    """The paper a result stands on: its form, number and date."""

    stage: str
    document: str
    decided_on: date
    form: str = "meeting"
    note: str = ""
    items: Sequence[ItemResult] = field(default=())


def record_result(session: Session, by: Actor, paper: Paper, *, request_key: str | None = None) -> Batch:
    """Record what a meeting, circulation or letter decided. It counts only when another person has verified it."""
    if not by.has(Role.OFFICE):
        raise NotAllowed("只有领导小组办公室可以登记审定结果。")
    if request_key:
        known = session.scalars(select(Batch).where(Batch.request_key == request_key)).one_or_none()
        if known is not None:
            if known.recorded_by != by.person or not _is_of(known, paper):
                raise Stale("这份表单已用于另一次登记，本次未登记。请刷新页面后再试。")
            return known
    _check_paper(paper)
    records = lock_records(session, [item.record for item in paper.items])
    if paper.stage == "bureau_decision":
        _refuse_doubles(session, paper)
    batch = Batch(
        stage=paper.stage,
        form=paper.form,
        document=paper.document.strip(),
        decided_on=paper.decided_on,
        note=paper.note.strip(),
        recorded_by=by.person,
        recorded_at=clock.now(),
        request_key=request_key or None,
    )
    session.add(batch)
    session.flush()
    for item in paper.items:
        _record_item(session, by, batch, records[item.record], item)
    journal.write(
        session,
        by,
        "record",
        f"batch:{batch.id}",
        {
            "stage": paper.stage,
            "document": batch.document,
            "items": [[item.record, item.seen_digest, item.outcome] for item in paper.items],
        },
    )
    return batch


def verify_result(session: Session, by: Actor, batch_id: int, *, is_right: bool = True, note: str = "") -> Batch:
    """Verify a recorded result: it counts now. Or refuse it: the seats are open again, as if nothing was recorded."""
    if not by.has(Role.OFFICE):
        raise NotAllowed("只有领导小组办公室可以复核登记。")
    batch = session.scalars(select(Batch).where(Batch.id == batch_id)).one_or_none()
    if batch is None:
        raise NotFound
    records = lock_records(session, [item.record_id for item in batch.items])
    session.refresh(batch)
    if batch.state != "recorded":
        raise Stale("这份登记已经复核，不能重复复核。")
    if batch.recorded_by == by.person:
        raise NotAllowed("登记人不能复核自己的登记，请由另一人复核。")
    if not is_right and not note.strip():
        raise RuleBroken("请写明登记有误之处。", "note")
    for item in batch.items:
        record = records[item.record_id]
        review = open_review(session, record.id)
        if review is None and record.stage in OUTSIDE:
            continue  # stopped or merged since: the paper decides nothing of it any more
        if review is None:
            raise Stale("登记中的事项已不在审核中。请刷新页面查看。")
        if is_right:
            _verify_item(session, by, batch, record, review, item)
        else:
            _reopen_item(session, by, batch, record, review, item, note)
    batch.state = "verified" if is_right else "refused"
    batch.verified_by, batch.verified_at = by.person, clock.now()
    journal.write(
        session,
        by,
        "verify" if is_right else "refuse_record",
        f"batch:{batch.id}",
        {"items": [[item.record_id, records[item.record_id].stage] for item in batch.items]},
    )
    return batch


def batch_of_seat(session: Session, seat_id: int) -> Batch:
    """Return the recorded result that waits for verification on a seat."""
    batch = session.scalars(
        select(Batch)
        .join(BatchItem, BatchItem.batch_id == Batch.id)
        .where(BatchItem.seat_id == seat_id, Batch.state == "recorded"),
    ).one_or_none()
    if batch is None:
        raise Stale("该席位没有待复核的登记。请刷新页面查看。")
    return batch


def lock_records(session: Session, numbers: Sequence[int]) -> dict[int, Record]:
    """Return the records, locked in one order, so that two sets never wait for each other."""
    return {number: revisions.lock_record(session, number) for number in sorted(set(numbers))}


def _is_of(batch: Batch, paper: Paper) -> bool:
    """Say whether a recorded result is that of this paper, with the same outcome for the same items."""
    kept = [(item.record_id, item.digest, item.outcome, item.note) for item in batch.items]
    told = [(item.record, item.seen_digest, item.outcome, item.note.strip()) for item in paper.items]
    return (batch.document, batch.decided_on, batch.form, batch.note) == (
        paper.document.strip(),
        paper.decided_on,
        paper.form,
        paper.note.strip(),
    ) and kept == told


def _check_paper(paper: Paper) -> None:
    if not paper.items:
        raise RuleBroken("请至少选择一个事项。", "items")
    if len({item.record for item in paper.items}) != len(paper.items):
        raise RuleBroken("同一事项只能登记一个结果。", "items")
    if paper.form not in FORMS:
        raise RuleBroken("请选择审定方式。", "form")
    if not paper.document.strip():
        raise RuleBroken("请填写纪要或来文的文号；没有文号的，写明依据。", "document")
    if paper.decided_on > clock.today():
        raise RuleBroken("审定日期不能晚于今天。", "document_date")
    for item in paper.items:
        if item.outcome not in OUTCOMES:
            raise RuleBroken("结果只能是通过、退回或缓议。", "outcome")
        if item.outcome != "approve" and not item.note.strip():
            raise RuleBroken("退回或缓议的事项，请写明意见。", "note")
    _check_paper_texts(paper)


def _check_paper_texts(paper: Paper) -> None:
    for text in (paper.document, paper.note, *(item.note for item in paper.items)):
        if sentence := character_sentence(text) or scan.secrecy_sentence(text):
            raise RuleBroken(sentence, "note")


def _refuse_doubles(session: Session, paper: Paper) -> None:
    """Refuse what two sections claim: it is ruled on before the leading group decides (scene 6)."""
    found = disputed(session, {item.record for item in paper.items if item.outcome != "return"})
    if found:
        names = "、".join(f"“{name}”" for names in list(found.values())[:3] for name in names[:1])
        raise RuleBroken(f"有{len(found)}项与其他科室重复申报(如与{names})，请先在“重复申报”中裁定。", "items")


def _record_item(session: Session, by: Actor, batch: Batch, record: Record, item: ItemResult) -> None:
    review = open_review(session, record.id)
    if record.stage != batch.stage or review is None:
        raise Stale(f"{record.code or '所选事项'}现处于“{STAGE_LABELS[record.stage]}”，不能登记本环节的结果。")
    situation = situation_of(session, KINDS[record.kind], record, review)
    _, seat = take(situation, by, Decision(Action.RECORD, seen_digest=item.seen_digest))
    assert seat is not None  # noqa: S101 - the table gives this act a seat
    session.get_one(Seat, seat.id).state = "recorded"
    session.add(
        BatchItem(
            batch_id=batch.id,
            seat_id=seat.id,
            record_id=record.id,
            digest=item.seen_digest,
            outcome=item.outcome,
            note=item.note.strip(),
        ),
    )
    _note_step(session, by, batch, review, seat, item.seen_digest, Action.RECORD, item.note, item.outcome)


def _verify_item(session: Session, by: Actor, batch: Batch, record: Record, review: Review, item: BatchItem) -> None:
    kind = KINDS[record.kind]
    situation = situation_of(session, kind, record, review)
    decision = Decision(Action.VERIFY, seat=item.seat_id, seen_digest=item.digest)
    _, seat = take(situation, by, decision)
    assert seat is not None  # noqa: S101 - as above
    step = _note_step(session, by, batch, review, seat, item.digest, Action.VERIFY, item.note, item.outcome)
    if item.outcome == "approve":
        settle_seat(session, by, kind, record, review, seat)
    elif item.outcome == "return":
        session.get_one(Seat, seat.id).state = "returned"
        session.flush()
        send_back(session, kind, record, review, step, to="draft", problems=[ProblemFound(content=item.note)])
    else:
        session.get_one(Seat, seat.id).state = "open"


def _reopen_item(
    session: Session,
    by: Actor,
    batch: Batch,
    record: Record,
    review: Review,
    item: BatchItem,
    note: str,
) -> None:
    seat = session.get_one(Seat, item.seat_id)
    if seat.state != "recorded" or record.stage != batch.stage:
        raise Stale("登记中的事项已经变化。请刷新页面查看。")
    seat.state = "open"
    view = SeatView(seat.id, seat.kind, seat.stage, seat.state)
    _note_step(session, by, batch, review, view, item.digest, Action.VERIFY, note, "refused")


def _note_step(
    session: Session,
    by: Actor,
    batch: Batch,
    review: Review,
    seat: SeatView,
    digest: str,
    action: Action,
    note: str,
    outcome: str,
) -> ReviewStep:
    step = ReviewStep(
        review_id=review.id,
        seat_id=seat.id,
        round=review.round,
        stage=review.stage,
        action=action,
        digest=digest,
        person_id=by.person,
        behalf_of=by.post,
        note=note.strip(),
        to_stage="" if outcome == "approve" else outcome,
        batch_id=batch.id,
        at=clock.now(),
    )
    session.add(step)
    session.flush()
    return step
