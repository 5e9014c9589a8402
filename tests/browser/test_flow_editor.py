"""The chart editor in a real browser: a chart of twelve steps by keyboard alone, the same without JavaScript."""

import re
from collections.abc import Callable
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from harness.browsers import Desk, assert_accessible
from harness.servers import SAMPLE_PASSWORD, Server

NAMES = [f"第{number}道手续" for number in range(2, 12)]
NUMBERS = count(911)
OpenDesk = Callable[..., Desk]


@pytest.fixture
def server(shared_server: Server) -> Server:
    """One server for all tests here: each makes what it works on."""
    return shared_server


def signed_in(server: Server, desk: Desk) -> Page:
    page = desk.open_page(f"{server.url}/sign-in")
    page.fill("[name=username]", "clerk")
    page.fill("[name=password]", SAMPLE_PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("h1")).not_to_contain_text("登录")
    return page


def new_chart(server: Server, page: Page) -> str:
    """Make an empty chart through its form; return its address."""
    page.goto(f"{server.url}/flows/new")
    page.fill("[name=name]", "十二步的图")
    page.fill("[name=number]", f"LC-QT-{next(NUMBERS)}")
    page.check("[name=start][value=empty]")
    page.get_by_role("button", name="登记并填写").click()
    page.wait_for_url(re.compile(r"/flows/\d+/draft"))
    return page.url.removesuffix("/draft")


def focused(page: Page) -> str:
    name: str = page.evaluate("document.activeElement.id")
    return name


def tab_to(page: Page, wanted: str, most: int = 60) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(most):
        if focused(page) == wanted:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never came to {wanted}, but to {focused(page)}")


def step_names(page: Page) -> list[str]:
    return [box.input_value() for box in page.locator(".flow-steps input[name$='-name']").all()]


def test_a_chart_of_twelve_steps_is_made_by_keyboard_alone(server: Server, open_desk: OpenDesk) -> None:
    page = signed_in(server, open_desk())
    chart = new_chart(server, page)
    tab_to(page, "field-steps-0-name")
    page.keyboard.type("提出申请")
    for place, name in enumerate(NAMES, 1):
        page.keyboard.press("Alt+Enter")
        expect(page.locator(f"#field-steps-{place}-name")).to_be_focused()
        page.keyboard.type(name)
    tab_to(page, "field-steps-11-name")
    page.keyboard.type("办结")
    expect(page.locator("#flow-live")).to_contain_text("共12个环节")
    expect(page.locator("#flow-live svg")).to_contain_text("第11道手续")

    # Moving a row keeps the hand where the work is.
    page.locator("#field-steps-3-name").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#field-steps-4-name")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#field-steps-3-name")).to_be_focused()
    page.locator("#field-down-step-3").press("Enter")
    expect(page.locator("#field-down-step-4")).to_be_focused()
    page.locator("#field-up-step-4").press("Enter")
    expect(page.locator("#field-up-step-3")).to_be_focused()

    # Deleting and branching by key, each taken back again.
    page.locator("#field-steps-3-name").focus()
    page.keyboard.press("Alt+Delete")
    expect(page.locator(".flow-steps input[name$='-name']")).to_have_count(11)
    expect(page.locator(".flow-steps :focus")).to_have_count(1)
    page.keyboard.press("Alt+z")
    expect(page.locator("#field-steps-3-name")).to_have_value(NAMES[2])
    page.locator("#field-steps-3-name").focus()
    page.keyboard.press("Alt+b")
    expect(page.locator("[name=steps-3-kind]")).to_have_value("decision")
    expect(page.locator("#flow-form :focus")).to_have_count(1)
    page.keyboard.press("Alt+z")
    expect(page.locator("[name=steps-3-kind]")).to_have_value("step")
    page.locator("#field-redo").press("Enter")
    expect(page.locator("[name=steps-3-kind]")).to_have_value("decision")
    expect(page.locator("#flow-form :focus")).to_have_count(1)
    page.keyboard.press("Alt+z")
    expect(page.locator("[name=steps-3-kind]")).to_have_value("step")

    page.keyboard.press("Control+s")
    expect(page.locator("#toasts")).to_contain_text("草稿已保存")
    assert step_names(page) == ["提出申请", *NAMES, "办结"]
    page.goto(chart)
    expect(page.locator("main svg")).to_contain_text("办结")


