"""The law library: loaded once, mended later, read in one query, and the sample entries judged by it."""

import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from webapp.db import Database
from webapp.journal.models import JournalEntry
from webapp.laws.models import ArticleSuccessor, LawVersion
from webapp.laws.operations import load_library
from webapp.laws.reading import read_library
from webapp.laws.validity import State
from webapp.rules import RuleBroken

DATA: dict[str, Any] = json.loads(Path("webapp/sample/data/laws.json").read_text(encoding="utf-8"))


def test_the_sample_library_is_loaded_once(database: Database) -> None:
    with database.writing() as session:
        assert load_library(session, DATA, by=None) > 0
    with database.writing() as session:
        assert load_library(session, DATA, by=None) == 0
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LawVersion)) == 115
        assert session.scalar(select(func.count()).select_from(ArticleSuccessor)) == 6
        assert session.scalar(select(func.count()).select_from(JournalEntry)) == 1


def test_a_later_list_mends_what_differs_and_removes_nothing(database: Database) -> None:
    with database.writing() as session:
        load_library(session, DATA, by=None)
    later = {"laws": [deepcopy(DATA["laws"][0])]}
    later["laws"][0]["aliases"].append("水防治法")
    later["laws"][0]["versions"][-1]["repealed"] = "2030-01-01"
    with database.writing() as session:
        assert load_library(session, later, by=None) == 2
    with database.reading() as session:
        library = read_library(session)
    assert len(library.laws) == 70
    law = library.law("水防治法")
    assert law is not None
    assert law.editions[-1].repealed == date(2030, 1, 1)


def test_the_library_is_read_in_one_query(database: Database) -> None:
    with database.writing() as session:
        load_library(session, DATA, by=None)
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with database.reading() as session:
        library = read_library(session)
    assert len([text for text in statements if text.lstrip().upper().startswith("SELECT")]) == 1
    assert len(library.laws) == 70
    assert sum(len(law.editions) for law in library.laws) == 115


def test_the_sample_entries_stand_on_law_in_force_on_their_reference_date(database: Database) -> None:
    with database.writing() as session:
        load_library(session, DATA, by=None)
    with database.reading() as session:
        library = read_library(session)
    lines = Path("webapp/sample/data/catalogue.jsonl").read_text(encoding="utf-8").splitlines()
    powers = [record for line in lines if (record := json.loads(line))["record"] == "power"]
    states = [library.judge(row, power["reference_date"]).state for power in powers for row in power["basis"]]
    assert len(states) == 912
    assert set(states) == {State.OK, State.UNKNOWN}  # unknown: documents whose dates nobody has found
    assert library.judge(powers[0]["basis"][0], "2026-11-24").state is State.ENDED


def test_one_short_name_cannot_mean_two_laws(database: Database) -> None:
    clash = {"laws": [{"name": "甲法", "aliases": ["简称"]}, {"name": "乙法", "aliases": ["简称"]}]}
    with pytest.raises(RuleBroken, match="简称“简称”已用于“甲法”"), database.writing() as session:
        load_library(session, clash, by=None)


@pytest.mark.parametrize(
    "version",
    [
        {"edition": "2008", "in_force": "2008-13-01"},
        {"edition": "2008", "in_force": "2008-06-01", "repealed": "2008-06-01"},
    ],
)
def test_impossible_dates_are_refused(database: Database, version: dict[str, str]) -> None:
    with pytest.raises(RuleBroken, match="日期"), database.writing() as session:
        load_library(session, {"laws": [{"name": "甲法", "versions": [version]}]}, by=None)
