"""Renaming, merging and splitting sections: one act each, in which everything that is still in work goes along.

Drafts take the new name in the same act; revisions, approvals and editions keep the words they were signed with, and
`accounts.reading.section_ids_by_name` says which section those words mean today. Posts and those who hold them move
with a merger; rights do not: a system administrator who could move rights would be granting them (AUTHZ-06, -07).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Account, Appointment, Bureau, Post, RoleTerm
from webapp.accounts.organising import (
    MAX_NAME,
    check_section_seen,
    checked_line,
    new_section,
    note_change,
    refuse_name,
    require_organiser,
    standing_section,
)
from webapp.accounts.signing_in import end_sign_ins
from webapp.complaints.models import Complaint
from webapp.digests import digest
from webapp.findings.moving import move_open_findings
from webapp.journal import operations as journal
from webapp.matters.models import Matter
from webapp.organisation.moving import (
    OPEN_SEATS,
    move_clauses,
    move_involved,
    move_records,
    records_of,
    refuse_double_seats,
    rename_in_drafts,
)
from webapp.policy import Actor
from webapp.reviews.models import Review, Seat
from webapp.revisions.models import Record
from webapp.rules import RuleBroken

# Every column that points to a section, and what becomes of it when sections merge or split; a test compares this
# list with the tables.
MOVES = frozenset({"bureau.host_section_id", "post.section_id", "record.section_id", "listing.section_id"})
MOVES |= frozenset({"seat.section_id", "shared_clause.section_id"})
# the wall of a complaint goes with the section's people
MOVES |= frozenset({"complaint.about_section_id", "matter.section_id"})
ENDS = frozenset({"role_term.section_id"})
STAYS = frozenset({"section.successor_id", "section_change.section_id", "section_change.other_id"})
# What a section did and owed in a campaign is told of it as it was then; its items go on under the successor.
STAYS |= frozenset({"package.section_id", "nil_return.section_id", "notice.section_id"})
# so is what it asked and had to learn
STAYS |= frozenset({"training_requirement.section_id", "guidance.section_id"})
STAYS |= frozenset({"campaign_attendance.section_id", "campaign_task.section_id"})
# What was found of a section stays its own; what is still open goes to the successor with its clocks.
# An inspection tells of the section as it was; what is still planned is planned anew for the successor.
STAYS |= frozenset({"inspection.section_id", "inspection_plan_line.section_id"})
MOVES |= frozenset({"finding.section_id", "clock.section_id", "rectification_order.section_id"})
STAYS |= frozenset({"card.section_id"})  # who was warned stays known by the name of then


@dataclass(frozen=True)
class Moved:
    """What an act took along: records, drafts whose text changed, rights that ended, people who hold posts."""

    section: int
    records: int = 0
    drafts: int = 0
    rights: int = 0


def rename_section(
    session: Session, section_id: int, *, name: str, document: str, seen_name: str | None, by: Actor
) -> Moved:
    """Give a section another name; its drafts take it in the same act, its revisions keep the old one."""
    require_organiser(by)
    section = standing_section(session, section_id)
    check_section_seen(section, seen_name)
    checked = checked_line(name, "name", "请填写科室名称。", MAX_NAME)
    if checked == section.name:
        raise RuleBroken("名称没有变化，无需办理。", "name")
    refuse_name(session, checked, section.id)
    before, section.name = section.name, checked
    session.flush()
    change = note_change(session, section, "renamed", document=document, by=by, old_name=before)
    drafts = rename_in_drafts(session, {before: checked})
    facts = {"before": before, "name": checked, "document": change.document, "drafts": len(drafts)}
    journal.write(session, by, "rename_section", f"section:{section.id}", {**facts, "content": digest(drafts)})
    return Moved(section.id, drafts=len(drafts))


def merge_sections(
    session: Session, section_id: int, *, into_id: int, document: str, seen_name: str | None, by: Actor
) -> Moved:
    """Let a section go into another: records, open seats, shared clauses, posts and their holders go along; rights end.

    Raises RuleBroken where both sections have to sign the same record now: one of them would sign twice.
    """
    require_organiser(by)
    if section_id == into_id:
        raise RuleBroken("不能并入自身，请另选科室。", "into")
    # The lower number first: two mergers at once never wait for each other.
    both = {number: standing_section(session, number) for number in sorted((section_id, into_id))}
    old, new = both[section_id], both[into_id]
    check_section_seen(old, seen_name)
    if "outside" in {old.kind, new.kind} and old.kind != new.kind:
        raise RuleBroken("局外单位不能与本局科室合并，请另选。", "into")
    refuse_double_seats(session, old.id, new.id)
    old.closed_on, old.successor_id = clock.today(), new.id
    session.flush()
    change = note_change(session, old, "merged", document=document, by=by, old_name=old.name, other=new)
    clauses = move_clauses(session, old.id, new.id)
    drafts = rename_in_drafts(session, {old.name: new.name}, clauses)
    moved = session.scalars(select(Record.id).where(Record.section_id == old.id)).all()
    move_records(session, moved, old.id, new.id)
    move_involved(session, old.id, new.id)
    session.execute(update(Seat).where(Seat.section_id == old.id, Seat.state.in_(OPEN_SEATS)).values(section_id=new.id))
    session.execute(update(Bureau).where(Bureau.host_section_id == old.id).values(host_section_id=new.id))
    session.execute(update(Matter).where(Matter.section_id == old.id).values(section_id=new.id))
    session.execute(update(Complaint).where(Complaint.about_section_id == old.id).values(about_section_id=new.id))
    _move_posts(session, session.scalars(select(Post).where(Post.section_id == old.id)), new.id)
    move_open_findings(session, old.id, new.id)
    rights = _end_rights(session, old.id)
    facts = {"into": new.id, "document": change.document, "records": len(moved), "drafts": len(drafts), "roles": rights}
    journal.write(session, by, "merge_sections", f"section:{old.id}", {**facts, "content": digest(drafts)})
    return Moved(new.id, len(moved), len(drafts), rights)


def split_section(
    session: Session,
    section_id: int,
    *,
    name: str,
    kind: str,
    slug: str,
    posts: Collection[int],
    categories: Collection[str],
    document: str,
    seen_name: str | None,
    by: Actor,
) -> Moved:
    """Set up a section out of another: the chosen posts with their holders and the powers of the chosen categories.

    Charts go along where every power of the old section that they serve does. Rights for the old section end for those
    whose only posts there went along; rights for the new one are the security administrator's to grant.
    """
    require_organiser(by)
    old = standing_section(session, section_id)
    check_section_seen(old, seen_name)
    if not posts and not categories:
        raise RuleBroken("请至少选择一个岗位或一类职权。", "posts")
    leaving = session.scalars(select(Post).where(Post.section_id == old.id, Post.id.in_(posts))).all()
    if len(leaving) != len(set(posts)):
        raise RuleBroken("所选岗位中有的不在该科室，未办理。请刷新页面后重新选择。", "posts")
    new = new_section(session, name=name, kind=kind, slug=slug)
    change = note_change(session, new, "split", document=document, by=by, other=old)
    moved = records_of(session, old.id, categories)
    move_records(session, moved, old.id, new.id)
    drafts = rename_in_drafts(session, {old.name: new.name}, only=frozenset(moved))
    reviews = select(Review.id).where(Review.record_id.in_(moved))
    session.execute(
        update(Seat)
        .where(Seat.section_id == old.id, Seat.kind == "chief", Seat.state.in_(OPEN_SEATS), Seat.review_id.in_(reviews))
        .values(section_id=new.id)
        .execution_options(synchronize_session=False)
    )
    people = _move_posts(session, leaving, new.id)
    rights = _end_rights(session, old.id, people - _holders(session, old.id))
    facts = {"from": old.id, "name": new.name, "document": change.document, "records": len(moved), "roles": rights}
    journal.write(session, by, "split_section", f"section:{new.id}", {**facts, "content": digest(drafts)})
    return Moved(new.id, len(moved), len(drafts), rights)


def _move_posts(session: Session, posts: Iterable[Post], new: int) -> set[int]:
    """Close posts and seat their holders of today and later in posts of the same name in the new section."""
    today, people = clock.today(), set()
    there = {post.name: post for post in session.scalars(select(Post).where(Post.section_id == new))}
    for post in list(posts):
        if post.closed_on is None:
            target = there.get(post.name)
            if target is None:
                target = there[post.name] = Post(section_id=new, name=post.name, purpose=post.purpose)
                session.add(target)
                session.flush()
            target.closed_on = None
            people |= _move_terms(session, post.id, target.id)
            post.closed_on = today
    session.flush()
    return people


def _move_terms(session: Session, old: int, new: int) -> set[int]:
    today = clock.today()
    running = or_(Appointment.until.is_(None), Appointment.until >= today)
    terms = session.scalars(select(Appointment).where(Appointment.post_id == old, running)).all()
    for term in terms:
        if term.since >= today:
            term.post_id = new
            continue
        session.add(
            Appointment(person_id=term.person_id, post_id=new, since=today, until=term.until, is_acting=term.is_acting)
        )
        term.until = today - timedelta(days=1)
    session.flush()
    return {term.person_id for term in terms}


def _holders(session: Session, section: int) -> set[int]:
    running = or_(Appointment.until.is_(None), Appointment.until >= clock.today())
    return set(session.scalars(select(Appointment.person_id).join(Post).where(Post.section_id == section, running)))


def _end_rights(session: Session, section: int, people: Collection[int] | None = None) -> int:
    """End rights for a section at once, of all or of these people; their sign-ins end. Returns how many."""
    today = clock.today()
    chosen = [RoleTerm.section_id == section, or_(RoleTerm.until.is_(None), RoleTerm.until >= today)]
    if people is not None:
        chosen.append(RoleTerm.person_id.in_(sorted(people)))
    terms = session.scalars(select(RoleTerm).where(*chosen)).all()
    for term in terms:
        if term.since >= today:
            session.delete(term)
        else:
            term.until = today - timedelta(days=1)
    touched = {term.person_id for term in terms}
    for account in session.scalars(select(Account.id).where(Account.person_id.in_(sorted(touched)))):
        end_sign_ins(session, account)
    session.flush()
    return len(terms)
