"""Who a complaint came from: sealed, looked at with a reason, erased. Every look and erasure is journalled (I14)."""

import re
import unicodedata
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.complaints.forms import ComplaintGiven
from webapp.complaints.models import Complaint, ComplaintIdentity, IdentityLook
from webapp.complaints.reading import seen_complaint, standing_of
from webapp.complaints.vault import Identity, Vault, VaultClosed
from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.policy import Actor
from webapp.rules import NotAllowed, RuleBroken

_MIN_NAME, _MIN_DIGITS = 2, 6


def seal_identity(session: Session, complaint: Complaint, given: ComplaintGiven, vault: Vault) -> None:
    """Keep who a complaint came from; nothing where it is anonymous. Part of taking it in."""
    if given.identity.is_empty:
        return
    session.add(
        ComplaintIdentity(
            complaint_id=complaint.id,
            sealed=vault.seal(given.identity, complaint.id),
            is_real_name=given.is_real_name,
            may_disclose=given.may_disclose,
            sealed_at=clock.now(),
        ),
    )


def reveal(session: Session, by: Actor, complaint_id: int, *, reason: str, vault: Vault) -> Identity:
    """Return who a complaint came from, for a reason; the look is journalled before the name is shown.

    For those who handle the complaint or look into it; raises NotFound behind the wall.
    """
    complaint = seen_complaint(session, complaint_id, by)
    kept = _kept(session, complaint, by)
    identity = vault.open(kept.sealed, complaint.id)
    _note(session, by, complaint, "look", reason)
    return identity


def erase_identity(session: Session, by: Actor, complaint_id: int, *, reason: str) -> None:
    """Erase who a complaint came from for good; the complaint, its acts and the journal stay and still verify.

    Needs no key: what cannot be opened any more can still be erased.
    """
    complaint = seen_complaint(session, complaint_id, by)
    if not standing_of(session, complaint, by).is_handler:
        raise NotAllowed("来件人信息由负责受理的人员清除。")
    kept = _kept(session, complaint, by)
    kept.sealed, kept.erased_at = "", clock.now()
    _note(session, by, complaint, "erase", reason)


def kept_identity(session: Session, complaint: Complaint, vault: Vault | None) -> Identity:
    """Return what is sealed, for comparing texts with it; empty where nothing is. Never shown to anybody."""
    kept = session.get(ComplaintIdentity, complaint.id)
    if kept is None or not kept.sealed:
        return Identity()
    if vault is None:
        raise VaultClosed
    return vault.open(kept.sealed, complaint.id)


def refuse_identity(identity: Identity, texts: Mapping[str, str]) -> None:
    """Raise RuleBroken for the first text that names the complainant, by name or by number."""
    name, digits = _plain(identity.name), re.sub(r"\D", "", unicodedata.normalize("NFKC", identity.contact))
    contact = _plain(identity.contact)
    for field, text in texts.items():
        said = _plain(text)
        if (
            (len(name) >= _MIN_NAME and name in said)
            or (len(digits) >= _MIN_DIGITS and digits in re.sub(r"\D", "", unicodedata.normalize("NFKC", text)))
            or (len(contact) >= _MIN_DIGITS and contact in said)
        ):
            raise RuleBroken("文字中出现了来件人的姓名或者联系方式，未保存。请改称“来件人”。", field)


def _kept(session: Session, complaint: Complaint, by: Actor) -> ComplaintIdentity:
    standing = standing_of(session, complaint, by)
    if not (standing.is_handler or standing.is_assignee):
        raise NotAllowed("来件人信息只供负责受理和承办的人员查看。")
    kept = session.scalars(
        select(ComplaintIdentity).where(ComplaintIdentity.complaint_id == complaint.id).with_for_update()
    ).one_or_none()
    if kept is None:
        raise RuleBroken("此件为匿名来件，没有来件人信息。")
    if not kept.sealed:
        raise RuleBroken("来件人信息已经清除，不能再查看。")
    return kept


def _note(session: Session, by: Actor, complaint: Complaint, act: str, reason: str) -> None:
    if not reason.strip():
        raise RuleBroken("请填写理由。", "reason")
    look = IdentityLook(complaint_id=complaint.id, act=act, person_id=by.person, at=clock.now(), reason=reason.strip())
    session.add(look)
    session.flush()
    action = {"look": "reveal_identity", "erase": "erase_identity"}[act]
    journal.write(session, by, action, f"complaint:{complaint.id}", {"reason": digest(reason.strip())})


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
