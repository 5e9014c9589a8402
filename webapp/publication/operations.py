"""Editions: prepared by one person of the office, released by another of the general office (局办公室).

Building is done outside the write transaction; the transaction then checks that what was built is still what is
approved, and keeps the rows.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import clock, scan
from webapp.config import Settings
from webapp.db import Database
from webapp.digests import canonical
from webapp.journal import operations as journal
from webapp.policy import Actor, Permission
from webapp.publication.build import build_bundle
from webapp.publication.content import Audience, EditionContent
from webapp.publication.gathering import Gathered, gather, identity_of, read_stock, stock_mark
from webapp.publication.models import Edition, EditionItem
from webapp.publication.remaking import frame_of
from webapp.publication.storing import noticed_codes, point_at, store_bundle
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

AUDIENCES: tuple[Audience, ...] = ("public", "bureau")
LABELS = {"public": "社会公开版", "bureau": "内部公开版"}

Draw = Callable[[Mapping[str, Any]], str | None]


@dataclass(frozen=True)
class Prepared:
    """The editions an act prepared, and the approved powers it had to leave out."""

    editions: tuple[Edition, ...]
    held_back: tuple[str, ...]


def prepare_editions(
    database: Database,
    settings: Settings,
    by: Actor,
    *,
    draw: Draw,
    day: date | None = None,
) -> Prepared:
    """Prepare the next public and internal edition from all approved revisions; build and store their bundles.

    Raises RuleBroken where the identity of practice.md does not hold, where texts to be published hold personal data or
    secrecy markings, or where nothing differs from the edition before.
    """
    if not by.may(Permission.PREPARE_EDITION):
        raise NotAllowed("只有领导小组办公室可以编制公开版。")
    chosen = day or clock.today()
    mark, gathered = _gather_both(database, settings, chosen)
    stored: dict[Audience, tuple[Path, str, Gathered]] = {}
    try:
        for audience, one in gathered.items():
            content = _with_drawings(one.content, draw)
            _scan(content)
            name = f"{audience}-{content.number:04d}"
            stored[audience] = (*store_bundle(build_bundle(content), settings.editions, name), one)
        editions = _keep_all(database, by, mark, stored, chosen)
    except BaseException:
        for folder, _, _ in stored.values():
            remove_unless_kept(database, folder)
        raise
    held_back = [held for one in gathered.values() for held in one.held_back]
    return Prepared(editions, tuple(f"{held.code} {held.name}：{held.why}" for held in held_back))


def release_editions(database: Database, settings: Settings, by: Actor, *, document: str) -> tuple[Edition, ...]:
    """Release what stands prepared, both audiences; another person than who prepared it (审批单)."""
    if not by.may(Permission.RELEASE_EDITION):
        raise NotAllowed("只有局办公室可以发布公开版。")
    if not document.strip():
        raise RuleBroken("请填写政务信息公开审批单号。", "document")
    if sentence := scan.secrecy_sentence(document):
        raise RuleBroken(sentence, "document")
    with database.writing() as session:
        prepared = tuple(
            session.scalars(
                select(Edition).where(Edition.state == "prepared").order_by(Edition.id).with_for_update(),
            ),
        )
        if not prepared:
            raise Stale("没有待发布的公开版。请先由领导小组办公室编制，或刷新页面查看是否已发布。")
        for edition in prepared:
            if edition.prepared_by == by.person:
                raise NotAllowed("编制人不能发布自己编制的公开版，请由另一人发布。")
            if not (settings.editions / edition.folder / "manifest.json").is_file():
                raise RuleBroken(
                    f"{LABELS[edition.audience]}第{edition.number}号的公开包不在库中，不能发布。请重新编制。"
                )
            edition.state, edition.released_by, edition.released_at = "released", by.person, clock.now()
            edition.release_document = document.strip()
        journal.write(
            session,
            by,
            "release_edition",
            "edition:" + ",".join(str(one.id) for one in prepared),
            {"document": document.strip(), "manifests": [one.manifest_digest for one in prepared]},
        )
    point_at_released(database, settings)
    return prepared


def discard_edition(database: Database, settings: Settings, by: Actor) -> None:
    """Throw away what was prepared and not released, so that it can be prepared anew."""
    if not by.may(Permission.PREPARE_EDITION):
        raise NotAllowed("只有领导小组办公室可以作废未发布的公开版。")
    with database.writing() as session:
        prepared = session.scalars(select(Edition).where(Edition.state == "prepared").with_for_update()).all()
        if not prepared:
            raise Stale("没有待发布的公开版。请刷新页面查看。")
        journal.write(
            session,
            by,
            "discard_edition",
            "edition:" + ",".join(str(one.id) for one in prepared),
            {"manifests": [one.manifest_digest for one in prepared]},
        )
        discard_prepared(session)
    for edition in prepared:
        shutil.rmtree(settings.editions / edition.folder, ignore_errors=True)


def discard_prepared(session: Session) -> list[Edition]:
    """Delete the rows of what stands prepared, part of another act; return them. Their folders are the caller's."""
    prepared = list(session.scalars(select(Edition).where(Edition.state == "prepared").with_for_update()))
    for edition in prepared:
        session.execute(delete(EditionItem).where(EditionItem.edition_id == edition.id))
        session.delete(edition)
    session.flush()
    return prepared


