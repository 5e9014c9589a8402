"""An internal chart that refines an external one: chosen in the editor, checked, and never public."""

import json
from collections.abc import Callable

from harness import walk
from harness.bureau import SmallBureau, flow_body
from harness.databases import only_sqlite
from harness.desks import Desk
from harness.filled_forms import changed, filled
from webapp.revisions.models import Draft

pytestmark = only_sqlite
At = Callable[[str], Desk]


def test_an_internal_chart_names_the_external_steps_it_refines(bureau: SmallBureau, desk: At) -> None:
    outer = flow_body("LC-CF-02")
    walk.create(bureau, bureau.clerk, "flow", outer, code="LC-CF-02")
    inner = flow_body("LC-CF-007N")
    record = walk.create(bureau, bureau.clerk, "flow", inner, code="LC-CF-007N")
    clerk, address = desk("clerk"), f"/flows/{record}/draft"
    form = changed(filled(clerk.get(address).body, address), refines="LC-CF-02")
    assert clerk.post(address, form).status == 303
    page = clerk.get(address)
    assert "细化的外部环节" in page.text
    assert "没有内部环节细化" in page.text
    acting = [step for step in outer["steps"] if step["kind"] in {"step", "decision"}]
    form = changed(filled(page.body, address), **{"steps-1-refines": acting[0]["id"], "steps-3-refines": "99"})
    assert clerk.post(address, form).status == 303
    shown = clerk.get(f"/flows/{record}")
    assert "外部流程图编号99的环节，外部流程图中没有它" in shown.text
    with bureau.database.reading() as session:
        body = json.loads(session.get_one(Draft, record).body)
    assert (body["refines"], body["steps"][1]["refines"]) == ("LC-CF-02", acting[0]["id"])
    assert "refines" not in body["steps"][0]
    refused = clerk.post(f"/flows/{record}/review-steps", {"action": "submit", "seen_version": "3"})
    assert (refused.status, "外部流程图中没有它" in refused.text) == (403, True)

    # Made an external chart, it refines nothing any more.
    form = changed(filled(clerk.get(address).body, address), audience="external")
    assert clerk.post(address, form).status == 303
    with bureau.database.reading() as session:
        assert "refines" not in session.get_one(Draft, record).body
