"""统一表述建议: the list of proposals, and one of them with its entries before and after, for office and section."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.pages.finding import section_names
from webapp.policy import Actor, Permission, Role
from webapp.powers.fields import field
from webapp.reviews.chain import OUTSIDE, STAGE_LABELS
from webapp.reviews.models import Wording, WordingItem
from webapp.reviews.wording_stages import ANSWERABLE, IN_REVIEW
from webapp.revisions.comparing import Segment, segments
from webapp.revisions.models import Draft, Listing
from webapp.revisions.reading import visible_to
from webapp.rules import NotFound

MAX_SHOWN = 200
STATE_WORDS = {"open": "待科室答复", "consented": "已采纳", "declined": "不采纳", "withdrawn": "已撤回"}
STATE_TONES = {"open": "under", "consented": "settled", "declined": "wrong", "withdrawn": "quiet"}


@dataclass(frozen=True)
class WordingRow:
    """A proposal in the list, with how its entries were answered; of a section only its own are counted."""

    id: int
    field: str
    find: str
    text: str
    by: str
    at: datetime
    counts: tuple[tuple[str, str, int], ...]  # (words, tone, number)
    waiting: int


@dataclass(frozen=True)
class WordingsPage:
    """What the list shows."""

    rows: tuple[WordingRow, ...]
    may_propose: bool


@dataclass(frozen=True)
class WordingItemRow:
    """An entry of a proposal; `value` is what the section's form sends of it, "" where there is nothing to answer."""

    item: int
    record: int
    code: str
    name: str
    section: str
    stage: str
    segments: tuple[Segment, ...]
    state: str
    words: str
    tone: str
    reason: str
    by: str
    at: datetime | None
    value: str
    hindrance: str


@dataclass(frozen=True)
class WordingPage:
    """What the screen of one proposal shows."""

    id: int
    field: str
    find: str
    text: str
    reason: str
    by: str
    at: datetime
    rows: tuple[WordingItemRow, ...]
    waiting: int  # entries the viewer may answer
    is_chief: bool
    may_withdraw: bool


@dataclass(frozen=True)
class WordingLine:
    """What was proposed for one field of one power, and the answer: for the power's own page."""

    wording: int
    field: str
    before: str
    after: str
    words: str
    reason: str
    by: str
    at: datetime


def wordings_page(session: Session, *, viewer: Actor) -> WordingsPage:
    """Return the proposals, the newest first: all for who sees the whole bureau, else those for own entries."""
    counted = (
        select(WordingItem.wording_id, WordingItem.state, func.count())
        .join(Listing, Listing.record_id == WordingItem.record_id)
        .where(_concerned(viewer), visible_to(viewer))
        .group_by(WordingItem.wording_id, WordingItem.state)
    )
    counts: dict[int, dict[str, int]] = {}
    for number, state, count in session.execute(counted):
        counts.setdefault(number, {})[state] = count
    rows = session.execute(
        select(Wording, Person.name)
        .join(Person, Person.id == Wording.person_id)
        .where(Wording.id.in_(counts))
        .order_by(Wording.id.desc())
        .limit(MAX_SHOWN),
    )
    return WordingsPage(
        tuple(
            WordingRow(
                id=wording.id,
                field=field(wording.field).heading,
                find=wording.find,
                text=wording.text,
                by=name,
                at=wording.at,
                counts=tuple(
                    (words, STATE_TONES[state], counts[wording.id][state])
                    for state, words in STATE_WORDS.items()
                    if state in counts[wording.id]
                ),
                waiting=counts[wording.id].get("open", 0),
            )
            for wording, name in rows
        ),
        viewer.may(Permission.RECORD_DECISIONS),
    )