def point_at_released(database: Database, settings: Settings) -> Edition | None:
    """Let the public site show the newest released edition; also mends a pointer lost between release and crash."""
    with database.reading() as session:
        newest = session.scalars(
            select(Edition)
            .where(Edition.audience == "public", Edition.state == "released")
            .order_by(Edition.number.desc())
            .limit(1),
        ).one_or_none()
    if newest is not None:
        point_at(settings.instance, newest.folder)
    return newest


def find_edition(session: Session, number: int, audience: Audience = "public") -> Edition:
    """Return an edition by its number; raise NotFound."""
    edition = session.scalars(
        select(Edition).where(Edition.audience == audience, Edition.number == number),
    ).one_or_none()
    if edition is None:
        raise NotFound(f"没有{LABELS[audience]}第{number}号。")
    return edition


def _gather_both(
    database: Database,
    settings: Settings,
    day: date,
) -> tuple[tuple[tuple[int, int, int], ...], dict[Audience, Gathered]]:
    """Return the mark of what is approved and, per audience, what a new edition would hold; raise if none is due."""
    with database.reading() as session:
        _refuse_second(session)
        mark, stock = stock_mark(session), read_stock(session)
        identity = identity_of(stock)
        if identity.pending:
            raise RuleBroken(
                f"本批次公开范围待定{identity.pending}项，不能编制公开版。请先审定其不公开申请或公开属性。"
            )
        if not identity.holds:
            raise RuleBroken("清理总数与各类项数之和不符，不能编制公开版。请核对职权的公开属性。")
        gathered = {
            audience: gather(session, stock, audience, day=day, public_url=settings.public_url)
            for audience in AUDIENCES
        }
        filled = {audience: one for audience, one in gathered.items() if one.content.powers}
        due = {audience: one for audience, one in filled.items() if _differs(session, settings, one.content)}
    if not filled:
        raise RuleBroken("还没有审定的职权，不能编制公开版。")
    if not due:
        raise RuleBroken("与现行公开版相比没有变化，不需编制新版。")
    return mark, due


def _keep_all(
    database: Database,
    by: Actor,
    mark: tuple[tuple[int, int, int], ...],
    stored: Mapping[Audience, tuple[Path, str, Gathered]],
    day: date,
) -> tuple[Edition, ...]:
    with database.writing() as session:
        _refuse_second(session)
        if stock_mark(session) != mark:
            raise Stale("编制期间又有事项审定或变化，本次未保存。请重新编制。")
        editions = tuple(
            _keep(session, by, audience, folder, manifest, one, day)
            for audience, (folder, manifest, one) in stored.items()
        )
        journal.write(
            session,
            by,
            "prepare_edition",
            "edition:" + ",".join(str(one.id) for one in editions),
            {"editions": [[one.audience, one.number, one.manifest_digest] for one in editions]},
        )
    return editions


def _refuse_second(session: Session) -> None:
    if session.scalar(select(Edition.id).where(Edition.state == "prepared").limit(1)):
        raise Stale("已有编制好、待发布的公开版。请先发布或作废，再编制新版。")


def _differs(session: Session, settings: Settings, content: EditionContent) -> bool:
    # A telephone is corrected without a review, so it makes an edition due by itself (scenes.md, scene 9).
    if content.previous_manifest_digest is None or content.changes or content.has_new_contacts:
        return True
    last = find_edition(session, content.number - 1, content.audience)
    return content.notices.keys() != noticed_codes(settings.editions / last.folder)


def _with_drawings(content: EditionContent, draw: Draw) -> EditionContent:
    return replace(content, flows=tuple(replace(flow, svg=draw(flow.chart)) for flow in content.flows))


def _scan(content: EditionContent) -> None:
    """Stop personal data and secrecy markings before they are published (security.md LEAK-11)."""
    for label, code, body in (
        *(("职权", power.code, power.entry) for power in content.powers),
        *(("流程图", flow.number, flow.chart) for flow in content.flows),
    ):
        text = canonical(body)
        if sentence := scan.secrecy_sentence(text) or scan.personal_sentence(text):
            raise RuleBroken(f"{label}{code}：{sentence}")


def _keep(
    session: Session,
    by: Actor,
    audience: Audience,
    folder: Path,
    manifest: str,
    gathered: Gathered,
    day: date,
) -> Edition:
    content = gathered.content
    edition = Edition(
        audience=audience,
        number=content.number,
        day=day,
        folder=folder.name,
        manifest_digest=manifest,
        previous_digest=content.previous_manifest_digest,
        item_count=len(content.powers),
        directory_version=gathered.directory,
        prepared_by=by.person,
        prepared_at=clock.now(),
        frame=frame_of(content),
    )
    session.add(edition)
    session.flush()
    session.add_all(
        EditionItem(edition_id=edition.id, record_id=record, approval_id=approval)
        for record, approval in gathered.items
    )
    session.flush()
    return edition


def remove_unless_kept(database: Database, folder: Path) -> None:
    """Remove the folder of a bundle that no edition refers to."""
    with database.reading() as session:
        if session.scalar(select(Edition.id).where(Edition.folder == folder.name)) is None:
            shutil.rmtree(folder, ignore_errors=True)
