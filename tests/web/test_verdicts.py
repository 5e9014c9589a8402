"""不到位 comes from outside the section with a date; 越位 ends the same day and stands in no catalogue or edition."""

import json
import re
from collections.abc import Callable

from sqlalchemy import select

from harness import walk
from harness.bureau import SmallBureau, power_body
from harness.databases import only_sqlite
from harness.desks import Desk
from webapp import clock
from webapp.publication.gathering import identity_of, read_stock
from webapp.reviews.models import Review, Seat
from webapp.revisions.models import Draft, Listing, Record

pytestmark = only_sqlite
At = Callable[[str], Desk]
TODAY = clock.today().isoformat
STOP = {"reason": "限期治理决定权属人民政府", "aftermath": "已下达的三件移送政府，告知当事人"}
RESUME = {"document": "坛环组〔2008〕9号", "reason": "政府委托本局决定"}


def stopped(person: Desk, power: int, **more: str) -> int:
    with person.bureau.database.reading() as session:
        version = session.get_one(Draft, power).version
    return person.post(f"/powers/{power}/stops", {**STOP, "day": TODAY(), "seen_version": str(version), **more}).status


def approved(bureau: SmallBureau) -> int:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.submit(bureau, bureau.clerk, record)
    for by in (bureau.chief, bureau.office, bureau.legal, bureau.publisher):
        walk.approve(bureau, by, record)
    for _ in range(3):
        walk.record_and_verify(bureau, [record])
    return record


def test_a_gap_raised_by_the_office_stands_in_the_sections_work(bureau: SmallBureau, desk: At) -> None:
    office, clerk = desk("office"), desk("clerk2")
    gap = {
        "name": "污染源自动监控设施登记和验收",
        "category": "other_enforcement",
        "section": "环境监察大队",
        "source": "comparison",
        "reason": "水污染防治法(2008年修订)第23条，2008年6月1日施行",
        "due": TODAY(),
    }
    assert office.post("/verdicts", {**gap, "due": "2001-01-01"}).status == 422
    assert office.post("/verdicts", {**gap, "due": ""}).status == 422
    assert clerk.post("/verdicts", gap).status == 403
    assert office.post("/verdicts", gap).status == 303
    with bureau.database.reading() as session:
        power = session.scalars(select(Record.id)).one()
        body = json.loads(session.get_one(Draft, power).body)
    assert body["verdict"] == "missing"
    assert body["follow_up"].startswith("限")
    for person in (clerk, desk("chief2")):
        assert "职责不到位，待补齐" in person.get("/worklist").text
        assert f"/powers/{power}/draft" in person.get(f"/powers/{power}").links
        assert gap["name"] in person.get("/verdicts").text
    assert gap["name"] not in desk("clerk").get("/verdicts").text
    assert gap["name"] in office.get("/verdicts").text


def test_a_draft_is_stopped_by_its_chief_the_same_day_and_reported_upward(bureau: SmallBureau, desk: At) -> None:
    power = walk.create(bureau, bureau.clerk, "power", power_body(name="自行作出限期治理决定"))
    assert stopped(desk("clerk"), power) == 403
    assert stopped(desk("chief2"), power) == 404
    chief = desk("chief")
    assert stopped(chief, power, seen_version="9") == 409
    assert stopped(chief, power, aftermath=" ") == 422
    assert stopped(chief, power, day="2999-01-01") == 422
    assert stopped(chief, power) == 303
    for username in ("office", "deputy"):
        person = desk(username)
        assert "新停止行使的越位职权" in person.get("/worklist").text
        shown = person.get(f"/powers/{power}")
        assert "已停止行使" in shown.text
        assert STOP["aftermath"] in shown.text
        assert STOP["reason"] in person.get("/verdicts").text
    clerk = desk("clerk")
    assert clerk.get(f"/powers/{power}").status == 200
    assert clerk.get(f"/powers/{power}/draft").status == 403
    assert clerk.takes_step(power, "submit").status == 409
    assert f"/powers/{power}" in clerk.get("/powers?stage=stopped").links
    assert STOP["reason"] not in desk("chief7").get("/verdicts").text


def test_what_is_stopped_leaves_review_catalogue_and_edition_until_it_is_approved_anew(
    bureau: SmallBureau, desk: At
) -> None:
    power = approved(bureau)
    other = walk.create(bureau, bureau.clerk, "power", power_body("JTHB-XK-002"))
    walk.submit(bureau, bureau.clerk, other)
    chief, clerk = desk("chief"), desk("clerk")
    with bureau.database.reading() as session:
        assert len(read_stock(session).powers) == 1
        name = session.get_one(Listing, (power, "approved")).name
    assert name in clerk.get("/catalogue").text
    assert stopped(chief, power) == 303
    assert stopped(chief, other) == 303
    assert name not in clerk.get("/catalogue").text
    with bureau.database.reading() as session:
        stock = read_stock(session)
        assert stock.powers == ()
        identity = identity_of(stock)
        assert (identity.total, identity.stopped, identity.holds) == (2, 2, True)
        assert session.scalar(select(Review.is_open).where(Review.record_id == other)) is False
        assert set(session.scalars(select(Seat.state).join(Review).where(Review.record_id == other))) == {"void"}

    office = desk("office")
    sent = {**RESUME, "decided_on": TODAY()}
    assert chief.post(f"/powers/{power}/resumptions", sent).status == 403
    assert office.post(f"/powers/{power}/resumptions", {**sent, "document": ""}).status == 422
    assert office.post(f"/powers/{power}/resumptions", sent).status == 303
    assert office.post(f"/powers/{power}/resumptions", sent).status in {404, 409}
    with bureau.database.reading() as session:
        assert session.get_one(Record, power).stage == "draft"
        assert read_stock(session).powers == ()  # the approval from before the stop counts no more
    address = f"/powers/{power}/draft"
    version = re.search(r'name="seen_version" value="(\d+)"', clerk.get(address).body)
    assert version
    assert clerk.post(address, {"seen_version": version[1], "verdict": "in_place", "follow_up": ""}).status == 303
    assert clerk.takes_step(power, "submit").stage == "section_review"


def test_a_recorded_result_with_an_item_stopped_meanwhile_can_still_be_verified(bureau: SmallBureau, desk: At) -> None:
    powers = [walk.create(bureau, bureau.clerk, "power", power_body(code)) for code in ("JTHB-XK-001", "JTHB-XK-002")]
    for power in powers:
        walk.submit(bureau, bureau.clerk, power)
        for by in (bureau.chief, bureau.office, bureau.legal, bureau.publisher):
            walk.approve(bureau, by, power)
    paper = {"stage": "bureau_decision", "form": "meeting", "document": "纪要1号", "document_date": TODAY()}
    items = [f"{power}:{walk.digest_of(bureau, power)}" for power in powers]
    location = desk("office").post("/batches", {**paper, "item": items}).location
    assert stopped(desk("chief"), powers[0]) == 303
    second = desk("office2")
    form = second.get(location).form(f"{location}/verification")
    assert second.presses(form, verdict="right").status == 303
    assert [walk.stage_of(bureau, power) for power in powers] == ["stopped", "city_review"]
