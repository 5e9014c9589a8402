"""The queries of the worklist for seats, drafts and what was done: one each. The others are in `worklist_papers`."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from webapp import clock
from webapp.pages.review_words import PATHS, step_words
from webapp.policy import Actor, Permission, Role
from webapp.reviews.chain import SEAT_KINDS, STAGE_LABELS
from webapp.reviews.models import Problem, Review, ReviewStep, Seat
from webapp.reviews.reading import host_section
from webapp.revisions.models import DraftEditor, Listing, Revision
from webapp.revisions.reading import visible_to

MAX_DONE = 30
_RECORDED = tuple(key for key, seat in SEAT_KINDS.items() if seat.is_recorded)


@dataclass(frozen=True)
class Chosen:
    """What the list is narrowed down to; empty for everything."""

    task: str = ""
    kind: str = ""
    section: str = ""  # its slug


@dataclass(frozen=True)
class SeatCount:
    """How many seats of one task, kind of record and section wait."""

    task: str
    kind: str
    section: int
    number: int

    def fits(self, kind: str, section: int) -> bool:
        """Say whether the filters leave it; empty and 0 leave everything."""
        return (not kind or self.kind == kind) and (not section or self.section == section)


@dataclass(frozen=True)
class SeatTask:
    """A seat that waits for the viewer."""

    task: str
    kind: str
    record: int
    code: str
    name: str
    section: int
    digest: str
    why: str
    since: datetime


@dataclass(frozen=True)
class DraftTask:
    """A draft of the viewer's sections."""

    stage: str
    kind: str
    record: int
    code: str
    name: str
    section: int
    why: str
    since: datetime


@dataclass(frozen=True)
class DoneRow:
    """What the viewer did today, to be looked up."""

    when: datetime
    what: str
    name: str
    code: str
    address: str
    stage: str


def read_seat_counts(session: Session, viewer: Actor) -> list[SeatCount]:
    """Count the seats that wait for the viewer, by task, kind and section."""
    mine = _seats(session, viewer)
    if mine is None:
        return []
    inner = mine.subquery()
    rows = session.execute(
        select(inner.c.task, inner.c.kind, inner.c.section, func.count()).group_by(
            inner.c.task, inner.c.kind, inner.c.section
        ),
    )
    return [SeatCount(*row) for row in rows]


def read_seats(
    session: Session,
    viewer: Actor,
    chosen: Chosen,
    section: int,
    *,
    limit: int,
    offset: int,
) -> list[SeatTask]:
    """Return the seats that wait, the oldest first: of one task a page, of all tasks the first of each."""
    mine = _seats(session, viewer)
    if mine is None:
        return []
    inner = mine.subquery()
    conditions: list[ColumnElement[bool]] = []
    if chosen.kind:
        conditions.append(inner.c.kind == chosen.kind)
    if section:
        conditions.append(inner.c.section == section)
    if chosen.task:
        conditions.append(inner.c.task == chosen.task)
    place = func.row_number().over(partition_by=inner.c.task, order_by=(inner.c.opened_at, inner.c.seat))
    ranked = select(inner, place.label("place")).where(*conditions).subquery()
    rows = session.execute(
        select(ranked)
        .where(ranked.c.place > offset, ranked.c.place <= offset + limit)
        .order_by(ranked.c.task, ranked.c.place),
    )
    return [
        SeatTask(
            task=row.task,
            kind=row.kind,
            record=row.record,
            code=row.code,
            name=row.name,
            section=row.section,
            digest=row.digest,
            why=_why(row.task, row.round, row.stage, is_named=row.assigned == viewer.person),
            since=row.opened_at,
        )
        for row in rows
    ]


def read_drafts(session: Session, viewer: Actor, limit: int) -> tuple[list[DraftTask], dict[str, int]]:
    """Return the oldest drafts of the viewer's sections, returned ones and others, and how many there are."""
    if not viewer.own_sections:
        return [], {}
    ranked = (
        select(
            Listing.record_id,
            Listing.kind,
            Listing.code,
            Listing.name,
            Listing.section_id,
            Listing.stage,
            Listing.stage_since,
            func.row_number()
            .over(partition_by=Listing.stage, order_by=(Listing.stage_since, Listing.record_id))
            .label("place"),
            func.count().over(partition_by=Listing.stage).label("total"),
        )
        .where(
            Listing.face == "draft",
            Listing.section_id.in_(sorted(viewer.own_sections)),
            Listing.stage.in_(["draft", "returned"]),
        )
        .subquery()
    )
    unanswered = (
        select(func.count(Problem.id))
        .join(Review, Review.id == Problem.review_id)
        .where(Review.record_id == ranked.c.record_id, Review.is_open, Problem.severity == "must", Problem.reply == "")
        .scalar_subquery()
    )
    rows = session.execute(
        select(ranked, unanswered.label("unanswered"))
        .where(ranked.c.place <= limit)
        .order_by(ranked.c.stage, ranked.c.place),
    ).all()
    tasks = [
        DraftTask(
            stage=row.stage,
            kind=row.kind,
            record=row.record_id,
            code=row.code,
            name=row.name,
            section=row.section_id,
            why=f"必须修改的意见尚有{row.unanswered}条未答复"
            if row.unanswered
            else ("意见均已答复，可以送审" if row.stage == "returned" else "尚未送审"),
            since=row.stage_since,
        )
        for row in rows
    ]
    return tasks, {row.stage: row.total for row in rows}


