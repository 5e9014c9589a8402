"""The public pages in a real browser: the search from a folder hits what the server hits, nothing breaks the policy."""

import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from playwright.sync_api import Page, expect

from harness.browsers import assert_accessible
from harness.editions import rows_of, sample_content, write_bundle
from webapp.bundle.search import normalise
from webapp.public_site import create_public_app
from webapp.public_site.released import release

QUERIES = (
    *(
        "半夜施工太吵",
        "环评要多久",
        "huanping",
        "pwxk",
        "水",
        "处罚",
        "大气 处罚",
        "噪声，投诉",
        "河水发黑怎么办",
        "我家楼下太吵怎么投诉",
    ),
    *(
        "食堂油烟",
        "jthb-cf-045",
        "ＪＴＨＢ－ＣＦ－０４５",
        "環評",
        "CT机",
        "ct",
        "a",
        "第34条",
        "3%",
        "《大气法》",
        "环境监察大队",
    ),
    *(
        "zzzz",
        "'",
        '"',
        "%",
        "_",
        "\\",
        "*",
        "NEAR(a)",
        "</script><img src=x onerror=alert(1)>",
        "\U0001f600",
        "\U00020000吵",
    ),
    *(
        "é́",
        "ſ",
        "İ",
        "ß",
        "ΑΣ",
        "ﬁ",
        "㈠",
        "\u200b水\u200b",
        "水\ufeff气",
        "长" * 70 + "水",
        " " * 70 + "水",
        "半夜施工" * 20,
    ),
    *("constructor", "__proto__", "toString", "1e5", "0", "true"),
)
PAGES = (
    "index.html",
    "categories/penalty/index.html",
    "powers/JTHB-CF-045/index.html",
    "powers/JTHB-XK-001/index.html",
    "powers/JTHB-XK-001/print/index.html",
    "flows/LC-XK-001/index.html",
    "search/index.html",
    "who-handles/index.html",
    "changes/index.html",
    "editions/index.html",
    "check/index.html",
)


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of the library
        """Say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bundle(sample_content(), tmp_path_factory.mktemp("stick") / "公开版 第1号")


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_public_app(folder), handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_search_from_a_folder_hits_what_the_server_hits_in_the_same_order(browser_page: Page, folder: Path) -> None:
    served = release(folder)
    browser_page.goto((folder / "search/index.html").as_uri())
    everyday = [row["everyday"] for row in rows_of("synonyms.csv")]
    words = [word for row in rows_of("who-handles.csv") for word in row["everyday_words"].split(";")]
    sentences = [f"请问{word}怎么办" for word in everyday[::4]]
    for query in [*QUERIES, *everyday, *words, *sentences]:
        codes = browser_page.evaluate("query => window.zhiquanSearch(query)", query)
        assert codes == [record.code for record in served.search(query).records], query


def test_the_page_from_a_folder_shows_what_the_served_page_shows(browser_page: Page, folder: Path, site: str) -> None:
    shown = "document.getElementById('results').innerHTML"
    field = "document.getElementById('q').value"
    for query in (
        "半夜施工太吵",
        "楼下广场舞",
        "处罚",
        "zzzz",
        "",
        "。",
        '<img src=x onerror="1">&amp;',
        "a" * 80,
        " 水 ",
    ):
        browser_page.goto((folder / "search/index.html").as_uri() + "?q=" + quote(query))
        local = browser_page.evaluate(f"[{shown}, {field}.trim().slice(0, 64)]")
        browser_page.goto(f"{site}search/?q={quote(query)}")
        assert browser_page.evaluate(f"[{shown}, {field}]") == local, query


def test_characters_are_folded_alike_on_both_sides(browser_page: Page, folder: Path) -> None:
    browser_page.goto((folder / "search/index.html").as_uri())
    letters = [
        chr(c) for c in (*range(0x20, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000), *range(0xFF00, 0xFFE7))
    ]
    script = (
        "signs => signs.map(s => Array.from(s.normalize('NFKC'), c => c.toUpperCase().toLowerCase())"
        ".join('').normalize('NFKC'))"
    )
    folded = browser_page.evaluate(script, letters)
    assert [sign for sign, seen in zip(letters, folded, strict=True) if normalise(sign) != seen] == []


def test_a_citizen_searches_from_the_home_page_of_a_stick(browser_page: Page, folder: Path) -> None:
    browser_page.goto((folder / "index.html").as_uri())
    browser_page.get_by_label("查职权").fill("半夜施工太吵")
    browser_page.keyboard.press("Enter")
    browser_page.get_by_role("link", name="夜间进行禁止的建筑施工作业的处罚").click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("夜间进行禁止的建筑施工作业的处罚")
    expect(browser_page.locator(".answers")).to_contain_text("60日")
    expect(browser_page.locator(".drawing svg")).to_have_count(2)


def test_the_served_site_works_without_scripts(plain_page: Page, site: str) -> None:
    plain_page.goto(site)
    plain_page.get_by_label("查职权").fill("环评要多久")
    plain_page.get_by_role("button", name="查找").click()
    plain_page.get_by_role("link", name="建设项目环境影响报告书审批").click()
    plain_page.get_by_text("文字版").click()
    expect(plain_page.locator("table.steps")).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_every_kind_of_page_is_accessible_and_keeps_the_policy(browser_page: Page, site: str, path: str) -> None:
    browser_page.goto(site + path)
    assert_accessible(browser_page)


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_is_wider_than_the_screen(browser_page: Page, site: str, width: int) -> None:
    browser_page.set_viewport_size({"width": width, "height": 800})
    for path in PAGES:
        browser_page.goto(site + path)
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_first_key_leads_to_the_text_and_focus_is_seen(browser_page: Page, site: str) -> None:
    browser_page.goto(f"{site}powers/JTHB-CF-045/")
    browser_page.keyboard.press("Tab")
    expect(browser_page.get_by_text("跳到正文")).to_be_focused()
    assert browser_page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator("#main")).to_be_focused()
