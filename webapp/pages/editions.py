"""The editions: what is prepared and released, whether the identity holds, what the next edition would hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from webapp import clock
from webapp.accounts.models import Person
from webapp.digests import digest
from webapp.policy import Actor, Permission
from webapp.publication.content import Audience
from webapp.publication.gathering import HeldBack, Identity, Stock, gather, identity_of, read_stock
from webapp.publication.models import Edition

AUDIENCES: tuple[Audience, ...] = ("public", "bureau")
LABELS = {"public": "社会公开版", "bureau": "内部公开版"}
STATES = {"prepared": ("待发布", "under"), "released": ("已发布", "settled")}


@dataclass(frozen=True)
class EditionRow:
    """One edition in the list."""

    id: int
    label: str
    day: date
    state: str
    tone: str
    items: int
    digest: str
    document: str
    prepared_by: str
    released_by: str
    released_at: datetime | None


@dataclass(frozen=True)
class NextEdition:
    """What the next edition for an audience would hold, against the one that is released."""

    label: str
    powers: int
    charts: int
    added: int
    changed: int
    removed: int
    has_new_contacts: bool
    held_back: tuple[HeldBack, ...]
    is_first: bool


@dataclass(frozen=True)
class EditionsPage:
    """What the screen shows. `seen` names what stands prepared, as the person sees it."""

    rows: tuple[EditionRow, ...]
    identity: Identity
    coming: tuple[NextEdition, ...]
    is_waiting: bool  # something is prepared and not released
    may_prepare: bool
    may_release: bool
    release_refusal: str
    prepare_refusal: str
    seen: str


def editions_page(session: Session, *, viewer: Actor, public_url: str = "") -> EditionsPage:
    """Return the page; a bounded number of queries, and what is approved is read once."""
    preparer, releaser = aliased(Person), aliased(Person)
    found = session.execute(
        select(Edition, preparer.name, releaser.name)
        .join(preparer, preparer.id == Edition.prepared_by)
        .outerjoin(releaser, releaser.id == Edition.released_by)
        .order_by(Edition.id.desc()),
    ).all()
    waiting = [one for one, *_ in found if one.state == "prepared"]
    stock = read_stock(session)
    identity = identity_of(stock)
    may_prepare, may_release = viewer.may(Permission.PREPARE_EDITION), viewer.may(Permission.RELEASE_EDITION)
    is_own = any(one.prepared_by == viewer.person for one in waiting)
    return EditionsPage(
        rows=tuple(_row(*given) for given in found),
        identity=identity,
        coming=_coming(session, stock, public_url) if may_prepare and not waiting and stock.powers else (),
        is_waiting=bool(waiting),
        may_prepare=may_prepare,
        may_release=may_release,
        release_refusal="编制人不能发布自己编制的公开版，请由另一人发布。" if is_own else "",
        prepare_refusal=_prepare_refusal(stock, identity),
        seen=prepared_mark(waiting),
    )


def prepared_mark(waiting: Sequence[Edition]) -> str:
    """Return what names the editions that stand prepared: a digest over their manifests', "" for none."""
    return digest(sorted(one.manifest_digest for one in waiting)) if waiting else ""


def read_prepared_mark(session: Session) -> str:
    """Return the mark of what stands prepared now; one query."""
    return prepared_mark(session.scalars(select(Edition).where(Edition.state == "prepared")).all())


def _row(one: Edition, prepared_by: str, released_by: str | None) -> EditionRow:
    return EditionRow(
        id=one.id,
        label=f"{LABELS[one.audience]}第{one.number}号",
        day=one.day,
        state=STATES[one.state][0],
        tone=STATES[one.state][1],
        items=one.item_count,
        digest=one.manifest_digest,
        document=one.release_document,
        prepared_by=prepared_by,
        released_by=released_by or "",
        released_at=one.released_at,
    )


def _prepare_refusal(stock: Stock, identity: Identity) -> str:
    if not stock.powers:
        return "还没有审定的职权，不能编制公开版。"
    if identity.pending:
        return f"公开范围待定{identity.pending}项，不能编制公开版。请先审定其不公开申请或公开属性。"
    return "" if identity.holds else "清理总数与各类项数之和不符，不能编制公开版。请核对职权的公开属性。"


def _coming(session: Session, stock: Stock, public_url: str) -> tuple[NextEdition, ...]:
    told = []
    for audience in AUDIENCES:
        gathered = gather(session, stock, audience, day=clock.today(), public_url=public_url)
        kinds = [change.kind for change in gathered.content.changes]
        told.append(
            NextEdition(
                label=f"{LABELS[audience]}第{gathered.content.number}号",
                powers=len(gathered.content.powers),
                charts=len(gathered.content.flows),
                added=kinds.count("added"),
                changed=kinds.count("changed"),
                removed=kinds.count("removed"),
                has_new_contacts=gathered.content.has_new_contacts,
                held_back=gathered.held_back,
                is_first=gathered.content.previous_manifest_digest is None,
            ),
        )
    return tuple(told)
