"""Scene 6: two sections claim one power; the office sees both side by side and rules; a double enters no batch."""

from collections.abc import Callable

import pytest

from harness import walk
from harness.bureau import SmallBureau, power_body
from harness.databases import only_sqlite
from harness.desks import Desk, QueryCount
from webapp import clock
from webapp.publication.gathering import read_stock

pytestmark = only_sqlite
At = Callable[[str], Desk]


@pytest.fixture
def pair(bureau: SmallBureau) -> tuple[int, int]:
    """One power as two sections submitted it, before the leading group's decision."""
    mine = walk.create(bureau, bureau.clerk, "power", power_body(name="夜间建筑施工噪声许可"))
    theirs = power_body(name="夜间建筑施工的噪声许可", section="环境监察大队")
    theirs_id = walk.create(bureau, bureau.clerk2, "power", theirs)
    for record, clerk, chief in ((mine, bureau.clerk, bureau.chief), (theirs_id, bureau.clerk2, bureau.chief2)):
        walk.submit(bureau, clerk, record)
        for by in (chief, bureau.office, bureau.legal, bureau.publisher):
            walk.approve(bureau, by, record)
    return mine, theirs_id


def batch(office: Desk, bureau: SmallBureau, *records: int) -> int:
    paper = {
        "stage": "bureau_decision",
        "form": "meeting",
        "document": "纪要1号",
        "document_date": clock.today().isoformat(),
    }
    items = [f"{record}:{walk.digest_of(bureau, record)}" for record in records]
    return office.post("/batches", {**paper, "item": items}).status


def test_a_double_is_shown_side_by_side_settled_and_only_then_decided(
    bureau: SmallBureau, desk: At, pair: tuple[int, int]
) -> None:
    mine, theirs = pair
    office = desk("office")
    with QueryCount(bureau) as queries:
        shown = office.get("/claims")
    assert len(queries) <= 14
    assert {f"/powers/{mine}", f"/powers/{theirs}"} <= set(shown.links)
    assert "裁定后才能列入" in office.get("/batches/new?stage=bureau_decision").text
    assert batch(office, bureau, mine) == 422
    assert batch(office, bureau, theirs) == 422

    ruling = {"one": str(mine), "other": str(theirs), "outcome": "one", "reason": "三定规定由污染控制科审批"}
    assert desk("clerk").post("/claims", ruling).status == 403
    assert office.post("/claims", {**ruling, "reason": ""}).status == 422
    refused = office.post("/claims", {**ruling, "outcome": ""})
    assert refused.status == 422
    assert "三定规定由污染控制科审批" in refused.text
    assert office.post("/claims", ruling).status == 303
    assert office.post("/claims", ruling).status == 409
    assert walk.stage_of(bureau, theirs) == "merged"
    for username, power in (("clerk", mine), ("clerk2", theirs)):
        assert "三定规定由污染控制科审批" in desk(username).get(f"/powers/{power}").text
    assert "没有重复申报的职权" in office.get("/claims").text
    assert batch(office, bureau, mine) == 303
    assert desk("clerk2").get(f"/powers/{theirs}/draft").status == 403
    with bureau.database.reading() as session:
        assert read_stock(session).powers == ()


def test_two_that_only_look_alike_may_both_be_decided(bureau: SmallBureau, desk: At, pair: tuple[int, int]) -> None:
    office = desk("office")
    sent = {"one": str(pair[0]), "other": str(pair[1]), "outcome": "distinct", "reason": "一为许可，一为备案"}
    assert office.post("/claims", sent).status == 303
    assert batch(office, bureau, *pair) == 303
