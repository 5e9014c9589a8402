"""Where a chart was copied from and which copies were made of it, as far as the viewer may know of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.digests import digest
from webapp.flows.kind import FLOW
from webapp.flows.models import ChartOrigin
from webapp.pages.seen import seen_record
from webapp.policy import Actor
from webapp.revisions.models import Listing, Record
from webapp.revisions.reading import visible_to
from webapp.rules import NotFound


@dataclass(frozen=True)
class ChartLink:
    """A chart or power on the other side of a copy; empty where the viewer may not know of it."""

    id: int = 0
    code: str = ""
    name: str = ""


@dataclass(frozen=True)
class OriginLine:
    """Where a chart came from; `has_changed` where the other chart reads otherwise than what was copied."""

    chart: ChartLink
    power: ChartLink | None
    by: str
    at: datetime
    has_changed: bool


@dataclass(frozen=True)
class Provenance:
    """Both ways: where from, and the copies made of it with the powers for which they were made."""

    origin: OriginLine | None
    copies: tuple[tuple[ChartLink, ChartLink | None], ...]


def provenance(session: Session, flow_id: int, viewer: Actor) -> Provenance:
    """Return where a chart came from and what came of it; at most eight queries."""
    kept = session.get(ChartOrigin, flow_id)
    rows = list(session.scalars(select(ChartOrigin).where(ChartOrigin.origin_id == flow_id)))
    wanted = {number for row in rows for number in (row.record_id, row.power_id) if number}
    if kept is not None and kept.power_id:
        wanted.add(kept.power_id)
    links = _links(session, wanted, viewer)
    copies = tuple((links[row.record_id], links.get(row.power_id or 0)) for row in rows if row.record_id in links)
    return Provenance(_origin(session, kept, links, viewer) if kept is not None else None, copies)


def own_charts(session: Session, power_id: int) -> dict[str, str]:
    """Return the numbers of the charts copied for one power alone, each with that of the chart it came from."""
    copy, origin = aliased(Record), aliased(Record)
    rows = session.execute(
        select(copy.code, origin.code)
        .join(ChartOrigin, ChartOrigin.record_id == copy.id)
        .join(origin, origin.id == ChartOrigin.origin_id)
        .where(ChartOrigin.power_id == power_id),
    )
    return {copied: shared or "" for copied, shared in rows if copied}


def _origin(session: Session, kept: ChartOrigin, links: dict[int, ChartLink], viewer: Actor) -> OriginLine:
    try:
        seen = seen_record(session, FLOW, kept.origin_id, viewer)
    except NotFound:
        chart, body = ChartLink(), None
    else:
        chart = ChartLink(kept.origin_id, seen.row.code, seen.row.name)
        body = seen.body
    return OriginLine(
        chart=chart,
        power=links.get(kept.power_id or 0),
        by=session.get_one(Person, kept.person_id).name,
        at=kept.at,
        has_changed=_reads_otherwise(body, kept.content),
    )


def _reads_otherwise(body: dict[str, Any] | None, content: str) -> bool:
    return body is not None and digest(body) != content


def _links(session: Session, records: set[int], viewer: Actor) -> dict[int, ChartLink]:
    if not records:
        return {}
    rows = session.execute(
        select(Listing.record_id, Listing.code, Listing.name).where(Listing.record_id.in_(records), visible_to(viewer)),
    )
    return {row.record_id: ChartLink(row.record_id, row.code, row.name) for row in rows}
