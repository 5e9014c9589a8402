"""The browser ground: what breaks a page is noticed, and the checks for barriers bite."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from harness.browsers import Desk, assert_accessible, find_barriers

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"
PAGE = (
    "<!doctype html><html lang=zh-CN><head><meta charset=utf-8><title>试页</title></head>"
    "<body><main><h1>试页</h1>{}</main></body></html>"
)


class _Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name the class gives it
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "site"
    folder.mkdir()
    pages = {
        "good.html": "<p>好</p>",
        "inline.html": "<script>document.title = '坏'</script>",
        "unlabelled.html": "<input name=q>",
    }
    for name, content in pages.items():
        (folder / name).write_text(PAGE.format(content), encoding="utf-8")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_good_page_passes_under_the_policy(browser_page: Page, site: str) -> None:
    browser_page.goto(f"{site}/good.html")
    assert_accessible(browser_page)


def test_an_inline_script_is_noticed(chromium: Browser, site: str) -> None:
    desk = Desk(chromium, javascript=True, width=800, height=600)
    page = desk.open_page(f"{site}/inline.html")
    assert page.title() == "试页"
    desk.close()
    assert len(desk.faults) == 1


def test_a_field_without_label_is_a_barrier(browser_page: Page, site: str) -> None:
    browser_page.goto(f"{site}/unlabelled.html")
    assert any(line.startswith("label ") for line in find_barriers(browser_page))
    assert find_barriers(browser_page, within="h1") == []


def test_without_javascript_no_script_runs(plain_page: Page, site: str) -> None:
    plain_page.goto(f"{site}/inline.html")
    assert plain_page.title() == "试页"


def test_chromium_finds_no_way_out(browser_page: Page) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        browser_page.goto("http://example.com/")
