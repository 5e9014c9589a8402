"""What a kind of record must say of itself so that drafts, revisions and listings can be kept for it. Pure."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]  # a record in the contract's shape: text, whole numbers, flags, lists, objects


@dataclass(frozen=True)
class Description:
    """What lists, searches and links need to know of a body."""

    name: str
    category: str
    section: str  # lead section's name, "" if unknown
    involved: tuple[str, ...] = ()  # joint and support sections' names
    disclosure: str = ""
    verdict: str = ""
    direction: str = ""  # of a power: external or internal
    search: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # (kind of target, target)


@dataclass(frozen=True)
class BodyProblem:
    """What is wrong with one field of a body, as a sentence."""

    field: str
    sentence: str


@dataclass(frozen=True)
class Kind:
    """One kind of record: how it is named, described, checked and cut in a public and an internal part."""

    key: str
    label: str
    describe: Callable[[Body], Description]
    check: Callable[[Body], list[BodyProblem]]  # shape and characters: refused at every save
    public_part: Callable[[Body, Callable[[str], bool]], Body]  # second argument: is this chart external
    internal_part: Callable[[Body, Callable[[str], bool]], Body]
    join: Callable[[Mapping[str, Any], Mapping[str, Any]], Body]
    missing: Callable[[Body], list[BodyProblem]] = field(default=lambda _body: [])  # required at submission


def normalise(text: str) -> str:
    """Return text as it is searched: NFKC, casefolded, white space runs as one blank (dependencies.md, search)."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
