"""The shapes of a drawing: outlines of steps, arrows, marks, and where a line meets an outline. Pure.

Colours here are those of the printed register when the file is read alone; on a page the stylesheet's classes win.
"""

import math
from collections.abc import Sequence

from webapp.flows.sizes import ROUNDING, SLANT, StepBox

INK = "#1f2a2e"
PAPER = "#fffdf8"
_WHITE = "#ffffff"
_TINT = "#edf3ee"
_PINE = "#2f5d50"
_RULE = "#b9c1bd"

Point = tuple[float, float]


def outline(kind: str, left: float, top: float, box: StepBox) -> str:
    """Return the outline of a step: rounded for start and end, pointed left and right for a decision, else a box."""
    width, height = box.width, box.height
    if kind == "decision":
        middle, right, bottom = top + height / 2, left + width, top + height
        corners = [
            (left, middle),
            (left + SLANT, top),
            (right - SLANT, top),
            (right, middle),
            (right - SLANT, bottom),
            (left + SLANT, bottom),
        ]
        look = f'fill="{_TINT}" stroke="{INK}" stroke-width="1.2"'
        return f'<polygon class="chart-shape" points="{points(corners)}" {look}/>'
    frame = f'x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"'
    if kind in ("start", "end"):
        # A start is drawn stronger than the results, so that the eye finds where to begin.
        weight = "2" if kind == "start" else "1.2"
        look = f'fill="{_WHITE}" stroke="{_PINE}" stroke-width="{weight}"'
        return f'<rect class="chart-shape" {frame} rx="{rounding(box):g}" {look}/>'
    rule = left + box.gutter
    return (
        f'<rect class="chart-shape" {frame} rx="1.5" fill="{_WHITE}" stroke="{INK}" stroke-width="1.2"/>'
        f'<path class="chart-rule" d="M{rule:g} {top + 5:g}V{top + height - 5:g}" stroke="{_RULE}" stroke-width="0.8"/>'
    )


def badge(mark: str, x: float, y: float) -> str:
    """Return a round mark with one character, centred on a point."""
    circle = f'cx="{x:g}" cy="{y:g}" r="7.5" fill="{_WHITE}" stroke="{_PINE}" stroke-width="1"'
    return (
        f'<g class="chart-mark"><circle {circle}/>'
        f'<text x="{x:g}" y="{y + 3.5:g}" font-size="9.5" fill="{_PINE}" text-anchor="middle">{mark}</text></g>'
    )


def rounding(box: StepBox) -> float:
    """Return the radius of the corners of a start or an end."""
    return min(ROUNDING, box.height / 2)


def edge_point(kind: str, box: StepBox, at: Sequence[float], point: Point) -> Point:
    """Move the end of a line from the frame Graphviz knows to the outline we draw: inwards, past slants and curves."""
    x, y = point[0] - at[0], point[1] - at[1]
    half_width, half_height = box.width / 2, box.height / 2
    if kind == "decision":
        corner_x, corner_y = SLANT, half_height
    elif kind in ("start", "end"):
        corner_x = corner_y = rounding(box)
    else:
        return point
    into_x, into_y = abs(x) - (half_width - corner_x), abs(y) - (half_height - corner_y)
    if into_x <= 0 or into_y <= 0:
        return point
    if half_height - abs(y) <= half_width - abs(x):
        # On the upper or lower side, beyond the flat part: straight on down to the outline.
        inset = half_height * into_x / SLANT if kind == "decision" else corner_y - _circle(corner_y, into_x)
        return point[0], point[1] - math.copysign(min(inset, half_height), y)
    inset = SLANT * into_y / half_height if kind == "decision" else corner_x - _circle(corner_x, into_y)
    return point[0] - math.copysign(min(inset, half_width), x), point[1]


def curve(path: Sequence[Point]) -> str:
    """Return the path data of cubic Béziers through 3n + 1 points."""
    first, *rest = path
    return f"M{_pair(first)}C{' '.join(_pair(point) for point in rest)}"


def arrow(base: Point, tip: Point) -> list[Point]:
    """Return the triangle of an arrow head from the end of the line to its tip."""
    length = math.dist(base, tip) or 1.0
    along = ((tip[0] - base[0]) / length, (tip[1] - base[1]) / length)
    half = 3.4
    return [
        tip,
        (base[0] - along[1] * half, base[1] + along[0] * half),
        (base[0] + along[1] * half, base[1] - along[0] * half),
    ]


def points(corners: Sequence[Point]) -> str:
    """Return the points attribute of a polygon."""
    return " ".join(_pair(corner) for corner in corners)


def _pair(point: Point) -> str:
    return f"{round(point[0], 1):g},{round(point[1], 1):g}"


def _circle(radius: float, into: float) -> float:
    return math.sqrt(max(0.0, radius * radius - min(into, radius) ** 2))
