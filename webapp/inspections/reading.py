"""Looking up checklists and inspections: who is what to one, who may see it, its points and answers. Only reads."""

import json
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Appointment, Bureau, Person, Post
from webapp.inspections.models import (
    Checklist,
    ChecklistContent,
    Inspection,
    InspectionAnswer,
    InspectionEvidence,
    InspectionMember,
    InspectionSignature,
)
from webapp.inspections.points import Answered, PointSection, read_points
from webapp.inspections.stages import APART_MONTHS, Relation
from webapp.policy import Actor, Role
from webapp.rules import NotFound

# A section hears of an inspection when it is done: before, it may be unannounced.
SHOWN_TO_SECTION = ("drafted", "in_comment", "commented", "signed")
INSPECTING = frozenset({Role.INSPECTOR, Role.OFFICE, Role.PUBLISHER})
_DAYS_A_MONTH = 30.44


def visible_inspections(viewer: Actor) -> ColumnElement[bool]:
    """Return the condition on `Inspection` for what a person may see: bureau-wide all, a section its own once done."""
    own = and_(Inspection.section_id.in_(sorted(viewer.own_sections)), Inspection.state.in_(SHOWN_TO_SECTION))
    team = Inspection.id.in_(select(InspectionMember.inspection_id).where(InspectionMember.person_id == viewer.person))
    return (
        or_(~Inspection.section_id.in_(sorted(viewer.own_sections)), own, team)
        if viewer.is_bureau_wide
        else or_(own, team)
    )


def seen_inspection(session: Session, inspection_id: int, viewer: Actor) -> Inspection:
    """Return an inspection the person may see; raise NotFound."""
    row = session.scalars(
        select(Inspection).where(Inspection.id == inspection_id, visible_inspections(viewer))
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def team_of(session: Session, inspection_id: int) -> list[tuple[int, str]]:
    """Return the team as (person, name), its leader first."""
    rows = session.execute(
        select(InspectionMember.person_id, Person.name)
        .join(Person, Person.id == InspectionMember.person_id)
        .where(InspectionMember.inspection_id == inspection_id)
        .order_by(InspectionMember.position),
    )
    return [(row.person_id, row.name) for row in rows]


def relations_of(inspection: Inspection, actor: Actor, team: Sequence[int]) -> frozenset[Relation]:
    """Return what a person is to an inspection."""
    found = set()
    section = inspection.section_id
    if actor.person in team:
        found.add(Relation.MEMBER)
    if actor.has(Role.CHIEF, section):
        found.add(Relation.HEAD)
    if actor.has(Role.CLERK, section):
        found.add(Relation.SECTION)
    is_apart = actor.person not in team and actor.person != inspection.made_by and section not in actor.own_sections
    if is_apart and actor.roles & {Role.DEPUTY, Role.LEADER, Role.OFFICE}:
        found.add(Relation.APPROVER)
    return frozenset(found)


def points_of(session: Session, digest: str) -> tuple[PointSection, ...]:
    """Return the points of a content."""
    return read_points(json.loads(session.get_one(ChecklistContent, digest).content))


def answers_of(session: Session, inspection_id: int) -> dict[str, Answered]:
    """Return the answers by key, each with its number of proofs; two queries."""
    proofs = dict(
        session.execute(
            select(InspectionEvidence.item_key, func.count())
            .where(InspectionEvidence.inspection_id == inspection_id, InspectionEvidence.removed_at.is_(None))
            .group_by(InspectionEvidence.item_key),
        ).all(),
    )
    rows = session.scalars(select(InspectionAnswer).where(InspectionAnswer.inspection_id == inspection_id))
    return {row.item_key: Answered(row.value, row.note, proofs.get(row.item_key, 0)) for row in rows}


def evidence_of(session: Session, inspection_id: int) -> list[InspectionEvidence]:
    """Return the proofs that stand, in the order in which they came."""
    return list(
        session.scalars(
            select(InspectionEvidence)
            .where(InspectionEvidence.inspection_id == inspection_id, InspectionEvidence.removed_at.is_(None))
            .order_by(InspectionEvidence.id),
        ),
    )


def evidence_name(session: Session, file_id: int, viewer: Actor) -> str | None:
    """Return the name under which a person may have a file because he sees an inspection it proves something of."""
    return session.scalar(
        select(InspectionEvidence.name)
        .join(Inspection, Inspection.id == InspectionEvidence.inspection_id)
        .where(
            InspectionEvidence.file_id == file_id, InspectionEvidence.removed_at.is_(None), visible_inspections(viewer)
        )
        .order_by(InspectionEvidence.id)
        .limit(1),
    )


def signatures_of(session: Session, inspection_id: int) -> list[tuple[InspectionSignature, str]]:
    """Return the signatures with the names of who signed, in order."""
    rows = session.execute(
        select(InspectionSignature, Person.name)
        .join(Person, Person.id == InspectionSignature.person_id)
        .where(InspectionSignature.inspection_id == inspection_id)
        .order_by(InspectionSignature.id),
    )
    return [(signature, name) for signature, name in rows]


def published_checklists(session: Session) -> list[Checklist]:
    """Return the checklists in force by title."""
    return list(session.scalars(select(Checklist).where(Checklist.state == "published").order_by(Checklist.id)))


def too_close(session: Session, section: int, people: Sequence[int], day: date) -> list[str]:
    """Return the names of those who are of the section, or were within the last months: they may not inspect it."""
    since = day - timedelta(days=round(APART_MONTHS * _DAYS_A_MONTH))
    return list(
        session.scalars(
            select(Person.name)
            .distinct()
            .join(Appointment, Appointment.person_id == Person.id)
            .join(Post, Post.id == Appointment.post_id)
            .where(
                Person.id.in_(people),
                Post.section_id == section,
                Appointment.since <= day,
                or_(Appointment.until.is_(None), Appointment.until >= since),
            )
            .order_by(Person.name),
        ),
    )


def is_host(session: Session, section: int) -> bool:
    """Say whether a section hosts the leading group's office: 局办公室(监察) inspects it, never the office itself."""
    return session.scalar(select(Bureau.host_section_id)) == section
