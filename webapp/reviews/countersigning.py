"""Taking a countersignature back: the item is open again at its sections, and no other item is touched (scene 3)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock, scan
from webapp.characters import character_sentence
from webapp.journal import operations as journal
from webapp.policy import Actor
from webapp.reviews.chain import Decision, take
from webapp.reviews.models import ReviewStep, Seat
from webapp.reviews.moving import send_back
from webapp.reviews.operations import MAX_NOTE, Progress
from webapp.reviews.reading import open_review, situation_of
from webapp.revisions import operations as revisions
from webapp.revisions.kinds import Kind
from webapp.revisions.reading import seen_listing
from webapp.rules import RuleBroken, Stale


def take_signature_back(
    session: Session,
    by: Actor,
    kind: Kind,
    record_id: int,
    decision: Decision,
    *,
    request_key: str | None = None,
) -> Progress:
    """Let a joint section's chief take his countersignature back, with the reason.

    While the sections sign, only his own place opens again; once the item has gone on to the first review it comes
    back to the sections. Raises as `operations.advance` does.
    """
    record = revisions.lock_record(session, record_id)
    seen_listing(session, by, kind.key, record_id)
    if request_key and session.scalar(select(ReviewStep.id).where(ReviewStep.request_key == request_key)):
        return Progress(record.id, record.stage, is_repeated=True)
    if len(decision.note) > MAX_NOTE:
        raise RuleBroken(f"意见过长，请控制在{MAX_NOTE}字以内。", "note")
    if sentence := character_sentence(decision.note) or scan.secrecy_sentence(decision.note):
        raise RuleBroken(sentence, "note")
    review = open_review(session, record_id)
    situation = situation_of(session, kind, record, review)
    act, view = take(situation, by, decision)
    if review is None or view is None:
        raise Stale("本事项没有在审的稿子。请刷新页面查看。")
    moment = clock.now()
    step = ReviewStep(
        review_id=review.id,
        seat_id=view.id,
        round=review.round,
        stage=view.stage,
        action=act.action,
        digest=situation.digest,
        person_id=by.person,
        behalf_of=by.post,
        note=decision.note.strip(),
        request_key=request_key or None,
        at=moment,
    )
    session.add(step)
    seat = session.get_one(Seat, view.id)
    seat.state, seat.closed_at = "void", moment
    session.flush()
    if record.stage == view.stage:
        session.add(
            Seat(
                review_id=review.id,
                round=review.round,
                stage=view.stage,
                kind=view.kind,
                section_id=view.section,
                opened_at=moment,
            ),
        )
    else:
        send_back(session, kind, record, review, step, to=view.stage, problems=())
    session.flush()
    facts = {"digest": situation.digest, "round": review.round, "stage": record.stage}
    journal.write(session, by, act.action, revisions.subject(record), facts)
    return Progress(record.id, record.stage)
