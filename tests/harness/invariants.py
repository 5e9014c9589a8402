"""What must hold after anything whatever: the journal, drafts and their listing, editions and their folders."""

import json

from sqlalchemy import select, text

from webapp.bundle.verify import verify_bundle
from webapp.config import Settings
from webapp.db import Database
from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.journal.models import JournalEntry
from webapp.publication.models import Edition
from webapp.publication.operations import point_at_released
from webapp.reviews.kinds import KINDS
from webapp.revisions.models import Draft, Listing, Record


def faults_of(database: Database, settings: Settings) -> list[str]:
    """Return what does not hold, as sentences."""
    with database.reading() as session:
        found = [f"journal: {fault}"] if (fault := journal.verify(session)) else []
        if database.is_sqlite:
            found += [f"sqlite: {row}" for row in session.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
            found += [f"foreign key: {row}" for row in session.execute(text("PRAGMA foreign_key_check"))]
        saved = {
            entry.subject: json.loads(entry.facts)
            for entry in session.scalars(select(JournalEntry).order_by(JournalEntry.seq))
            if entry.action == "save_draft"
        }
        listed = {row.record_id: row for row in session.scalars(select(Listing).where(Listing.face == "draft"))}
        drafts = {draft.record_id: draft for draft in session.scalars(select(Draft))}
        for record in session.scalars(select(Record)):
            draft, row = drafts.pop(record.id, None), listed.pop(record.id, None)
            if draft is None or row is None:
                found.append(f"record {record.id} lacks its draft or its listing")
                continue
            body = json.loads(draft.body)
            if row.name != KINDS[record.kind].describe(body).name or row.code != (record.code or ""):
                found.append(f"record {record.id} is listed as another")
            last = saved.get(f"{record.kind}:{record.id}")
            if last and last != {"version": draft.version, "body": digest(body)}:
                found.append(f"record {record.id}: the draft is not the one that was journalled last")
        found += [f"left over: {key}" for key in (*drafts, *listed)]
        released = []
        for edition in session.scalars(select(Edition).order_by(Edition.number)):
            folder = settings.editions / edition.folder
            found += [f"{edition.folder}: {one.sentence}" for one in verify_bundle(folder, edition.manifest_digest)]
            if edition.audience == "public" and edition.state == "released":
                released.append(edition.folder)
    pointer = settings.instance / "public" / "current"
    if pointer.exists() and pointer.read_text(encoding="utf-8").strip() not in released:
        found.append("the public site shows what is not released")
    point_at_released(database, settings)
    if released and pointer.read_text(encoding="utf-8").strip() != released[-1]:
        found.append("the public site does not show the newest edition")
    return found
