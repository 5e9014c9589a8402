"""One finding: what was found and decided, its order, the revision that carries it; the forms for both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person, Section
from webapp.findings.finding_stages import (
    FINDING_ACTS,
    FINDING_WORDS,
    ORDERABLE,
    SEVERITIES,
    SEVERITY_WORDS,
    SOURCE_WORDS,
    finding_offers,
    supervises,
)
from webapp.findings.models import Finding, FindingStep, OrderItem, RectificationOrder
from webapp.findings.reading import host_of, may_see_findings, may_see_orders, mending_of, seen_finding, view_of
from webapp.pages.finding import section_names
from webapp.policy import Actor
from webapp.revisions.models import Listing
from webapp.rules import RuleBroken

_LABELS = {str(act.event): act.label for act in FINDING_ACTS} | {
    "draft_order": "列入整改通知",
    "cancel_order": "整改通知撤销",
    "close_order": "销号",
    "reopen_order": "重新整改",
}


@dataclass(frozen=True)
class ActRow:
    """An act on the finding, with the reason where it is refused."""

    event: str
    label: str
    reason: str
    needs_note: bool


@dataclass(frozen=True)
class FindingPage:
    """What the screen shows."""

    id: int
    fact: str
    basis: str
    severity: str
    section: str
    state: str
    words: str
    source: str
    found_on: date
    raised_by: str
    raised_at: Any
    power: str
    power_address: str
    is_record_cause: bool
    mending: str
    repeat_of: int | None
    repeated_by: tuple[int, ...]
    orders: tuple[tuple[int, str], ...]
    may_order: bool
    acts: tuple[ActRow, ...]
    events: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class NewFindingPage:
    """The form that raises a finding."""

    sections: tuple[tuple[str, str], ...]
    severities: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Chosen:
    """A finding chosen for an order."""

    id: int
    fact: str
    basis: str
    severity: str


@dataclass(frozen=True)
class NewOrderPage:
    """The form that drafts an order from chosen findings of one section."""

    section: str
    findings: tuple[Chosen, ...]


def finding_page(session: Session, finding_id: int, *, viewer: Actor) -> FindingPage:
    """Return the page of a finding; raise NotFound where the viewer may not know of it."""
    finding = seen_finding(session, viewer, finding_id)
    place = session.scalars(select(Section.name).where(Section.id == finding.section_id)).one()
    listing = session.execute(
        select(Listing.code, Listing.name).where(Listing.record_id == finding.record_id, Listing.face == "draft")
    ).one_or_none()
    steps = session.execute(
        select(FindingStep, Person.name)
        .outerjoin(Person, Person.id == FindingStep.person_id)
        .where(FindingStep.finding_id == finding.id)
        .order_by(FindingStep.id.desc())
    ).all()
    orders = session.execute(
        select(RectificationOrder.id, RectificationOrder.document, RectificationOrder.title)
        .join(OrderItem, OrderItem.order_id == RectificationOrder.id)
        .where(OrderItem.finding_id == finding.id, may_see_orders(viewer))
        .order_by(RectificationOrder.id)
    ).all()
    is_own = finding.section_id in viewer.sections | viewer.own_sections
    kind = "direct" if is_own and finding.source_kind == "complaint" else finding.source_kind
    mending = mending_of(session, finding) if finding.is_record_cause else None
    return FindingPage(
        id=finding.id,
        fact=finding.fact,
        basis=finding.basis,
        severity=SEVERITY_WORDS[finding.severity],
        section=place,
        state=finding.state,
        words=FINDING_WORDS[finding.state],
        source=SOURCE_WORDS[kind],
        found_on=finding.found_on,
        raised_by=session.scalar(select(Person.name).where(Person.id == finding.raised_by)) or "系统",
        raised_at=finding.raised_at,
        power=f"{listing.code} {listing.name}".strip() if listing else "",
        power_address=f"/powers/{finding.record_id}" if finding.record_id else "",
        is_record_cause=finding.is_record_cause,
        mending=f"第{mending.number}稿已审定，写明本问题" if mending else "尚未有审定的新稿",
        repeat_of=finding.repeat_of,
        repeated_by=tuple(
            session.scalars(select(Finding.id).where(Finding.repeat_of == finding.id, may_see_findings(viewer)))
        ),
        orders=tuple((row.id, row.document or row.title) for row in orders),
        may_order=finding.state in ORDERABLE and supervises(viewer, finding.section_id, host_of(session)),
        acts=tuple(
            ActRow(act.event, act.label, reason, act.needs_note)
            for act, reason in finding_offers(view_of(session, finding), viewer)
        ),
        events=tuple(
            {"when": step.at, "what": _LABELS.get(step.event, step.event), "who": name or "系统", "note": step.note}
            for step, name in steps
        ),
    )


def new_finding_page(session: Session, *, viewer: Actor) -> NewFindingPage:
    """Return the form, with the sections the viewer supervises; two queries."""
    host = host_of(session)
    return NewFindingPage(
        sections=tuple((str(one.id), one.name) for one in section_names(session) if supervises(viewer, one.id, host)),
        severities=tuple((key, SEVERITY_WORDS[key]) for key in SEVERITIES),
    )


def new_order_page(session: Session, numbers: Sequence[int], *, viewer: Actor) -> NewOrderPage:
    """Return the form for the chosen findings; raise RuleBroken where none is, or they are of several sections."""
    rows = session.execute(
        select(Finding, Section.name)
        .join(Section, Section.id == Finding.section_id)
        .where(Finding.id.in_(sorted(set(numbers))), may_see_findings(viewer), Finding.state.in_(sorted(ORDERABLE)))
        .order_by(Finding.id)
    ).all()
    if not rows:
        raise RuleBroken("请先在问题台账中勾选已确认、待处理的问题，再起草整改通知。", "finding")
    if len({finding.section_id for finding, _ in rows}) > 1:
        raise RuleBroken("所选问题不属于同一科室：一份整改通知只发一个科室，请分别选择。", "finding")
    return NewOrderPage(
        rows[0][1],
        tuple(Chosen(row.id, row.fact, row.basis, SEVERITY_WORDS[row.severity]) for row, _ in rows),
    )
