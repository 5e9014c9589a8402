"""Bringing a file in: what may be brought, and what became or would become of its rows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Section
from webapp.pages.finding import section_names
from webapp.pages.import_columns import ColumnsForm, columns_form
from webapp.pages.import_rows import Cell, CellMaker
from webapp.policy import Actor, Role
from webapp.powers import categories
from webapp.powers.fields import CODE, FIELDS
from webapp.powers.models import ImportRun
from webapp.reviews.import_report import Report, report_of
from webapp.reviews.import_source import Source
from webapp.rules import NotFound

PAGE_SIZE = 100
MENDED_AT_ONCE = 50  # refused rows on a page: each has several inputs
VIEWS = ("refused", "changes", "new", "mended", "passed", "columns")
_HEADINGS = {each.name: each.heading for each in (*FIELDS, CODE)} | {"record": "记录类型", "number": "图号"}


@dataclass(frozen=True)
class OpenRun:
    """A preview that was not confirmed yet."""

    id: int
    file_name: str
    created_at: datetime


@dataclass(frozen=True)
class NewImportPage:
    """What the upload form shows: sections to choose from, templates by category, previews not confirmed yet."""

    sections: tuple[tuple[str, str], ...]
    templates: tuple[tuple[str, str], ...]
    open_runs: tuple[OpenRun, ...]


@dataclass(frozen=True)
class RefusedRow:
    """A row that is not taken: why, and the cells that can be mended here."""

    row: int
    reasons: tuple[tuple[str, str, str], ...]  # heading, what stands there, why
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class ChangedRow:
    """A row that changes a power: the fields as (heading, old, new)."""

    row: int
    record: int
    code: str
    name: str
    is_revising: bool
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Tab:
    """One view of a run with its count."""

    label: str
    count: int | None
    address: str
    current: bool


@dataclass(frozen=True)
class RunPage:
    """What became or would become of a file; see `import_report.Report` for the counts."""

    id: int
    file_name: str
    section: str
    version: int
    is_confirmed: bool
    confirmed_at: datetime | None
    report: Report
    is_table: bool
    view: str
    tabs: tuple[Tab, ...]
    refused: tuple[RefusedRow, ...]
    changes: tuple[ChangedRow, ...]
    told: tuple[tuple[int, str, bool], ...]  # row, sentence, may be taken back: new, mended, passed over
    columns: ColumnsForm | None
    page: int
    pages: int
    previous: str | None
    next: str | None

    @property
    def takable(self) -> int:
        """Return how many rows a confirmation would take."""
        return self.report.new + self.report.changed

    @property
    def left(self) -> int:
        """Return how many rows were left out on purpose."""
        return len(self.report.left_out)


def new_import_page(session: Session, *, viewer: Actor) -> NewImportPage:
    """Return the page; two queries."""
    sections: tuple[tuple[str, str], ...] = ()
    if viewer.has(Role.OFFICE):
        names = [(each.name, each.name) for each in section_names(session)]
        sections = (("", "按文件中所列科室"), *names)
    rows = session.execute(
        select(ImportRun.id, ImportRun.file_name, ImportRun.created_at)
        .where(ImportRun.account_id == viewer.account, ImportRun.state == "previewed")
        .order_by(ImportRun.id.desc()),
    )
    return NewImportPage(
        sections,
        tuple((each.slug, each.name) for each in categories.CATEGORIES),
        tuple(OpenRun(*row) for row in rows),
    )


def run_page(session: Session, run_id: int, *, viewer: Actor, view: str = "", page: int = 1) -> RunPage:
    """Return a run of the viewer's own; raise NotFound for another's. At most two queries."""
    run = own_run(session, run_id, viewer)
    report = report_of(run)
    chosen = view if view in VIEWS else _first_view(report)
    is_confirmed = run.state == "confirmed"
    source = Source.of(run.source) if run.source else Source()
    counts = _counts(report)
    size = MENDED_AT_ONCE if chosen == "refused" else PAGE_SIZE
    pages = max(1, -(-counts.get(chosen, 0) // size))
    shown = min(page, pages)
    part = slice((shown - 1) * size, shown * size)
    names = tuple(session.scalars(select(Section.name).order_by(Section.position)))
    address = f"/imports/{run.id}?view={chosen}&page="
    can_map = not is_confirmed and bool(source.tables)
    return RunPage(
        id=run.id,
        file_name=run.file_name,
        section=run.section,
        version=run.version,
        is_confirmed=is_confirmed,
        confirmed_at=run.confirmed_at,
        report=report,
        is_table=bool(source.tables),
        view=chosen,
        tabs=_tabs(run.id, counts, chosen, can_map=can_map, is_confirmed=is_confirmed),
        refused=_refused(report, run, source, names, part) if chosen == "refused" else (),
        changes=tuple(_changed(each) for each in report.changes[part]) if chosen == "changes" else (),
        told=_told(report, run, chosen)[part],
        columns=columns_form(report, json.loads(run.corrections), names) if chosen == "columns" and can_map else None,
        page=shown,
        pages=pages,
        previous=f"{address}{shown - 1}" if shown > 1 else None,
        next=f"{address}{shown + 1}" if shown < pages else None,
    )


def own_run(session: Session, run_id: int, viewer: Actor) -> ImportRun:
    """Return a run of the viewer's own; raise NotFound for another's."""
    run = session.scalars(
        select(ImportRun).where(ImportRun.id == run_id, ImportRun.account_id == viewer.account),
    ).one_or_none()
    if run is None:
        raise NotFound
    return run


def heading_of(column: str) -> str:
    """Return the heading of a field named in a refusal; the headings of a table stand as they are."""
    return _HEADINGS.get(column.partition("-")[0], column)


def _first_view(report: Report) -> str:
    if report.sentence:
        return "columns"
    return next((view for view, count in _counts(report).items() if count), "new")


def _counts(report: Report) -> dict[str, int]:
    return {
        "refused": report.refused,
        "changes": report.changed,
        "new": report.new,
        "mended": len(report.mended),
        "passed": len(report.left_out) + len(report.same) + len(report.passed_over),
    }


def _tabs(run: int, counts: Mapping[str, int], current: str, *, can_map: bool, is_confirmed: bool) -> tuple[Tab, ...]:
    labels = {
        "refused": "未导入的行" if is_confirmed else "不能导入的行",
        "changes": "修改的事项",
        "new": "新增的事项",
        "mended": "读取时更正",
        "passed": "不导入和跳过的行",
    }
    tabs = [
        Tab(label, counts[view], f"/imports/{run}?view={view}", current=view == current)
        for view, label in labels.items()
        if counts[view] and not (is_confirmed and view == "new")
    ]
    if can_map:
        tabs.append(Tab("栏目对应", None, f"/imports/{run}?view=columns", current == "columns"))
    return tuple(tabs)


def _refused(
    report: Report, run: ImportRun, source: Source, sections: Sequence[str], part: slice
) -> tuple[RefusedRow, ...]:
    by_row: dict[int, list[Any]] = {}
    for refusal in report.refusals:
        by_row.setdefault(refusal.row, []).append(refusal)
    maker = CellMaker(report, json.loads(run.corrections or "{}"), source, sections)
    rows = []
    for number in list(by_row)[part]:
        errors = {each.place: each.why for each in by_row[number] if each.place is not None}
        cells = maker.cells(number, errors, whole=False)
        told = [each for each in by_row[number] if each.place is None or not cells]  # the others stand at their cells
        reasons = tuple((heading_of(each.column), each.value, each.why) for each in told)
        rows.append(RefusedRow(number, reasons, cells))
    return tuple(rows)


def _changed(kept: Mapping[str, Any]) -> ChangedRow:
    fields = tuple((heading, old, new) for heading, old, new in kept["fields"])
    return ChangedRow(kept["row"], kept["record"], kept["code"], kept["name"], kept["is_revising"], fields)


def _told(report: Report, run: ImportRun, view: str) -> tuple[tuple[int, str, bool], ...]:
    """Return the rows of a list of sentences."""
    if view == "mended":
        return tuple((row, text, False) for row, text in report.mended)
    if view == "new" and run.lines:
        return tuple((row, _item_words(line), False) for row, line in json.loads(run.lines)["new"])
    if view == "passed":
        rows = [(row, "列为不导入", True) for row in report.left_out]
        rows += [(row, f"与现有内容相同：{name}", False) for row, name in report.same]
        return tuple(sorted([*rows, *((row, text, False) for row, text in report.passed_over)]))
    return ()


def _item_words(line: Mapping[str, Any]) -> str:
    """Return how a row that is taken is told: its code, its name, its section."""
    name = line.get("name") or line.get("title") or ""
    return " ".join(str(part) for part in (line.get("code") or line.get("number"), name, line.get("section")) if part)
