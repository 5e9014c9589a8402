"""The worklist: what waits for whom, the same signature on several items, and what was done today."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from harness import walk
from harness.bureau import SmallBureau, power_body, withholding_body
from harness.desks import Desk, QueryCount
from webapp.pages.worklist import WorklistPage, worklist_page
from webapp.pages.worklist_rows import Chosen
from webapp.policy import Actor
from webapp.reviews.chain import Action
from webapp.reviews.models import ReviewStep

At = Callable[[str], Desk]
POINTS = ["item", "basis", "procedure", "flow", "publication"]


def seen_by(bureau: SmallBureau, viewer: Actor, **chosen: str) -> WorklistPage:
    with bureau.database.reading() as session:
        return worklist_page(session, Chosen(**chosen), viewer=viewer)


def groups(bureau: SmallBureau, viewer: Actor) -> dict[str, int]:
    return {group.key: group.total for group in seen_by(bureau, viewer).groups}


def submitted(bureau: SmallBureau, count: int, **changes: object) -> list[int]:
    records = [walk.create(bureau, bureau.clerk, "power", power_body(**changes)) for _ in range(count)]
    for record in records:
        walk.submit(bureau, bureau.clerk, record)
    return records


def acts(bureau: SmallBureau) -> int:
    with bureau.database.reading() as session:
        return session.scalar(select(func.count()).select_from(ReviewStep).where(ReviewStep.action == "approve")) or 0


def test_work_follows_the_chain_from_desk_to_desk(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    assert groups(bureau, bureau.clerk) == {"draft": 1}
    walk.submit(bureau, bureau.clerk, record)
    assert groups(bureau, bureau.clerk) == {}
    assert groups(bureau, bureau.chief) == {"chief": 1}
    assert groups(bureau, bureau.chief2) == {}
    walk.approve(bureau, bureau.chief, record)
    assert groups(bureau, bureau.chief) == {}
    assert [groups(bureau, each) for each in (bureau.office, bureau.legal, bureau.publisher)] == [
        {"office": 1},
        {"legal": 1},
        {"secrecy": 1},
    ]
    for by in (bureau.office, bureau.legal, bureau.publisher):
        walk.approve(bureau, by, record)
    assert groups(bureau, bureau.office) == {"record": 1}
    walk.record_and_verify(bureau, [record], outcome="return")
    assert groups(bureau, bureau.clerk) == {"returned": 1}


def test_a_recorded_result_waits_for_the_other_person_only(bureau: SmallBureau, desk: At) -> None:
    (record,) = submitted(bureau, 1)
    walk.approve(bureau, bureau.chief, record)
    for by in (bureau.office, bureau.legal, bureau.publisher):
        walk.approve(bureau, by, record)
    assert desk("office").takes_step(record, "record", document="纪要〔2008〕1号").status == 200
    assert groups(bureau, bureau.office) == {}
    assert groups(bureau, bureau.office2) == {"verify": 1}


def test_what_somebody_wrote_does_not_wait_for_himself(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.chief, "power", power_body())
    walk.submit(bureau, bureau.chief, record)
    assert groups(bureau, bureau.chief) == {}


def test_the_host_sections_item_waits_for_the_deputy_and_then_for_who_was_named(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk10, "power", power_body(section="宣教法制科"))
    walk.submit(bureau, bureau.clerk10, record)
    walk.approve(bureau, bureau.chief10, record)
    assert groups(bureau, bureau.office) == {}
    assert groups(bureau, bureau.deputy) == {"naming": 1}
    walk.act(bureau, bureau.deputy, record, Action.REASSIGN, reviewer=bureau.publisher.person)
    assert groups(bureau, bureau.deputy) == {}
    assert groups(bureau, bureau.publisher) == {"office": 1, "secrecy": 1}


def test_a_dispute_waits_for_the_office_and_holds_the_chief_back(bureau: SmallBureau) -> None:
    (record,) = submitted(bureau, 1, joint_sections=["财务科"])
    assert groups(bureau, bureau.chief7) == {"countersign": 1}
    walk.act(bureau, bureau.chief7, record, Action.DISSENT, note="公开的科室不对")
    assert groups(bureau, bureau.office) == {"rule": 1}
    assert groups(bureau, bureau.chief) == {}


def test_requests_not_to_publish_wait_only_for_who_may_read_them(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "withholding", withholding_body(), code="JTHB-BG-001")
    walk.submit(bureau, bureau.clerk, record)
    walk.approve(bureau, bureau.chief, record)
    assert groups(bureau, bureau.legal) == {"legal": 1}
    assert "withholding" not in {row.kind for group in seen_by(bureau, bureau.clerk2).groups for row in group.rows}


def test_filters_stand_in_the_address_and_show_what_they_leave(bureau: SmallBureau, desk: At) -> None:
    submitted(bureau, 12)
    page = seen_by(bureau, bureau.chief)
    assert [(group.key, len(group.rows), group.total) for group in page.groups] == [("chief", 10, 12)]
    whole = seen_by(bureau, bureau.chief, task="chief")
    assert len(whole.groups[0].rows) == 12
    assert whole.bulk == "chief"
    assert seen_by(bureau, bureau.chief, kind="flow").groups == ()
    assert seen_by(bureau, bureau.chief, section="nonsense").groups == ()
    shown = desk("chief").get("/worklist?task=nonsense&kind=x&section=y&page=3")
    assert shown.status == 200
    assert "没有符合条件的待办事项" in shown.text


def test_a_chief_signs_several_items_after_ticking_every_point(bureau: SmallBureau, desk: At) -> None:
    submitted(bureau, 3)
    chief = desk("chief")
    items = [row.item for row in seen_by(bureau, bureau.chief).groups[0].rows]
    refused = chief.post("/review-steps", {"task": "chief", "item": items, "attested": POINTS[:2]})
    assert refused.status == 422
    assert "尚未核对" in refused.text
    assert sum("checked" in tag for name, tag in refused.tags if name == "input" and tag.get("name") == "item") == 3
    assert acts(bureau) == 0
    shown = chief.post("/review-steps", {"task": "chief", "item": items, "attested": POINTS, "request_key": "k"})
    assert shown.status == 303
    assert acts(bureau) == 3
    assert "今天已办" in chief.get("/worklist").text
    again = chief.post("/review-steps", {"task": "chief", "item": items, "attested": POINTS, "request_key": "k"})
    assert again.status == 303
    assert acts(bureau) == 3


def test_a_mixed_batch_is_refused_as_a_whole(bureau: SmallBureau, desk: At) -> None:
    submitted(bureau, 1)
    (mine,) = [row.item for row in seen_by(bureau, bureau.chief).groups[0].rows]
    foreign = walk.create(bureau, bureau.clerk2, "power", power_body(section="环境监察大队"))
    walk.submit(bureau, bureau.clerk2, foreign)
    hidden = f"power:{foreign}:{walk.digest_of(bureau, foreign)}"
    shown = desk("chief").post("/review-steps", {"task": "chief", "item": [mine, hidden], "attested": POINTS})
    assert shown.status in {403, 404}
    assert "整批未办理" in shown.text
    stale = re.sub(r":[0-9a-f]{64}$", ":" + "0" * 64, mine)
    shown = desk("chief").post("/review-steps", {"task": "chief", "item": [stale], "attested": POINTS})
    assert shown.status == 409
    assert acts(bureau) == 0


@pytest.mark.parametrize("item", ["", "power:1", "power:x:y", "person:1:" + "0" * 64, "power:99999999999:" + "0" * 64])
def test_an_unreadable_item_is_refused_with_a_sentence(desk: At, item: str) -> None:
    shown = desk("chief").post("/review-steps", {"task": "chief", "item": item})
    assert shown.status == 422
    assert "未能办理" in shown.text


def test_the_empty_list_says_so(desk: At) -> None:
    shown = desk("legal").get("/worklist")
    assert (shown.status, shown.h1s) == (200, 1)
    assert "没有等您办理的事项" in shown.text
    assert len(shown.ids) == len(set(shown.ids))


def test_the_list_takes_the_same_number_of_queries_for_one_and_for_many(bureau: SmallBureau) -> None:
    counts = []
    for more in (1, 8):
        for record in submitted(bureau, more):
            walk.approve(bureau, bureau.chief, record)
        with QueryCount(bureau) as count:
            seen_by(bureau, bureau.office)
        counts.append(len(count))
    assert counts[0] == counts[1] <= 14
