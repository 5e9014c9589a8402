"""Requests not to publish through the pages: who may know, what may not be written, the way to the register."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from harness import walk
from harness.bureau import SmallBureau, power_body, withholding_body
from harness.desks import Desk, QueryCount
from harness.visitors import Shown
from webapp.journal.models import SecurityEvent
from webapp.pages.finding import Filters
from webapp.pages.withholding import withholding_page
from webapp.pages.withholdings import register_page
from webapp.reviews.intake import adopt_catalogue
from webapp.reviews.models import Approval
from webapp.revisions.models import Draft, Record

At = Callable[[str], Desk]
GIVEN = {
    "section": "污染控制科",
    "title": "专项行动方案",
    "power": "",
    "category": "penalty",
    "kind": "for_now",
    "basis": "政府信息公开条例第14条",
    "reason": "行动结束前不宜公开",
    "until": "行动结束",
}


@pytest.fixture
def request_id(bureau: SmallBureau) -> int:
    """A submitted request of 污染控制科."""
    record = walk.create(bureau, bureau.clerk, "withholding", withholding_body(), code="JTHB-BG-001")
    walk.submit(bureau, bureau.clerk, record)
    return record


def events(bureau: SmallBureau, kind: str) -> list[str]:
    with bureau.database.reading() as session:
        return list(session.scalars(select(SecurityEvent.detail).where(SecurityEvent.kind == kind)))


def drafted(desk: At, **changes: str) -> Shown:
    return desk("clerk").post("/withholdings", {**GIVEN, **changes})


def test_a_section_requests_and_submits(bureau: SmallBureau, desk: At) -> None:
    shown = drafted(desk)
    assert shown.status == 303
    page = desk("clerk").get(shown.location)
    assert "专项行动方案" in page.text
    assert "JTHB-BG-001" in page.text
    assert "职权编码" in page.text
    record = int(shown.location.rpartition("/")[2])
    assert "submit" not in desk("clerk").opens_review(record).buttons  # a power must be named
    with bureau.database.reading() as session:
        assert session.get_one(Record, record).code == "JTHB-BG-001"


def test_numbers_are_the_registers_own_and_never_used_twice(desk: At) -> None:
    assert "JTHB-BG-001" in desk("clerk").get(drafted(desk).location).text
    assert "JTHB-BG-002" in desk("clerk").get(drafted(desk).location).text


@pytest.mark.parametrize("field", ["title", "reason", "basis", "until"])
def test_a_secrecy_marking_is_refused_and_noted_without_its_text(bureau: SmallBureau, desk: At, field: str) -> None:
    shown = drafted(desk, **{field: "某方案(秘密★3年)"})
    assert shown.status == 422
    assert "密级标志" in shown.text
    assert GIVEN["section"] in shown.body
    (detail,) = events(bureau, "marked")
    assert "秘密" not in detail
    with bureau.database.reading() as session:
        assert session.scalars(select(Draft)).all() == []


def test_the_laws_own_name_is_no_marking(desk: At) -> None:
    shown = drafted(desk, basis="保守国家秘密法第9条", reason="国家秘密")
    assert shown.status == 303
    assert "保守国家秘密法第9条" in desk("clerk").get(shown.location).text


def test_only_a_power_of_the_own_section_can_be_named(bureau: SmallBureau, desk: At) -> None:
    foreign = walk.create(bureau, bureau.clerk2, "power", power_body(section="环境监察大队"), code="JTHB-CF-900")
    walk.create(bureau, bureau.clerk, "power", power_body(), code="JTHB-CF-901")
    unknown, other = drafted(desk, power="JTHB-CF-999"), drafted(desk, power="JTHB-CF-900")
    assert unknown.status == other.status == 422
    assert foreign
    assert unknown.text.replace("999", "900") == other.text
    assert drafted(desk, power="JTHB-CF-901").status == 303


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"category": "x"}, "category"),
        ({"kind": "always"}, "kind"),
        ({"section": "财务科"}, ""),
    ],
)
def test_a_refused_request_keeps_what_was_typed(desk: At, change: dict[str, str], field: str) -> None:
    shown = drafted(desk, **change)
    assert shown.status == 422
    assert GIVEN["reason"] in shown.body
    if field:
        assert f"#field-{field}" in shown.links


def test_what_no_form_offers_cannot_be_set(bureau: SmallBureau, desk: At) -> None:
    shown = drafted(desk, number="JTHB-BG-777", record="power", stage="withheld", code="X", id="9")
    assert "JTHB-BG-001" in desk("clerk").get(shown.location).text
    with bureau.database.reading() as session:
        record = session.scalars(select(Record)).one()
        assert (record.kind, record.stage) == ("withholding", "draft")


def test_a_draft_saved_in_between_shows_both_texts_and_can_be_sent_again(bureau: SmallBureau, desk: At) -> None:
    location = drafted(desk).location
    clerk, chief = desk("clerk"), desk("chief")
    form = clerk.get(f"{location}/draft").form(f"{location}/draft")
    assert chief.post(f"{location}/draft", {"seen_version": "1", "reason": "科长的写法"}).status == 303
    told = {"seen_version": form.fields["seen_version"], "reason": "填报人的写法"}
    shown = clerk.post(f"{location}/draft", told)
    assert shown.status == 409
    assert "填报人的写法" in shown.text
    assert "科长的写法" in shown.text
    again = shown.form(f"{location}/draft")
    assert again.fields["seen_version"] == "2"
    assert clerk.post(f"{location}/draft", {**told, "seen_version": "2"}).status == 303
    assert clerk.post(f"{location}/draft", {"reason": "没有版本号"}).status == 422
    assert bureau


def test_part_of_a_power_may_stay_public(desk: At) -> None:
    location = drafted(desk, part="目录名称可以公开").location
    assert "目录名称可以公开" in desk("clerk").get(location).text
    assert "部分" in desk("clerk").get("/withholdings").text
    assert "全部不公开" in desk("clerk").get(drafted(desk, part="").location).text


def test_every_read_of_the_register_is_noted(bureau: SmallBureau, desk: At, request_id: int) -> None:
    office = desk("office")
    assert office.get("/withholdings").status == 200
    assert office.get(f"/withholdings/{request_id}").status == 200
    assert len(events(bureau, "read")) == 2


def test_others_do_not_learn_that_a_request_exists(desk: At, request_id: int) -> None:
    stranger = desk("clerk2")
    assert "污染" not in stranger.get("/withholdings").text
    for address in (f"/withholdings/{request_id}", f"/withholdings/{request_id}/draft"):
        assert stranger.get(address).status == 404
    assert stranger.post(f"/withholdings/{request_id}/draft", {"seen_version": "1"}).status == 404
    assert desk("auditor").get("/withholdings").status == 403


def test_a_request_under_review_cannot_be_changed(desk: At, request_id: int) -> None:
    clerk = desk("clerk")
    assert clerk.get(f"/withholdings/{request_id}/draft").status == 422
    shown = clerk.post(f"/withholdings/{request_id}/draft", {"seen_version": "1", "reason": "改"})
    assert shown.status in {409, 422}


def test_a_request_returned_by_secrecy_review_comes_back_complete_and_is_filed(
    bureau: SmallBureau, desk: At, request_id: int
) -> None:
    walk.approve(bureau, bureau.chief, request_id)
    shown = desk("publisher").takes_step(
        request_id, "return", problem_field="basis", problem_text="未写明条款", fragment=False
    )
    assert shown.status == 303
    clerk = desk("clerk")
    page = clerk.get(f"/withholdings/{request_id}")
    assert "未写明条款" in page.text
    reply = next(form.action for form in page.forms if form.action.startswith("/problems/"))
    assert clerk.post(reply, {"reply": "adopted"}).status == 303
    changed = {"seen_version": "1", "basis": "政府信息公开条例第14条第3款"}
    assert clerk.post(f"/withholdings/{request_id}/draft", changed).status == 303
    assert clerk.takes_step(request_id, "submit").stage == "section_review"
    for username in ("chief", "office", "legal", "publisher"):
        desk(username).takes_step(request_id, "approve")
    office, second = desk("office"), desk("office2")
    for _ in range(4):
        assert office.takes_step(request_id, "record", document="纪要〔2008〕1号").status == 200
        second.takes_step(request_id, "verify")
    assert walk.stage_of(bureau, request_id) == "withheld"
    with bureau.database.reading() as session:
        assert session.scalars(select(Approval)).one().record_id == request_id
    assert "不公开（已备案）" in desk("deputy").get("/withholdings").text


def test_pages_take_a_bounded_number_of_queries(bureau: SmallBureau, request_id: int) -> None:
    counts = []
    for viewer in (bureau.office, bureau.clerk):
        with QueryCount(bureau) as count, bureau.database.reading() as session:
            register_page(session, Filters(), viewer=viewer)
            withholding_page(session, request_id, viewer=viewer)
        counts.append(len(count))
    assert max(counts) <= 32


def test_a_decided_request_is_ended_on_its_page(bureau: SmallBureau, desk: At) -> None:
    lines = [
        {"record": "power", "code": "JTHB-QT-004", **power_body()},
        withholding_body(power="JTHB-QT-004", kind="for_now", until="2008-08-31"),
    ]
    with bureau.database.writing() as session:
        adopt_catalogue(session, bureau.office, enumerate(lines, 1), document="文1", decided_on=date(2008, 7, 1))
    with bureau.database.reading() as session:
        record = session.scalars(select(Record.id).where(Record.kind == "withholding")).one()
    clerk = desk("clerk")
    page = clerk.get(f"/withholdings/{record}")
    assert "期限已到" in page.text
    form = page.form(f"/withholdings/{record}/endings")
    refused = clerk.presses(form, reason="长" * 1001)
    assert refused.status == 422
    assert "长" * 1001 in refused.body
    assert clerk.presses(form, reason="行动结束", seen_until="2009-01-01").status == 409
    assert desk("clerk2").presses(form, reason="行动结束").status == 404
    assert clerk.presses(form, reason="行动已结束").status == 303
    assert "解除不公开：行动已结束" in clerk.get(f"/withholdings/{record}").text
    assert "不公开（已解除）" in clerk.get("/withholdings").text
    assert clerk.presses(form, reason="行动已结束").status == 409
