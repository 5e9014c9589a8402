"""What an edition says of those before it: history lines, changes, the list of editions and their digests. Reads.

Of a power that was taken back only its code is said: its name may be what must no longer be read.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.publication.content import Change, ChangeKind, EarlierEdition, HistoryLine
from webapp.publication.models import Edition, EditionItem, Replacement
from webapp.reviews.models import Approval
from webapp.revisions.models import Record, Revision

NOTICE = "本事项已撤下，现不公开。"
WITHDRAWN_NAME = "已撤下的事项"


def history_of(
    session: Session,
    editions: Sequence[Edition],
    records: set[int],
) -> dict[int, tuple[HistoryLine, ...]]:
    """Return per record the released editions in which it came in or changed."""
    if not editions:
        return {}
    rows = session.execute(
        select(EditionItem.record_id, Edition.number, Edition.day, Revision.public_digest)
        .join(Edition, Edition.id == EditionItem.edition_id)
        .join(Approval, Approval.id == EditionItem.approval_id)
        .join(Revision, Revision.id == Approval.revision_id)
        .where(Edition.id.in_([one.id for one in editions]))
        .order_by(EditionItem.record_id, Edition.number),
    )
    lines: dict[int, tuple[HistoryLine, ...]] = {}
    for record, number, day, public_digest in rows:
        known = lines.get(record, ())
        if record in records and (not known or known[-1].public_digest != public_digest):
            kind: ChangeKind = "changed" if known else "added"
            lines[record] = (*known, HistoryLine(number, day.isoformat(), kind, public_digest))
    return lines


def changes_since(
    session: Session,
    last: Edition | None,
    now: Mapping[str, tuple[str, str]],
    day: date,
    *,
    unnamed: Collection[str],
) -> tuple[Change, ...]:
    """Return what differs from the last edition, by code; `now` holds public digest and name by code.

    `unnamed`: codes of which the name is not said any more.
    """
    if last is None:
        return ()
    rows = session.execute(
        select(Record.code, Revision.public_digest, Revision.public)
        .join(EditionItem, EditionItem.record_id == Record.id)
        .join(Approval, Approval.id == EditionItem.approval_id)
        .join(Revision, Revision.id == Approval.revision_id)
        .where(EditionItem.edition_id == last.id, Record.kind == "power"),
    )
    before = {row.code: (row.public_digest, json.loads(row.public)["name"]) for row in rows}
    changes = []
    for code in sorted(before.keys() | now.keys()):
        if code not in now:
            name = WITHDRAWN_NAME if code in unnamed else before[code][1]
            changes.append(Change("removed", code, name, day.isoformat()))
        elif code not in before:
            changes.append(Change("added", code, now[code][1], day.isoformat()))
        elif before[code][0] != now[code][0]:
            changes.append(Change("changed", code, now[code][1], day.isoformat()))
    return tuple(changes)


def published_before(session: Session, editions: Sequence[Edition], records: Collection[int]) -> frozenset[int]:
    """Return those of the records that stood in one of the editions."""
    if not editions or not records:
        return frozenset()
    return frozenset(
        session.scalars(
            select(EditionItem.record_id)
            .where(EditionItem.edition_id.in_([one.id for one in editions]), EditionItem.record_id.in_(records))
            .distinct(),
        ),
    )


def replaced_digests(session: Session, editions: Sequence[Edition]) -> dict[int, tuple[str, ...]]:
    """Return per edition the digests its manifest had before bundles were stored anew, the oldest first."""
    found: dict[int, tuple[str, ...]] = {}
    rows = session.execute(
        select(Replacement.edition_id, Replacement.manifest_digest)
        .where(Replacement.edition_id.in_([one.id for one in editions]))
        .order_by(Replacement.id),
    )
    for edition, digest in rows:
        found[edition] = (*found.get(edition, ()), digest)
    return found


def listed_editions(session: Session, editions: Sequence[Edition]) -> tuple[EarlierEdition, ...]:
    """Return the editions as a later one lists them, with the digests their bundles have now and had before."""
    replaced = replaced_digests(session, editions)
    return tuple(
        EarlierEdition(one.number, one.day.isoformat(), one.manifest_digest, replaced.get(one.id, ()))
        for one in editions
    )
