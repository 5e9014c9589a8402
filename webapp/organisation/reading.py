"""What a person has in hand that somebody else must take over when he leaves. Only reads."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Label, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.digests import digest
from webapp.directory.models import DirectoryChange
from webapp.organisation.models import Handover
from webapp.policy import Actor, Permission, Role
from webapp.powers.models import ImportRun
from webapp.publication.models import Edition
from webapp.reviews.models import Batch, Review, Seat
from webapp.revisions.models import Autosave, Draft, Record

# What goes to the successor, and what stays with the person who did it because another has to act on it anyway.
GOES = ("draft", "brought", "seat", "file", "typed")
STAYS = ("batch", "edition", "contact")


@dataclass(frozen=True)
class Owed:
    """One thing in hand, by its kind and the number of its row.

    A draft he edited last, a record he brought in, a seat named for him, a previewed file, text typed and not saved; or
    what he recorded, prepared or proposed and another must still check.
    """

    kind: str
    number: int
    record: int  # 0 where it is of no record
    section: int


def owed_by(session: Session, person: int) -> tuple[Owed, ...]:
    """Return everything a person has in hand, in order; eight queries."""
    account = session.scalar(select(Account.id).where(Account.person_id == person)) or 0
    loose = Record.stage.in_(["draft", "returned"])
    # What he handed over is not his again before he saves it again.
    last = select(func.max(Handover.at)).where(Handover.from_id == person).scalar_subquery()
    since = or_(last.is_(None), Draft.edited_at > last)
    drafts = (
        select(Record.id, Record.section_id)
        .join(Draft, Draft.record_id == Record.id)
        .where(Draft.edited_by == person, loose, Record.entered_by.is_(None), since)
    )
    brought = select(Record.id, Record.section_id).where(Record.entered_by == person)
    typed = (
        select(Record.id, Record.section_id)
        .join(Autosave, Autosave.record_id == Record.id)
        .where(Autosave.account_id == account)
        .distinct()
    )
    seats = (
        select(Seat.id, Review.record_id, Record.section_id)
        .join(Review, Review.id == Seat.review_id)
        .join(Record, Record.id == Review.record_id)
        .where(Seat.assigned_to == person, Seat.state.in_(["open", "dissent"]), Review.is_open)
    )
    found = [
        *(Owed("draft", row[0], row[0], row[1]) for row in session.execute(drafts.order_by(Record.id))),
        *(Owed("brought", row[0], row[0], row[1]) for row in session.execute(brought.order_by(Record.id))),
        *(Owed("seat", row[0], row[1], row[2]) for row in session.execute(seats.order_by(Seat.id))),
        *(Owed("typed", row[0], row[0], row[1]) for row in session.execute(typed.order_by(Record.id))),
    ]
    files = select(ImportRun.id).where(ImportRun.account_id == account, ImportRun.state == "previewed")
    found += [Owed("file", number, 0, 0) for number in session.scalars(files.order_by(ImportRun.id))]
    others = union_all(
        select(Batch.id.label("number"), _word("batch")).where(Batch.recorded_by == person, Batch.state == "recorded"),
        select(Edition.id, _word("edition")).where(Edition.prepared_by == person, Edition.state == "prepared"),
        select(DirectoryChange.id, _word("contact")).where(
            DirectoryChange.proposed_by == person, DirectoryChange.state == "open"
        ),
    ).subquery()
    rows = session.execute(select(others).order_by(others.c.kind, others.c.number))
    return (*found, *(Owed(row.kind, row.number, 0, 0) for row in rows))


def to_give(owed: Iterable[Owed]) -> tuple[Owed, ...]:
    """Return those things that need a successor."""
    return tuple(one for one in owed if one.kind in GOES)


def list_digest(owed: tuple[Owed, ...]) -> str:
    """Return the name of a list by its content: what is signed is what was on screen."""
    return digest([[one.kind, one.number] for one in owed])


def may_hand_over(by: Actor, leaver: Actor) -> bool:
    """Say whether a person may sign for a leaver: himself, the chief of a section of his, a deputy head."""
    if not by.may(Permission.HAND_OVER):
        return False
    return (
        by.person == leaver.person
        or by.has(Role.DEPUTY)
        or any(by.has(Role.CHIEF, section) for section in leaver.own_sections | leaver.sections)
    )


def refusal_of(one: Owed, to: Actor, *, host: int | None, editors: frozenset[int]) -> str:
    """Return why somebody cannot take one thing over, or an empty string. `editors`: people who wrote that record."""
    match one.kind:
        case "draft" | "typed":
            return "" if one.section in to.own_sections else "不是该科室的填报人或科室负责人"
        case "brought" | "file":
            if to.has(Role.OFFICE) or (one.kind == "file" and to.may(Permission.IMPORT_RECORDS)):
                return ""
            return "" if one.section in to.own_sections else "没有代其他科室导入的权限"
        case "seat":
            if to.person in editors:
                return "填报过该事项，不能审核"
            return "属领导小组办公室所在科室，不能初审" if host in to.sections else ""
        case _:
            return ""


def _word(kind: str) -> Label[str]:
    return literal(kind).label("kind")
