"""Changing the directory: a change of one contact is proposed by one person and approved by another."""

import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Section
from webapp.digests import canonical, sha256_hex
from webapp.directory.contacts import check_contacts, contact_digest
from webapp.directory.models import Dialling, DirectoryChange, DirectoryVersion
from webapp.directory.reading import contact_text, current_directory
from webapp.journal import operations as journal
from webapp.policy import Actor, Permission
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

_GONE = "没有找到这条修改，可能刚刚有变动。请刷新页面后再试。"


def load_directory(
    session: Session, contacts: Mapping[str, Mapping[str, Any]], *, by: Actor | None
) -> DirectoryVersion:
    """Keep a new version of the whole table; the same content again changes nothing.

    Raises RuleBroken where a contact is not one (`contacts.check_contacts`).
    """
    if faults := check_contacts(contacts):
        raise RuleBroken(faults[0] if len(faults) == 1 else f"{faults[0]}(共{len(faults)}处)")
    digest = sha256_hex(canonical(contacts))
    last = _last_version(session)
    if last is not None and last.digest == digest:
        return last
    version = _new_version(session, contacts, by)
    journal.write(session, by, "change_directory", "directory", {"version": version.number, "digest": digest})
    return version


def propose_contact(
    session: Session, key: str, contact: Mapping[str, str] | None, *, reason: str, seen_digest: str | None, by: Actor
) -> DirectoryChange:
    """Propose what a contact is to be; None takes it out, an empty key adds one. It waits for a second person.

    `seen_digest` names the contact that was on screen ("" for a new one). Raises Stale where it is another now, or
    where a change of it waits already. The day of dialling stays only as long as the number does.
    """
    _require(by, Permission.KEEP_DIRECTORY)
    if seen_digest is None:
        raise RuleBroken("缺少校验码，未保存。请刷新页面后再试。", "seen_digest")
    contacts = current_directory(session)
    if not key and contact is not None:
        key = _new_key(session, contacts, contact["kind"])
    before = contacts.get(key)
    if before is None and (contact is None or seen_digest):
        raise NotFound("通讯目录中没有这一条，可能刚刚被删去。请刷新页面后再试。")
    waiting = session.scalars(
        select(DirectoryChange).where(DirectoryChange.key == key, DirectoryChange.state == "open")
    ).one_or_none()
    if waiting is not None:
        current = contact_text(json.loads(waiting.contact)) if waiting.contact else "拟删去这一条"
        raise Stale("这一条已有修改待复核，本次内容未保存。请先复核、退回或收回那一条，再提出。", current)
    if contact_digest(before) != seen_digest:
        current = contact_text(before) if before else ""
        raise Stale("这一条已被他人修改，本次内容未保存。请对照两份内容后再保存。", current)
    text = ""
    if contact is not None:
        wanted = dict(contact)
        if before and before.get("verified_on") and before.get("phone") == wanted.get("phone"):
            wanted["verified_on"] = before["verified_on"]
        if wanted == before:
            raise RuleBroken("内容没有变化，无需提出。")
        text = json.dumps(wanted, ensure_ascii=False)
    change = DirectoryChange(
        key=key, contact=text, before=seen_digest, reason=reason, proposed_by=by.person, proposed_at=clock.now()
    )
    session.add(change)
    session.flush()
    facts = {"change": change.id, "content": sha256_hex(text), "reason": sha256_hex(reason)}
    journal.write(session, by, "propose_contact", f"contact:{key}", facts)
    return change


def approve_changes(
    session: Session, seen: Mapping[int, str], *, in_use: Collection[str], by: Actor
) -> DirectoryVersion:
    """Let changes count: one new version with all of them; one journal entry.

    `seen` gives for each change the digest of what was on screen. `in_use` names the contacts that entries cite: one
    of them, and one that a section names, cannot vanish. Raises NotAllowed for who proposed one of them himself.
    """
    _require(by, Permission.KEEP_DIRECTORY)
    if not seen:
        raise RuleBroken("请勾选要复核的修改。", "change")
    changes = [_open_change(session, number, seen_digest) for number, seen_digest in sorted(seen.items())]
    contacts = current_directory(session)
    used = {*in_use, *session.scalars(select(Section.contact).where(Section.contact != ""))}
    for change in changes:
        if change.proposed_by == by.person:
            raise NotAllowed("修改由您提出，须由另一人复核。")
        before = contacts.get(change.key)
        if contact_digest(before) != change.before:
            raise Stale("这一条在提出之后又有变动，未予通过。请退回后重新提出。", contact_text(before or {}))
        if change.contact:
            contacts[change.key] = json.loads(change.contact)
            continue
        if change.key in used:
            raise RuleBroken("仍有职权或科室使用这一条，不能删去。请先将其改用别的联系方式，或退回这条修改。")
        del contacts[change.key]
    if faults := check_contacts(contacts):
        raise RuleBroken(faults[0])
    version = _new_version(session, contacts, by)
    for change in changes:
        change.state, change.decided_by, change.decided_at = "approved", by.person, clock.now()
        change.version = version.number
    session.flush()
    facts = {"version": version.number, "digest": version.digest, "entries": [change.id for change in changes]}
    journal.write(session, by, "change_directory", "directory", facts)
    return version


