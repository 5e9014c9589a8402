"""Scene 2: what a penalty costs its clerk in key presses, taking over from one of the same category."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from harness.browsers import Desk
from harness.servers import SAMPLE_PASSWORD, Server

MOST = 40
# Counts what the keyboard really sends. Of Chinese, which an input method puts in, each character counts as one key.
_COUNTER = """
const count = (more) => sessionStorage.setItem('keys', Number(sessionStorage.getItem('keys')) + more);
addEventListener('keydown', () => count(1), true);
addEventListener('beforeinput', (event) => count((event.data || '').replace(/[ -~]/g, '').length), true);
"""


def keys_pressed(page: Page) -> int:
    return int(page.evaluate("sessionStorage.getItem('keys') || 0"))


def test_scene_2_a_penalty_costs_at_most_forty_keys(server: Server, open_desk: Callable[..., Desk]) -> None:
    page = open_desk().open_page(f"{server.url}/sign-in")
    page.fill("[name=username]", "clerk2")
    page.fill("[name=password]", SAMPLE_PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("h1")).not_to_contain_text("登录")
    page.add_init_script(_COUNTER)

    page.goto(f"{server.url}/powers/new")
    typed(page, "[name=name]", "夜间施工噪声扰民的处罚")
    page.select_option("[name=category]", "penalty")
    page.get_by_role("button", name="登记并填写").click()
    page.wait_for_url(re.compile(r"/powers/\d+/draft"))
    page.get_by_role("link", name="从同类事项带入").click()
    page.locator("#sources a").first.click()
    for heading in ("行使依据", "违反条款", "处罚幅度"):
        page.get_by_label(heading, exact=True).check()
    page.get_by_role("button", name="带入所选各栏").first.click()
    expect(page.locator("#toasts")).to_contain_text("已带入")

    # What is this power's own: the violation, and the two articles of the same law.
    typed(page, "#field-details-violation", "夜间施工噪声扰民")
    page.locator("#field-details-violated_article").select_text()
    page.keyboard.type("噪声法第30条")
    for row, article in ((0, "56"), (1, "30")):
        page.locator(f"#field-basis-{row}-article").select_text()
        page.keyboard.type(article)
    page.get_by_label("职责到位").check()
    page.keyboard.press("Control+s")
    expect(page.locator("#toasts")).to_contain_text("草稿已保存")
    expect(page.locator("#field-basis-0-article")).to_have_value("第56条")
    pressed = keys_pressed(page)
    assert len("夜间施工噪声扰民的处罚") < pressed <= MOST, pressed
    expect(page.locator(".entry-lacking")).to_have_count(0)


def typed(page: Page, where: str, text: str) -> None:
    page.click(where)
    page.keyboard.type(text)
