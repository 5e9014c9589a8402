"""How a chart's parts are named in sentences: steps by their names, limits with their unit. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

Body = Mapping[str, Any]

_UNITS = {"hour": "小时", "working_day": "个工作日", "day": "日", "month": "个月", "year": "年"}
_NAMED = 6


def limit_words(limit: Mapping[str, Any]) -> str:
    """Say a limit (contract.md: n, unit, start) in words: 5个工作日, 20日, 当场."""
    return amount_words(limit["n"], limit["unit"])


def amount_words(n: int, unit: str) -> str:
    """Say an amount of time in words; a number never stands without its unit."""
    return "当场" if n == 0 else f"{n}{_UNITS.get(unit, unit)}"


def unit_words(unit: str) -> str:
    """Say a unit alone, and which days are meant: 工作日, 日(自然日)."""
    return {"day": "日(自然日)"}.get(unit, _UNITS.get(unit, unit).removeprefix("个"))


def step_words(step: Mapping[str, Any]) -> str:
    """Name a step: 『审查』, or 编号10的环节 while it has no name."""
    name = str(step.get("name") or "").strip()
    return f"『{name}』" if name else f"编号{step.get('id', '')}的环节"


def steps_words(steps: Iterable[Mapping[str, Any]]) -> str:
    """Name several steps; more than six are named in part and counted."""
    named = [step_words(step) for step in steps]
    shown = "、".join(named[:_NAMED])
    return shown if len(named) <= _NAMED else f"{shown}等{len(named)}个环节"


def same(text: str) -> str:
    """Return what two texts share that differ only in width of characters and blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())
