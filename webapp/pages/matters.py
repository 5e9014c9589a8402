"""Key areas: the ledger of matters with what is missing, and one matter with its traces."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Person, Section
from webapp.deadlines.reading import read_days
from webapp.matters.models import Matter, MatterLack, MatterTrace
from webapp.matters.traces import AREA_WORDS, AREAS, BY_KIND, KINDS, due_days
from webapp.pages.complaint_new import power_options
from webapp.pages.finding import section_names
from webapp.policy import Actor, Permission, Role
from webapp.rules import NotFound

PATH = "/matters"
PAGE_SIZE = 50
Options = tuple[tuple[str, str], ...]
_MARGIN = timedelta(days=200)


@dataclass(frozen=True)
class MatterRow:
    """A matter in the ledger: how many traces are there of how many, how many are missing after their day."""

    id: int
    area: str
    kind: str
    title: str
    section: str
    amount: int | None
    decided_on: date
    deciders: str
    done: int
    total: int
    late: int
    is_cancelled: bool


@dataclass(frozen=True)
class AreaChoice:
    """An area with how many matters it holds."""

    label: str
    count: int
    address: str
    current: bool


@dataclass(frozen=True)
class MattersPage:
    """What the ledger shows."""

    rows: tuple[MatterRow, ...]
    areas: tuple[AreaChoice, ...]
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None
    may_enter: bool


@dataclass(frozen=True)
class NewMatterPage:
    """What the form of a matter chooses from."""

    kinds: Options
    sections: Options
    powers: Options
    today: str


@dataclass(frozen=True)
class TraceRow:
    """A trace a matter must leave."""

    key: str
    label: str
    due_on: date
    day: date | None
    document: str
    by: str
    is_late: bool
    finding: int | None


@dataclass(frozen=True)
class MatterPage:
    """One matter."""

    row: MatterRow
    basis: str
    entered_by: str
    entered_at: datetime
    reason: str
    traces: tuple[TraceRow, ...]
    may_note: bool
    may_cancel: bool
    today: str


def matters_page(session: Session, area: str, *, viewer: Actor, page: int = 1) -> MattersPage:
    """Return the ledger: own sections', all for the bureau-wide; five queries."""
    known = area if area in AREA_WORDS else ""
    counts = dict(
        session.execute(select(Matter.kind, func.count()).where(_visible(viewer)).group_by(Matter.kind)).all()
    )
    by_area = {key: sum(n for kind, n in counts.items() if BY_KIND[kind].area == key) for key, _ in AREAS}
    total = by_area[known] if known else sum(by_area.values())
    pages = max(1, -(-total // PAGE_SIZE))
    at = min(page, pages)
    chosen = Matter.kind.in_([kind.key for kind in KINDS if kind.area == known]) if known else true()
    found = session.execute(
        select(Matter, Section.name)
        .join(Section, Section.id == Matter.section_id)
        .where(_visible(viewer), chosen)
        .order_by(Matter.decided_on.desc(), Matter.id.desc())
        .limit(PAGE_SIZE)
        .offset((at - 1) * PAGE_SIZE),
    ).all()
    rows = [(row, section) for row, section in found]
    return MattersPage(
        rows=_rows(session, rows),
        areas=tuple(
            AreaChoice(label, by_area[key], PATH if known == key else f"{PATH}?area={key}", known == key)
            for key, label in AREAS
        ),
        total=total,
        page=at,
        pages=pages,
        previous=_address(known, at - 1) if at > 1 else None,
        next=_address(known, at + 1) if at < pages else None,
        may_enter=viewer.may(Permission.ENTER_MATTERS),
    )


def new_matter_page(session: Session, *, viewer: Actor) -> NewMatterPage:
    """Return the form's choices; two queries."""
    may_all = viewer.has(Role.OFFICE)
    own = [one for one in section_names(session) if may_all or one.id in viewer.own_sections]
    return NewMatterPage(
        kinds=(("", "请选择"), *((kind.key, f"{AREA_WORDS[kind.area]}：{kind.label}") for kind in KINDS)),
        sections=(("", "请选择"), *((str(one.id), one.name) for one in own)),
        powers=power_options(session, viewer),
        today=clock.today().isoformat(),
    )


def matter_page(session: Session, matter_id: int, *, viewer: Actor) -> MatterPage:
    """Return a matter of one's own section, any for the bureau-wide; raise NotFound. Seven queries."""
    found = session.execute(
        select(Matter, Section.name, Person.name)
        .join(Section, Section.id == Matter.section_id)
        .join(Person, Person.id == Matter.entered_by)
        .where(Matter.id == matter_id, _visible(viewer)),
    ).one_or_none()
    if found is None:
        raise NotFound
    matter, section, entered_by = found
    traces = {
        row.key: (row, name)
        for row, name in session.execute(
            select(MatterTrace, Person.name)
            .join(Person, Person.id == MatterTrace.entered_by)
            .where(MatterTrace.matter_id == matter_id)
        )
    }
    missed = session.scalars(select(MatterLack).where(MatterLack.matter_id == matter_id))
    lacks = {row.key: row.finding_id for row in missed}
    kind, today = BY_KIND[matter.kind], clock.today()
    dues = due_days(kind, matter.decided_on, read_days(session, matter.decided_on, matter.decided_on + _MARGIN))
    is_open = matter.cancelled_at is None
    is_own = viewer.has(Role.OFFICE) or matter.section_id in viewer.own_sections
    rows = []
    for trace in kind.traces:
        there, by = traces.get(trace.key, (None, ""))
        rows.append(
            TraceRow(
                key=trace.key,
                label=trace.label,
                due_on=dues[trace.key],
                day=there.day if there else None,
                document=there.document if there else "",
                by=by,
                is_late=is_open and there is None and dues[trace.key] < today,
                finding=lacks.get(trace.key),
            ),
        )
    return MatterPage(
        row=_rows(session, [(matter, section)])[0],
        basis=kind.basis,
        entered_by=entered_by,
        entered_at=matter.entered_at,
        reason=matter.reason,
        traces=tuple(rows),
        may_note=is_open and is_own and viewer.may(Permission.ENTER_MATTERS),
        may_cancel=is_open and viewer.has(Role.OFFICE),
        today=today.isoformat(),
    )


def _rows(session: Session, found: list[tuple[Matter, str]]) -> tuple[MatterRow, ...]:
    """Return rows with what is there and missing; two queries or none."""
    if not found:
        return ()
    ids = [row.id for row, _ in found]
    there: dict[int, set[str]] = {number: set() for number in ids}
    for trace in session.execute(select(MatterTrace.matter_id, MatterTrace.key).where(MatterTrace.matter_id.in_(ids))):
        there[trace.matter_id].add(trace.key)
    days = [row.decided_on for row, _ in found]
    calendar, today = read_days(session, min(days), max(days) + _MARGIN), clock.today()
    rows = []
    for row, section in found:
        kind = BY_KIND[row.kind]
        dues = due_days(kind, row.decided_on, calendar)
        late = [key for key, due in dues.items() if key not in there[row.id] and due < today]
        rows.append(
            MatterRow(
                id=row.id,
                area=AREA_WORDS[kind.area],
                kind=kind.label,
                title=row.title,
                section=section,
                amount=row.amount,
                decided_on=row.decided_on,
                deciders=row.deciders,
                done=len(there[row.id]),
                total=len(kind.traces),
                late=0 if row.cancelled_at else len(late),
                is_cancelled=row.cancelled_at is not None,
            ),
        )
    return tuple(rows)


def _visible(viewer: Actor) -> ColumnElement[bool]:
    return true() if viewer.is_bureau_wide else Matter.section_id.in_(sorted(viewer.own_sections))


def _address(area: str, page: int) -> str:
    parts = [f"area={area}" if area else "", f"page={page}" if page > 1 else ""]
    query = "&".join(part for part in parts if part)
    return f"{PATH}?{query}" if query else PATH
