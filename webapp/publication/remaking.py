"""An edition that was released, made again without what was withdrawn since; and the one that follows it. Reads.

What an edition was made of is kept: approvals and their revisions, a version of the directory, and the `frame`, which
holds everything else (names of bureau and sections, addresses, words) as it stood that day. So an old bundle can be
stored anew however the bureau was renamed or divided since.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.publication.content import Change, EarlierEdition, EditionContent, PublicFlow, PublicPower, Section
from webapp.publication.gathering import Approved, approved_from, contacts_of
from webapp.publication.history import NOTICE, WITHDRAWN_NAME, history_of, listed_editions, replaced_digests
from webapp.publication.models import Edition, EditionItem, Replacement, Withdrawal
from webapp.reviews.models import Approval
from webapp.revisions.models import Record, Revision

_KEPT_ELSEWHERE = frozenset({"powers", "flows", "contacts", "replaces"})


@dataclass(frozen=True)
class Remade:
    """A released edition without what was withdrawn: its content, and what it holds now."""

    edition: Edition
    content: EditionContent
    powers: tuple[Approved, ...]
    items: tuple[tuple[int, int], ...]  # (record, approval)
    left_out: frozenset[str]  # codes of the powers that were in it


def frame_of(content: EditionContent) -> str:
    """Return as JSON what an edition is made of and no other row keeps."""
    kept = {each.name: getattr(content, each.name) for each in fields(content) if each.name not in _KEPT_ELSEWHERE}
    return json.dumps(kept, ensure_ascii=False, default=asdict)


def released_editions(session: Session) -> list[Edition]:
    """Return all released editions by audience and number."""
    return list(
        session.scalars(select(Edition).where(Edition.state == "released").order_by(Edition.audience, Edition.number)),
    )


def editions_telling_of(session: Session, record: Record, released: Sequence[Edition]) -> list[Edition]:
    """Return those editions in which a record can be read today: in its own place, or by name among the changes."""
    holding = set(session.scalars(select(EditionItem.edition_id).where(EditionItem.record_id == record.id)))
    rid = set(
        session.scalars(
            select(Replacement.edition_id)
            .join(Withdrawal, Withdrawal.id == Replacement.withdrawal_id)
            .where(Withdrawal.record_id == record.id),
        ),
    )
    return [
        edition
        for edition in released
        if edition.id not in rid and (edition.id in holding or record.code in _changed_codes(edition))
    ]


def remade(session: Session, edition: Edition, record: Record, released: Sequence[Edition], editions: Path) -> Remade:
    """Return an edition without a record, and without what was withdrawn from it before.

    Drawings are taken from its bundle under `editions`: what was published is not drawn anew.
    """
    gone = {record.id, *_gone_from(session, edition)}
    found = _items(session, edition)
    powers = tuple(one for one in found if one.kind == "power" and one.record not in gone)
    codes = frozenset(one.code for one in found if one.record in gone)
    numbers = {number for power in powers for number in power.public["flows"]}
    charts = [one for one in found if one.kind == "flow" and one.code in numbers]
    frame = _read_frame(edition.frame)
    named = {name for power in powers for name in _sections_of(power)}
    content = replace(
        frame,
        powers=_with_history(session, powers, _before(edition, released)),
        flows=tuple(
            PublicFlow(
                one.code, one.public, one.public_digest, one.lines, _drawing(editions / edition.folder, one.code)
            )
            for one in charts
        ),
        sections=tuple(section for section in frame.sections if section.name in named),
        contacts=contacts_of(session, edition.directory_version, powers),
        changes=tuple(
            replace(one, name=WITHDRAWN_NAME) if one.code in {*codes, record.code} else one for one in frame.changes
        ),
        notices={**frame.notices, **dict.fromkeys(sorted(codes), NOTICE)},
        replaces=(*replaced_digests(session, [edition]).get(edition.id, ()), edition.manifest_digest),
    )
    return Remade(edition, content, powers, tuple((one.record, one.approval) for one in (*powers, *charts)), codes)


def following(
    session: Session, last: Remade, code: str, day: date, released: Sequence[Edition], stored: Mapping[int, str]
) -> EditionContent:
    """Return the edition after the newest one that takes a power out of it and does nothing else.

    `stored`: by edition the digests of the manifests that were stored anew.
    """
    until = [*_before(last.edition, released), last.edition]
    listed = [
        replace(told, manifest_digest=stored[one.id], replaced=(*told.replaced, told.manifest_digest))
        if one.id in stored
        else told
        for one, told in zip(until, listed_editions(session, until), strict=True)
    ]
    return replace(
        last.content,
        number=last.edition.number + 1,
        date=day.isoformat(),
        powers=_with_history(session, last.powers, until),
        previous_manifest_digest=stored[last.edition.id],
        changes=(Change("removed", code, WITHDRAWN_NAME, day.isoformat()),),
        earlier_editions=tuple(listed),
        has_new_contacts=False,
        replaces=(),
    )


def _before(edition: Edition, released: Sequence[Edition]) -> list[Edition]:
    return [one for one in released if one.audience == edition.audience and one.number < edition.number]


def _gone_from(session: Session, edition: Edition) -> list[int]:
    """Return the records for whose withdrawal the edition's bundle was stored anew before."""
    return list(
        session.scalars(
            select(Withdrawal.record_id)
            .join(Replacement, Replacement.withdrawal_id == Withdrawal.id)
            .where(Replacement.edition_id == edition.id),
        ),
    )


def _changed_codes(edition: Edition) -> set[str]:
    return {change["code"] for change in json.loads(edition.frame)["changes"] if change["name"] != WITHDRAWN_NAME}


def _items(session: Session, edition: Edition) -> list[Approved]:
    return approved_from(
        session.execute(
            select(Record, Approval.id, Approval.lines, Revision)
            .join(EditionItem, EditionItem.record_id == Record.id)
            .join(Approval, Approval.id == EditionItem.approval_id)
            .join(Revision, Revision.id == Approval.revision_id)
            .where(EditionItem.edition_id == edition.id)
            .order_by(Record.code),
        ),
    )


def _with_history(session: Session, powers: Sequence[Approved], earlier: Sequence[Edition]) -> tuple[PublicPower, ...]:
    history = history_of(session, earlier, {power.record for power in powers})
    return tuple(
        PublicPower(one.code, one.public, one.public_digest, one.lines, history.get(one.record, ())) for one in powers
    )


def _sections_of(power: Approved) -> list[str]:
    return [power.public["section"], *power.public["joint_sections"], *power.public["support_sections"]]


def _drawing(folder: Path, number: str) -> str | None:
    file = folder / "flows" / number / "flow.svg"
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _read_frame(text: str) -> EditionContent:
    kept: dict[str, Any] = json.loads(text)
    return EditionContent(
        **{
            **kept,
            "powers": (),
            "flows": (),
            "contacts": {},
            "sections": tuple(Section(**one) for one in kept["sections"]),
            "changes": tuple(Change(**one) for one in kept["changes"]),
            "earlier_editions": tuple(
                EarlierEdition(**{**one, "replaced": tuple(one["replaced"])}) for one in kept["earlier_editions"]
            ),
            "synonyms": tuple(kept["synonyms"]),
            "who_handles": tuple(kept["who_handles"]),
        },
    )
