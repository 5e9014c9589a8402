"""Results of meetings and letters through the pages: one act for many items, checked by another person."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from harness import walk
from harness.bureau import SmallBureau, flow_body, power_body
from harness.desks import Desk, QueryCount
from webapp.pages.batch import batch_page
from webapp.pages.batch_new import new_batch_page
from webapp.reviews.models import Batch, BatchItem, Problem

At = Callable[[str], Desk]
PAPER = {"stage": "bureau_decision", "form": "meeting", "document": "纪要〔2008〕1号", "document_date": "2008-07-09"}


@pytest.fixture
def items(bureau: SmallBureau) -> list[int]:
    """Two powers and a chart that wait for the bureau's leading group."""
    records = [walk.create(bureau, bureau.clerk, "power", power_body()) for _ in range(2)]
    records.append(walk.create(bureau, bureau.clerk, "flow", flow_body(), code="LC-CF-02"))
    for record in records:
        walk.to_bureau_decision(bureau, record)
    return records


def values(bureau: SmallBureau, records: list[int]) -> list[str]:
    return [f"{record}:{walk.digest_of(bureau, record)}" for record in records]


def stages(bureau: SmallBureau, records: list[int]) -> list[str]:
    return [walk.stage_of(bureau, record) for record in records]


def test_a_meeting_is_recorded_once_with_its_exceptions_and_counts_when_verified(
    bureau: SmallBureau, desk: At, items: list[int]
) -> None:
    office, second = desk("office"), desk("office2")
    shown = office.get("/batches/new?stage=bureau_decision")
    assert "待登记3项" in shown.text
    ticked = [tag["value"] for name, tag in shown.tags if name == "input" and tag.get("name") == "item"]
    assert sorted(ticked) == sorted(values(bureau, items))
    exception = {f"outcome-{items[0]}": "return", f"note-{items[0]}": "依据不足", f"outcome-{items[1]}": "defer"}
    shown = office.post("/batches", {**PAPER, "item": ticked, **exception})
    assert shown.status == 422
    assert "请写明意见" in shown.text
    shown = office.post("/batches", {**PAPER, "item": ticked, **exception, f"note-{items[1]}": "下次再议"})
    assert shown.status == 303
    page = second.get(shown.location)
    assert "共3项，除下列2项外，同意" in page.text
    assert stages(bureau, items) == ["bureau_decision"] * 3
    assert "登记人不能复核自己的登记" in office.get(shown.location).text
    form = page.form(f"{shown.location}/verification")
    assert second.presses(form, verdict="right").status == 303
    assert stages(bureau, items) == ["returned", "bureau_decision", "city_review"]
    with bureau.database.reading() as session:
        assert session.scalars(select(Problem.content)).all() == ["依据不足"]


def test_items_left_out_hold_nothing_up(bureau: SmallBureau, desk: At, items: list[int]) -> None:
    shown = desk("office").post("/batches", {**PAPER, "item": values(bureau, items[:1])})
    assert shown.status == 303
    page = desk("office2").get("/batches/new?stage=bureau_decision")
    assert "待登记2项" in page.text


def test_a_wrong_record_opens_the_seats_again(bureau: SmallBureau, desk: At, items: list[int]) -> None:
    location = desk("office").post("/batches", {**PAPER, "item": values(bureau, items)}).location
    second = desk("office2")
    seen = second.get(location).form(f"{location}/verification").fields["seen_digest"]
    told = {"verdict": "wrong", "seen_digest": seen}
    refused = second.post(f"{location}/verification", told)
    assert refused.status == 422
    assert "请写明登记有误之处" in refused.text
    assert second.post(f"{location}/verification", {**told, "note": "日期不对"}).status == 303
    assert "待登记3项" in second.get("/batches/new?stage=bureau_decision").text
    assert "登记有误" in second.get("/batches").text
    again = second.post(f"{location}/verification", {"verdict": "right", "seen_digest": seen})
    assert again.status == 409


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"document": " "}, 422, "请填写纪要或来文的文号"),
        ({"document_date": "2108-07-09"}, 422, "不能晚于今天"),
        ({"document_date": ""}, 422, "请填写纪要或来文上的日期"),
        ({"document_date": "7月9日"}, 422, "日期请按"),
        ({"form": "telephone"}, 422, "请选择审定方式"),
        ({"item": []}, 422, "请至少选择一个事项"),
        ({"item": ["1:x"]}, 422, "所选事项有误"),
        ({"item": ["99999:" + "0" * 64]}, 404, "没有找到"),
        ({"document": "秘密★3年"}, 422, "密级标志"),
    ],
)
def test_a_refused_record_keeps_everything_typed(
    bureau: SmallBureau, desk: At, items: list[int], change: dict[str, object], status: int, sentence: str
) -> None:
    given = {**PAPER, "item": values(bureau, items), "note": "一并说明", f"note-{items[0]}": "一项说明", **change}
    shown = desk("office").post("/batches", given)
    assert shown.status == status
    assert sentence in shown.text
    assert "一并说明" in shown.body
    assert "一项说明" in shown.body
    with bureau.database.reading() as session:
        assert session.scalars(select(Batch)).all() == []


