"""The contract's order of keys, for bodies that come from canonical JSON, which sorts them. Pure.

Nothing is dropped or added: what the order does not name stands at the end, so digests stay what they are.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from webapp.powers.categories import category
from webapp.powers.shapes import Field
from webapp.publication.gate import (
    BASIS_KEYS,
    CHART_KEYS,
    ENTRY_KEYS,
    LIMIT_KEYS,
    ROW_KEYS,
    STEP_KEYS,
    TRANSITION_KEYS,
)

Body = dict[str, Any]


def entry_in_order(entry: Mapping[str, Any]) -> Body:
    """Return the public part of an entry with all keys in the contract's order."""
    body = _ordered(entry, ENTRY_KEYS)
    for key, names in ROW_KEYS.items():
        body[key] = [_ordered(row, names) for row in body[key]]
    for key in ("statutory_limit", "promised_limit"):
        body[key] = _limit(body[key])
    kind = category(body["category"])
    body["details"] = _details(body["details"], kind.details if kind else ())
    return body


def chart_in_order(chart: Mapping[str, Any]) -> Body:
    """Return a chart with all keys in the contract's order."""
    body = _ordered(chart, CHART_KEYS)
    body["total_limit"] = _limit(body["total_limit"])
    body["steps"] = [_step(step) for step in body["steps"]]
    body["transitions"] = [_ordered(way, TRANSITION_KEYS) for way in body["transitions"]]
    return body


def _step(step: Mapping[str, Any]) -> Body:
    body = _ordered(step, STEP_KEYS)
    body["limit"] = _limit(body["limit"])
    body["basis"] = [_ordered(row, BASIS_KEYS) for row in body["basis"]]
    return body


def _details(value: Any, fields: Iterable[Field]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_details(row, fields) for row in value]
    if not isinstance(value, Mapping):
        return value
    known = {field.name: field for field in fields}
    body = _ordered(value, tuple(known) or LIMIT_KEYS)
    return {key: _details(inner, known[key].parts if key in known else ()) for key, inner in body.items()}


def _limit(limit: Mapping[str, Any] | None) -> Body | None:
    return None if limit is None else _ordered(limit, LIMIT_KEYS)


def _ordered(value: Mapping[str, Any], names: tuple[str, ...]) -> Body:
    body = {name: value[name] for name in names if name in value}
    return body if len(body) == len(value) else body | {key: value[key] for key in value if key not in body}
