"""Reading the directory as it is approved now, or as an edition printed it."""

import json
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.directory.models import DirectoryVersion


def current_directory(session: Session) -> dict[str, dict[str, Any]]:
    """Return the approved contacts by key; empty before any is loaded."""
    number = current_number(session)
    return {} if number is None else directory_of(session, number)


def current_number(session: Session) -> int | None:
    """Return the number of the approved version, None before any is loaded."""
    return session.scalar(select(func.max(DirectoryVersion.number)).where(DirectoryVersion.is_approved))


def directory_of(session: Session, number: int) -> dict[str, dict[str, Any]]:
    """Return the contacts by key as a version holds them."""
    contacts: dict[str, dict[str, Any]] = json.loads(session.get_one(DirectoryVersion, number).contacts)
    return contacts