def test_the_same_chart_is_made_without_javascript(server: Server, open_desk: OpenDesk) -> None:
    page = signed_in(server, open_desk(javascript=False))
    chart = new_chart(server, page)
    page.fill("[name=steps-0-name]", "提出申请")
    page.fill("[name=steps-1-name]", "办结")
    for place, name in enumerate(NAMES):
        page.locator(f"#field-insert-step-{place}").click()
        page.wait_for_load_state()
        page.fill(f"[name=steps-{place + 1}-name]", name)
    page.get_by_role("button", name="刷新图形").click()
    expect(page.locator("#flow-live svg")).to_contain_text("第11道手续")
    page.locator("button[data-save]").click()
    expect(page.locator("#toasts")).to_contain_text("草稿已保存")
    assert step_names(page) == ["提出申请", *NAMES, "办结"]
    page.goto(chart)
    expect(page.locator("main svg")).to_contain_text("第11道手续")


def test_typing_is_kept_and_drawn_and_what_is_folded_out_stays_open(server: Server, open_desk: OpenDesk) -> None:
    page = signed_in(server, open_desk())
    new_chart(server, page)
    page.fill("[name=steps-0-name]", "打字试验")
    expect(page.locator("#flow-live svg")).to_contain_text("打字试验")
    expect(page.locator("[data-save-state]")).to_contain_text("已自动保存")
    expect(page.locator("select[name=transitions-0-from] option[value='10']")).to_have_text("10 打字试验")
    page.locator("#more-10 summary").click()
    page.fill("[name=steps-0-conditions]", "材料齐全")
    page.locator("#field-add-step").click()
    expect(page.locator("#field-steps-1-name")).to_be_focused()
    expect(page.locator("[name=steps-0-conditions]")).to_be_visible()
    assert page.locator("[name=steps-0-conditions]").input_value() == "材料齐全"
    expect(page.locator("#flow-live")).to_contain_text("共3个环节")

    # What is kept and drawn meanwhile never calls the hand back.
    page.locator("#field-steps-2-name").focus()
    page.keyboard.type("办")
    expect(page.locator("#flow-live svg")).to_contain_text("办")
    expect(page.locator("[data-save-state]")).to_contain_text("已自动保存")
    page.keyboard.type("结")
    expect(page.locator("#field-steps-2-name")).to_have_value("办结")
    page.locator("[name=steps-1-section]").select_option("财务科")
    posts = page.locator("[name=steps-1-post]").get_attribute("list")
    assert page.locator(f"#{posts} option").first.get_attribute("value") == "财务科科长"

    # A fault leads to its input, also where it is folded away.
    page.fill("[name=steps-0-limit-n]", "五")
    link = page.locator("#flow-live a[href='#field-steps-0-limit-n']")
    link.click()
    expect(page.locator("#field-steps-0-limit-n")).to_be_focused()

    # The page is left without saving; what was typed is offered again.
    expect(page.locator("[data-save-state]")).to_contain_text("已自动保存")
    page.reload()
    page.get_by_role("link", name="恢复").click()
    expect(page.locator("[name=steps-0-conditions]")).to_have_value("材料齐全")


@pytest.mark.parametrize("width", [1440, 768, 360])
def test_axe_finds_nothing_and_nothing_overflows(width: int, server: Server, open_desk: OpenDesk) -> None:
    page = signed_in(server, open_desk(width=width))
    chart = new_chart(server, page)
    for address in ("/draft", "", "?view=table", "?view=text", "/compare"):
        page.goto(f"{chart}{address}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        assert_accessible(page)
    for address in ("/flows", "/flows/new", *(("/help/flow-rules",) if width == 360 else ())):
        page.goto(f"{server.url}{address}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        assert_accessible(page)
