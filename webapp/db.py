"""The database: one base class, typed columns, and sessions that either read or write.

Writes on SQLite begin with BEGIN IMMEDIATE (a deferred begin that upgrades gave 5,098 lock errors in six seconds under
eight writers), reads with BEGIN. Nothing is drawn, hashed at length or rendered while a writing session is open.
Text is compared byte by byte on both databases (`COLLATE "C"` on PostgreSQL), so order is the same.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from sqlalchemy import DateTime, Engine, MetaData, Text, create_engine, event, make_url
from sqlalchemy.engine import URL, Connection, Dialect
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator, TypeEngine

from webapp.rules import RuleBroken

LOCK_PATIENCE = 15_000  # milliseconds that a writer waits for another before it is told that the system is busy
# The "WAL-reset" bug of SQLite 3.7.0-3.51.2 can lose data with several connections; these carry the mend.
_MENDED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))


class Base(DeclarativeBase):
    """Base of all tables; constraint names are given, so that migrations can name what they change."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        },
    )


class PlainText(TypeDecorator[str]):
    """Text compared by code point on both databases."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Give PostgreSQL the collation SQLite has by nature."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        """PostgreSQL keeps the zone; SQLite has none and gets UTC."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment; hand over UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment without its zone")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base class's
        """Return an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def is_mended(version: tuple[int, ...]) -> bool:
    """Say whether an SQLite version is free of the WAL-reset bug."""
    return version >= _MENDED[-1] or any(mend[:2] == version[:2] and version >= mend for mend in _MENDED)


def sqlite_driver() -> ModuleType:
    """Return the SQLite driver to use: the interpreter's own where it is mended, else the one of `pysqlite3`."""
    if is_mended(sqlite3.sqlite_version_info):
        return sqlite3
    import pysqlite3.dbapi2  # noqa: PLC0415 - needed only beside an old interpreter

    module: ModuleType = pysqlite3.dbapi2
    return module


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver is chosen at run time
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={LOCK_PATIENCE}"):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


class Database:
    """The one database of an installation, with a session for reading and one for writing."""

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine = create_engine(self.url, module=sqlite_driver(), connect_args={"check_same_thread": False})
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            # By itself PostgreSQL waits for a lock for ever, and with it everybody behind a process that was stopped.
            waiting = {"options": f"-c lock_timeout={LOCK_PATIENCE}"}
            self.engine = create_engine(self.url, pool_pre_ping=True, connect_args=waiting)
        self._reader: Engine = self.engine.execution_options(postgresql_readonly=True)
        self._writer: Engine = self.engine.execution_options(writing=True)

    def open_reader(self) -> Session:
        """Open a session that only reads; the caller closes it."""
        return Session(self._reader, autoflush=False, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that only reads; whatever it holds is thrown away."""
        with self.open_reader() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open one transaction; it is committed at the end of the block and rolled back by any error.

        A lock that could not be had within 15 s and a rule kept by the database itself are told as sentences.
        """
        try:
            with Session(self._writer, expire_on_commit=False) as session, session.begin():
                yield session
        except IntegrityError as error:
            raise RuleBroken("同一事项刚刚被他人处理，本次操作未保存。请刷新页面后再试。") from error
        except OperationalError as error:
            raise (NoRoom() if _lacks_room(error) else Busy()) from error

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


class Busy(RuleBroken):
    """The database did not answer in time."""

    status = 503

    def __init__(self) -> None:
        super().__init__("系统正忙，本次操作未保存。请稍候再试；仍不成功的，请联系系统管理员。")


class NoRoom(RuleBroken):
    """The database could not be written: the disk is full or refuses."""

    status = 503

    def __init__(self) -> None:
        super().__init__("服务器磁盘已满或不能写入，本次操作未保存。请联系系统管理员清理磁盘后再试。")


def _lacks_room(error: OperationalError) -> bool:
    """Say whether a write failed for want of room: SQLite tells by its words, PostgreSQL by class 53 (53100)."""
    if getattr(error.orig, "sqlstate", None) == "53100":
        return True
    return any(words in str(error.orig) for words in ("disk is full", "disk I/O error", "readonly database"))
