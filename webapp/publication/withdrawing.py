"""Taking a power back from the public, and letting it in again.

One person of the general office (局办公室) may take down at once (practice.md). The act stores every bundle that tells
of the power anew, with a neutral notice in its place, and issues the edition after the newest: that one less the power
and nothing else, so nobody need look at it before it is read. Bundles are built outside the transaction, which then
checks that nothing moved meanwhile.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from webapp import clock, scan
from webapp.characters import character_sentence
from webapp.config import Settings
from webapp.db import Database
from webapp.journal import operations as journal
from webapp.policy import Actor, Permission
from webapp.publication.build import build_bundle
from webapp.publication.content import EditionContent
from webapp.publication.models import Edition, EditionItem, Replacement, Withdrawal
from webapp.publication.operations import discard_prepared, point_at_released, remove_unless_kept
from webapp.publication.remaking import Remade, editions_telling_of, following, frame_of, released_editions, remade
from webapp.publication.storing import store_bundle
from webapp.reviews.models import Approval
from webapp.revisions.models import Record
from webapp.revisions.operations import lock_record, subject
from webapp.revisions.reading import find_by_code
from webapp.rules import NotAllowed, RuleBroken, Stale

MAX_TEXT = 500


@dataclass(frozen=True)
class Stored:
    """A bundle on disk: of a released edition made anew, or of the next one."""

    remade: Remade
    content: EditionContent
    folder: Path
    digest: str
    is_next: bool = False


@dataclass(frozen=True)
class Withdrawn:
    """What a withdrawal did: the editions whose bundles were stored anew, and those issued."""

    withdrawal: Withdrawal
    replaced: tuple[Edition, ...]
    issued: tuple[Edition, ...]
    discarded: tuple[str, ...]  # folders of editions that stood prepared: they are to be prepared anew


def withdraw_record(
    database: Database,
    settings: Settings,
    by: Actor,
    code: str,
    *,
    reason: str,
    document: str,
    day: date | None = None,
) -> Withdrawn:
    """Take a power down everywhere, at once. `reason` stays inside; the public reads a neutral notice.

    Raises RuleBroken (422), NotAllowed (403), Stale (409) where it is down already or editions moved meanwhile.
    """
    _check(by, reason, document)
    with database.reading() as session:
        record = _power(session, code)
        _refuse_second(session, record)
        released = released_editions(session)
        telling = editions_telling_of(session, record, released)
        old = [remade(session, edition, record, released, settings.editions) for edition in telling]
    stored: list[Stored] = []
    try:
        stored += [_store(settings, one, one.content) for one in old]
        digests = {one.remade.edition.id: one.digest for one in stored}
        newest = {edition.audience: edition.id for edition in released}
        for one in old:
            if one.edition.id == newest[one.edition.audience] and code in one.left_out:
                with database.reading() as session:
                    content = following(session, one, code, day or clock.today(), released, digests)
                stored.append(_store(settings, one, content, is_next=True))
        done = _keep(database, by, record.id, stored, _mark(released), reason.strip(), document.strip())
    except BaseException:
        for made in stored:
            remove_unless_kept(database, made.folder)
        raise
    point_at_released(database, settings)
    remove_replaced(database, settings)
    for folder in done.discarded:
        shutil.rmtree(settings.editions / folder, ignore_errors=True)
    return done


def lift_withdrawal(session: Session, by: Actor, code: str, *, reason: str, document: str) -> Withdrawal:
    """Let a power that was taken down into the next edition again; it is prepared and released by two as ever.

    Bundles that were stored anew keep their notice. Raises Stale where the power is not down.
    """
    _check(by, reason, document)
    record = lock_record(session, _power(session, code).id)
    withdrawal = _standing(session, record)
    if withdrawal is None:
        raise Stale("该事项没有撤下，或已恢复公开。请刷新页面查看。")
    withdrawal.is_lifted, withdrawal.lifted_by, withdrawal.lifted_at = True, by.person, clock.now()
    withdrawal.lift_reason, withdrawal.lift_document = reason.strip(), document.strip()
    journal.write(session, by, "lift_withdrawal", subject(record), {"document": document.strip()})
    return withdrawal


def code_of(session: Session, withdrawal_id: int) -> str | None:
    """Return the code of the power a withdrawal is about, None where there is no such withdrawal."""
    return session.scalar(
        select(Record.code).join(Withdrawal, Withdrawal.record_id == Record.id).where(Withdrawal.id == withdrawal_id)
    )


def remove_replaced(database: Database, settings: Settings) -> int:
    """Remove the folders of bundles that were stored anew, also those a crash left; return how many."""
    with database.reading() as session:
        kept = set(session.scalars(select(Edition.folder)))
        replaced = set(session.scalars(select(Replacement.folder))) - kept
    left = [folder for name in sorted(replaced) if (folder := settings.editions / name).is_dir()]
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)


def _store(settings: Settings, one: Remade, content: EditionContent, *, is_next: bool = False) -> Stored:
    folder, digest = store_bundle(build_bundle(content), settings.editions, f"{content.audience}-{content.number:04d}")
    return Stored(one, content, folder, digest, is_next)


def _keep(
    database: Database,
    by: Actor,
    record_id: int,
    stored: Sequence[Stored],
    mark: Sequence[tuple[int, str]],
    reason: str,
    document: str,
) -> Withdrawn:
    moment = clock.now()
    with database.writing() as session:
        record = lock_record(session, record_id)
        _refuse_second(session, record)
        if _mark(released_editions(session)) != mark:
            raise Stale("办理期间公开版有变化，本次未撤下。请重新办理。")
        withdrawal = Withdrawal(
            record_id=record.id, reason=reason, document=document, withdrawn_by=by.person, withdrawn_at=moment
        )
        session.add(withdrawal)
        session.flush()
        discarded = discard_prepared(session)
        replaced, facts = [], []
        for one in stored:
            if not one.is_next:
                edition = session.get_one(Edition, one.remade.edition.id)
                facts.append([edition.audience, edition.number, edition.manifest_digest, one.digest])
                session.add(
                    Replacement(
                        edition_id=edition.id,
                        withdrawal_id=withdrawal.id,
                        folder=edition.folder,
                        manifest_digest=edition.manifest_digest,
                        replaced_at=moment,
                    ),
                )
                edition.folder, edition.manifest_digest = one.folder.name, one.digest
                edition.item_count, edition.frame = len(one.content.powers), frame_of(one.content)
                replaced.append(edition)
        issued = [_issue(session, by, one, document, moment) for one in stored if one.is_next]
        journal.write(
            session,
            by,
            "withdraw",
            subject(record),
            {
                "document": document,
                "replaced": facts,
                "issued": [[edition.audience, edition.number, edition.manifest_digest] for edition in issued],
                "manifests": [edition.manifest_digest for edition in discarded],
            },
        )
    return Withdrawn(withdrawal, tuple(replaced), tuple(issued), tuple(edition.folder for edition in discarded))


def _issue(session: Session, by: Actor, one: Stored, document: str, moment: datetime) -> Edition:
    content = one.content
    edition = Edition(
        audience=content.audience,
        number=content.number,
        day=date.fromisoformat(content.date),
        state="released",
        folder=one.folder.name,
        manifest_digest=one.digest,
        previous_digest=content.previous_manifest_digest,
        item_count=len(content.powers),
        directory_version=one.remade.edition.directory_version,
        prepared_by=by.person,
        prepared_at=moment,
        released_by=by.person,
        released_at=moment,
        release_document=document,
        is_reduction=True,
        frame=frame_of(content),
    )
    session.add(edition)
    session.flush()
    session.add_all(
        EditionItem(edition_id=edition.id, record_id=record, approval_id=approval)
        for record, approval in one.remade.items
    )
    session.flush()
    return edition


def _check(by: Actor, reason: str, document: str) -> None:
    if not by.may(Permission.RELEASE_EDITION):
        raise NotAllowed("只有局办公室可以撤下已公开的事项，或恢复公开。")
    for name, words, given in (("reason", "理由", reason), ("document", "依据文号", document)):
        if not given.strip():
            raise RuleBroken(f"请填写{words}。", name)
        if len(given) > MAX_TEXT:
            raise RuleBroken(f"{words}过长，请控制在{MAX_TEXT}字以内。", name)
        if sentence := character_sentence(given) or scan.secrecy_sentence(given):
            raise RuleBroken(sentence, name)


def _power(session: Session, code: str) -> Record:
    """Return an approved power; what is not approved is answered like a code that does not exist."""
    record = find_by_code(session, "power", code.strip())
    if record is None or not session.scalar(select(exists().where(Approval.record_id == record.id))):
        raise RuleBroken("没有这个编码的已审定职权，请核对职权编码。", "code")
    return record


def _standing(session: Session, record: Record) -> Withdrawal | None:
    return session.scalars(
        select(Withdrawal).where(Withdrawal.record_id == record.id, ~Withdrawal.is_lifted)
    ).one_or_none()


def _refuse_second(session: Session, record: Record) -> None:
    if _standing(session, record) is not None:
        raise Stale("该事项已经撤下。请刷新页面查看。")


def _mark(released: Sequence[Edition]) -> list[tuple[int, str]]:
    return [(edition.id, edition.manifest_digest) for edition in released]
