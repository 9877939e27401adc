"""Brings a database to the tables of this code. Plain calls, for before the loop starts."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any, TypeVar, cast

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage import engines
from storage.db import read_url
from storage.faults import Fault, StorageError, fault_of, of_database
from storage.postgres import postgres_engine
from storage.sqlite import sqlite_engine

T = TypeVar("T")

_LOCK = 7_263_110_946  # any number, the same everywhere: one migration at a time on a server


def migrate(url: str) -> tuple[str, ...]:
    """Make or mend the tables; the steps taken, oldest first. Raises StorageError: then nothing changed."""
    return _run(url, _upgrade)


def pending(url: str) -> tuple[str, ...]:
    """The steps still to take, oldest first. Raises StorageError."""
    return _run(url, _pending)


def _upgrade(connection: Connection) -> tuple[str, ...]:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    steps = _steps(connection)
    queue = _queue(connection)
    if steps:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    if queue:
        engines.install(connection)
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StorageError(Fault.NOT_A_DATABASE)
    return steps + queue


def _pending(connection: Connection) -> tuple[str, ...]:
    return _steps(connection) + _queue(connection)


def _queue(connection: Connection) -> tuple[str, ...]:
    """The step that no revision counts: it is PgQueuer's own."""
    return ("queue",) if engines.lacking(connection) else ()


def _steps(connection: Connection) -> tuple[str, ...]:
    found = MigrationContext.configure(connection).get_current_revision()
    steps = [step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()]
    if found is not None and found not in steps:
        raise StorageError(Fault.NEWER)
    return tuple(reversed(steps[: steps.index(found)] if found else steps))


def _config() -> Config:
    config = Config(stdout=StringIO(), output_buffer=StringIO())
    config.set_main_option("script_location", "storage:migrations")
    return config


def _run(url: str, work: Callable[[Connection], T]) -> T:
    address = read_url(url)
    fault = Fault.REFUSED
    try:
        if address.drivername == "sqlite":
            return _on_sqlite(url, work)
        with ThreadPoolExecutor(1) as pool:  # its own thread: a loop may be running in this one
            return pool.submit(asyncio.run, _on_postgres(url, work)).result()
    except Exception as error:
        if not of_database(error):
            raise
        fault = fault_of(error)
    raise StorageError(fault)


def _on_sqlite(url: str, work: Callable[[Connection], T]) -> T:
    engine = sqlite_engine(read_url(url))
    try:
        with engine.connect() as connection:
            raw = connection.connection.driver_connection
            cast("Any", raw).execute(
                "PRAGMA foreign_keys=OFF"
            )  # else a table copied by a migration loses its children
            with connection.begin():
                return work(connection)
    finally:
        engine.dispose()


async def _on_postgres(url: str, work: Callable[[Connection], T]) -> T:
    engine = postgres_engine(read_url(url), bounded=False)  # two that migrate wait for each other
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()
