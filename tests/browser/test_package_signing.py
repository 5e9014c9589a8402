"""The chief goes through his section's items with the keys alone and signs once."""

from playwright.sync_api import Page, expect

from harness.browsers import find_barriers
from harness.servers import SAMPLE_PASSWORD, Server


def test_the_chief_ticks_his_items_by_keyboard_and_signs_once(browser_page: Page, server: Server) -> None:
    page = browser_page
    page.goto(f"{server.url}/sign-in")
    page.fill("[name=username]", "chief2")
    page.fill("[name=password]", SAMPLE_PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/worklist")
    page.goto(f"{server.url}/packages")
    page.get_by_role("link", name="环境监察大队").first.click()
    page.get_by_role("link", name="逐项审核并签署").click()
    rows = page.locator("[data-sign-row]")
    expect(rows.first).to_be_visible()
    count, tells = rows.count(), page.locator("[data-sign-count]")
    assert count > 5
    assert find_barriers(page) == []
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    for key in "12345":
        page.keyboard.press(key)
    page.keyboard.press("j")
    page.keyboard.press("1")
    expect(tells).to_contain_text("已核对2件")
    expect(tells).to_contain_text("1件只核对了一部分")
    page.keyboard.press("k")
    page.keyboard.press("k")
    page.keyboard.press("x")  # takes the first item's ticks back
    expect(tells).to_contain_text("已核对1件")
    page.keyboard.press("x")
    page.keyboard.press("j")
    for _ in range(count - 2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(tells).to_contain_text(f"已核对{count}件")
    page.locator("#truth").check()
    page.get_by_role("button", name="签署并报送领导小组办公室").click()
    expect(page.locator("#toasts")).to_contain_text(f"已签署，{count}项报送领导小组办公室")
    expect(page.locator("#signatures")).to_contain_text("陆拟钧")
