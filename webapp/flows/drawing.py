"""The picture of a chart: our own SVG around the geometry of the layout child. Pure.

Every word of the chart is written out as text, escaped, in the order of its characters; nothing in the file is a
script, a style, a link or a reference to anything outside. Colours are presentation attributes, so the file can be
read alone, and every part has a class, so the page's stylesheet can recolour it (`chart-…`).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from webapp.flows.shapes import INK, PAPER, arrow, badge, curve, edge_point, outline, points
from webapp.flows.sizes import (
    AFTER_NUMBER,
    FACT_SIZE,
    LABEL_SIZE,
    LINE_HEIGHT,
    NAME_SIZE,
    NUMBER_SIZE,
    StepBox,
    drawn_ways,
    ems,
    label_box,
    step_boxes,
)
from webapp.flows.words import Body, step_words

# Part of the key of a stored drawing: raise it whenever the same chart would be drawn otherwise.
DRAWING_VERSION = 1

_MARGIN = 16.0
_LEGEND_ROW = 18.0
_QUIET = "#5d676a"
_FONT = "&quot;Noto Sans SC&quot;,&quot;PingFang SC&quot;,&quot;Microsoft YaHei&quot;,sans-serif"
_PLAIN_ID = re.compile(r"[A-Za-z0-9_]{1,20}")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
)


def draw_svg(body: Body, geometry: Mapping[str, Any]) -> str:
    """Return the SVG of a flow body laid out as `geometry` (the answer of `flows.layout`)."""
    boxes = step_boxes(body)
    legend = _legend(boxes)
    width = max([geometry["width"], *(ems(row) * FACT_SIZE for row in legend)]) + 2 * _MARGIN
    height = geometry["height"] + 2 * _MARGIN + (len(legend) + 0.6) * _LEGEND_ROW * bool(legend)
    frame = f'width="{width:g}" height="{height:g}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" {frame}',
        f' viewBox="{-_MARGIN:g} {-_MARGIN:g} {width:g} {height:g}"',
        ' role="img" aria-labelledby="chart-title chart-desc"',
        f' font-family="{_FONT}" fill="none" stroke-linejoin="round">',
        f'<title id="chart-title">{escape(_title(body))}</title>',
        f'<desc id="chart-desc">{escape(describe(body))}</desc>',
        f'<rect class="chart-paper" x="{-_MARGIN:g}" y="{-_MARGIN:g}" {frame} fill="{PAPER}"/>',
    ]
    ids = step_ids(body)
    index_of = {step["id"]: index for index, step in reversed(list(enumerate(body["steps"])))}
    ways = list(zip(drawn_ways(body), geometry["ways"], strict=True))
    ends = [(index_of[way["from"]], index_of[way["to"]]) for way, _laid in ways]
    # Lines first, then boxes, then conditions: no line crosses a text.
    for (source, target), (_way, laid) in zip(ends, ways, strict=True):
        bodies = [
            (body["steps"][index].get("kind", ""), boxes[index], geometry["nodes"][index]) for index in (source, target)
        ]
        parts.append(_way_line(f"way-{ids[source]}-{ids[target]}", laid, bodies))
    for index, step in enumerate(body["steps"]):
        parts.append(_step(ids[index], step, boxes[index], geometry["nodes"][index]))
    parts += [_condition(way["condition"], laid["label"]) for way, laid in ways if laid["label"] is not None]
    for row, words in enumerate(legend):
        y = geometry["height"] + _LEGEND_ROW * (row + 1.4)
        parts.append(text("chart-legend", [words], 0, y, FACT_SIZE, fill=_QUIET, anchor="start"))
    return "".join([*parts, "</svg>"])


def with_scope(svg: str, scope: str) -> str:
    """Return a drawing whose ids begin with `scope`, for a page that shows more than one; scope is our own ASCII."""
    # A quote inside any text is written &quot;, so these strings occur in markup only.
    renamed = svg.replace(' id="', f' id="{scope}')
    return renamed.replace('"chart-title chart-desc"', f'"{scope}chart-title {scope}chart-desc"')


def describe(body: Body) -> str:
    """Say in a sentence what the drawing shows; the step table beside it says the rest."""
    kinds = [step.get("kind") for step in body["steps"]]
    starts = "、".join(step_words(step) for step in body["steps"] if step.get("kind") == "start")
    ends = "、".join(step_words(step) for step in body["steps"] if step.get("kind") == "end")
    said = f"共{len(kinds)}个环节，其中判断{kinds.count('decision')}处"
    if starts:
        said += f"；从{starts}开始"
    if ends:
        said += f"；可能的结果：{ends}"
    return f"{said}。各环节的岗位、时限和去向另见步骤表。"


def step_ids(body: Body) -> list[str]:
    """Return an id for each step, step-10 where the step's own id is plain, else by its place; all different."""
    ids: list[str] = []
    for index, step in enumerate(body["steps"]):
        own = f"step-{step['id']}"
        ids.append(own if _PLAIN_ID.fullmatch(step["id"]) and own not in ids else f"step--{index + 1}")
    return ids


def escape(words: str) -> str:
    """Write a text so that XML gives it back character for character; what XML cannot hold becomes U+FFFD."""
    return _NOT_XML.sub("\ufffd", words).translate(_ESCAPES)


