"""The organisation on screen: kept by the system administrator, read by everyone, with its history."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from harness.bureau import SmallBureau, add_person
from harness.databases import only_sqlite
from harness.desks import Desk, QueryCount
from webapp import clock
from webapp.accounts.models import Appointment, Person, Section
from webapp.pages.organisation import organisation_page
from webapp.pages.organisation_section import section_page

pytestmark = only_sqlite
At = Callable[[str], Desk]
PAPER = {"document": "坛编〔2008〕3号"}


def address(bureau: SmallBureau, name: str = "污染控制科") -> str:
    return f"/organisation/sections/{bureau.sections[name]}"


def test_a_new_name_is_shown_with_its_history_and_the_old_one_on_days_before(bureau: SmallBureau, desk: At) -> None:
    person, here = desk("sysadmin"), address(bureau)
    form = {"name": "污染防治科", "seen_name": "污染控制科", **PAPER}
    assert person.post(f"{here}/names", form).status == 303
    assert "由污染控制科更名为污染防治科" in desk("clerk").get(here).text
    today = clock.today()
    assert "污染防治科" in person.get(f"/organisation?day={today}").text
    before = person.get(f"/organisation?day={today - timedelta(days=1)}").text
    assert "污染控制科" in before
    assert "污染防治科" not in before
    stale = person.post(f"{here}/names", {**form, "name": "防治科"})
    assert (stale.status, "污染防治科" in stale.text) == (409, True)
    assert stale.form(f"{here}/names").fields["name"] == "防治科"


def test_a_merged_section_is_shown_under_its_successor(bureau: SmallBureau, desk: At) -> None:
    person = desk("sysadmin")
    form = {"into": str(bureau.sections["环境监察大队"]), "seen_name": "污染控制科", **PAPER}
    assert person.post(f"{address(bureau)}/mergers", form).status == 303
    shown = desk("office").get(address(bureau)).text
    assert "已转入环境监察大队" in shown
    assert "污染控制科并入本科室" in desk("office").get(address(bureau, "环境监察大队")).text
    assert ">污染控制科<" not in person.get("/organisation").body


@pytest.mark.parametrize("who", ["secadmin", "auditor"])
def test_the_other_administrators_see_that_this_is_not_theirs(bureau: SmallBureau, desk: At, who: str) -> None:
    if who == "secadmin":
        with bureau.database.writing() as session:
            add_person(session, bureau, "secadmin", "办公室", (("secadmin", False),))
    person = desk(who)
    assert "由系统管理员登记" in person.get("/organisation").text
    assert "更名" not in person.get(address(bureau)).text
    for path in ("/organisation/sections", f"{address(bureau)}/mergers", "/organisation/group"):
        assert person.post(path, {**PAPER, "name": "甲"}).status == 403


def test_a_person_is_taken_in_with_number_and_post(bureau: SmallBureau, desk: At) -> None:
    person = desk("sysadmin")
    with bureau.database.reading() as session:
        post = session.scalars(select(Appointment.post_id).where(Appointment.person_id == bureau.clerk.person)).one()
    form = {"name": "周拟文", "username": "zhou", "number": "A017", "post": str(post)}
    assert person.post("/accounts", form).status == 200
    with bureau.database.reading() as session:
        taken = session.scalars(select(Person).where(Person.number == "A017")).one()
        assert session.scalars(select(Appointment.post_id).where(Appointment.person_id == taken.id)).one() == post
    again = person.post("/accounts", {**form, "username": "zhou2"})
    assert (again.status, "已有人员使用这个工号" in again.text) == (422, True)
    assert person.post("/accounts", {**form, "username": "zhou3", "number": "甲"}).status == 422


def test_nothing_typed_is_lost_where_a_form_is_refused(bureau: SmallBureau, desk: At) -> None:
    person, here = desk("sysadmin"), address(bureau)
    shown = person.post(f"{here}/splits", {"name": "新科", "seen_name": "污染控制科", "kind": "section", **PAPER})
    assert (shown.status, "请至少选择一个岗位或一类职权" in shown.text) == (422, True)
    assert shown.form(f"{here}/splits").fields["document"] == PAPER["document"]
    shown = person.post("/organisation/sections", {"name": "新科", "kind": "section"})
    assert (shown.status, shown.form("/organisation/sections").fields["name"]) == (422, "新科")


def test_the_pages_ask_a_bounded_number_of_queries(bureau: SmallBureau) -> None:
    viewer, day = bureau.sysadmin, clock.today()
    with bureau.database.reading() as session, QueryCount(bureau) as count:
        organisation_page(session, day, viewer=viewer)
    assert len(count) <= 6
    with bureau.database.reading() as session, QueryCount(bureau) as count:
        assert section_page(session, bureau.sections["污染控制科"], day, viewer=viewer).may_manage
    assert len(count) <= 8
    with bureau.database.reading() as session:
        assert all(section.closed_on is None for section in session.scalars(select(Section)))
