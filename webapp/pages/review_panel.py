"""The review of one record as its viewer sees it: where it stands, who has signed, what he may do, what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person, Section
from webapp.pages.ages import working_days_since
from webapp.pages.review_acts import ActForm, TypedAct, act_forms, refilled
from webapp.pages.review_past import (
    ChangeLine,
    Glimpse,
    ProblemLine,
    StepLine,
    change_between,
    read_changes,
    read_problems,
    read_steps,
    signers,
    step_line,
)
from webapp.pages.review_words import (
    OUTCOME_WORDS,
    PAPER_WORDS,
    PATHS,
    REPLIES,
    SEAT_STATES,
    SEAT_TONES,
    day_words,
    place_options,
)
from webapp.policy import Actor, Permission
from webapp.reviews.chain import SEAT_KINDS, STAGE_LABELS, Situation
from webapp.reviews.models import Approval, Batch, BatchItem, Review, Seat
from webapp.reviews.reading import situation_of
from webapp.revisions.kinds import Body, Kind
from webapp.revisions.models import Listing, Record, Revision
from webapp.revisions.reading import revision_body

_RESTING = frozenset(
    {"draft", "approved", "withheld", "stopped", "merged"}
)  # nobody is waited for; time spent drafting is not counted


@dataclass(frozen=True)
class SeatLine:
    """One reviewer's place in this round. `age`: working days it has been open, None where it is not."""

    stage: str
    label: str
    section: str
    state: str
    tone: str
    named: str
    signed: str
    age: int | None


@dataclass(frozen=True)
class RecordedResult:
    """A result that was recorded and waits for the second person."""

    batch: int
    items: int
    outcome: str
    document: str
    decided_on: str
    paper: str
    by: str
    note: str
    address: str


@dataclass(frozen=True)
class ReviewPanel:
    """Everything the panel shows; `address` takes the acts."""

    kind: str
    record: int
    address: str
    stage: str
    stage_label: str
    round: int
    since: datetime | None
    age: int | None
    number: int
    digest: str
    seats: tuple[SeatLine, ...]
    acts: tuple[ActForm, ...]
    recorded: RecordedResult | None
    problems: tuple[ProblemLine, ...]
    unanswered: int
    changes: tuple[ChangeLine, ...]
    steps: tuple[StepLine, ...]
    replies: tuple[tuple[str, str], ...] = REPLIES
    errors: tuple[tuple[str | None, str], ...] = ()
    left_over: tuple[tuple[str, str], ...] = ()
    is_stale: bool = False

    @property
    def buttons(self) -> tuple[str, ...]:
        """Return the acts that can be pressed."""
        return tuple(act.action for act in self.acts if act.is_allowed)


def review_panel(session: Session, viewer: Actor, kind: Kind, row: Listing) -> ReviewPanel:
    """Return the panel of a record whose listing row the viewer sees. At most 20 queries."""
    record = session.get_one(Record, row.record_id)
    review = session.scalars(
        select(Review).where(Review.record_id == record.id).order_by(Review.id.desc()).limit(1),
    ).one_or_none()
    # A draft begun on an approved record is not known outside the section: there the review is over.
    is_seen = row.face == "draft" or row.stage == record.stage
    current = review if review is not None and review.is_open and is_seen else None
    situation = situation_of(session, kind, record, current) if is_seen else None
    revisions = _revisions(session, row, review)
    reading = Glimpse(session, viewer, kind, row, review, _body_under_review(kind, revisions, review), revisions)
    steps = read_steps(reading)
    seats = _seat_rows(reading) if current is not None else []
    waits = current is not None and record.stage not in _RESTING
    ages = working_days_since(session, [*(seat.opened_at for seat, *_ in seats), *([row.stage_since] if waits else [])])
    named = revisions.get(situation.digest) if situation else None
    return ReviewPanel(
        kind=kind.key,
        record=record.id,
        address=f"{PATHS[kind.key]}/{record.id}/review-steps",
        stage=row.stage,
        stage_label=STAGE_LABELS[row.stage],
        round=current.round if current else 0,
        since=row.stage_since if waits else None,
        age=ages[row.stage_since] if waits else None,
        number=named.number if named else 0,
        digest=situation.digest if situation else "",
        seats=tuple(_seat_line(*given, signed=signers(steps), ages=ages) for given in seats),
        acts=act_forms(session, viewer, situation, place_options(kind.key, reading.body), reading.body.get("flows", ()))
        if situation
        else (),
        recorded=_recorded(reading, situation) if situation and reading.viewer.is_bureau_wide else None,
        problems=read_problems(reading, record) if current is not None and reading.hears else (),
        unanswered=situation.unanswered if situation else 0,
        changes=read_changes(reading, situation) if situation else (),
        steps=tuple(step_line(reading, *given) for given in steps),
    )


