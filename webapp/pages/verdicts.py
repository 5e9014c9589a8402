"""职责不到位和越位: what stands in 表9, the form that raises a gap, and the verdicts of one power for its page."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Person
from webapp.pages.claims import RulingLine, read_rulings
from webapp.pages.finding import section_names
from webapp.pages.power_new import category_options
from webapp.pages.published import state_of
from webapp.pages.wordings import WordingLine, read_wordings
from webapp.policy import Actor, Permission, Role
from webapp.powers.models import InventoryVerdict
from webapp.reviews.chain import GAP_SOURCES, OUTSIDE
from webapp.revisions.models import Listing
from webapp.revisions.reading import visible_to

MAX_SHOWN = 300
WORDS = {"missing": "职责不到位", "overreach": "职责越位，停止行使", "resumed": "恢复行使"}
_SOURCES = {**dict(GAP_SOURCES), "section": "承办科室"}
_DONE = frozenset({"approved", "withheld"})


@dataclass(frozen=True)
class VerdictRow:
    """One line of the list. `late`: the date is past and the duty not taken up."""

    id: int
    name: str
    section: str
    state: str
    words: str
    source: str
    reason: str
    aftermath: str
    document: str
    day: date
    by: str
    at: datetime
    is_done: bool
    late: bool


@dataclass(frozen=True)
class VerdictsPage:
    """What the list shows."""

    missing: tuple[VerdictRow, ...]
    stopped: tuple[VerdictRow, ...]
    may_raise: bool


@dataclass(frozen=True)
class NewGapPage:
    """What the form of a gap chooses from."""

    sections: tuple[tuple[str, str], ...]
    categories: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    today: date


@dataclass(frozen=True)
class VerdictPanel:
    """The verdicts of one power, and what the viewer may do about them."""

    lines: tuple[VerdictRow, ...]
    may_stop: bool
    may_resume: bool
    seen_version: int
    today: date
    rulings: tuple[RulingLine, ...] = ()
    wordings: tuple[WordingLine, ...] = ()


def verdicts_page(session: Session, *, viewer: Actor) -> VerdictsPage:
    """Return the list: own sections' for clerks and chiefs, all for whoever sees the whole bureau. Two queries."""
    rows = _rows(session, viewer, true())
    return VerdictsPage(
        missing=tuple(row for row in rows if row.words == WORDS["missing"]),
        stopped=tuple(row for row in rows if row.words != WORDS["missing"]),
        may_raise=viewer.may(Permission.RECORD_DECISIONS),
    )


def new_gap_page(session: Session) -> NewGapPage:
    """Return the form's choices; one query."""
    names = [(each.name, each.name) for each in section_names(session) if not each.slug.startswith("city-")]
    return NewGapPage((("", "请选择"), *names), category_options(), GAP_SOURCES, clock.today())


def verdict_panel(session: Session, row: Listing, version: int, *, viewer: Actor) -> VerdictPanel:
    """Return the verdicts of a power whose listing row the viewer sees; three to five queries."""
    is_chief = viewer.has(Role.CHIEF, row.section_id) and row.face == "draft"
    hears = viewer.is_bureau_wide or row.section_id in viewer.own_sections
    return VerdictPanel(
        lines=_rows(session, viewer, InventoryVerdict.record_id == row.record_id),
        may_stop=is_chief and row.stage not in OUTSIDE,
        may_resume=viewer.has(Role.OFFICE) and row.stage == "stopped",
        seen_version=version,
        today=clock.today(),
        rulings=read_rulings(session, row.record_id),
        wordings=read_wordings(session, row.record_id) if hears else (),
    )


def _rows(session: Session, viewer: Actor, condition: ColumnElement[bool]) -> tuple[VerdictRow, ...]:
    names = {each.id: each.name for each in section_names(session)}
    # Verdicts are for the office, the leading group and the section itself, not for sections joined (practice.md).
    concerned = or_(
        true() if viewer.is_bureau_wide else Listing.section_id.in_(sorted(viewer.own_sections)),
        Listing.entered_by == viewer.person,
    )
    rows = session.execute(
        select(InventoryVerdict, Listing, Person.name)
        .join(Listing, Listing.record_id == InventoryVerdict.record_id)
        .join(Person, Person.id == InventoryVerdict.person_id)
        .where(condition, concerned, visible_to(viewer))
        .order_by(InventoryVerdict.day, InventoryVerdict.id)
        .limit(MAX_SHOWN),
    )
    today = clock.today()
    return tuple(
        VerdictRow(
            id=row.record_id,
            name=row.name,
            section=names.get(row.section_id, ""),
            state=state_of(row.stage, row.disclosure, is_published=False),
            words=WORDS[verdict.verdict],
            source=_SOURCES[verdict.source],
            reason=verdict.reason,
            aftermath=verdict.aftermath,
            document=verdict.document,
            day=verdict.day,
            by=name,
            at=verdict.at,
            is_done=row.stage in _DONE,
            late=verdict.verdict == "missing" and verdict.day < today and row.stage not in _DONE | OUTSIDE,
        )
        for verdict, row, name in rows
    )
