"""The layout child: sizes in, places out. The only module that imports pygraphviz, and only inside the child.

Run as `python -m webapp.flows.layout` by `drawings`. No text of anybody comes here: steps are numbers from 0, boxes
are widths and heights in points, and the graph Graphviz sees is written from those alone.

Job: `{"nodes": [[width, height], …], "ways": [[from, to, label width, label height, on the spine], …]}`.
Answer: `{"width", "height", "nodes": [[x, y], …], "ways": [{"points": [[x, y], …], "tip": [x, y], "label": [x, y] or
null}, …]}`, origin top left, centres of nodes and labels, points of cubic Béziers (3n + 1); or `{"error": "libraries"
or "size"}`.
"""

import json
import math
from typing import Any

from webapp.child import serve
from webapp.flows.soundness import MAX_STEPS, MAX_WAYS

_POINTS_PER_INCH = 72.0
_LARGEST = 20_000.0
# The main chain of steps is pulled straight, so that the chart has a spine.
_SPINE = 8
# Routing curves through a tangle took 1.7 of 1.8 s for 80 steps and 160 ways; no curve makes such a chart readable.
_MANY_WAYS, _TANGLED = 60, 1.5
_HEAD = (
    "graph [nodesep=0.42 ranksep=0.34 nslimit=4 nslimit1=4 mclimit=1]"
    'node [shape=box fixedsize=true label="" margin=0]'
    "edge [arrowsize=0.75]"
)


def lay_out(job: dict[str, Any]) -> dict[str, Any]:
    """Return the places of a job's nodes, ways and labels."""
    nodes, ways = job["nodes"], job["ways"]
    if not 0 < len(nodes) <= MAX_STEPS or len(ways) > MAX_WAYS:
        return {"error": "size"}
    try:
        # Here and not above: it loads C libraries that a minimal machine may lack.
        from pygraphviz import AGraph  # type: ignore[import-untyped] # noqa: PLC0415 - see above, and it has no stubs
    except (ImportError, OSError):
        return {"error": "libraries"}
    with AGraph(string=_dot(nodes, ways)) as graph:
        drawn = json.loads(graph.draw(prog="dot", format="json0"))
    return _places(drawn, len(nodes), len(ways))


def _dot(nodes: list[list[float]], ways: list[list[float]]) -> str:
    tangled = len(ways) > _MANY_WAYS and len(ways) > _TANGLED * len(nodes)
    lines = [f"digraph {{{_HEAD} graph [splines={'line' if tangled else 'true'}]"]
    lines += [
        f"{index} [width={_inches(width)} height={_inches(height)}]" for index, (width, height) in enumerate(nodes)
    ]
    for index, (source, target, width, height, spine) in enumerate(ways):
        told = f"id={index:d}"
        if spine:
            told += f" weight={_SPINE}"
        if width:
            # A blank table of fixed size keeps the room for a label; Graphviz tells its place as `lp`.
            told += (
                f' label=<<TABLE BORDER="0" FIXEDSIZE="TRUE" WIDTH="{math.ceil(width):d}"'
                f' HEIGHT="{math.ceil(height):d}"><TR><TD></TD></TR></TABLE>>'
            )
        lines.append(f"{source:d} -> {target:d} [{told}]")
    return "\n".join([*lines, "}"])


def _inches(points: float) -> str:
    if not 0 < points <= _LARGEST:
        raise ValueError(points)
    return f"{points / _POINTS_PER_INCH:.5f}"


def _places(drawn: dict[str, Any], node_count: int, way_count: int) -> dict[str, Any]:
    left, bottom, right, top = (float(number) for number in drawn["bb"].split(","))

    def place(pair: str) -> list[float]:
        x, y = pair.split(",")
        # Rounded: the same text on every machine, whatever the last bits of its arithmetic.
        return [round(float(x) - left, 1), round(top - float(y), 1)]

    nodes: list[list[float]] = [[0.0, 0.0]] * node_count
    for one in drawn["objects"]:
        nodes[int(one["name"])] = place(one["pos"])
    ways: list[dict[str, Any]] = [{}] * way_count
    for one in drawn.get("edges", ()):
        tip = None
        points = []
        for pair in one["pos"].split():
            if pair.startswith("e,"):
                tip = place(pair[2:])
            else:
                points.append(place(pair))
        ways[int(one["id"])] = {
            "points": points,
            "tip": tip or points[-1],
            "label": place(one["lp"]) if "lp" in one else None,
        }
    return {"width": round(right - left, 1), "height": round(top - bottom, 1), "nodes": nodes, "ways": ways}


if __name__ == "__main__":
    serve(lay_out)