def with_typed(
    panel: ReviewPanel,
    typed: TypedAct,
    errors: Sequence[tuple[str | None, str]],
    *,
    is_stale: bool = False,
    change: ChangeLine | None = None,
) -> ReviewPanel:
    """Return the panel as it answers a refused act: the sentences, what was typed, and what changed meanwhile."""
    acts, is_there = refilled(panel.acts, typed)
    key = next((act.key for act in acts if act.typed is typed), "")
    return replace(
        panel,
        acts=acts,
        errors=tuple((f"{name}-{key}" if name and key else None, words) for name, words in errors),
        left_over=() if is_there else typed.texts,
        is_stale=is_stale,
        changes=(change, *panel.changes) if change else panel.changes,
    )


def with_reply(panel: ReviewPanel, number: int, reply: str, note: str, error: str) -> ReviewPanel:
    """Return the panel as it answers a refused reply to a comment."""
    problems = tuple(
        replace(one, typed=(reply, note), error=error) if one.number == number else one for one in panel.problems
    )
    return replace(panel, problems=problems, errors=((f"reply-{number}", error),))


def change_since_seen(session: Session, kind: Kind, panel: ReviewPanel, seen: str) -> ChangeLine | None:
    """Return what changed between the revision a form was made for and the one that stands; None where nothing is."""
    if not seen or seen == panel.digest or not panel.digest:
        return None
    rows = session.scalars(
        select(Revision).where(Revision.record_id == panel.record, Revision.digest.in_([seen, panel.digest])),
    )
    found = {row.digest: row for row in rows}
    if seen not in found or panel.digest not in found:
        return None
    return change_between(kind, panel.record, "您打开本页", found[seen], found[panel.digest])


def _revisions(session: Session, row: Listing, review: Review | None) -> dict[str, Revision]:
    """Return the revisions the viewer may hear of: all for the section, for others those that were under review."""
    if review is None:
        return {}
    query = select(Revision).where(Revision.record_id == row.record_id).order_by(Revision.number)
    if row.face != "draft" and row.stage != review.stage:
        query = query.join(Approval, Approval.revision_id == Revision.id)
    return {revision.digest: revision for revision in session.scalars(query)}


def _body_under_review(kind: Kind, revisions: Mapping[str, Revision], review: Review | None) -> Body:
    found = next((one for one in revisions.values() if review is not None and one.id == review.revision_id), None)
    return revision_body(kind, found) if found else {"steps": [], "category": ""}


def _seat_rows(reading: Glimpse) -> list[tuple[Seat, str | None, str | None]]:
    assert reading.review is not None  # noqa: S101 - asked for with an open review only
    rows = reading.session.execute(
        select(Seat, Section.name, Person.name)
        .outerjoin(Section, Section.id == Seat.section_id)
        .outerjoin(Person, Person.id == Seat.assigned_to)
        .where(Seat.review_id == reading.review.id, Seat.round == reading.review.round)
        .order_by(Seat.id),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _seat_line(
    seat: Seat,
    section: str | None,
    named: str | None,
    *,
    signed: Mapping[int, str],
    ages: Mapping[datetime, int],
) -> SeatLine:
    is_open = seat.state in {"open", "dissent", "recorded"}
    return SeatLine(
        stage=STAGE_LABELS[seat.stage],
        label=SEAT_KINDS[seat.kind].label,
        section=section or "",
        state=SEAT_STATES[seat.state],
        tone=SEAT_TONES.get(seat.state, "quiet"),
        named=named or "",
        signed=signed.get(seat.id, ""),
        age=ages.get(seat.opened_at) if is_open else None,
    )


def _recorded(reading: Glimpse, situation: Situation) -> RecordedResult | None:
    waiting = [seat.id for seat in situation.seats if seat.state == "recorded"]
    if not waiting:
        return None
    found = reading.session.execute(
        select(Batch, BatchItem, Person.name)
        .join(BatchItem, BatchItem.batch_id == Batch.id)
        .join(Person, Person.id == Batch.recorded_by)
        .where(BatchItem.seat_id.in_(waiting), Batch.state == "recorded")
        .order_by(Batch.id.desc())
        .limit(1),
    ).one_or_none()
    if found is None:
        return None
    batch, item, name = found
    items = reading.session.scalar(select(func.count()).select_from(BatchItem).where(BatchItem.batch_id == batch.id))
    return RecordedResult(
        batch=batch.id,
        items=items or 0,
        outcome=OUTCOME_WORDS[item.outcome],
        document=batch.document,
        decided_on=day_words(batch.decided_on),
        paper=PAPER_WORDS[batch.form],
        by=name,
        note=item.note,
        address=f"/batches/{batch.id}" if reading.viewer.may(Permission.RECORD_DECISIONS) else "",
    )
