"""Migrations on both databases: up, down and up again with rows; the schema of the models; nothing half or newer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from harness.bureau import SAMPLE
from harness.commands import CommandLine, command_line
from harness.databases import all_tables, only_sqlite
from webapp import schema
from webapp.backup import rows
from webapp.config import Settings
from webapp.db import Database
from webapp.rules import Misconfigured


@pytest.fixture
def filled(settings: Settings, database_url: str) -> CommandLine:
    """An installation with the sample bureau and its catalogue as drafts."""
    zhiquan = command_line(settings.instance, database_url)
    zhiquan("load-sample", "--only", "people")
    zhiquan("import", SAMPLE, "--as", "office")
    return zhiquan


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    """A database without even tables."""
    database = Database(empty_database_url)
    yield database
    database.close()


_PRAGMAS = {"synchronous": 2, "foreign_keys": 1, "journal_mode": "wal", "busy_timeout": 15000}


def stand_ahead(patch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Be the newer version from here on."""
    patch.setattr(schema, "_FOLDER", tmp_path / "ahead")


def counts_of(database: Database) -> dict[str, int]:
    with database.engine.connect() as connection:
        names = [table.name for table in rows.kept_tables(connection)]
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}  # noqa: S608 - our own tables


def test_the_migrations_make_the_schema_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, all_tables()) == []


def test_up_down_and_up_leaves_nothing_between(empty: Database) -> None:
    for _ in range(2):
        schema.migrate(empty)
        assert schema.current(empty) == schema.head()
        schema.migrate(empty, "base")
        with empty.engine.connect() as connection:
            assert rows.tables_of(connection) == []
            if not empty.is_sqlite:
                left = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
                assert connection.execute(text(left)).scalar_one() == 0


def test_a_database_with_rows_goes_down_and_up(filled: CommandLine, database: Database) -> None:
    schema.migrate(database, "base")
    schema.migrate(database)

    assert set(counts_of(database).values()) == {0}
    assert "0条" in filled("verify-journal")


def test_an_upgrade_keeps_every_row_and_backs_up_first(
    filled: CommandLine, database: Database, settings: Settings, ahead: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = counts_of(database)
    database.close()
    stand_ahead(ahead, tmp_path)
    assert "zhiquan init" in filled.refused("verify-journal")

    said = filled("init")

    (kept,) = (settings.instance / "backups").iterdir()
    assert kept.name in said
    assert counts_of(database) == {**before, "later": 0}
    assert "相符" in filled("verify-journal")
    if database.is_sqlite:
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    database.close()

    # The backup of the older version is restored by the newer one, and brought up on the way.
    other = command_line(tmp_path / "other")
    other("restore", kept)
    restored = Database(f"sqlite:///{tmp_path / 'other' / 'zhiquan.sqlite'}")
    assert counts_of(restored) == {**before, "later": 0}
    restored.close()

    schema.migrate(database, "0001")
    assert counts_of(database) == before
    schema.migrate(database)


def test_a_migration_that_fails_leaves_the_old_schema(
    filled: CommandLine, database: Database, ahead: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = counts_of(database)
    file = tmp_path / "ahead" / "0999_ahead.py"
    broken = file.read_text(encoding="utf-8").replace(
        '    op.create_table("later"', '    op.execute("SELECT * FROM no_such_table")\n    op.create_table("later"'
    )
    file.write_text(broken, encoding="utf-8")
    head = schema.head()
    stand_ahead(ahead, tmp_path)

    assert "no_such_table" in filled.refused("init")

    assert schema.current(database) == head
    assert counts_of(database) == before
    with database.engine.connect() as connection:
        person = next(table for table in rows.tables_of(connection) if table.name == "person")
    assert "title" not in person.columns


def test_a_newer_database_is_refused_in_words(
    filled: CommandLine, database: Database, ahead: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with ahead.context() as newer:
        stand_ahead(newer, tmp_path)
        schema.migrate(database)
    before = counts_of(database)

    assert "更新的版本" in filled.refused("init")
    with pytest.raises(Misconfigured, match="更新的版本"):
        schema.migrate(database)
    filled.refused("serve")
    assert counts_of(database) == before


@only_sqlite
def test_every_connection_of_the_pool_waits_for_the_disk_and_keeps_foreign_keys(database: Database) -> None:
    opened = [database.engine.connect() for _ in range(8)]
    for connection in opened:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in _PRAGMAS}
        connection.close()
        assert found == _PRAGMAS
