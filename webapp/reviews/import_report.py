"""What became, or would become, of the rows of a file; kept as JSON with the run. Pure."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from webapp.powers.models import ImportRun


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken: where, which column and value, and why; of a table also the place of the cell."""

    row: int
    column: str
    value: str
    why: str
    place: int | None = None


@dataclass(frozen=True)
class Report:
    """What became, or would become, of the rows of a file.

    rows = new + changed + same + refused rows + left out; titles and blank rows (passed over) are beside them.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    same: tuple[tuple[int, str], ...] = ()
    refusals: tuple[Refusal, ...] = ()
    left_out: tuple[int, ...] = ()
    mended: tuple[tuple[int, str], ...] = ()
    passed_over: tuple[tuple[int, str], ...] = ()
    changes: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    columns: tuple[dict[str, Any], ...] = ()
    header: int = 0
    sentence: str = ""
    tables: tuple[tuple[str, int], ...] = ()

    def as_text(self) -> str:
        """Return the report as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def refused(self) -> int:
        """Return the number of refused rows."""
        return len({each.row for each in self.refusals})


def report_of(run: ImportRun) -> Report:
    """Return the report a run keeps."""
    kept = json.loads(run.report)
    pairs = {
        name: tuple((row, text) for row, text in kept[name]) for name in ("same", "mended", "passed_over", "tables")
    }
    lists = {name: tuple(kept[name]) for name in ("left_out", "changes", "notes", "columns")}
    return Report(**{**kept, **pairs, **lists, "refusals": tuple(Refusal(**each) for each in kept["refusals"])})
