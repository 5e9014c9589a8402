"""Which entries of different sections look like one power: near names, same category, a law in common. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations

from webapp.powers.likeness import NEAR, likeness, pairs_of


@dataclass(frozen=True)
class Claim:
    """An entry as it is compared: its section and the laws it stands on."""

    record: int
    section: int
    category: str
    name: str
    laws: frozenset[str]


def doubles(claims: Iterable[Claim], settled: Collection[frozenset[int]] = ()) -> list[tuple[Claim, Claim]]:
    """Return the pairs that look like one power, the older entry first; those already settled are left out.

    Entries are compared only with those that stand on the same law in the same category.
    """
    together: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        for law in claim.laws:
            together[claim.category, law].append(claim)
    pairs = {claim.record: pairs_of(claim.name) for group in together.values() for claim in group}
    found: dict[tuple[int, int], tuple[Claim, Claim]] = {}
    for group in together.values():
        if len({claim.section for claim in group}) < 2:  # noqa: PLR2004 - a section does not dispute with itself
            continue
        for one, other in combinations(sorted(group, key=lambda claim: claim.record), 2):
            key = one.record, other.record
            if one.section == other.section or key in found or frozenset(key) in settled:
                continue
            if likeness(pairs[one.record], pairs[other.record]) >= NEAR:
                found[key] = one, other
    return [found[key] for key in sorted(found)]
