"""One power as its viewer may see it: the entry, what is missing or doubtful, charts, versions, history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.pages.doubts import Doubt, doubts_of, sayings_of
from webapp.pages.entry import (
    ChartRef,
    EntryPanel,
    ProblemMark,
    Remarks,
    cited_library,
    entry_panels,
    field_name,
    read_charts,
    read_contacts,
)
from webapp.pages.flow_origin import own_charts
from webapp.pages.flow_powers import count_served
from webapp.pages.power_faults import FaultMark, faults_of
from webapp.pages.published import published_records, state_of
from webapp.pages.review_panel import ReviewPanel, review_panel
from webapp.pages.review_words import PATHS, step_words
from webapp.pages.seen import (
    Seen,
    approved_revision,
    hears_opinions,
    may_edit,
    seen_power,
    seen_revisions,
    version_words,
)
from webapp.pages.verdicts import VerdictPanel, verdict_panel
from webapp.policy import Actor
from webapp.powers import completeness, warning_rules
from webapp.powers.categories import category_label
from webapp.powers.kind import POWER
from webapp.powers.wording import worded
from webapp.reviews.models import Approval, Problem, Review, ReviewStep, Seat
from webapp.revisions.kinds import Body
from webapp.revisions.models import Listing, Revision
from webapp.revisions.reading import revision_body, visible_to

_REPLIES = {"adopted": "采纳", "partly": "部分采纳", "not": "不采纳"}
_REPORTED = frozenset({"dissent", "rule", "unsign"})  # what sections joined in a power hear of each other


@dataclass(frozen=True)
class Version:
    """A revision in the list of versions."""

    number: int
    digest: str
    made_at: datetime
    made_by: str
    is_approved: bool
    compare_address: str


@dataclass(frozen=True)
class Event:
    """One line of the history."""

    when: datetime
    what: str
    who: str = ""
    note: str = ""
    tone: str = ""
    digest: str = ""


@dataclass(frozen=True)
class PowerPage:
    """What the screen shows."""

    id: int
    code: str
    name: str
    category: str
    section: str
    state: str
    lead: str
    panels: tuple[EntryPanel, ...]
    done: int
    required: int
    missing: tuple[str, ...]
    charts: tuple[ChartRef, ...]
    chart_reason: str
    versions: tuple[Version, ...]
    events: tuple[Event, ...]
    edit_address: str
    is_draft_shown: bool
    row: Listing
    review: ReviewPanel
    doubts: tuple[Doubt, ...] = ()
    draft_version: int = 0
    own_charts: Mapping[str, str] = field(default_factory=dict)  # copies for this power alone, by number: the origin
    shared: frozenset[str] = frozenset()  # numbers of charts that serve other powers too, where the viewer edits
    verdict: VerdictPanel | None = None
    faults: tuple[FaultMark, ...] = ()


def power_page(session: Session, power_id: int, *, viewer: Actor) -> PowerPage:
    """Return the page of one power; raise NotFound where the viewer may not know of it. At most 18 queries."""
    seen = seen_power(session, power_id, viewer)
    row, body = seen.row, seen.body
    contacts = read_contacts(session)
    phones = {key: str(contact.get("phone") or key) for key, contact in contacts.items()}
    may = may_edit(seen, viewer)
    edit_address = f"/powers/{power_id}/draft" if may else ""
    lacking = completeness.missing(body)
    problems = read_problems(session, seen) if hears_opinions(seen, viewer) else {}
    revisions = seen_revisions(session, seen)
    base = approved_revision(session, power_id) if revisions else None
    told = warning_rules.warnings(body, phones)
    remarks = Remarks(
        missing={field_name(each.field): each.sentence for each in reversed(lacking)} if row.face == "draft" else {},
        warnings=_by_field(told),
        problems=problems,
        changed=changed_fields(revision_body(POWER, base), body)
        if base and base.id != (seen.revision and seen.revision.id)
        else (),
        edit_address=edit_address,
    )
    done, required = completeness.completeness(body)
    return PowerPage(
        id=power_id,
        code=row.code,
        name=body["name"] or row.name,
        category=category_label(body["category"]),
        section=body["section"],
        state=state_of(row.stage, row.disclosure, is_published=bool(published_records(session, [power_id]))),
        lead=f"{body['section']}牵头 · {version_words(seen, revisions, base)}",
        panels=entry_panels(body, library=cited_library(session, body), contacts=contacts, remarks=remarks),
        done=done,
        required=required,
        missing=tuple(each.sentence for each in lacking) if row.face == "draft" else (),
        charts=read_charts(session, body["flows"], visible_to(viewer)),
        chart_reason="" if body["flow_required"] else (body["flow_reason"] or "未写明理由"),
        versions=versions_of(session, seen, revisions, base),
        events=events_of(session, seen, revisions, viewer),
        edit_address=edit_address,
        is_draft_shown=row.face == "draft",
        row=row,
        review=review_panel(session, viewer, POWER, row),
        verdict=verdict_panel(session, row, seen.draft_version, viewer=viewer)
        if hears_opinions(seen, viewer)
        else None,
        draft_version=seen.draft_version,
        own_charts=own_charts(session, power_id) if body["flows"] else {},
        shared=frozenset(
            number for number, count in count_served(session, body["flows"] if may else (), viewer).items() if count > 1
        ),
        doubts=doubts_of(session, power_id, sayings_of(told)) if hears_opinions(seen, viewer) else (),
        faults=faults_of(session, power_id, viewer=viewer),
    )


def changed_fields(before: Body, after: Body) -> frozenset[str]:
    """Return the names of the values that read differently in two bodies."""
    old = {each.name: each.text for each in worded(before)}
    return frozenset(each.name for each in worded(after) if old.get(each.name, "") != each.text)


def read_problems(session: Session, seen: Seen) -> dict[str, list[ProblemMark]]:
    """Return the problems of the open review by the row they stand at; one query or none."""
    if seen.review is None:
        return {}
    rows = session.execute(
        select(Problem, Person.name, ReviewStep.behalf_of, ReviewStep.at)
        .join(ReviewStep, ReviewStep.id == Problem.step_id)
        .join(Person, Person.id == ReviewStep.person_id)
        .where(Problem.review_id == seen.review.id)
        .order_by(Problem.id),
    )
    marks: dict[str, list[ProblemMark]] = {}
    for problem, name, behalf, at in rows:
        mark = ProblemMark(
            id=problem.id,
            severity=problem.severity,
            text=problem.content,
            by=f"{behalf} {name}".strip(),
            when=at,
            reply=problem.reply_note or _REPLIES.get(problem.reply, ""),
            reply_kind=_REPLIES.get(problem.reply, ""),
        )
        marks.setdefault(field_name(problem.field), []).append(mark)
    return marks


def _by_field(problems: Sequence[Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(field_name(problem.field), []).append(problem.sentence)
    return found


def versions_of(
    session: Session,
    seen: Seen,
    revisions: Sequence[Revision],
    approved: Revision | None,
) -> tuple[Version, ...]:
    """Return the versions of a power or chart, each with the address that compares it with the one before."""
    names = _names(session, {revision.made_by for revision in revisions})
    address = f"{PATHS[seen.record.kind]}/{seen.record.id}/compare"
    return tuple(
        Version(
            number=revision.number,
            digest=revision.digest,
            made_at=revision.made_at,
            made_by=names.get(revision.made_by, ""),
            is_approved=approved is not None and revision.id == approved.id,
            compare_address=f"{address}?from={older.number}&to={revision.number}" if older else "",
        )
        for revision, older in zip_longest(revisions, revisions[1:])
    )


def _names(session: Session, persons: set[int]) -> dict[int, str]:
    if not persons:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(persons)))
    return {row.id: row.name for row in rows}


def events_of(session: Session, seen: Seen, revisions: Sequence[Revision], viewer: Actor) -> tuple[Event, ...]:
    """Return the history, the newest first. Notes are for those who read opinions; joined sections hear of dissent."""
    digests = {revision.digest for revision in revisions}
    hears = hears_opinions(seen, viewer)
    rows = session.execute(
        select(ReviewStep, Person.name, Seat.kind)
        .join(Review, Review.id == ReviewStep.review_id)
        .join(Person, Person.id == ReviewStep.person_id)
        .outerjoin(Seat, Seat.id == ReviewStep.seat_id)
        .where(Review.record_id == seen.record.id, ReviewStep.digest.in_(digests))
        .order_by(ReviewStep.id.desc()),
    )
    events = [
        Event(
            when=step.at,
            what=step_words(step.action, step.stage, seat or "", step.to_stage, has_paper=step.batch_id is not None),
            who=f"{step.behalf_of} {name}".strip(),
            note=step.note if hears or step.action in _REPORTED else "",
            tone="wrong" if step.action in {"return", "dissent", "unsign"} else "",
            digest=step.digest if step.action == "submit" else "",
        )
        for step, name, seat in rows
    ]
    approvals = session.scalars(
        select(Approval).where(Approval.record_id == seen.record.id).order_by(Approval.id.desc()),
    )
    events += [
        Event(one.approved_at, "核准入目录", note=f"{one.decided_on.isoformat()} {one.document}") for one in approvals
    ]
    if seen.row.face == "draft":
        events.append(Event(seen.record.created_at, "登记"))
    return tuple(sorted(events, key=lambda event: event.when, reverse=True))
