"""Bringing a database to the schema of this version: explicit transactions, foreign keys off, checked afterwards."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from webapp.db import Database
from webapp.rules import Misconfigured

_FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def head() -> str:
    """Return the newest revision of the schema."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if newest is None:
        raise Misconfigured("安装不完整：缺少 migrations 目录中的文件。")
    return newest


def current(database: Database) -> str | None:
    """Return the revision the database stands on, None for an empty one."""
    with database.engine.connect() as connection:
        return current_on(connection)


def current_on(connection: Connection) -> str | None:
    """Return the revision a connection's database stands on, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def is_known(revision: str) -> bool:
    """Say whether this version knows a revision; a newer version's it does not."""
    return any(known.revision == revision for known in ScriptDirectory.from_config(_config()).walk_revisions())


def migrate_on(connection: Connection, target: str = "head") -> None:
    """Bring a PostgreSQL database up or down inside the caller's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    _move(config, connection_revision=current_on(connection), to=target)


def migrate(database: Database, target: str = "head") -> None:
    """Bring the database up (or down) to a revision; everything or nothing.

    On SQLite a table that is rebuilt with foreign keys on loses its cascading children, so they are off meanwhile and
    checked before the commit.
    """
    if not database.is_sqlite:
        with database.engine.begin() as connection:
            migrate_on(connection, target)
        return
    config = _config()
    with database.engine.connect() as raw:
        raw.rollback()
        raw.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr] # checked out just above
        try:
            with raw.execution_options(writing=True).begin():
                config.attributes["connection"] = raw
                _move(config, connection_revision=current_on(raw), to=target)
                if broken := raw.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                    raise Misconfigured(f"升级后有{len(broken)}处关联失效，已全部撤回。请恢复备份并联系技术支持。")
        finally:
            raw.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr] # as above


def _move(config: Config, *, connection_revision: str | None, to: str) -> None:
    if connection_revision is not None and not is_known(connection_revision):
        raise Misconfigured("数据库由更新的版本建立，本版本不能使用。请安装不低于原来的版本。")
    if to == "base" or (to != "head" and connection_revision is not None and to < connection_revision):
        command.downgrade(config, to)
    else:
        command.upgrade(config, to)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER / "environment"))
    config.set_main_option("version_locations", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    return config
