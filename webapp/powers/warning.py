"""What a warning about an entry is: a rule with its source and its days, and two examples. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from webapp.powers.shapes import FieldProblem


class Severity(StrEnum):
    """How a warning is answered; none of them ever holds a draft back."""

    REASON = "reason"  # mended, or a reason is given before the entry is submitted
    ADVICE = "advice"  # may be passed over

    @property
    def words(self) -> str:
        """The severity as it stands on screen."""
        return {"reason": "需改正或说明理由", "advice": "请核对"}[self.value]


@dataclass(frozen=True)
class Entry:
    """An entry with what the rules may ask of its surroundings."""

    body: Mapping[str, Any]
    phones: Mapping[str, str] = field(default_factory=dict)  # numbers behind the keys of the directory
    near: tuple[str, ...] = ()  # names of other powers near to this one's

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - JSON
        return self.body[name]

    def detail(self, name: str) -> Any:  # noqa: ANN401 - JSON
        """Return one of the category's own values; None where the entry lacks it."""
        return self.body["details"].get(name)


@dataclass(frozen=True, eq=False)
class Example:
    """A case in words and as changes to an entry."""

    words: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Rule:
    """One warning. `since` and `until` (YYYY-MM-DD, "" for ever) are days of the reference date, `until` excluded."""

    id: str
    title: str
    severity: Severity
    source: str
    faults: Callable[[Entry], Iterable[tuple[str, str]]]  # input it is about, sentence
    wrong: Example
    right: Example
    category: str = ""  # the only category it is about
    since: str = ""
    until: str = ""

    def is_in_force(self, reference_date: str) -> bool:
        """Say whether the rule holds for an entry of that reference date; without one the rules of now hold."""
        day = reference_date or "9999"
        return self.since <= day and (not self.until or day < self.until)

    def warnings(self, entry: Entry) -> list["Warning_"]:
        """Return what the rule finds in an entry."""
        if self.category and entry["category"] != self.category:
            return []
        if not self.is_in_force(entry["reference_date"]):
            return []
        return [Warning_(at, sentence, self) for at, sentence in self.faults(entry)]


@dataclass(frozen=True)
class Warning_(FieldProblem):  # noqa: N801 - `Warning` is Python's own
    """What one rule says of one input of an entry."""

    rule: Rule

    @property
    def rule_id(self) -> str:
        """Return the id of the rule."""
        return self.rule.id

    @property
    def needs_reason(self) -> bool:
        """Say whether it must be mended or answered before the entry is submitted."""
        return self.rule.severity is Severity.REASON
