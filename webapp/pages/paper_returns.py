"""What a section handed in for its papers in the open campaign: the texts of its report, its nil returns."""

from sqlalchemy import select

from webapp.campaigns.models import Package
from webapp.campaigns.reading import last_signatures, open_campaign, standing_nil_returns
from webapp.campaigns.report import read_report
from webapp.pages.paper_making import Making


def report_texts(making: Making) -> dict[str, str]:
    """Return what the section wrote in its report, by part; others read it once its package is signed. ≤ 3 queries."""
    campaign = open_campaign(making.session)
    if campaign is None or making.section is None:
        return {}
    package = making.session.scalars(
        select(Package).where(Package.campaign_id == campaign.id, Package.section_id == making.section.id),
    ).one_or_none()
    if package is None:
        return {}
    is_own = making.section.id in making.viewer.own_sections
    return read_report(package.report) if is_own or package.id in last_signatures(making.session, campaign) else {}


def nil_bases(making: Making) -> dict[str, str]:
    """Return the categories of which the section filed a nil return, with the basis it named. ≤ 2 queries."""
    campaign = open_campaign(making.session)
    if campaign is None or making.section is None:
        return {}
    filed = standing_nil_returns(making.session, campaign, (making.section.id,))
    return {each.category: each.basis for each in filed}
