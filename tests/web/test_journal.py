"""The auditor's pages: reading, filtering, checking the chain."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from harness.databases import only_sqlite
from harness.visitors import Maker, Visitor
from webapp.db import Database
from webapp.journal import operations as journal
from webapp.policy import Actor, Role

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def clerk(make: Maker) -> Actor:
    return make.account(Role.CLERK, section="污染控制科")


@pytest.fixture
def auditor(make: Maker, sign_in: Callable[[Actor], Visitor]) -> Visitor:
    return sign_in(make.account(Role.AUDITOR))


def _writes(database: Database, by: Actor, times: int) -> None:
    with database.writing() as session:
        for number in range(times):
            journal.write(session, by, "save_draft", f"power:{number % 7}", {"version": number, "note": HOSTILE})


def test_the_newest_comes_first_fifty_to_a_page(clerk: Actor, auditor: Visitor, database: Database) -> None:
    _writes(database, clerk, 60)
    first, second = auditor.get("/journal"), auditor.get("/journal?page=2")
    assert "共60条" in first.text
    assert "第 2 页，共 2 页" in second.text
    rows = [attrs for tag, attrs in first.tags if tag == "tr" and "data-row" in attrs]
    assert len(rows) == 50
    assert HOSTILE not in first.body


def test_one_subject_or_one_action(clerk: Actor, auditor: Visitor, database: Database) -> None:
    _writes(database, clerk, 14)
    assert "共2条" in auditor.get("/journal?subject=power:3").text
    assert "共14条" in auditor.get("/journal?action=save_draft").text
    assert "没有符合条件的记录" in auditor.get("/journal?subject=power:3&action=release").text
    assert auditor.get("/journal?subject=%27--&action=%25").status == 200


def test_what_an_entry_holds_is_said_in_words(clerk: Actor, auditor: Visitor, database: Database) -> None:
    with database.writing() as session:
        facts = {"stage": "bureau_decision", "items": [[3, "aa", "approve"], [4, "bb", "return"]]}
        journal.write(session, clerk, "record", "batch:4", facts)
        journal.write(session, clerk, "answer_problem", "power:3", {"problem": 4, "reply": "adopted"})
        journal.write(session, clerk, "grant_role", "person:5", {"role": "clerk", "section": 2})
    shown = auditor.get("/journal").text
    assert "事项数 2； 环节 局领导小组审定" in shown
    assert "事项数 2" in shown
    assert "答复 采纳" in shown
    assert "权限 填报人" in shown
    assert "bureau_decision" not in shown


def test_a_whole_chain_is_said_to_be_whole_with_its_limits(clerk: Actor, auditor: Visitor, database: Database) -> None:
    _writes(database, clerk, 5)
    shown = auditor.get("/journal/check")
    assert "日志完整" in shown.text
    assert "存放在系统外" in shown.text


@only_sqlite
def test_an_entry_changed_behind_our_back_is_named(
    clerk: Actor, auditor: Visitor, database: Database, dump: Callable[..., Any]
) -> None:
    _writes(database, clerk, 5)
    with database.engine.begin() as connection:
        for trigger in (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        ):
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text("UPDATE journal_entry SET facts = '{}' WHERE seq = 3"))
    before = dump("security_event")
    shown = auditor.get("/journal/check")
    assert "日志不完整" in shown.text
    assert "第3条内容与其校验值不符" in shown.text
    assert dump("security_event") == before  # checking changes nothing


def test_the_security_log_shows_who_was_refused(
    clerk: Actor, auditor: Visitor, sign_in: Callable[[Actor], Visitor]
) -> None:
    sign_in(clerk).get("/journal")
    shown = auditor.get("/security-log?kind=refused")
    assert clerk.username in shown.text
    assert "GET /journal" in shown.text
    assert "没有记录" in auditor.get("/security-log?kind=nothing").text
