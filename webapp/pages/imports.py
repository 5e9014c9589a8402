"""Bringing a file in: what may be brought, and what became or would become of its rows."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.pages.finding import section_names
from webapp.policy import Actor, Role
from webapp.powers.fields import CODE, FIELDS
from webapp.powers.models import ImportRun
from webapp.rules import NotFound

_HEADINGS = {each.name: each.heading for each in (*FIELDS, CODE)} | {"record": "记录类型", "number": "图号"}


@dataclass(frozen=True)
class NewImportPage:
    """What the upload form shows; `sections` are offered to the office only."""

    sections: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RefusedRow:
    """Why a row is not taken: its number in the file, the column, what stands there."""

    row: int
    column: str
    value: str
    why: str


@dataclass(frozen=True)
class RunPage:
    """What became or would become of a file; rows = taken + refused rows."""

    id: int
    file_name: str
    section: str
    is_confirmed: bool
    confirmed_at: datetime | None
    rows: int
    taken: int
    refused: int
    refusals: tuple[RefusedRow, ...]
    mended: tuple[tuple[int, str], ...]
    passed_over: tuple[tuple[int, str], ...]
    notes: tuple[str, ...]


def new_import_page(session: Session, *, viewer: Actor) -> NewImportPage:
    """Return the page; one query."""
    if not viewer.has(Role.OFFICE):
        return NewImportPage(())
    names = [(each.name, each.name) for each in section_names(session)]
    return NewImportPage((("", "按文件中所列科室"), *names))


def run_page(session: Session, run_id: int, *, viewer: Actor) -> RunPage:
    """Return a run of the viewer's own; raise NotFound for another's. One query."""
    run = session.scalars(
        select(ImportRun).where(ImportRun.id == run_id, ImportRun.account_id == viewer.account),
    ).one_or_none()
    if run is None:
        raise NotFound
    report = json.loads(run.report)
    return RunPage(
        id=run.id,
        file_name=run.file_name,
        section=run.section,
        is_confirmed=run.state == "confirmed",
        confirmed_at=run.confirmed_at,
        rows=report["rows"],
        taken=report["taken"],
        refused=report["rows"] - report["taken"],
        refusals=tuple(
            RefusedRow(one["row"], _heading(one["column"]), one["value"], one["why"]) for one in report["refusals"]
        ),
        mended=tuple((row, text) for row, text in report["mended"]),
        passed_over=tuple((row, text) for row, text in report["passed_over"]),
        notes=tuple(report["notes"]),
    )


def _heading(column: str) -> str:
    """Return the heading of a field named in a refusal; the headings of a table stand as they are."""
    return _HEADINGS.get(column.partition("-")[0], column)
