"""SQLite: one writer thread; everything that waits shares one transaction and one sync to disk."""

import asyncio
import os
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Thread
from typing import Any, TypeVar, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from storage.faults import Fault, StorageError, fault_of, of_database
from storage.sole import Sole

T = TypeVar("T")

_PRAGMAS = (
    "PRAGMA busy_timeout=5000",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # an answered commit survives a power cut; shared by a group it is nearly free
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what is forgotten is overwritten, not only unlinked
)
_GROUP = 200  # at most this many in one transaction


def sqlite_engine(url: URL) -> Engine:
    """An engine for a file, with our settings. A new file is readable by its owner only."""
    path = url.database
    if not path or path == ":memory:":
        raise StorageError(Fault.ADDRESS)
    with suppress(OSError):  # whatever is wrong with the place is told when it is opened
        os.close(os.open(Path(path), os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(
        url, poolclass=NullPool, hide_parameters=True, connect_args={"isolation_level": None}
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(raw: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    for pragma in _PRAGMAS:
        raw.execute(pragma)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # a later upgrade from reading would ignore busy_timeout


@dataclass(slots=True, eq=False)
class _Work:
    """Something to do in a transaction (or outside any, alone), and who waits for it."""

    run: Callable[[Connection], Any]
    future: asyncio.Future[None]
    alone: bool = False
    result: Any = None
    error: BaseException | None = None

    def attempt(self, connection: Connection) -> bool:
        """Run it; an error is kept for whoever waits."""
        self.result = self.error = None
        try:
            self.result = self.run(connection)
        except Exception as error:  # noqa: BLE001 - it belongs to the one who waits; the thread goes on
            self.error = error
        return self.error is None


@dataclass(slots=True, eq=False)
class SqliteDatabase:
    """A Database in one file."""

    engine: Engine
    _waiting: deque[_Work] = field(default_factory=deque)
    _bell: Condition = field(default_factory=Condition)
    _closed: bool = False
    _thread: Thread | None = None
    _connection: Connection | None = None  # this and the next are touched by the writer thread only
    _file: tuple[int, int] | None = None  # which file was opened
    _sole: Sole | None = None

    async def transact(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction, all of it or nothing; return what it returns once it is on disk.

        `work` may be run again when a neighbour's failure undid it: it must change nothing but the database.
        """
        return await self._submit(work)

    async def scrub(self, *, keys: bool = True) -> bool:  # noqa: ARG002 - all of it lies in one file
        """Empty the write-ahead log, so that what was forgotten leaves the disk. False: somebody reads it."""
        for _ in range(10):
            if await self._submit(_checkpoint, alone=True):
                return True
            await asyncio.sleep(0.05)
        return False

    async def alone(self) -> bool:
        """Whether no other process that asks this uses the file; true until it is closed."""
        self._sole = self._sole or Sole(Path(self.engine.url.database or ""))
        return self._sole.take()

    async def close(self) -> None:
        """Finish what waits, then close the file."""
        with self._bell:
            self._closed = True
            self._bell.notify()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)
        self.engine.dispose()
        if self._sole is not None:
            self._sole.release()

    async def _submit(self, run: Callable[[Connection], T], *, alone: bool = False) -> T:
        work = _Work(run, asyncio.get_running_loop().create_future(), alone)
        with self._bell:
            if self._closed:
                raise StorageError(Fault.CLOSED)
            if self._thread is None:
                self._thread = Thread(target=self._write, name="storage", daemon=True)
                self._thread.start()
            self._waiting.append(work)
            self._bell.notify()
        await work.future
        error, work.error = work.error, None
        if error is not None and of_database(error):
            raise StorageError(fault_of(error))  # outside any except block: the driver's words stay here
        if error is not None:
            raise error
        return work.result

    # ------------------------------------------------------------------ in the writer thread

    def _write(self) -> None:
        while group := self._take():
            if len(group) == 1 or not self._together(group):
                for work in group:
                    self._alone(work)
            for loop in {work.future.get_loop() for work in group}:
                with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                    loop.call_soon_threadsafe(_answer, [w for w in group if w.future.get_loop() is loop])
        self._drop()

    def _take(self) -> list[_Work]:
        """What waits now, in order; nothing when it is time to stop."""
        with self._bell:
            self._bell.wait_for(lambda: self._waiting or self._closed)
            group: list[_Work] = []
            while self._waiting and len(group) < _GROUP:
                if group and self._waiting[0].alone:
                    break
                group.append(self._waiting.popleft())
                if group[-1].alone:
                    break
            return group

    def _together(self, group: Sequence[_Work]) -> bool:
        """One transaction for all, each behind its own savepoint. False: nothing was kept, try each alone.

        One that cannot be begun is told to all: to be locked out for each in turn would take them minutes.
        """
        try:
            connection = self._open()
            transaction = connection.begin()
        except Exception as error:  # noqa: BLE001 - told to those who wait
            for work in group:
                work.error = error
            self._drop()
            return True
        try:
            with transaction:
                raw = _raw(connection)
                for work in group:
                    raw.execute("SAVEPOINT one")
                    if not work.attempt(connection):
                        raw.execute("ROLLBACK TO one")
                    raw.execute("RELEASE one")
        except Exception:  # noqa: BLE001 - each is tried alone now and tells its own trouble
            self._drop()
            return False
        return True

    def _alone(self, work: _Work) -> None:
        try:
            connection = self._open()
            if work.alone:
                work.attempt(connection)
                return
            with connection.begin() as transaction:
                if not work.attempt(connection):
                    transaction.rollback()
        except Exception as error:  # noqa: BLE001 - told to the one who waits
            work.error = work.error or error
            self._drop()

    def _open(self) -> Connection:
        found = self._found()
        if self._file is not None and found is None:
            raise StorageError(Fault.GONE)  # SQLite would begin an empty one in its place
        if found != self._file:
            self._drop()  # else the rest would go to a file that was moved away
        if self._connection is None:
            self._connection = self.engine.connect()
            self._file = self._found()
        return self._connection

    def _found(self) -> tuple[int, int] | None:
        """The file that is there now."""
        try:
            there = Path(self.engine.url.database or "").stat()
        except OSError:
            return None
        return there.st_dev, there.st_ino

    def _drop(self) -> None:
        """Close the connection; the next work opens a new one, so a mended database is found again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError, sqlite3.Error):
                connection.close()


def _raw(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def _checkpoint(connection: Connection) -> bool:
    busy, _pages, _moved = _raw(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _answer(group: Sequence[_Work]) -> None:
    for work in group:
        if not work.future.done():
            work.future.set_result(None)