def read_done(session: Session, viewer: Actor) -> list[DoneRow]:
    """Return what the viewer did in the chain today, the newest first, where he may still see the record."""
    begin = datetime.combine(clock.today(), time(), clock.CHINA).astimezone(UTC)
    rows = session.execute(
        select(ReviewStep, Seat.kind.label("seat"), Listing)
        .join(Review, Review.id == ReviewStep.review_id)
        .join(Listing, Listing.record_id == Review.record_id)
        .outerjoin(Seat, Seat.id == ReviewStep.seat_id)
        .where(ReviewStep.person_id == viewer.person, ReviewStep.at >= begin, visible_to(viewer), _open_kinds(viewer))
        .order_by(ReviewStep.id.desc())
        .limit(MAX_DONE),
    )
    return [
        DoneRow(
            when=step.at,
            what=step_words(step.action, step.stage, seat or "", step.to_stage, has_paper=step.batch_id is not None),
            name=row.name,
            code=row.code,
            address=f"{PATHS[row.kind]}/{row.record_id}#review",
            stage=STAGE_LABELS[row.stage],
        )
        for step, seat, row in rows
    ]


def _open_kinds(viewer: Actor) -> ColumnElement[bool]:
    """Return the condition that leaves out requests not to publish for whoever may not read their register."""
    return literal(True) if viewer.may(Permission.SEE_WITHHOLDINGS) else Listing.kind != "withholding"  # noqa: FBT003 - SQL


def _seats(session: Session, viewer: Actor) -> Select[tuple[object, ...]] | None:
    """Return the query for every seat that waits for the viewer; None where his roles hold no seat."""
    host = host_section(session) or 0
    tasks = _tasks(viewer, host)
    if not tasks:
        return None
    wrote = exists().where(DraftEditor.record_id == Review.record_id, DraftEditor.person_id == viewer.person)
    signed = exists().where(
        ReviewStep.review_id == Review.id,
        ReviewStep.action == "approve",
        ReviewStep.stage != Review.stage,
        ReviewStep.digest == Revision.digest,
        ReviewStep.person_id == viewer.person,
    )
    unbound = or_(*(tasks[key] for key in ("naming", "record") if key in tasks), false())
    task = case(*((condition, literal(key)) for key, condition in tasks.items()), else_=literal(""))
    return (
        select(
            task.label("task"),
            Seat.id.label("seat"),
            Seat.stage.label("stage"),
            Seat.round.label("round"),
            Seat.assigned_to.label("assigned"),
            Seat.opened_at.label("opened_at"),
            Listing.kind.label("kind"),
            Listing.record_id.label("record"),
            Listing.code.label("code"),
            Listing.name.label("name"),
            Listing.section_id.label("section"),
            Revision.digest.label("digest"),
        )
        .join(Review, Review.id == Seat.review_id)
        .join(Revision, Revision.id == Review.revision_id)
        .join(Listing, and_(Listing.record_id == Review.record_id, Listing.face == "review"))
        .where(
            Review.is_open,
            Seat.state.in_(["open", "dissent"]),
            Seat.stage == Review.stage,
            Seat.round == Review.round,
            or_(*tasks.values()),
            or_(unbound, and_(~wrote, ~signed)),
            _open_kinds(viewer),
        )
    )


def _tasks(viewer: Actor, host: int) -> dict[str, ColumnElement[bool]]:
    """Return per task the seats that are the viewer's; the chain's own rules decide again when he acts."""
    chiefs = sorted(grant.section for grant in viewer.grants if grant.role is Role.CHIEF and grant.section is not None)
    is_open = Seat.state == "open"
    found: dict[str, ColumnElement[bool]] = {}
    if viewer.has(Role.DEPUTY):
        found["naming"] = and_(Seat.kind == "office", is_open, Seat.assigned_to.is_(None), Listing.section_id == host)
    if viewer.has(Role.OFFICE):
        found["rule"] = and_(Seat.kind == "countersign", Seat.state == "dissent")
        found["record"] = and_(Seat.kind.in_(_RECORDED), is_open)
    if chiefs:
        undisputed = ~exists().where(
            (other := aliased(Seat)).review_id == Seat.review_id, other.round == Seat.round, other.state == "dissent"
        )
        found["chief"] = and_(Seat.kind == "chief", is_open, Seat.section_id.in_(chiefs), undisputed)
        found["countersign"] = and_(Seat.kind == "countersign", is_open, Seat.section_id.in_(chiefs))
    named = and_(Seat.assigned_to == viewer.person, Listing.section_id == host)
    mine = and_(Listing.section_id != host) if viewer.has(Role.OFFICE) else false()
    if viewer.may(Permission.REVIEW):
        found["office"] = and_(Seat.kind == "office", is_open, or_(mine, named))
    for key, role in (("legal", Role.LEGAL), ("secrecy", Role.SECRECY)):
        if viewer.has(role):
            found[key] = and_(Seat.kind == key, is_open)
    return found


def _why(task: str, number: int, stage: str, *, is_named: bool) -> str:
    if is_named and task == "office":
        return "由副组长指定您初审"
    if task == "naming":
        return "尚未指定初审人"
    if task == "record":
        return f"{STAGE_LABELS[stage]}，等结果"
    if task == "rule":
        return "协办科室有不同意见"
    return f"第{number}轮，重新送审" if number > 1 else "首次送审"
