"""The rectification orders a person may see: where each stands, until when, and which wait to be signed for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from webapp import clock as time
from webapp.deadlines.models import Clock
from webapp.deadlines.reading import read_days
from webapp.findings.models import RectificationOrder
from webapp.findings.order_stages import ORDER_STATES, ORDER_WORDS
from webapp.findings.reading import RULE, may_see_orders
from webapp.pages.facets import Axis, address_of, chosen_of, facets_of, finds, keeps
from webapp.pages.finding import Chosen, Facet, SectionName, section_names
from webapp.policy import Actor, Permission

PATH = "/orders"
PAGE_SIZE = 50
TONES = {
    "draft": "quiet",
    "submitted": "under",
    "issued": "under",
    "acknowledged": "under",
    "in_recheck": "under",
    "returned": "wrong",
    "accepted": "under",
    "closed": "settled",
    "cancelled": "quiet",
}
OPEN = frozenset({"draft", "submitted", "issued", "acknowledged", "in_recheck", "returned", "accepted"})
_LATE = (("yes", "已超期"), ("no", "未超期"))


@dataclass(frozen=True)
class OrderRow:
    """An order in the list. `item` is what its tick sends: number and version."""

    id: int
    number: str
    title: str
    name: str
    section: str
    state: str
    words: str
    tone: str
    due: date | None
    days_left: int | None
    late: bool
    clock: str
    item: str
    may_sign: bool  # the viewer may sign for it


@dataclass(frozen=True)
class OrdersPage:
    """What the list shows."""

    rows: tuple[OrderRow, ...]
    facets: tuple[Facet, ...]
    chosen: tuple[Chosen, ...]
    q: str
    kept: Mapping[str, str]
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None
    may_draft: bool
    may_sign: bool  # some of the rows wait for the viewer to sign for them


def orders_page(session: Session, given: Mapping[str, str], *, viewer: Actor, page: int = 1) -> OrdersPage:
    """Return the list, narrowed down as the address says; four queries. The oldest that waits comes first."""
    chosen = {name: given.get(name, "").strip() for name in ("state", "section", "late")}
    q = given.get("q", "").strip()[:64]
    names = section_names(session)
    places = {one.id: one for one in names}
    rows = session.execute(
        select(
            RectificationOrder.id,
            RectificationOrder.section_id,
            RectificationOrder.state,
            RectificationOrder.year,
            RectificationOrder.number,
            RectificationOrder.document,
            RectificationOrder.title,
            RectificationOrder.version,
            Clock.id.label("clock"),
            Clock.due_on,
            Clock.met_at,
        )
        .outerjoin(
            Clock,
            and_(
                Clock.subject_kind == "order",
                Clock.subject_id == RectificationOrder.id,
                Clock.rule_key == RULE,
                Clock.cycle == RectificationOrder.cycle,
            ),
        )
        .where(may_see_orders(viewer))
        .order_by(RectificationOrder.id.desc())
    ).all()
    today = time.today()
    keyed = [
        {
            "state": row.state,
            "section": places[row.section_id].slug,
            "late": "yes" if _is_late(row.due_on, row.met_at is None and row.state in OPEN, today) else "no",
        }
        for row in rows
    ]
    kept = [
        row
        for row, keys in zip(rows, keyed, strict=True)
        if keeps(keys, chosen) and finds(q, row.title, row.document, places[row.section_id].name)
    ]
    kept.sort(key=lambda row: (row.state not in OPEN, row.due_on or date.max, row.id))
    pages = max(1, -(-len(kept) // PAGE_SIZE))
    at = min(page, pages)
    shown = kept[(at - 1) * PAGE_SIZE : at * PAGE_SIZE]
    days = [row.due_on for row in shown if row.due_on]
    calendar = read_days(session, min([today, *days]), max([today, *days]))
    axes = _axes(names)
    listed = tuple(
        OrderRow(
            id=row.id,
            number=row.document or "未编号",
            title=row.title,
            name=row.title,
            section=places[row.section_id].name,
            state=row.state,
            words=ORDER_WORDS[row.state],
            tone=TONES[row.state],
            due=row.due_on,
            days_left=calendar.count_between(today, row.due_on)
            if row.due_on and row.met_at is None and row.state in OPEN
            else None,
            late=_is_late(row.due_on, row.met_at is None and row.state in OPEN, today),
            clock=f"/clocks/{row.clock}" if row.clock else "",
            item=f"{row.id}:{row.version}",
            may_sign=row.state == "issued" and row.section_id in viewer.own_sections,
        )
        for row in shown
    )
    return OrdersPage(
        rows=listed,
        facets=facets_of(PATH, axes, chosen, keyed, q),
        chosen=chosen_of(PATH, axes, chosen, q),
        q=q,
        kept={name: value for name, value in chosen.items() if value},
        total=len(kept),
        page=at,
        pages=pages,
        previous=address_of(PATH, {**chosen, "q": q}, at - 1) if at > 1 else None,
        next=address_of(PATH, {**chosen, "q": q}, at + 1) if at < pages else None,
        may_draft=viewer.may(Permission.DRAFT_ORDERS),
        may_sign=any(row.may_sign for row in listed),
    )


def _axes(names: list[SectionName]) -> list[Axis]:
    return [
        Axis("state", "状态", [(state, ORDER_WORDS[state]) for state in ORDER_STATES]),
        Axis("section", "科室", [(one.slug, one.name) for one in names]),
        Axis("late", "期限", _LATE),
    ]


def _is_late(due: date | None, is_open: bool, today: date) -> bool:  # noqa: FBT001 - a private step of one list
    return due is not None and is_open and today > due
