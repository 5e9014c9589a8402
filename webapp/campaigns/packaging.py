"""What a section does with its package: nil returns, the report's text, handing in, the chief's one signature.

Every item goes on through the chain's own act (`reviews.operations.advance`), each for itself: what is refused stays
where it is and is kept with the reason, the rest goes on.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock, scan
from webapp.campaigns.counting import read_tallies
from webapp.campaigns.handing_in import ItemReady, ItemTicked
from webapp.campaigns.hindrances import hindrances
from webapp.campaigns.models import Campaign, NilReturn, Package, PackageItem, PackageSignature
from webapp.campaigns.reading import TakingPart, standing_nil_returns, unanswered
from webapp.campaigns.report import MAX_PART, PART_KEYS, TRUTH, read_report
from webapp.characters import character_sentence
from webapp.digests import canonical, digest
from webapp.journal import operations as journal
from webapp.policy import Actor, Role
from webapp.powers.categories import category_label
from webapp.reviews.chain import Action, Decision
from webapp.reviews.each import Outcome, each_for_itself
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import Review, Seat
from webapp.reviews.operations import advance
from webapp.reviews.recording import lock_records
from webapp.revisions.models import Record
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale


def sign_package(
    session: Session,
    by: Actor,
    package_id: int,
    items: Sequence[ItemTicked],
    *,
    is_true: bool,
    request_key: str | None = None,
) -> Outcome:
    """Sign a section's package once: every item ticked in all five points goes to the office.

    Raises RuleBroken while a joint item is not settled, a category has neither item nor nil return, or the truth is
    not stated; NotAllowed for anybody but the section's chief.
    """
    package, campaign = lock_package(session, by, package_id)
    if not by.has(Role.CHIEF, package.section_id):
        raise NotAllowed("报送材料由科室负责人签署，您没有签署的权限。")
    if request_key and (kept := _signed_before(session, by, package, request_key)) is not None:
        return kept
    if not is_true:
        raise RuleBroken("请确认“以上内容真实、完整”后再签署。", "truth")
    nils = _complete_nil_returns(session, campaign, package)
    if not items and _waiting(session, package.section_id):
        raise RuleBroken("尚有待审核的事项，请逐项核对后再签署。", "items")
    lock_records(session, [item.record for item in items])
    outcome = each_for_itself(session, items, lambda item: _approve(session, by, package, item, request_key))
    signature = PackageSignature(
        package_id=package.id,
        person_id=by.person,
        behalf_of=by.post,
        statement=TRUTH,
        report=package.report,
        request_key=request_key or None,
        signed_at=clock.now(),
    )
    session.add(signature)
    session.flush()
    for item in items:
        refused = outcome.refused.get(item.record, "")
        session.add(
            PackageItem(signature_id=signature.id, record_id=item.record, digest=item.seen_digest, refused=refused),
        )
    for row in nils:
        row.signature_id = row.signature_id or signature.id
    went = sorted(item.seen_digest for item in items if item.record not in outcome.refused)
    facts = {
        "items": outcome.taken,
        "refused": len(outcome.refused),
        "content": digest([package.report, went, sorted(row.category for row in nils)]),
    }
    journal.write(session, by, "sign_package", f"package:{package.id}", facts)
    return outcome


def hand_in(session: Session, by: Actor, package_id: int, items: Sequence[ItemReady]) -> Outcome:
    """Hand the drafts that are complete to the chief, each for itself; what is refused stays a draft."""
    package, _ = lock_package(session, by, package_id)
    if not items:
        raise RuleBroken("没有可以送审的草稿。请先填报齐全。")
    lock_records(session, [item.record for item in items])

    def submit(item: ItemReady) -> None:
        _require_own(session, package, item.record, item.kind)
        decision = Decision(Action.SUBMIT, seen_version=item.seen_version)
        advance(session, by, KINDS[item.kind], item.record, decision)

    return each_for_itself(session, items, submit)


def save_report(
    session: Session, by: Actor, package_id: int, texts: Mapping[str, str], *, seen_version: int | None
) -> Package:
    """Save the report's texts over the version the person saw; the same texts again change nothing."""
    package, _ = lock_package(session, by, package_id)
    written = {key: texts.get(key, "").replace("\r\n", "\n").strip() for key in PART_KEYS}
    for key, text in written.items():
        if len(text) > MAX_PART:
            raise RuleBroken(f"这一部分过长，现有{len(text)}字，请控制在{MAX_PART}字以内。", key)
        if sentence := character_sentence(text) or scan.secrecy_sentence(text):
            raise RuleBroken(sentence, key)
    if seen_version is None:
        raise RuleBroken("缺少版本号，未保存。请刷新页面后再试。", "seen_version")
    if seen_version != package.version:
        raise Stale("报告已被他人修改，本次填写的未保存。请对照现在的内容后再保存。", current=package.report)
    if written == read_report(package.report):
        return package
    package.report, package.version = canonical(written), package.version + 1
    facts = {"version": package.version, "content": digest(written)}
    journal.write(session, by, "save_report", f"package:{package.id}", facts)
    return package


