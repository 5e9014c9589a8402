"""What a check of a chart says, and what a rule is: an id, a help text, a pure function and two examples."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from webapp.flows.graph import Graph, LongestPath
from webapp.flows.words import Body, step_words, steps_words

Step = Mapping[str, Any]


class Severity(StrEnum):
    """Error stops submission, warning needs a reason, advice may be passed over."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"

    @property
    def words(self) -> str:
        """The severity as it stands on screen."""
        return {"error": "必须修改", "warning": "需说明理由", "advice": "建议修改"}[self.value]


@dataclass(frozen=True)
class Finding:
    """One fault of a chart: the rule's id, how grave, a sentence, and the ids of the steps or the path it is about."""

    rule: str
    severity: Severity
    sentence: str
    steps: tuple[str, ...] = ()

    @property
    def rule_id(self) -> str:
        """Return the rule's id, as `revisions.reasons` asks for it."""
        return self.rule

    @property
    def needs_reason(self) -> bool:
        """Say whether it must be mended or answered before the chart is submitted."""
        return self.severity is Severity.WARNING


def counts(step: Step) -> bool:
    """Whether the step has a limit and it counts towards the total."""
    return bool(step.get("counts_towards_limit") and step.get("limit"))


class Chart:
    """A flow body as the rules see it: steps in the order of the table, ways out of each, the graph."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.steps: tuple[Step, ...] = tuple(body.get("steps") or ())
        self.ways: tuple[Mapping[str, Any], ...] = tuple(body.get("transitions") or ())
        self.graph = Graph.of(body)
        # What a check may know beside the body: the posts of each section, by name; None where nobody asked.
        self.known_posts: Mapping[str, Sequence[str]] | None = body.get("known_posts")
        outer = body.get("refined_chart")
        self.refined: Chart | None = None if outer is None else Chart(outer)  # the external chart this one refines
        self._longest: dict[str, LongestPath] = {}

    @cached_property
    def ways_out(self) -> dict[str, list[Mapping[str, Any]]]:
        """Transitions by the step they leave, those to steps that do not exist left out."""
        out: dict[str, list[Mapping[str, Any]]] = {step: [] for step in self.graph.steps}
        for way in self.ways:
            if way["from"] in out and way["to"] in out:
                out[way["from"]].append(way)
        return out

    def longest(self, unit: str) -> LongestPath:
        """Return the longest way through the chart, summing the counted limits in one unit; others are never added."""
        if unit not in self._longest:
            weights = {
                number: step["limit"]["n"]
                for number, step in self.graph.steps.items()
                if counts(step) and step["limit"]["unit"] == unit
            }
            self._longest[unit] = self.graph.longest_path(weights)
        return self._longest[unit]

    def named(self, step: str) -> str:
        """Name a step by its id, existing or not."""
        told = self.graph.steps.get(step)
        return step_words(told) if told else f"编号{step}的环节"

    def named_all(self, steps: Iterable[str]) -> str:
        """Name several steps by their ids."""
        return steps_words(self.graph.steps[step] for step in steps)

    def path_words(self, path: tuple[str, ...]) -> str:
        """Say a path: 从『甲』出发，经『乙』、『丙』到『丁』; a loop comes 回到『甲』."""
        through = "、".join(self.named(step) for step in path[1:-1])
        arrive = "回到" if path[0] == path[-1] else "到"
        via = f"，经{through}" if through else ","
        return f"从{self.named(path[0])}出发{via}{arrive}{self.named(path[-1])}"


# What a rule's function yields: the sentence and the steps; the rule adds its id and severity.
Fault = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Rule:
    """A check of one chart, with what its help page shows; the examples are outlines (see `outline`)."""

    id: str
    title: str
    help: str
    severity: Severity
    faults: Callable[[Chart], Iterable[Fault]]
    valid: str
    invalid: str
    source: str = "制图规则"

    def findings(self, chart: Chart) -> list[Finding]:
        """Return what the rule finds in a chart."""
        return [Finding(self.id, self.severity, sentence, steps) for sentence, steps in self.faults(chart)]


@dataclass(frozen=True)
class PairRule:
    """A check of a chart beside the entry of one power it serves, with what its help page shows.

    A rule that comes from a law holds from `begins` until the day before `ends` (ISO dates, "" for open) and is chosen
    by the entry's reference date; `categories` limits it to some, empty means all. Examples: an outline, and what the
    entry of the example says otherwise than `agreeing.EXAMPLE`.
    """

    id: str
    title: str
    help: str
    severity: Severity
    faults: Callable[[Chart, Body], Iterable[Fault]]
    valid: tuple[str, Body]
    invalid: tuple[str, Body]
    source: str = ""
    begins: str = ""
    ends: str = ""
    categories: tuple[str, ...] = ()

    def applies(self, power: Body) -> bool:
        """Whether the rule is asked of this entry: by its category and its reference date; without one, today's law."""
        on = str(power.get("reference_date") or "")
        if self.categories and power.get("category") not in self.categories:
            return False
        if not on:
            return not self.ends
        return self.begins <= on and (not self.ends or on < self.ends)

    def findings(self, chart: Chart, power: Body) -> list[Finding]:
        """Return what the rule finds between a chart and an entry."""
        if not self.applies(power):
            return []
        return [Finding(self.id, self.severity, sentence, steps) for sentence, steps in self.faults(chart, power)]
