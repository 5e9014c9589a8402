"""Taking an act on one record, whatever its kind, or the same signature on several at once."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from webapp.policy import Actor
from webapp.reviews import recording
from webapp.reviews.chain import Action, Decision
from webapp.reviews.countersigning import take_signature_back
from webapp.reviews.forms import ActGiven, ItemGiven
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import Review, Seat
from webapp.reviews.operations import Progress, advance
from webapp.reviews.reading import open_review, seats_of
from webapp.revisions.kinds import Kind
from webapp.revisions.models import Record, Revision
from webapp.revisions.reading import seen_listing
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

# The form a result usually has at a stage, where the door does not say.
_USUAL_FORM = {"bureau_decision": "meeting", "city_review": "letter", "city_decision": "letter", "filing": "filing"}


def take_act(session: Session, by: Actor, kind: Kind, record_id: int, given: ActGiven) -> Progress:
    """Take the act; returns where it left the record. Raises as `operations.advance` does."""
    match given.decision.action:
        case Action.RECORD:
            return _record(session, by, kind, record_id, given)
        case Action.VERIFY:
            return _verify(session, by, kind, record_id, given)
        case Action.UNSIGN:
            return take_signature_back(session, by, kind, record_id, given.decision, request_key=given.request_key)
        case _:
            return advance(
                session,
                by,
                kind,
                record_id,
                given.decision,
                problems=given.problems,
                attested=given.attested,
                reviewer=given.reviewer,
                request_key=given.request_key,
            )


def approve_many(
    session: Session,
    by: Actor,
    items: Sequence[ItemGiven],
    *,
    attested: Sequence[str] | None,
    request_key: str | None,
) -> int:
    """Approve every item on the seat the person holds, or none; returns how many.

    An item that is refused names itself in the sentence, and nothing of the whole is done (security.md AUTHZ-02).
    """
    recording.lock_records(session, [item.record for item in items])
    for place, item in enumerate(items, 1):
        decision = Decision(Action.APPROVE, note="", seen_digest=item.seen_digest)
        try:
            advance(
                session,
                by,
                KINDS[item.kind],
                item.record,
                decision,
                attested=attested,
                request_key=f"{request_key}-{item.record}" if request_key else None,
            )
        except NotFound as broken:
            raise NotFound(f"所选第{place}项没有找到，整批未办理。请刷新页面后重新选择。") from broken
        except RuleBroken as broken:
            name = session.get_one(Record, item.record).code or f"所选第{place}项"
            sentence = f"{name}：{broken.message}整批未办理。"
            if isinstance(broken, NotAllowed | Stale):
                raise type(broken)(sentence) from broken
            raise RuleBroken(sentence, broken.field) from broken
    return len(items)


def _record(session: Session, by: Actor, kind: Kind, record_id: int, given: ActGiven) -> Progress:
    record = _seen_record(session, by, kind, record_id)
    if given.paper is None or not given.decision.seen_digest:
        raise RuleBroken("缺少校验码，未办理。请刷新页面后再试。", "seen_digest")
    if given.decision.seat is not None:
        seat = session.get(Seat, given.decision.seat)
        # The digest stays the same from level to level, so only the seat tells which level the paper is of.
        if seat is None or seat.stage != record.stage or seat.state not in {"open", "recorded"}:
            raise Stale("您登记的环节已经办理，本次未登记。请刷新页面查看。")
    outcome = given.paper.outcome
    item = recording.ItemResult(record_id, given.decision.seen_digest, outcome, given.decision.note)
    paper = recording.Paper(
        stage=record.stage,
        document=given.paper.document,
        decided_on=given.paper.day,
        form=given.paper.form or _USUAL_FORM.get(record.stage, "meeting"),
        items=(item,),
    )
    recording.record_result(session, by, paper, request_key=given.request_key)
    return Progress(record_id, record.stage)


def _verify(session: Session, by: Actor, kind: Kind, record_id: int, given: ActGiven) -> Progress:
    record = _seen_record(session, by, kind, record_id)
    if not given.decision.seen_digest:
        raise RuleBroken("缺少校验码，未办理。请刷新页面后再试。", "seen_digest")
    review = open_review(session, record_id)
    if review is None or session.get_one(Revision, review.revision_id).digest != given.decision.seen_digest:
        raise Stale("本事项已重新送审，您看到的不是当前的稿子。请先查看改动再复核。")
    batch = recording.batch_of_seat(session, given.decision.seat or _recorded_seat(session, review))
    if given.batch not in {None, batch.id}:
        raise Stale("原登记已被退回并重新登记，您看到的不是当前的登记。请先核对再复核。")
    if record_id not in {item.record_id for item in batch.items}:
        raise Stale("该席位不在本事项上。请刷新页面查看。")
    if len(batch.items) > 1:
        raise RuleBroken(f"本事项是第{batch.id}号登记(共{len(batch.items)}项)之一，请打开该登记整份复核。")
    recording.verify_result(session, by, batch.id)
    return Progress(record_id, record.stage)


def _seen_record(session: Session, by: Actor, kind: Kind, record_id: int) -> Record:
    seen_listing(session, by, kind.key, record_id)
    return session.get_one(Record, record_id)


def _recorded_seat(session: Session, review: Review) -> int:
    waiting = [seat.id for seat in seats_of(session, review) if seat.state == "recorded"]
    if not waiting:
        raise Stale("本事项没有待复核的登记。请刷新页面查看。")
    return waiting[0]
