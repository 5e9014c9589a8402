"""Rows of a file that name powers which are there already: the same, a change of the draft, or left alone.

`propose_changes` only reads. Changes are taken through `revisions.operations.save_draft`, whose rules decide: the own
section's drafts only, nothing that is under review, nothing over somebody else's save.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.policy import Actor
from webapp.powers.fields import FIELDS, Body, check_entry, heading_at, split_line
from webapp.powers.kind import POWER
from webapp.powers.table_changes import FieldChange, RowChange, row_change, shown_value
from webapp.reviews.import_report import Refusal
from webapp.reviews.uploads import Upload
from webapp.revisions import operations as revisions
from webapp.revisions.models import Draft, Listing, Record
from webapp.rules import NotFound, RuleBroken

_PART = 500
_IN_REVIEW = "本事项正在审核，未作改动；需要修改的，请先收回或等待退回。"
_FOREIGN = "编码已存在，不是本科室的事项，未作改动。"


@dataclass(frozen=True)
class ProposedChange:
    """A row that changes a power: the record, the version of its draft that was compared, the body as it would be."""

    row: int
    record: int
    version: int
    code: str
    name: str
    body: Body
    fields: tuple[FieldChange, ...]
    is_revising: bool = False  # the draft is newer than what was approved

    def as_json(self) -> list[Any]:
        """Return what has to be kept to take it."""
        return [self.row, self.record, self.version, self.body, [each.name for each in self.fields]]


@dataclass
class Proposals:
    """What the rows with known codes come to; `upload` holds the other rows."""

    upload: Upload
    changes: list[ProposedChange] = field(default_factory=list)
    same: list[tuple[int, str]] = field(default_factory=list)  # row, name
    refusals: list[Refusal] = field(default_factory=list)


def propose_changes(session: Session, by: Actor, upload: Upload) -> Proposals:
    """Compare the rows of a file that name powers which are there already with their drafts. Three queries per 500."""
    codes = {row: code for row, code in _codes(upload).items() if row not in upload.left_out}
    known = _known(session, set(codes.values()))
    rows = {row: code for row, code in codes.items() if code in known}
    if not rows:
        return Proposals(upload)
    read: dict[int, Body] = {row: split_line(line)[1] for row, line in upload.lines if isinstance(line, dict)}
    refused: dict[int, list[Refusal]] = {}
    for refusal in upload.refusals:
        refused.setdefault(refusal.row, []).append(refusal)
    proposals = Proposals(_without(upload, rows.keys()))
    is_public = _public_flows(session)
    seen: set[str] = set()
    for row, code in sorted(rows.items()):
        if code in seen:
            proposals.refusals.append(_refusal(upload, row, "code", code, "编码或图号在文件中重复。"))
            continue
        seen.add(code)
        record, draft, is_approved = known[code]
        if record.section_id not in by.own_sections and record.entered_by != by.person:
            proposals.refusals.append(_refusal(upload, row, "code", code, _FOREIGN))
            continue
        body: Body = json.loads(draft.body)
        change = _change(upload, body, is_public, row, read.get(row), refused.get(row, []))
        if isinstance(change, list):
            proposals.refusals += change
        elif not change.fields:
            proposals.same.append((row, body["name"]))
        elif record.stage not in revisions.EDITABLE:
            proposals.refusals.append(_refusal(upload, row, "code", code, _IN_REVIEW))
        else:
            revising = is_approved and record.stage == "draft"
            proposals.changes.append(
                ProposedChange(
                    row, record.id, draft.version, code, body["name"], change.body, tuple(change.fields), revising
                ),
            )
    return proposals


def take_changes(session: Session, by: Actor, kept: Sequence[Sequence[Any]]) -> tuple[int, list[Refusal]]:
    """Take proposed changes as edits of their drafts; return how many, and those that could not be taken any more."""
    taken = 0
    refusals = []
    for row, record, version, body, names in kept:
        try:
            with session.begin_nested():
                draft = session.get(Draft, record)
                linked: Mapping[str, int] = json.loads(draft.clauses) if draft else {}
                clauses = {name: number for name, number in linked.items() if name not in names}
                revisions.save_draft(session, by, POWER, record, body, seen_version=version, clauses=clauses)
            taken += 1
        except NotFound:
            refusals.append(Refusal(row, "code", "", "事项已不在本科室，未作改动。"))
        except RuleBroken as why:
            refusals.append(Refusal(row, why.field or "code", "", why.message))
    return taken, refusals


def _change(
    upload: Upload,
    body: Body,
    is_public: Callable[[str], bool],
    row: int,
    read: Body | None,
    refused: Sequence[Refusal],
) -> RowChange | list[Refusal]:
    """Return what a row changes, or why it cannot be said."""
    if not upload.columns:
        if read is None:
            return list(refused)
        change = _line_change(body, read)
    else:
        whole = [one for one in refused if one.place is None]
        if whole:
            return whole
        places = {one.place for one in refused if one.place is not None}
        change = row_change(body, is_public, upload.columns, upload.cells.get(row, ()), read, refused=places)
        if change.problems:
            return [
                next(
                    (one for one in refused if one.place == place and not why),
                    _refusal_at(upload, row, place, why),
                )
                for place, why in change.problems
            ]
    wrong = check_entry(change.body) if change.fields else []
    return [_refusal(upload, row, each.field, "", each.sentence, body=change.body) for each in wrong] or change


def _line_change(body: Body, read: Body) -> RowChange:
    change = RowChange(dict(body))
    for each in FIELDS:
        if each.name in read and read[each.name] != body[each.name]:
            old = shown_value(each, body)
            change.body[each.name] = read[each.name]
            change.fields.append(FieldChange(each.name, each.heading, old, shown_value(each, change.body)))
    return change


def _codes(upload: Upload) -> dict[int, str]:
    """Return the code each row of a power names."""
    if not upload.columns:
        lines = ((row, line) for row, line in upload.lines if isinstance(line, dict))
        return {row: str(line["code"]) for row, line in lines if line.get("record") == "power" and line.get("code")}
    place = next((each.place for each in upload.columns if each.target == "code"), None)
    if place is None:
        return {}
    passed = {row for row, _ in upload.passed_over}
    return {
        row: cells[place].strip()
        for row, cells in upload.cells.items()
        if row > upload.header and row not in passed and len(cells) > place and cells[place].strip()
    }


def _known(session: Session, codes: set[str]) -> dict[str, tuple[Record, Draft, bool]]:
    """Return the powers with these codes: record, draft, and whether an approved face stands."""
    found: dict[str, tuple[Record, Draft, bool]] = {}
    ordered = sorted(codes)
    for start in range(0, len(ordered), _PART):
        part = ordered[start : start + _PART]
        rows = session.execute(
            select(Record, Draft, Listing.record_id)
            .join(Draft, Draft.record_id == Record.id)
            .outerjoin(Listing, (Listing.record_id == Record.id) & (Listing.face == "approved"))
            .where(Record.kind == POWER.key, Record.code.in_(part)),
        )
        found.update({str(record.code): (record, draft, approved is not None) for record, draft, approved in rows})
    return found


def _public_flows(session: Session) -> Callable[[str], bool]:
    rows = session.execute(select(Listing.code, Listing.category).where(Listing.kind == "flow")).all()
    inside = {code for code, category in rows if category != "external"}
    return ({code for code, _ in rows} - inside).__contains__


def _without(upload: Upload, rows: Any) -> Upload:  # noqa: ANN401 - the keys of a dict
    return Upload(
        lines=[each for each in upload.lines if each[0] not in rows],
        refusals=[each for each in upload.refusals if each.row not in rows],
        mended=[each for each in upload.mended if each[0] not in rows],
        passed_over=upload.passed_over,
        notes=upload.notes,
        columns=upload.columns,
        header=upload.header,
        sentence=upload.sentence,
        left_out=upload.left_out,
        cells=upload.cells,
    )


def _refusal(upload: Upload, row: int, name: str, value: str, why: str, body: Body | None = None) -> Refusal:
    target = name.partition("-")[0]
    column = next((each for each in upload.columns if each.target.partition("-")[0] == target), None)
    if column is None:
        heading = heading_at(name, body) if body is not None else ""
        return Refusal(row, heading or name, value, why)
    return Refusal(row, column.word, value, why, column.place)


def _refusal_at(upload: Upload, row: int, place: int, why: str) -> Refusal:
    word = next((each.word for each in upload.columns if each.place == place), "")
    cells = upload.cells.get(row, ())
    value = cells[place][:80] if place < len(cells) else ""
    return Refusal(row, word, value, why if why.endswith("。") else f"{why}。", place)