def text(
    name: str, lines: Sequence[str], x: float, y: float, size: float, *, fill: str = INK, anchor: str = "middle"
) -> str:
    """Return one text whose lines, joined, are the label; `y` is the first baseline."""
    spans = "".join(
        f'<tspan x="{x:g}" y="{y + row * size * LINE_HEIGHT:g}">{escape(line)}</tspan>'
        for row, line in enumerate(lines)
    )
    look = f'font-size="{size:g}" fill="{fill}" text-anchor="{anchor}" xml:space="preserve"'
    return f'<text class="{name}" {look}>{spans}</text>'


def _title(body: Body) -> str:
    return f"流程图 {body.get('number') or ''} {body.get('name') or ''}".replace("  ", " ").strip()


def _legend(boxes: Sequence[StepBox]) -> list[str]:
    told = []
    if any("控" in box.marks for box in boxes):
        told.append("“控”：设有监督制约措施的环节，内容见步骤表。")
    if any("险" in box.marks for box in boxes):
        told.append("“险”：廉政风险点，等级和防控措施见步骤表。")
    if any("另计" in box.limit for box in boxes):
        told.append("“另计”：该时限不计入总时限。")
    return told


def _way_line(name: str, laid: Mapping[str, Any], ends: Sequence[tuple[str, StepBox, Sequence[float]]]) -> str:
    path = [tuple(point) for point in laid["points"]]
    path[0] = edge_point(*ends[0], path[0])
    tip = edge_point(*ends[1], tuple(laid["tip"]))
    moved = (tip[0] - laid["tip"][0], tip[1] - laid["tip"][1])
    path[-1] = (path[-1][0] + moved[0], path[-1][1] + moved[1])
    # A way that leads back up is dashed: the eye separates 退回 and 补正 from the way forward.
    back = tip[1] < path[0][1]
    dashed = ' stroke-dasharray="5 3"' if back else ""
    return (
        f'<g id="{name}" class="chart-way{" chart-way-back" if back else ""}">'
        f'<path class="chart-line" d="{curve(path)}" stroke="{INK}" stroke-width="1.2"{dashed}/>'
        f'<polygon class="chart-arrow" points="{points(arrow(path[-1], tip))}" fill="{INK}"/></g>'
    )


def _step(name: str, step: Mapping[str, Any], box: StepBox, at: Sequence[float]) -> str:
    kind = str(step.get("kind", ""))
    left, top = at[0] - box.width / 2, at[1] - box.height / 2
    x = at[0] + box.width / 2 - (box.right / 2 if kind != "decision" else box.right / 2 + 2.5 * len(box.marks))
    rows = [at[1] + 8.5 * (2 * row + 1 - len(box.marks)) for row in range(len(box.marks))]
    marks = [badge(mark, x, y) for mark, y in zip(box.marks, rows, strict=True)]
    return (
        f'<g id="{name}" class="chart-step chart-{kind if kind in ("start", "end", "decision") else "act"}">'
        f"{outline(kind, left, top, box)}{_texts(kind, step, box, left, at[1])}{''.join(marks)}</g>"
    )


def _texts(kind: str, step: Mapping[str, Any], box: StepBox, left: float, middle: float) -> str:
    inner = box.width - box.gutter - AFTER_NUMBER - box.right
    x = left + box.gutter + AFTER_NUMBER + inner / 2
    facts = len(box.post) + (1 if box.limit and not box.one_row else 0)
    tall = len(box.name) * NAME_SIZE + facts * FACT_SIZE
    y = middle - (tall * LINE_HEIGHT + (3 if facts and box.name else 0)) / 2
    number_x = left + (box.gutter / 2 if kind != "decision" else box.gutter / 2 + 3)
    parts = [text("chart-number", [str(step["id"])], number_x, middle + NUMBER_SIZE * 0.36, NUMBER_SIZE, fill=_QUIET)]
    parts.append(text("chart-name", box.name, x, y + NAME_SIZE * 1.03, NAME_SIZE))
    y += len(box.name) * NAME_SIZE * LINE_HEIGHT + (3 if box.name else 0) + FACT_SIZE * 1.03
    if box.one_row:
        # One row of two labels: the reader's font decides how wide the first is, so the second follows it.
        parts.append(
            f'<text class="chart-facts" font-size="{FACT_SIZE:g}" fill="{_QUIET}" text-anchor="middle"'
            f' x="{x:g}" y="{y:g}" xml:space="preserve"><tspan class="chart-post">{escape(box.post[0])}</tspan>'
            f'<tspan class="chart-limit" dx="3">{escape(box.limit)}</tspan></text>'
        )
        return "".join(parts)
    if box.post:
        parts.append(text("chart-post", box.post, x, y, FACT_SIZE, fill=_QUIET))
    if box.limit:
        below = y + len(box.post) * FACT_SIZE * LINE_HEIGHT
        parts.append(text("chart-limit", [box.limit], x, below, FACT_SIZE, fill=_QUIET))
    return "".join(parts)


def _condition(condition: str, at: Sequence[float]) -> str:
    box = label_box(condition)
    # Graphviz puts the label's left side on the line: a little to the right, text and halo leave the line whole.
    x, width = at[0] + 3, box.width - 5
    y = at[1] - box.height / 2 + 2 + LABEL_SIZE * 1.03
    halo = f'x="{x - width / 2:g}" y="{at[1] - box.height / 2:g}" width="{width:g}" height="{box.height:g}"'
    return (
        f'<g class="chart-condition"><rect class="chart-halo" {halo} rx="2" fill="{PAPER}"/>'
        f"{text('chart-label', box.lines, x, y, LABEL_SIZE)}</g>"
    )
