"""Charts to start from: the statutory flows as files of `starting/`, as the law of a day has them. Pure.

A file has heads (名称, 说明, 职权, 类别, 图号, 起算) and an outline (`flows.outline`); a line that begins with
`[2015-05-01-]`, `[-2015-04-30]` or both days holds only then. A post `局领导/局长` names its section; every other step
is of the section that starts the chart. Sources: data/flows.json, domain.md §3.6; each line's law stands beside it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from webapp.flows.kind import STEP_FIELDS, empty_step
from webapp.flows.outline import read_outline

FOLDER = Path(__file__).parent / "starting"
_HEADS = {"名称": "name", "说明": "about", "职权": "power", "类别": "category", "图号": "series", "起算": "begins"}
_HEAD = re.compile(rf"({'|'.join(_HEADS)})：(.+)")
_DATED = re.compile(r"\[(\d{4}-\d\d-\d\d)?-(\d{4}-\d\d-\d\d)?\] (.+)")


@dataclass(frozen=True)
class StartingChart:
    """A statutory flow to start from; `power` and `category` say what it is for, `lines` are its outline with days."""

    key: str
    name: str
    about: str
    power: str
    category: str
    series: str
    lines: tuple[str, ...]
    begins: str = ""  # from when the total runs

    def body(self, on: date, *, section: str) -> dict[str, Any]:
        """Return `steps`, `transitions`, `total_limit` and `procedure` as the law of a day has them."""
        read = read_outline("\n".join(_in_force(line, on) for line in self.lines))
        total = read["total_limit"]
        return {
            "procedure": "statutory",
            "total_limit": {**total, "start": self.begins} if total else None,
            "steps": [_step(step, section) for step in read["steps"]],
            "transitions": read["transitions"],
        }


@cache
def starting_charts() -> tuple[StartingChart, ...]:
    """Return every chart to start from, by the order of the series."""
    order = ("CF", "XK", "QZ", "ZS", "SF", "ZF", "QT", "CW", "RS")
    charts = [_read(path) for path in sorted(FOLDER.glob("*.txt"))]
    # The general one of a series stands first: it says least of what it is for.
    return tuple(sorted(charts, key=lambda chart: (order.index(chart.series), len(chart.name))))


def starting_chart(key: str) -> StartingChart | None:
    """Return one by its key; None where there is none."""
    return next((chart for chart in starting_charts() if chart.key == key), None)


def _read(path: Path) -> StartingChart:
    heads: dict[str, str] = {}
    lines = []
    for line in filter(None, map(str.strip, path.read_text("utf-8").splitlines())):
        if found := _HEAD.fullmatch(line):
            heads[_HEADS[found[1]]] = found[2]
        else:
            lines.append(line)
    return StartingChart(key=path.stem, lines=tuple(lines), **heads)


def _in_force(line: str, on: date) -> str:
    found = _DATED.fullmatch(line)
    if not found:
        return line
    return found[3] if (found[1] or "") <= on.isoformat() <= (found[2] or "9999") else ""


def _step(read: Mapping[str, Any], section: str) -> dict[str, Any]:
    above, _, post = str(read["post"]).rpartition("/")
    step = {**empty_step(read["id"], read["kind"]), **read, "section": above or section, "post": post}
    return {name: step[name] for name in STEP_FIELDS}
