"""The three administrators' pages: each does his part, and is refused the others'. Cases AUTHZ-07, -08, -14."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from harness.visitors import PASSWORD, Maker, Visitor
from webapp import clock
from webapp.accounts.models import Account, Post, RoleTerm
from webapp.db import Database
from webapp.policy import Actor, Role

SignIns = Callable[[Actor | str], Visitor]


@pytest.fixture
def sysadmin(make: Maker, sign_in: SignIns) -> Visitor:
    return sign_in(make.account(Role.SYSADMIN, username="sysadmin"))


@pytest.fixture
def secadmin(make: Maker, sign_in: SignIns) -> Visitor:
    return sign_in(make.account(Role.SECADMIN, username="secadmin"))


def test_a_person_is_taken_in_and_signs_in_with_the_password_shown_once(
    sysadmin: Visitor, new_visitor: Callable[[], Visitor]
) -> None:
    shown = sysadmin.post("/accounts", {"name": "周拟文", "username": "Ｚhou"})
    password = shown.body.partition("<code>")[2].partition("</code>")[0]
    assert shown.status == 200
    assert "只显示这一次" in shown.text
    newcomer = new_visitor()
    assert newcomer.signs_in("zhou", password).location == "/password"
    changed = newcomer.post(
        "/password", {"old_password": password, "new_password": "Another-2008", "new_password_again": "Another-2008"}
    )
    assert changed.status == 303
    assert newcomer.get("/organisation").status == 403  # rights come from another


@pytest.mark.parametrize("second", ["Ｚhou", "zhou ", "ZHOU"])
def test_a_second_account_under_another_writing_of_the_name_is_refused(
    second: str, sysadmin: Visitor, database: Database
) -> None:
    assert sysadmin.post("/accounts", {"name": "周拟文", "username": "zhou"}).status == 200
    shown = sysadmin.post("/accounts", {"name": "周拟武", "username": second})
    assert (shown.status, "已有这个登录名" in shown.text) == (422, True)
    assert shown.form("/accounts").fields["name"] == "周拟武"  # what was typed is still there
    with database.reading() as session:
        assert len(session.scalars(select(Account).where(Account.username == "zhou")).all()) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "", "username": "a"}, "请填写姓名"),
        ({"name": "周拟文", "username": ""}, "请填写登录名"),
        ({"name": "周" * 41, "username": "a"}, "最多40个字"),
        ({"name": "周\x01", "username": "a"}, "无法显示"),
        ({"name": "周拟文", "username": "a b"}, "空格"),
    ],
)
def test_a_person_badly_filled_in_is_refused_in_words(fields: dict[str, str], sentence: str, sysadmin: Visitor) -> None:
    shown = sysadmin.post("/accounts", fields)
    assert (shown.status, sentence in shown.text) == (422, True)


def test_a_form_sets_no_more_than_its_fields(sysadmin: Visitor, database: Database) -> None:
    forged = {"id": "77", "is_active": "0", "password_hash": "x", "must_change_password": "0", "person_id": "1"}
    sysadmin.post("/accounts", {"name": "周拟文", "username": "zhou", **forged})
    with database.reading() as session:
        account = session.scalars(select(Account).where(Account.username == "zhou")).one()
    assert (account.id != 77, account.is_active, account.must_change_password) == (True, True, True)
    assert account.password_hash.startswith("$argon2id$")


def test_an_account_is_closed_and_opened_again(
    sysadmin: Visitor, make: Maker, new_visitor: Callable[[], Visitor]
) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    address = f"/accounts/people/{clerk.person}"
    assert sysadmin.post(f"{address}/closures").status == 303
    assert new_visitor().signs_in(clerk.username).status == 422
    assert sysadmin.post(f"{address}/closures").status == 422
    assert sysadmin.post(f"{address}/openings").status == 303
    assert new_visitor().signs_in(clerk.username).status == 303


def test_a_post_is_given_and_ended(sysadmin: Visitor, make: Maker, database: Database) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    with database.writing() as session:
        session.add(Post(section_id=make.section("污染控制科"), name="固废管理岗"))
    address = f"/accounts/people/{clerk.person}"
    with database.reading() as session:
        post = session.scalars(select(Post.id)).one()
    fields = {"post": str(post), "since": "2008-07-01"}
    assert sysadmin.post(f"{address}/appointments", fields).status == 303
    shown = sysadmin.get(address)
    assert "污染控制科 固废管理岗" in shown.text
    again = sysadmin.post(f"{address}/appointments", fields)
    assert (again.status, "已任此岗位" in again.text) == (422, True)
    term = shown.form(f"{address}/appointment-ends").fields["appointment"]
    end = {"appointment": term, "last_day": (clock.today() - timedelta(days=1)).isoformat()}
    assert sysadmin.post(f"{address}/appointment-ends", end).status == 303
    assert "曾任" in sysadmin.get(address).text


@pytest.mark.parametrize("day", ["", "2008-13-01", "20080701", "昨天", "2008-7-1", "2008-07-01T00:00"])
def test_what_is_no_day_is_told_in_words(day: str, sysadmin: Visitor, make: Maker) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    shown = sysadmin.post(f"/accounts/people/{clerk.person}/appointments", {"post": "1", "since": day})
    assert (shown.status, "2008-07-01" in shown.body or "2008-07-08" in shown.body) == (422, True)


def test_the_security_administrator_grants_and_another_term_of_the_same_is_refused(
    secadmin: Visitor, make: Maker, sign_in: SignIns
) -> None:
    person = make.account()
    address, today = f"/rights/people/{person.person}", clock.today().isoformat()
    assert secadmin.post(f"{address}/roles", {"role": "legal", "section": "", "since": today}).status == 303
    again = secadmin.post(f"{address}/roles", {"role": "legal", "section": "", "since": today})
    assert (again.status, "已有此项权限" in again.text) == (422, True)
    assert sign_in(person).get("/organisation").status == 200


@pytest.mark.parametrize(
    ("held", "granted", "sentence"),
    [
        (Role.SYSADMIN, "auditor", "须由三人分别担任"),
        (Role.AUDITOR, "secadmin", "须由三人分别担任"),
        (Role.SECADMIN, "sysadmin", "须由三人分别担任"),
        (Role.CLERK, "auditor", "管理员不能同时办理业务"),
        (Role.AUDITOR, "office", "管理员不能同时办理业务"),
        (Role.OFFICE, "cityoffice", "局外单位"),
    ],
)
def test_roles_that_exclude_each_other_are_not_held_by_one(
    held: Role, granted: str, sentence: str, secadmin: Visitor, make: Maker
) -> None:
    person = make.account(held, section="污染控制科")
    fields = {"role": granted, "section": "", "since": clock.today().isoformat()}
    shown = secadmin.post(f"/rights/people/{person.person}/roles", fields)
    assert (shown.status, sentence in shown.text) == (422, True)


def test_the_security_administrator_grants_and_takes_nothing_of_his_own(
    make: Maker, sign_in: SignIns, database: Database
) -> None:
    own = make.account(Role.SECADMIN)
    visitor = sign_in(own)
    with database.reading() as session:
        term = session.scalars(select(RoleTerm.id).where(RoleTerm.person_id == own.person)).one()
    fields = {"role": "office", "section": "", "since": clock.today().isoformat()}
    grants = visitor.post(f"/rights/people/{own.person}/roles", fields)
    takes = visitor.post(f"/rights/people/{own.person}/role-ends", {"term": str(term)})
    assert (grants.status, takes.status) == (403, 403)
    assert "不能给自己授权" in grants.text
    assert "不能变动自己的权限" in takes.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"role": "clerk", "section": ""}, "请选择所属科室"),
        ({"role": "office", "section": "1"}, "针对全局"),
        ({"role": "clerk", "section": "9999"}, "没有找到"),
        ({"role": "root", "section": ""}, "请选择权限"),
        ({"role": "office", "section": "x"}, "请选择科室"),
        ({"role": "office", "since": "2000-01-01"}, "不能倒填"),
        ({"role": "office", "until": "2000-01-01"}, "不能早于"),
    ],
)
def test_a_grant_badly_filled_in_is_refused_in_words(
    fields: dict[str, str], sentence: str, secadmin: Visitor, make: Maker
) -> None:
    make.section("污染控制科")
    person = make.account()
    filled = {"section": "", "since": clock.today().isoformat(), **fields}
    shown = secadmin.post(f"/rights/people/{person.person}/roles", filled)
    assert shown.status in {404, 422}
    assert sentence in shown.text


def test_a_term_of_somebody_else_in_the_body_is_refused(
    secadmin: Visitor, make: Maker, database: Database, dump: Callable[..., Any]
) -> None:
    person, other = make.account(Role.OFFICE), make.account(Role.LEGAL)
    with database.reading() as session:
        foreign = session.scalars(select(RoleTerm.id).where(RoleTerm.person_id == other.person)).one()
    before = dump("security_event")
    assert secadmin.post(f"/rights/people/{person.person}/role-ends", {"term": str(foreign)}).status == 404
    assert dump("security_event") == before


def test_the_system_administrator_cannot_become_the_other_two(sysadmin: Visitor, make: Maker) -> None:
    for role in (Role.SECADMIN, Role.AUDITOR):
        guarded = make.account(role)
        shown = sysadmin.post(f"/accounts/people/{guarded.person}/one-time-passwords")
        assert (shown.status, "只能由运维人员" in shown.text) == (403, True)


def test_the_system_administrator_does_not_close_or_reset_his_own_account(make: Maker, sign_in: SignIns) -> None:
    own = make.account(Role.SYSADMIN)
    visitor = sign_in(own)
    assert visitor.post(f"/accounts/people/{own.person}/closures").status == 422
    assert visitor.post(f"/accounts/people/{own.person}/one-time-passwords").status == 422
    assert visitor.get("/accounts").status == 200


@pytest.mark.parametrize(
    ("role", "refused"),
    [
        (Role.SYSADMIN, ["/rights", "/journal", "/security-log"]),
        (Role.SECADMIN, ["/accounts", "/accounts/new", "/journal", "/security-log"]),
        (Role.AUDITOR, ["/accounts", "/accounts/new", "/rights"]),
    ],
)
def test_each_administrator_sees_and_is_offered_only_his_own(
    role: Role, refused: list[str], make: Maker, sign_in: SignIns
) -> None:
    visitor = sign_in(make.account(role))
    home = visitor.get(visitor.get("/").location)
    assert home.status == 200
    for address in refused:
        assert visitor.get(address).status == 403
        assert address not in home.links


def test_a_right_lost_while_a_form_was_open_gives_back_what_was_typed(
    make: Maker, sign_in: SignIns, database: Database
) -> None:
    own = make.account(Role.SYSADMIN)
    visitor = sign_in(own)
    visitor.get("/accounts/new")
    with database.writing() as session:  # the term ran out; nobody touched the sign-in
        session.scalars(select(RoleTerm)).one().until = clock.today() - timedelta(days=1)
    shown = visitor.post("/accounts", {"name": "周拟文", "username": "zhou", "password": PASSWORD})
    assert shown.status == 403
    assert "周拟文" in shown.body
    assert PASSWORD not in shown.body


@pytest.mark.parametrize("q", ["拟例", "made", "%", "_", "'", "\\", "a" * 500, "<script>"])
def test_people_are_found_by_the_letters_typed(q: str, sysadmin: Visitor, make: Maker) -> None:
    make.account(Role.CLERK, section="污染控制科")
    shown = sysadmin.client.get("/accounts", query_string={"q": q})
    assert shown.status_code == 200
    assert "<script>" not in shown.get_data(as_text=True)
    found = "made" in shown.get_data(as_text=True).partition("<tbody>")[2]
    assert found is (q in {"拟例", "made"})


@pytest.mark.parametrize("address", ["/sign-in", "/password", "/organisation", "/accounts", "/accounts/new", "/rights"])
def test_pages_have_one_heading_a_title_unique_ids_and_labels(address: str, make: Maker, sign_in: SignIns) -> None:
    visitor = sign_in(make.account(*Role, section="污染控制科"))
    shown = (visitor if address != "/sign-in" else Visitor(visitor.client.application)).get(address)
    assert (shown.status, shown.h1s) == (200, 1)
    assert shown.title.startswith(shown.h1)
    assert len(shown.ids) == len(set(shown.ids))
    labelled = {attrs.get("for") for tag, attrs in shown.tags if tag == "label"}
    for tag, attrs in shown.tags:
        assert not [name for name in attrs if name.startswith("on") or name == "style"], (tag, attrs)
        if tag in {"input", "select", "textarea"} and attrs.get("type") != "hidden":
            assert attrs.get("id") in labelled or "aria-label" in attrs, attrs
