"""The components in a real Chromium under the product's policy: barriers, keys, Chinese input, autosave, no script."""

import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from harness.browsers import Desk, assert_accessible
from harness_gallery import make_gallery

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

COUNT_SETTLED = """
    window.settled = [];
    document.addEventListener("settled", (event) => window.settled.push(event.target.value));
"""


def _read_whole(app: "WSGIApplication") -> "WSGIApplication":
    """Answer with bytes: a window that closes while an icon is on its way must not leave the icon's file open."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        parts = app(environ, start_response)
        try:
            return [b"".join(parts)]
        finally:
            if close := getattr(parts, "close", None):
                close()

    return answer


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, _read_whole(make_gallery()), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("width", [1440, 768, 360])
def test_the_gallery_has_no_barriers_and_fits_its_window(
    open_desk: Callable[..., Desk], gallery: str, width: int
) -> None:
    page = open_desk(width=width).open_page(gallery)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_dark_look_has_no_barriers(chromium: Browser, gallery: str) -> None:
    desk = Desk(chromium, javascript=True, width=1440, height=900, color_scheme="dark")
    assert_accessible(desk.open_page(gallery))
    desk.close()
    assert desk.faults == []


@pytest.mark.parametrize("code", [404, 409, 500])
def test_an_error_page_has_no_barriers(browser_page: Page, gallery: str, code: int) -> None:
    browser_page.goto(f"{gallery}/errors/{code}")
    assert_accessible(browser_page)


def test_errors_take_the_focus_and_lead_to_their_field(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    expect(browser_page.locator("#error-summary")).to_be_focused()
    browser_page.get_by_role("link", name="行使依据第2行没有写明条款。").click()
    expect(browser_page.locator("#field-basis-1-article")).to_be_focused()


def test_the_first_tab_leads_past_the_navigation(plain_page: Page, gallery: str) -> None:
    plain_page.goto(gallery)
    plain_page.keyboard.press("Tab")
    expect(plain_page.get_by_text("跳到正文")).to_be_focused()
    plain_page.keyboard.press("Enter")
    expect(plain_page).to_have_url(re.compile(r"#main$"))


def test_everything_that_can_be_pressed_is_reached_by_tab_and_shows_it(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    wanted = browser_page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter((one) =>
            one.tabIndex >= 0 && !one.disabled && one.checkVisibility({visibilityProperty: true})
            && !(one.type === "radio" && !one.checked)).length"""
    )
    browser_page.evaluate("document.activeElement.blur(); window.seen = new Set()")
    unmarked = []
    for _ in range(wanted + 40):
        browser_page.keyboard.press("Tab")
        found = browser_page.evaluate(
            """() => { const one = document.activeElement; if (one === document.body) return null; window.seen.add(one);
                return getComputedStyle(one).outlineStyle !== "none" ? "" : one.outerHTML.slice(0, 120); }"""
        )
        if found:
            unmarked.append(found)
    assert unmarked == []
    assert browser_page.evaluate("window.seen.size") >= wanted


