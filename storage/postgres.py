"""PostgreSQL: the same plain functions of a Connection, run through the async engine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.faults import Fault, StorageError, fault_of, of_database, passes

T = TypeVar("T")

_TRIES = 3
_KEYS_ANEW = "VACUUM (FULL) person_key"  # a plain one leaves bytes behind; the table is small


def postgres_engine(address: URL) -> AsyncEngine:
    """An engine for a server, with our settings."""
    return create_async_engine(address, hide_parameters=True, pool_pre_ping=True)


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

    async def scrub(self) -> bool:
        """Write the table of keys anew, without those that were destroyed. False: somebody reads it.

        All else that was deleted, the log and the backups are the server's to vacuum and expire.
        """
        try:
            async with self.engine.connect() as connection:
                alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
                try:
                    await alone.exec_driver_sql("SET lock_timeout = '1s'")
                    await alone.exec_driver_sql(_KEYS_ANEW)
                finally:
                    await alone.exec_driver_sql("RESET lock_timeout")
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
