"""The files of the sample bureau, read as they are. All persons and telephone numbers in them are invented."""

import csv
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"
CATALOGUE = FOLDER / "catalogue.jsonl"


def read_people() -> dict[str, Any]:
    """Return the bureau, its sections, posts and people."""
    return _object("people.json")


def read_laws() -> dict[str, Any]:
    """Return the library of laws."""
    return _object("laws.json")


def read_contacts() -> dict[str, Any]:
    """Return the directory's contacts by key."""
    contacts: dict[str, Any] = _object("directory.json")["contacts"]
    return contacts


def read_checklists() -> list[dict[str, Any]]:
    """Return the library of checklists."""
    found: list[dict[str, Any]] = _object("checklists.json")["checklists"]
    return found


def read_calendar_text() -> str:
    """Return the working-day calendar as text of rows."""
    return (FOLDER / "calendar.csv").read_text(encoding="utf-8")


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a csv file with a heading row."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def catalogue_lines() -> list[dict[str, Any]]:
    """Return the lines of the sample catalogue: flows, powers, withholdings."""
    return [json.loads(line) for line in CATALOGUE.read_text(encoding="utf-8").split("\n") if line]


def _object(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return content
