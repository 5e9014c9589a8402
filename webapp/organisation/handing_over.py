"""Handing over what a person has in hand, in one act with one signature.

Nothing that was done is given another doer: who edited, recorded or prepared something stays who did. What is only to
be done gets another name: records brought in for other sections, seats named for him, files and typed text.
"""

import json

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp import clock, scan
from webapp.accounts.models import Account, Person
from webapp.accounts.reading import actor_of
from webapp.characters import character_sentence
from webapp.journal import operations as journal
from webapp.organisation.models import Handover
from webapp.organisation.reading import Owed, list_digest, may_hand_over, owed_by, refusal_of, to_give
from webapp.policy import Actor, Role
from webapp.powers.models import ImportRun
from webapp.reviews.models import Seat
from webapp.reviews.reading import host_section
from webapp.revisions.models import Autosave, DraftEditor, Listing, Record
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

MAX_NOTE = 300
_ENDED = "没有找到这位同志的账号，或账号已停用。请核对人员。"


def hand_over(
    session: Session, person_id: int, *, to_id: int, seen_digest: str | None, note: str, by: Actor
) -> Handover:
    """Give everything a person has in hand to another of the same section or role; one journal entry.

    `seen_digest` names the list that was on screen. Raises Stale where it is another by now, RuleBroken where the
    successor may not have one of the things: then nothing is handed over.
    """
    # The lower number first, so that two who hand over to each other do not wait for ever.
    for number in sorted((person_id, to_id)):
        if session.get(Person, number, with_for_update={"of": Person}) is None:
            raise NotFound(_ENDED)
    leaver, to = actor_of_person(session, person_id), actor_of_person(session, to_id)
    if not may_hand_over(by, leaver):
        raise NotAllowed("只有本人、所在科室的负责人或副组长可以办理移交。")
    if to.person == leaver.person:
        raise RuleBroken("接收人不能是本人，请另选一人。", "to")
    owed = owed_by(session, person_id)
    if not seen_digest:
        raise RuleBroken("缺少校验码，未办理。请刷新页面后再试。", "seen_digest")
    if seen_digest != list_digest(owed):
        raise Stale("清单在您打开之后有了变动，本次未移交。请核对下面现在的清单后再签署。")
    if not to_give(owed):
        raise RuleBroken("该同志手上没有需要移交的事项。")
    note = _checked_note(note)
    _check_successor(session, owed, to)
    _give(session, owed, leaver, to)
    items = [[one.kind, one.number] for one in owed]
    handover = Handover(
        from_id=leaver.person,
        to_id=to.person,
        signed_by=by.person,
        items=json.dumps(items),
        note=note,
        at=clock.now(),
    )
    session.add(handover)
    session.flush()
    facts = {"to": to.person, "items": len(owed), "digest": list_digest(owed)}
    journal.write(session, by, "hand_over", f"person:{leaver.person}", facts)
    return handover


def actor_of_person(session: Session, person_id: int) -> Actor:
    """Return a person with an account in use as an actor; raise NotFound."""
    account = session.scalar(select(Account.id).where(Account.person_id == person_id, Account.is_active))
    actor = actor_of(session, account) if account is not None else None
    if actor is None:
        raise NotFound(_ENDED)
    return actor


def _check_successor(session: Session, owed: tuple[Owed, ...], to: Actor) -> None:
    host = host_section(session)
    records = sorted({one.record for one in owed if one.kind == "seat"})
    wrote = session.execute(
        select(DraftEditor.record_id, DraftEditor.person_id).where(DraftEditor.record_id.in_(records))
    )
    editors: dict[int, set[int]] = {}
    for row in wrote:
        editors.setdefault(row.record_id, set()).add(row.person_id)
    refused = [
        why for one in owed if (why := refusal_of(one, to, host=host, editors=frozenset(editors.get(one.record, ()))))
    ]
    if refused:
        told = "；".join(f"{why}({refused.count(why)}项)" for why in dict.fromkeys(refused))
        raise RuleBroken(f"所选接收人{told}。请另选同科室、同岗位的人员，或先由安全管理员授权。", "to")


def _give(session: Session, owed: tuple[Owed, ...], leaver: Actor, to: Actor) -> None:
    numbers = {kind: [one.number for one in owed if one.kind == kind] for kind in {one.kind for one in owed}}
    for one in (one for one in owed if one.kind == "brought"):
        # Who is of the section sees its drafts by that; only another needs to be the one who brought it in.
        keeper = None if one.section in to.own_sections and not to.has(Role.OFFICE) else to.person
        session.execute(update(Record).where(Record.id == one.record).values(entered_by=keeper))
        session.execute(update(Listing).where(Listing.record_id == one.record).values(entered_by=keeper or 0))
    session.execute(update(Seat).where(Seat.id.in_(numbers.get("seat", []))).values(assigned_to=to.person))
    files = ImportRun.id.in_(numbers.get("file", []))
    session.execute(update(ImportRun).where(files).values(account_id=to.account))
    for record in numbers.get("typed", []):
        taken = select(Autosave.panel).where(Autosave.record_id == record, Autosave.account_id == to.account)
        mine = (Autosave.record_id == record, Autosave.account_id == leaver.account)
        taken_panels = session.scalars(taken).all()
        session.execute(
            update(Autosave).where(*mine, Autosave.panel.not_in(taken_panels)).values(account_id=to.account)
        )
        session.execute(delete(Autosave).where(*mine))
    session.flush()


def _checked_note(text: str) -> str:
    note = text.strip()
    if sentence := character_sentence(note) or scan.secrecy_sentence(note):
        raise RuleBroken(sentence, "note")
    if len(note) > MAX_NOTE:
        raise RuleBroken(f"说明最多{MAX_NOTE}个字，请删减。", "note")
    return note
