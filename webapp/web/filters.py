"""How values are written on a page: dates, moments, limits, the component macros as `ui`, and what may be left out.

`install_display(env)` is called once for the staff app's Jinja environment. Blocks that are rendered alone see neither
imports nor sets around them, so everything the templates use is a filter or a global.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from jinja2 import Environment
from jinja2.runtime import Undefined
from jinja2.utils import missing

from webapp.clock import CHINA

LIMIT_UNITS = {"hour": "小时", "working_day": "个工作日", "day": "日", "month": "个月", "year": "年"}


class OptionalAttribute(Undefined):
    """A name nobody gave is an error; an attribute or key that is not there may be asked about, but not shown.

    Components take rows whose optional parts (a note, a link) are simply left out.
    """

    __slots__ = ()

    def __bool__(self) -> Literal[False]:
        # `caller` is there only where a macro is used with {% call %}; macros ask.
        if self._undefined_obj is missing and self._undefined_name != "caller":
            self._fail_with_undefined_error()
        return False

    def __str__(self) -> str:  # noqa: PLE0307 - never returns
        self._fail_with_undefined_error()

    def __iter__(self) -> Iterator[Any]:
        self._fail_with_undefined_error()

    def __len__(self) -> int:  # noqa: PLE0303 - never returns
        self._fail_with_undefined_error()


@dataclass(frozen=True)
class Group:
    """Rows that stand together in the side navigation, under one heading (empty for none)."""

    label: str
    rows: tuple[object, ...]


def _day(value: date | datetime | str) -> date:
    """Return the day meant: of a moment the day in China, of a text in ISO form the day it names."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > len("2008-07-08") else date.fromisoformat(value)
    if isinstance(value, datetime):
        return value.astimezone(CHINA).date() if value.tzinfo else value.date()
    return value


def cn_date(value: date | datetime | str | None) -> str:
    """Write a day as in running text, without leading zeros: 2008年7月8日. None gives an empty text."""
    if value is None or value == "":
        return ""
    day = _day(value)
    return f"{day.year}年{day.month}月{day.day}日"


def iso(value: date | datetime | str | None) -> str:
    """Write a day as in tables and `datetime` attributes: 2008-07-08. None gives an empty text."""
    if value is None or value == "":
        return ""
    return _day(value).isoformat()


def cn_moment(value: date | datetime | str | None) -> str:
    """Write a moment at +08:00, 2008年7月8日 14:05; a value that is only a day is written as a day."""
    if isinstance(value, str) and len(value) > len("2008-07-08"):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        return cn_date(value)
    local = value.astimezone(CHINA) if value.tzinfo else value
    return f"{cn_date(local)} {local:%H:%M}"


def limit_text(value: Mapping[str, object] | None) -> str:
    """Write a limit {n, unit, start}: 60日（自立案之日起）. Zero: done on the spot; None: none is laid down."""
    if not value:
        return "未规定"
    count, unit, start = value.get("n"), str(value.get("unit", "")), str(value.get("start") or "")
    if count == 0:
        return "当场办结"
    counted = f"{count}{LIMIT_UNITS.get(unit, unit)}"
    return f"{counted}（自{start}起）" if start and start != "当场" else counted


def groups_in_order(items: Iterable[object]) -> list[Group]:
    """Gather navigation items by their `group` (attribute or key, may be missing), in the order first met."""
    found: dict[str, list[object]] = {}
    for item in items:
        label = item.get("group") if isinstance(item, Mapping) else getattr(item, "group", None)
        found.setdefault(label or "", []).append(item)
    return [Group(label, tuple(rows)) for label, rows in found.items()]


def cell_errors(problems: Iterable[Any], name: str) -> dict[tuple[int, str], str]:
    """Return what is wrong with the cells of a `ui.rows_editor`, by row and column, from the problems of a form."""
    pattern = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-(\w+)")
    found = [(pattern.fullmatch(problem.field or ""), problem.message) for problem in problems]
    return {(int(match[1]), match[2]): message for match, message in found if match}


def install_display(env: Environment) -> None:
    """Give an environment the filters and the `ui` macros; the filters first, since the macros use them."""
    env.filters.update(
        cn_date=cn_date,
        iso=iso,
        cn_moment=cn_moment,
        limit_text=limit_text,
        groups_in_order=groups_in_order,
        cell_errors=cell_errors,
    )
    env.globals["ui"] = env.get_template("components/all.html").module
