"""A chart as a graph: what can be reached, what loops, and how long its longest way is. Pure.

Steps are named by their ids; every answer that is a path is a tuple of ids that really follow each other. Transitions
to steps that do not exist are left out here (`checks` reports them); of steps with the same id the first counts.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Path = tuple[str, ...]
Weights = Mapping[str, int]

# Expansions allowed while looking for the longest way through loops; a sound chart of 80 steps needs a few hundred.
SEARCH_BUDGET = 60_000


@dataclass(frozen=True)
class LongestPath:
    """The longest simple path found: its sum, its steps; `at_most` bounds the true sum where the search was cut off."""

    total: int
    steps: Path
    at_most: int

    @property
    def exact(self) -> bool:
        """Whether no longer path exists."""
        return self.total == self.at_most


class Graph:
    """Steps and transitions of one flow body (shape: contract.md)."""

    def __init__(self, steps: Mapping[str, Mapping[str, Any]], links: Iterable[tuple[str, str]]) -> None:
        self.steps = dict(steps)
        self.next: dict[str, list[str]] = {step: [] for step in self.steps}
        self.back: dict[str, list[str]] = {step: [] for step in self.steps}
        for source, target in dict.fromkeys(links):
            if source in self.steps and target in self.steps:
                self.next[source].append(target)
                self.back[target].append(source)
        self.starts = tuple(step for step, told in self.steps.items() if told.get("kind") == "start")
        self.ends = tuple(step for step, told in self.steps.items() if told.get("kind") == "end")

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Graph":
        """Make the graph of a flow body."""
        steps: dict[str, Mapping[str, Any]] = {}
        for step in body.get("steps", ()):
            steps.setdefault(step["id"], step)
        return cls(steps, ((way["from"], way["to"]) for way in body.get("transitions", ())))

    @cached_property
    def reachable(self) -> frozenset[str]:
        """Steps that can be reached from a start."""
        return frozenset(_reach(self.starts, self.next))

    @cached_property
    def finishing(self) -> frozenset[str]:
        """Steps from which an end can be reached."""
        return frozenset(_reach(self.ends, self.back))

    @cached_property
    def components(self) -> tuple[frozenset[str], ...]:
        """Strongly connected components, those further down the chart first."""
        return tuple(_components(self.next))

    def shortest_path(self, source: str, targets: Iterable[str]) -> Path:
        """Return the shortest path of at least one transition from a step to one of `targets`; () if there is none."""
        wanted = frozenset(targets)
        came: dict[str, str] = {}
        todo = deque([source])
        while todo:
            at = todo.popleft()
            for step in self.next[at]:
                if step in wanted:
                    return (*_walk_back(at, source, came), step)
                if step not in came and step != source:
                    came[step] = at
                    todo.append(step)
        return ()

    def traps(self) -> tuple[Path, ...]:
        """Return one loop for every set of steps that, once entered, is never left and holds no end.

        A loop begins and ends with the same step, in the order of the chart: 审查, 补正, 审查.
        """
        found = []
        for component in self.components:
            first = next(step for step in self.steps if step in component)
            loops = len(component) > 1 or first in self.next[first]
            leaves = any(target not in component for step in component for target in self.next[step])
            if loops and not leaves and not component.intersection(self.ends):
                found.append(self.shortest_path(first, (first,)))
        return tuple(reversed(found))

    def dead_ends(self) -> Path:
        """Return the steps that are no end and lead nowhere."""
        ends = set(self.ends)
        return tuple(step for step, targets in self.next.items() if not targets and step not in ends)

    def longest_path(self, weights: Weights) -> LongestPath:
        """Return the longest simple path from the first start, `weights` (not negative) summed over its steps.

        Exact by dynamic programming over the strongly connected components; inside a component paths are enumerated
        with a bound, at most SEARCH_BUDGET expansions in all, after which `at_most` says what it could still be.
        """
        if not self.starts:
            return LongestPath(0, (), 0)
        return _LongestPathSearch(self, weights).from_step(self.starts[0])


class _LongestPathSearch:
    """A simple path passes each component once and in one piece, so components are solved from the bottom up."""

    def __init__(self, graph: Graph, weights: Weights) -> None:
        self._graph = graph
        self._weights = weights
        self._budget = SEARCH_BUDGET
        self._home = {step: component for component in graph.components for step in component}
        self._best: dict[str, LongestPath] = {}

    def from_step(self, start: str) -> LongestPath:
        """Return the longest path that begins with `start`."""
        below = _reach((start,), self._graph.next)
        for component in self._graph.components:
            if component & below:
                tails = {step: self._after(step) for step in sorted(component)}
                for entry in self._entries(component, start):
                    self._best[entry] = self._through(entry, component, tails)
        return self._best[start]

    def _entries(self, component: frozenset[str], start: str) -> Iterator[str]:
        for step in sorted(component):
            if step == start or any(source not in component for source in self._graph.back[step]):
                yield step

    def _after(self, step: str) -> LongestPath:
        """Return the best way on from a step once its component is left; nothing if the path ends here."""
        home = self._home[step]
        ways = [self._best[target] for target in self._graph.next[step] if target not in home]
        best = max(ways, key=lambda way: way.total, default=LongestPath(0, (), 0))
        return LongestPath(best.total, best.steps, max((way.at_most for way in ways), default=0))

    def _through(self, entry: str, component: frozenset[str], tails: Mapping[str, LongestPath]) -> LongestPath:
        weights, following = self._weights, self._graph.next
        inside = {step: [t for t in following[step] if t in component and t != step] for step in component}
        total = sum(weights.get(step, 0) for step in component)
        ceiling = total + max(tail.at_most for tail in tails.values())
        hopeful = max(tail.total for tail in tails.values())
        done = True
        path = [entry]
        on_path = {entry}
        # One iterator per step of the path; `spent` is the weight of the path so far.
        spent = weights.get(entry, 0)
        todo = [iter(inside[entry])]
        best, best_path = spent + tails[entry].total, (*path, *tails[entry].steps)
        while todo:
            step = next(todo[-1], None)
            if step is None:
                todo.pop()
                left = path.pop()
                on_path.discard(left)
                spent -= weights.get(left, 0)
                continue
            # Nothing longer than everything in the component and the best tail: stop as soon as that is reached.
            if step in on_path or best == total + hopeful:
                continue
            if self._budget <= 0:
                done = False
                break
            self._budget -= 1
            path.append(step)
            on_path.add(step)
            spent += weights.get(step, 0)
            todo.append(iter(inside[step]))
            if spent + tails[step].total > best:
                best, best_path = spent + tails[step].total, (*path, *tails[step].steps)
        exact_tails = all(tail.total == tail.at_most for tail in tails.values())
        return LongestPath(best, best_path, best if done and exact_tails else max(best, ceiling))


def _reach(roots: Iterable[str], edges: Mapping[str, list[str]]) -> set[str]:
    seen = set(roots)
    todo = list(seen)
    while todo:
        for step in edges[todo.pop()]:
            if step not in seen:
                seen.add(step)
                todo.append(step)
    return seen


def _walk_back(at: str, source: str, came: Mapping[str, str]) -> list[str]:
    path = [at]
    while path[-1] != source:
        path.append(came[path[-1]])
    path.reverse()
    return path


def _components(edges: Mapping[str, list[str]]) -> Iterator[frozenset[str]]:
    """Yield strongly connected components in reverse topological order (Tarjan, without recursion)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in edges:
        if root in number:
            continue
        work = [(root, iter(edges[root]))]
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        while work:
            at, targets = work[-1]
            step = next(targets, None)
            if step is None:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[at])
                if low[at] == number[at]:
                    cut = stack.index(at)
                    component = frozenset(stack[cut:])
                    del stack[cut:]
                    on_stack -= component
                    yield component
            elif step not in number:
                number[step] = low[step] = len(number)
                stack.append(step)
                on_stack.add(step)
                work.append((step, iter(edges[step])))
            elif step in on_stack:
                low[at] = min(low[at], number[step])
