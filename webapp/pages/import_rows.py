"""The cells of a row that is being imported, as inputs: what stands in the file, what was typed, what is wrong."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Section
from webapp.policy import Actor
from webapp.powers import categories
from webapp.powers.fields import FIELDS
from webapp.powers.models import ImportRun
from webapp.powers.shapes import Shape
from webapp.powers.table_headings import DEPARTMENT, IGNORED, SUBCATEGORY
from webapp.reviews.import_report import Report, report_of
from webapp.reviews.import_source import Source
from webapp.rules import NotFound

_IDENTITY = ("code", SUBCATEGORY, "category", "name", "section", DEPARTMENT)
_LONG = 40
_LABELS = {each.name: tuple(label for _, label in each.options) for each in FIELDS if each.shape is Shape.CHOICE} | {
    SUBCATEGORY: tuple(word for each in categories.CATEGORIES for word in each.subcategories)
}


@dataclass(frozen=True)
class Cell:
    """One cell as an input; `given` is what the file says where something else was typed."""

    name: str
    label: str
    value: str
    kind: str
    error: str = ""
    options: tuple[tuple[str, str], ...] = ()
    given: str | None = None


@dataclass(frozen=True)
class RowPage:
    """One row of the file: its number, what becomes of it, every cell."""

    run: int
    file_name: str
    row: int
    version: int
    is_confirmed: bool
    is_left_out: bool
    state: str
    cells: tuple[Cell, ...]
    mended: tuple[str, ...]
    reasons: tuple[str, ...]  # that concern no single cell
    changes: tuple[tuple[str, str, str], ...]
    previous: int | None
    next: int | None


class CellMaker:
    """Makes the inputs of rows."""

    def __init__(self, report: Report, corrections: Mapping[str, Any], source: Source, sections: Sequence[str]) -> None:
        self._columns = [each for each in report.columns if each["target"] != IGNORED or each["word"]]
        self._typed: Mapping[str, Mapping[str, str]] = corrections.get("cells", {})
        table = source.tables[corrections["table"]] if source.tables else None
        # Rows refused before reading have no cells: what stands there is not kept.
        self._rows = dict(table.rows) if table else {}
        self._unread = {each[0] for each in table.refused} if table else set()
        self._sections = tuple(sections)

    def cells(self, row: int, errors: Mapping[int, str], *, whole: bool) -> tuple[Cell, ...]:
        """Return the cells of a row: all of them, or those that are wrong and those that say which item it is."""
        given = self._rows.get(row)
        if given is None or row in self._unread:
            return ()
        typed = self._typed.get(str(row), {})
        return tuple(
            self._cell(row, column, given, typed, errors)
            for column in self._columns
            if whole or column["place"] in errors or column["target"] in _IDENTITY
        )

    def _cell(
        self,
        row: int,
        column: Mapping[str, Any],
        given: Sequence[str],
        typed: Mapping[str, str],
        errors: Mapping[int, str],
    ) -> Cell:
        place = column["place"]
        stands = given[place] if place < len(given) else column["sample"] if column["is_added"] else ""
        value = typed.get(str(place), stands)
        options = self._options(column["target"], value)
        kind = "select" if options else "textarea" if "\n" in value or len(value) > _LONG else "text"
        return Cell(
            f"cell-{row}-{place}",
            column["word"] or f"第{place + 1}栏",
            value,
            kind,
            errors.get(place, ""),
            options,
            stands if value != stands else None,
        )

    def _options(self, target: str, value: str) -> tuple[tuple[str, str], ...]:
        """Return what to choose from; what stands there comes first where it is none of it."""
        words = self._sections if target in {"section", DEPARTMENT} else _LABELS.get(target, ())
        if not words or (target == DEPARTMENT and ";" in value.replace("；", ";").replace("、", ";")):
            return ()
        first = () if value in words else ((value, f"（原）{value}" if value else "请选择"),)
        return (*first, *((word, word) for word in words))


def row_page(session: Session, run_id: int, row: int, *, viewer: Actor) -> RowPage:
    """Return one row of a run of the viewer's own; raise NotFound for any other. Two queries."""
    run = session.scalars(
        select(ImportRun).where(ImportRun.id == run_id, ImportRun.account_id == viewer.account),
    ).one_or_none()
    if run is None:
        raise NotFound
    report, source = report_of(run), Source.of(run.source) if run.source else Source()
    names = tuple(session.scalars(select(Section.name).order_by(Section.position)))
    refusals = [each for each in report.refusals if each.row == row]
    maker = CellMaker(report, json.loads(run.corrections), source, names)
    cells = maker.cells(row, {each.place: each.why for each in refusals if each.place is not None}, whole=True)
    state = _state(report, row)
    if not state and not cells:
        raise NotFound
    change = next((each for each in report.changes if each["row"] == row), None)
    refused = sorted({each.row for each in report.refusals})
    return RowPage(
        run=run.id,
        file_name=run.file_name,
        row=row,
        version=run.version,
        is_confirmed=run.state == "confirmed",
        is_left_out=row in report.left_out,
        state=state or "可以导入，为新增的事项",
        cells=cells,
        mended=tuple(text for number, text in report.mended if number == row),
        reasons=tuple(each.why for each in refusals if each.place is None),
        changes=tuple((heading, old, new) for heading, old, new in change["fields"]) if change else (),
        previous=max((number for number in refused if number < row), default=None),
        next=min((number for number in refused if number > row), default=None),
    )


def _state(report: Report, row: int) -> str:
    """Return what becomes of a row, "" for one that is taken as new or is not there."""
    if any(each.row == row for each in report.refusals):
        return "不能导入"
    if row in report.left_out:
        return "列为不导入"
    if any(each["row"] == row for each in report.changes):
        return "可以导入，修改现有事项"
    for number, name in report.same:
        if number == row:
            return f"与现有内容相同，不需导入：{name}"
    return next((f"跳过：{why}" for number, why in report.passed_over if number == row), "")
