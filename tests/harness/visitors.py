"""The staff app for tests: people made to order, visitors with a browser each, answers read as a browser reads."""

from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from itertools import count
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from webapp import clock
from webapp.accounts.models import Account, Bureau, Person, RoleTerm, Section
from webapp.accounts.passwords import hash_password
from webapp.accounts.reading import actor_of
from webapp.db import Database
from webapp.policy import Actor, Role

if TYPE_CHECKING:
    from flask.testing import FlaskClient

PASSWORD = "Zhiquan-2008"
OURS = {"Sec-Fetch-Site": "same-origin"}
_HASH = hash_password(PASSWORD)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


@dataclass
class Form:
    """A form as it stands on a page."""

    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: dict[str, list[str]] = {"title": [], "h1": [], "main": []}
        self.h1s = 0
        self.ids: list[str] = []
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.tags.append((tag, named))
        if "id" in named:
            self.ids.append(named["id"])
        if tag == "h1":
            self.h1s += 1
        if tag == "a" and "href" in named:
            self.links.append(named["href"])
        if tag == "form":
            self.forms.append(Form(named.get("method", "get"), named.get("action", "")))
        if tag == "input" and "name" in named and self.forms:
            self.forms[-1].fields[named["name"]] = named.get("value", "")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        for place, words in self.words.items():
            if place in self.open:
                words.append(data)

    def said(self, place: str) -> str:
        return " ".join(" ".join(self.words[place]).split())


class Shown:
    """An answer, as somebody at the screen sees it."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.body = response.get_data(as_text=True)
        response.close()
        self.location = response.headers.get("Location", "")
        read = _Reader(self.body if response.mimetype == "text/html" else "")
        self.is_fragment = "<html" not in self.body
        self.title, self.h1, self.h1s = read.said("title"), read.said("h1"), read.h1s
        self.text = read.said("main") if not self.is_fragment else " ".join(self.body.split())
        self.ids, self.links, self.forms, self.tags = read.ids, read.links, read.forms, read.tags

    def form(self, action: str) -> Form:
        """Return the form that posts to an address."""
        return next(form for form in self.forms if form.action == action)


class Visitor:
    """Somebody with a browser of his own, signed in or not; his requests come from our pages unless told otherwise."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, address: str, *, fragment: bool = False, **headers: str) -> Shown:
        """Ask for a page, or for part of one."""
        return Shown(self.client.get(address, headers=_headers(headers, fragment=fragment)))

    def post(
        self, address: str, fields: dict[str, Any] | None = None, *, fragment: bool = False, **headers: str
    ) -> Shown:
        """Send a form."""
        return Shown(self.client.post(address, data=fields or {}, headers=_headers(headers, fragment=fragment)))

    def signs_in(self, username: str, password: str = PASSWORD, **fields: str) -> Shown:
        """Fill in the sign-in form."""
        return self.post("/sign-in", {"username": username, "password": password, **fields})

    @property
    def cookie(self) -> str:
        """The session cookie as the browser keeps it."""
        kept = self.client.get_cookie("zhiquan")
        return kept.value if kept else ""

    def keeps_cookie(self, value: str) -> None:
        """Put a cookie into the browser."""
        self.client.set_cookie("zhiquan", value)


def _headers(given: dict[str, str], *, fragment: bool) -> dict[str, str]:
    named = {name.replace("_", "-"): value for name, value in given.items() if value}
    ours = {} if "Sec_Fetch_Site" in given else OURS
    return {**ours, **({"HX-Request": "true"} if fragment else {}), **named}


class Maker:
    """Makes people of the bureau, straight into the database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._numbers = count(1)
        with database.writing() as session:
            if session.get(Bureau, 1) is None:
                session.add(Bureau(id=1, name="金坛市环境保护局", code_prefix="JTHB"))

    def section(self, name: str, kind: str = "section") -> int:
        """Return the number of a section, made if it is not there."""
        with self.database.writing() as session:
            found = session.scalars(select(Section).where(Section.name == name)).one_or_none()
            if found is None:
                number = next(self._numbers)
                found = Section(name=name, slug=f"made-{number}", kind=kind, position=number)
                session.add(found)
                session.flush()
            return found.id

    def account(
        self, *roles: Role, section: str | None = None, username: str | None = None, **columns: object
    ) -> Actor:
        """Make a person with an account and roles; section roles are for `section`. Returns the actor of today."""
        number = next(self._numbers)
        section_id = self.section(section) if section else None
        with self.database.writing() as session:
            person = Person(name=f"拟例{number}")
            account = Account(
                person=person,
                username=username or f"made{number}",
                password_hash=_HASH,
                **{"password_set_at": clock.wall_now(), **columns},
            )
            session.add(account)
            session.flush()
            for role in roles:
                held = section_id if role in {Role.CLERK, Role.CHIEF} else None
                session.add(RoleTerm(person_id=person.id, role=role, section_id=held, since=date(2000, 1, 1)))
            account_id = account.id
        with self.database.reading() as session:
            actor = actor_of(session, account_id)
        return actor or Actor(account=account_id, person=person.id, name=person.name, username=account.username)
