"""The campaign as it stands: the open one, its dates, who takes part, nil returns. Only reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Section
from webapp.campaigns.counting import Tally
from webapp.campaigns.models import Campaign, InnerDate, NilReturn, Package, PackageSignature, Phase
from webapp.campaigns.phases import Dated, dated_inner, dated_phase
from webapp.powers.categories import OPTIONS


@dataclass(frozen=True)
class TakingPart:
    """A section that hands in a package."""

    section: int
    name: str
    slug: str
    package: int


def open_campaign(session: Session) -> Campaign | None:
    """Return the campaign that is open; None where there is none."""
    return session.scalars(select(Campaign).where(Campaign.is_open)).one_or_none()


def dates_of(session: Session, campaign: Campaign) -> list[Dated]:
    """Return every date of the campaign that people are reminded of; two queries."""
    found: list[Dated] = []
    for phase in session.scalars(select(Phase).where(Phase.campaign_id == campaign.id).order_by(Phase.position)):
        found.extend(dated_phase(phase.position, phase.name, phase.starts_on, phase.ends_on))
    rows = session.scalars(select(InnerDate).where(InnerDate.campaign_id == campaign.id))
    return [*found, *(dated_inner(row.key, row.day) for row in rows)]


def sections_taking_part(session: Session, campaign: Campaign) -> list[TakingPart]:
    """Return the sections with their packages, in their order; one query."""
    rows = session.execute(
        select(Section.id, Section.name, Section.slug, Package.id)
        .join(Package, Package.section_id == Section.id)
        .where(Package.campaign_id == campaign.id)
        .order_by(Section.position, Section.id),
    )
    return [TakingPart(*row) for row in rows]


def sections_without_package(session: Session, campaign: Campaign) -> list[int]:
    """Return the sections (科室、直属单位、党组织) that have no package in the campaign yet."""
    return list(
        session.scalars(
            select(Section.id)
            .where(
                Section.kind == "section",
                ~exists().where(Package.section_id == Section.id, Package.campaign_id == campaign.id),
            )
            .order_by(Section.position, Section.id),
        ),
    )


def standing_nil_returns(session: Session, campaign: Campaign, sections: Iterable[int] = ()) -> list[NilReturn]:
    """Return the nil returns nobody took back, of some sections or all; one query."""
    asked = (
        select(NilReturn)
        .where(NilReturn.campaign_id == campaign.id, NilReturn.withdrawn_at.is_(None))
        .order_by(NilReturn.section_id, NilReturn.id)
    )
    if wanted := sorted(sections):
        asked = asked.where(NilReturn.section_id.in_(wanted))
    return list(session.scalars(asked))


def last_signatures(session: Session, campaign: Campaign) -> dict[int, datetime]:
    """Return per package when it was signed last; one query."""
    rows = session.execute(
        select(PackageSignature.package_id, func.max(PackageSignature.signed_at))
        .join(Package, Package.id == PackageSignature.package_id)
        .where(Package.campaign_id == campaign.id)
        .group_by(PackageSignature.package_id),
    )
    return {row[0]: row[1] for row in rows}


def unanswered(
    parts: Iterable[TakingPart], tallies: Iterable[Tally], nil_returns: Iterable[NilReturn]
) -> dict[int, list[str]]:
    """Return per section the categories of which it has neither an item nor a nil return, in the plan's order."""
    answered = {(tally.section, tally.category) for tally in tallies if tally.number}
    answered |= {(row.section_id, row.category) for row in nil_returns}
    return {part.section: [key for key, _ in OPTIONS if (part.section, key) not in answered] for part in parts}
