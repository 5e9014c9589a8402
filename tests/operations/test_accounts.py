"""What administrators do to people, posts and rights: one act, one entry, and nobody holds what excludes each other."""

import json
import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

import webapp
from webapp import clock
from webapp.accounts import operations
from webapp.accounts.loading import create_administrators, load_people
from webapp.accounts.models import Account, Appointment, Person, Post, RoleTerm, Section, SignIn
from webapp.accounts.passwords import NewPassword, hash_password, verify_password
from webapp.accounts.reading import (
    actor_by_username,
    actor_of,
    host_section,
    leading_group,
    section_by_name,
    sections,
)
from webapp.accounts.signing_in import change_password, sign_in
from webapp.db import Database
from webapp.journal.models import JournalEntry
from webapp.journal.operations import verify
from webapp.policy import Actor, Role
from webapp.rules import NotAllowed, NotFound, RuleBroken

DEMO_DAY = date(2008, 7, 8)
PASSWORD = "Zhiquan-2008"
MADE = NewPassword(PASSWORD, hash_password(PASSWORD))
PEOPLE: dict[str, Any] = json.loads(
    (Path(webapp.__path__[0]) / "sample" / "data" / "people.json").read_text(encoding="utf-8"),
)


@pytest.fixture
def bureau(database: Database) -> Callable[[str], Actor]:
    """The sample bureau on its day; gives an actor by username."""
    clock.fix_day(DEMO_DAY)
    with database.writing() as session:
        load_people(session, PEOPLE, lambda _: PASSWORD)

    def actor(username: str) -> Actor:
        with database.reading() as session:
            found = actor_by_username(session, username)
        assert found is not None
        return found

    return actor


