"""Moves everything from one database into an empty one: from a file to a server, or back."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from storage.db import Database
from storage.tables import metadata

Rows = Mapping[str, Sequence[Mapping[str, Any]]]  # of each table

_AT_ONCE = 1000


class NotEmptyError(Exception):
    """There is something in the new database already."""


async def move(source: Database, target: Database) -> int:
    """Copy every row, or none; how many. The source is left as it is. NotEmptyError, StorageError."""
    rows = await source.transact(_read)
    await target.transact(lambda c: _write(c, rows))
    return sum(map(len, rows.values()))


def _read(connection: Connection) -> Rows:
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in metadata.sorted_tables
    }


def _write(connection: Connection, rows: Rows) -> None:
    for table in metadata.sorted_tables:  # parents first
        if connection.execute(select(table).limit(1)).first():
            raise NotEmptyError
        here = rows[table.name]
        for first in range(0, len(here), _AT_ONCE):
            connection.execute(insert(table), list(here[first : first + _AT_ONCE]))
        if connection.dialect.name == "postgresql" and "id" in table.c and here:
            _count_on(connection, table.name)
    connection.execute(text("ANALYZE"))  # or a server plans for empty tables until it has counted by itself


def _count_on(connection: Connection, name: str) -> None:
    """Let the server's own numbering go on behind the highest id that came along."""
    highest = select(func.max(metadata.tables[name].c.id)).scalar_subquery()
    sequence = func.pg_get_serial_sequence(text(f"'{name}'"), text("'id'"))
    connection.execute(select(func.setval(sequence, highest)))
