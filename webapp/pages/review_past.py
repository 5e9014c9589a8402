"""What a review has gone through: its acts, the comments and their answers, what changed between its versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Person
from webapp.pages.review_words import PAPER_WORDS, PATHS, REPLY_WORDS, day_words, place_label, step_words
from webapp.policy import Actor, Permission
from webapp.reviews.chain import ATTESTED_POINTS, STAGE_LABELS, Situation
from webapp.reviews.models import Approval, Batch, Problem, Review, ReviewStep, Seat
from webapp.revisions.kinds import Body, Kind
from webapp.revisions.models import Listing, Record, Revision
from webapp.revisions.reading import revision_body

_COMPARABLE = frozenset({"power", "flow"})
_REPORTED = frozenset({"dissent", "rule", "unsign"})  # what sections joined in an item hear of each other
Step = tuple[ReviewStep, str, str | None, Batch | None]  # with its person, kind of seat and paper


@dataclass(frozen=True)
class ProblemLine:
    """A comment to be answered, and the answer; shaped for `ui.problem_mark`."""

    number: int
    place: str
    anchor: str  # the row of the page it is about, "" for the whole
    severity: str
    text: str
    by: str
    when: datetime
    reply: str
    reply_kind: str
    may_reply: bool
    typed: tuple[str, str] = ("", "")  # reply and note of a form that was refused
    error: str = ""


@dataclass(frozen=True)
class StepLine:
    """One act of the review, shaped for `ui.timeline`. `note` tells the event's own date where it differs."""

    when: datetime
    what: str
    who: str
    note: str
    tone: str
    digest: str
    address: str
    link: str


@dataclass(frozen=True)
class ChangeLine:
    """What reads differently since a point the reader knows."""

    since: str
    places: tuple[str, ...]
    address: str


@dataclass(frozen=True)
class Glimpse:
    """What the parts of the panel are made from."""

    session: Session
    viewer: Actor
    kind: Kind
    row: Listing
    review: Review | None
    body: Body
    revisions: Mapping[str, Revision]  # by digest

    @property
    def hears(self) -> bool:
        """Say whether the viewer reads opinions: the section itself, the office and the reviewers (practice.md)."""
        return self.viewer.is_bureau_wide or self.row.face == "draft"


def read_steps(reading: Glimpse) -> list[Step]:
    """Return the acts of the review, the newest first, each with its person, kind of seat and paper."""
    if reading.review is None:
        return []
    rows = reading.session.execute(
        select(ReviewStep, Person.name, Seat.kind, Batch)
        .join(Person, Person.id == ReviewStep.person_id)
        .outerjoin(Seat, Seat.id == ReviewStep.seat_id)
        .outerjoin(Batch, Batch.id == ReviewStep.batch_id)
        .where(ReviewStep.review_id == reading.review.id, ReviewStep.digest.in_(list(reading.revisions)))
        .order_by(ReviewStep.id.desc()),
    )
    steps: list[Step] = [(row[0], row[1], row[2], row[3]) for row in rows]
    if reading.row.face == "draft":
        return steps
    # What a section took back before anybody acted was its own affair.
    recalled = {step.digest for step, *_ in steps if step.action == "recall"}
    acted = {step.digest for step, *_ in steps if step.action not in {"submit", "recall", "remind"}}
    standing = {one.digest for one in reading.revisions.values() if one.id == reading.review.revision_id}
    hidden = recalled - acted - standing
    return [given for given in steps if given[0].digest not in hidden]


def signers(steps: Sequence[Step]) -> dict[int, str]:
    """Return who signed on each seat, and when: the newest act on it."""
    signed: dict[int, str] = {}
    for step, name, _, _ in steps:
        if step.seat_id is not None and step.action not in {"remind", "reassign"}:
            signed.setdefault(step.seat_id, f"{step.behalf_of} {name}，{day_words(clock.local_day(step.at))}".strip())
    return signed


