"""Nil returns (零报告): a section declares that it holds no power of a category; it ends when an item appears."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock, scan
from webapp.campaigns.counting import read_tallies
from webapp.campaigns.models import Campaign, NilReturn, Package
from webapp.campaigns.reading import open_campaign, standing_nil_returns
from webapp.campaigns.report import APPEARED
from webapp.characters import character_sentence
from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.policy import Actor
from webapp.powers.categories import category, category_label
from webapp.rules import NotFound, RuleBroken

MAX_BASIS = 400


def declare_nil(
    session: Session, by: Actor, package: Package, categories: Sequence[str], *, basis: str
) -> list[NilReturn]:
    """Declare for one or several categories that the section holds nothing; one journal entry.

    `package` is the section's, locked. Raises RuleBroken where an item of the category stands or nothing is chosen.
    """
    wanted = list(dict.fromkeys(categories))
    if not wanted or any(category(key) is None for key in wanted):
        raise RuleBroken("请选择作零报告的职权类别。", "category")
    text = basis.replace("\r\n", "\n").strip()
    if not text:
        raise RuleBroken("请写明依据，如“三定”规定的文号和条款。", "basis")
    if len(text) > MAX_BASIS:
        raise RuleBroken(f"依据过长，请控制在{MAX_BASIS}字以内。", "basis")
    if sentence := character_sentence(text) or scan.secrecy_sentence(text):
        raise RuleBroken(sentence, "basis")
    held = {tally.category for tally in read_tallies(session, None, sections=[package.section_id])}
    if names := [category_label(key) for key in wanted if key in held]:
        raise RuleBroken(f"{'、'.join(names)}已有登记的职权，不能作零报告。", "category")
    campaign = session.get_one(Campaign, package.campaign_id)
    standing = {row.category for row in standing_nil_returns(session, campaign, [package.section_id])}
    made = [
        NilReturn(
            campaign_id=package.campaign_id,
            section_id=package.section_id,
            category=key,
            basis=text,
            declared_by=by.person,
            declared_at=clock.now(),
        )
        for key in wanted
        if key not in standing
    ]
    if made:
        session.add_all(made)
        session.flush()
        facts = {"categories": [row.category for row in made], "content": digest(text)}
        journal.write(session, by, "declare_nil", f"package:{package.id}", facts)
    return made


def withdraw_nil(session: Session, by: Actor, package: Package, key: str) -> NilReturn:
    """Take a nil return of the section back."""
    row = session.scalars(
        select(NilReturn).where(
            NilReturn.campaign_id == package.campaign_id,
            NilReturn.section_id == package.section_id,
            NilReturn.category == key,
            NilReturn.withdrawn_at.is_(None),
        ),
    ).one_or_none()
    if row is None:
        raise NotFound("没有找到这一类的零报告，可能已被撤回。请刷新页面查看。")
    row.withdrawn_at, row.withdrawn_by, row.reason = clock.now(), by.person, "本科室撤回。"
    journal.write(session, by, "withdraw_nil", f"package:{package.id}", {"categories": [key]})
    return row


def drop_contradicted(session: Session, campaign: Campaign, *, sections: Iterable[int] = ()) -> int:
    """End the nil returns of categories in which the section has an item by now; return how many."""
    wanted = list(sections)
    standing = standing_nil_returns(session, campaign, wanted)
    if not standing:
        return 0
    held = {(tally.section, tally.category) for tally in read_tallies(session, None, sections=wanted)}
    ended = [row for row in standing if (row.section_id, row.category) in held]
    for row in ended:
        row.withdrawn_at, row.reason = clock.now(), APPEARED
    if ended:
        facts = {"items": len(ended), "categories": sorted({row.category for row in ended})}
        journal.write(session, None, "drop_nil", f"campaign:{campaign.id}", facts)
    return len(ended)


def drop_contradicted_now(session: Session) -> int:
    """Do so for the open campaign: a duty of the clock."""
    campaign = open_campaign(session)
    return drop_contradicted(session, campaign) if campaign else 0
