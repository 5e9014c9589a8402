"""What lists and searches see of a record: its faces and what they refer to. Called by operations, never by pages."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.reading import section_ids_by_name
from webapp.revisions.kinds import Description, normalise
from webapp.revisions.models import Listing, Record, RecordLink

UNNAMED = "(未命名)"


def put_face(session: Session, record: Record, face: str, described: Description, stage: str) -> None:
    """Write what one face of a record shows in lists, and what it refers to."""
    row = listing_row(record, face, described, section_ids_of(session), stage)
    kept = session.get(Listing, (record.id, face))
    if kept is None:
        session.add(Listing(**row))
    else:
        since = kept.stage_since if kept.stage == stage else row["stage_since"]
        for name, value in {**row, "stage_since": since}.items():
            setattr(kept, name, value)
    session.flush()
    session.execute(delete(RecordLink).where(RecordLink.record_id == record.id, RecordLink.face == face))
    if links := link_rows(record.id, face, described):
        session.execute(insert(RecordLink), links)


def show_stage(session: Session, record: Record, faces: Iterable[str]) -> None:
    """Let the listing rows of these faces show the record's stage and code of now."""
    for row in session.scalars(select(Listing).where(Listing.record_id == record.id, Listing.face.in_(list(faces)))):
        if row.stage != record.stage:
            row.stage, row.stage_since = record.stage, clock.now()
        row.code, row.sort_key = record.code or "", _sort_key(record.code, row.name)


def drop_face(session: Session, record: Record, face: str) -> None:
    """Take a face of a record out of every list."""
    session.execute(delete(RecordLink).where(RecordLink.record_id == record.id, RecordLink.face == face))
    session.execute(delete(Listing).where(Listing.record_id == record.id, Listing.face == face))


def show_disclosure(session: Session, record: Record) -> None:
    """Let the listing rows of a power say that its withholding is decided, or that it ended and nothing is yet."""
    for row in session.scalars(select(Listing).where(Listing.record_id == record.id)):
        row.disclosure = _disclosure(record, row.face, row.disclosure)


def section_numbers(session: Session, names: Iterable[str]) -> list[int]:
    """Return the ids of sections by name, unknown names left out."""
    known = section_ids_of(session)
    return [known[name] for name in names if name in known]


def section_ids_of(session: Session) -> dict[str, int]:
    """Return the ids of all sections by name, former names with them, read once per session."""
    kept: dict[str, int] | None = session.info.get("section_ids")
    if kept is None:
        kept = section_ids_by_name(session)
        session.info["section_ids"] = kept
    return kept


def _disclosure(record: Record, face: str, said: str) -> str:
    """Return what a face shows for what its body says: a decision not to publish stands above it.

    After the end of a withholding the draft may say what is wanted; what was approved before is pending again.
    """
    if record.withheld_by is not None:
        return "withheld"
    return "pending" if record.is_reopened and (face == "approved" or said == "withheld") else said


def _sort_key(code: str | None, name: str) -> str:
    return code or f"~{name}"


def listing_row(
    record: Record,
    face: str,
    described: Description,
    section_ids: Mapping[str, int],
    stage: str,
) -> dict[str, object]:
    """Return the listing row of one face."""
    involved = [section_ids[name] for name in described.involved if name in section_ids]
    return {
        "record_id": record.id,
        "face": face,
        "kind": record.kind,
        "code": record.code or "",
        "name": described.name or UNNAMED,
        "category": described.category,
        "section_id": record.section_id,
        "involved": f"|{'|'.join(map(str, involved))}|" if involved else "",
        "entered_by": record.entered_by or 0,
        "disclosure": _disclosure(record, face, described.disclosure),
        "verdict": described.verdict,
        "direction": described.direction,
        "stage": stage,
        "stage_since": clock.now(),
        "sort_key": _sort_key(record.code, described.name or UNNAMED),
        "search_text": normalise(" ".join((record.code or "", *described.search))),
    }


def link_rows(record_id: int, face: str, described: Description) -> list[dict[str, object]]:
    """Return the rows of what one face refers to."""
    return [
        {"record_id": record_id, "face": face, "target_kind": kind, "target": target}
        for kind, target in dict.fromkeys(described.links)
    ]
