"""The door to the database: `await database.transact(fn)`, where fn is a plain function of a Connection."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Protocol, TypeVar

from sqlalchemy import URL, Connection, inspect, make_url, text
from sqlalchemy.exc import ArgumentError

from storage.faults import Fault, StorageError
from storage.queued import QUEUE, queued
from storage.sqlite import SqliteDatabase, sqlite_engine
from storage.tables import REVISION, metadata

__all__ = ["Database", "Fault", "StorageError", "check", "open_database", "read_url", "usable"]

T = TypeVar("T")

_PORTS = 65535
_OPTIONS = frozenset({"ssl", "host", "port", "passfile", "target_session_attrs"})  # asyncpg's, as text
_SSL = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})


class Database(Protocol):
    """Where everything is kept."""

    async def transact(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction, all of it or nothing. It may be run again, so it changes nothing else.

        Raises StorageError, with the remedy, when the database cannot do its work; `work`'s own errors pass.
        """
        ...

    async def scrub(self, *, keys: bool = True) -> bool:
        """Let what was deleted leave the disk, as far as this database can; False: try again later.

        `keys`: whether keys of persons may be among it.
        """
        ...

    async def alone(self) -> bool:
        """Whether this process is the only one that sends from here, until it closes the database."""
        ...

    async def close(self) -> None:
        """Finish what waits and let go of the database."""
        ...


def open_database(url: str) -> Database:
    """A database by its address; nothing is opened until the first transaction. Raises StorageError."""
    address = read_url(url)
    if address.drivername == "sqlite":
        return SqliteDatabase(sqlite_engine(address))
    from storage.postgres import PostgresDatabase, postgres_engine  # noqa: PLC0415 - only for who has a server

    return PostgresDatabase(postgres_engine(address))


def read_url(url: str) -> URL:
    """The address, checked: sqlite:///file, postgresql://... or postgres://... Raises StorageError."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise StorageError(Fault.ADDRESS) from None
    if address.drivername == "sqlite":
        if address.query and not (address.database or "").startswith("file:"):  # switches that break ours
            raise StorageError(Fault.ADDRESS)
        return address
    if address.port is not None and address.port > _PORTS:
        raise StorageError(Fault.ADDRESS)
    if address.drivername not in {"postgres", "postgresql", "postgresql+asyncpg"}:
        raise StorageError(Fault.ADDRESS)
    if find_spec("asyncpg") is None:
        raise StorageError(Fault.DRIVER)
    return address.set(drivername="postgresql+asyncpg", query=_options(address))


def _options(address: URL) -> dict[str, str | tuple[str, ...]]:
    """What stands behind the "?", in asyncpg's words. Raises StorageError for what it does not know."""
    query = {key: value for key, value in address.query.items() if key != "channel_binding"}
    if "sslmode" in query:  # hosted databases hand out libpq's words; asyncpg calls it ssl
        query["ssl"] = query.pop("sslmode")
    if query.keys() - _OPTIONS or query.get("ssl", "require") not in _SSL:
        raise StorageError(Fault.OPTION)
    return query


def check(connection: Connection) -> None:
    """Whether the tables are those of this code. Raises StorageError: run migrate, or take the newer code."""
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is None or found < REVISION:
        raise StorageError(Fault.OLDER)
    if found > REVISION:
        raise StorageError(Fault.NEWER)
    there = inspect(connection).get_table_names()
    if metadata.tables.keys() - there:
        raise StorageError(Fault.INCOMPLETE)
    if queued(connection) and QUEUE not in there:
        raise StorageError(Fault.OLDER)


def usable(connection: Connection) -> None:
    """As `check`, and whether something can be written: whoever asks is answered by the disk itself."""
    check(connection)
    connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
