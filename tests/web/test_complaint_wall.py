"""The wall of complaints over every address, for every account of the section complained of (I13, I14)."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from harness.bureau import SmallBureau, add_person
from harness.complaints import Complaints
from harness.databases import only_sqlite
from harness.desks import Desk, QueryCount
from webapp.complaints.stages import Event
from webapp.config import Settings
from webapp.pages.complaint import complaint_page
from webapp.pages.complaints import Filters, complaints_page

pytestmark = only_sqlite
At = Callable[[str], Desk]
TARGET = "环境监察大队"
PLANTED = ("鲲鹏甲事由", "鲲鹏乙内容", "鲲鹏丙说明", "鲲鹏丁答复", "鲲鹏戊文号")
SEARCHED = "鲲鹏甲"  # of the first; what is only echoed is no leak
WHO = ("钱三拟", "82661234")
# Everybody of the section: its clerk and chief, and others whose role alone would let them see.
WALLED = ("clerk2", "chief2", "office3", "deputy3", "inspector3", "auditor3")


@pytest.fixture
def complaints(bureau: SmallBureau, settings: Settings) -> Complaints:
    with bureau.database.writing() as session:
        for name in WALLED[2:]:
            role = name.rstrip("3")
            add_person(session, bureau, name, TARGET, ((role, False),))
    return Complaints(bureau, settings.instance)


def plant(complaints: Complaints) -> list[int]:
    """Complaints about the section, in every stage that leaves text behind, and about one of its people."""
    bureau = complaints.bureau
    told = {"subject": PLANTED[0], "content": PLANTED[1]}
    done = complaints.take_in(section=TARGET, **told)
    found = {"reply": PLANTED[3], "conclusion": "unfounded", "fact": "", "basis": "", "severity": ""}
    complaints.to_reply(done, bureau.clerk, **found)
    today = complaints.kept(done).replied_on
    complaints.act(bureau.office, done, Event.REQUEST_REVIEW, day=today, note=PLANTED[2])
    complaints.act(bureau.office2, done, Event.UPHOLD, document=PLANTED[4])
    waiting = complaints.take_in(person=bureau.chief2, **told)
    complaints.to_investigation(waiting, bureau.clerk)
    return [done, waiting]


def addresses(app: Flask, number: int) -> Iterator[str]:
    """Every address that can be read, with a number and each format in its places, as it is and searched."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith("/static"):
            continue
        address = re.sub(r"<int:[^>]+>", str(number), rule.rule)
        for form in ("csv", "xlsx") if "<" in address else ("",):
            yield re.sub(r"<[^>]+>", form, address)
            if "/complaints" in address or address.count("/") == 1:
                yield re.sub(r"<[^>]+>", form, address) + f"?q={SEARCHED}"


#: The journal's head on the bulletin, which every act moves, and what the sheet's foot says of its content and hour.
_HEAD = re.compile(r"志留存：截至印发共\d+条，末条校验值 [0-9a-f]{64}|校验码 [0-9a-f]{12}|打印时间 [^<]*")


def body_of(person: Desk, address: str) -> str:
    """What an address answers, workbooks unpacked, without what is random in every answer."""
    answer = person.client.get(address)
    content = answer.get_data()
    answer.close()
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    text = re.sub(r'value="[0-9a-f]{16,64}"', "", content.decode("utf-8", "replace"))
    return f"{answer.status_code} {_HEAD.sub('', text)}"


@pytest.mark.parametrize("username", WALLED)
def test_no_page_list_count_search_inbox_or_export_differs_by_a_complaint_about_ones_own_section(
    username: str, app: Flask, complaints: Complaints, desk: At
) -> None:
    person = desk(username)
    before = {address: body_of(person, address) for address in addresses(app, 1)}
    numbers = plant(complaints)
    for number in numbers:
        assert person.get(f"/complaints/{number}").status == (403 if username == "auditor3" else 404)
    for address, body in before.items():
        after = body_of(person, address)
        assert not any(word in after for word in (*PLANTED, *WHO)), address
        if username != "auditor3":  # the journal tells him that something was done, never about whom
            assert after == body, address


