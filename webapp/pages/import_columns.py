"""The columns of a table that is being imported, each with the field it is understood as, to be corrected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.powers import categories
from webapp.powers.models import HeadingAlias
from webapp.powers.table_columns import CANONICAL, FILLABLE
from webapp.powers.table_details import DETAIL_MARK
from webapp.powers.table_headings import DAY_KIND, DEPARTMENT, IGNORED, PUBLISHABLE, SUBCATEGORY
from webapp.reviews.import_report import Report

Options = tuple[tuple[str, str], ...]

_WORDS = {
    DEPARTMENT: "承办部门(可列多个，第一个为牵头)",
    SUBCATEGORY: "子类(如任免、物资采购)",
    DAY_KIND: "时限的单位(工作日、日)",
    PUBLISHABLE: "是否公开",
    "statutory_limit-n": "法定时限(数字，或连同单位)",
    "promised_limit-n": "承诺时限(数字，或连同单位)",
}
_FILL_LABELS = {"category": "全部行的职权类别", "section": "全部行的承办部门"}


@dataclass(frozen=True)
class ColumnChoice:
    """One column: its place from 0, heading, a first value, the target; `is_fixed` where it cannot be chosen."""

    place: int
    word: str
    sample: str
    target: str
    is_fixed: bool


@dataclass(frozen=True)
class Fill:
    """What every row of the table may have in common, because the table has no such column."""

    name: str
    label: str
    value: str
    options: Options


@dataclass(frozen=True)
class ColumnsForm:
    """The form in which columns are mapped."""

    columns: tuple[ColumnChoice, ...]
    options: Options
    fills: tuple[Fill, ...]
    tables: Options
    table: int
    header: int


@dataclass(frozen=True)
class KnownHeading:
    """A heading learned: what it means, who taught it and when."""

    id: int
    heading: str
    meaning: str
    by: str
    at: datetime


@dataclass(frozen=True)
class HeadingsPage:
    """The headings the bureau's tables taught."""

    rows: tuple[KnownHeading, ...]


def headings_page(session: Session) -> HeadingsPage:
    """Return the headings, in the order of their words; one query."""
    rows = session.execute(
        select(HeadingAlias, Person.name).join(Person, Person.id == HeadingAlias.learned_by).order_by(HeadingAlias.key),
    )
    words = dict(target_options())
    return HeadingsPage(
        tuple(
            KnownHeading(each.id, each.heading, words.get(each.target, each.target), name, each.learned_at)
            for each, name in rows
        ),
    )


def target_options() -> Options:
    """Return what a column may hold: nothing, or one of the fields."""
    fields = [(target, _WORDS.get(target, word)) for target, word in CANONICAL.items() if target != IGNORED]
    return (("", "未识别，不读入"), (IGNORED, "不导入此栏"), *fields)


def columns_form(report: Report, corrections: Mapping[str, Any], sections: Sequence[str]) -> ColumnsForm:
    """Return the form as it stands for a reading."""
    own = [each for each in report.columns if not each["is_added"]]
    filled = {each["target"]: each["sample"] for each in report.columns if each["is_added"]}
    options: dict[str, Options] = {
        "category": tuple((each.name, each.name) for each in categories.CATEGORIES),
        "section": tuple((name, name) for name in sections),
    }
    present = {each["target"] for each in own}
    if DEPARTMENT in present:
        present.add("section")
    return ColumnsForm(
        columns=tuple(
            ColumnChoice(
                each["place"],
                each["word"],
                each["sample"],
                each["target"],
                each["word"].startswith(DETAIL_MARK),
            )
            for each in own
        ),
        options=target_options(),
        fills=tuple(
            Fill(name, _FILL_LABELS[name], filled.get(name, ""), (("", "不统一填写"), *options[name]))
            for name in FILLABLE
            if name not in present
        ),
        tables=tuple((str(place), f"{name}({rows}行)") for place, (name, rows) in enumerate(report.tables)),
        table=corrections["table"],
        header=report.header,
    )
