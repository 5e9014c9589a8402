"""Comparing two texts, for people: what stayed, what was taken out, what was put in. Pure."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

Segment = tuple[str, str]  # ("same" | "added" | "removed", text)

_SHORT = 600  # characters up to which single characters are compared; longer texts by clause, which is linear enough
_CLAUSE = re.compile(r"[^。;;,,、\n]*[。;;,,、\n]|[^。;;,,、\n]+")


def segments(before: str, after: str) -> list[Segment]:
    """Return the run of pieces that leads from one text to the other."""
    if before == after:
        return [("same", before)] if before else []
    is_short = len(before) <= _SHORT and len(after) <= _SHORT
    old = list(before) if is_short else _CLAUSE.findall(before)
    new = list(after) if is_short else _CLAUSE.findall(after)
    return list(_runs(old, new))


def _runs(old: list[str], new: list[str]) -> Iterator[Segment]:
    for operation, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation == "equal":
            yield "same", "".join(old[old_from:old_to])
            continue
        if old_to > old_from:
            yield "removed", "".join(old[old_from:old_to])
        if new_to > new_from:
            yield "added", "".join(new[new_from:new_to])
