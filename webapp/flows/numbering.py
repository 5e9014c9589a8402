"""Chart numbers LC-XK-003: the series the bureau uses, and the next free number of each. Only reads."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.revisions.models import Record

SERIES = (
    ("CF", "行政处罚"),
    ("XK", "行政许可"),
    ("SP", "其他行政审批"),
    ("QZ", "行政强制"),
    ("ZS", "行政征收"),
    ("QR", "行政确认"),
    ("CJ", "行政裁决"),
    ("JF", "行政给付"),
    ("ZF", "其他行政执法"),
    ("SF", "行政事业性收费"),
    ("JC", "重大决策"),
    ("RS", "组织人事"),
    ("CW", "财务资产"),
    ("QT", "其他"),
)
_INTERNAL = "N"  # the bureau's sign for a chart that is not published


def next_numbers(session: Session) -> dict[str, str]:
    """Return the next number of every series, for an external chart; one query."""
    taken: dict[str, int] = {}
    codes = session.scalars(select(Record.code).where(Record.kind == "flow", Record.code.startswith("LC-")))
    for code in codes:
        if found := re.fullmatch(r"LC-([A-Z]+)-(\d{1,6})[A-Z]?", code or ""):
            taken[found[1]] = max(taken.get(found[1], 0), int(found[2]))
    return {series: f"LC-{series}-{taken.get(series, 0) + 1:03d}" for series, _ in SERIES}


def next_number(session: Session, series: str, audience: str) -> str:
    """Return the next number of a series; internal charts carry an N."""
    return next_numbers(session)[series] + (_INTERNAL if audience == "internal" else "")
