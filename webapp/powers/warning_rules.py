"""Every warning about an entry, and what they find in one. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from webapp.powers import warning_limits, warning_openness
from webapp.powers.warning import Entry, Rule, Warning_

RULES: tuple[Rule, ...] = (*warning_limits.RULES, *warning_openness.RULES)
BY_ID = {rule.id: rule for rule in RULES}


def warnings(
    body: Mapping[str, Any],
    phones: Mapping[str, str] | None = None,
    near: Sequence[str] = (),
) -> list[Warning_]:
    """Return what should be looked at again in an entry, each as a sentence; those that need a reason first.

    `phones` gives the numbers behind the directory's keys, to see one number under two keys; `near` the names of other
    powers near to this one's.
    """
    entry = Entry(body, phones or {}, tuple(near))
    found = [each for rule in RULES for each in rule.warnings(entry)]
    return sorted(found, key=lambda each: not each.needs_reason)
