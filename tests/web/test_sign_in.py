"""Signing in: who gets in, what those learn who do not, where one arrives. Cases AUTH of security.md."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from harness.databases import only_sqlite
from harness.visitors import PASSWORD, Maker, Visitor
from webapp import clock
from webapp.accounts import passwords
from webapp.accounts.models import Account, SignIn
from webapp.config import load_settings
from webapp.db import Database
from webapp.journal.models import SecurityEvent
from webapp.policy import Actor, Role
from webapp.rules import Misconfigured
from webapp.web.sign_in import safe_next

SignIns = Callable[[Actor | str], Visitor]


def test_a_clerk_signs_in_and_arrives_at_the_worklist(make: Maker, visitor: Visitor) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    shown = visitor.signs_in(clerk.username)
    assert (shown.status, shown.location) == (303, "/worklist")
    assert visitor.get("/").location == "/worklist"


@pytest.mark.parametrize(
    ("role", "home"), [(Role.SYSADMIN, "/accounts"), (Role.SECADMIN, "/rights"), (Role.AUDITOR, "/journal")]
)
def test_an_administrator_arrives_at_what_he_is_there_for(role: Role, home: str, make: Maker, visitor: Visitor) -> None:
    shown = visitor.signs_in(make.account(role).username)
    assert shown.location == home
    assert visitor.get(home).status == 200


def test_unknown_disabled_locked_and_wrong_are_told_apart_by_nothing(
    make: Maker, new_visitor: Callable[[], Visitor]
) -> None:
    lock_ends = clock.wall_now() + timedelta(minutes=10)
    names = {
        "wrong": make.account(Role.CLERK, section="财务科").username,
        "disabled": make.account(Role.CLERK, section="财务科", is_active=False).username,
        "locked": make.account(Role.CLERK, section="财务科", locked_until=lock_ends).username,
        "unknown": "nobody8",
        "hostile": "\x07'--",
    }
    answers = {}
    for kind, name in names.items():
        shown = new_visitor().signs_in(name, "Wrong-pass-1")
        headers = sorted((n, v) for n, v in shown.headers if n not in {"Date", "Content-Length"})
        answers[kind] = (shown.status, shown.text, headers)
    assert len({str(answer) for answer in answers.values()}) == 1, answers
    assert answers["wrong"][0] == 422


def test_the_right_password_of_a_disabled_or_locked_account_is_told_apart_by_nothing(
    make: Maker, new_visitor: Callable[[], Visitor]
) -> None:
    lock_ends = clock.wall_now() + timedelta(minutes=10)
    disabled = make.account(Role.CLERK, section="财务科", is_active=False)
    locked = make.account(Role.CLERK, section="财务科", locked_until=lock_ends)
    unknown = new_visitor().signs_in("nobody8")
    assert new_visitor().signs_in(disabled.username).text == unknown.text
    assert new_visitor().signs_in(locked.username).text == unknown.text


@only_sqlite
def test_an_unknown_name_takes_as_long_as_a_wrong_password(make: Maker, visitor: Visitor, database: Database) -> None:
    known = make.account(Role.CLERK, section="财务科")
    times: dict[str, list[float]] = {known.username: [], "nobody8": []}
    for _ in range(12):
        for name, taken in times.items():
            with database.writing() as session:
                session.get_one(Account, known.account).failed_attempts = 0
            began = perf_counter()
            visitor.signs_in(name, "Wrong-pass-1")
            taken.append(perf_counter() - began)
    first, second = (median(taken) for taken in times.values())
    # A missing hash would show as a factor of five; the rest is noise of a shared machine.
    assert 0.5 < first / second < 2, times


def test_five_wrong_passwords_on_four_workers_lock_the_account_for_all_of_them(
    make: Maker, new_app: Callable[..., Flask], database: Database
) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    workers = [new_app() for _ in range(4)]
    for attempt in range(5):
        Visitor(workers[attempt % 4]).signs_in(clerk.username, "Wrong-pass-1")
    assert [Visitor(worker).signs_in(clerk.username).status for worker in workers] == [422] * 4
    assert Visitor(new_app()).signs_in(clerk.username).status == 422  # also after a restart
    with database.reading() as session:
        kinds = list(session.scalars(select(SecurityEvent.kind)))
    assert (kinds.count("locked"), kinds.count("sign_in_refused"), len(kinds)) == (1, 10, 11)


def test_a_lock_ends_by_itself_and_the_count_begins_anew(make: Maker, visitor: Visitor, database: Database) -> None:
    clerk = make.account(
        Role.CLERK, section="污染控制科", failed_attempts=5, locked_until=clock.wall_now() - timedelta(seconds=1)
    )
    visitor.signs_in(clerk.username, "Wrong-pass-1")
    with database.reading() as session:
        account = session.get_one(Account, clerk.account)
        assert (account.failed_attempts, account.locked_until) == (1, None)
    assert visitor.signs_in(clerk.username).status == 303


def test_the_security_administrator_unlocks_and_it_is_in_the_journal(
    make: Maker, visitor: Visitor, sign_in: SignIns
) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    for _ in range(5):
        visitor.signs_in(clerk.username, "Wrong-pass-1")
    assert visitor.signs_in(clerk.username).status == 422
    secadmin = sign_in(make.account(Role.SECADMIN))
    assert secadmin.post(f"/rights/people/{clerk.person}/unlocks").status == 303
    assert visitor.signs_in(clerk.username).status == 303
    auditor = sign_in(make.account(Role.AUDITOR))
    assert "解锁账号" in auditor.get("/journal").text


def test_one_event_for_every_attempt(make: Maker, visitor: Visitor, database: Database) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    visitor.signs_in("nobody8")
    visitor.signs_in(clerk.username, "Wrong-pass-1")
    visitor.signs_in(clerk.username)
    visitor.post("/sign-out")
    with database.reading() as session:
        events = list(session.execute(select(SecurityEvent.kind, SecurityEvent.account).order_by(SecurityEvent.id)))
    assert [tuple(event) for event in events] == [
        ("sign_in_refused", None),
        ("sign_in_refused", clerk.account),
        ("signed_in", clerk.account),
        ("signed_out", clerk.account),
    ]


def test_neither_the_name_nor_the_password_of_a_failed_attempt_is_kept(
    visitor: Visitor, dump: Callable[..., Any]
) -> None:
    # People type their password into the field for the name.
    visitor.signs_in("My-secret-9", "My-secret-8")
    assert "secret" not in str(dump())


def test_a_password_of_a_megabyte_is_not_hashed(make: Maker, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    hashed: list[int] = []
    real = passwords._encoded  # noqa: SLF001
    monkeypatch.setattr(passwords, "_encoded", lambda text: hashed.append(len(text)) or real(text))
    assert visitor.signs_in(clerk.username, "a" * 1_000_000).status == 422
    assert hashed == [passwords.MAX_LENGTH]


def test_whoever_waits_too_long_for_a_place_is_told_so(
    make: Maker, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    monkeypatch.setattr(passwords, "_WAIT_SECONDS", 0.01)
    with passwords._Place(), passwords._Place():  # noqa: SLF001
        shown = visitor.signs_in(clerk.username)
        assert (shown.status, "请稍候再试" in shown.text) == (503, True)
        assert visitor.get("/healthz").body == "ok"  # other pages go on
    assert visitor.signs_in(clerk.username).status == 303


@pytest.mark.parametrize("typed", ["Zhang", "Ｚhang", " zhang ", "ZHANG"])
def test_one_account_whatever_the_writing_of_its_name(typed: str, make: Maker, visitor: Visitor) -> None:
    make.account(Role.CLERK, section="污染控制科", username="zhang")
    assert visitor.signs_in(typed).status == 303


def test_who_must_change_his_password_reaches_nothing_else(make: Maker, visitor: Visitor) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科", must_change_password=True)
    assert visitor.signs_in(clerk.username, next="/organisation").location == "/password"
    assert visitor.get("/organisation").location == "/password"
    assert visitor.get("/organisation", fragment=True).headers["HX-Redirect"] == "/password"
    assert "请先设置您自己的密码" in visitor.get("/password").text
    changed = visitor.post(
        "/password",
        {"old_password": PASSWORD, "new_password": "Another-2008", "new_password_again": "Another-2008"},
    )
    assert changed.location == "/worklist"
    assert visitor.get("/organisation").status == 200


def test_a_password_of_ninety_days_must_be_changed(make: Maker, visitor: Visitor) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科", password_set_at=clock.wall_now() - timedelta(days=91))
    assert visitor.signs_in(clerk.username).location == "/password"
    assert visitor.get("/organisation").location == "/password"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"old_password": "Wrong-2008"}, "原密码不正确"),
        ({"new_password_again": "Other-2008"}, "不一致"),
        ({"new_password": "short-1", "new_password_again": "short-1"}, "过短"),
        ({"new_password": "alllowercase", "new_password_again": "alllowercase"}, "过于简单"),
        ({"new_password": PASSWORD, "new_password_again": PASSWORD}, "相同"),
        ({"new_password": "Aa1" * 100, "new_password_again": "Aa1" * 100}, "过长"),
    ],
)
def test_a_new_password_that_will_not_do_is_refused_in_words(
    fields: dict[str, str], sentence: str, make: Maker, visitor: Visitor
) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    visitor.signs_in(clerk.username)
    typed = {"old_password": PASSWORD, "new_password": "Another-2008", "new_password_again": "Another-2008", **fields}
    shown = visitor.post("/password", typed)
    assert (shown.status, sentence in shown.text) == (422, True)
    assert not set(typed.values()) & set(shown.body.split('"'))
    assert visitor.signs_in(clerk.username).status == 303


@pytest.mark.parametrize(
    "hostile",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "/%5cevil.example",
        "/%2f/evil.example",
        "/%252f/evil.example",
        "javascript:alert(1)",
        "/x\r\nSet-Cookie: a=b",
        "/x%0d%0aSet-Cookie:a=b",
        "/a/..//evil.example",
        "/a/%2e%2e/b",
        "http://localhost@evil.example/",
        "http://localhost/",
        "\t//evil.example",
        "/" + "a" * 600,
        "/sign-out",
        "evil.example",
    ],
)
def test_a_next_address_that_leads_away_is_dropped(hostile: str, make: Maker, visitor: Visitor) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    page = visitor.get("/sign-in?next=" + hostile.replace("\r", "%0d").replace("\n", "%0a").replace("\t", "%09"))
    assert "evil" not in page.body
    assert visitor.signs_in(clerk.username, next=hostile).location == "/worklist"


def test_a_next_address_of_ours_is_kept_with_its_search(make: Maker, visitor: Visitor) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    asked = visitor.get("/organisation?day=2008-07-01")
    assert asked.location == "/sign-in?next=%2Forganisation%3Fday%3D2008-07-01"
    form = visitor.get(asked.location).form("/sign-in")
    assert form.fields["next"] == "/organisation?day=2008-07-01"
    assert visitor.signs_in(clerk.username, next=form.fields["next"]).location == "/organisation?day=2008-07-01"
    assert safe_next("/powers?q=%E9%87%87%E8%B4%AD") == "/powers?q=%E9%87%87%E8%B4%AD"


def test_a_fragment_asked_for_by_nobody_leads_to_the_sign_in_page(visitor: Visitor) -> None:
    shown = visitor.get("/organisation", fragment=True, HX_Current_URL="http://localhost/organisation?day=2008-07-01")
    assert shown.status == 401
    assert shown.headers["HX-Redirect"] == "/sign-in?next=%2Forganisation%3Fday%3D2008-07-01"


def test_a_form_sent_after_the_sign_in_ended_gives_back_what_was_typed(visitor: Visitor) -> None:
    shown = visitor.post("/accounts", {"name": "周拟文", "password": "Secret-123"})
    assert shown.status == 401
    assert "周拟文" in shown.body
    assert "Secret-123" not in shown.body


def test_a_fresh_installation_has_no_account(app: Flask, database: Database) -> None:
    assert Visitor(app).signs_in("admin", "admin").status == 422
    with database.reading() as session:
        assert session.scalars(select(Account)).all() == []


@pytest.mark.parametrize("secret", ["dev", "changeme", "short", "a" * 40])
def test_a_known_or_short_secret_stops_the_start(secret: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        load_settings({"ZHIQUAN_INSTANCE": str(tmp_path), "ZHIQUAN_SECRET_KEY": secret})


def test_signing_in_again_takes_the_place_of_the_old_sign_in(make: Maker, visitor: Visitor, database: Database) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    visitor.signs_in(clerk.username)
    visitor.signs_in(clerk.username)
    with database.reading() as session:
        assert len(session.scalars(select(SignIn)).all()) == 1
