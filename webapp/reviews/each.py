"""An act on many items, each for itself: what is refused stays where it is, with the reason, the rest goes on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from webapp.rules import RuleBroken


class _Numbered(Protocol):
    @property
    def record(self) -> int: ...


_Item = TypeVar("_Item", bound=_Numbered)


@dataclass(frozen=True)
class Outcome:
    """What became of many items: how many went on, and of the others the reason by record."""

    taken: int
    refused: Mapping[int, str]


def each_for_itself(session: Session, items: Iterable[_Item], act: Callable[[_Item], object]) -> Outcome:
    """Take an act on each item: one that is refused leaves nothing behind and stops no other."""
    taken, refused = 0, dict[int, str]()
    for item in items:
        try:
            with session.begin_nested():
                act(item)
        except RuleBroken as broken:
            refused[item.record] = broken.message
        else:
            taken += 1
    return Outcome(taken, refused)
