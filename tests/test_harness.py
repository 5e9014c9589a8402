"""The ground the tests stand on: two clean databases, no way out to the network, nothing left out unsaid."""

import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import text

from harness import needs
from harness.network import OutsideConnectionError
from harness.servers import run_command, serving
from webapp.config import Settings
from webapp.db import Database


@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_gets_a_database_without_rows(database: Database, turn: str) -> None:
    with database.writing() as session:
        assert session.execute(text("SELECT count(*) FROM person")).scalar() == 0
        session.execute(text("INSERT INTO person (name, note) VALUES (:turn, '')"), {"turn": turn})


def test_an_empty_database_has_no_tables(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    with database.reading() as session:
        catalogue = "sqlite_master" if database.is_sqlite else "pg_tables WHERE schemaname = 'public'"
        assert session.execute(text(f"SELECT count(*) FROM {catalogue}")).scalar() == 0  # noqa: S608 - our own two words
    database.close()


def test_settings_point_into_a_folder_of_the_test(settings: Settings, tmp_path: Path) -> None:
    assert settings.instance.is_relative_to(tmp_path)


@pytest.mark.parametrize("host", ["192.0.2.1", "example.com", "2001:db8::1"])
def test_a_test_cannot_reach_the_world(host: str) -> None:
    with pytest.raises(OutsideConnectionError):
        socket.create_connection((host, 80), timeout=1)


def test_a_misspelt_need_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIQUAN_REQUIRE", "postgres")
    with pytest.raises(ValueError, match="postgres"):
        needs.required()


def test_a_server_serves_until_the_block_ends(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    assert run_command(instance, "init").returncode == 0
    with serving(instance, "serve") as server, urllib.request.urlopen(f"{server.url}/healthz", timeout=5) as answer:
        assert answer.read() == b"ok"
    assert server.process.poll() is not None
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{server.url}/healthz", timeout=5)


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ZHIQUAN_TODAY"), serving(tmp_path / "i", settings={"TODAY": "昨天"}):
        pass
