"""Warnings at the desk: mended or answered before submission, never in the way of a draft; the reason goes along."""

from collections.abc import Callable

from harness import walk
from harness.bureau import SmallBureau, power_body
from harness.databases import only_sqlite
from harness.desks import Desk
from webapp.powers.warning_rules import RULES

pytestmark = only_sqlite
At = Callable[[str], Desk]


def test_a_licence_with_a_fee_is_submitted_only_with_a_reason_which_reviewers_read(
    bureau: SmallBureau, desk: At
) -> None:
    fees = [{"item": "工本费", "basis": "苏价费〔2007〕1号", "standard": "每证10元"}]
    power = walk.create(bureau, bureau.clerk, "power", power_body(fees=fees))
    clerk = desk("clerk")
    page = clerk.get(f"/powers/{power}")
    assert "行政许可一般不得收费" in page.text
    assert "/help/warnings" in page.links

    refused = clerk.takes_step(power, "submit")
    assert refused.status == 403
    assert "共1处提示须改正或说明理由" in refused.text

    blank = clerk.post(f"/powers/{power}/warning-reasons", {"reason-W04": " "})
    assert blank.status == 422
    assert "请填写理由" in blank.text
    sent = {"reason-W04": "省物价局批准的证件工本费", "reason-W99": "无此规则"}
    assert clerk.post(f"/powers/{power}/warning-reasons", sent).status == 303
    assert clerk.takes_step(power, "submit").stage == "section_review"
    assert "省物价局批准的证件工本费" in desk("chief").get(f"/powers/{power}").text


def test_a_reason_falls_when_what_it_answered_changes(bureau: SmallBureau, desk: At) -> None:
    longer = {"n": 30, "unit": "working_day", "start": "受理之日"}
    power = walk.create(
        bureau, bureau.clerk, "power", power_body(promised_limit=longer, statutory_limit={**longer, "n": 20})
    )
    clerk = desk("clerk")
    assert clerk.post(f"/powers/{power}/warning-reasons", {"reason-W01": "上级要求"}).status == 303
    other = {"seen_version": "1", "publication_scope": "本局干部职工"}
    assert clerk.post(f"/powers/{power}/draft", other).status == 303
    assert "公开范围却只限内部" in clerk.takes_step(power, "submit").text
    assert clerk.get(f"/powers/{power}").text.count("上级要求") == 1


def test_a_stranger_gives_no_reasons_and_the_help_lists_every_rule(bureau: SmallBureau, desk: At) -> None:
    power = walk.create(bureau, bureau.clerk, "power", power_body(disclosure="bureau"))
    assert desk("clerk2").post(f"/powers/{power}/warning-reasons", {"reason-W37": "不"}).status == 404
    shown = desk("office").get("/help/warnings")
    assert all(rule.id in shown.text and rule.title in shown.text for rule in RULES)
