"""The bureau's telephones, places and hours as approved, for everyone in it; what nobody dialled lately is marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from webapp.directory.contacts import DIAL_AGAIN, KINDS, due_to_dial
from webapp.directory.reading import current_directory

PATH = "/directory"


@dataclass(frozen=True)
class ContactRow:
    """One contact; `is_due` where nobody has dialled it in the days before."""

    unit: str
    phone: str
    address: str
    hours: str
    email: str
    url: str
    owner_post: str
    verified_on: date | None
    is_due: bool
    note: str


@dataclass(frozen=True)
class ContactGroup:
    """The contacts of one kind."""

    key: str
    label: str
    rows: tuple[ContactRow, ...]


@dataclass(frozen=True)
class DirectoryPage:
    """What the screen shows."""

    groups: tuple[ContactGroup, ...]
    total: int
    due: int
    days: int


def directory_page(session: Session, day: date) -> DirectoryPage:
    """Return the contacts by kind, and which of them are due to be dialled on a day. At most two queries."""
    contacts = current_directory(session)
    groups = tuple(
        ContactGroup(key, label, rows)
        for key, label in KINDS
        if (rows := tuple(_row(each, day) for each in contacts.values() if each["kind"] == key))
    )
    shown = [row for group in groups for row in group.rows]
    return DirectoryPage(groups, len(shown), sum(row.is_due for row in shown), DIAL_AGAIN.days)


def _row(contact: Mapping[str, Any], day: date) -> ContactRow:
    unit, section = contact.get("unit") or "", contact.get("section") or ""
    verified = contact.get("verified_on") or ""
    return ContactRow(
        unit=unit if section in unit else f"{unit} {section}",
        phone=" / ".join(filter(None, (contact.get("phone"), contact.get("short_number")))),
        address=contact.get("address") or "",
        hours=contact.get("hours") or "",
        email=contact.get("email") or "",
        url=contact.get("url") or "",
        owner_post=contact.get("owner_post") or "",
        verified_on=date.fromisoformat(verified) if verified else None,
        is_due=due_to_dial(contact, day),
        note=contact.get("note") or "",
    )
