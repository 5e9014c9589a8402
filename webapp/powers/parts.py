"""Cutting an entry in what may be published and the rest, and joining them again. Pure.

The public part holds the contract's P fields and nothing else: an allow-list, so that a new field stays inside until
somebody lists it. `join_parts` gives the body back byte for byte, also when both parts went through canonical JSON.
"""

from collections.abc import Callable, Mapping
from typing import Any

from webapp.powers import categories
from webapp.powers.fields import INTERNAL_NAMES, PUBLIC_NAMES, Body, entry_in_order
from webapp.powers.shapes import Audience


def public_part(body: Mapping[str, Any], is_public_flow: Callable[[str], bool]) -> Body:
    """Return what the public may read of a body: P fields, external charts, the public ones of the category's own."""
    part = {name: body[name] for name in PUBLIC_NAMES}
    part["flows"] = [number for number in body["flows"] if is_public_flow(number)]
    public = _public_details(body["category"])
    part["details"] = {name: value for name, value in body["details"].items() if name in public}
    return part


def internal_part(body: Mapping[str, Any], is_public_flow: Callable[[str], bool]) -> Body:
    """Return everything `public_part` leaves out; internal charts with their place in the list."""
    part = {name: body[name] for name in INTERNAL_NAMES}
    part["flows"] = [
        {"at": place, "number": number} for place, number in enumerate(body["flows"]) if not is_public_flow(number)
    ]
    public = _public_details(body["category"])
    part["details"] = {name: value for name, value in body["details"].items() if name not in public}
    return part


def join_parts(public: Mapping[str, Any], internal: Mapping[str, Any]) -> Body:
    """Return the body both parts were cut from, keys in the contract's order."""
    flows = list(public["flows"])
    for place in internal["flows"]:
        flows.insert(place["at"], place["number"])
    body = {**public, **internal, "flows": flows, "details": {**public["details"], **internal["details"]}}
    return entry_in_order(body)


def public_detail_names(category: str) -> tuple[str, ...]:
    """Return the keys of a category's own fields that may be published, in its order."""
    found = categories.category(category)
    return tuple(f.name for f in found.details if f.audience is Audience.PUBLIC) if found else ()


def _public_details(category: str) -> frozenset[str]:
    return _PUBLIC_DETAILS.get(category, frozenset())


_PUBLIC_DETAILS = {found.key: frozenset(public_detail_names(found.key)) for found in categories.CATEGORIES}
