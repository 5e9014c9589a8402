"""Asking that a power not be published: a new request, and changes to its draft. The rest is the chain's."""

import json
import re
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Bureau, Section
from webapp.policy import Actor
from webapp.revisions import operations as revisions
from webapp.revisions.kinds import Body
from webapp.revisions.models import Draft, Record
from webapp.revisions.reading import find_by_code
from webapp.rules import NotFound, RuleBroken
from webapp.withholdings.kind import WITHHOLDING, empty_body

TYPED = ("title", "power", "category", "kind", "basis", "reason", "until", "part")
_WHOLE = frozenset({"", "whole", "全部"})


def request_withholding(session: Session, by: Actor, values: Mapping[str, str], *, section: str) -> Record:
    """Make a request of a section of the person's own; it gets the next number of the register's own series."""
    row = session.scalars(select(Section).where((Section.name == section) | (Section.slug == section))).one_or_none()
    if row is None or row.id not in by.own_sections:
        raise RuleBroken("请选择您所在的科室。", "section")
    body = filled(empty_body(row.name), values)
    _check(session, by, body, before="")
    body["number"] = next_number(session)
    new = revisions.NewRecord(body=body, section=row.id, code=body["number"])
    return revisions.create_record(session, by, WITHHOLDING, new)


def change_withholding(
    session: Session,
    by: Actor,
    record_id: int,
    values: Mapping[str, str],
    *,
    seen_version: int | None,
) -> Draft:
    """Save a request's draft over the version the person saw; what the form does not name stays as it is."""
    record = revisions.lock_record(session, record_id)
    if record.kind != WITHHOLDING.key:
        raise NotFound
    revisions.require_editor(record, by)
    before: Body = json.loads(session.get_one(Draft, record_id).body)
    body = filled(before, values)
    _check(session, by, body, before=before["power"])
    return revisions.save_draft(session, by, WITHHOLDING, record_id, body, seen_version=seen_version)


def filled(body: Body, values: Mapping[str, str]) -> Body:
    """Return a body with what was typed; number, section and every other key are left alone."""
    typed = {name: values[name].replace("\r\n", "\n").strip() for name in TYPED if name in values}
    if typed.get("part", "-") in _WHOLE:
        typed["part"] = "whole"
    return {**body, **typed}


def next_number(session: Session) -> str:
    """Return the next number of the register; numbers are never used again, so gaps stay."""
    stem = f"{session.scalars(select(Bureau.code_prefix)).one()}-BG-"
    codes = session.scalars(select(Record.code).where(Record.kind == "withholding", Record.code.startswith(stem)))
    numbers = [int(found[1]) for code in codes if code and (found := re.fullmatch(r".*-(\d{1,9})", code))]
    return f"{stem}{max(numbers, default=0) + 1:03d}"


def _check(session: Session, by: Actor, body: Body, *, before: str) -> None:
    if not body["title"]:
        raise RuleBroken("请填写项目名称(用不涉密的名称)。", "title")
    # The person learns nothing of other sections' powers: one he may not name is answered like one that is not there.
    if body["power"] in {"", before}:
        return
    named = find_by_code(session, "power", body["power"])
    if named is None or named.section_id not in by.own_sections:
        raise RuleBroken("本科室没有这个编码的职权，请核对职权编码。", "power")
