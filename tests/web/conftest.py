"""Fixtures for tests of the staff app, on both databases; what they are made of is in `harness.visitors`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import MetaData

from harness.bureau import SmallBureau, found_bureau
from harness.desks import Desk
from harness.visitors import Maker, Visitor
from webapp.config import Settings, load_settings
from webapp.db import Database
from webapp.policy import Actor
from webapp.web.app import create_app


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The staff app, made once: compiling its templates takes longer than most tests."""
    app = create_app(load_settings({"ZHIQUAN_INSTANCE": str(tmp_path_factory.mktemp("shared-app"))}))
    app.extensions["zhiquan"].close()
    return app


@pytest.fixture
def app(shared_app: Flask, settings: Settings, database: Database) -> Flask:
    """The staff app on an empty database."""
    shared_app.extensions.update({"zhiquan": database, "zhiquan.settings": settings})
    return shared_app


@pytest.fixture
def new_app(settings: Settings) -> Iterator[Callable[..., Flask]]:
    """Make further apps on the same database, each like another worker; told settings may differ."""
    made: list[Flask] = []

    def another(**told: object) -> Flask:
        made.append(create_app(replace(settings, **told)))  # type: ignore[arg-type]
        return made[-1]

    yield another
    for app in made:
        app.extensions["zhiquan"].close()


@pytest.fixture
def make(database: Database) -> Maker:
    """What makes people."""
    return Maker(database)


@pytest.fixture
def visitor(app: Flask, make: Maker) -> Visitor:  # noqa: ARG001 - a bureau has its name
    """Somebody who is not signed in."""
    return Visitor(app)


@pytest.fixture
def new_visitor(app: Flask) -> Callable[[], Visitor]:
    """Somebody else at another machine, each time."""
    return lambda: Visitor(app)


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Actor | str], Visitor]:
    """Sign somebody in through the form; returns him at his browser."""

    def at_his_browser(who: Actor | str) -> Visitor:
        visitor = Visitor(app)
        shown = visitor.signs_in(who if isinstance(who, str) else who.username)
        assert shown.status == 303, shown.text
        return visitor

    return at_his_browser


@pytest.fixture
def bureau(database: Database) -> SmallBureau:
    """The small bureau of `harness.bureau` in the test's database."""
    return found_bureau(database)


@pytest.fixture
def desk(app: Flask, bureau: SmallBureau) -> Callable[[str], Desk]:
    """Sign in a person of the small bureau by his username."""
    return lambda username: Desk(app, bureau, username)


@pytest.fixture
def dump(database: Database) -> Callable[..., dict[str, list[tuple[Any, ...]]]]:
    """The whole content of the database, without the tables named."""

    def content(*without: str) -> dict[str, list[tuple[Any, ...]]]:
        metadata = MetaData()
        metadata.reflect(database.engine)
        with database.engine.connect() as connection:
            return {
                name: sorted(tuple(row) for row in connection.execute(table.select()))
                for name, table in metadata.tables.items()
                if name not in without
            }

    return content
