"""What a change of sections takes along of records, drafts and clauses: parts of the acts in `operations`."""

import json
from collections.abc import Collection, Mapping

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from webapp.digests import digest
from webapp.organisation.renaming import with_names
from webapp.powers.models import SharedClause
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import Seat
from webapp.revisions.faces import section_numbers
from webapp.revisions.kinds import normalise
from webapp.revisions.models import Draft, Listing, Record
from webapp.rules import RuleBroken

OPEN_SEATS = ("open", "recorded", "dissent")


def rename_in_drafts(
    session: Session,
    names: Mapping[str, str],
    clauses: Mapping[int, int | None] | None = None,
    only: frozenset[int] | None = None,
) -> list[list[object]]:
    """Put new names into the drafts that hold old ones, and other clauses; return [record, version, digest] of each.

    A draft that changed has another version, so a form opened before is answered with both texts.
    """
    session.info.pop("section_ids", None)  # what names meant before this act
    holds = or_(*(Draft.body.contains(json.dumps(name, ensure_ascii=False), autoescape=True) for name in names))
    if clauses:
        holds = or_(holds, Draft.clauses != "{}")
    found = session.execute(
        select(Record, Draft, Listing)
        .join(Draft, Draft.record_id == Record.id)
        .join(Listing, (Listing.record_id == Record.id) & (Listing.face == "draft"))
        .where(holds)
        .order_by(Record.id)
        .with_for_update(of=Record)
    ).all()
    changed: list[list[object]] = []
    for record, draft, listing in found:
        if only is not None and record.id not in only:
            continue
        before = json.loads(draft.body)
        body = with_names(record.kind, before, names)
        linked = json.loads(draft.clauses)
        kept = {field: target for field, number in linked.items() if (target := (clauses or {}).get(number, number))}
        if body is before and kept == linked:
            continue
        draft.body, draft.clauses = json.dumps(body, ensure_ascii=False), json.dumps(kept)
        draft.version += 1
        described = KINDS[record.kind].describe(body)
        involved = section_numbers(session, described.involved)
        listing.involved = f"|{'|'.join(map(str, involved))}|" if involved else ""
        listing.search_text = normalise(" ".join((record.code or "", *described.search)))
        changed.append([record.id, draft.version, digest(body)])
    session.flush()
    return changed


def move_records(session: Session, records: Collection[int], old: int, new: int) -> None:
    """Let records and their listing rows belong to another section."""
    numbers = sorted(records)
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        for table, key in ((Record, Record.id), (Listing, Listing.record_id)):
            session.execute(
                update(table)
                .where(key.in_(part), table.section_id == old)
                .values(section_id=new)
                .execution_options(synchronize_session="fetch")
            )


def move_involved(session: Session, old: int, new: int) -> None:
    """Let the records that a section takes part in be shared by its successor, who does not share in his own."""
    for row in session.scalars(select(Listing).where(Listing.involved.contains(f"|{old}|", autoescape=True))):
        numbers = dict.fromkeys(str(new) if each == str(old) else each for each in row.involved.strip("|").split("|"))
        numbers.pop(str(row.section_id), None)
        row.involved = f"|{'|'.join(numbers)}|" if numbers else ""
    session.flush()


def move_clauses(session: Session, old: int, new: int) -> dict[int, int | None]:
    """Give the shared clauses to the successor; return for each that it had already the one that stays (none: as text).

    A draft that showed the one that goes keeps its text as its own.
    """
    kept = {
        (row.category, row.field): row
        for row in session.scalars(select(SharedClause).where(SharedClause.section_id == new))
    }
    gone: dict[int, int | None] = {}
    for row in session.scalars(select(SharedClause).where(SharedClause.section_id == old)).all():
        if (row.category, row.field) in kept:
            gone[row.id] = None
            session.delete(row)
        else:
            row.section_id = new
    session.flush()
    return gone


def records_of(session: Session, section: int, categories: Collection[str]) -> list[int]:
    """Return the powers and withholdings of these categories, and the charts that serve only such powers here."""
    rows = session.execute(
        select(Record.id, Record.kind, Record.code, Listing.category, Draft.body)
        .join(Listing, (Listing.record_id == Record.id) & (Listing.face == "draft"))
        .join(Draft, Draft.record_id == Record.id)
        .where(Record.section_id == section)
        .order_by(Record.id)
    ).all()
    moved = [row.id for row in rows if row.kind != "flow" and row.category in categories]
    going: set[str] = set()
    staying: set[str] = set()
    for row in rows:
        if row.kind == "power":
            (going if row.category in categories else staying).update(json.loads(row.body)["flows"])
    return moved + [row.id for row in rows if row.kind == "flow" and row.code in going - staying]


def refuse_double_seats(session: Session, old: int, new: int) -> None:
    """Raise RuleBroken where both sections hold a seat of one review: one would sign twice."""
    both = (
        select(Seat.review_id)
        .where(Seat.section_id.in_([old, new]), Seat.state.in_(OPEN_SEATS))
        .group_by(Seat.review_id, Seat.round)
        .having(func.count(Seat.section_id.distinct()) > 1)
    )
    count = len(session.execute(both).all())
    if count:
        raise RuleBroken(f"有{count}项正待两个科室分别审核或会签，合并后将由一个科室签两次。请先办结这些事项，再合并。")
