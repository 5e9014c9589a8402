"""Which edition of a law applies on a day, and what to say of one that does not. Pure.

An edition is in force from its first day up to the day before the next one (laws.json: `in_force`, `repealed`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class State(StrEnum):
    """What is to be said of a cited edition on a day."""

    OK = "ok"
    NOT_YET = "not_yet"  # 未施行
    ENDED = "ended"  # 已失效
    UNKNOWN = "unknown"  # no law, no edition, or no date


UNCHECKED = "条文待核"


@dataclass(frozen=True)
class Edition:
    """One edition of a law or document with its dates; None where a date is not known (or it is still in force)."""

    law: str
    edition: str
    document: str = ""
    in_force: date | None = None
    repealed: date | None = None
    is_checked: bool = False
    replaced_by: tuple[str, str] | None = None  # law, edition

    @property
    def title(self) -> str:
        """Return the law with its edition, as it is spoken of."""
        return f"{self.law}({self.edition})" if self.edition else self.law


@dataclass(frozen=True)
class Judgement:
    """What the library says of a basis row on a day; `sentence` is empty where nothing is to be said."""

    state: State
    sentence: str = ""
    edition: Edition | None = None
    is_checked: bool = False

    @property
    def is_sound(self) -> bool:
        """Say whether the edition was in force on the day."""
        return self.state is State.OK


def in_force_on(editions: Iterable[Edition], day: date) -> Edition | None:
    """Return the edition in force on a day; where dates overlap, the one that came last."""
    valid = [edition for edition in editions if _state(edition, day) is State.OK]
    return max(valid, key=lambda edition: edition.in_force or date.min, default=None)


def judge_edition(edition: Edition, day: date) -> Judgement:
    """Say whether an edition was in force on a day, with the dates that decide it."""
    state = _state(edition, day)
    note = "" if edition.is_checked else UNCHECKED
    match state:
        case State.NOT_YET:
            begins = f"自{spoken(edition.in_force)}起施行" if edition.in_force else "施行日期不详"
            sentence = f"{edition.title}{begins}，在基准日{spoken(day)}尚未施行，请改用当时有效的版本。"
        case State.ENDED:
            sentence = (
                f"{edition.title}已于{spoken(edition.repealed)}失效{_successor(edition)}，请改用基准日有效的版本。"
            )
        case State.UNKNOWN:
            sentence = f"{edition.title}的施行日期不详，{UNCHECKED}。"
        case _:
            sentence = note
    return Judgement(state, sentence, edition, edition.is_checked)


def spoken(day: date | None) -> str:
    """Return a day as it is written in documents: 2008年6月1日."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "不详之日"


def _state(edition: Edition, day: date) -> State:
    if edition.repealed is not None and day >= edition.repealed:
        return State.ENDED
    if edition.in_force is None:
        return State.UNKNOWN
    return State.OK if day >= edition.in_force else State.NOT_YET


def _successor(edition: Edition) -> str:
    if edition.replaced_by is None:
        return ""
    law, text = edition.replaced_by
    return f"，由{law}({text})取代" if text else f"，由{law}取代"
