"""The SVG of a chart: every label character for character, well-formed for anything, nothing active in it."""

import json
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.flows.drawing import describe, draw_svg, escape, step_ids, with_scope
from webapp.flows.outline import read_outline
from webapp.flows.shapes import edge_point
from webapp.flows.sizes import SLANT, job_of, limit_text, step_box

Body = dict[str, Any]
NS = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "<是>",
    "<<B>x</B>>",
    "<",
    ">",
    '<<TABLE HREF="javascript:alert(1)"><TR><TD>x</TD></TR></TABLE>>',
    '<IMG SRC="/etc/passwd">',
    '"];',
    "a -> b",
    "\\N \\G \\E \\L \\l \\r",
    "结尾的反斜杠\\",
    "%s %(x)s {0} {x}",
    "甲：乙:n",
    "{a|b|<f>c}",
    "&lt;是&gt; &#60; &nbsp; &amp;amp;",
    "]]>",
    "<!-- -->",
    "<![CDATA[x]]>",
    "' onload='alert(1)",
    '" id="step-10" x="',
    "\u202e倒过来\u202c \u200f右\u200e",
    "  前后有空格  ",
    "长" * 200,
    "行一\n行二\r\n\t行三",
    "𠮷野家\U0001f600e\u0301",
]


def stacked(body: Body) -> dict[str, Any]:
    """Geometry without Graphviz: one step below the other, straight lines."""
    job = job_of(body)
    nodes = [[200.0, 60.0 + 120.0 * row] for row in range(len(job["nodes"]))]
    ways = []
    for source, target, width, _height, _spine in job["ways"]:
        begin, end = nodes[source], nodes[target]
        tip = [end[0], end[1] - job["nodes"][target][1] / 2]
        ways.append(
            {
                "points": [begin, begin, [tip[0], tip[1] - 7], [tip[0], tip[1] - 7]],
                "tip": tip,
                "label": [260.0, 90.0] if width else None,
            }
        )
    return {"width": 400.0, "height": 120.0 * len(nodes), "nodes": nodes, "ways": ways}


def chart(**texts: str) -> Body:
    body = read_outline(
        "总时限 20日\n10 开始 申请 窗口岗\n20 判断 审查 审查岗 5个工作日\n30 结束 准予 窗口岗\n"
        "40 环节 补正 窗口岗 0日\n10 > 20\n20 > 30 合格\n20 > 40 不齐\n40 > 20"
    )
    body["steps"][1] |= {key: value for key, value in texts.items() if key in ("name", "post", "id")}
    for way in body["transitions"]:
        for side in ("from", "to"):
            way[side] = texts.get("id", "20") if way[side] == "20" else way[side]
    body["transitions"][1]["condition"] = texts.get("condition", "合格")
    body |= {key: value for key, value in texts.items() if key == "number"}
    return body


def drawn(body: Body) -> tuple[str, ET.Element]:
    svg = draw_svg(body, stacked(body))
    return svg, ET.fromstring(svg)  # noqa: S314 - the strict parser is the point


def labels(root: ET.Element, name: str) -> list[str]:
    return ["".join(element.itertext()) for element in root.iter() if element.get("class") == name]


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_is_found_character_for_character_wherever_it_stands(label: str) -> None:
    svg, root = drawn(chart(name=label, post=label, condition=label, id=label, number=label))

    assert label in labels(root, "chart-name")
    assert label in labels(root, "chart-post")
    assert label in labels(root, "chart-number")
    assert label in labels(root, "chart-label") or not label
    assert label.replace("  ", " ").strip() in root.findtext(f"{NS}title", "")
    assert {element.tag.removeprefix(NS) for element in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "g",
        "rect",
        "path",
        "polygon",
        "circle",
        "text",
        "tspan",
    }
    assert "url(" not in svg


def test_no_attribute_can_act_or_style_or_refer() -> None:
    _svg, root = drawn(chart(name='" onload="x', condition="' style='x"))

    for element in root.iter():
        for attribute in element.attrib:
            assert not attribute.startswith("on")
            assert attribute.rpartition("}")[2] not in ("style", "href", "src", "clip-path", "filter", "mask")


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=80))
@settings(max_examples=300, deadline=None)
def test_no_text_whatever_breaks_the_xml(text: str) -> None:
    svg, root = drawn(chart(name=text, post=text, condition=text, number=text))

    svg.encode()
    expected = "".join(character if ET_keeps(character) else "\ufffd" for character in text)
    assert expected in labels(root, "chart-name")


