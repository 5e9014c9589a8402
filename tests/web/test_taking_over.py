"""从同类事项带入: what is taken is shown and chosen; a name and another power's articles are never taken unasked."""

import json
from collections.abc import Callable

import pytest

from harness import walk
from harness.bureau import SmallBureau, power_body
from harness.databases import only_sqlite
from harness.desks import Desk, QueryCount
from harness.filled_forms import changed, filled
from webapp.powers.fields import empty_entry
from webapp.revisions.models import Draft

pytestmark = only_sqlite
At = Callable[[str], Desk]


@pytest.fixture
def powers(bureau: SmallBureau) -> tuple[int, int, int]:
    """An empty penalty of 污染控制科, a full one beside it, and one of 环境监察大队."""
    empty = {**empty_entry("penalty", section="污染控制科"), "name": "噪声扰民的处罚"}
    full = power_body("JTHB-CF-001", name="超标排污的处罚")
    other = power_body("JTHB-CF-002", name="别科的处罚", section="环境监察大队")
    return (
        walk.create(bureau, bureau.clerk, "power", empty),
        walk.create(bureau, bureau.clerk, "power", full),
        walk.create(bureau, bureau.clerk2, "power", other),
    )


def body_of(bureau: SmallBureau, record: int) -> dict[str, object]:
    with bureau.database.reading() as session:
        return json.loads(session.get_one(Draft, record).body)


def test_what_is_ticked_is_taken_and_nothing_else(bureau: SmallBureau, desk: At, powers: tuple[int, int, int]) -> None:
    mine, theirs, _ = powers
    clerk = desk("clerk")
    assert f"/powers/{mine}/taking-over" in clerk.get(f"/powers/{mine}/draft").links
    assert f"/powers/{mine}/taking-over?from={theirs}" in clerk.get(f"/powers/{mine}/taking-over").links
    address = f"/powers/{mine}/taking-over"
    with QueryCount(bureau) as queries:
        shown = clerk.get(f"{address}?from={theirs}")
    assert len(queries) <= 16
    pairs = filled(shown.body, address)
    ticked = {value for name, value in pairs if name == "take"}
    assert {"conditions", "rules", "duties", "details-procedure", "contact"} <= ticked
    assert not ticked & {"name", "basis", "details-violation", "details-violated_article", "details-range", "verdict"}
    assert clerk.post(address, changed(pairs)).status == 303
    assert "已带入" in clerk.get(f"/powers/{mine}/draft").text
    body, source = body_of(bureau, mine), body_of(bureau, theirs)
    assert body["name"] == "噪声扰民的处罚"
    assert body["basis"] == []
    assert body["conditions"] == source["conditions"]
    assert body["details"]["procedure"] == source["details"]["procedure"]  # type: ignore[index] # a body
    assert "violation" not in body["details"]  # type: ignore[operator] # as above


def test_a_draft_of_another_section_is_not_there_to_take_from(desk: At, powers: tuple[int, int, int]) -> None:
    mine, _, foreign = powers
    clerk = desk("clerk")
    assert "别科的处罚" not in clerk.get(f"/powers/{mine}/taking-over").text
    assert clerk.get(f"/powers/{mine}/taking-over?from={foreign}").status == 404
    sent = {"from": str(foreign), "seen_version": "1", "take": "conditions"}
    assert clerk.post(f"/powers/{mine}/taking-over", sent).status == 404
    assert clerk.get(f"/powers/{foreign}/taking-over").status == 404


def test_nothing_ticked_or_an_older_draft_is_told(desk: At, powers: tuple[int, int, int]) -> None:
    mine, theirs, _ = powers
    clerk, address = desk("clerk"), f"/powers/{powers[0]}/taking-over"
    refused = clerk.post(address, {"from": str(theirs), "seen_version": "1"})
    assert refused.status == 422
    assert "请至少勾选一栏" in refused.text
    assert clerk.post(address, {"from": str(theirs), "seen_version": "7", "take": "rules"}).status == 409
    assert clerk.post(address, {"from": str(theirs), "seen_version": "1", "take": "rules"}).status == 303
    assert mine
