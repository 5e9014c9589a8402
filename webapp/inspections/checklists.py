"""Writing checklists: a version is drafted by one person of those who inspect and published by another."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.characters import character_sentence
from webapp.digests import canonical, digest
from webapp.inspections.checklist_stages import checklist_act
from webapp.inspections.models import Checklist, ChecklistContent
from webapp.inspections.points import library_content, read_points
from webapp.journal import operations as journal
from webapp.policy import Actor, Permission
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

MAX_TITLE = 60


def keep_content(session: Session, content: Mapping[str, Any]) -> str:
    """Keep the points of a checklist under their digest, once; return it. Raises RuleBroken where they are none."""
    sections = read_points(content)
    keys = [point.key for section in sections for point in section.points]
    if not keys or len(set(keys)) != len(keys):
        raise RuleBroken("检查清单至少要有一个检查点，编号不能重复。请核对后再保存。")
    named = digest(content)
    if session.get(ChecklistContent, named) is None:
        session.add(ChecklistContent(digest=named, content=canonical(content)))
        session.flush()
    return named


def draft_checklist(
    session: Session, *, slug: str, title: str, basis_note: str, content: Mapping[str, Any], by: Actor
) -> Checklist:
    """Begin a version of a checklist; the first of its slug has number 1. One journal entry."""
    _require(by)
    if not title.strip() or len(title) > MAX_TITLE or character_sentence(title):
        raise RuleBroken(f"请填写清单名称，最多{MAX_TITLE}个字。", "title")
    last = session.scalar(select(func.max(Checklist.number)).where(Checklist.slug == slug)) or 0
    row = Checklist(
        slug=slug,
        number=last + 1,
        title=title.strip(),
        basis_note=basis_note.strip(),
        content_digest=keep_content(session, content),
        author_id=by.person,
        state_since=clock.now(),
    )
    session.add(row)
    session.flush()
    facts = {"slug": slug, "number": row.number, "content": row.content_digest}
    journal.write(session, by, "draft_checklist", f"checklist:{row.id}", facts)
    return row


def revise_checklist(session: Session, checklist_id: int, *, by: Actor) -> Checklist:
    """Begin the next version from the points of this one."""
    row = _found(session, checklist_id)
    standing = session.scalar(
        select(Checklist.id).where(Checklist.slug == row.slug, Checklist.state.in_(("draft", "in_review")))
    )
    if standing is not None:
        raise RuleBroken("该清单已有一个未启用的新版，请先办完那一版。")
    content = json.loads(session.get_one(ChecklistContent, row.content_digest).content)
    return draft_checklist(session, slug=row.slug, title=row.title, basis_note=row.basis_note, content=content, by=by)


def change_points(
    session: Session, checklist_id: int, *, texts: Mapping[str, tuple[str, str]], seen_version: int | None, by: Actor
) -> Checklist:
    """Change the words of a draft's points: key → (text, guidance); a point without text is taken out."""
    _require(by)
    row = _found(session, checklist_id)
    _check_version(row, seen_version)
    if row.state != "draft":
        raise Stale("该清单已送审或已启用，不能再改。需要修改的，请另起新版。")
    content = json.loads(session.get_one(ChecklistContent, row.content_digest).content)
    for section in content["sections"]:
        kept = []
        for item in section["items"]:
            text, guidance = texts.get(item["key"], (item["text"], item["guidance"]))
            if sentence := character_sentence(text + guidance):
                raise RuleBroken(sentence, f"text-{item['key']}")
            if text.strip():
                kept.append({**item, "text": text.strip(), "guidance": guidance.strip()})
        section["items"] = kept
    content["sections"] = [section for section in content["sections"] if section["items"]]
    named = keep_content(session, content)
    if named != row.content_digest:
        row.content_digest, row.version, row.author_id = named, row.version + 1, by.person
        journal.write(session, by, "change_checklist", f"checklist:{row.id}", {"content": named})
    return row


def advance_checklist(
    session: Session, checklist_id: int, event: str, *, note: str = "", seen_version: int | None, by: Actor
) -> Checklist:
    """Take an act on a version; publishing supersedes the version in force. One journal entry."""
    _require(by)
    row = _found(session, checklist_id)
    _check_version(row, seen_version)
    act = checklist_act(row.state, event, is_author=row.author_id == by.person, note=note)
    before, row.state, row.version, row.state_since = row.state, act.after, row.version + 1, clock.now()
    if act.needs_reason:
        row.reason = note.strip()
    if act.event == "publish":
        row.reviewed_by, row.effective_from, row.reason = by.person, clock.today(), ""
        for older in session.scalars(
            select(Checklist).where(Checklist.slug == row.slug, Checklist.state == "published", Checklist.id != row.id),
        ):
            older.state, older.state_since, older.version = "superseded", clock.now(), older.version + 1
    facts = {"event": event, "from": before, "to": row.state, "reason": digest(note), "content": row.content_digest}
    journal.write(session, by, "advance_checklist", f"checklist:{row.id}", facts)
    return row


def take_library(
    session: Session, checklists: Sequence[Mapping[str, Any]], *, by: Actor, reviewer: Actor
) -> list[Checklist]:
    """Take the checklists of a library in, each drafted by one and published by the other, as forms would do it."""
    taken = []
    for given in checklists:
        row = draft_checklist(
            session,
            slug=given["slug"],
            title=given["title"],
            basis_note=given["basis_note"],
            content=library_content(given),
            by=by,
        )
        advance_checklist(session, row.id, "submit", seen_version=row.version, by=by)
        taken.append(advance_checklist(session, row.id, "publish", seen_version=row.version, by=reviewer))
    return taken


def _require(by: Actor) -> None:
    if not by.may(Permission.INSPECT):
        raise NotAllowed("检查清单由督查员、领导小组办公室和局办公室编写、审核。")


def _found(session: Session, checklist_id: int) -> Checklist:
    row = session.scalars(select(Checklist).where(Checklist.id == checklist_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    return row


def _check_version(row: Checklist, seen: int | None) -> None:
    if seen is None:
        raise RuleBroken("请求不完整，请刷新页面后再试。")
    if seen != row.version:
        raise Stale("该清单刚刚被他人改动，本次操作没有保存。请刷新页面，看过现在的内容再办理。")
