"""The editions: what is prepared, what is released, and whether the identity holds that an edition needs."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.policy import Actor, Permission
from webapp.publication.gathering import Identity, identity_of, read_stock
from webapp.publication.models import Edition

LABELS = {"public": "社会公开版", "bureau": "内部公开版"}
STATES = {"prepared": "待发布", "released": "已发布"}


@dataclass(frozen=True)
class EditionRow:
    """One edition in the list."""

    label: str
    day: date
    state: str
    items: int
    digest: str
    document: str


@dataclass(frozen=True)
class EditionsPage:
    """What the screen shows."""

    rows: tuple[EditionRow, ...]
    identity: Identity
    is_waiting: bool  # something is prepared and not released
    may_prepare: bool
    may_release: bool


def editions_page(session: Session, *, viewer: Actor) -> EditionsPage:
    """Return the page; four queries."""
    found = session.scalars(select(Edition).order_by(Edition.id.desc())).all()
    return EditionsPage(
        rows=tuple(
            EditionRow(
                label=f"{LABELS[one.audience]}第{one.number}号",
                day=one.day,
                state=STATES[one.state],
                items=one.item_count,
                digest=one.manifest_digest,
                document=one.release_document,
            )
            for one in found
        ),
        identity=identity_of(read_stock(session)),
        is_waiting=any(one.state == "prepared" for one in found),
        may_prepare=viewer.may(Permission.PREPARE_EDITION),
        may_release=viewer.may(Permission.RELEASE_EDITION),
    )
