"""Every address has a permission, and the table of who reaches what is complete (design.md rule 2, AUTHZ-01).

`route_roles.txt` is made from the app; `ZHIQUAN_WRITE_TABLES=1 pytest tests/web/test_routes.py` writes it anew.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from harness.databases import only_sqlite
from harness.visitors import Maker, Visitor
from webapp.db import Database
from webapp.journal.models import SecurityEvent
from webapp.policy import GRANTS, Actor, Permission, Role
from webapp.web.protection import SAFE_METHODS
from webapp.web.routes import permission_of, route

TABLE = Path(__file__).with_name("route_roles.txt")
REFUSED = "您的岗位没有办理此事的权限"


def routes(app: Flask) -> list[tuple[str, str, Permission | None]]:
    """Every method and rule with its permission, in order."""
    return sorted(
        (method, rule.rule, permission_of(app, rule.endpoint))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or ())
        if method not in {"HEAD", "OPTIONS"}
    )


def reaches(permission: Permission | None) -> str:
    """Who reaches a route, in words."""
    if permission in {Permission.PUBLIC, Permission.SIGNED_IN}:
        return str(permission)
    return " ".join(sorted(GRANTS[permission])) if permission else "NOBODY"


def address_of(rule: str) -> str:
    """A rule with something in its places."""
    parts = ("1" if part.startswith("<int:") else "x" if part.startswith("<") else part for part in rule.split("/"))
    return "/".join(parts)


def test_every_address_has_a_permission(app: Flask) -> None:
    without = [(method, rule) for method, rule, permission in routes(app) if permission is None]
    assert without == []


def test_every_permission_is_granted_to_somebody() -> None:
    assert set(GRANTS) == set(Permission) - {Permission.PUBLIC, Permission.SIGNED_IN}
    assert all(GRANTS.values())


def test_the_table_of_routes_and_roles_is_the_one_that_was_agreed(app: Flask) -> None:
    lines = [f"{method:<5} {rule}  [{permission}]  {reaches(permission)}" for method, rule, permission in routes(app)]
    text = "\n".join(lines) + "\n"
    if os.environ.get("ZHIQUAN_WRITE_TABLES") == "1":
        TABLE.write_text(text, encoding="utf-8")
    assert text == TABLE.read_text(encoding="utf-8")


@only_sqlite
@pytest.mark.parametrize("role", Role)
def test_a_role_reaches_what_the_table_says_and_nothing_else(
    role: Role, app: Flask, make: Maker, sign_in: Callable[[Actor], Visitor]
) -> None:
    visitor = sign_in(make.account(role, section="污染控制科"))
    for method, rule, permission in routes(app):
        if permission is Permission.PUBLIC or rule == "/sign-out":
            continue
        for fragment in (False, True):
            shown = (
                visitor.get(address_of(rule), fragment=fragment)
                if method == "GET"
                else visitor.post(address_of(rule), fragment=fragment)
            )
            may = permission is Permission.SIGNED_IN or role in GRANTS[permission or Permission.SIGNED_IN]
            assert shown.status < 500, (method, rule, shown.text)
            if may:
                assert shown.status != 403 or REFUSED not in shown.text, (method, rule)
            else:
                assert (shown.status, REFUSED in shown.text) == (403, True), (method, rule, shown.status)


@only_sqlite
def test_nobody_reaches_anything_without_signing_in(app: Flask, visitor: Visitor, dump: Callable[..., Any]) -> None:
    before = dump()
    for method, rule, permission in routes(app):
        if permission is Permission.PUBLIC:
            continue
        if method == "GET":
            assert visitor.get(address_of(rule)).location.startswith("/sign-in"), rule
            assert visitor.get(address_of(rule), fragment=True).headers["HX-Redirect"].startswith("/sign-in"), rule
        else:
            assert visitor.post(address_of(rule)).status == 401, rule
            assert visitor.post(address_of(rule), fragment=True).status == 401, rule
    assert dump() == before


def test_an_address_without_a_permission_is_refused_at_run_time(
    new_app: Callable[..., Flask], make: Maker, database: Database
) -> None:
    app = new_app()
    app.add_url_rule("/undeclared", "undeclared", lambda: "inside", methods=["GET", "POST"])
    auditor = make.account(*Role, section="污染控制科")
    visitor = Visitor(app)
    assert "inside" not in visitor.get("/undeclared").body
    visitor.signs_in(auditor.username)
    for shown in (visitor.get("/undeclared"), visitor.post("/undeclared"), visitor.get("/undeclared", fragment=True)):
        assert shown.status == 403
        assert "没有登记权限" in shown.text
    assert ("GET", "/undeclared", None) in routes(app)
    with database.reading() as session:
        assert list(session.scalars(select(SecurityEvent.kind))).count("refused") == 3


def test_a_refusal_is_noted_with_who_and_what(
    make: Maker, sign_in: Callable[[Actor], Visitor], database: Database
) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    sign_in(clerk).get("/journal")
    with database.reading() as session:
        event = session.scalars(select(SecurityEvent).where(SecurityEvent.kind == "refused")).one()
    assert (event.account, event.detail.partition(":")[0]) == (clerk.account, "GET /journal")


def test_a_declared_route_takes_only_what_it_declares(new_app: Callable[..., Flask], make: Maker) -> None:
    app = new_app()

    @route(app, "/probe", permission=Permission.SEE_LAWS, methods=["POST"])
    def probe() -> str:
        return "inside"

    visitor = Visitor(app)
    visitor.signs_in(make.account(Role.CLERK, section="污染控制科").username)
    assert visitor.post("/probe").body == "inside"
    assert visitor.get("/probe").status == 405
    assert {method for method, rule, _ in routes(app) if rule == "/probe"} - SAFE_METHODS == {"POST"}