def note_scan(session: Session, by: Actor, package_id: int, *, scan_place: str, scanned_on: date) -> Package:
    """Note where the scan of the signed paper lies, and of which day it is."""
    package, _ = lock_package(session, by, package_id)
    place = scan_place.strip()
    if not place or len(place) > 200:  # noqa: PLR2004 - a line
        raise RuleBroken("请写明扫描件存放处，200字以内。", "scan")
    if sentence := character_sentence(place) or scan.secrecy_sentence(place):
        raise RuleBroken(sentence, "scan")
    package.scan, package.scanned_on = place, scanned_on
    facts = {"date": scanned_on.isoformat(), "content": digest(place)}
    journal.write(session, by, "note_scan", f"package:{package.id}", facts)
    return package


def lock_package(session: Session, by: Actor, package_id: int) -> tuple[Package, Campaign]:
    """Return a package of one of the person's sections, locked, with its open campaign; raise NotFound."""
    package = session.scalars(select(Package).where(Package.id == package_id).with_for_update()).one_or_none()
    if package is None or (package.section_id not in by.own_sections and not by.is_bureau_wide):
        raise NotFound
    if package.section_id not in by.own_sections:
        raise NotAllowed("报送材料由本科室填报和签署，您可以查看。")
    campaign = session.get_one(Campaign, package.campaign_id)
    if not campaign.is_open:
        raise RuleBroken("专项工作已经结束，报送材料不能再办理。")
    return package, campaign


def _approve(session: Session, by: Actor, package: Package, item: ItemTicked, request_key: str | None) -> None:
    _require_own(session, package, item.record, item.kind)
    advance(
        session,
        by,
        KINDS[item.kind],
        item.record,
        Decision(Action.APPROVE, seen_digest=item.seen_digest),
        attested=item.ticks,
        request_key=f"{request_key}-{item.record}" if request_key else None,
    )


def _require_own(session: Session, package: Package, record_id: int, kind: str) -> None:
    record = session.get(Record, record_id)
    if record is None or record.section_id != package.section_id or record.kind != kind:
        raise NotFound("该事项不属于本科室的报送材料。")


def _complete_nil_returns(session: Session, campaign: Campaign, package: Package) -> list[NilReturn]:
    """Return the section's nil returns that hold; raise RuleBroken where something keeps its package back."""
    if waiting := hindrances(session, package.section_id):
        first = f"{waiting[0].code or waiting[0].name}，{waiting[0].reason}"
        raise RuleBroken(f"有{len(waiting)}项交叉职能事项未办妥：{first}。办妥前，报送材料不能签署。", "items")
    part = TakingPart(package.section_id, "", "", package.id)
    tallies = read_tallies(session, None, sections=[package.section_id])
    nils = standing_nil_returns(session, campaign, [package.section_id])
    if names := [category_label(key) for key in unanswered([part], tallies, nils)[package.section_id]]:
        raise RuleBroken(f"{'、'.join(names)}既没有事项，也没有零报告，请先填报或者作零报告。", "categories")
    held = {tally.category for tally in tallies}
    return [row for row in nils if row.category not in held]


def _waiting(session: Session, section: int) -> bool:
    """Say whether an item waits for the section's chief."""
    asked = (
        select(Seat.id)
        .join(Review, Review.id == Seat.review_id)
        .where(Review.is_open, Seat.kind == "chief", Seat.state == "open", Seat.section_id == section)
        .limit(1)
    )
    return session.scalar(asked) is not None


def _signed_before(session: Session, by: Actor, package: Package, request_key: str) -> Outcome | None:
    kept = session.scalars(select(PackageSignature).where(PackageSignature.request_key == request_key)).one_or_none()
    if kept is None:
        return None
    if (kept.package_id, kept.person_id) != (package.id, by.person):
        raise Stale("这份表单已用于另一次办理，本次未办理。请刷新页面后再试。")
    rows = session.scalars(select(PackageItem).where(PackageItem.signature_id == kept.id)).all()
    refused = {row.record_id: row.refused for row in rows if row.refused}
    return Outcome(len(rows) - len(refused), refused)