def ET_keeps(character: str) -> bool:  # noqa: N802 - names the library
    code = ord(character)
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def test_the_drawing_names_itself_for_those_who_do_not_see_it() -> None:
    _svg, root = drawn(chart())

    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "chart-title chart-desc"
    assert root.findtext(f"{NS}title") == "流程图 LC-例-01 示例流程"
    assert root.findtext(f"{NS}desc") == (
        "共4个环节，其中判断1处；从『申请』开始；可能的结果：『准予』。各环节的岗位、时限和去向另见步骤表。"
    )


def test_every_step_and_way_has_an_id_of_its_own() -> None:
    _svg, root = drawn(chart())
    ids = [element.get("id") for element in root.iter() if element.get("id")]

    assert {"step-10", "step-20", "step-30", "step-40", "way-step-20-step-30"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_ids_that_are_no_plain_words_or_repeat_become_places() -> None:
    body = {"steps": [{"id": "10"}, {"id": "10"}, {"id": '"x'}, {"id": ""}, {"id": "a_1"}], "transitions": []}

    assert step_ids(body) == ["step-10", "step--2", "step--3", "step--4", "step-a_1"]


def test_two_drawings_on_one_page_share_no_id() -> None:
    svg, root = drawn(chart(name='x" id="step-10'))
    scoped = ET.fromstring(with_scope(svg, "c2-"))  # noqa: S314 - our own drawing, read strictly

    ours, theirs = ({e.get("id") for e in tree.iter() if e.get("id")} for tree in (root, scoped))
    assert not ours & theirs
    assert scoped.get("aria-labelledby") == "c2-chart-title c2-chart-desc"
    assert list(scoped.itertext()) == list(root.itertext())


def test_posts_limits_and_marks_are_shown() -> None:
    body = chart()
    body["steps"][1] |= {"control_point": "两人以上签字", "risk_point": "徇私"}
    _svg, root = drawn(body)

    assert labels(root, "chart-limit") == [limit_text(body["steps"][1], counted=True), "(当场)"]
    assert labels(root, "chart-mark") == ["控", "险"]
    assert [line[:4] for line in labels(root, "chart-legend")] == ["“控”：", "“险”：", "“另计”"]


def test_ways_back_are_told_apart_and_kinds_have_classes() -> None:
    body = chart()
    _svg, root = drawn(body)
    classes = [element.get("class") for element in root.iter(f"{NS}g")]

    assert {"chart-step chart-start", "chart-step chart-decision", "chart-step chart-act"} <= set(classes)
    assert classes.count("chart-way chart-way-back") == 1


def test_the_same_chart_gives_the_same_bytes_whatever_the_order_of_keys() -> None:
    body = chart()
    other = json.loads(json.dumps(body, sort_keys=True))

    assert draw_svg(body, stacked(body)) == draw_svg(other, stacked(other))


def test_lines_end_on_the_outline_and_not_on_the_frame() -> None:
    step = read_outline("10 判断 是否符合立案条件 监察大队大队长 5日")["steps"][0]
    box = step_box(step, counted=False)
    corner = (box.width / 2, -box.height / 2)
    middle = (0.0, -box.height / 2)

    assert edge_point("decision", box, (0.0, 0.0), middle) == middle
    x, y = edge_point("decision", box, (0.0, 0.0), (corner[0] - SLANT / 2, corner[1]))
    assert (x, round(y, 3)) == (corner[0] - SLANT / 2, round(corner[1] / 2, 3))
    assert edge_point("step", box, (0.0, 0.0), corner) == corner
    x, y = edge_point("start", box, (0.0, 0.0), (corner[0] - 5, corner[1]))
    assert corner[1] < y < 0


def test_escaping_is_undone_by_the_parser() -> None:
    for label in HOSTILE:
        assert ET.fromstring(f"<t a='{escape(label)}'>{escape(label)}</t>").text == label  # noqa: S314 - our own drawing, read strictly


def test_a_chart_without_start_is_described_too() -> None:
    assert describe({"steps": [{"id": "1", "kind": "step"}]}).startswith("共1个环节，其中判断0处。")
