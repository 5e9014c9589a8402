"""In a real browser every text of a chart lies within its shape, whatever fonts the machine has."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from webapp.child import ChildPool, module_command
from webapp.flows.drawings import draw
from webapp.flows.outline import read_outline

# Corners of every line of text, a fifth cut off above and below (the line box is taller than the characters).
OUTSIDE = """() => {
  const out = [];
  const inside = (shape, x, y) => {
    const point = document.querySelector('svg').createSVGPoint();
    point.x = x; point.y = y;
    return shape.isPointInFill(point);
  };
  const check = (group, shape, texts) => {
    for (const line of texts) {
      if (!line.textContent.trim()) continue;
      const box = line.getBBox(), cut = box.height * 0.2;
      for (const x of [box.x, box.x + box.width])
        for (const y of [box.y + cut, box.y + box.height - cut])
          if (!inside(shape, x, y)) { out.push(line.textContent); }
    }
  };
  for (const step of document.querySelectorAll('.chart-step'))
    check(step, step.querySelector('.chart-shape'), step.querySelectorAll(':scope > text > tspan'));
  for (const label of document.querySelectorAll('.chart-condition'))
    check(label, label.querySelector('.chart-halo'), label.querySelectorAll('tspan'));
  const svg = document.querySelector('svg'), frame = svg.viewBox.baseVal;
  for (const text of document.querySelectorAll('text')) {
    const box = text.getBBox();
    if (box.x < frame.x || box.x + box.width > frame.x + frame.width) out.push('frame: ' + text.textContent);
  }
  return out;
}"""

CHARTS = {
    "plain": """
        总时限 20日
        10 开始 申请 窗口岗
        20 判断 证据是否可能灭失或者以后难以取得 监察大队大队长 5个工作日
        30 环节 逐项审查报告书结论和防治措施 项目审批领导小组 20个工作日*
        40 结束 不予受理，告知理由和有权机关 建管窗口岗
        10 > 20
        20 > 30 属试生产或者限期治理期间
        20 > 40 不属本局审批或者依法不予受理
        30 > 20
        20 监督 两级签批
        20 风险 徇私
        30 监督 复核
        30 风险 拖延
        40 监督 备案
    """,
    "latin": """
        10 开始 Submit_the_application_form WINDOW 3个工作日
        200 判断 PM2.5≥75μg/m³? MMMMMMWWWWWW
        3000 结束 OK
        10 > 200
        200 > 3000 YES,WITHIN_LIMITS
        200 > 10 NO
    """,
    "strange": """
        10 开始 (一)(二)(三)(四)(五)(六)(七)(八)(九)
        20 判断 e\u0301e\u0301e\u0301审\U00020000\U00020000查 岗
        30 结束 ——……“”‘’·《》
        10 > 20
        20 > 30 “是”——
        20 > 10 否……
    """,
}
FONTS = ["", "sans-serif", "serif", "monospace"]


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def pool() -> Iterator[ChildPool]:
    made = ChildPool(module_command("webapp.flows.layout"))
    yield made
    made.close()


def outside(page: Page, svg: str | None, font: str = "") -> list[str]:
    """Lines of text that do not lie within their shape."""
    page.set_content(f"<!doctype html><html lang=zh-CN><title>图</title><body>{svg}")
    if font:
        page.add_style_tag(content=f"svg {{ font-family: {font} }}")
    found: list[str] = page.evaluate(OUTSIDE)
    return found


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("name", CHARTS)
def test_every_text_lies_within_its_shape(page: Page, pool: ChildPool, name: str, font: str) -> None:
    assert outside(page, draw(read_outline(CHARTS[name]), pool=pool).svg, font) == []


def test_every_text_of_the_sample_charts_lies_within_its_shape(page: Page, pool: ChildPool) -> None:
    found = sorted(Path(__file__).parents[2].glob("webapp/**/catalogue.jsonl"))
    if not found:
        pytest.skip("the sample catalogue is not here")
    records = [json.loads(line) for line in found[0].read_text("utf-8").splitlines()]
    flows = [record for record in records if record["record"] == "flow"]

    assert [(flow["number"], text) for flow in flows for text in outside(page, draw(flow, pool=pool).svg)] == []


def test_a_text_that_is_too_large_is_noticed(page: Page, pool: ChildPool) -> None:
    svg = draw(read_outline(CHARTS["plain"]), pool=pool).svg or ""

    assert outside(page, svg.replace('font-size="14"', 'font-size="20"'))