def step_line(reading: Glimpse, step: ReviewStep, name: str, seat: str | None, batch: Batch | None) -> StepLine:
    """Return an act as the timeline shows it; of a paper the day it was made stands beside the day of recording."""
    told = [step.note] if step.note and (reading.hears or step.action in _REPORTED) else []
    if step.attested:
        told.append(f"已逐项核对：{'、'.join(label for key, label in ATTESTED_POINTS if key in step.attested)}")
    if batch is not None:
        told.insert(0, f"{PAPER_WORDS[batch.form]} {batch.document}，{day_words(batch.decided_on)}作出")
    elif step.to_stage and step.action == "return":
        told.append(f"退到：{'科室修改' if step.to_stage == 'draft' else STAGE_LABELS[step.to_stage]}")
    is_bad = step.action in {"return", "dissent", "unsign"} or step.to_stage in {"refused", "return"}
    return StepLine(
        when=step.at,
        what=step_words(step.action, step.stage, seat or "", step.to_stage),
        who=f"{step.behalf_of} {name}".strip(),
        note="；".join(told),
        tone="wrong" if is_bad else "",
        digest=step.digest if step.action == "submit" else "",
        address=f"/batches/{batch.id}" if batch is not None and reading.viewer.may(Permission.RECORD_DECISIONS) else "",
        link="查看登记",
    )


def read_problems(reading: Glimpse, record: Record) -> tuple[ProblemLine, ...]:
    """Return the comments of the review, the unanswered and the binding first; one query."""
    assert reading.review is not None  # noqa: S101 - asked for with an open review only
    rows = reading.session.execute(
        select(Problem, Person.name, ReviewStep.behalf_of, ReviewStep.at)
        .join(ReviewStep, ReviewStep.id == Problem.step_id)
        .join(Person, Person.id == ReviewStep.person_id)
        .where(Problem.review_id == reading.review.id)
        .order_by(Problem.reply != "", Problem.severity.desc(), Problem.id),
    )
    may_reply = record.stage == "returned" and record.section_id in reading.viewer.own_sections
    return tuple(
        ProblemLine(
            number=problem.id,
            place=place_label(reading.kind.key, problem.field, reading.body),
            anchor=f"item-{problem.field}" if reading.kind.key != "flow" and problem.field else "",
            severity=problem.severity,
            text=problem.content,
            by=f"{behalf} {name}".strip(),
            when=at,
            reply=problem.reply_note or ("已按意见修改。" if problem.reply else ""),
            reply_kind=REPLY_WORDS.get(problem.reply, ""),
            may_reply=may_reply,
        )
        for problem, name, behalf, at in rows
    )


def read_changes(reading: Glimpse, situation: Situation) -> tuple[ChangeLine, ...]:
    """Return what changed since the viewer signed and since the last approval, against what is under review."""
    now = reading.revisions.get(situation.digest)
    if now is None or reading.review is None or len(reading.revisions) < 2:  # noqa: PLR2004 - one version has no past
        return ()
    mine = reading.session.scalar(
        select(ReviewStep.digest)
        .where(
            ReviewStep.review_id == reading.review.id,
            ReviewStep.person_id == reading.viewer.person,
            ReviewStep.action.in_(["approve", "return", "dissent", "rule"]),
        )
        .order_by(ReviewStep.id.desc())
        .limit(1),
    )
    approved = reading.session.scalar(
        select(Revision.digest)
        .join(Approval, Approval.revision_id == Revision.id)
        .where(Approval.record_id == reading.row.record_id)
        .order_by(Approval.id.desc())
        .limit(1),
    )
    told = []
    for since, digest in (("您上次签署", mine), ("上次审定", approved)):
        before = reading.revisions.get(digest or "")
        if before is not None and before.id != now.id:
            told.append(change_between(reading.kind, reading.row.record_id, since, before, now))
    return tuple(told)


def change_between(kind: Kind, record: int, since: str, before: Revision, after: Revision) -> ChangeLine:
    """Return what reads differently in two revisions, named by field."""
    return ChangeLine(
        since=f"{since}(第{before.number}稿)以来",
        places=changed_places(kind, revision_body(kind, before), revision_body(kind, after)),
        address=f"{PATHS[kind.key]}/{record}/compare?from={before.number}&to={after.number}"
        if kind.key in _COMPARABLE
        else "",
    )


def changed_places(kind: Kind, before: Body, after: Body) -> tuple[str, ...]:
    """Return the fields and steps that read differently, by their names on screen."""
    changed = [key for key in {**after, **before} if before.get(key) != after.get(key) and key != "record"]
    if kind.key != "flow" or "steps" not in changed:
        return tuple(dict.fromkeys(place_label(kind.key, key, after) for key in changed))
    old = {step["id"]: step for step in before["steps"]}
    new = {step["id"]: step for step in after["steps"]}
    steps = [number for number in {**new, **old} if old.get(number) != new.get(number)]
    labels = [place_label("flow", f"steps-{number}", after if number in new else before) for number in steps]
    return tuple(dict.fromkeys([*(place_label("flow", key, after) for key in changed if key != "steps"), *labels]))
