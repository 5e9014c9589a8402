"""Everything that moves a record through the chain. Each function is one act: one transaction, one journal entry."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp import clock, scan
from webapp.accounts.models import Account, Appointment, Post
from webapp.characters import character_sentence
from webapp.journal import operations as journal
from webapp.policy import Actor
from webapp.reviews.chain import (
    ATTESTED_POINTS,
    SEAT_KINDS,
    Act,
    Action,
    Decision,
    SeatView,
    is_passed,
    take,
    with_seat,
)
from webapp.reviews.models import Problem, Review, ReviewStep, Seat
from webapp.reviews.moving import ProblemFound, close_seat, pass_stage, recall, send_back
from webapp.reviews.reading import host_section, open_review, situation_of
from webapp.reviews.submitting import submit
from webapp.revisions import operations as revisions
from webapp.revisions.kinds import Kind
from webapp.revisions.models import Record, Revision
from webapp.revisions.reading import seen_listing
from webapp.rules import NotAllowed, RuleBroken, Stale

MAX_NOTE = 4000


@dataclass(frozen=True)
class Progress:
    """Where an act left the record."""

    record: int
    stage: str
    is_repeated: bool = False  # the same request came before; nothing was done now


def advance(
    session: Session,
    by: Actor,
    kind: Kind,
    record_id: int,
    decision: Decision,
    *,
    problems: Sequence[ProblemFound] = (),
    attested: Sequence[str] | None = None,
    reviewer: int | None = None,
    request_key: str | None = None,
) -> Progress:
    """Take one act in the chain on one record.

    `attested`: the points a chief ticked, None where the door has no ticks and approving attests all five.
    `reviewer`: the person named by `reassign`. Raises RuleBroken (422), Stale (409), NotAllowed (403), NotFound (404).
    """
    record = revisions.lock_record(session, record_id)
    seen_listing(session, by, kind.key, record_id)
    if request_key and _is_repeated(session, by, record, decision.action, request_key):
        return Progress(record.id, record.stage, is_repeated=True)
    _check_texts(decision.note, *(problem.content for problem in problems))
    review = open_review(session, record_id)
    situation = situation_of(session, kind, record, review)
    act, seat = take(situation, by, decision)
    review = submit(session, by, kind, record, review) if decision.action is Action.SUBMIT else _standing(review)
    if review is None:
        return Progress(record.id, record.stage)
    step = _note_step(session, by, review, act, seat, decision, attested, request_key)
    match decision.action:
        case Action.RECALL:
            recall(session, kind, record, review)
        case Action.APPROVE | Action.RULE:
            assert seat is not None  # noqa: S101 - the table gives these acts a seat
            state = "ruled" if decision.action is Action.RULE else "approved"
            close_seat(session, seat, state)
            if is_passed(record.stage, with_seat(situation, seat, state).seats):
                pass_stage(session, by, kind, record, review)
        case Action.DISSENT:
            assert seat is not None  # noqa: S101 - as above
            session.get_one(Seat, seat.id).state = "dissent"
        case Action.RETURN:
            assert seat is not None  # noqa: S101 - as above
            close_seat(session, seat, "returned")
            send_back(session, kind, record, review, step, to=decision.to, problems=problems or _whole(decision.note))
        case Action.REASSIGN:
            assert seat is not None  # noqa: S101 - as above
            session.get_one(Seat, seat.id).assigned_to = _named_reviewer(session, reviewer)
        case _:
            pass  # submit is done above; a reminder is the step itself
    journal.write(
        session,
        by,
        decision.action,
        revisions.subject(record),
        {"digest": step.digest, "round": review.round, "stage": record.stage},
    )
    return Progress(record.id, record.stage)


def _is_repeated(session: Session, by: Actor, record: Record, action: Action, request_key: str) -> bool:
    """Say whether this very act was taken under this key; raise Stale where the key was spent on another."""
    done = session.execute(
        select(Review.record_id, ReviewStep.person_id, ReviewStep.action)
        .join(Review, Review.id == ReviewStep.review_id)
        .where(ReviewStep.request_key == request_key),
    ).one_or_none()
    if done is None:
        return False
    if tuple(done) != (record.id, by.person, action):
        raise Stale("这份表单已用于另一次办理，本次未办理。请刷新页面后再试。")
    return True


def answer_problem(session: Session, by: Actor, problem_id: int, *, reply: str, note: str = "") -> Problem:
    """Answer a problem: adopted, partly or not adopted; the latter two need a reason."""
    problem = session.get(Problem, problem_id)
    if problem is None:
        raise RuleBroken("没有找到这条意见。")
    review = session.get_one(Review, problem.review_id)
    record = revisions.lock_record(session, review.record_id)
    revisions.require_editor(record, by)
    if record.stage != "returned":
        raise Stale("本事项不在待修改状态，不能回复意见。")
    if reply not in {"adopted", "partly", "not"}:
        raise RuleBroken("请选择采纳、部分采纳或不采纳。", "reply")
    if reply != "adopted" and not note.strip():
        raise RuleBroken("部分采纳或不采纳的，请说明理由。", "reply_note")
    _check_texts(note)
    problem.reply, problem.reply_note, problem.replied_by, problem.replied_at = reply, note, by.person, clock.now()
    revisions.note_editor(session, record.id, by)
    journal.write(session, by, "answer_problem", revisions.subject(record), {"problem": problem.id, "reply": reply})
    return problem


def _standing(review: Review | None) -> Review:
    if review is None:
        raise Stale("本事项没有在审的稿子。请刷新页面查看。")
    return review


def _note_step(
    session: Session,
    by: Actor,
    review: Review,
    act: Act,
    seat: SeatView | None,
    decision: Decision,
    attested: Sequence[str] | None,
    request_key: str | None,
) -> ReviewStep:
    points = [key for key, _ in ATTESTED_POINTS]
    is_attesting = act.action is Action.APPROVE and seat is not None and seat.kind == "chief"
    if is_attesting and attested is not None and (unticked := [key for key in points if key not in attested]):
        names = "、".join(label for key, label in ATTESTED_POINTS if key in unticked)
        raise RuleBroken(f"尚未核对：{names}。五项均核对无误后才能审核通过。", "attested")
    step = ReviewStep(
        review_id=review.id,
        seat_id=seat.id if seat else None,
        round=review.round,
        stage="draft" if act.action is Action.SUBMIT else review.stage,
        action=act.action,
        digest=session.get_one(Revision, review.revision_id).digest,
        person_id=by.person,
        behalf_of=by.post or (SEAT_KINDS[seat.kind].label if seat else ""),
        note=decision.note.strip(),
        attested=",".join(points) if is_attesting else "",
        to_stage=decision.to if act.action is Action.RETURN else "",
        request_key=request_key or None,
        at=clock.now(),
    )
    session.add(step)
    session.flush()
    return step


def _named_reviewer(session: Session, person: int | None) -> int:
    """Return the person named for the first review of the host section's own items (practice.md)."""
    if person is None:
        raise RuleBroken("请选择初审人。", "reviewer")
    host, today = host_section(session), clock.today()
    if session.scalar(select(Account.id).where(Account.person_id == person, Account.is_active)) is None:
        raise RuleBroken("所选人员没有可用账号，请另选一人。", "reviewer")
    if session.scalar(
        select(Appointment.id)
        .join(Post, Post.id == Appointment.post_id)
        .where(
            Appointment.person_id == person,
            Post.section_id == host,
            Appointment.since <= today,
            or_(Appointment.until.is_(None), Appointment.until >= today),
        )
        .limit(1),
    ):
        raise NotAllowed("所选人员属于领导小组办公室所在科室，不能初审本科室的事项，请另选一人。")
    return person


def _whole(note: str) -> list[ProblemFound]:
    return [ProblemFound(content=note.strip())]


def _check_texts(*texts: str) -> None:
    for given in texts:
        if len(given) > MAX_NOTE:
            raise RuleBroken(f"意见过长，请控制在{MAX_NOTE}字以内。", "note")
        if sentence := character_sentence(given) or scan.secrecy_sentence(given):
            raise RuleBroken(sentence, "note")