def test_the_office_finds_what_the_wall_hides_from_others(complaints: Complaints, desk: At) -> None:
    numbers = plant(complaints)
    office = desk("office")
    assert PLANTED[0] in body_of(office, "/complaints")
    assert PLANTED[0] in body_of(office, f"/complaints?q={SEARCHED}")
    assert PLANTED[0] in body_of(office, "/complaints/sheets/csv")
    assert PLANTED[0] in body_of(office, "/complaints/sheets/xlsx")
    assert all(word in body_of(office, f"/complaints/{numbers[0]}") for word in PLANTED)
    assert PLANTED[0] in body_of(desk("clerk"), "/worklist")
    assert not any(word in body_of(office, address) for word in WHO for address in ("/complaints", "/complaints/1"))


@pytest.mark.parametrize("username", ["clerk2", "chief2", "office3", "deputy3"])
def test_no_act_of_the_section_reaches_a_complaint_about_it(username: str, complaints: Complaints, desk: At) -> None:
    numbers, person = plant(complaints), desk(username)
    for number in numbers:
        version = complaints.kept(number).version
        for event in Event:
            shown = person.post(
                f"/complaints/{number}/steps", {"event": event, "seen_version": str(version), "note": "甲"}
            )
            assert shown.status in {404, 422}, event
            assert not any(word in shown.body for word in PLANTED), event
        for noun in ("identity-looks", "identity-erasures"):
            shown = person.post(f"/complaints/{number}/{noun}", {"reason": "看看"})
            assert shown.status == 404
            assert WHO[0] not in shown.body
        assert complaints.kept(number).version == version


def test_taking_in_by_the_section_itself_is_refused_and_keeps_what_was_typed(complaints: Complaints, desk: At) -> None:
    shown = desk("office3").get("/complaints/new")
    offered = re.search(r'<select id="field-section".*?</select>', shown.body, re.DOTALL)
    assert offered is not None
    assert TARGET not in offered[0]
    told = {"kind": "complaint", "channel": "visit", "received_on": "2008-07-01", "subject": "甲", "content": "乙乙乙"}
    told["section"] = str(complaints.bureau.sections[TARGET])
    shown = desk("office3").post("/complaints", told)
    assert shown.status == 422
    assert "不能经手" in shown.text
    assert "乙乙乙" in shown.body


def test_an_identity_is_shown_once_for_a_reason_and_never_again(complaints: Complaints, desk: At) -> None:
    number, office = complaints.take_in(section=TARGET), desk("office")
    shown = office.post(f"/complaints/{number}/identity-looks", {"form": "look", "reason": ""})
    assert (shown.status, WHO[0] in shown.body) == (422, False)
    shown = office.post(f"/complaints/{number}/identity-looks", {"form": "look", "reason": "约见来件人"})
    assert (shown.status, WHO[0] in shown.text, shown.headers["Cache-Control"]) == (200, True, "no-store")
    again = office.get(f"/complaints/{number}")
    assert WHO[0] not in again.body
    assert "约见来件人" in again.text


def test_a_refused_act_keeps_what_was_typed_and_a_stale_one_tells_so(complaints: Complaints, desk: At) -> None:
    number, office = complaints.take_in(), desk("office")
    complaints.act(complaints.bureau.office, number, Event.REGISTER)
    told = {"event": "refuse", "seen_version": "2", "note": "不属于本局职责", "where": ""}
    shown = office.post(f"/complaints/{number}/steps", told)
    assert (shown.status, "不属于本局职责" in shown.body, "field-where" in shown.ids) == (422, True, True)
    complaints.act(complaints.bureau.office2, number, Event.ACCEPT)
    shown = office.post(f"/complaints/{number}/steps", {**told, "where": "市政热线"})
    assert (shown.status, "已被他人办理" in shown.text) == (409, True)


def test_lists_and_pages_ask_a_bounded_number_of_questions(complaints: Complaints) -> None:
    bureau, counts = complaints.bureau, []
    for _ in range(2):
        number, *_ = [complaints.take_in(section=TARGET) for _ in range(5)]
        complaints.act(bureau.office, number, Event.REGISTER)
        complaints.act(bureau.office, number, Event.ACCEPT)
        with bureau.database.reading() as session, QueryCount(bureau) as count:
            complaints_page(session, Filters(), viewer=bureau.office)
            of_list = len(count)
            complaint_page(session, number, viewer=bureau.office)
        counts.append((of_list, len(count) - of_list))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 6
    assert counts[0][1] <= 34
