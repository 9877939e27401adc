"""Which engine a database has: on PostgreSQL PgQueuer, where that is installed; else the pump."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from storage.db import read_url
from storage.engine import Engine, Pump
from storage.queued import installed, queued


def engine_on(url: str, now: Callable[[], datetime]) -> Engine:
    """The engine for the database at this address. Raises StorageError."""
    address = read_url(url)
    if address.drivername == "sqlite" or not installed():
        return Pump()
    from storage.engine_pgqueuer import PgQueuer  # noqa: PLC0415 - only for who has a server

    return PgQueuer(address, now)


def lacking(connection: Connection) -> bool:
    """Whether a queue that is to be there is missing, or of another version."""
    if not queued(connection):
        return False
    from storage import engine_pgqueuer  # noqa: PLC0415 - only for who has a server

    return engine_pgqueuer.lacking(connection)


def install(connection: Connection) -> None:
    """Make the queue anew: it holds nothing that would be missed."""
    from storage import engine_pgqueuer  # noqa: PLC0415 - only for who has a server

    engine_pgqueuer.install(connection)
