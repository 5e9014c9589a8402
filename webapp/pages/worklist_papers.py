"""What waits for a person and is no seat: results to verify, editions to release, powers to take down, terms over."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import quote

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.pages.review_words import OUTCOME_WORDS, PAPER_WORDS, PATHS, day_words
from webapp.pages.withdrawals import PATH as WITHDRAWALS
from webapp.pages.withdrawals import overdue_codes
from webapp.policy import Actor, Permission, Role
from webapp.publication.models import Edition
from webapp.reviews.chain import STAGE_LABELS
from webapp.reviews.models import Batch, BatchItem
from webapp.revisions.models import Listing
from webapp.revisions.reading import visible_to
from webapp.withholdings.models import WithholdingTerm

_AUDIENCES = {"public": "社会公开版", "bureau": "内部公开版"}


@dataclass(frozen=True)
class PaperTask:
    """A recorded result to verify, an edition to release, a power to take down, a term that is over."""

    address: str
    kind: str
    code: str
    name: str
    section: str
    why: str
    since: datetime


def read_verifications(session: Session, viewer: Actor) -> list[PaperTask]:
    """Return the recorded results that another person recorded, for the office."""
    if not viewer.has(Role.OFFICE):
        return []
    rows = session.execute(
        select(Batch, func.count(BatchItem.id), func.min(BatchItem.outcome), func.max(BatchItem.outcome))
        .join(BatchItem, BatchItem.batch_id == Batch.id)
        .where(Batch.state == "recorded", Batch.recorded_by != viewer.person)
        .group_by(Batch.id)
        .order_by(Batch.recorded_at, Batch.id),
    )
    return [
        PaperTask(
            address=f"/batches/{batch.id}",
            kind="登记",
            code=batch.document,
            name=f"{STAGE_LABELS[batch.stage]}结果，{count}项",
            section="",
            why=f"{PAPER_WORDS[batch.form]}，{day_words(batch.decided_on)}作出，"
            + (f"均为{OUTCOME_WORDS[low]}" if low == high else "有不同结果"),
            since=batch.recorded_at,
        )
        for batch, count, low, high in rows
    ]


def read_editions(session: Session, viewer: Actor) -> list[PaperTask]:
    """Return the editions that stand prepared by somebody else, for who may release them."""
    if not viewer.may(Permission.RELEASE_EDITION):
        return []
    rows = session.scalars(
        select(Edition)
        .where(Edition.state == "prepared", Edition.prepared_by != viewer.person)
        .order_by(Edition.audience.desc()),
    )
    return [
        PaperTask(
            address="/editions#release",
            kind="公开版",
            code="",
            name=f"{_AUDIENCES[edition.audience]}第{edition.number}号",
            section="",
            why=f"共{edition.item_count}项，公开日期{day_words(edition.day)}",
            since=edition.prepared_at,
        )
        for edition in rows
    ]


def read_ended_terms(session: Session, viewer: Actor, limit: int) -> list[PaperTask]:
    """Return the decided withholdings whose day has come, for the section that asked and the leading group's office."""
    if not viewer.may(Permission.SEE_WITHHOLDINGS) or not (viewer.own_sections or viewer.has(Role.OFFICE)):
        return []
    rows = session.execute(
        select(Listing, WithholdingTerm.until)
        .join(WithholdingTerm, WithholdingTerm.record_id == Listing.record_id)
        .where(
            Listing.kind == "withholding",
            Listing.stage == "withheld",
            WithholdingTerm.ended_at.is_(None),
            WithholdingTerm.until < clock.today(),
            visible_to(viewer),
            or_(literal(viewer.has(Role.OFFICE)), Listing.section_id.in_(sorted(viewer.own_sections))),
        )
        .order_by(WithholdingTerm.until, Listing.record_id)
        .limit(limit),
    )
    return [
        PaperTask(
            address=f"{PATHS['withholding']}/{row.record_id}#term",
            kind="不公开申请",
            code=row.code,
            name=row.name,
            section="",
            why=f"暂时不宜公开，期限至{day_words(until)}",
            since=datetime.combine(until + timedelta(days=1), time(), clock.CHINA).astimezone(UTC),
        )
        for row, until in rows
        if until is not None
    ]


def read_overdue(session: Session, viewer: Actor) -> list[PaperTask]:
    """Return the powers that are withheld or stopped and still published: for who takes them down, and for the office.

    The general office takes them down; the leading group's office sees that it is done (practice.md, take down).
    """
    if not (viewer.may(Permission.RELEASE_EDITION) or viewer.has(Role.OFFICE)):
        return []
    may_withdraw = viewer.may(Permission.RELEASE_EDITION)
    return [
        PaperTask(
            address=f"{WITHDRAWALS}?code={quote(code)}#withdraw",
            kind="职权",
            code=code,
            name="不再公开的职权",
            section="",
            why="现行公开版中仍有，请撤下" if may_withdraw else "现行公开版中仍有，请督促局办公室撤下",
            since=clock.now(),
        )
        for code in overdue_codes(session)
    ]
