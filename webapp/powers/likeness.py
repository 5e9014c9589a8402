"""How near two names are: the same power is easily registered twice, also by two sections. Pure."""

import re

from webapp.revisions.kinds import normalise

NEAR = 0.72  # share of common pairs of characters from which two names are told as near
_FILLING = re.compile(r"[\s\W_]+|的|行政|处罚$|审批$|许可$")


def pairs_of(name: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a name, without what every name of its kind has."""
    text = _FILLING.sub("", normalise(name))
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset({text} - {""})


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much two names have in common, 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
