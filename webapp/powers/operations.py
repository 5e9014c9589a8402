"""Everything that changes an entry's draft or a shared clause."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock, scan
from webapp.accounts.models import Bureau, Section
from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.laws.reading import read_library
from webapp.policy import Actor
from webapp.powers import categories
from webapp.powers.checks import text_fault
from webapp.powers.clauses import offered_clauses, recognised
from webapp.powers.entry_forms import (
    CLAUSE_FIELDS,
    Form,
    choose_clauses,
    panel_of,
    read_entry,
    without_leftovers,
)
from webapp.powers.fields import PANELS, Body, empty_entry, field
from webapp.powers.kind import POWER
from webapp.powers.models import SharedClause
from webapp.powers.shapes import LONG
from webapp.powers.taking_over import taken_over
from webapp.revisions import operations as revisions
from webapp.revisions.models import Autosave, Draft, Record
from webapp.revisions.reading import seen_listing
from webapp.rules import NotAllowed, RuleBroken, Stale

_LOOSE = frozenset({"draft", "returned"})  # stages in which a draft is nobody's but the section's


@dataclass(frozen=True)
class ClauseChange:
    """A changed shared clause and what became of the entries that show it."""

    clause: int
    updated: int  # drafts that now show the new text
    left: int  # entries under review or approved, which were not touched


def create_power(session: Session, by: Actor, *, name: str, category: str, section: str) -> Record:
    """Make a new entry of a section with what is known already: the bureau, contacts, shared clauses."""
    row = session.scalars(select(Section).where((Section.name == section) | (Section.slug == section))).one_or_none()
    if row is None:
        raise RuleBroken("请选择承办部门。", "section")
    if categories.category(category) is None:
        raise RuleBroken("请选择职权类别。", "category")
    if not name.strip():
        raise RuleBroken("请填写项目名称。", "name")
    bureau = session.scalar(select(Bureau.name).where(Bureau.id == 1)) or ""
    body = empty_entry(category, section=row.name, body_name=bureau, reference_date=clock.today().isoformat())
    body["name"] = name.strip()
    body["contact"] = row.contact
    offered = offered_clauses(session, row.id, category)
    body.update({field_name: text for field_name, (_, text) in offered.items()})
    chosen = {field_name: number for field_name, (number, _) in offered.items()}
    return revisions.create_record(session, by, POWER, revisions.NewRecord(body, row.id, clauses=chosen))


def save_entry(session: Session, by: Actor, record_id: int, form: Form, *, seen_version: int | None) -> Draft:
    """Save what was posted over the version the person saw; what was not posted stays as it is.

    Citations are recognised, shared clauses put in. Raises BodyRefused (422), Stale (409), NotFound, NotAllowed.
    """
    seen_listing(session, by, POWER.key, record_id)
    record = revisions.lock_record(session, record_id)
    revisions.require_editor(record, by)
    draft = session.get_one(Draft, record_id)
    before = json.loads(draft.body)
    body = read_entry(form, before)
    if any(form.get("drop_details", ())):
        body = without_leftovers(body)
    if body["basis"] != before["basis"]:
        body = recognised(body, before, read_library(session))
    offered = offered_clauses(session, record.section_id, body["category"])
    body, chosen = choose_clauses(form, body, before, json.loads(draft.clauses), offered)
    return revisions.save_draft(session, by, POWER, record_id, body, seen_version=seen_version, clauses=chosen)


def take_over(
    session: Session,
    by: Actor,
    record_id: int,
    theirs: Body,
    names: Collection[str],
    *,
    seen_version: int | None,
) -> list[str]:
    """Put the named values of another entry of the category into a draft; returns the headings of what changed.

    `theirs` is what the person could read of the other entry. Raises as `save_entry` does.
    """
    seen_listing(session, by, POWER.key, record_id)
    record = revisions.lock_record(session, record_id)
    revisions.require_editor(record, by)
    if not names:
        raise RuleBroken("请至少勾选一栏。", "take")
    draft = session.get_one(Draft, record_id)
    body, headings = taken_over(json.loads(draft.body), theirs, names)
    linked: dict[str, int] = json.loads(draft.clauses)
    kept = {name: number for name, number in linked.items() if name not in names}
    revisions.save_draft(session, by, POWER, record_id, body, seen_version=seen_version, clauses=kept)
    return headings


def autosave_entry(
    session: Session,
    by: Actor,
    record_id: int,
    *,
    panel: str,
    seen_version: int,
    content: Sequence[tuple[str, str]],
) -> Autosave | None:
    """Keep what was typed into one panel and is not saved; None where it says what the draft says already.

    Only inputs of that panel are kept, whatever else was posted. Not an act, so not journalled. The record is locked
    and citations are recognised as by a save: what was on its way when the draft was saved is nothing unsaved.
    """
    seen_listing(session, by, POWER.key, record_id)
    record = revisions.lock_record(session, record_id)
    revisions.require_editor(record, by)
    if record.stage not in revisions.EDITABLE:
        raise RuleBroken("本事项正在审核中，不能修改，所填内容未暂存。需要修改的，请先收回或等待退回。")
    if panel not in dict(PANELS):
        raise RuleBroken("没有这一部分，未暂存。请刷新页面后再试。", "panel")
    kept = [(name, value) for name, value in content if panel_of(name) == panel]
    form: dict[str, list[str]] = {}
    for name, value in kept:
        form.setdefault(name, []).append(value)
    draft = session.get_one(Draft, record_id)
    before = json.loads(draft.body)
    offered = offered_clauses(session, record.section_id, before["category"])
    linked: dict[str, int] = json.loads(draft.clauses)
    read = read_entry(form, before)
    if read["basis"] != before["basis"]:
        read = recognised(read, before, read_library(session))
    typed, chosen = choose_clauses(form, read, before, linked, offered)
    if typed == before and chosen == linked:
        old = session.get(Autosave, (record_id, by.account, panel))
        if old is not None:
            session.delete(old)
        return None
    return revisions.autosave(session, by, record_id, panel=panel, seen_version=seen_version, content=kept)


def discard_typed(session: Session, by: Actor, record_id: int) -> None:
    """Forget what this person typed into a draft and did not save."""
    seen_listing(session, by, POWER.key, record_id)
    revisions.discard_autosaves(session, by, record_id)


def change_shared_clause(
    session: Session,
    by: Actor,
    *,
    section: int,
    category: str,
    field_name: str,
    content: str,
    seen_version: int | None,
) -> ClauseChange:
    """Change a shared clause and with it the section's drafts that show it; one journal entry.

    An empty text takes the clause back: entries keep the text they show. Entries under review or approved stay as they
    are and are counted. `seen_version` is 0 for a clause that was not there.
    """
    _check_clause(by, section, category, field_name, content)
    text = content.replace("\r\n", "\n").replace("\r", "\n").strip()
    clause = session.scalars(
        select(SharedClause)
        .where(
            SharedClause.section_id == section,
            SharedClause.category == category,
            SharedClause.field == field_name,
        )
        .with_for_update(),
    ).one_or_none()
    if seen_version is None:
        raise RuleBroken("缺少版本号，未保存。请刷新页面后再试。", "seen_version")
    if seen_version != (clause.version if clause else 0):
        raise Stale(
            "该共用条款已被他人修改，本次内容未保存。请对照两份内容后再保存。",
            current=clause.content if clause else "",
        )
    if clause is None:
        clause = SharedClause(section_id=section, category=category, field=field_name, version=0)
        session.add(clause)
    elif clause.content == text:
        return ClauseChange(clause.id, 0, 0)
    clause.content, clause.version = text, clause.version + 1
    clause.edited_by, clause.edited_at = by.person, clock.now()
    session.flush()
    updated, left = _show_clause(session, by, clause) if text else (0, 0)
    journal.write(
        session,
        by,
        "change_shared_clause",
        f"shared_clause:{clause.id}",
        {"version": clause.version, "content": digest(text), "drafts": updated, "left": left},
    )
    return ClauseChange(clause.id, updated, left)


def _check_clause(by: Actor, section: int, category: str, field_name: str, content: str) -> None:
    if section not in by.own_sections:
        raise NotAllowed("只能修改本科室的共用条款。")
    if categories.category(category) is None:
        raise RuleBroken("请选择职权类别。", "category")
    if field_name not in CLAUSE_FIELDS:
        raise RuleBroken("这一栏不能使用共用条款。", "field")
    fault = text_fault(content.replace("\r\n", "\n"), several=True, longest=LONG)
    if fault:
        raise RuleBroken(f"“{field(field_name).heading}”{fault}", "content")
    if sentence := scan.secrecy_sentence(content):
        raise RuleBroken(sentence, "content")


def _show_clause(session: Session, by: Actor, clause: SharedClause) -> tuple[int, int]:
    """Put the new text into the drafts that show the clause; return how many, and how many were left alone."""
    updated = left = 0
    rows = session.execute(
        select(Record, Draft)
        .join(Draft, Draft.record_id == Record.id)
        .where(Record.kind == POWER.key, Record.section_id == clause.section_id)
        .order_by(Record.id)
        .with_for_update(),
    ).all()
    for record, draft in rows:
        linked: dict[str, Any] = json.loads(draft.clauses)
        if linked.get(clause.field) != clause.id:
            continue
        if record.stage not in _LOOSE:
            left += 1
            continue
        body = json.loads(draft.body)
        body[clause.field] = clause.content
        draft.body, draft.version = json.dumps(body, ensure_ascii=False), draft.version + 1
        draft.edited_at, draft.edited_by = clock.now(), by.person
        revisions.note_editor(session, record.id, by)
        updated += 1
    session.flush()
    return updated, left
