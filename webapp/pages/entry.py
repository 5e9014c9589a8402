"""An entry as a page shows it, whoever looks at it: panels of rows in words, the basis judged, charts and contacts."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from webapp.directory.models import DirectoryVersion
from webapp.laws.reading import LawLibrary, read_library
from webapp.laws.validity import State
from webapp.powers.fields import BASIS_KINDS, BASIS_ROLES, PANELS
from webapp.powers.shapes import Audience
from webapp.powers.wording import Worded, worded
from webapp.revisions.models import Listing, Record

Contacts = Mapping[str, Mapping[str, Any]]

_EMPTY_WORDS = {"fees": "不收费", "statutory_limit": "未规定", "promised_limit": "未承诺", "flows": "没有流程图"}
_CONTACTS = frozenset({"contact", "supervision_contact"})
_KINDS, _ROLES = dict(BASIS_KINDS), dict(BASIS_ROLES)


@dataclass(frozen=True)
class ProblemMark:
    """A reviewer's comment as it stands at a field."""

    id: int
    severity: str
    text: str
    by: str = ""
    when: object = None
    reply: str = ""
    reply_kind: str = ""
    reply_address: str = ""


@dataclass(frozen=True)
class BasisLine:
    """A basis row with what the law library says of it on the reference date."""

    kind: str
    law: str
    edition: str
    article: str
    role: str
    judgement: str
    is_sound: bool


@dataclass(frozen=True)
class EntryRow:
    """One value of the entry: what is shown, and everything that is said about it."""

    name: str
    label: str
    value: str
    wanted: str = ""  # sentence about what is missing here
    warnings: tuple[str, ...] = ()
    problems: tuple[ProblemMark, ...] = ()
    changed: bool = False
    none_word: str = "无"
    basis: tuple[BasisLine, ...] = ()
    address: str = ""


@dataclass(frozen=True)
class EntryPanel:
    """Rows that stand together under one heading."""

    key: str
    heading: str
    rows: tuple[EntryRow, ...]


@dataclass(frozen=True)
class ChartRef:
    """A chart of the entry; `id` is 0 where the viewer may not open it."""

    number: str
    name: str
    id: int
    stage: str


@dataclass(frozen=True)
class Remarks:
    """What is said about single fields, each by the field's name."""

    missing: Mapping[str, str] = field(default_factory=dict)
    warnings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problems: Mapping[str, Sequence[ProblemMark]] = field(default_factory=dict)
    changed: Collection[str] = frozenset()
    edit_address: str = ""


def entry_panels(
    body: Mapping[str, Any],
    *,
    library: LawLibrary,
    contacts: Contacts,
    remarks: Remarks,
    audiences: Collection[Audience] = tuple(Audience),
) -> tuple[EntryPanel, ...]:
    """Return the panels of a body with the values those audiences may read, in the plan's order."""
    basis = basis_lines(body, library)
    by_panel: dict[str, list[EntryRow]] = {key: [] for key, _ in PANELS}
    for each in worded(body):
        if each.audience in audiences:
            by_panel[each.panel].append(_row(each, contacts, remarks, basis))
    return tuple(EntryPanel(key, heading, tuple(by_panel[key])) for key, heading in PANELS if by_panel[key])


def cited_library(session: Session, body: Mapping[str, Any]) -> LawLibrary:
    """Return the laws an entry cites, or, where one of them is written another way, the whole library."""
    names = {str(row["law"]) for row in body["basis"]}
    library = read_library(session, names)
    return library if all(library.law(name) for name in names if name) else read_library(session)


def basis_lines(body: Mapping[str, Any], library: LawLibrary) -> tuple[BasisLine, ...]:
    """Return the basis rows with the judgement for the entry's reference date."""
    lines = []
    for row in body["basis"]:
        judged = library.judge(row, body["reference_date"])
        lines.append(
            BasisLine(
                kind=_KINDS.get(row["kind"], row["kind"]),
                law=row["law"],
                edition=row["edition"],
                article=row["article"],
                role=_ROLES.get(row["role"], row["role"]),
                judgement=judged.sentence,
                is_sound=judged.state in {State.OK, State.UNKNOWN},
            ),
        )
    return tuple(lines)


def read_contacts(session: Session) -> Contacts:
    """Return the directory's approved contacts by key; one query."""
    text = session.scalar(
        select(DirectoryVersion.contacts)
        .where(DirectoryVersion.is_approved)
        .order_by(DirectoryVersion.number.desc())
        .limit(1),
    )
    return json.loads(text) if text else {}


def contact_words(key: str, contacts: Contacts) -> str:
    """Return a contact in words: telephone, unit and section, place, hours; the key where the directory lacks it."""
    found = contacts.get(key)
    if found is None:
        return f"通讯目录中没有“{key}”" if key else ""
    unit = f"{found.get('unit') or ''}{found.get('section') or ''}"
    parts = (found.get("phone"), unit, found.get("address"), found.get("hours"))
    return "；".join(str(part) for part in parts if part)


def read_charts(
    session: Session,
    numbers: Sequence[str],
    condition: ColumnElement[bool],
) -> tuple[ChartRef, ...]:
    """Return the charts of these numbers in their order, those the condition hides without name; one query or none."""
    if not numbers:
        return ()
    rows = session.execute(
        # A number is found through the record, which has an index of them; the listing has none.
        select(Listing.record_id, Listing.code, Listing.name, Listing.stage)
        .join(Record, Record.id == Listing.record_id)
        .where(Record.kind == "flow", Record.code.in_(numbers), condition),
    )
    known = {row.code: row for row in rows}
    return tuple(
        ChartRef(number, known[number].name, known[number].record_id, known[number].stage)
        if number in known
        else ChartRef(number, "", 0, "")
        for number in numbers
    )


def field_name(at: str) -> str:
    """Return the row a problem about an input belongs to: basis-0-law stands at basis, details-KEY-1 at details-KEY."""
    name, _, rest = at.partition("-")
    return f"details-{rest.partition('-')[0]}" if name == "details" and rest else name


def _row(each: Worded, contacts: Contacts, remarks: Remarks, basis: tuple[BasisLine, ...]) -> EntryRow:
    is_contact = each.name in _CONTACTS
    panel = f"#panel-{each.panel}" if each.name.startswith("details-") else f"#field-{each.name}"
    return EntryRow(
        name=each.name,
        label=each.heading,
        value=contact_words(each.text, contacts) if is_contact else each.text,
        wanted=remarks.missing.get(each.name, ""),
        warnings=tuple(remarks.warnings.get(each.name, ())),
        problems=tuple(remarks.problems.get(each.name, ())),
        changed=each.name in remarks.changed,
        none_word=_EMPTY_WORDS.get(each.name, "无"),
        basis=basis if each.name == "basis" else (),
        address=f"{remarks.edit_address}{panel}" if remarks.edit_address else "",
    )
