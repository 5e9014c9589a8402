"""One power and its chart from an empty form to the public page, by everybody whose turn it is, in a real browser.

Played twice: with JavaScript and without. The bureau is the sample of 2008-07-08 in the middle of its campaign.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from harness.servers import SAMPLE_PASSWORD, Server

PATIENCE = 60_000  # milliseconds; engineers and tests share two cores
NAME = "医疗废物暂存场所环保备案"
CHART = "LC-QT-901"
OUTLINE = (
    "1. 受理备案材料(污控窗口岗)2个工作日\n2. 核对暂存场所(固废管理岗)3个工作日\n3. 出具备案回执(污控窗口岗)1个工作日\n"
)
TEXTS = {
    "conditions": "依法设立的医疗机构，暂存场所符合防渗要求。",
    "exercise_scope": "本市行政区域内的医疗机构。",
    "rules": "一次受理，书面告知。",
    "service_commitment": "六个工作日内出具回执。",
    "discipline": "不得指定处置单位。",
    "accountability": "逾期未办的通报批评。",
    "control_points": "两人核对现场。",
    "counterpart_rights": "陈述、查询和投诉。",
    "complaint_channel": "12369环保举报热线。",
    "publication_content": "备案名单。",
    "publication_scope": "社会公开",
    "publication_time": "备案后七个工作日内",
    "responsibility_items": "核对暂存场所(固废管理岗)",
    "flows": CHART,
}


class Staff:
    """The people of the bureau, each in a browser of his own."""

    def __init__(self, server: Server, open_desk: object, *, javascript: bool) -> None:
        self._server, self._open_desk, self._javascript = server, open_desk, javascript
        self._pages: dict[str, Page] = {}

    def __call__(self, username: str) -> Page:
        """Return the page of one person, signed in."""
        if username not in self._pages:
            desk = self._open_desk(javascript=self._javascript)  # type: ignore[operator] # the fixture
            page = desk.open_page(f"{self._server.url}/sign-in")
            page.set_default_timeout(PATIENCE)
            page.fill("[name=username]", username)
            page.fill("[name=password]", SAMPLE_PASSWORD)
            page.click("main button[type=submit]")
            expect(page.locator("h1")).not_to_contain_text("登录")
            self._pages[username] = page
        return self._pages[username]

    def go(self, username: str, path: str) -> Page:
        """Open an address as somebody."""
        page = self(username)
        page.goto(f"{self._server.url}{path}")
        return page


def fill_entry(page: Page) -> None:
    """Fill everything a submission of the entry needs."""
    page.click("button[name=add_row][value=basis]")
    page.fill("[name='basis-0-law']", "固体废物污染环境防治法")
    page.fill("[name='basis-0-article']", "第17条")
    page.select_option("[name='basis-0-role']", "establishing")
    page.click("button[name=add_row][value=duties]")
    page.fill("[name='duties-0-post']", "固废管理岗")
    page.fill("[name='duties-0-duty']", "核对暂存场所。")
    for name, text in TEXTS.items():
        page.fill(f"[name='{name}']", text)
    for name, value in (("disclosure", "public"), ("verdict", "in_place"), ("procedure", "statutory")):
        page.check(f"[name='{name}'][value='{value}']")
    page.check("[name=publication_forms][value='政府门户网站']")
    page.fill("[name='details-matter']", "医疗废物暂存场所的备案")
    page.fill("[name='promised_limit-n']", "6")
    page.select_option("[name='promised_limit-unit']", "working_day")
    page.fill("[name='promised_limit-start']", "受理之日")
    page.select_option("[name=contact]", "consult-pollution-control")
    page.select_option("[name=supervision_contact]", "supervise-discipline")


def path_in(page: Page, pattern: str) -> str:
    """Return the part of the page's address that matches."""
    found = re.search(pattern, page.url)
    assert found is not None, page.url
    return found[0]


