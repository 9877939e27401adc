"""PostgreSQL: the same plain functions of a Connection, run through the async engine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import URL, Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.faults import Fault, StorageError, fault_of, of_database, passes

T = TypeVar("T")

_TRIES = 3
_KEYS_ANEW = "VACUUM (FULL) person_key"  # a plain one leaves bytes behind; the table is small


def postgres_engine(address: URL, *, bounded: bool = True) -> AsyncEngine:
    """An engine for a server, with our settings. `bounded`: it does not wait for a lock for ever."""
    engine = create_async_engine(address, hide_parameters=True, pool_pre_ping=True)
    if bounded:
        event.listen(engine.sync_engine, "connect", _set_up)
    return engine


def _set_up(raw: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = raw.cursor()
    cursor.execute(
        "SET lock_timeout = '5s'"
    )  # as long as SQLite waits: then it is told who stands in the way
    cursor.close()
    raw.commit()


@dataclass(slots=True, eq=False)
class PostgresDatabase:
    """A Database on a PostgreSQL server."""

    engine: AsyncEngine
    _closed: bool = False

    async def transact(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction; again if another one stood in its way."""
        fault = Fault.CLOSED
        for _ in range(0 if self._closed else _TRIES):
            try:
                async with self.engine.begin() as connection:
                    return await connection.run_sync(work)
            except Exception as error:
                if not of_database(error):
                    raise
                fault = fault_of(error)
                if not passes(error):
                    break
        raise StorageError(fault)  # outside the except block: the driver's words stay there

    async def scrub(self, *, keys: bool = True) -> bool:
        """Write the table of keys anew, without those that were destroyed. False: somebody reads it.

        All else that was deleted, the log and the backups are the server's to vacuum and expire.
        """
        if not keys:
            return True
        try:
            async with self.engine.connect() as connection:
                alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
                await alone.exec_driver_sql(_KEYS_ANEW)
        except Exception as error:
            if not of_database(error):
                raise
            return False
        return True

    async def alone(self) -> bool:
        """Nobody is alone on a server."""
        return False

    async def close(self) -> None:
        """Close all connections."""
        self._closed = True
        await self.engine.dispose()
