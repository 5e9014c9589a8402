"""Rights over objects and fields: the foreign does not exist, what no form offers cannot be set, typed text stays.

Cases AUTHZ-02, AUTHZ-04, AUTHZ-05, AUTHZ-06, AUTHZ-14, MASS-01 and MASS-02 of security.md. Which role reaches which
address at all is the table of `test_routes.py`.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from harness import walk
from harness.bureau import SmallBureau, flow_body, power_body, withholding_body
from harness.databases import only_sqlite
from harness.desks import PATHS, Desk
from harness.visitors import Shown
from webapp import accounts, clock, directory, journal, laws, powers, publication, reviews, revisions
from webapp.accounts.models import RoleTerm
from webapp.db import Base
from webapp.revisions.models import Draft, Record

pytestmark = only_sqlite
At = Callable[[str], Desk]
BODIES = {"power": power_body, "flow": flow_body, "withholding": withholding_body}
CODES = {"power": "JTHB-CF-901", "flow": "LC-CF-02", "withholding": "JTHB-BG-001"}
ABSENT = 999_999
STRANGERS = ("clerk2", "chief7", "office", "legal", "publisher", "deputy")


def made(bureau: SmallBureau, kind: str, **changes: str) -> int:
    return walk.create(bureau, bureau.clerk, kind, BODIES[kind](**changes), code=CODES[kind])


def of_kind(app: Flask, kind: str) -> list[tuple[str, str]]:
    """Every method and rule that names one record of a kind."""
    return sorted(
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if re.match(rf"{PATHS[kind]}/<int:", rule.rule)
    )


def asked(person: Desk, method: str, rule: str, record: int) -> Shown:
    address = re.sub(r"<[^>]+>", str(record), rule)
    fields = {"seen_version": "1", "seen_digest": "0" * 64, "action": "submit", "panel": "duties", "rules": "改"}
    return person.get(address) if method == "GET" else person.post(address, fields)


@pytest.mark.parametrize("kind", PATHS)
@pytest.mark.parametrize("who", STRANGERS)
def test_a_foreign_draft_answers_on_every_address_like_one_that_is_not_there(
    app: Flask, bureau: SmallBureau, desk: At, kind: str, who: str
) -> None:
    record, person = made(bureau, kind), desk(who)
    addresses = of_kind(app, kind)
    assert len(addresses) >= 4
    for method, rule in addresses:
        foreign, absent = (asked(person, method, rule, number) for number in (record, ABSENT))
        assert foreign.status in {403, 404}, (method, rule)
        assert (foreign.status, foreign.text) == (absent.status, absent.text), (method, rule)
    for path in ("/powers", "/flows", "/withholdings", "/worklist", "/catalogue", "/powers/new", "/flows/new"):
        shown = person.get(f"{path}?q={CODES[kind]}")
        assert f"{PATHS[kind]}/{record}" not in shown.body, path


@pytest.mark.parametrize("kind", PATHS)
def test_who_sees_the_submitted_work_of_all_does_not_learn_of_a_foreign_draft(
    app: Flask, bureau: SmallBureau, desk: At, kind: str
) -> None:
    changes: dict[str, Any] = {} if kind == "flow" else {"section": "环境监察大队"}
    body = BODIES[kind](**changes)
    if kind == "flow":
        for step in body["steps"]:
            step["section"] = "环境监察大队"
    record = walk.create(bureau, bureau.clerk2, kind, body, code=CODES[kind])
    chief = desk("chief")  # of another section, and a member of the leading group
    for method, rule in of_kind(app, kind):
        foreign, absent = (asked(chief, method, rule, number) for number in (record, ABSENT))
        assert (foreign.status, foreign.text) == (absent.status, absent.text), (method, rule)


@pytest.mark.parametrize("kind", PATHS)
def test_a_record_of_one_kind_is_not_reached_by_the_door_of_another(
    app: Flask, bureau: SmallBureau, desk: At, kind: str
) -> None:
    record, clerk = made(bureau, kind), desk("clerk")
    for other in PATHS.keys() - {kind}:
        for method, rule in of_kind(app, other):
            wrong, absent = (asked(clerk, method, rule, number) for number in (record, ABSENT))
            # 403 where the door is not this person's at all, whatever the number.
            assert (wrong.status, wrong.text) == (absent.status, absent.text), (method, rule)
            assert wrong.status in {403, 404}, (method, rule)


def test_when_an_item_moves_to_another_section_the_old_one_has_nothing_of_it_left(
    bureau: SmallBureau, desk: At
) -> None:
    record = made(bureau, "power", name="移交的事项")
    with bureau.database.writing() as session:  # who moves it is clerk of both
        since, section = clock.today(), bureau.sections["环境监察大队"]
        session.add(RoleTerm(person_id=bureau.clerk.person, role="clerk", section_id=section, since=since))
    old, new = desk("chief"), desk("clerk2")
    assert old.get(f"/powers/{record}/draft").status == 200
    assert new.get(f"/powers/{record}/draft").status == 404
    saved = {"seen_version": "1", "section": "环境监察大队", "joint_sections": "", "support_sections": ""}
    assert desk("clerk").post(f"/powers/{record}/draft", saved).status == 303
    assert new.get(f"/powers/{record}/draft").status == 200
    for path in ("", "/draft", "/compare"):
        assert old.get(f"/powers/{record}{path}").status == 404, path
    assert old.post(f"/powers/{record}/draft", {"seen_version": "2", "name": "改"}).status == 404
    assert "移交的事项" not in old.get("/powers").body + old.get("/worklist").body


def columns() -> list[str]:
    """The name of every column of every table, whatever it is."""
    assert all((accounts, directory, journal, laws, powers, publication, reviews, revisions))
    names = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    assert {"stage", "section_id", "withheld_by", "released_by", "password_hash", "is_open", "version"} <= names
    return sorted(names)


def test_no_column_is_set_through_any_form(
    app: Flask, bureau: SmallBureau, desk: At, dump: Callable[..., dict[str, Any]]
) -> None:
    """Every form is sent twice: as it is, and with every column of the database added to it."""
    outcomes = []
    for record_of in (dict, lambda form: {name: "1" for name in columns() if name not in form} | form):
        clerk = desk("clerk")
        before = dump()
        power = {"name": "新许可", "category": "licence", "section": "污染控制科"}
        location = clerk.post("/powers", record_of(power)).location.partition("?")[0]
        clerk.post(location, record_of({"seen_version": "1", "name": "改名"}))
        outline = {"outline": "1. 受理(窗口岗)2个工作日\n", "audience": "external", "start": "outline", "model": ""}
        chart = {"number": f"LC-QT-90{len(outcomes)}", "name": "备案", "section": "污染控制科", "series": "", **outline}
        assert clerk.post("/flows", record_of(chart)).status == 303
        asked_for = {"section": "污染控制科", "title": "方案", "category": "penalty", "kind": "for_now"}
        asked_for |= {"basis": "条例第8条", "reason": "未结束", "until": "结束", "power": "", "part": ""}
        location = clerk.post("/withholdings", record_of(asked_for)).location
        clerk.post(f"{location}/draft", record_of({"seen_version": "1", **asked_for, "reason": "改"}))
        after = dump()
        with bureau.database.reading() as session:
            rows = session.scalars(select(Record).order_by(Record.id.desc()).limit(3)).all()
            told = [(row.kind, row.stage, row.section_id, row.withheld_by) for row in rows]
        outcomes.append((told, {name for name in before if before[name] != after[name]}))
    assert outcomes[0][0] == outcomes[1][0]
    # A column that is named like a field of a form may be refused there; nothing more than a form's own is written.
    assert outcomes[1][1] <= outcomes[0][1]
    assert {row[1] for row in outcomes[0][0]} == {"draft"}
    assert app


def test_a_right_that_ended_while_a_draft_was_open_gives_back_what_was_typed(bureau: SmallBureau, desk: At) -> None:
    records = {kind: made(bureau, kind) for kind in PATHS}
    clerk = desk("clerk")
    pages = {kind: clerk.get(f"{PATHS[kind]}/{record}/draft") for kind, record in records.items()}
    assert {page.status for page in pages.values()} == {200}
    with bureau.database.writing() as session:
        ended = update(RoleTerm).where(RoleTerm.person_id == bureau.clerk.person)
        session.execute(ended.values(until=clock.today().replace(year=2001)))
    for kind, record in records.items():
        shown = clerk.post(
            f"{PATHS[kind]}/{record}/draft", {"seen_version": "1", "reason": "我写了很久的文字", "name": "名"}
        )
        assert shown.status in {403, 404}, kind
        assert "我写了很久的文字" in shown.body, kind
        with bureau.database.reading() as session:
            assert session.get_one(Draft, record).version == 1
