"""The items of a section's package as its viewer may see them: where each stands, and what a draft still lacks."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, case, select
from sqlalchemy.orm import Session

from webapp.pages.review_words import KIND_LABELS, PATHS
from webapp.policy import Actor, Permission
from webapp.reviews.chain import STAGE_LABELS
from webapp.reviews.kinds import KINDS
from webapp.revisions.models import Draft, Listing
from webapp.revisions.reading import visible_to

MAX_ITEMS = 500  # rows on the page; a section of the sample has 125
MAX_CHECKED = 300  # drafts whose completeness is looked at on one page
_Found = Row[int, str, str, str, str, str, str]  # record, kind, code, name, stage, face, disclosure
_LOOSE = ("draft", "returned")
# What needs the section comes first.
_ORDER = case(
    (Listing.stage == "returned", 0), (Listing.stage == "draft", 1), (Listing.stage == "section_review", 2), else_=3
)


@dataclass(frozen=True)
class ItemRow:
    """One item. `ready`: `kind:id:version` of a draft that may be handed in, "" for any other."""

    kind: str
    code: str
    name: str
    address: str
    stage: str
    state: str
    note: str
    ready: str


@dataclass(frozen=True)
class PackageItems:
    """The items, and how many are not shown."""

    rows: tuple[ItemRow, ...]
    more: int
    ready: int
    incomplete: int


def package_items(session: Session, section: int, *, viewer: Actor) -> PackageItems:
    """Return a section's items of every kind; two queries. Completeness is told to the section only."""
    found = session.execute(
        select(
            Listing.record_id, Listing.kind, Listing.code, Listing.name, Listing.stage, Listing.face, Listing.disclosure
        )
        .where(Listing.section_id == section, visible_to(viewer), *_open_kinds(viewer))
        .order_by(_ORDER, Listing.kind.desc(), Listing.sort_key, Listing.record_id)
        .limit(MAX_ITEMS + 1),
    ).all()
    shown = found[:MAX_ITEMS]
    lacks, versions = _looked_at(session, shown, section, viewer)
    rows = [_row(row, lacks, versions) for row in shown]
    return PackageItems(
        rows=tuple(rows),
        more=len(found) - len(shown),
        ready=sum(bool(row.ready) for row in rows),
        incomplete=sum(bool(sentence) for sentence in lacks.values()),
    )


def _open_kinds(viewer: Actor) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that leaves out requests not to publish for whoever may not read their register."""
    return () if viewer.may(Permission.SEE_WITHHOLDINGS) else (Listing.kind != "withholding",)


def _looked_at(
    session: Session, rows: Sequence[_Found], section: int, viewer: Actor
) -> tuple[dict[int, str], dict[int, int]]:
    """Return what each draft lacks in words, "" for nothing, and its version."""
    if section not in viewer.own_sections:
        return {}, {}
    kinds = {row.record_id: row.kind for row in rows if row.stage in _LOOSE and row.face == "draft"}
    asked = list(kinds)[:MAX_CHECKED]
    lacks, versions = {}, {}
    for draft in session.execute(select(Draft.record_id, Draft.body, Draft.version).where(Draft.record_id.in_(asked))):
        missing = KINDS[kinds[draft.record_id]].missing(json.loads(draft.body))
        lacks[draft.record_id] = f"尚缺{len(missing)}项：{missing[0].sentence}" if missing else ""
        versions[draft.record_id] = draft.version
    return lacks, versions


def _row(row: _Found, lacks: dict[int, str], versions: dict[int, int]) -> ItemRow:
    lack = lacks.get(row.record_id)
    note = lack or ("填报齐全，可以送审" if lack == "" and row.stage == "draft" else "")
    if row.stage == "returned":
        note = lack or "请逐条答复意见，修改后重新送审"
    is_ready = lack == "" and row.stage == "draft"
    return ItemRow(
        kind=KIND_LABELS[row.kind],
        code=row.code,
        name=row.name,
        address=f"{PATHS[row.kind]}/{row.record_id}",
        stage=row.stage,
        state=STAGE_LABELS.get(row.stage, row.stage),
        note=note,
        ready=f"{row.kind}:{row.record_id}:{versions[row.record_id]}" if is_ready else "",
    )
