"""The editor of an entry in a real browser: it saves by itself, gives back what was typed, needs no scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from harness.browsers import Desk, assert_accessible
from harness.servers import SAMPLE_PASSWORD, Server

OpenDesk = Callable[..., Desk]


@pytest.fixture
def server(shared_server: Server) -> Server:
    """One server for all tests here: each makes what it works on."""
    return shared_server


def signed_in(server: Server, desk: Desk, username: str = "clerk") -> Page:
    page = desk.open_page(f"{server.url}/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", SAMPLE_PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("h1")).not_to_contain_text("登录")
    return page


def new_power(server: Server, page: Page) -> str:
    """Register a power through its form; return the address of its draft."""
    page.goto(f"{server.url}/powers/new")
    page.fill("[name=name]", "夜间建筑施工噪声许可")
    page.select_option("[name=category]", "licence")
    page.get_by_role("button", name="登记并填写").click()
    page.wait_for_url(re.compile(r"/powers/\d+/draft"))
    return page.url.partition("?")[0]


def test_what_is_typed_is_kept_and_given_back_on_reopening(server: Server, open_desk: OpenDesk) -> None:
    page = signed_in(server, open_desk())
    draft = new_power(server, page)
    page.locator("#field-conditions").press_sequentially("因抢修必须连续作业")
    expect(page.locator("[data-save-state]")).to_contain_text("已自动保存")
    page.goto(draft)
    expect(page.locator("#field-conditions")).to_have_value("")
    page.get_by_role("link", name="恢复").click()
    expect(page.locator("#field-conditions")).to_have_value("因抢修必须连续作业")
    page.wait_for_load_state()  # the key is the script's
    page.keyboard.press("Control+s")
    expect(page.locator("#toasts")).to_contain_text("草稿已保存")
    expect(page.locator("#field-conditions")).to_have_value("因抢修必须连续作业")


def test_a_citation_is_recognised_when_the_draft_is_saved(server: Server, open_desk: OpenDesk) -> None:
    page = signed_in(server, open_desk(javascript=False))
    new_power(server, page)
    page.get_by_role("group", name="行使依据").get_by_role("button", name="增加一行").click()
    page.fill("#field-basis-0-law", "噪声法 30")
    page.locator("main button[type=submit]", has_text="保存草稿").last.click()
    expect(page.locator("#field-basis-0-law")).to_have_value("环境噪声污染防治法")
    expect(page.locator("#field-basis-0-article")).to_have_value("第30条")


@pytest.mark.parametrize("width", [1440, 360])
def test_list_entry_and_editor_can_be_used_by_everybody(server: Server, open_desk: OpenDesk, width: int) -> None:
    page = signed_in(server, open_desk(width=width))
    draft = new_power(server, page)
    for address in (f"{server.url}/powers", draft.removesuffix("/draft"), draft, f"{server.url}/catalogue"):
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
