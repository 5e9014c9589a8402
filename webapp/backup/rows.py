"""Rows of a database as JSON lines and back, by the schema the database has, so that an older one can be kept too.

Moments are ISO 8601 in UTC, days ISO 8601, the rest as JSON has it: the same line from SQLite and from PostgreSQL.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Date, DateTime, MetaData, Table, func, select, text

from webapp.digests import canonical

# Who is signed in and who ticks is of the moment: a restored sign-in would open a door that was closed.
OF_THE_MOMENT = frozenset({"sign_in", "lease"})
_VERSION_TABLE = "alembic_version"
_BATCH = 500


def tables_of(connection: Connection) -> list[Table]:
    """Return the tables of the database, each after those it refers to."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != _VERSION_TABLE]


def kept_tables(connection: Connection) -> list[Table]:
    """Return the tables whose rows a backup keeps."""
    return [table for table in tables_of(connection) if table.name not in OF_THE_MOMENT]


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield the rows of a table in the order of their keys, a line each."""
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_BATCH)
    with connection.execute(query) as rows:
        for row in rows.mappings():
            yield canonical({name: _told(value) for name, value in row.items()}).encode() + b"\n"


def load(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert rows into an empty table; return how many.

    A column that refers to the table itself is filled when all rows are there: a row may point to a later one.
    """
    own = [name for name, column in table.columns.items() if any(k.column.table is table for k in column.foreign_keys)]
    key = table.primary_key.columns
    later: list[tuple[dict[str, Any], dict[str, Any]]] = []
    count = 0
    source = iter(rows)
    while batch := [_read(table, row) for row in islice(source, _BATCH)]:
        for row in batch:
            refers = {name: row[name] for name in own if row[name] is not None}
            if refers:
                later.append(({column.name: row[column.name] for column in key}, refers))
                row.update(dict.fromkeys(refers))
        connection.execute(table.insert(), batch)
        count += len(batch)
    for identity, refers in later:
        where = [table.c[name] == value for name, value in identity.items()]
        connection.execute(table.update().where(*where).values(refers))
    return count


def is_empty(connection: Connection) -> bool:
    """Say whether the database holds nothing that a backup would keep."""
    return all(connection.execute(select(table).limit(1)).first() is None for table in kept_tables(connection))


def set_sequences(connection: Connection, tables: Iterable[Table]) -> None:
    """Let PostgreSQL number on after the highest key; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key.columns:
            named = select(func.pg_get_serial_sequence(table.name, column.name))
            highest = connection.scalar(select(func.max(column)))
            if (sequence := connection.scalar(named)) and highest is not None:
                connection.execute(
                    text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest}
                )


def _told(value: object) -> object:
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment.isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _read(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    if set(row) != set(table.columns.keys()):
        raise ValueError("columns of another schema")
    return {name: _typed(table.columns[name].type, value) for name, value in row.items()}


def _typed(kind: object, value: Any) -> Any:  # noqa: ANN401 - a value of any column
    if value is None:
        return None
    if isinstance(kind, DateTime):
        moment = datetime.fromisoformat(value)
        return moment if kind.timezone else moment.replace(tzinfo=None)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
