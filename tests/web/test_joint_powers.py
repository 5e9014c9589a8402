"""Scene 3: a joint power is countersigned, disputed on a step, ruled on and heard of; a signature taken back."""

from collections.abc import Callable

from harness import walk
from harness.bureau import SmallBureau, flow_body, power_body
from harness.databases import only_sqlite
from harness.desks import Desk, open_seat
from webapp.reviews.chain import seats_for
from webapp.reviews.models import Approval

pytestmark = only_sqlite
At = Callable[[str], Desk]


def joint(bureau: SmallBureau, **changes: object) -> int:
    power = walk.create(bureau, bureau.clerk, "power", power_body(joint_sections=["财务科"], **changes))
    walk.submit(bureau, bureau.clerk, power)
    return power


def test_nothing_goes_on_before_the_ruling_and_both_sections_read_it(bureau: SmallBureau, desk: At) -> None:
    body = flow_body()
    for step in body["steps"]:
        step["basis"] = []  # the entry cites other articles
    chart = walk.create(bureau, bureau.clerk, "flow", body, code="LC-CF-02")
    walk.submit(bureau, bureau.clerk, chart)
    power = joint(bureau, flows=["LC-CF-02"], flow_required=True, flow_reason="")
    lead, partner, office = desk("chief"), desk("chief7"), desk("office")
    shown = partner.opens_review(power)
    assert "针对的环节" in shown.text
    assert "LC-CF-02环节" in shown.text
    assert partner.takes_step(power, "dissent", note="").status == 422
    told = {"place": "LC-CF-02环节40 公示名单", "note": "名单应由我科公布"}
    assert partner.takes_step(power, "dissent", **told).stage == "section_review"

    refused = lead.takes_step(power, "approve", attested=["item", "basis", "procedure", "flow", "publication"])
    assert refused.status == 403
    assert "须先由领导小组办公室裁定" in refused.text
    assert "待裁定" in office.get("/worklist").text
    assert office.takes_step(power, "rule", note=" ").status == 422
    ruled = office.takes_step(power, "rule", note="由牵头科室公布，财务科提供名单")
    assert ruled.stage == "section_review"
    for person in (lead, partner):
        page = person.get(f"/powers/{power}").text
        assert "LC-CF-02环节40 公示名单：名单应由我科公布" in page
        assert "由牵头科室公布，财务科提供名单" in page
    assert lead.takes_step(power, "approve").stage == "office_review"


def test_a_signature_taken_back_reopens_this_item_only(bureau: SmallBureau, desk: At) -> None:
    power, other = joint(bureau), joint(bureau, name="另一共办事项")
    lead, partner = desk("chief"), desk("chief7")
    for one in (power, other):
        assert partner.takes_step(one, "approve", seat=open_seat(bureau, one, "countersign")).stage == "section_review"
    assert "unsign" in partner.opens_review(power).buttons
    assert "unsign" not in lead.opens_review(power).buttons
    assert partner.takes_step(power, "unsign", note="").status == 422
    assert partner.takes_step(power, "unsign", note="名单口径有变").stage == "section_review"
    assert lead.takes_step(power, "approve").stage == "section_review"  # the other signature is wanted again
    assert lead.takes_step(other, "approve").stage == "office_review"
    assert partner.takes_step(power, "approve").stage == "office_review"

    assert partner.takes_step(power, "unsign", note="又有变化").stage == "section_review"
    assert walk.stage_of(bureau, other) == "office_review"
    assert "又有变化" in lead.get(f"/powers/{power}").text
    for person in (lead, partner):
        person.takes_step(power, "approve")
    for by in (bureau.office, bureau.legal, bureau.publisher):
        walk.approve(bureau, by, power)
    assert partner.takes_step(power, "unsign", note="太晚").status == 409
    for _ in range(3):
        walk.record_and_verify(bureau, [power])
    with bureau.database.reading() as session:
        lines = session.query(Approval).filter_by(record_id=power).one().lines
    assert lines.count("chief7岗") == 1


def test_a_penalty_needs_no_countersignature_of_the_legal_section(bureau: SmallBureau) -> None:
    power = walk.create(bureau, bureau.clerk, "power", power_body("JTHB-CF-001", joint_sections=[]))
    walk.submit(bureau, bureau.clerk, power)
    assert open_seat(bureau, power, "countersign") == 0
    assert walk.approve(bureau, bureau.chief, power) == "office_review"
    assert seats_for("power", "section_review", section=1, joint=()) == [("chief", 1)]


def test_a_power_with_an_internal_chart_can_be_disputed(bureau: SmallBureau, desk: At) -> None:
    body = flow_body("LC-CW-003N")
    assert body["audience"] == "internal"
    chart = walk.create(bureau, bureau.clerk, "flow", body, code="LC-CW-003N")
    walk.submit(bureau, bureau.clerk, chart)
    power = walk.create(bureau, bureau.clerk, "power", power_body(joint_sections=["财务科"], flows=["LC-CW-003N"]))
    walk.submit(bureau, bureau.clerk, power)
    shown = desk("chief7").get(f"/powers/{power}")
    assert shown.status == 200
    assert "提出不同意见" in shown.text
