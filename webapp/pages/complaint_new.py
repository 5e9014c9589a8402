"""The form in which a complaint is taken in, with what it chooses from."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Account, Appointment, Person, Post, Section
from webapp.accounts.reading import is_current
from webapp.complaints.reading import sections_of
from webapp.pages.finding import section_names
from webapp.policy import Actor
from webapp.revisions.models import Listing
from webapp.revisions.reading import visible_to

Options = tuple[tuple[str, str], ...]
_NONE = ("", "不涉及或者尚不清楚")


@dataclass(frozen=True)
class NewComplaintPage:
    """What the form chooses from. Own sections are left out: who belongs to the target may not write it down."""

    sections: Options
    people: Options
    powers: Options
    today: str


def new_complaint_page(session: Session, *, viewer: Actor) -> NewComplaintPage:
    """Return the form's choices; three queries."""
    return NewComplaintPage(
        sections_to_aim_at(session, viewer), people_to_aim_at(session, viewer), power_options(session, viewer), _today()
    )


def sections_to_aim_at(session: Session, viewer: Actor) -> Options:
    """Return the sections that may be named as complained of; one query."""
    own = sections_of(viewer)
    names = [(str(one.id), one.name) for one in section_names(session) if one.id not in own]
    return (_NONE, *names)


def people_to_aim_at(session: Session, viewer: Actor) -> Options:
    """Return the people who may be named as complained of, by section; one query."""
    own = sections_of(viewer)
    rows = session.execute(
        select(Person.id, Person.name, Section.name.label("section"), Post.name.label("post"), Section.id.label("at"))
        .join(Account, Account.person_id == Person.id)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Post, Post.id == Appointment.post_id)
        .join(Section, Section.id == Post.section_id)
        .where(Account.is_active, Person.id != viewer.person, *is_current(Appointment, clock.today()))
        .order_by(Section.position, Section.id, Person.id),
    )
    shown = {str(row.id): f"{row.section} {row.name}（{row.post}）" for row in rows if row.at not in own}
    return (_NONE, *shown.items())


def power_options(session: Session, viewer: Actor) -> Options:
    """Return the powers the viewer may know of; one query."""
    rows = session.execute(
        select(Listing.record_id, Listing.code, Listing.name)
        .where(Listing.kind == "power", visible_to(viewer))
        .order_by(Listing.code, Listing.record_id),
    )
    return (("", "不涉及具体职权"), *((str(row.record_id), f"{row.code or '未编码'} {row.name}") for row in rows))


def _today() -> str:
    return clock.today().isoformat()
