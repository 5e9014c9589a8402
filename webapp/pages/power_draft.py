"""Editing a power: the draft in panels, what was typed and not saved, what reviewers said, what is still missing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from webapp.pages.entry import read_contacts
from webapp.pages.entry_fields import Choices, Clause, FieldForm, Shown, contact_options, panel_fields_of, summary_of
from webapp.pages.finding import section_names
from webapp.pages.near_names import NearName, near_names
from webapp.pages.power import read_problems
from webapp.pages.seen import Seen, may_edit, seen_power
from webapp.policy import Actor
from webapp.powers import completeness
from webapp.powers.clauses import offered_clauses
from webapp.powers.entry_forms import (
    Form,
    arranged_rows,
    choose_clauses,
    field_digests,
    leftover_details,
    read_entry,
)
from webapp.powers.fields import PANELS, Body
from webapp.powers.shapes import FieldProblem
from webapp.powers.wording import worded
from webapp.revisions.models import Autosave, Draft, Listing
from webapp.rules import NotAllowed, NotFound
from webapp.training.reading import Advice, read_advice


@dataclass(frozen=True)
class PanelForm:
    """A part of the form that saves by itself."""

    key: str
    heading: str
    fields: tuple[FieldForm, ...]


@dataclass(frozen=True)
class Typed:
    """What the viewer typed earlier and did not save."""

    at: datetime
    panels: str
    is_old: bool  # somebody saved the draft since


@dataclass(frozen=True)
class DraftPage:
    """What the screen shows."""

    id: int
    code: str
    name: str
    state: str
    seen_version: int
    seen_fields: str
    panels: tuple[PanelForm, ...]
    summary: tuple[tuple[str | None, str], ...]
    missing: tuple[tuple[str | None, str], ...]  # what the saved draft lacks for submission: input, sentence
    typed: Typed | None
    is_restored: bool
    leftovers: tuple[tuple[str, str], ...]
    near: tuple[NearName, ...]
    advice: Mapping[str, Sequence[Advice]]  # 填报口径 by field
    done: int
    required: int


@dataclass(frozen=True)
class Given:
    """What a form page is drawn from beside the draft itself."""

    form: Form | None = None  # as posted; None shows the draft
    problems: Sequence[FieldProblem] = ()
    restore: bool = False
    is_new: bool = False  # just made: names near to its name are told


def draft_page(session: Session, power_id: int, given: Given, *, viewer: Actor) -> DraftPage:
    """Return the editing page; at most 14 queries.

    Raises NotFound where the viewer may not know of the power, NotAllowed where it is not his to change now.
    """
    seen = editable_power(session, power_id, viewer)
    draft = session.get_one(Draft, power_id)
    buffers = read_autosaves(session, power_id, viewer)
    form, version = given.form, draft.version
    if form is None and given.restore and buffers:
        form, version = merged(buffers), min(buffer.seen_version for buffer in buffers)
    body = seen.body
    offered = offered_clauses(session, seen.record.section_id, str(body["category"]))
    linked: dict[str, int] = json.loads(draft.clauses)
    if form is not None:
        typed = read_entry(form, body, keep_blank_rows="add_row" in form)
        body = arranged_rows(form, typed) or typed
        body, linked = choose_clauses(form, body, seen.body, linked, offered)
    shown = Shown(
        choices=_choices(session, seen, viewer),
        problems=given.problems,
        marks=read_problems(session, seen),
        clauses={name: Clause(number, text, name in linked) for name, (number, text) in offered.items()},
    )
    done, required = completeness.completeness(seen.body)
    return DraftPage(
        id=power_id,
        code=seen.row.code,
        name=seen.body["name"] or seen.row.name,
        state=seen.row.stage,
        seen_version=_posted_version(form) or version,
        seen_fields=_posted(form, "seen_fields") or field_digests(seen.body),
        panels=tuple(PanelForm(key, heading, panel_fields_of(key, body, shown)) for key, heading in PANELS),
        summary=tuple(summary_of(given.problems)),
        missing=tuple(summary_of(completeness.missing(seen.body))),
        typed=_typed(buffers, draft) if given.form is None and not given.restore else None,
        is_restored=given.restore and bool(buffers),
        leftovers=_leftovers(body),
        near=near_names(session, seen.body["name"], viewer, beside=power_id) if given.is_new else (),
        advice=read_advice(session, str(body["category"])),
        done=done,
        required=required,
    )


def editable_power(session: Session, power_id: int, viewer: Actor) -> Seen:
    """Return a power whose draft the viewer may change now; raise NotFound or NotAllowed with the reason."""
    seen = seen_power(session, power_id, viewer)
    if seen.row.face != "draft":
        raise (
            NotFound if not viewer.is_bureau_wide else NotAllowed("只有承办科室可以修改本事项；其他科室可以提出意见。")
        )
    if not may_edit(seen, viewer):
        raise NotAllowed("本事项正在审核中，不能修改。需要修改的，请先收回或等待退回。")
    return seen


def read_autosaves(session: Session, power_id: int, viewer: Actor) -> list[Autosave]:
    """Return what the viewer typed and did not save; his own only."""
    return list(
        session.scalars(
            select(Autosave)
            .where(Autosave.record_id == power_id, Autosave.account_id == viewer.account)
            .order_by(Autosave.panel),
        ),
    )


def merged(buffers: Sequence[Autosave]) -> dict[str, list[str]]:
    """Return the buffers of all panels as one form."""
    form: dict[str, list[str]] = {}
    for buffer in buffers:
        for name, value in json.loads(buffer.content):
            form.setdefault(name, []).append(value)
    return form


def _typed(buffers: Sequence[Autosave], draft: Draft) -> Typed | None:
    if not buffers:
        return None
    words = dict(PANELS)
    return Typed(
        at=max(buffer.saved_at for buffer in buffers),
        panels="、".join(words.get(buffer.panel, buffer.panel) for buffer in buffers),
        is_old=any(buffer.seen_version != draft.version for buffer in buffers),
    )


def _choices(session: Session, seen: Seen, viewer: Actor) -> Choices:
    sections = [
        section for section in section_names(session, is_open=True) if section.slug not in {"city-office", "city-group"}
    ]
    charts = session.execute(
        select(Listing.code, Listing.name)
        .where(
            Listing.kind == "flow",
            Listing.face == "draft",
            Listing.section_id == seen.record.section_id,
            Listing.code != "",
            # Somebody who brought the power in for another section knows only the charts he brought too.
            true() if seen.record.section_id in viewer.own_sections else Listing.entered_by == viewer.person,
        )
        .order_by(Listing.sort_key)
        .limit(200),
    )
    return Choices(
        own_sections=tuple((each.name, each.name) for each in sections if each.id in viewer.own_sections),
        sections=tuple((each.name, each.name) for each in sections),
        contacts=contact_options(read_contacts(session)),
        charts=tuple((row.code, row.name) for row in charts),
    )


def _leftovers(body: Body) -> tuple[tuple[str, str], ...]:
    """Return what another category left behind, in words, so that nobody drops it unseen."""
    names = leftover_details(body)
    if not names:
        return ()
    known = {each.name: each for each in worded({**body, "details": {}})}
    return tuple(
        (known[name].heading if name in known else name, json.dumps(body["details"][name], ensure_ascii=False))
        for name in names
    )


def _posted(form: Form | None, name: str) -> str:
    values: Sequence[str] = form.get(name, ()) if form else ()
    return values[0] if values else ""


def _posted_version(form: Form | None) -> int:
    return version_of(form) or 0 if form else 0


def version_of(form: Mapping[str, Any]) -> int | None:
    """Return the version a posted form says it was made from; None where it says none."""
    text = str(form["seen_version"][0]) if form.get("seen_version") else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - digits of an integer column
