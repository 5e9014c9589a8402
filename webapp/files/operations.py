"""Naming a kept file in the database, and clearing away bytes that no row ever named."""

import time
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.files.models import File
from webapp.files.storing import Kept
from webapp.policy import Actor

UNNAMED_FOR = 3600.0  # seconds that bytes may lie without a row: an upload whose transaction failed


def store_file(session: Session, by: Actor, kept: Kept) -> File:
    """Return the row of a kept file, a new one or that of the same content.

    Part of the act that says what the file proves: that act writes the journal, with `file.sha256` among its facts.
    """
    row = session.scalars(select(File).where(File.sha256 == kept.sha256)).one_or_none()
    if row is None:
        row = File(
            sha256=kept.sha256,
            size=kept.size,
            media_type=kept.kind.media_type,
            stored_at=clock.now(),
            stored_by=by.person,
        )
        session.add(row)
        session.flush()
    return row


def remove_unnamed(session: Session, folder: Path) -> int:
    """Remove what uploads left that never came to their row: older than an hour, named by nothing. Returns how many."""
    limit = time.time() - UNNAMED_FOR
    found = [path for path in folder.glob("*/*") if path.is_file() and path.stat().st_mtime < limit]
    if not found:
        return 0
    named = set(session.scalars(select(File.sha256)))
    lost = [path for path in found if path.name not in named]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(lost)
