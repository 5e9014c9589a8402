"""The packages of the campaign: each section's, how far it is, when it was signed."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from webapp import clock
from webapp.campaigns.counting import count
from webapp.campaigns.reading import last_signatures, open_campaign, standing_nil_returns, unanswered
from webapp.pages.campaign_board import package_state
from webapp.pages.campaign_dates import sections_for, tallies_of
from webapp.policy import Actor

UNSUBMITTED = ("draft", "returned", "section_review")


@dataclass(frozen=True)
class PackageRow:
    """One section's package in the list."""

    id: int
    section: str
    state: str
    total: int
    drafts: int
    returned: int
    at_chief: int
    beyond: int
    nil_returns: int
    unfilled: int
    signed_on: date | None


@dataclass(frozen=True)
class PackagesPage:
    """What the list shows."""

    title: str
    rows: tuple[PackageRow, ...]
    total: int


def packages_page(session: Session, *, viewer: Actor) -> PackagesPage | None:
    """Return the packages the viewer may see, None without a campaign; five queries."""
    campaign = open_campaign(session)
    if campaign is None:
        return None
    parts = sections_for(session, campaign, viewer)
    tallies = tallies_of(session, viewer, parts)
    nils = standing_nil_returns(session, campaign)
    lacking, signed = unanswered(parts, tallies, nils), last_signatures(session, campaign)
    rows = []
    for part in parts:
        own = [tally for tally in tallies if tally.section == part.section]
        stages = {stage: count(own, stage=stage) for stage in UNSUBMITTED}
        at = signed.get(part.package)
        rows.append(
            PackageRow(
                id=part.package,
                section=part.name,
                state=package_state(own, at),
                total=count(own),
                drafts=stages["draft"],
                returned=stages["returned"],
                at_chief=stages["section_review"],
                beyond=count(own) - sum(stages.values()),
                nil_returns=sum(row.section_id == part.section for row in nils),
                unfilled=len(lacking[part.section]),
                signed_on=clock.local_day(at) if at else None,
            ),
        )
    return PackagesPage(campaign.title, tuple(rows), sum(row.total for row in rows))
