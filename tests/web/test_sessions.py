"""How a sign-in lives and ends: at the very next request, on every worker. Cases SESS and AUTH-07 of security.md."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from harness.visitors import PASSWORD, Maker, Visitor
from webapp import clock
from webapp.accounts.models import Account, SignIn
from webapp.db import Database
from webapp.policy import Actor, Role

SignIns = Callable[[Actor | str], Visitor]
ENDED = (303, 401, 401)


def _tries(visitor: Visitor) -> tuple[int, int, int]:
    """A page, a fragment, an act: what each answers."""
    return (
        visitor.get("/organisation").status,
        visitor.get("/organisation", fragment=True).status,
        visitor.post("/password", {"old_password": PASSWORD}).status,
    )


@pytest.fixture
def clerk(make: Maker) -> Actor:
    return make.account(Role.CLERK, section="污染控制科")


def test_a_cookie_set_before_signing_in_is_worth_nothing_after(
    clerk: Actor, visitor: Visitor, sign_in: SignIns
) -> None:
    attacker = sign_in(clerk)
    before = attacker.cookie
    visitor.keeps_cookie(before)
    visitor.signs_in(clerk.username)
    assert visitor.cookie != before
    attacker.keeps_cookie(before)
    assert _tries(attacker) == ENDED  # the sign-in it named was replaced
    assert visitor.get("/organisation").status == 200


def test_a_cookie_copied_before_signing_out_is_dead_after(
    clerk: Actor, sign_in: SignIns, new_visitor: Callable[[], Visitor], database: Database
) -> None:
    visitor, thief = sign_in(clerk), new_visitor()
    thief.keeps_cookie(visitor.cookie)
    assert thief.get("/organisation").status == 200
    assert visitor.post("/sign-out").location == "/sign-in"
    assert _tries(thief) == ENDED
    assert _tries(visitor) == ENDED
    with database.reading() as session:
        assert session.scalars(select(SignIn)).all() == []


@pytest.mark.parametrize(
    ("columns", "lives"),
    [
        ({"seen_at": timedelta(minutes=-29)}, True),
        ({"seen_at": timedelta(minutes=-31)}, False),
        ({"started_at": timedelta(hours=-11, minutes=-59)}, True),
        ({"started_at": timedelta(hours=-12, minutes=-1)}, False),
        ({"seen_at": timedelta(days=2)}, False),  # the clock was set back
        ({"started_at": timedelta(days=2)}, False),
    ],
)
def test_a_sign_in_ends_when_idle_or_too_old(
    columns: dict[str, timedelta],
    lives: bool,  # noqa: FBT001
    clerk: Actor,
    sign_in: SignIns,
    database: Database,
) -> None:
    visitor = sign_in(clerk)
    with database.writing() as session:
        session.execute(update(SignIn).values({name: clock.wall_now() + by for name, by in columns.items()}))
    assert _tries(visitor) == ((200, 200, 422) if lives else ENDED)


def test_a_fixed_day_prolongs_no_sign_in(clerk: Actor, sign_in: SignIns, database: Database) -> None:
    visitor = sign_in(clerk)
    with database.writing() as session:
        session.execute(update(SignIn).values(seen_at=clock.wall_now() - timedelta(minutes=31)))
    clock.fix_day(clock.today() - timedelta(days=1))
    assert visitor.get("/organisation").status == 303


def test_a_visit_is_written_down_at_most_once_a_minute(clerk: Actor, sign_in: SignIns, database: Database) -> None:
    visitor = sign_in(clerk)

    def seen() -> object:
        with database.reading() as session:
            return session.scalars(select(SignIn.seen_at)).one()

    first = seen()
    visitor.get("/organisation")
    assert seen() == first
    with database.writing() as session:
        session.execute(update(SignIn).values(seen_at=clock.wall_now() - timedelta(minutes=2)))
    visitor.get("/organisation")
    assert seen() >= first  # type: ignore[operator]


def test_a_change_of_password_ends_all_other_sign_ins(clerk: Actor, sign_in: SignIns) -> None:
    here, elsewhere = sign_in(clerk), sign_in(clerk)
    new = {"old_password": PASSWORD, "new_password": "Another-2008", "new_password_again": "Another-2008"}
    assert here.post("/password", new).status == 303
    assert _tries(elsewhere) == ENDED
    assert here.get("/organisation").status == 200


@pytest.mark.parametrize(
    ("role", "address", "fields"),
    [
        (Role.SYSADMIN, "/accounts/people/{person}/one-time-passwords", {}),
        (Role.SYSADMIN, "/accounts/people/{person}/closures", {}),
        (Role.SECADMIN, "/rights/people/{person}/roles", {"role": "legal", "since": "{today}"}),
    ],
)
def test_what_an_administrator_does_ends_the_sign_in_at_the_next_request(
    role: Role, address: str, fields: dict[str, str], clerk: Actor, make: Maker, sign_in: SignIns
) -> None:
    visitor, administrator = sign_in(clerk), sign_in(make.account(role))
    named = {"person": clerk.person, "today": clock.today().isoformat()}
    shown = administrator.post(address.format(**named), {name: value.format(**named) for name, value in fields.items()})
    assert shown.status in {200, 303}, shown.text
    assert _tries(visitor) == ENDED


def test_a_right_taken_away_ends_the_sign_in_and_is_gone(
    clerk: Actor, make: Maker, sign_in: SignIns, new_visitor: Callable[[], Visitor]
) -> None:
    visitor, secadmin = sign_in(clerk), sign_in(make.account(Role.SECADMIN))
    term = (
        secadmin.get(f"/rights/people/{clerk.person}").form(f"/rights/people/{clerk.person}/role-ends").fields["term"]
    )
    assert secadmin.post(f"/rights/people/{clerk.person}/role-ends", {"term": term}).status == 303
    assert _tries(visitor) == ENDED
    again = new_visitor()
    assert again.signs_in(clerk.username).status == 303
    assert again.get("/organisation").status == 403


def test_a_deleted_account_ends_its_sign_in(clerk: Actor, sign_in: SignIns, database: Database) -> None:
    visitor = sign_in(clerk)
    with database.writing() as session:
        session.execute(delete(SignIn))
        session.execute(delete(Account).where(Account.id == clerk.account))
    assert _tries(visitor) == ENDED


def test_a_term_of_office_that_has_run_out_takes_its_rights_along(make: Maker, sign_in: SignIns) -> None:
    auditor = make.account(Role.AUDITOR)
    visitor = sign_in(auditor)
    assert visitor.get("/journal").status == 200
    clock.fix_day(clock.today().replace(year=1999))
    assert visitor.get("/journal").status == 403


def test_a_sign_in_on_one_worker_counts_and_ends_on_all(clerk: Actor, new_app: Callable[..., Flask]) -> None:
    first, second = Visitor(new_app()), Visitor(new_app())
    first.signs_in(clerk.username)
    second.keeps_cookie(first.cookie)
    assert second.get("/organisation").status == 200
    first.post("/sign-out")
    assert second.get("/organisation").status == 303


def test_a_forged_or_damaged_cookie_is_nobody(visitor: Visitor, clerk: Actor, sign_in: SignIns) -> None:
    good = sign_in(clerk).cookie
    for bad in ("x", good[:-2] + "zz", good.split(".")[0], ""):
        visitor.keeps_cookie(bad)
        assert _tries(visitor) == ENDED


def test_the_cookie_is_closed_to_scripts_other_sites_and_over_tls_to_plain_lines(
    clerk: Actor, new_app: Callable[..., Flask]
) -> None:
    set_cookie = Visitor(new_app()).signs_in(clerk.username).headers["Set-Cookie"]
    assert "HttpOnly" in set_cookie
    assert "SameSite=Lax" in set_cookie
    assert "Secure" not in set_cookie
    behind_proxy = Visitor(new_app(trusted_proxies=1))
    shown = behind_proxy.post("/sign-in", {"username": clerk.username, "password": PASSWORD}, X_Forwarded_Proto="https")
    assert "Secure" in shown.headers["Set-Cookie"]
    # Without a proxy that is trusted the header is anybody's.
    forged = Visitor(new_app()).post(
        "/sign-in", {"username": clerk.username, "password": PASSWORD}, X_Forwarded_Proto="https"
    )
    assert "Secure" not in forged.headers["Set-Cookie"]


def test_nothing_behind_the_sign_in_is_kept_by_caches(clerk: Actor, visitor: Visitor, sign_in: SignIns) -> None:
    signed_in = sign_in(clerk)
    for shown in (signed_in.get("/organisation"), signed_in.get("/organisation", fragment=True), visitor.get("/")):
        assert shown.headers["Cache-Control"] == "no-store"
        assert {"HX-Request", "Cookie"} <= {part.strip() for part in shown.headers["Vary"].split(",")}
    style = signed_in.get("/static/css/base.css")
    assert "Cookie" not in style.headers.get("Vary", "")
    assert "max-age=31536000" in style.headers["Cache-Control"]