def refuse_change(session: Session, change_id: int, *, reply: str, seen_digest: str | None, by: Actor) -> None:
    """Send a change back to whoever proposed it, with the reason."""
    _require(by, Permission.KEEP_DIRECTORY)
    change = _open_change(session, change_id, seen_digest)
    if change.proposed_by == by.person:
        raise NotAllowed("修改由您提出，不能自己退回；不再需要的，请收回。")
    _close(session, change, "refused", by, reply)


def recall_change(session: Session, change_id: int, *, seen_digest: str | None, by: Actor) -> None:
    """Take one's own change back before anybody decided on it."""
    _require(by, Permission.KEEP_DIRECTORY)
    change = _open_change(session, change_id, seen_digest)
    if change.proposed_by != by.person:
        raise NotAllowed("只有提出人可以收回；您可以复核通过或退回。")
    _close(session, change, "recalled", by, "")


def record_dialling(
    session: Session, key: str, *, phone: str, day: date, result: str, note: str, by: Actor
) -> Dialling:
    """Keep that the number on screen was dialled; `phone` is that number. Raises Stale where it is another by now."""
    _require(by, Permission.RECORD_DIALLING)
    contact = current_directory(session).get(key)
    if contact is None:
        raise NotFound("通讯目录中没有这一条，可能刚刚被删去。请刷新页面后再试。")
    stands = contact.get("phone") or contact.get("short_number") or ""
    if phone != stands:
        raise Stale("这一条的电话刚刚更改，本次登记未保存。请按现在的号码拨打后再登记。", stands)
    dialled = Dialling(key=key, phone=phone, day=day, result=result, note=note, person_id=by.person, at=clock.now())
    session.add(dialled)
    session.flush()
    facts = {"date": day.isoformat(), "result": result}
    journal.write(session, by, "record_dialling", f"contact:{key}", facts)
    return dialled


def _close(session: Session, change: DirectoryChange, state: str, by: Actor, reply: str) -> None:
    change.state, change.reply, change.decided_by, change.decided_at = state, reply, by.person, clock.now()
    session.flush()
    action = "refuse_contact" if state == "refused" else "recall_contact"
    journal.write(session, by, action, f"contact:{change.key}", {"change": change.id, "reason": sha256_hex(reply)})


def _open_change(session: Session, change_id: int, seen_digest: str | None) -> DirectoryChange:
    change = session.get(DirectoryChange, change_id, with_for_update=True)
    if change is None:
        raise NotFound(_GONE)
    if not seen_digest:
        raise RuleBroken("缺少校验码，未办理。请刷新页面后再试。", "seen_digest")
    if change.state != "open" or seen_digest != sha256_hex(change.contact):
        raise Stale("这条修改刚刚已有人办理，本次操作未保存。请刷新页面查看。")
    return change


def _last_version(session: Session) -> DirectoryVersion | None:
    return session.scalars(select(DirectoryVersion).order_by(DirectoryVersion.number.desc()).limit(1)).one_or_none()


def _new_version(session: Session, contacts: Mapping[str, Mapping[str, Any]], by: Actor | None) -> DirectoryVersion:
    last = _last_version(session)
    version = DirectoryVersion(
        number=last.number + 1 if last else 1,
        contacts=json.dumps(contacts, ensure_ascii=False),
        digest=sha256_hex(canonical(contacts)),
        is_approved=True,
        edited_by=by.person if by else None,
        edited_at=clock.now(),
    )
    session.add(version)
    session.flush()
    return version


def _new_key(session: Session, contacts: Mapping[str, object], kind: str) -> str:
    """Return a key that no contact has or ever was to have, so that an old citation never means another telephone."""
    taken = {*contacts, *session.scalars(select(DirectoryChange.key))}
    number = 1
    while f"{kind}-{number}" in taken:
        number += 1
    return f"{kind}-{number}"


def _require(by: Actor, permission: Permission) -> None:
    if not by.may(permission):
        raise NotAllowed("您的岗位没有办理此事的权限。")
