"""One contact of the directory: what stands, what is proposed, who dialled it, and which powers and sections use it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person, Section
from webapp.digests import sha256_hex
from webapp.directory.contacts import KINDS, contact_digest, due_to_dial, last_verified, phone_of
from webapp.directory.models import Dialling, DirectoryChange
from webapp.directory.reading import LABELS, contact_text, current_directory
from webapp.pages.directory import PATH, RESULT_WORDS, phone_words, unit_words
from webapp.pages.finding import PAGE_SIZE, page_count, section_names
from webapp.pages.law_citing import seen_or_open
from webapp.policy import Actor, Permission
from webapp.revisions.models import Listing, RecordLink
from webapp.rules import NotFound

CHANGE_WORDS = {"open": "待复核", "approved": "复核通过", "refused": "退回", "recalled": "收回"}
_TONES = {"open": "under", "approved": "settled", "refused": "wrong", "recalled": "quiet"}
_KIND_WORDS = dict(KINDS)
_HISTORY = 50


@dataclass(frozen=True)
class ChangeRow:
    """A proposed change with both texts; `reason_not` says why its viewer cannot approve it."""

    id: int
    key: str
    digest: str
    title: str
    address: str
    before: str
    after: str
    is_removal: bool
    reason: str
    state: str
    state_words: str
    tone: str
    who: str
    at: datetime
    decided_by: str
    decided_at: datetime | None
    reply: str
    version: int | None
    is_own: bool

    @property
    def name(self) -> str:
        """What a checkbox beside it is called."""
        return self.title


@dataclass(frozen=True)
class UseRow:
    """A power that names the contact, in the face its viewer has."""

    address: str
    code: str
    name: str
    section: str
    stage: str


@dataclass(frozen=True)
class DiallingRow:
    """One time the number was dialled."""

    day: date
    phone: str
    result: str
    is_right: bool
    note: str
    who: str


@dataclass(frozen=True)
class ContactPage:
    """What the screen shows."""

    key: str
    title: str
    kind: str
    rows: tuple[dict[str, str], ...]
    phone: str
    digest: str
    verified_on: date | None
    is_due: bool
    uses: tuple[UseRow, ...]
    total: int
    page: int
    pages: int
    sections: tuple[str, ...]
    diallings: tuple[DiallingRow, ...]
    changes: tuple[ChangeRow, ...]
    is_waiting: bool
    may_keep: bool
    may_dial: bool
    path: str
    today: date
    results: tuple[tuple[str, str], ...] = tuple(RESULT_WORDS.items())


@dataclass(frozen=True)
class ContactFormPage:
    """The form for a contact, new or as it stands; `current` is the text that stands now."""

    key: str
    title: str
    values: Mapping[str, str]
    digest: str
    current: str
    kinds: tuple[tuple[str, str], ...]
    units: tuple[str, ...]
    is_used: bool
    path: str


def contact_page(session: Session, key: str, day: date, *, page: int, viewer: Actor) -> ContactPage:
    """Return one contact on a day; raise NotFound. At most ten queries."""
    contact = current_directory(session).get(key)
    if contact is None:
        raise NotFound
    total = session.scalar(_uses(key, viewer, counted=True)) or 0
    pages = page_count(total)
    names = {section.id: section.name for section in section_names(session)}
    uses = session.execute(_uses(key, viewer).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all() if total else ()
    diallings = session.execute(
        select(Dialling, Person.name)
        .join(Person, Person.id == Dialling.person_id)
        .where(Dialling.key == key)
        .order_by(Dialling.day.desc(), Dialling.id.desc())
        .limit(_HISTORY),
    ).all()
    last = diallings[0][0] if diallings else None
    changes = read_changes(session, viewer, key=key, contacts={key: contact})
    return ContactPage(
        key=key,
        title=f"{unit_words(contact)} {phone_words(contact)}",
        kind=_KIND_WORDS[contact["kind"]],
        rows=tuple({"label": label, "value": contact.get(name) or ""} for name, label in LABELS.items()),
        phone=phone_of(contact),
        digest=contact_digest(contact),
        verified_on=last_verified(contact, last),
        is_due=due_to_dial(contact, day, last),
        uses=tuple(
            UseRow(_power_address(row), row.code, row.name, names.get(row.section_id, ""), row.stage) for row in uses
        ),
        total=total,
        page=page,
        pages=pages,
        sections=tuple(session.scalars(select(Section.name).where(Section.contact == key).order_by(Section.position))),
        diallings=tuple(
            DiallingRow(row.day, row.phone, RESULT_WORDS[row.result], row.result == "right", row.note, name)
            for row, name in diallings
        ),
        changes=changes,
        is_waiting=any(change.state == "open" for change in changes),
        may_keep=viewer.may(Permission.KEEP_DIRECTORY),
        may_dial=viewer.may(Permission.RECORD_DIALLING),
        path=f"{PATH}/contacts/{key}",
        today=day,
    )


def contact_form_page(session: Session, key: str) -> ContactFormPage:
    """Return the form of a contact, empty for an empty key; raise NotFound. At most five queries."""
    contacts = current_directory(session)
    contact = contacts.get(key)
    if key and contact is None:
        raise NotFound
    used = bool(key) and (
        session.scalar(select(RecordLink.record_id).where(*_linked(key)).limit(1)) is not None
        or session.scalar(select(Section.id).where(Section.contact == key).limit(1)) is not None
    )
    units = dict.fromkeys(each["unit"] for each in contacts.values() if each.get("unit"))
    return ContactFormPage(
        key=key,
        title=unit_words(contact) if contact else "",
        values=contact or {"kind": "consult", "unit": next(iter(units), "")},
        digest=contact_digest(contact),
        current=contact_text(contact) if contact else "",
        kinds=KINDS,
        units=tuple(units),
        is_used=used,
        path=f"{PATH}/contacts/{key}" if key else PATH,
    )


def read_changes(
    session: Session,
    viewer: Actor,
    *,
    key: str = "",
    is_open: bool = False,
    contacts: Mapping[str, Mapping[str, Any]],
) -> tuple[ChangeRow, ...]:
    """Return changes, the newest first: of one contact, or those that wait; two queries."""
    chosen = [*((DirectoryChange.key == key,) if key else ()), *((DirectoryChange.state == "open",) if is_open else ())]
    rows = session.scalars(
        select(DirectoryChange).where(*chosen).order_by(DirectoryChange.id.desc()).limit(_HISTORY)
    ).all()
    people = {number for row in rows for number in (row.proposed_by, row.decided_by) if number}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(people))) if people else ()
    names = {row[0]: row[1] for row in found}
    return tuple(_change_row(row, names, contacts.get(row.key), viewer) for row in rows)


def _change_row(
    row: DirectoryChange, names: Mapping[int, str], standing: Mapping[str, Any] | None, viewer: Actor
) -> ChangeRow:
    wanted = json.loads(row.contact) if row.contact else None
    shown = wanted or standing or {}
    return ChangeRow(
        id=row.id,
        key=row.key,
        digest=sha256_hex(row.contact),
        title=f"{unit_words(shown)} {phone_words(shown)}".strip() or row.key,
        address=f"{PATH}/contacts/{row.key}" if standing else "",
        before=contact_text(standing) if standing and row.before else "",
        after=contact_text(wanted) if wanted else "",
        is_removal=wanted is None,
        reason=row.reason,
        state=row.state,
        state_words=CHANGE_WORDS[row.state],
        tone=_TONES[row.state],
        who=names.get(row.proposed_by, ""),
        at=row.proposed_at,
        decided_by=names.get(row.decided_by or 0, ""),
        decided_at=row.decided_at,
        reply=row.reply,
        version=row.version,
        is_own=row.proposed_by == viewer.person,
    )


def _linked(key: str) -> tuple[Any, ...]:
    return (RecordLink.target_kind == "contact", RecordLink.target == key)


def _uses(key: str, viewer: Actor, *, counted: bool = False) -> Any:  # noqa: ANN401 - a count or rows
    columns = (Listing.record_id, Listing.face, Listing.code, Listing.name, Listing.section_id, Listing.stage)
    query = (
        select(*((func.count(),) if counted else columns))
        .select_from(Listing)
        .join(RecordLink, (RecordLink.record_id == Listing.record_id) & (RecordLink.face == Listing.face))
        .where(*_linked(key), seen_or_open(viewer))
    )
    return query if counted else query.order_by(Listing.sort_key, Listing.record_id)


def _power_address(row: Any) -> str:  # noqa: ANN401 - a row of the query above
    return f"/catalogue/{row.code}" if row.face == "approved" else f"/powers/{row.record_id}"
