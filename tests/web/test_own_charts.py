"""A power takes its own copy of a chart it shares; both charts say so."""

import json
from collections.abc import Callable

from harness import walk
from harness.bureau import SmallBureau, flow_body, power_body
from harness.databases import only_sqlite
from harness.desks import Desk
from webapp.revisions.models import Draft

At = Callable[[str], Desk]
NUMBER = "LC-CF-02"


def shared(bureau: SmallBureau) -> tuple[int, int, int]:
    """A chart and two powers that use it."""
    chart = walk.create(bureau, bureau.clerk, "flow", flow_body(NUMBER), code=NUMBER)
    body = power_body(flows=[NUMBER], flow_required=True, flow_reason="")
    first = walk.create(bureau, bureau.clerk, "power", {**body, "name": "甲项许可"}, code="JTHB-XK-031")
    second = walk.create(bureau, bureau.clerk, "power", {**body, "name": "乙项许可"}, code="JTHB-XK-032")
    return chart, first, second


def flows_of(bureau: SmallBureau, power: int) -> list[str]:
    with bureau.database.reading() as session:
        numbers: list[str] = json.loads(session.get_one(Draft, power).body)["flows"]
        return numbers


def test_a_power_takes_its_own_copy_and_both_charts_say_so(bureau: SmallBureau, desk: At) -> None:
    chart, first, second = shared(bureau)
    clerk = desk("clerk")
    assert "抄为本职权专用图" in clerk.get(f"/powers/{first}").text
    done = clerk.post(f"/powers/{first}/own-charts", {"flow": str(chart), "seen_version": "1"})
    assert done.status == 303
    copy = done.location.removesuffix("/draft")
    assert flows_of(bureau, first) == ["LC-XK-031"]
    assert flows_of(bureau, second) == [NUMBER]

    assert f"本职权专用，抄自{NUMBER}" in clerk.get(f"/powers/{first}").text
    page = clerk.get(copy)
    assert f"本图抄自 {NUMBER}" in page.text
    assert "专用于 JTHB-XK-031 甲项许可" in page.text
    assert f"/flows/{chart}" in page.links
    origin = clerk.get(f"/flows/{chart}")
    assert "由本图抄成的图" in origin.text
    assert copy in origin.links

    # The origin goes its own way; the copy says that it should be looked at.
    assert "原图有改动" not in page.text
    steps = {f"steps-{at}-id": step["id"] for at, step in enumerate(flow_body(NUMBER)["steps"])}
    changed = {**steps, "steps-1-name": "改了名", "seen_version": "1"}
    assert clerk.post(f"/flows/{chart}/draft", changed).status == 303
    assert "原图有改动" in clerk.get(copy).text
    assert "改了名" not in clerk.get(copy).text


@only_sqlite
def test_what_was_not_seen_or_is_not_ones_own_is_not_copied(bureau: SmallBureau, desk: At) -> None:
    chart, first, second = shared(bureau)
    clerk = desk("clerk")
    sent = {"flow": str(chart), "seen_version": "1"}
    assert desk("clerk2").post(f"/powers/{first}/own-charts", sent).status == 404
    assert clerk.post(f"/powers/{first}/own-charts", {**sent, "flow": "x"}).status == 422
    assert clerk.post(f"/powers/{first}/own-charts", {**sent, "seen_version": "7"}).status == 409
    assert clerk.post(f"/powers/{first}/own-charts", {**sent, "seen_version": ""}).status == 422
    assert flows_of(bureau, first) == [NUMBER]
    assert clerk.post(f"/powers/{second}/own-charts", sent).status == 303
    again = clerk.post(f"/powers/{second}/own-charts", {**sent, "seen_version": "2"})
    assert (again.status, "没有使用流程图" in again.text) == (422, True)


@only_sqlite
def test_a_copy_made_by_hand_says_where_it_came_from(bureau: SmallBureau, desk: At) -> None:
    chart, _, _ = shared(bureau)
    clerk = desk("clerk")
    sent = {"name": "抄来的", "section": "污染控制科", "number": "LC-CF-77", "start": "copy", "model": str(chart)}
    copy = clerk.post("/flows", sent).location.removesuffix("/draft")
    assert f"本图抄自 {NUMBER}" in clerk.get(copy).text
    # Another section learns of neither.
    assert "LC-CF-77" not in desk("clerk2").get("/flows").text
