"""What the bench reports: a line on the screen for each figure as it comes, and docs/BENCHMARKS.md at the end."""

import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from webapp.db import sqlite_driver

# The largest parts of a figure as a profile showed them; for whoever wants it lower.
LIMITS = {
    "import": "checking every field and step, encoding bodies, the INSERTs of record, draft and listing",
    "bundle, a page": "making a folder and a file each, in the system; escaping in templates; then the workbook",
    "public search": "reading hits out of the index, up to five questions a search; then writing 88 hits on average",
    "staff list, staff entry": "running statements in SQLAlchemy, 10 and 23 a page, some built anew; templates",
    "export": "joining cells, then reading bodies from JSON; in xlsx 114 cells a power, steps of charts included",
    "draw a chart": "Graphviz in the child; stored by digest afterwards, so each chart pays once",
    "memory": "measured after sign-in pages only; under mixed work all processes of serve held 288 MiB (`make soak`)",
}


@dataclass(frozen=True)
class Figure:
    """One measured figure beside its aim."""

    name: str
    reached: float
    unit: str
    aim: float | None
    basis: str

    @property
    def is_over(self) -> bool:
        """Say whether the aim was missed."""
        return self.aim is not None and self.reached > self.aim


class Report:
    """Prints one line for each figure and remembers whether anything failed."""

    def __init__(self) -> None:
        self.failed = False
        self._parts: list[tuple[str, list[Figure]]] = []

    def part(self, heading: str) -> None:
        """Begin a part of the report."""
        print(heading, flush=True)
        self._parts.append((heading, []))

    def line(self, name: str, reached: float, aim: float | None, basis: str, unit: str = "ms") -> None:
        """Print a figure beside its aim."""
        figure = Figure(name, reached, unit, aim, basis)
        self._parts[-1][1].append(figure)
        mark = "" if aim is None else f"aim {aim:g} {unit}" + ("  over" if figure.is_over else "")
        print(f"  {name:<44}{reached:10.3f} {unit}  {basis:<18} {mark}", flush=True)

    def fail(self, name: str, why: str) -> None:
        """Print what went wrong."""
        self.failed = True
        print(f"  {name:<44} FAILED: {why}", flush=True)

    def write(self, target: Path) -> None:
        """Write the page of all figures."""
        lines = [
            "# Cost per operation",
            "",
            "Written by `make bench`; run it again on your machine. Figures are processor time of the serving process,",
            "not elapsed time; requests go through the real apps without the network, commits are durable on SQLite.",
            "",
            f"Machine: {_processor()}, {os.cpu_count()} cores; Python {platform.python_version()};",
            f"SQLite {sqlite_driver().sqlite_version}; load of the machine meanwhile {os.getloadavg()[1]:.1f}.",
            f"A million additions in a loop took {_million_additions():.0f} ms: compare that before figures.",
        ]
        for heading, figures in self._parts:
            lines += ["", f"## {heading}", "", "| operation | reached | aim | measured on |", "|---|---|---|---|"]
            for figure in figures:
                aim = "" if figure.aim is None else f"{figure.aim:g} {figure.unit}"
                mark = " (missed)" if figure.is_over else ""
                lines.append(f"| {figure.name} | {figure.reached:.3g} {figure.unit}{mark} | {aim} | {figure.basis} |")
        lines += ["", "## What limits", ""]
        lines += [f"- {name}: {limit}." for name, limit in LIMITS.items()]
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")


@contextmanager
def spent() -> Iterator[list[float]]:
    """Give a list that holds the seconds of processor time of the block once it has ended."""
    told: list[float] = []
    start = time.process_time()
    yield told
    told.append(time.process_time() - start)


def _million_additions() -> float:
    """Return the milliseconds of a million additions, the median of nine: how fast this machine is just now."""
    runs = []
    for _ in range(9):
        with spent() as took:
            total = 0
            for number in range(1_000_000):
                total += number
        runs.append(took[0] * 1000)
    return sorted(runs)[4]


def _processor() -> str:
    """Return the name of the processor."""
    try:
        described = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in described.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()
