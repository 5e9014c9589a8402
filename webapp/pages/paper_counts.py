"""The one count behind every number on a paper: by section, category, direction, verdict, disclosure. Pure.

表2, 表3, the report and the identity under the catalogue take their figures from `tally`, so the same number in two
papers comes from one count (papers.md, second rule).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from webapp.pages.paper_items import Item
from webapp.powers.categories import CATEGORIES

# 处理意见 is a text; the city's form knows three kinds with sub-kinds (papers.md 表1).
_HANDLINGS = (
    ("dropped", ("取消", "停止", "撤销")),
    ("adjusted", ("调整", "合并", "补位", "补齐", "下放", "上收")),
    ("kept", ("保留",)),
)
_BY_VERDICT = {"in_place": "kept", "missing": "adjusted", "overreach": "dropped"}
HANDLING_WORDS = {"kept": "保留", "dropped": "取消", "adjusted": "调整"}
DIRECTIONS = (("external", "对外职权"), ("internal", "对内职权"))


@dataclass(frozen=True)
class Tally:
    """Numbers of one set of powers. Always: total = public + bureau + withheld, and = kept + dropped + adjusted."""

    total: int = 0
    in_place: int = 0
    missing: int = 0
    overreach: int = 0
    kept: int = 0
    dropped: int = 0
    adjusted: int = 0
    public: int = 0
    bureau: int = 0
    withheld: int = 0  # asked for or decided
    pending: int = 0  # of these, not decided yet
    flow_required: int = 0
    drawn: int = 0
    not_submitted: int = 0  # counted, and shown to their section only

    def cells(self) -> dict[str, str | int]:
        """Return the numbers by the keys of the forms' columns."""
        return dict(vars(self))


def tally(items: Iterable[Item]) -> Tally:
    """Count powers."""
    counted: Counter[str] = Counter()
    for item in items:
        counted["total"] += 1
        # Undecided at the verdict, an item is counted as in place: the completeness check asks for it before the chain.
        counted[item.verdict or "in_place"] += 1
        counted[handling_of(item.verdict, str(item.facts["follow_up"]))] += 1
        counted["withheld" if item.disclosure in {"pending", "withheld", ""} else item.disclosure] += 1
        counted["pending"] += item.disclosure in {"pending", ""}
        counted["flow_required"] += bool(item.facts["flow_required"])
        counted["drawn"] += bool(item.facts["drawn"])
        counted["not_submitted"] += item.body is None
    return Tally(**counted)


def by_category(items: Iterable[Item], direction: str) -> dict[str, Tally]:
    """Return the tallies of one direction by category, in the plan's order; categories without items are left out."""
    sorted_out: dict[str, list[Item]] = {category.key: [] for category in CATEGORIES}
    for item in items:
        if item.facts["direction"] == direction:
            sorted_out.setdefault(item.category, []).append(item)
    return {key: tally(those) for key, those in sorted_out.items() if those}


def matrix(items: Iterable[Item]) -> Mapping[tuple[int, str, str], int]:
    """Return how many powers each (section, direction, category) holds."""
    return Counter((item.section, str(item.facts["direction"]), item.category) for item in items)


def handling_of(verdict: str, follow_up: str) -> str:
    """Return 保留, 取消 or 调整 by what the handling opinion begins with, else by the verdict."""
    start = follow_up.strip()
    for key, words in _HANDLINGS:
        if start.startswith(words):
            return key
    return _BY_VERDICT.get(verdict, "kept")
