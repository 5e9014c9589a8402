"""Telephones and places: versioned, refused by name where they are none."""

import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from webapp.db import Database
from webapp.directory.contacts import check_contacts, due_to_dial, public_contacts
from webapp.directory.models import DirectoryVersion
from webapp.directory.operations import load_directory
from webapp.directory.reading import current_directory
from webapp.journal.models import JournalEntry
from webapp.rules import RuleBroken

CONTACTS: dict[str, dict[str, Any]] = json.loads(
    Path("webapp/sample/data/directory.json").read_text(encoding="utf-8"),
)["contacts"]


def test_before_any_directory_there_is_an_empty_one(database: Database) -> None:
    with database.reading() as session:
        assert current_directory(session) == {}


def test_a_changed_telephone_makes_a_new_version_and_the_same_again_none(database: Database) -> None:
    later = deepcopy(CONTACTS)
    later["consult-finance"]["phone"] = "0519-80009999"
    for contacts in (CONTACTS, CONTACTS, later):
        with database.writing() as session:
            load_directory(session, contacts, by=None)
    with database.reading() as session:
        assert current_directory(session) == later
        assert session.scalar(select(func.count()).select_from(DirectoryVersion)) == 2
        assert session.scalar(select(func.count()).select_from(JournalEntry)) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"phone": "13812345678"},
        {"phone": "call me"},
        {"phone": ""},
        {"kind": "friend"},
        {"email": "no mail"},
        {"url": "javascript:alert(1)"},
        {"verified_on": "yesterday"},
        {"secret": "x"},
        {"hours": 8},
    ],
)
def test_what_is_no_contact_is_refused_by_name(database: Database, change: dict[str, Any]) -> None:
    contacts = {"consult-finance": {**CONTACTS["consult-finance"], **change}}
    with pytest.raises(RuleBroken, match="通讯目录“consult-finance”"), database.writing() as session:
        load_directory(session, contacts, by=None)


def test_the_sample_directory_has_no_faults() -> None:
    assert check_contacts(CONTACTS) == []


def test_only_listed_fields_of_a_contact_are_printed() -> None:
    printed = public_contacts({"a": {**CONTACTS["consult-finance"], "note": "CANARY"}})
    assert "CANARY" not in json.dumps(printed)
    assert "owner_post" not in printed["a"]
    assert printed["a"]["phone"] == CONTACTS["consult-finance"]["phone"]


def test_a_number_is_dialled_again_after_ninety_days() -> None:
    contact = {"verified_on": "2008-06-20"}
    assert not due_to_dial(contact, date(2008, 9, 18))
    assert due_to_dial(contact, date(2008, 9, 19))
    assert due_to_dial({}, date(2008, 7, 8))