def test_j_and_k_walk_the_rows_and_enter_opens_one(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    browser_page.keyboard.press("j")
    browser_page.keyboard.press("j")
    expect(browser_page.locator("#open-1")).to_be_focused()
    browser_page.keyboard.press("k")
    expect(browser_page.locator("#open-0")).to_be_focused()
    browser_page.keyboard.press("Enter")
    expect(browser_page).to_have_url(re.compile(r"#power-0$"))


def test_letters_typed_into_a_field_are_no_commands(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    browser_page.keyboard.press("/")
    search = browser_page.locator("#filter-q")
    expect(search).to_be_focused()
    browser_page.keyboard.type("jk?/")
    expect(search).to_have_value("jk?/")
    expect(browser_page.locator("#keys")).to_be_hidden()


def test_single_keys_can_be_switched_off(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    browser_page.keyboard.press("?")
    browser_page.get_by_label("关闭单键操作").check()
    browser_page.get_by_role("button", name="关闭").click()
    browser_page.reload()
    browser_page.keyboard.press("j")
    expect(browser_page.locator("#error-summary")).to_be_focused()


def test_a_composition_settles_once_and_only_when_it_has_ended(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    browser_page.evaluate(COUNT_SETTLED)
    field = browser_page.locator("#field-conditions")
    field.focus()
    keyboard = browser_page.context.new_cdp_session(browser_page)
    for typed in ("c", "ca", "cai", "cai g", "cai gou"):
        keyboard.send(
            "Input.imeSetComposition", {"text": typed, "selectionStart": len(typed), "selectionEnd": len(typed)}
        )
    browser_page.wait_for_timeout(600)
    assert browser_page.evaluate("window.settled") == []
    keyboard.send("Input.insertText", {"text": "采购"})
    for _ in range(50):  # the page's policy allows no condition given as text
        if browser_page.evaluate("window.settled.length"):
            break
        browser_page.wait_for_timeout(100)
    browser_page.wait_for_timeout(600)  # and no second time
    assert browser_page.evaluate("window.settled") == ["采购"]


def test_a_draft_saves_by_itself_and_says_so(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    state = browser_page.locator("[data-save-state]")
    expect(state).to_have_text("改动后自动保存")
    with browser_page.expect_request(lambda request: request.url.endswith("/draft")) as sent:
        browser_page.locator("#field-conditions").fill("超过国家标准的")
    assert "seen_version=4" in (sent.value.post_data or "")
    expect(state).to_have_text(re.compile("已自动保存 10:32"))
    expect(browser_page.locator("input[name=seen_version]")).to_have_value("5")


def test_text_typed_without_a_line_stays_and_is_saved_when_it_is_back(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    state = browser_page.locator("[data-save-state]")
    browser_page.context.set_offline(True)
    browser_page.locator("#field-conditions").fill("断网时写的")
    expect(state).to_contain_text("连不上服务器")
    expect(browser_page.locator("#field-conditions")).to_have_value("断网时写的")
    browser_page.context.set_offline(False)
    expect(state).to_contain_text("已自动保存")


def test_a_refused_save_is_said_and_the_page_is_not_left_silently(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    browser_page.locator("#field-name").press_sequentially("坏")
    expect(browser_page.locator("[data-save-state]")).to_contain_text("未能自动保存")
    asked = []
    browser_page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    browser_page.goto(f"{gallery}/errors/404")
    assert asked == ["beforeunload"]


def test_what_came_with_the_page_is_heard(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    expect(browser_page.locator("#heard")).to_have_text("已办 已送科室审核。")


def test_an_act_through_htmx_says_what_was_done(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    browser_page.get_by_role("button", name="催办").click()
    toast = browser_page.locator("#toasts .toast")
    expect(toast).to_have_text(re.compile("已办 已办理。"))
    toast.get_by_role("button", name="收起").click()
    expect(toast).to_have_count(0)


def test_the_list_filters_while_typing_and_the_focus_stays(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    search = browser_page.locator("#filter-q")
    with browser_page.expect_response(lambda response: "q=" in response.url):
        search.fill("噪声")
    expect(search).to_be_focused()
    browser_page.wait_for_url("**/?q=*")
    browser_page.locator("#open-3").focus()
    with browser_page.expect_response(f"{gallery}/"):
        browser_page.evaluate("htmx.ajax('GET', '/', {target: '#powers-list'})")
    expect(browser_page.locator("#open-3")).to_be_focused()


def test_going_back_after_filtering_shows_the_whole_page(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    with browser_page.expect_response(lambda response: "q=" in response.url):
        browser_page.locator("#filter-q").fill("噪声")
    browser_page.wait_for_url("**/?q=*")
    with browser_page.expect_event("load"):  # htmx keeps no copies of pages, the page is asked for anew
        browser_page.go_back()
    expect(browser_page.locator("h1")).to_have_count(1)
    expect(browser_page.get_by_role("navigation", name="主导航")).to_be_visible()
    assert browser_page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage))") == []


def test_the_drawing_is_zoomed_and_moved_by_keys(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    sheet, drawing = browser_page.locator(".chart-sheet"), browser_page.locator(".chart-sheet svg")
    browser_page.get_by_role("button", name="放大").click()
    expect(drawing).to_have_attribute("viewBox", "40 26 320 208")
    sheet.press("ArrowRight")
    expect(drawing).to_have_attribute("viewBox", "72 26 320 208")
    sheet.press("0")
    expect(drawing).to_have_attribute("viewBox", "0 0 400 260")


def test_without_a_script_everything_is_there(open_desk: Callable[..., Desk], gallery: str) -> None:
    page = open_desk(javascript=False, width=360).open_page(gallery)
    link = page.get_by_role("link", name="待办事项")
    expect(link).to_be_hidden()
    page.locator("summary", has_text="导航").click()
    expect(link).to_be_visible()
    expect(page.locator(".chart-sheet svg")).to_be_visible()
    expect(page.get_by_role("button", name="放大")).to_be_hidden()
    page.locator("summary", has_text="退回修改").click()
    expect(page.get_by_label("退回理由")).to_be_visible()
    expect(page.get_by_role("button", name="增加一行").first).to_be_visible()


def test_enter_in_a_field_saves_and_does_not_delete_a_row(plain_page: Page, gallery: str) -> None:
    plain_page.goto(gallery)
    with plain_page.expect_request(lambda request: request.method == "POST") as sent:
        plain_page.locator("#field-name").press("Enter")
    assert "act=save" in (sent.value.post_data or "")
    assert "row" not in (sent.value.post_data or "")


def test_on_paper_nothing_is_left_that_can_be_pressed(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    browser_page.emulate_media(media="print")
    for locator in (".side", ".act-bar", ".filters", ".demo-banner >> nth=0", "button >> nth=0"):
        expect(browser_page.locator(locator).first).to_be_hidden()
    expect(browser_page.locator("#powers")).to_be_visible()
