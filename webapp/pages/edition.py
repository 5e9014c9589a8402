"""One edition: what is in it, who prepared and released it, and how anybody checks it."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.pages.editions import LABELS, STATES
from webapp.pages.review_words import KIND_LABELS
from webapp.publication.models import Edition, EditionItem
from webapp.reviews.models import Approval
from webapp.revisions.models import Record, Revision
from webapp.rules import NotFound

PAGE_SIZE = 100


@dataclass(frozen=True)
class EditionLine:
    """One record in the edition, as it was approved."""

    kind: str
    code: str
    name: str
    address: str
    document: str
    decided_on: date
    digest: str


@dataclass(frozen=True)
class EditionPage:
    """What the screen shows. `previous_edition` is the released one before, None for the first."""

    id: int
    label: str
    number: int
    is_public: bool
    state: str
    tone: str
    day: date
    folder: str
    manifest: str
    previous_manifest: str
    prepared_by: str
    prepared_at: datetime
    released_by: str
    released_at: datetime | None
    document: str
    powers: int
    lines: tuple[EditionLine, ...]
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None


def edition_page(session: Session, edition_id: int, *, page: int = 1) -> EditionPage:
    """Return the page; raise NotFound. Three queries."""
    preparer, releaser = aliased(Person), aliased(Person)
    found = session.execute(
        select(Edition, preparer.name, releaser.name)
        .join(preparer, preparer.id == Edition.prepared_by)
        .outerjoin(releaser, releaser.id == Edition.released_by)
        .where(Edition.id == edition_id),
    ).one_or_none()
    if found is None:
        raise NotFound
    edition, prepared_by, released_by = found
    total = (
        session.scalar(select(func.count()).select_from(EditionItem).where(EditionItem.edition_id == edition_id)) or 0
    )
    pages = max(1, -(-total // PAGE_SIZE))
    at = min(page, pages)
    address = f"/editions/{edition_id}?page="
    return EditionPage(
        id=edition.id,
        label=f"{LABELS[edition.audience]}第{edition.number}号",
        number=edition.number,
        is_public=edition.audience == "public",
        state=STATES[edition.state][0],
        tone=STATES[edition.state][1],
        day=edition.day,
        folder=edition.folder,
        manifest=edition.manifest_digest,
        previous_manifest=edition.previous_digest or "",
        prepared_by=prepared_by,
        prepared_at=edition.prepared_at,
        released_by=released_by or "",
        released_at=edition.released_at,
        document=edition.release_document,
        powers=edition.item_count,
        lines=_lines(session, edition_id, at),
        total=total,
        page=at,
        pages=pages,
        previous=f"{address}{at - 1}" if at > 1 else None,
        next=f"{address}{at + 1}" if at < pages else None,
    )


def _lines(session: Session, edition_id: int, page: int) -> tuple[EditionLine, ...]:
    rows = session.execute(
        select(Record, Approval.document, Approval.decided_on, Revision.public, Revision.public_digest)
        .join(EditionItem, EditionItem.record_id == Record.id)
        .join(Approval, Approval.id == EditionItem.approval_id)
        .join(Revision, Revision.id == Approval.revision_id)
        .where(EditionItem.edition_id == edition_id)
        .order_by(Record.kind.desc(), Record.code)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE),
    )
    return tuple(
        EditionLine(
            kind=KIND_LABELS[record.kind],
            code=record.code or "",
            name=str(json.loads(public).get("name", "")),
            address=f"/{record.kind}s/{record.id}",
            document=document,
            decided_on=decided_on,
            digest=public_digest,
        )
        for record, document, decided_on, public, public_digest in rows
    )