def test_a_revision_that_no_longer_stands_is_not_recorded(bureau: SmallBureau, desk: At, items: list[int]) -> None:
    stale = [re.sub(r":.*", ":" + "0" * 64, values(bureau, items)[0]), *values(bureau, items[1:])]
    assert desk("office").post("/batches", {**PAPER, "item": stale}).status == 409
    with bureau.database.reading() as session:
        assert session.scalars(select(BatchItem)).all() == []


def test_all_or_none_is_ticked_without_losing_what_was_typed(bureau: SmallBureau, desk: At, items: list[int]) -> None:
    office = desk("office")
    for pick, count in (("none", 0), ("all", 3)):
        given = {**PAPER, "item": values(bureau, items[:1]), f"note-{items[1]}": "留着", "pick": pick}
        shown = office.post("/batches", given)
        boxes = [tag for name, tag in shown.tags if name == "input" and tag.get("name") == "item"]
        assert sum("checked" in box for box in boxes) == count
        assert "留着" in shown.body


def test_verifying_needs_what_was_seen(bureau: SmallBureau, desk: At, items: list[int]) -> None:
    location = desk("office").post("/batches", {**PAPER, "item": values(bureau, items)}).location
    second = desk("office2")
    assert second.post(f"{location}/verification", {"verdict": "right"}).status == 422
    assert second.post(f"{location}/verification", {"verdict": "right", "seen_digest": "0"}).status == 409
    assert second.post(f"{location}/verification", {"seen_digest": "0"}).status == 422


def test_the_same_request_records_once(bureau: SmallBureau, desk: At, items: list[int]) -> None:
    office = desk("office")
    given = {**PAPER, "item": values(bureau, items), "request_key": "abc"}
    assert office.post("/batches", given).location == office.post("/batches", given).location


def test_one_item_of_several_is_not_verified_alone(bureau: SmallBureau, desk: At, items: list[int]) -> None:
    desk("office").post("/batches", {**PAPER, "item": values(bureau, items)})
    shown = desk("office2").takes_step(items[0], "verify")
    assert shown.status == 422
    assert "请打开该登记整份复核" in shown.text


def test_only_the_office_reaches_recorded_results(desk: At) -> None:
    for username in ("clerk", "legal", "deputy", "sysadmin"):
        assert desk(username).get("/batches").status == 403
    office = desk("office")
    assert office.get("/batches/999").status == 404
    assert office.get("/batches/new?stage=draft").status == 404
    for address in ("/batches", "/batches/new?stage=filing", "/batches/new?stage=city_review&view=large"):
        shown = office.get(address)
        assert (shown.status, shown.h1s) == (200, 1)


def test_pages_take_the_same_number_of_queries_for_one_and_for_many(
    bureau: SmallBureau, desk: At, items: list[int]
) -> None:
    counts, viewer = [], bureau.office2
    for given in (items[:1], items[1:]):
        location = desk("office").post("/batches", {**PAPER, "item": values(bureau, given)}).location
        number = int(location.rpartition("/")[2])
        with QueryCount(bureau) as count, bureau.database.reading() as session:
            batch_page(session, number, viewer=viewer)
            new_batch_page(session, "bureau_decision", viewer=viewer)
        counts.append(len(count))
    assert counts[0] == counts[1] <= 11
