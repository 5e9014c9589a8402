"""The bureau as it stands on a day: the leading group, sections, posts, and who holds them. Names stay inside."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Appointment, Person, Post, Section
from webapp.accounts.reading import GroupSeat, bureau, is_current, leading_group

KIND_WORDS = {"leadership": "局领导", "section": "科室", "committee": "委员会", "outside": "局外单位"}


@dataclass(frozen=True)
class Holder:
    """Somebody in a post."""

    name: str
    since: date
    until: date | None
    is_acting: bool


@dataclass(frozen=True)
class PostRow:
    """A post and who holds it on the day."""

    name: str
    purpose: str
    holders: tuple[Holder, ...]


@dataclass(frozen=True)
class SectionRow:
    """A section with its posts; `anchor` is its id on the page."""

    name: str
    anchor: str
    kind: str
    is_host: bool
    posts: tuple[PostRow, ...]


@dataclass(frozen=True)
class OrganisationPage:
    """What the screen shows."""

    day: date
    group: tuple[GroupSeat, ...]
    group_document: str
    host_section: str
    sections: tuple[SectionRow, ...]


def organisation_page(session: Session, day: date) -> OrganisationPage:
    """Return the organisation on a day, past or present. Five queries, whatever its size."""
    own = bureau(session)
    holders: dict[int, list[Holder]] = defaultdict(list)
    for row in session.execute(
        select(Appointment.post_id, Person.name, Appointment.since, Appointment.until, Appointment.is_acting)
        .join(Person, Person.id == Appointment.person_id)
        .where(*is_current(Appointment, day))
        .order_by(Appointment.since, Appointment.id),
    ):
        holders[row.post_id].append(Holder(row.name, row.since, row.until, row.is_acting))
    posts: dict[int, list[PostRow]] = defaultdict(list)
    for post in session.execute(select(Post.id, Post.section_id, Post.name, Post.purpose).order_by(Post.id)):
        posts[post.section_id].append(PostRow(post.name, post.purpose, tuple(holders[post.id])))
    sections = session.execute(
        select(Section.id, Section.name, Section.slug, Section.kind).order_by(Section.position, Section.id),
    ).all()
    host = own.host_section_id if own else None
    return OrganisationPage(
        day=day,
        group=tuple(leading_group(session, day)),
        group_document=own.group_document if own else "",
        host_section=next((section.name for section in sections if section.id == host), ""),
        sections=tuple(
            SectionRow(
                section.name,
                f"section-{section.slug}",
                KIND_WORDS[section.kind],
                section.id == host,
                tuple(posts[section.id]),
            )
            for section in sections
        ),
    )