def wording_page(session: Session, wording_id: int, *, viewer: Actor) -> WordingPage:
    """Return one proposal with the entries the viewer may know of; raise NotFound where there is none. Four queries."""
    found = session.execute(
        select(Wording, Person.name).join(Person, Person.id == Wording.person_id).where(Wording.id == wording_id),
    ).one_or_none()
    rows = _items(session, WordingItem.wording_id == wording_id, viewer) if found else ()
    if found is None or not rows:
        raise NotFound
    wording, name = found
    return WordingPage(
        id=wording.id,
        field=field(wording.field).heading,
        find=wording.find,
        text=wording.text,
        reason=wording.reason,
        by=name,
        at=wording.at,
        rows=rows,
        waiting=sum(bool(row.value) for row in rows),
        is_chief=Role.CHIEF in viewer.roles,
        may_withdraw=viewer.may(Permission.RECORD_DECISIONS) and any(row.state == "open" for row in rows),
    )


def read_wordings(session: Session, record: int) -> tuple[WordingLine, ...]:
    """Return what was proposed for one power, the newest first; one query."""
    asker, answerer = aliased(Person), aliased(Person)
    rows = session.execute(
        select(WordingItem, Wording.at, asker.name, answerer.name)
        .join(Wording, Wording.id == WordingItem.wording_id)
        .join(asker, asker.id == Wording.person_id)
        .outerjoin(answerer, answerer.id == WordingItem.person_id)
        .where(WordingItem.record_id == record)
        .order_by(WordingItem.id.desc())
        .limit(MAX_SHOWN),
    )
    return tuple(
        WordingLine(
            wording=item.wording_id,
            field=field(item.field).heading,
            before=item.before,
            after=item.after,
            words=STATE_WORDS[item.state],
            reason=item.reason,
            by=answered or asked,
            at=item.at or proposed_at,
        )
        for item, proposed_at, asked, answered in rows
    )


def _items(session: Session, condition: ColumnElement[bool], viewer: Actor) -> tuple[WordingItemRow, ...]:
    names = {each.id: each.name for each in section_names(session)}
    rows = session.execute(
        select(WordingItem, Listing, Draft.version, Person.name)
        .join(Listing, Listing.record_id == WordingItem.record_id)
        .join(Draft, Draft.record_id == WordingItem.record_id)
        .outerjoin(Person, Person.id == WordingItem.person_id)
        .where(condition, _concerned(viewer), visible_to(viewer))
        .order_by(WordingItem.state != "open", Listing.section_id, Listing.sort_key, WordingItem.id),
    )
    return tuple(_row(item, row, version, name or "", names, viewer) for item, row, version, name in rows)


def _row(
    item: WordingItem, row: Listing, version: int, name: str, names: dict[int, str], viewer: Actor
) -> WordingItemRow:
    is_open = item.state == "open"
    hindrance = ""
    if is_open and row.stage not in ANSWERABLE:
        ends = row.stage in OUTSIDE
        hindrance = f"现处于“{STAGE_LABELS[row.stage]}”，{'不再需要答复' if ends else '不能再改，请办公室撤回建议'}"
    may_answer = is_open and not hindrance and row.section_id in viewer.own_sections
    return WordingItemRow(
        item=item.id,
        record=row.record_id,
        code=row.code,
        name=row.name,
        section=names.get(row.section_id, ""),
        stage=STAGE_LABELS[row.stage],
        segments=tuple(segments(item.before, item.after)),
        state=item.state,
        words=STATE_WORDS[item.state],
        tone=STATE_TONES[item.state],
        reason=item.reason,
        by=name,
        at=item.at,
        value=f"{item.id}:{row.record_id}:{version}" if may_answer else "",
        hindrance=hindrance or ("同意后重新送审" if may_answer and row.stage in IN_REVIEW else ""),
    )


def _concerned(viewer: Actor) -> ColumnElement[bool]:
    """Leave the entries whose proposals a person reads: all for the office, else those of own sections."""
    return true() if viewer.is_bureau_wide else Listing.section_id.in_(sorted(viewer.own_sections))
