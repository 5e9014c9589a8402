"""Graph questions against brute force: small charts are walked in every possible way."""

import time
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.flows.graph import Graph, Path

Links = list[tuple[str, str]]


@st.composite
def graphs(draw: st.DrawFn, largest: int = 7) -> tuple[Graph, Links, dict[str, int]]:
    size = draw(st.integers(1, largest))
    names = [str(number * 10) for number in range(1, size + 1)]
    kinds = draw(st.lists(st.sampled_from(["start", "step", "decision", "end"]), min_size=size, max_size=size))
    kinds[0] = "start"
    ways = st.tuples(st.sampled_from(names), st.sampled_from(names))
    links = draw(st.lists(ways, max_size=3 * size))
    weights = draw(st.lists(st.integers(0, 9), min_size=size, max_size=size))
    steps = {name: {"id": name, "kind": kind} for name, kind in zip(names, kinds, strict=True)}
    return Graph(steps, links), links, dict(zip(names, weights, strict=True))


def closure(graph: Graph) -> set[tuple[str, str]]:
    """Pairs joined by at least one transition, by Warshall."""
    pairs = {(source, target) for source, targets in graph.next.items() for target in targets}
    for middle in graph.steps:
        into = [source for source, target in pairs if target == middle]
        out_of = [target for source, target in pairs if source == middle]
        pairs |= {(source, target) for source in into for target in out_of}
    return pairs


def simple_paths(graph: Graph, path: Path) -> list[Path]:
    found = [path]
    for step in graph.next[path[-1]]:
        if step not in path:
            found += simple_paths(graph, (*path, step))
    return found


@given(graphs())
@settings(max_examples=400, deadline=None)
def test_reachability_agrees_with_the_transitive_closure(drawn: tuple[Graph, Links, dict[str, int]]) -> None:
    graph, _links, _weights = drawn
    pairs = closure(graph)

    assert graph.reachable == {
        s for s in graph.steps if s in graph.starts or any((a, s) in pairs for a in graph.starts)
    }
    assert graph.finishing == {s for s in graph.steps if s in graph.ends or any((s, e) in pairs for e in graph.ends)}
    for component in graph.components:
        alike = {(a, b) in pairs for a in component for b in component if a != b}
        assert alike <= {True}


@given(graphs())
@settings(max_examples=400, deadline=None)
def test_a_trap_is_a_loop_that_exists_and_reaches_no_end(drawn: tuple[Graph, Links, dict[str, int]]) -> None:
    graph, links, _weights = drawn

    for loop in graph.traps():
        assert loop[0] == loop[-1]
        assert set(pairwise(loop)) <= set(links)
        assert not graph.finishing.intersection(loop)
    if set(graph.steps) - graph.finishing:
        assert graph.traps() or graph.dead_ends()


@given(graphs())
@settings(max_examples=400, deadline=None)
def test_the_longest_path_is_the_longest_of_all_simple_paths(drawn: tuple[Graph, Links, dict[str, int]]) -> None:
    graph, _links, weights = drawn
    every = simple_paths(graph, (graph.starts[0],))

    found = graph.longest_path(weights)

    assert found.exact
    assert found.total == max(sum(weights[step] for step in path) for path in every)
    assert found.steps in every
    assert sum(weights[step] for step in found.steps) == found.total


@given(graphs())
@settings(max_examples=200, deadline=None)
def test_the_shortest_path_is_as_short_as_any(drawn: tuple[Graph, Links, dict[str, int]]) -> None:
    graph, links, _weights = drawn
    start = graph.starts[0]

    for target in graph.steps:
        path = graph.shortest_path(start, (target,))
        if not path:
            assert (start, target) not in closure(graph)
            continue
        assert (path[0], path[-1]) == (start, target)
        assert set(pairwise(path)) <= set(links)
        if start != target:
            assert len(path) == min(len(one) for one in simple_paths(graph, (start,)) if one[-1] == target)


def test_eighty_steps_in_layers_are_summed_exactly_and_at_once() -> None:
    steps = {str(number): {"id": str(number), "kind": "step"} for number in range(80)}
    steps["0"]["kind"] = "start"
    links = [(str(n), str(n + ahead)) for n in range(80) for ahead in (1, 2) if n + ahead < 80]
    links += [(str(n + 1), str(n)) for n in range(1, 40, 13)]

    begun = time.process_time()
    found = Graph(steps, links).longest_path(dict.fromkeys(steps, 1))

    assert (found.total, found.exact, len(found.steps)) == (80, True, 80)
    assert time.process_time() - begun < 0.5


def test_a_knot_of_eighty_steps_is_cut_off_and_says_so() -> None:
    steps = {str(number): {"id": str(number), "kind": "step"} for number in range(80)}
    steps["0"]["kind"] = "start"
    links = [(str(n), str((n * 7 + shift) % 80)) for n in range(80) for shift in (1, 40)]

    begun = time.process_time()
    found = Graph(steps, links).longest_path(dict.fromkeys(steps, 1))

    assert found.total < found.at_most <= 80
    assert not found.exact
    assert set(pairwise(found.steps)) <= set(links)
    assert time.process_time() - begun < 2


def test_ways_to_nowhere_and_repeated_ids_do_not_disturb() -> None:
    body = {
        "steps": [{"id": "10", "kind": "start"}, {"id": "10", "kind": "end"}, {"id": "20", "kind": "end"}],
        "transitions": [{"from": "10", "to": "99"}, {"from": "10", "to": "20"}, {"from": "10", "to": "20"}],
    }

    graph = Graph.of(body)

    assert graph.next == {"10": ["20"], "20": []}
    assert Graph.of({}).longest_path({}).steps == ()
