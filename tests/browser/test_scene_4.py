"""Scene 4 of scenes.md, 一图多项: one chart of 57 penalties is changed, checked against each, and signed once."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from harness.browsers import Desk
from harness.bureau import sample_lines
from harness.servers import SAMPLE_PASSWORD, Server, run_command, serving

OpenDesk = Callable[..., Desk]
CHART, DAY = "LC-CF-01", "2008-07-01"
NO_CHART, BRIGADE = "JTHB-ZF-001", "环境监察大队"


@pytest.fixture(scope="module")
def brigade(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The brigade's charts and penalties as drafts, and one power that needs no chart."""
    instance = tmp_path_factory.mktemp("scene-4") / "instance"
    lines = sample_lines()
    powers = [line for line in lines if line["record"] == "power" and CHART in line["flows"]]
    for power in powers:  # five of them another section leads; here one clerk sees them all
        power["support_sections"] = [name for name in power["support_sections"] if name != BRIGADE]
        power["section"] = BRIGADE
    bare = next(line for line in lines if line.get("code") == NO_CHART)
    bare |= {"flows": [], "flow_required": False, "flow_reason": "内部票据管理，属内部事项"}
    charts = [line for line in lines if line["record"] == "flow" and line["number"] in {CHART, "LC-CF-02"}]
    assert len(powers) == 57
    file = instance.parent / "brigade.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in [*charts, *powers, bare]), "utf-8")
    for command in (("init",), ("load-sample", "--only", "people"), ("import", str(file), "--as", "clerk2")):
        done = run_command(instance, *command, settings={"TODAY": DAY})
        assert done.returncode == 0, done.stderr
    with serving(instance, "serve", settings={"TODAY": DAY}) as running:
        yield running


def signed_in(server: Server, page: Page, username: str) -> Page:
    page.goto(f"{server.url}/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", SAMPLE_PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("h1")).not_to_contain_text("登录")
    return page


def opened(page: Page, server: Server, kind: str, code: str) -> str:
    """Open a record by its code; return its address."""
    page.goto(f"{server.url}/{kind}?q={code}")
    page.locator("main [data-row] a").first.click()
    page.wait_for_url(re.compile(rf"/{kind}/\d+"))
    return page.url.partition("?")[0]


def test_scene_4_one_chart_serves_57_penalties_and_is_reviewed_once(brigade: Server, open_desk: OpenDesk) -> None:
    page = signed_in(brigade, open_desk().open_page(), "clerk2")
    chart = opened(page, brigade, "flows", CHART)

    # 丁一 gives the longest step more days than the promise leaves; the check names the path and all 57.
    page.goto(f"{chart}/draft")
    row = page.locator(".flow-row").filter(has=page.locator("input[name$='-name'][value^='调查取证']")).first
    days = row.locator("input[name$='-limit-n']")
    before = days.input_value()
    days.fill("58")
    live = page.locator("#flow-live")
    expect(live).to_contain_text("最长的一条路径上")
    expect(live).to_contain_text("超过总时限60日")
    expect(live).to_contain_text("同样的共57项职权")
    expect(live).to_contain_text("改动涉及的职权 57项")
    page.keyboard.press("Control+s")
    expect(page.locator("#toasts")).to_contain_text("草稿已保存")
    page.goto(chart)
    expect(page.locator("#review")).to_contain_text("超过总时限60日")

    # He mends it; what was right of his chart in 2008 raises nothing.
    page.goto(f"{chart}/draft")
    page.locator(f"[name='{days.get_attribute('name')}']").fill(before)
    page.keyboard.press("Control+s")
    expect(page.locator("#toasts")).to_contain_text("草稿已保存")
    page.goto(chart)
    expect(page.locator("main")).to_contain_text("送审涉及57项职权")
    expect(page.locator("main")).to_contain_text("与可以查看的57项职权的条目一致")
    page.get_by_role("button", name="送科室审核").click()
    expect(page.locator("#review")).to_contain_text("科室审核")

    # A power that needs no chart is submitted all the same.
    power = opened(page, brigade, "powers", NO_CHART)
    expect(page.locator("#charts")).to_contain_text("不需制图：内部票据管理，属内部事项")
    page.get_by_role("button", name="送科室审核").click()
    expect(page.locator("#review")).to_contain_text("科室审核")
    assert power

    # 马二 signs the chart once; it goes on as one item.
    chief = signed_in(brigade, open_desk().open_page(), "chief2")
    chief.goto(chart)
    expect(chief.locator("main")).to_contain_text("57项")
    for box in chief.locator("#review input[name=attested]").all():
        box.check()
    chief.locator("#review").get_by_role("button", name="审核通过", exact=True).click()
    expect(chief.locator("#review")).to_contain_text("汇总初审")
