"""The bureau's telephones, places and hours as approved, for everyone in it; what nobody dialled lately is marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.directory.contacts import DIAL_AGAIN, KINDS, due_to_dial, last_verified
from webapp.directory.models import Dialling, DirectoryChange
from webapp.directory.reading import current_directory, last_diallings
from webapp.policy import Actor, Permission

PATH = "/directory"
RESULT_WORDS = {"right": "接通，无误", "wrong": "接通，号码有误", "silent": "无人接听"}


@dataclass(frozen=True)
class ContactRow:
    """One contact; `is_due` where nobody has dialled it in the days before, `result` where it was in vain."""

    address: str
    unit: str
    phone: str
    place: str
    hours: str
    email: str
    url: str
    owner_post: str
    verified_on: date | None
    is_due: bool
    result: str
    note: str


@dataclass(frozen=True)
class ContactGroup:
    """The contacts of one kind."""

    key: str
    label: str
    rows: tuple[ContactRow, ...]


@dataclass(frozen=True)
class DirectoryPage:
    """What the screen shows; `waiting` changes for those who keep the directory."""

    groups: tuple[ContactGroup, ...]
    total: int
    due: int
    days: int
    may_keep: bool
    waiting: int


def directory_page(session: Session, day: date, *, viewer: Actor) -> DirectoryPage:
    """Return the contacts by kind, and which of them are due to be dialled on a day. At most four queries."""
    contacts, dialled = current_directory(session), last_diallings(session)
    groups = tuple(
        ContactGroup(key, label, rows)
        for key, label in KINDS
        if (
            rows := tuple(
                _row(name, each, day, dialled.get(name)) for name, each in contacts.items() if each["kind"] == key
            )
        )
    )
    shown = [row for group in groups for row in group.rows]
    may_keep = viewer.may(Permission.KEEP_DIRECTORY)
    return DirectoryPage(
        groups,
        len(shown),
        sum(row.is_due for row in shown),
        DIAL_AGAIN.days,
        may_keep,
        count_waiting(session) if may_keep else 0,
    )


def count_waiting(session: Session) -> int:
    """Return how many changes wait for a second person."""
    return session.scalar(select(func.count()).where(DirectoryChange.state == "open")) or 0


def unit_words(contact: Mapping[str, Any]) -> str:
    """Return unit and section of a contact, once where they are the same."""
    unit, section = contact.get("unit") or "", contact.get("section") or ""
    return unit if section in unit else f"{unit} {section}"


def phone_words(contact: Mapping[str, Any]) -> str:
    """Return the numbers of a contact."""
    return " / ".join(filter(None, (contact.get("phone"), contact.get("short_number"))))


def _row(key: str, contact: Mapping[str, Any], day: date, dialled: Dialling | None) -> ContactRow:
    is_due = due_to_dial(contact, day, dialled)
    vain = dialled is not None and dialled.result != "right" and is_due
    return ContactRow(
        address=f"{PATH}/contacts/{key}",
        unit=unit_words(contact),
        phone=phone_words(contact),
        place=contact.get("address") or "",
        hours=contact.get("hours") or "",
        email=contact.get("email") or "",
        url=contact.get("url") or "",
        owner_post=contact.get("owner_post") or "",
        verified_on=last_verified(contact, dialled),
        is_due=is_due,
        result=RESULT_WORDS[dialled.result] if vain and dialled else "",
        note=contact.get("note") or "",
    )
