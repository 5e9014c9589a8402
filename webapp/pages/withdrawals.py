"""What was taken back from the public: who did it and why, whether it still stands, and what should be taken back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.policy import Actor, Permission
from webapp.publication.models import Edition, EditionItem, Withdrawal
from webapp.reviews.chain import OUTSIDE
from webapp.revisions.models import Listing, Record
from webapp.revisions.reading import visible_to

PATH = "/editions/withdrawals"
PAGE_SIZE = 50


@dataclass(frozen=True)
class WithdrawalRow:
    """One withdrawal. `name` is empty where the viewer may not see the power."""

    id: int
    code: str
    name: str
    address: str
    reason: str
    document: str
    withdrawn_by: str
    withdrawn_at: datetime
    is_lifted: bool
    lifted_by: str
    lifted_at: datetime | None
    lift_reason: str
    lift_document: str


@dataclass(frozen=True)
class WithdrawalsPage:
    """What the screen shows; `code` stands in the form already, `overdue` are codes that should be taken back."""

    rows: tuple[WithdrawalRow, ...]
    overdue: tuple[str, ...]
    code: str
    may_withdraw: bool
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None


def withdrawals_page(session: Session, *, viewer: Actor, page: int = 1, code: str = "") -> WithdrawalsPage:
    """Return the page, the newest first; four queries."""
    total = session.scalar(select(func.count()).select_from(Withdrawal)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    at = min(page, pages)
    lifter = aliased(Person)
    found = session.execute(
        select(Withdrawal, Record.code, Person.name, lifter.name)
        .join(Record, Record.id == Withdrawal.record_id)
        .join(Person, Person.id == Withdrawal.withdrawn_by)
        .outerjoin(lifter, lifter.id == Withdrawal.lifted_by)
        .order_by(Withdrawal.id.desc())
        .limit(PAGE_SIZE)
        .offset((at - 1) * PAGE_SIZE),
    ).all()
    seen = session.execute(
        select(Listing.record_id, Listing.name).where(
            Listing.record_id.in_([one.record_id for one, *_ in found]), visible_to(viewer)
        ),
    )
    names = {row.record_id: row.name for row in seen}
    return WithdrawalsPage(
        rows=tuple(
            WithdrawalRow(
                id=one.id,
                code=record_code or "",
                name=names.get(one.record_id, ""),
                address=f"/powers/{one.record_id}" if one.record_id in names else "",
                reason=one.reason,
                document=one.document,
                withdrawn_by=by,
                withdrawn_at=one.withdrawn_at,
                is_lifted=one.is_lifted,
                lifted_by=lifted_by or "",
                lifted_at=one.lifted_at,
                lift_reason=one.lift_reason,
                lift_document=one.lift_document,
            )
            for one, record_code, by, lifted_by in found
        ),
        overdue=overdue_codes(session),
        code=code[:64],
        may_withdraw=viewer.may(Permission.RELEASE_EDITION),
        total=total,
        page=at,
        pages=pages,
        previous=f"{PATH}?page={at - 1}" if at > 1 else None,
        next=f"{PATH}?page={at + 1}" if at < pages else None,
    )


def overdue_codes(session: Session) -> tuple[str, ...]:
    """Return the codes of powers that still stand in a newest edition and should not: one query.

    They are withheld by decision, or stopped or merged outside the chain since.
    """
    newest = select(func.max(Edition.id)).where(Edition.state == "released").group_by(Edition.audience)
    withdrawn = select(Withdrawal.record_id).where(~Withdrawal.is_lifted)
    rows = session.scalars(
        select(Record.code)
        .join(EditionItem, EditionItem.record_id == Record.id)
        .where(
            EditionItem.edition_id.in_(newest),
            or_(Record.withheld_by.is_not(None), Record.stage.in_(sorted(OUTSIDE))),
            Record.id.not_in(withdrawn),
        )
        .distinct()
        .order_by(Record.code),
    )
    return tuple(code for code in rows if code)
