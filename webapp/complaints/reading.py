"""The wall and what stands behind it: who may know of a complaint, and what a person is to it. Only reads.

I13 of supervision.md: nobody sees a complaint about himself or his section, in lists, counts, search, exports or mails.
Every query on complaints begins with `visible_to`; every act asks `standing_of`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from webapp.accounts.models import Appointment, Bureau, Post, RoleTerm
from webapp.accounts.reading import actors_of, is_current
from webapp.clock import today
from webapp.complaints.models import Complaint, ComplaintElsewhere, ComplaintIdentity, ComplaintStep
from webapp.complaints.stages import Event, Standing, assignable
from webapp.policy import Actor, Permission, Role
from webapp.revisions.models import Record
from webapp.rules import NotFound

HEADS = frozenset({Role.LEADER, Role.DEPUTY})
LEADING = HEADS | {Role.MEMBER}
_INVESTIGATING = (Event.BEGIN, Event.ASK, Event.ANSWERED, Event.DRAFT_REPLY)


@dataclass(frozen=True)
class Target:
    """Whom a complaint is about; nobody of ours where both are None."""

    section: int | None = None
    person: int | None = None
    is_office: bool = False  # the leading group's office, by its section or by somebody who works in it


def sections_of(actor: Actor) -> frozenset[int]:
    """Return the sections a person belongs to, by post or by role."""
    return actor.sections | actor.own_sections


def is_walled(target: Target, actor: Actor) -> bool:
    """Say whether somebody is behind the wall of a complaint about this target."""
    return (
        (target.person is not None and target.person == actor.person)
        or (target.section is not None and target.section in sections_of(actor))
        or (target.is_office and actor.has(Role.OFFICE))
    )


def target_of(complaint: Complaint) -> Target:
    """Return whom a complaint is about."""
    return Target(complaint.about_section_id, complaint.about_person_id, complaint.is_about_office)


def aimed_at(session: Session, section: int | None, person: int | None) -> Target:
    """Return the target with what follows from it: the person's section, and whether the office itself is meant.

    Two queries. A leader's section is not taken over: the other leaders have to handle the complaint.
    """
    host = session.scalar(select(Bureau.host_section_id))
    if person is None:
        return Target(section, None, section is not None and section == host)
    day = today()
    actor = actors_of(session, [person]).get(person)
    posts = (
        actor.sections
        if actor
        else frozenset(
            session.scalars(
                select(Post.section_id)
                .join(Appointment, Appointment.post_id == Post.id)
                .where(Appointment.person_id == person, *is_current(Appointment, day)),
            )
        )
    )
    is_head = actor is not None and bool(actor.roles & HEADS)
    works_in_office = host in posts or section == host or (actor is not None and actor.has(Role.OFFICE))
    own = min(posts, default=None)
    return Target(section or (None if is_head else own), person, works_in_office)


def handles(target: Target, actor: Actor) -> bool:
    """Say whether somebody handles complaints about this target: the office, or the leading group in its place."""
    if is_walled(target, actor):
        return False
    return bool(actor.roles & LEADING) if target.is_office else actor.has(Role.OFFICE)


def standing_of(session: Session, complaint: Complaint, actor: Actor) -> Standing:
    """Return what a person is to a complaint; one query for what he did."""
    target = target_of(complaint)
    done = set(
        session.scalars(
            select(ComplaintStep.event).where(
                ComplaintStep.complaint_id == complaint.id, ComplaintStep.person_id == actor.person
            ),
        ),
    )
    return Standing(
        is_walled=is_walled(target, actor),
        is_handler=handles(target, actor),
        is_head=bool(actor.roles & HEADS),
        is_assignee=complaint.assignee_id == actor.person,
        has_investigated=bool(done & set(_INVESTIGATING)),
        has_drafted=Event.DRAFT_REPLY in done,
        has_approved=Event.APPROVE_REPLY in done,
    )


def not_walled(viewer: Actor) -> ColumnElement[bool]:
    """Return the condition that keeps a viewer on his side of the wall; it alone lets nobody see anything."""
    sections = sorted(sections_of(viewer))
    return and_(
        Complaint.about_person_id.is_distinct_from(viewer.person),
        or_(Complaint.about_section_id.is_(None), Complaint.about_section_id.not_in(sections)) if sections else true(),
        Complaint.is_about_office.is_(False) if viewer.has(Role.OFFICE) else true(),
    )


def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Return the condition on complaints that a viewer may know of.

    The office, leader and deputy see all but those about the office, which the leading group sees; everybody sees what
    he was given to look into and what he took in. Nobody sees over the wall.
    """
    if not viewer.may(Permission.SEE_COMPLAINTS):
        return false()
    concerned = [Complaint.assignee_id == viewer.person]
    concerned.append(and_(Complaint.taken_by == viewer.person, Complaint.is_about_office.is_(False)))
    if viewer.has(Role.OFFICE) or viewer.roles & HEADS:
        concerned.append(Complaint.is_about_office.is_(False))
    if viewer.roles & LEADING:
        concerned.append(Complaint.is_about_office.is_(True))
    return and_(not_walled(viewer), or_(*concerned))


def elsewhere_visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Return the condition on matters of other systems: for the office and the heads, not of a power of one's own."""
    if not (viewer.has(Role.OFFICE) or viewer.roles & HEADS):
        return false()
    own = select(Record.id).where(Record.section_id.in_(sorted(sections_of(viewer))))
    return or_(ComplaintElsewhere.power_id.is_(None), ComplaintElsewhere.power_id.not_in(own))


def seen_complaint(session: Session, complaint_id: int, viewer: Actor) -> Complaint:
    """Return a complaint that the viewer may know of; raise NotFound. One query."""
    found = session.scalars(select(Complaint).where(Complaint.id == complaint_id, visible_to(viewer))).one_or_none()
    if found is None:
        raise NotFound
    return found


def may_be_given(session: Session, complaint: Complaint) -> dict[int, Actor]:
    """Return who may look into a complaint: everybody at work here who is not behind its wall. Four queries."""
    people = set(session.scalars(select(RoleTerm.person_id).where(*is_current(RoleTerm, today()))))
    target = target_of(complaint)
    return {
        person: actor
        for person, actor in actors_of(session, people).items()
        if actor.may(Permission.SEE_COMPLAINTS) and assignable(Standing(is_walled=is_walled(target, actor)))
    }


def has_sealed(session: Session) -> bool:
    """Say whether any identity is sealed."""
    return (
        session.scalar(select(ComplaintIdentity.complaint_id).where(ComplaintIdentity.sealed != "").limit(1))
        is not None
    )


def number_words(complaint: Complaint) -> str:
    """Return the number of a complaint as it is written, or that it has none yet."""
    return f"投〔{complaint.year}〕{complaint.number}号" if complaint.number else "未编号"


def visible_numbers(session: Session, viewer: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return the numbers of those complaints that the viewer may know of; one query or none."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = session.scalars(select(Complaint).where(Complaint.id.in_(wanted), visible_to(viewer)))
    return {row.id: number_words(row) for row in rows}
