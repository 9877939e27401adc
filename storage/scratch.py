"""Databases of a moment on a server, and all that stands in a database, for whoever has to search it."""

import secrets

from sqlalchemy import Connection, inspect, select, table, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage.db import Database, StorageError, read_url
from storage.faults import fault_of, of_database

_SERVER = "AUTOCOMMIT"  # databases are not made in a transaction


async def create(url: str) -> str:
    """A new, empty database beside this one; its address. Whoever asks drops it. Raises StorageError."""
    name = f"breather_proof_{secrets.token_hex(6)}"
    await _run(url, f'CREATE DATABASE "{name}"')
    address = read_url(url).set(database=name, drivername="postgresql")
    return address.render_as_string(hide_password=False)


async def drop(url: str, made: str) -> None:
    """Let it go, whoever still uses it."""
    await _run(url, f'DROP DATABASE IF EXISTS "{read_url(made).database}" WITH (FORCE)')


async def _run(url: str, statement: str) -> None:
    """One statement to the server. Raises StorageError."""
    engine = create_async_engine(read_url(url), hide_parameters=True, isolation_level=_SERVER)
    try:
        async with engine.connect() as connection:
            await connection.execute(text(statement))
    except Exception as error:
        if not of_database(error):
            raise
        raise StorageError(fault_of(error)) from None
    finally:
        await engine.dispose()


async def contents(database: Database) -> dict[str, list[bytes]]:
    """Every row of every table, ours or not, as bytes."""
    return await database.transact(_contents)


def _contents(connection: Connection) -> dict[str, list[bytes]]:
    names = sorted(inspect(connection).get_table_names())
    return {name: _rows(connection, name) for name in names}


def _rows(connection: Connection, name: str) -> list[bytes]:
    rows = connection.execute(select(text("*")).select_from(table(name)))
    return [b"\x1f".join(_bytes(value) for value in row) for row in rows]


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else str(value).encode()
