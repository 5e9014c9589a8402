"""Commands over an installation of the test's own, and one demonstration made once for all tests."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from harness.commands import CommandLine, command_line
from harness.servers import SAMPLE_PASSWORD
from harness.states import States
from webapp.commands.demo import make
from webapp.config import Settings, load_settings
from webapp.db import Database

Begin = Callable[[str, Callable[[CommandLine], None]], CommandLine]


@pytest.fixture
def zhiquan(settings: Settings, database_url: str) -> CommandLine:
    """The command line of an installation with the schema and no rows."""
    return command_line(settings.instance, database_url)


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory) -> States:
    """States of installations that several tests begin at."""
    return States(tmp_path_factory.mktemp("states"))


@pytest.fixture
def begin(states: States, settings: Settings, database_kind: str, request: pytest.FixtureRequest) -> Begin:
    """Bring the test's installation into a state, by name and by how it is made from nothing."""
    server = request.getfixturevalue("postgresql_template") if database_kind == "postgresql" else None
    return lambda name, make: states.bring(name, settings, server, make)


@pytest.fixture
def people(begin: Begin) -> CommandLine:
    """The command line of an installation with the sample bureau's people."""
    return begin("people", load_people)


def load_people(zhiquan: CommandLine) -> None:
    """Load the sample bureau's people."""
    zhiquan("load-sample", "--only", "people")


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance folder of a demonstration, made once for all workers of a run; to be read or copied only."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own  # else the parent is of all runs ever
    instance = shared / "demo-of-all-workers"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (instance / "demo.json").exists():
            settings = load_settings({"ZHIQUAN_INSTANCE": str(instance), "ZHIQUAN_DEMO_PASSWORD": SAMPLE_PASSWORD})
            make(replace(settings, today=None))
    return instance


@pytest.fixture
def demo_copy(made_demo: Path, tmp_path: Path) -> Path:
    """A demonstration of the test's own."""
    return Path(shutil.copytree(made_demo, tmp_path / "demo"))


@pytest.fixture
def demo_database(demo_copy: Path) -> Iterator[Database]:
    """The database of a demonstration of the test's own."""
    database = Database(f"sqlite:///{demo_copy / 'zhiquan.sqlite'}")
    yield database
    database.close()
