"""What a leaver has in hand goes to another of his section or role in one act; what he did stays his."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from harness import walk
from harness.bureau import SmallBureau, add_person, power_body
from harness.databases import only_sqlite
from harness.desks import Desk, QueryCount, open_seat
from webapp.journal.models import JournalEntry
from webapp.organisation.models import Handover
from webapp.organisation.reading import owed_by
from webapp.pages.handover import handover_page, handovers_page
from webapp.reviews.chain import Action
from webapp.reviews.intake import import_records
from webapp.reviews.models import Seat
from webapp.revisions.models import Autosave, Draft, Listing, Record

At = Callable[[str], Desk]


def address(bureau: SmallBureau, who: str) -> str:
    return f"/handovers/people/{getattr(bureau, who).person}"


def signs(person: Desk, bureau: SmallBureau, leaver: str, taker: str, **fields: str) -> int:
    path = address(bureau, leaver)
    form = person.get(path).form(path).fields
    return person.post(path, {**form, "to": str(getattr(bureau, taker).person), **fields}).status


@pytest.fixture
def second(bureau: SmallBureau) -> SmallBureau:
    """The bureau with a second clerk in the first one's section."""
    with bureau.database.writing() as session:
        add_person(session, bureau, "clerk3", "污染控制科", (("clerk", True),))
    return bureau


def test_drafts_typed_text_and_files_go_to_a_colleague_in_one_act(second: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    power = walk.create(second, second.clerk, "power", power_body())
    clerk.post(f"/powers/{power}/draft/autosave", {"panel": "duties", "seen_version": "1", "rules": "没有保存的"})
    shown = clerk.get(address(second, "clerk"))
    assert power_body()["name"] in shown.text
    assert signs(clerk, second, "clerk", "clerk3", note="调往监测站") == 303
    with second.database.reading() as session:
        assert owed_by(session, second.clerk.person) == ()
        assert session.scalars(select(Autosave.account_id)).all() == [second.clerk3.account]
        assert session.get_one(Draft, power).edited_by == second.clerk.person  # who wrote it stays who wrote it
        entries = session.scalars(select(JournalEntry).where(JournalEntry.action == "hand_over")).all()
        assert [json.loads(entry.facts)["to"] for entry in entries] == [second.clerk3.person]
    taker = desk("clerk3")
    assert "没有保存的" in taker.get(f"/powers/{power}/draft?restore=1").body
    assert "调往监测站" in taker.get("/handovers").text
    assert desk("sysadmin").post(f"/accounts/people/{second.clerk.person}/closures").status == 303
    assert clerk.get("/handovers").location.startswith("/sign-in")


def test_what_was_brought_in_for_another_section_is_seen_by_the_successor(bureau: SmallBureau, desk: At) -> None:
    line = {"record": "power", "code": "T-1", **power_body()}
    with bureau.database.writing() as session:
        import_records(session, bureau.office, [(1, line)])
    with bureau.database.reading() as session:
        power = session.scalars(select(Record.id)).one()
    assert desk("office2").get(f"/powers/{power}").status == 404
    assert signs(desk("office"), bureau, "office", "office2") == 303
    assert desk("office2").get(f"/powers/{power}").status == 200
    assert desk("office").get(f"/powers/{power}").status == 404
    with bureau.database.reading() as session:
        assert session.get_one(Listing, (power, "draft")).entered_by == bureau.office2.person


def test_a_seat_named_for_somebody_goes_to_who_may_sit_there(bureau: SmallBureau, desk: At) -> None:
    power = walk.create(bureau, bureau.clerk10, "power", power_body(section="宣教法制科"))
    walk.submit(bureau, bureau.clerk10, power)
    walk.approve(bureau, bureau.chief10, power)
    seat = open_seat(bureau, power, "office")
    walk.act(bureau, bureau.deputy, power, Action.REASSIGN, seat=seat, reviewer=bureau.publisher.person)
    with bureau.database.writing() as session:
        add_person(session, bureau, "second", "办公室", (("publisher", False), ("secrecy", False)))
    assert signs(desk("deputy"), bureau, "publisher", "office") == 422  # of the host section itself
    assert signs(desk("publisher"), bureau, "publisher", "second") == 303
    with bureau.database.reading() as session:
        assert session.get_one(Seat, seat).assigned_to == bureau.second.person


def test_the_list_that_is_signed_is_the_one_that_was_on_screen(second: SmallBureau, desk: At) -> None:
    walk.create(second, second.clerk, "power", power_body())
    clerk, path = desk("clerk"), address(second, "clerk")
    form = clerk.get(path).form(path).fields
    walk.create(second, second.clerk, "power", power_body("JTHB-XK-002"))
    shown = clerk.post(path, {**form, "to": str(second.clerk3.person), "note": "我写的"})
    assert (shown.status, shown.form(path).fields["note"]) == (409, "我写的")
    assert "共2项" in shown.text
    with second.database.reading() as session:
        assert session.scalars(select(Handover)).all() == []


@only_sqlite
def test_who_may_not_have_it_does_not_get_it(second: SmallBureau, desk: At) -> None:
    walk.create(second, second.clerk, "power", power_body())
    clerk = desk("clerk")
    for taker in ("clerk2", "office", "clerk"):
        assert signs(clerk, second, "clerk", taker) == 422
    assert signs(clerk, second, "clerk", "clerk3", seen_digest="") == 422
    assert signs(desk("chief"), second, "clerk", "clerk3") == 303


@only_sqlite
@pytest.mark.parametrize(("who", "status"), [("clerk3", 404), ("clerk2", 404), ("chief2", 404), ("sysadmin", 403)])
def test_nobody_else_signs_for_a_leaver(second: SmallBureau, desk: At, who: str, status: int) -> None:
    walk.create(second, second.clerk, "power", power_body())
    person, path = desk(who), address(second, "clerk")
    assert person.get(path).status == status
    sent = {"to": str(second.clerk3.person), "seen_digest": "x"}
    assert person.post(path, sent).status == 403


@only_sqlite
def test_the_pages_ask_a_bounded_number_of_queries(second: SmallBureau) -> None:
    for code in ("JTHB-XK-001", "JTHB-XK-002"):
        walk.create(second, second.clerk, "power", power_body(code))
    clerk, deputy = second.clerk, second.deputy
    with second.database.reading() as session, QueryCount(second) as count:
        assert handover_page(session, clerk.person, viewer=clerk).total == 2
    assert len(count) <= 21, count.statements
    with second.database.reading() as session, QueryCount(second) as count:
        assert len(handovers_page(session, viewer=deputy).people) >= 14
    assert len(count) <= 14
