"""Scenes 1, 2, 3 and 6 of scenes.md at the desks of those who act in them, in a real browser.

The old table of scene 2 comes in in `test_import.py`, its forty keys are counted in `test_keystrokes.py`, the chief's
signature under a package is given in `test_package_signing.py`.
"""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from harness.browsers import Desk, find_barriers
from harness.campaigns import INNER, PHASES
from harness.servers import SAMPLE_PASSWORD, Server, run_command, serving

OpenDesk = Callable[..., Desk]
SUMMARY = "/papers/bureau-summary"


def signed_in(server: Server, desk: Desk, username: str) -> Page:
    """Open a person's browser at his worklist."""
    page = desk.open_page(f"{server.url}/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", SAMPLE_PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/worklist")
    return page


def test_scene_1_the_office_deploys_the_campaign_and_the_dates_stay_as_the_document_has_them(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    instance = tmp_path / "instance"
    for command in (("init",), ("load-sample", "--only", "people")):
        done = run_command(instance, *command)
        assert done.returncode == 0, done.stderr
    with serving(instance, "serve", settings={"TODAY": "2008-06-20"}) as server:
        page = signed_in(server, open_desk(), "office")
        page.goto(f"{server.url}/campaign")
        page.get_by_role("link", name="部署专项工作").click()
        page.fill("[name=title]", "2008年职权公开运行工作")
        for at, (number, title) in enumerate((("坛优组字[2008]1号", "通知"), ("坛环法〔2008〕第1号", "实施方案"))):
            row_of(page, "documents", at)
            page.fill(f"[name=documents-{at}-number]", number)
            page.fill(f"[name=documents-{at}-title]", title)
        for at, (name, starts_on, ends_on, work) in enumerate(PHASES):
            row_of(page, "phases", at)
            values = {"name": name, "starts_on": starts_on, "ends_on": ends_on, "work": work}
            for key, value in values.items():
                page.fill(f"[name=phases-{at}-{key}]", value)
        for key, day in INNER.items():
            page.fill(f"[name=inner-{key}]", day)
        page.get_by_role("button", name="保存部署").click()
        expect(page.locator("main")).to_contain_text("坛环法〔2008〕第1号")
        page.goto(f"{server.url}/campaign/phases")
        for day in ("2008年6月21日", "2008年8月30日"):  # two Saturdays, not moved
            expect(page.locator("main")).to_contain_text(day)

        page.goto(f"{server.url}/campaign/meetings/new?kind=training")
        page.select_option("[name=kind]", "training")
        page.fill("[name=title]", "第一次业务培训")
        page.fill("[name=held_on]", "2008-06-17")
        page.get_by_role("button", name="登记", exact=True).click()
        states = page.locator("select[name^=state-]")
        names = page.locator("#attendance tbody tr td:first-child")
        count = states.count()
        missing = names.nth(count - 1).inner_text()
        for at in range(count):
            states.nth(at).select_option("missing" if at == count - 1 else "present")
        page.get_by_role("button", name="保存到会情况").click()
        expect(page.locator("#attendance")).to_contain_text(f"缺席且未补训：{missing}")
        page.goto(f"{server.url}/campaign")
        expect(page.locator("main")).to_contain_text(missing)
        page.goto(f"{server.url}/campaign/meetings")
        expect(page.locator("main")).to_contain_text(missing)

        # The reminder for Saturday 21 June goes out on Friday the 20th.
        assert run_command(instance, "tick", settings={"TODAY": "2008-06-20"}).returncode == 0
        clerk = signed_in(server, open_desk(), "clerk")
        expect(clerk.locator("main")).to_contain_text("6月21日")


def row_of(page: Page, name: str, at: int) -> None:
    """Add a row to a table of the form where it has none there yet; what is typed stays."""
    if not page.locator(f"[name={name}-{at}-{'number' if name == 'documents' else 'name'}]").count():
        page.locator(f"button[name=add_row][value={name}]").click()
        page.wait_for_selector(f"[name={name}-{at}-{'number' if name == 'documents' else 'name'}]")


def test_scene_2_an_overreach_ends_the_same_day_and_a_gap_is_there_that_no_section_typed(
    shared_server: Server, open_desk: OpenDesk
) -> None:
    name = "自行对大气超标企业作出限期治理决定"
    clerk = signed_in(shared_server, open_desk(), "clerk")
    clerk.goto(f"{shared_server.url}/powers/new")
    clerk.fill("[name=name]", name)
    clerk.select_option("[name=category]", "other_enforcement")
    clerk.get_by_role("button", name="登记并填写").click()
    clerk.wait_for_url(re.compile(r"/powers/\d+/draft"))
    power = clerk.url.partition("/draft")[0]

    chief = signed_in(shared_server, open_desk(), "chief")
    chief.goto(power)
    chief.get_by_text("职责越位，立即停止行使").click()
    chief.fill("#field-stop-reason", "限期治理的决定权属于人民政府")
    chief.fill("[name=aftermath]", "已下达的三件移送市政府，告知当事人")
    chief.fill("[name=day]", "2008-06-25")
    chief.get_by_role("button", name="立即停止行使").click()
    expect(chief.locator("main")).to_contain_text("已停止行使")

    office = signed_in(shared_server, open_desk(), "office")
    expect(office.locator("main")).to_contain_text(name)
    office.goto(f"{shared_server.url}/catalogue?q=限期治理决定")
    expect(office.locator("main")).not_to_contain_text(name)
    office.goto(f"{shared_server.url}/verdicts/new")
    office.fill("[name=name]", "污染源自动监控设施的监督检查")
    office.select_option("[name=category]", "other_enforcement")
    office.select_option("[name=section]", "环境监察大队")
    office.fill("[name=reason]", "水污染防治法(2008年修订)第23条，2008年6月1日施行")
    office.fill("[name=due]", "2008-07-08")
    office.locator("main form button.button-main").last.click()
    expect(office.locator("#toasts")).to_contain_text("已列入该科室的清理清单")
    their_clerk = signed_in(shared_server, open_desk(), "clerk2")
    expect(their_clerk.locator("main")).to_contain_text("污染源自动监控设施的监督检查")

    chief.goto(f"{shared_server.url}/papers/rectification")
    for words in (name, "2008年6月25日", "已下达的三件移送市政府", "已停止"):
        expect(chief.locator("main")).to_contain_text(words)


def test_scene_3_a_dispute_holds_both_packages_until_the_office_rules(
    shared_server: Server, open_desk: OpenDesk
) -> None:
    lead = signed_in(shared_server, open_desk(), "chief7")
    lead.goto(f"{shared_server.url}/powers?q=JTHB-JC-003")
    lead.locator("main table a").first.click()
    power = lead.url
    partner = signed_in(shared_server, open_desk(), "chief")
    partner.goto(power)
    partner.locator("summary", has_text="提出不同意见").click()
    partner.locator("form:has(button:text('确认提出不同意见')) textarea").fill("分配名单应由我科公布")
    partner.get_by_role("button", name="确认提出不同意见").click()
    expect(partner.locator("#review")).to_contain_text("分配名单应由我科公布")

    lead.goto(f"{shared_server.url}/packages")
    lead.get_by_role("link", name="财务科").first.click()
    lead.get_by_role("link", name="逐项审核并签署").click()
    expect(lead.locator("main")).to_contain_text("有不同意见，待领导小组办公室裁定")
    lead.locator("#truth").check()
    lead.get_by_role("button", name="签署并报送领导小组办公室").click()
    expect(lead.locator("main")).to_contain_text("办妥前，报送材料不能签署")

    office = signed_in(shared_server, open_desk(), "office")
    office.goto(power)
    ruling = office.locator("form:has(input[name=action][value=rule])")
    ruling.locator("textarea").first.fill("由牵头科室公布，协办科室提供名单")
    ruling.locator("button[type=submit]").first.click()
    expect(office.locator("#review")).to_contain_text("由牵头科室公布")
    for page in (lead, partner):
        page.goto(power)
        expect(page.locator("#review")).to_contain_text("分配名单应由我科公布")
        expect(page.locator("#review")).to_contain_text("由牵头科室公布，协办科室提供名单")
    lead.goto(f"{shared_server.url}/papers/joint-confirmation?code=JTHB-JC-003")
    expect(lead.locator("main")).to_contain_text("由牵头科室公布，协办科室提供名单")
    for role in ("牵头科室负责人", "协办科室负责人", "裁定人"):
        expect(lead.locator("main")).to_contain_text(role)


def test_scene_6_a_wording_is_unified_with_one_key_and_the_sums_agree(server: Server, open_desk: OpenDesk) -> None:
    office = signed_in(server, open_desk(), "office")
    # Every table of the bureau and the board say the same.
    office.goto(f"{server.url}/campaign")
    expect(office.locator("#identity strong")).to_have_text("149")
    for paper in (SUMMARY, "/papers/catalogue"):
        office.goto(f"{server.url}{paper}")
        expect(office.locator("main")).to_contain_text("清理总数149项")

    # The office's own section's items are not for the office to review, and the page says why.
    office.goto(f"{server.url}/powers?q=JTHB-QT-002")
    office.locator("main table a").first.click()
    expect(office.locator("#review")).to_contain_text("指定 密样安")
    expect(office.locator("#review")).to_contain_text(re.compile("催办"))
    expect(office.locator("#review form:has(input[name=action][value=approve])")).to_have_count(0)

    # 辐射管理's three penalties stand at the first review; one wording for their time of publication is proposed.
    office.goto(f"{server.url}/wordings/new?field=publication_time&section=radiation")
    offered = office.locator("input[name=item]")
    count = offered.count()
    assert count >= 3
    folded = office.locator("#field-items details:not([open]) > summary")
    while folded.count():
        folded.first.click()
    for at in range(count):
        offered.nth(at).check()
    office.get_by_label("统一后的表述").fill("决定作出之日起7个工作日内，长期公开")
    office.get_by_label("理由").fill("与市里的要求一致")
    office.get_by_role("button", name="提出建议").last.click()
    office.wait_for_url(re.compile(r"/wordings/\d+$"))
    assert find_barriers(office) == []
    proposal = office.url

    chief = signed_in(server, open_desk(), "chief5")
    chief.get_by_role("link", name=re.compile("统一为“决定作出之日起")).click()
    expect(chief.get_by_role("button", name="同意所选，按建议修改")).to_be_focused()
    chief.keyboard.press("Enter")
    expect(chief.locator("#toasts")).to_contain_text(f"已采纳{count}项")
    expect(chief.locator(".wording-item").first).to_contain_text("修改前")
    chief.locator(".wording-item a").first.click()
    expect(chief.locator("main")).to_contain_text("采纳统一表述建议")
    office.goto(proposal)
    expect(office.locator("main")).to_contain_text("已采纳")
    office.goto(f"{server.url}/papers/opinion-answers")
    expect(office.locator("main")).to_contain_text("决定作出之日起7个工作日内，长期公开")
