"""Putting an entry into another category: what of its own fields fits there, and the body after it. Pure.

Needed for 非行政许可审批, which ended in 2015 (国发〔2015〕27号): what stands must go into another category, with a
reason (domain.md 3.2). A field fits where the new category has one of the same key and the value is in its shape.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from webapp.powers import categories
from webapp.powers.fields import Body
from webapp.powers.wording import text_of


def reclassified(body: Mapping[str, Any], category: str, reason: str) -> tuple[Body, list[tuple[str, str]]]:
    """Return the body in the new category, and what does not fit there as (heading, text).

    The reason goes into 处理意见, where the inventory keeps what is to become of a power.
    """
    old, new = categories.category(str(body["category"])), categories.category(category)
    changed: Body = deepcopy(dict(body))
    if new is None:
        return changed, []
    details: dict[str, Any] = {}
    left: list[tuple[str, str]] = []
    for name, value in body["details"].items():
        there, here = new.detail(name), old.detail(name) if old else None
        if there is not None and there.accepts(value):
            details[name] = deepcopy(value)
        elif here is not None and (words := text_of(here, value)):
            left.append((here.heading, words))
    changed["category"], changed["direction"] = new.key, new.direction
    changed["details"] = {each.name: details[each.name] for each in new.details if each.name in details}
    if reason:
        told = f"由{old.name if old else body['category']}改列{new.name}：{reason}"
        changed["follow_up"] = f"{body['follow_up']}\n{told}".strip()
    return changed, left
