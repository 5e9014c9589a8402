"""Whole sets of people: the three administrators of a new installation, and the people of a bureau from a file."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Account, Appointment, Bureau, GroupMember, Person, Post, RoleTerm, Section
from webapp.accounts.passwords import canonical_username, hash_password, make_one_time_password
from webapp.accounts.signing_in import end_sign_ins
from webapp.db import Database
from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.policy import OUTSIDE, Role
from webapp.rules import RuleBroken

_FIRST = ((Role.SYSADMIN, "系统管理员"), (Role.SECADMIN, "安全管理员"), (Role.AUDITOR, "审计员"))


def create_administrators(database: Database) -> list[tuple[str, str]]:
    """Make the three administrators; returns (username, one-time password) of those that were not there yet.

    Idempotent. It takes the database because the passwords are hashed before the transaction begins.
    """
    with database.reading() as session:
        missing = [(role, name) for role, name in _FIRST if not _is_there(session, role)]
    made = [(role, name, make_one_time_password()) for role, name in missing]
    created = []
    if not made:
        return []
    with database.writing() as session:
        for role, name, password in made:
            if _is_there(session, role):
                continue  # another process was quicker
            account = _new_account(session, Person(name=name), role.value, password.hash, must_change=True)
            session.add(RoleTerm(person_id=account.person_id, role=role, since=clock.today()))
            session.flush()
            journal.write(session, None, "create_administrator", f"account:{account.id}", {"role": role.value})
            created.append((role.value, password.text))
    return created


def load_people(
    session: Session,
    data: Mapping[str, Any],
    password_for: Callable[[str], str],
    *,
    external_sign_in: bool = False,
) -> dict[str, int]:
    """Load a bureau's people (shape of `webapp/sample/data/people.json`) where there are none; returns counts.

    Administrators made by `create_administrators` are taken over under the same names. Accounts of the city's people
    exist only with `external_sign_in`. Call it first in its transaction: passwords are hashed before the first
    statement. Raises RuleBroken if the bureau has been loaded already.
    """
    hashes = _hashes(data["people"], password_for)
    if session.get(Bureau, 1) is not None:
        raise RuleBroken("库中已有本局的科室和人员，不能再次装入。")
    sections = _add_sections(session, data["sections"])
    posts = {(post.section_id, post.name): post.id for post in session.scalars(select(Post))}
    group = data["leading_group"]
    session.add(
        Bureau(
            id=1,
            name=data["bureau"]["name"],
            code_prefix=data["bureau"]["code_prefix"],
            index_prefix=data["bureau"].get("index_prefix", ""),
            group_document=group["document"],
            host_section_id=sections[group["office_section"]],
        ),
    )
    accounts = 0
    for row in data["people"]:
        person = _taken_over(session, row)
        accounts += _add_account(session, person, row, hashes, external_sign_in=external_sign_in)
        _add_terms(session, person, row, sections, posts)
    session.flush()
    counts = {"sections": len(sections), "posts": len(posts), "people": len(data["people"]), "accounts": accounts}
    journal.write(session, None, "load_people", "bureau:1", {**counts, "data": digest(data)})
    return counts


def _hashes(people: Sequence[Mapping[str, Any]], password_for: Callable[[str], str]) -> dict[str, str]:
    # In the demonstration all have one password; hashing it once saves a second.
    texts = {row["username"]: password_for(row["username"]) for row in people if row["username"]}
    by_text = {text: hash_password(text) for text in sorted(set(texts.values()))}
    return {username: by_text[text] for username, text in texts.items()}


def _add_sections(session: Session, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    for position, row in enumerate(rows, 1):
        section = Section(
            name=row["name"], slug=row["slug"], kind=row["kind"], contact=row["contact"] or "", position=position
        )
        session.add(section)
        session.flush()
        session.add_all(
            Post(section_id=section.id, name=post["name"], purpose=post.get("purpose", "")) for post in row["posts"]
        )
    session.flush()
    return {section.name: section.id for section in session.scalars(select(Section))}


def _taken_over(session: Session, row: Mapping[str, Any]) -> Person:
    account = session.scalars(select(Account).where(Account.username == (row["username"] or ""))).one_or_none()
    if account is None:
        person = Person(name=row["name"], note=row.get("note", ""))
        session.add(person)
    else:
        person = account.person
        person.name, person.note = row["name"], row.get("note", "")
        session.execute(delete(RoleTerm).where(RoleTerm.person_id == person.id))
        end_sign_ins(session, account.id)
    session.flush()
    return person


def _add_account(
    session: Session,
    person: Person,
    row: Mapping[str, Any],
    hashes: Mapping[str, str],
    *,
    external_sign_in: bool,
) -> int:
    outside = {Role(term["role"]) for term in row["roles"]} & OUTSIDE
    if not row["username"] or (outside and not external_sign_in):
        return 0
    password_hash = hashes[row["username"]]
    account = session.scalars(select(Account).where(Account.person_id == person.id)).one_or_none()
    if account is None:
        account = _new_account(session, person, row["username"], password_hash, must_change=False)
    account.password_hash, account.password_set_at = password_hash, clock.wall_now()
    account.must_change_password, account.is_active = False, bool(row["active"])
    return 1


def _add_terms(
    session: Session,
    person: Person,
    row: Mapping[str, Any],
    sections: Mapping[str, int],
    posts: Mapping[tuple[int, str], int],
) -> None:
    for held in row["posts"]:
        session.add(
            Appointment(
                person_id=person.id,
                post_id=posts[sections[held["section"]], held["post"]],
                since=date.fromisoformat(held["from"]),
                until=_day(held["to"]),
                is_acting=bool(held.get("acting")),
            ),
        )
    for term in row["roles"]:
        section = sections[term["section"]] if term["section"] else None
        since, until = date.fromisoformat(term["from"]), _day(term["to"])
        session.add(
            RoleTerm(person_id=person.id, role=Role(term["role"]), section_id=section, since=since, until=until)
        )
    if row["group"]:
        seat = row["group"]
        since, until = date.fromisoformat(seat["from"]), _day(seat["to"])
        session.add(GroupMember(person_id=person.id, post=seat["post"], since=since, until=until))


def _new_account(session: Session, person: Person, username: str, password_hash: str, *, must_change: bool) -> Account:
    account = Account(
        person=person,
        username=canonical_username(username),
        password_hash=password_hash,
        password_set_at=clock.wall_now(),
        must_change_password=must_change,
    )
    session.add_all([person, account])
    session.flush()
    return account


def _is_there(session: Session, role: Role) -> bool:
    return session.scalar(select(Account.id).where(Account.username == role.value)) is not None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
