"""非行政许可审批 ended in 2015: not chosen afterwards, and what stands goes into another category with a reason."""

import json
from collections.abc import Callable
from datetime import date

from harness import walk
from harness.bureau import SmallBureau, power_body
from harness.databases import only_sqlite
from harness.desks import Desk
from webapp import clock
from webapp.revisions.models import Draft

pytestmark = only_sqlite
At = Callable[[str], Desk]


def body_of(bureau: SmallBureau, record: int) -> dict[str, object]:
    with bureau.database.reading() as session:
        return json.loads(session.get_one(Draft, record).body)


def test_the_category_is_chosen_before_2015_only(desk: At) -> None:
    clerk = desk("clerk")
    asked = {"name": "环保专项资金初审", "category": "other_approval", "section": "污染控制科"}
    clock.fix_day(date(2016, 1, 4))
    refused = clerk.post("/powers", asked)
    assert refused.status == 422
    assert "类别已于2015年5月14日取消" in refused.text
    clock.fix_day(date(2008, 6, 25))
    made = clerk.post("/powers", asked)
    assert made.status == 303
    address = made.location.partition("?")[0]
    later = clerk.post(address, {"seen_version": "1", "reference_date": "2015-05-14"})
    assert later.status == 422
    assert "改列" in later.text
    assert clerk.post(address, {"seen_version": "1", "reference_date": "2015-05-13"}).status == 303
    assert "待改列类别" not in clerk.get("/powers").text


def test_what_stands_is_listed_and_put_into_another_category(bureau: SmallBureau, desk: At) -> None:
    power = walk.create(bureau, bureau.clerk, "power", power_body("JTHB-SP-004"))
    clock.fix_day(date(2016, 1, 4))
    clerk = desk("clerk")
    assert "/reclassifications" in clerk.get("/powers").links
    address = f"/powers/{power}/reclassification"
    assert address in clerk.get("/reclassifications").links
    assert desk("clerk2").get(address).status == 404

    shown = clerk.get(f"{address}?category=licence")
    assert "申请材料" in shown.text
    assert "没有对应的栏" in shown.text
    before = body_of(bureau, power)
    assert clerk.post(address, {"seen_version": "1", "category": "licence"}).status == 422
    sent = {"seen_version": "1", "category": "licence", "reason": "依据为行政法规设定"}
    assert clerk.post(address, {**sent, "seen_version": "9"}).status == 409
    assert clerk.post(address, sent).status == 303
    after = body_of(bureau, power)
    assert after["category"] == "licence"
    assert after["details"]["materials"] == before["details"]["materials"]  # type: ignore[index] # bodies
    assert "由非行政许可审批改列行政许可：依据为行政法规设定" in str(after["follow_up"])
    assert {name: after[name] for name in ("name", "basis", "duties")} == {
        name: before[name] for name in ("name", "basis", "duties")
    }
    assert "没有待改列的职权" in clerk.get("/reclassifications").text
