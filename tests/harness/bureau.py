"""A small bureau for tests of operations: sections, people with roles, and bodies of records to work on."""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Account, Appointment, Bureau, GroupMember, Person, Post, RoleTerm, Section
from webapp.accounts.reading import actor_by_username
from webapp.db import Database
from webapp.directory.operations import load_directory
from webapp.policy import Actor

_DATA = Path(__file__).resolve().parents[2] / "webapp" / "sample" / "data"
SAMPLE = _DATA / "catalogue.jsonl"
# username, section, roles (role, is it for the section)
PEOPLE = (
    ("clerk", "污染控制科", (("clerk", True),)),
    ("chief", "污染控制科", (("chief", True), ("member", False))),
    ("clerk2", "环境监察大队", (("clerk", True),)),
    ("chief2", "环境监察大队", (("chief", True),)),
    ("chief7", "财务科", (("chief", True),)),
    ("office", "宣教法制科", (("office", False),)),
    ("office2", "宣教法制科", (("office", False),)),
    ("legal", "宣教法制科", (("legal", False),)),
    ("clerk10", "宣教法制科", (("clerk", True),)),
    ("chief10", "宣教法制科", (("chief", True),)),
    ("publisher", "办公室", (("secrecy", False), ("publisher", False))),
    ("deputy", "局领导", (("leader", False), ("deputy", False))),
    ("sysadmin", "办公室", (("sysadmin", False),)),
    ("auditor", "办公室", (("auditor", False),)),
)
FOUNDED = date(2000, 1, 1)


@dataclass
class SmallBureau:
    """The database of a bureau and its people as actors."""

    database: Database
    sections: dict[str, int] = field(default_factory=dict)

    def __getattr__(self, username: str) -> Actor:
        with self.database.reading() as session:
            actor = actor_by_username(session, username)
        if actor is None:
            raise AttributeError(username)
        return actor


def found_bureau(database: Database) -> SmallBureau:
    """Fill an empty database with the bureau."""
    bureau = SmallBureau(database)
    with database.writing() as session:
        for place, given in enumerate(json.loads((_DATA / "people.json").read_text(encoding="utf-8"))["sections"]):
            row = Section(name=given["name"], slug=given["slug"], kind=given["kind"], position=place)
            session.add(row)
            session.flush()
            bureau.sections[row.name] = row.id
        directory = json.loads((_DATA / "directory.json").read_text(encoding="utf-8"))
        load_directory(session, directory["contacts"], by=None)
        session.add(
            Bureau(
                id=1,
                name="金坛市环境保护局",
                code_prefix="JTHB",
                index_prefix="014139054",
                group_document="坛环法〔2008〕第1号",
                host_section_id=bureau.sections["宣教法制科"],
            ),
        )
        for username, section, roles in PEOPLE:
            add_person(session, bureau, username, section, roles)
    return bureau


def add_person(
    session: Session,
    bureau: SmallBureau,
    username: str,
    section: str,
    roles: tuple[tuple[str, bool], ...],
) -> Person:
    """Add one person with an account, a post and roles, since ever."""
    person = Person(name=f"{username}例")
    post = Post(section_id=bureau.sections[section], name=f"{username}岗")
    session.add_all([person, post])
    session.flush()
    session.add_all(
        [
            Account(person_id=person.id, username=username, password_hash="-", password_set_at=clock.wall_now()),
            Appointment(person_id=person.id, post_id=post.id, since=FOUNDED),
            *(
                RoleTerm(
                    person_id=person.id,
                    role=role,
                    section_id=bureau.sections[section] if is_for_section else None,
                    since=FOUNDED,
                )
                for role, is_for_section in roles
            ),
        ],
    )
    if username == "deputy":
        session.add(GroupMember(person_id=person.id, post="副组长", since=FOUNDED))
    return person


@cache
def _sample() -> dict[str, dict[str, Any]]:
    lines = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    return {line.get("code") or line["number"]: line for line in lines}


def sample_lines() -> list[dict[str, Any]]:
    """Return all lines of the sample catalogue."""
    return deepcopy(list(_sample().values()))


def power_body(code: str = "JTHB-XK-001", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return the body of a sample power, changed, without chart unless one is given."""
    line = deepcopy(_sample()[code])
    body = {key: value for key, value in line.items() if key not in {"record", "code"}}
    return {**body, "section": "污染控制科", "flows": [], "flow_required": False, "flow_reason": "试验", **changes}


def flow_body(number: str = "LC-CF-02", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return the body of a sample chart, its steps moved to 污染控制科."""
    line = deepcopy(_sample()[number])
    for step in line["steps"]:
        step["section"] = "污染控制科"
    return {**line, **changes}


def withholding_body(number: str = "JTHB-BG-001", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return the body of a sample withholding, complete."""
    line = deepcopy(_sample()[number])
    return {**line, "section": "污染控制科", "basis": "政府信息公开条例第14条", **changes}
