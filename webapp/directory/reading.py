"""Reading the directory as it is approved now."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.directory.models import DirectoryVersion


def current_directory(session: Session) -> dict[str, dict[str, Any]]:
    """Return the approved contacts by key; empty before any is loaded."""
    text = session.scalar(
        select(DirectoryVersion.contacts)
        .where(DirectoryVersion.is_approved)
        .order_by(DirectoryVersion.number.desc())
        .limit(1),
    )
    return json.loads(text) if text else {}