def press(page: Page, label: str) -> None:
    """Press a button of the review panel and wait until the act is answered: the next person looks at once."""
    button = page.locator("#review").get_by_role("button", name=label, exact=True)
    assert button.count() == 1, f"{page.url} {page.locator('main').inner_text()[:1500]}"
    with page.expect_response(lambda given: given.request.method == "POST" and "/review-steps" in given.url):
        button.click()
    page.wait_for_load_state()


def approve(staff: Staff, username: str, path: str) -> None:
    page = staff.go(username, path)
    for box in page.locator("#review input[name=attested]").all():
        box.check()
    press(page, "同意会签" if page.locator("#review").get_by_role("button", name="同意会签").count() else "审核通过")
    expect(page.locator("body")).to_contain_text("已审核通过")


def record_and_verify(staff: Staff, stage: str, paths: tuple[str, str], document: str) -> None:
    """The office records the paper's result for both items, its second person verifies it."""
    office = staff.go("office", f"/batches/new?stage={stage}")
    for box in office.locator("[name=item]").all():
        box.uncheck()
    for path in paths:
        office.locator(f"tr:has(a[href='{path}']) [name=item]").check()
    office.fill("[name=document]", document)
    office.get_by_role("button", name="登记结果").last.click()
    office.wait_for_url(re.compile(r"/batches/\d+"))
    page = staff.go("office2", office.url.removeprefix(staff._server.url))  # noqa: SLF001 - the same test
    page.get_by_role("button", name="复核无误").click()
    expect(page.locator("main")).to_contain_text("已复核")


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_a_power_and_its_chart_go_the_whole_way_to_the_public(
    server: Server,
    instance: Path,
    open_desk: object,
    serve_public: object,
    javascript: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    staff = Staff(server, open_desk, javascript=javascript)

    clerk = staff.go("clerk", "/flows/new")
    clerk.fill("[name=number]", CHART)
    clerk.fill("[name=name]", "医疗废物暂存场所备案流程")
    clerk.fill("[name=outline]", OUTLINE)
    clerk.locator("main form").get_by_role("button").last.click()
    clerk.wait_for_url(re.compile(r"/flows/\d+"))
    chart = path_in(clerk, r"/flows/\d+")

    clerk = staff.go("clerk", "/powers/new")
    clerk.fill("[name=name]", NAME)
    clerk.select_option("[name=category]", "other")
    clerk.get_by_role("button", name="登记并填写").click()
    clerk.wait_for_url(re.compile(r"/powers/\d+/draft"))
    power = path_in(clerk, r"/powers/\d+")
    fill_entry(clerk)
    clerk.get_by_role("button", name="保存草稿").first.click()
    expect(clerk.locator("body")).to_contain_text("已保存")

    for path in (chart, power):
        press(staff.go("clerk", path), "送科室审核")
        approve(staff, "chief", path)
        for username in ("office", "legal", "publisher"):
            approve(staff, username, path)
    for stage, document in (
        ("bureau_decision", "坛环纪〔2008〕1号"),
        ("city_review", "坛公办〔2008〕3号"),
        ("city_decision", "坛优组字〔2008〕2号"),
    ):
        record_and_verify(staff, stage, (chart, power), document)

    office = staff.go("office", "/editions")
    office.get_by_role("button", name="编制公开版").click()
    office.wait_for_load_state()
    expect(office.locator("main")).to_contain_text("待发布")
    publisher = staff.go("publisher", "/editions")
    publisher.fill("[name=document]", "审批单2008-001")
    publisher.get_by_role("button", name="发布", exact=True).click()
    publisher.wait_for_load_state()
    expect(publisher.locator("main")).to_contain_text("已发布")

    public = serve_public()  # type: ignore[operator] # the fixture
    reader = open_desk(javascript=javascript).open_page(f"{public.url}/search/?q=医疗废物暂存")  # type: ignore[operator] # as above
    reader.get_by_role("link", name=NAME).first.click()
    expect(reader.locator("h1")).to_contain_text(NAME)
    expect(reader.locator("main")).to_contain_text("坛优组字〔2008〕2号")
    expect(reader.locator("main svg").first).to_be_visible()
    del instance
