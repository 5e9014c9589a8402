"""What is warned of in a chart at the desk: mended or answered before submission; the reason goes along."""

from collections.abc import Callable

from harness import walk
from harness.bureau import SmallBureau, flow_body
from harness.databases import only_sqlite
from harness.desks import Desk
from webapp.flows.checks import PAIR_RULES, RULES

pytestmark = only_sqlite
At = Callable[[str], Desk]


def doubtful(bureau: SmallBureau) -> int:
    """A chart in which one step leads to itself (F17)."""
    body = flow_body()
    again = {"from": "20", "to": "20", "condition": "补充核对"}
    return walk.create(bureau, bureau.clerk, "flow", {**body, "transitions": [*body["transitions"], again]}, "LC-CF-02")


def test_a_chart_with_a_warning_is_submitted_only_with_a_reason_which_reviewers_read(
    bureau: SmallBureau, desk: At
) -> None:
    chart = doubtful(bureau)
    clerk = desk("clerk")
    page = clerk.get(f"/flows/{chart}")
    assert "需要说明理由之处" in page.text
    assert "/help/flow-rules" in page.links

    refused = clerk.post(f"/flows/{chart}/review-steps", {"action": "submit", "seen_version": "1"})
    assert refused.status == 403
    assert "共1处提示须改正或说明理由" in refused.text

    blank = clerk.post(f"/flows/{chart}/warning-reasons", {"reason-F17": " "})
    assert (blank.status, "请填写理由" in blank.text) == (422, True)
    secret = clerk.post(f"/flows/{chart}/warning-reasons", {"reason-F17": "秘密★3年"})
    assert secret.status == 422
    sent = {"reason-F17": "现场情况复杂的需当场补充核对", "reason-F99": "无此规则"}
    assert clerk.post(f"/flows/{chart}/warning-reasons", sent).status == 303
    submitted = clerk.post(f"/flows/{chart}/review-steps", {"action": "submit", "seen_version": "1"})
    assert submitted.status == 303
    for reader in ("chief", "office"):
        assert "现场情况复杂的需当场补充核对" in desk(reader).get(f"/flows/{chart}").text
    late = clerk.post(f"/flows/{chart}/warning-reasons", {"reason-F17": "改口"})
    assert (late.status, "正在审核中" in late.text) == (422, True)


def test_a_stranger_gives_no_reasons(bureau: SmallBureau, desk: At) -> None:
    chart = doubtful(bureau)
    assert desk("clerk2").post(f"/flows/{chart}/warning-reasons", {"reason-F17": "不"}).status == 404


def test_the_help_shows_every_rule_with_both_examples(desk: At) -> None:
    shown = desk("office").get("/help/flow-rules")
    assert shown.h1s == 1
    assert len(set(shown.ids)) == len(shown.ids)
    for rule in (*RULES, *PAIR_RULES):
        assert f"{rule.id} {rule.title}" in shown.text
        assert {f"{rule.id}-valid", f"{rule.id}-invalid"} <= set(shown.ids)