def entries(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        assert verify(session) is None
        rows = session.execute(select(JournalEntry.action, JournalEntry.subject).order_by(JournalEntry.seq))
        return [(action, subject) for action, subject in rows]


def test_the_sample_people_are_loaded_whole(bureau: Callable[[str], Actor], database: Database) -> None:
    clerk, deputy = bureau("clerk"), bureau("deputy")
    assert (clerk.name, clerk.post, clerk.roles) == ("沈例禾", "污染控制科 固废管理岗", {Role.CLERK})
    assert clerk.own_sections == clerk.sections
    assert deputy.roles == {Role.LEADER, Role.DEPUTY, Role.CHIEF}
    with database.reading() as session:
        assert len(sections(session)) == 16
        host = host_section(session)
        assert host is not None
        assert host.name == "宣教法制科"
        assert [seat.post for seat in leading_group(session, DEMO_DAY)][:3] == ["组长", "副组长", "成员"]
        assert leading_group(session, date(2008, 6, 4)) == []
        assert session.scalar(select(func.count()).select_from(Person)) == len(PEOPLE["people"])
        assert section_by_name(session, " 财务科 ").slug == "finance"
        with pytest.raises(NotFound, match="没有名为"):
            section_by_name(session, "没有的科")
    assert entries(database) == [("load_people", "bureau:1")]


def test_the_city_signs_in_only_where_it_was_set(database: Database) -> None:
    clock.fix_day(DEMO_DAY)
    with database.writing() as session:
        load_people(session, PEOPLE, lambda _: PASSWORD)
        assert actor_by_username(session, "cityoffice") is None
    with pytest.raises(RuleBroken):
        sign_in(database, username="cityoffice", password=PASSWORD)


def test_with_the_setting_the_city_has_its_accounts(database: Database) -> None:
    clock.fix_day(DEMO_DAY)
    with database.writing() as session:
        load_people(session, PEOPLE, lambda _: PASSWORD, external_sign_in=True)
    assert sign_in(database, username="cityoffice", password=PASSWORD).actor.roles == {Role.CITY_OFFICE}


def test_people_are_not_loaded_twice(bureau: Callable[[str], Actor], database: Database) -> None:
    assert bureau("clerk")
    with pytest.raises(RuleBroken, match="不能再次装入"), database.writing() as session:
        load_people(session, PEOPLE, lambda _: PASSWORD)
    assert len(entries(database)) == 1


def test_a_new_installation_gets_three_administrators_once(database: Database) -> None:
    made = create_administrators(database)
    assert [username for username, _ in made] == ["sysadmin", "secadmin", "auditor"]
    assert len({password for _, password in made}) == 3
    assert create_administrators(database) == []
    for username, password in made:
        begun = sign_in(database, username=username, password=password)
        assert begun.must_change_password
        assert begun.actor.roles == {Role(username)}
    assert [action for action, _ in entries(database)] == ["create_administrator"] * 3


def test_loading_the_sample_takes_the_administrators_over(database: Database) -> None:
    made = dict(create_administrators(database))
    begun = sign_in(database, username="sysadmin", password=made["sysadmin"])
    clock.fix_day(DEMO_DAY)
    with database.writing() as session:
        load_people(session, PEOPLE, lambda _: PASSWORD)
        assert session.scalar(select(func.count()).select_from(SignIn)) == 0
    with pytest.raises(RuleBroken):
        sign_in(database, username="sysadmin", password=made["sysadmin"])
    again = sign_in(database, username="sysadmin", password=PASSWORD)
    assert (again.actor.account, again.actor.name, again.actor.roles) == (
        begun.actor.account,
        "季例维",
        {Role.SYSADMIN},
    )


def test_every_change_is_one_entry(bureau: Callable[[str], Actor], database: Database) -> None:
    sysadmin, secadmin, today = bureau("sysadmin"), bureau("secadmin"), clock.today()
    with database.writing() as session:
        account = operations.create_person_with_account(
            session, name="周拟文", username="zhou", password=MADE, by=sysadmin
        )
        person, post = account.person_id, session.scalars(select(Post.id).limit(1)).one()
    with database.writing() as session:
        term = operations.appoint(session, person_id=person, post_id=post, since=today, by=sysadmin).id
    with database.writing() as session:
        right = operations.grant_role(session, person_id=person, role=Role.LEGAL, since=today, by=secadmin).id
    with database.writing() as session:
        operations.reset_password(session, account.id, MADE, by=sysadmin)
    change_password(database, old=PASSWORD, new="Another-2008", again="Another-2008", by=_actor(database, account.id))
    for _ in range(5):
        with pytest.raises(RuleBroken):
            sign_in(database, username="zhou", password="Wrong-pass-1")
    with database.writing() as session:
        operations.unlock_account(session, account.id, by=secadmin)
    with database.writing() as session:
        operations.end_role(session, right, person_id=person, by=secadmin)
    with database.writing() as session:
        operations.end_appointment(session, term, person_id=person, last_day=today, by=sysadmin)
    with database.writing() as session:
        operations.disable_account(session, account.id, by=sysadmin)
    with database.writing() as session:
        operations.enable_account(session, account.id, by=sysadmin)
    subject = {"account": f"account:{account.id}", "person": f"person:{person}"}
    assert entries(database)[1:] == [
        ("create_account", subject["account"]),
        ("appoint", subject["person"]),
        ("grant_role", subject["person"]),
        ("reset_password", subject["account"]),
        ("change_password", subject["account"]),
        ("unlock_account", subject["account"]),
        ("end_role", subject["person"]),
        ("end_appointment", subject["person"]),
        ("disable_account", subject["account"]),
        ("enable_account", subject["account"]),
    ]
    with database.reading() as session:
        facts = " ".join(session.scalars(select(JournalEntry.facts)))
    assert "周拟文" not in facts
    assert "zhou" not in facts


@pytest.mark.parametrize("username", ["clerk", "chief", "office", "secadmin", "auditor", "leader"])
def test_only_the_system_administrator_keeps_people(
    username: str, bureau: Callable[[str], Actor], database: Database
) -> None:
    by, target = bureau(username), bureau("clerk2")
    acts: list[Callable[[Any], Any]] = [
        lambda s: operations.create_person_with_account(s, name="周拟文", username="zhou", password=MADE, by=by),
        lambda s: operations.disable_account(s, target.account, by=by),
        lambda s: operations.enable_account(s, target.account, by=by),
        lambda s: operations.reset_password(s, target.account, MADE, by=by),
        lambda s: operations.appoint(s, person_id=target.person, post_id=1, since=DEMO_DAY, by=by),
        lambda s: operations.end_appointment(s, 1, person_id=1, last_day=DEMO_DAY, by=by),
    ]
    for act in acts:
        with pytest.raises(NotAllowed), database.writing() as session:
            act(session)
    assert len(entries(database)) == 1


@pytest.mark.parametrize("username", ["clerk", "chief", "office", "sysadmin", "auditor", "leader"])
def test_only_the_security_administrator_keeps_rights(
    username: str, bureau: Callable[[str], Actor], database: Database
) -> None:
    by, target = bureau(username), bureau("clerk2")
    acts: list[Callable[[Any], Any]] = [
        lambda s: operations.grant_role(s, person_id=target.person, role=Role.LEGAL, since=DEMO_DAY, by=by),
        lambda s: operations.end_role(s, 1, person_id=1, by=by),
        lambda s: operations.unlock_account(s, target.account, by=by),
    ]
    for act in acts:
        with pytest.raises(NotAllowed), database.writing() as session:
            act(session)
    assert len(entries(database)) == 1


def test_the_operator_resets_what_the_system_administrator_may_not(
    bureau: Callable[[str], Actor], database: Database
) -> None:
    auditor = bureau("auditor")
    with pytest.raises(NotAllowed), database.writing() as session:
        operations.reset_password(session, auditor.account, MADE, by=bureau("sysadmin"))
    with database.writing() as session:
        operations.reset_password(session, auditor.account, MADE, by=None)
    assert sign_in(database, username="auditor", password=PASSWORD).must_change_password


def test_leaving_a_section_ends_the_rights_for_it_at_once(bureau: Callable[[str], Actor], database: Database) -> None:
    clerk, sysadmin = bureau("clerk"), bureau("sysadmin")
    yesterday = DEMO_DAY - timedelta(days=1)
    with database.reading() as session:
        terms = session.scalars(select(Appointment.id).where(Appointment.person_id == clerk.person)).all()
    assert len(terms) == 2
    with database.writing() as session:
        operations.end_appointment(session, terms[0], person_id=clerk.person, last_day=yesterday, by=sysadmin)
    assert bureau("clerk").own_sections == clerk.own_sections  # one post there is left
    with database.writing() as session:
        operations.end_appointment(session, terms[1], person_id=clerk.person, last_day=yesterday, by=sysadmin)
    moved = bureau("clerk")
    assert (moved.roles, moved.sections, moved.own_sections) == (frozenset(), frozenset(), frozenset())


def test_a_right_given_and_taken_the_same_day_is_gone_at_once(
    bureau: Callable[[str], Actor], database: Database
) -> None:
    person, secadmin = bureau("clerk2"), bureau("secadmin")
    with database.writing() as session:
        term = operations.grant_role(session, person_id=person.person, role=Role.LEGAL, since=DEMO_DAY, by=secadmin).id
    assert Role.LEGAL in bureau("clerk2").roles
    with database.writing() as session:
        operations.end_role(session, term, person_id=person.person, by=secadmin)
    assert Role.LEGAL not in bureau("clerk2").roles


def test_a_right_with_a_last_day_holds_through_that_day(bureau: Callable[[str], Actor], database: Database) -> None:
    clerk, secadmin = bureau("clerk"), bureau("secadmin")
    with database.reading() as session:
        term = session.scalars(select(RoleTerm.id).where(RoleTerm.person_id == clerk.person)).one()
    with database.writing() as session:
        operations.end_role(session, term, person_id=clerk.person, last_day=DEMO_DAY, by=secadmin)
    assert bureau("clerk").roles == {Role.CLERK}
    clock.fix_day(DEMO_DAY + timedelta(days=1))
    assert bureau("clerk").roles == frozenset()


def test_of_two_grants_at_once_that_exclude_each_other_one_stands(
    bureau: Callable[[str], Actor], database: Database
) -> None:
    secadmin = bureau("secadmin")
    with database.writing() as session:
        person = Person(name="周拟文")
        session.add(person)
        session.flush()
        person_id = person.id
    together, refused = threading.Barrier(4), []

    def grant(role: Role) -> None:
        together.wait()
        try:
            with database.writing() as session:
                operations.grant_role(session, person_id=person_id, role=role, since=DEMO_DAY, by=secadmin)
        except RuleBroken as broken:
            refused.append(broken.message)

    roles = (Role.SYSADMIN, Role.AUDITOR, Role.OFFICE, Role.SECADMIN)
    threads = [threading.Thread(target=grant, args=(role,)) for role in roles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert len(session.scalars(select(RoleTerm).where(RoleTerm.person_id == person_id)).all()) == 1
    assert len(refused) == 3


def test_what_cannot_be_journalled_is_not_done(bureau: Callable[[str], Actor], database: Database) -> None:
    sysadmin, clerk = bureau("sysadmin"), bureau("clerk")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    event.listen(JournalEntry, "before_insert", fail)
    try:
        with pytest.raises(OSError, match="disk full"), database.writing() as session:
            operations.disable_account(session, clerk.account, by=sysadmin)
    finally:
        event.remove(JournalEntry, "before_insert", fail)
    with database.reading() as session:
        assert session.get_one(Account, clerk.account).is_active


def test_a_person_without_a_current_post_has_none(bureau: Callable[[str], Actor], database: Database) -> None:
    clerk = bureau("clerk")
    clock.fix_day(date(1999, 1, 1))
    with database.reading() as session:
        then = actor_of(session, clerk.account)
    assert then is not None
    assert (then.post, then.roles) == ("", frozenset())


def test_a_password_that_is_reset_meanwhile_is_not_changed_by_its_old_owner(
    bureau: Callable[[str], Actor], database: Database
) -> None:
    clerk, sysadmin = bureau("clerk"), bureau("sysadmin")
    with database.writing() as session:
        operations.reset_password(session, clerk.account, NewPassword("x", hash_password("Third-2008")), by=sysadmin)
    with pytest.raises(RuleBroken, match="原密码不正确"):
        change_password(database, old=PASSWORD, new="Another-2008", again="Another-2008", by=clerk)
    with database.reading() as session:
        assert verify_password("Third-2008", session.get_one(Account, clerk.account).password_hash)


def test_sections_of_outside_bodies_have_no_clerks(bureau: Callable[[str], Actor], database: Database) -> None:
    person, secadmin = bureau("legal"), bureau("secadmin")
    with database.reading() as session:
        outside = session.scalars(select(Section.id).where(Section.kind == "outside").limit(1)).one()
    with pytest.raises(RuleBroken, match="局外单位"), database.writing() as session:
        operations.grant_role(
            session, person_id=person.person, role=Role.CLERK, section_id=outside, since=DEMO_DAY, by=secadmin
        )


def _actor(database: Database, account_id: int) -> Actor:
    with database.reading() as session:
        actor = actor_of(session, account_id)
    assert actor is not None
    return actor
