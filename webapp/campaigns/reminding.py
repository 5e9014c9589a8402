"""Reminders of the campaign's dates: made once by the clock, whenever it comes to it, and shown on worklists."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.campaigns.counting import Tally, read_tallies
from webapp.campaigns.models import Campaign
from webapp.campaigns.phases import INNER, Dated, due_reminders
from webapp.campaigns.reading import TakingPart, dates_of, open_campaign, sections_taking_part
from webapp.deadlines.models import Notice
from webapp.deadlines.reading import read_days
from webapp.journal import operations as journal

_LONGEST_REST = timedelta(days=15)  # more than any holiday before a date


def remind(session: Session) -> int:
    """Make the notices that are due and not made yet; return how many. One journal entry if any.

    A notice has a key of its own, so running twice makes nothing twice; days on which nothing ran are caught up with.
    """
    campaign = open_campaign(session)
    if campaign is None:
        return 0
    today = clock.today()
    dates = dates_of(session, campaign)
    if not dates:
        return 0
    first, last = min(dated.day for dated in dates), max(dated.day for dated in dates)
    due = due_reminders(read_days(session, first - _LONGEST_REST, last), dates, today)
    keys = [_key(campaign, dated) for dated in due]
    known = set(
        session.scalars(select(Notice.dedupe_key).where(Notice.dedupe_key.startswith(f"{_stem(campaign.id)}:")))
    )
    fresh = [dated for dated, key in zip(due, keys, strict=True) if not any(one.startswith(f"{key}:") for one in known)]
    if not fresh:
        return 0
    parts = sections_taking_part(session, campaign)
    tallies = read_tallies(session, None)
    notices = [notice for dated in fresh for notice in _notices(campaign, dated, parts, tallies)]
    session.add_all(notices)
    session.flush()
    facts = {"items": len(notices), "dates": [dated.key for dated in fresh]}
    journal.write(session, None, "remind_dates", f"campaign:{campaign.id}", facts)
    return len(notices)


def drop_moved(session: Session, campaign: int, dates: Iterable[Dated]) -> None:
    """Take back the notices of days that are still to come and no longer hold; part of changing the plan."""
    kept = {f"{_stem(campaign)}:{dated.key}:{dated.day.isoformat()}" for dated in dates}
    rows = session.execute(
        select(Notice.id, Notice.dedupe_key).where(
            Notice.dedupe_key.startswith(f"{_stem(campaign)}:"), Notice.due_on >= clock.today()
        ),
    ).all()
    moved = [row.id for row in rows if row.dedupe_key.rpartition(":")[0] not in kept]
    if moved:
        session.execute(delete(Notice).where(Notice.id.in_(moved)))


def _notices(campaign: Campaign, dated: Dated, parts: Sequence[TakingPart], tallies: Sequence[Tally]) -> list[Notice]:
    key, today = _key(campaign, dated), clock.today()
    shared = {"due_on": dated.day, "made_on": today, "shown_until": max(dated.day, today)}
    made = [
        Notice(
            dedupe_key=f"{key}:{role}",
            role=role,
            content=f"{dated.what}{_left(dated, tallies)}",
            address="/campaign",
            **shared,
        )
        for role in dated.roles
    ]
    if dated.is_sections:
        made += [
            Notice(
                dedupe_key=f"{key}:{part.section}",
                section_id=part.section,
                content=f"{dated.what}{_left(dated, [one for one in tallies if one.section == part.section])}",
                address=f"/packages/{part.package}",
                **shared,
            )
            for part in parts
        ]
    return made


def _left(dated: Dated, tallies: Iterable[Tally]) -> str:
    """Return what was not through on the day of the reminder, as the rest of its sentence."""
    kind = INNER.get(dated.key.removeprefix("inner-"))
    if kind is None:
        return "。"
    left = sum(tally.number for tally in tallies if tally.stage in kind.before)
    return f"，提醒时尚有{left}项未完成。" if left else "。"


def _stem(campaign: int) -> str:
    return f"campaign-{campaign}"


def _key(campaign: Campaign, dated: Dated) -> str:
    return f"{_stem(campaign.id)}:{dated.key}:{dated.day.isoformat()}"
