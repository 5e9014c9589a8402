"""Where the office proposes a wording: how one field is worded in what was submitted, the same texts together."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from webapp.digests import digest
from webapp.pages.finding import section_names
from webapp.pages.power_new import category_options
from webapp.policy import Actor
from webapp.powers.fields import field
from webapp.powers.kind import POWER
from webapp.powers.unifying import UNIFIABLE, field_text, unifiable
from webapp.reviews.chain import STAGE_LABELS
from webapp.reviews.models import WordingItem
from webapp.reviews.shown import shown_revisions
from webapp.reviews.wording_stages import MAX_ITEMS, PROPOSABLE
from webapp.revisions.models import Listing, Revision
from webapp.revisions.reading import revision_body, visible_to

MAX_TEXTS = 40  # different texts on a page; more are reached with the filters
USUAL = "publication_forms"


@dataclass(frozen=True)
class Asked:
    """What the office looks at: a field, words in it, a category, a section; empty is all. `to`: mark of a text."""

    field: str = ""
    q: str = ""
    category: str = ""
    section: str = ""
    to: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        """Return what an address or a form asks for."""
        return cls(*(given.get(key, "").strip() for key in ("field", "q", "category", "section", "to")))


@dataclass(frozen=True)
class EntryRow:
    """An entry; `value` is what the form sends of it, "" where it waits for an answer already."""

    record: int
    code: str
    name: str
    section: str
    stage: str
    value: str


@dataclass(frozen=True)
class TextGroup:
    """A text of the field, and the entries that have it; `address`: the same page, all others to be worded so."""

    text: str
    rows: tuple[EntryRow, ...]  # those that are listed; `total` counts the rest too
    total: int
    address: str
    is_wanted: bool


@dataclass(frozen=True)
class NewWordingPage:
    """What the screen shows: the texts of the field, the most frequent first."""

    asked: Asked
    heading: str
    fields: tuple[tuple[str, str], ...]
    categories: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, str], ...]
    groups: tuple[TextGroup, ...]
    texts: int
    entries: int
    wanted: str  # the text that all are to have, where one was chosen
    chosen: frozenset[str]  # entries ticked at first: those with the words asked for, or with another text than wanted
    most: int = MAX_ITEMS


def new_wording_page(session: Session, asked: Asked, *, viewer: Actor) -> NewWordingPage:
    """Return how a field is worded in submitted entries; at most five queries, whatever their number."""
    known = unifiable(asked.field) or field(USUAL)
    names = section_names(session)
    scope: list[ColumnElement[bool]] = [
        Listing.kind == POWER.key,
        Listing.face == "review",
        Listing.stage.in_(sorted(PROPOSABLE)),
        visible_to(viewer),
    ]
    if asked.category:
        scope.append(Listing.category == asked.category)
    if asked.section:
        scope.append(Listing.section_id == next((one.id for one in names if one.slug == asked.section), -1))
    listed = {row.record_id: row for row in session.scalars(select(Listing).where(*scope).order_by(Listing.sort_key))}
    shown = shown_revisions(session, scope) if listed else {}
    waiting = set(
        session.scalars(
            select(WordingItem.record_id).where(WordingItem.field == known.name, WordingItem.state == "open"),
        ),
    )
    sections = {one.id: one.name for one in names}
    texts: dict[str, list[EntryRow]] = {}
    for record, row in listed.items():
        if (revision := shown.get(record)) is None:
            continue
        text = field_text(known.name, revision_body(POWER, revision))
        if asked.q in text:
            texts.setdefault(text, []).append(_entry(row, revision, sections, is_waiting=record in waiting))
    ordered = sorted(texts.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    wanted = next((text for text in texts if asked.to and _mark(text) == asked.to), "")
    groups, room = [], MAX_ITEMS  # nobody can propose for more at once, so no more are listed
    for text, rows in ordered[:MAX_TEXTS]:
        is_wanted = bool(wanted) and text == wanted
        listed_rows = () if is_wanted else tuple(rows[:room])
        room -= len(listed_rows)
        groups.append(TextGroup(text, listed_rows, len(rows), _address(asked, known.name, text), is_wanted))
    ticked = groups if asked.q or wanted else ()
    return NewWordingPage(
        asked=Asked(known.name, asked.q, asked.category, asked.section, asked.to if wanted else ""),
        heading=known.heading,
        fields=tuple((each.name, each.heading) for each in UNIFIABLE),
        categories=(("", "全部类别"), *(option for option in category_options() if option[0])),
        sections=(("", "全部科室"), *((one.slug, one.name) for one in names)),
        groups=tuple(groups),
        texts=len(ordered),
        entries=sum(len(rows) for rows in texts.values()),
        wanted=wanted,
        chosen=frozenset(row.value for group in ticked for row in group.rows if row.value),
    )


def _mark(text: str) -> str:
    return digest(text)[:16]


def _address(asked: Asked, name: str, text: str) -> str:
    told = {"field": name, "q": asked.q, "category": asked.category, "section": asked.section, "to": _mark(text)}
    return f"/wordings/new?{urlencode({key: value for key, value in told.items() if value})}"


def _entry(row: Listing, revision: Revision, sections: dict[int, str], *, is_waiting: bool) -> EntryRow:
    return EntryRow(
        record=row.record_id,
        code=row.code,
        name=row.name,
        section=sections.get(row.section_id, ""),
        stage=STAGE_LABELS[row.stage],
        value="" if is_waiting else f"{row.record_id}:{revision.digest}",
    )
