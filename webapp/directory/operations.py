"""Changing and reading the directory."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.digests import canonical, sha256_hex
from webapp.directory.contacts import check_contacts
from webapp.directory.models import DirectoryVersion
from webapp.journal import operations as journal
from webapp.policy import Actor
from webapp.rules import RuleBroken


def load_directory(
    session: Session, contacts: Mapping[str, Mapping[str, Any]], *, by: Actor | None
) -> DirectoryVersion:
    """Keep a new version of the whole table; the same content again changes nothing.

    Raises RuleBroken where a contact is not one (`contacts.check_contacts`).
    """
    if faults := check_contacts(contacts):
        raise RuleBroken(faults[0] if len(faults) == 1 else f"{faults[0]}(共{len(faults)}处)")
    digest = sha256_hex(canonical(contacts))
    last = session.scalars(select(DirectoryVersion).order_by(DirectoryVersion.number.desc()).limit(1)).one_or_none()
    if last is not None and last.digest == digest:
        return last
    version = DirectoryVersion(
        number=last.number + 1 if last else 1,
        contacts=json.dumps(contacts, ensure_ascii=False),
        digest=digest,
        is_approved=True,
        edited_by=by.person if by else None,
        edited_at=clock.now(),
    )
    session.add(version)
    session.flush()
    journal.write(session, by, "change_directory", "directory", {"version": version.number, "digest": digest})
    return version
