"""What a person has in hand, to be signed over in one act; and what was handed over before."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Appointment, Person, Post, RoleTerm
from webapp.accounts.reading import actors_of, is_current
from webapp.clock import today
from webapp.organisation.models import Handover
from webapp.organisation.reading import STAYS, Owed, list_digest, may_hand_over, owed_by, refusal_of, to_give
from webapp.pages.finding import section_names
from webapp.pages.review_words import PATHS
from webapp.policy import SECTION_ROLES, Actor, Role
from webapp.reviews.reading import host_section
from webapp.revisions.models import Listing
from webapp.revisions.reading import visible_to
from webapp.rules import NotFound

PATH = "/handovers"
WORDS = {
    "draft": "正在起草或修改的事项",
    "brought": "代其他科室录入、尚未接手的事项",
    "seat": "指定由其初审的事项",
    "typed": "填写了还没有保存的内容",
    "file": "已上传、尚未确认导入的文件",
    "batch": "已登记、待他人复核的结果",
    "edition": "已编制、待他人发布的公开版",
    "contact": "已提出、待他人复核的通讯目录修改",
}
MAX_SHOWN = 200


@dataclass(frozen=True)
class OwedRow:
    """One thing on the list; without address where the viewer may not read it."""

    address: str
    code: str
    name: str
    section: str


@dataclass(frozen=True)
class OwedGroup:
    """The things of one kind; `more` are not shown one by one, `stays`: another acts on them anyway."""

    kind: str
    label: str
    count: int
    rows: tuple[OwedRow, ...]
    more: int
    stays: bool


@dataclass(frozen=True)
class HandoverRow:
    """What was handed over, by whom to whom."""

    id: int
    giver: str
    taker: str
    signer: str
    at: datetime
    items: str
    note: str


@dataclass(frozen=True)
class HandoversPage:
    """Whose things the viewer may hand over, and what he handed over or took over."""

    own: int  # how many things the viewer has in hand himself
    people: tuple[tuple[int, str, str], ...]  # person, name, post
    rows: tuple[HandoverRow, ...]


@dataclass(frozen=True)
class HandoverPage:
    """One person's list, with those who can take it over."""

    person: int
    name: str
    is_self: bool
    groups: tuple[OwedGroup, ...]
    total: int
    digest: str
    takers: tuple[tuple[str, str], ...]
    path: str


def handovers_page(session: Session, *, viewer: Actor) -> HandoversPage:
    """Return whose things the viewer may sign over, and the handovers he has part in. At most twelve queries."""
    people = actors_of(session, _colleagues(session, viewer)).values()
    giver, taker, signer = aliased(Person), aliased(Person), aliased(Person)
    rows = session.execute(
        select(Handover, giver.name, taker.name, signer.name)
        .join(giver, giver.id == Handover.from_id)
        .join(taker, taker.id == Handover.to_id)
        .join(signer, signer.id == Handover.signed_by)
        .where(or_(*(column == viewer.person for column in (Handover.from_id, Handover.to_id, Handover.signed_by))))
        .order_by(Handover.id.desc())
        .limit(50)
    )
    return HandoversPage(
        own=len(to_give(owed_by(session, viewer.person))),
        people=tuple(
            (actor.person, actor.name, actor.post)
            for actor in people
            if actor.person != viewer.person and may_hand_over(viewer, actor)
        ),
        rows=tuple(
            HandoverRow(row.id, gave, took, signed, row.at, _counted(row.items), row.note)
            for row, gave, took, signed in rows
        ),
    )


def handover_page(session: Session, person_id: int, *, viewer: Actor) -> HandoverPage:
    """Return one person's list; raise NotFound where the viewer may not sign for him. At most 21 queries."""
    leaver = actors_of(session, [person_id]).get(person_id)
    if leaver is None or not may_hand_over(viewer, leaver):
        raise NotFound
    owed = owed_by(session, person_id)
    records = {one.record for one in owed if one.record}
    seen = {
        row.record_id: row
        for row in session.execute(
            select(Listing.record_id, Listing.kind, Listing.code, Listing.name, Listing.section_id).where(
                Listing.record_id.in_(sorted(records)), visible_to(viewer)
            )
        )
    }
    names = {section.id: section.name for section in section_names(session)}
    counts = Counter(one.kind for one in owed)
    groups = []
    for kind, label in WORDS.items():
        found = [seen[one.record] for one in owed if one.kind == kind and one.record in seen][:MAX_SHOWN]
        shown = tuple(
            OwedRow(f"{PATHS[row.kind]}/{row.record_id}", row.code, row.name, names.get(row.section_id, ""))
            for row in found
        )
        if counts[kind]:
            groups.append(OwedGroup(kind, label, counts[kind], shown, counts[kind] - len(shown), kind in STAYS))
    return HandoverPage(
        person=person_id,
        name=leaver.name,
        is_self=leaver.person == viewer.person,
        groups=tuple(groups),
        total=len(to_give(owed)),
        digest=list_digest(owed),
        takers=tuple(
            (str(actor.person), f"{actor.name} {actor.post}".strip()) for actor in _takers(session, owed, leaver)
        ),
        path=f"{PATH}/people/{person_id}",
    )


def _takers(session: Session, owed: tuple[Owed, ...], leaver: Actor) -> list[Actor]:
    """Return those who may take the whole list: people of the same section or role."""
    host = host_section(session)
    people = actors_of(session, _colleagues(session, leaver)).values()
    return [
        actor
        for actor in people
        if actor.person != leaver.person
        and not any(refusal_of(one, actor, host=host, editors=frozenset()) for one in owed)
    ]


def _colleagues(session: Session, person: Actor) -> list[int]:
    """Return the people of a person's sections and roles today, himself first; two queries."""
    day = today()
    sections = sorted(person.own_sections | person.sections)
    roles = sorted(person.roles - SECTION_ROLES - {Role.MEMBER})
    everyone = (RoleTerm.role == RoleTerm.role,) if person.has(Role.DEPUTY) else ()
    by_post = (
        select(Appointment.person_id)
        .join(Post, Post.id == Appointment.post_id)
        .where(*is_current(Appointment, day), Post.section_id.in_(sections))
    )
    by_role = select(RoleTerm.person_id).where(
        *is_current(RoleTerm, day), or_(RoleTerm.section_id.in_(sections), RoleTerm.role.in_(roles), *everyone)
    )
    found = {*session.scalars(by_post), *session.scalars(by_role)}
    return [person.person, *sorted(found - {person.person})][:MAX_SHOWN]


def _counted(items: str) -> str:
    counts = Counter(kind for kind, _ in json.loads(items))
    return "；".join(f"{label}{counts[kind]}项" for kind, label in WORDS.items() if counts[kind])
