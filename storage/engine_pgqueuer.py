"""PgQueuer on PostgreSQL: brings letters to any number of processes, and knows their numbers only.

A job names a few letters that are due together: a queue's own work is by the job, the ledger's by the letter.
It is a hint and no more. A job that is lost is put in again within two seconds, one that comes twice is begun
once: the ledger decides. So nothing here need outlive a crash of the server, and its tables are not logged.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import cast

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.domain.types import Channel
from sqlalchemy import URL, Connection, text
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.util import await_only

from storage.engine import Hands
from storage.falling_due import Fresh
from storage.faults import Fault, StorageError, fault_of, of_database
from storage.queued import QUEUE

_PREFIX = "breather_"
TABLE = QUEUE

_LETTER = "letter"  # the only kind of job
_FEW = 10  # letters a job names
_CLOSE = timedelta(seconds=0.5)  # how far apart the moments of these may be; they are brought at the last
_AT_ONCE = 1000  # jobs in a statement
_LOOK = timedelta(seconds=1)  # how often what was forgotten is looked for, and how long it has to be due
_FORGOTTEN = 500  # how many are put in again at a time
_POLL = timedelta(seconds=1)  # the server tells of new jobs; should it not, they are found this soon
_CONNECTIONS = 4  # one of them listens
_ANSWER = 30.0  # seconds in which a server that lives has answered
_GOODBYE = 2.0
_DAY_ONE = datetime(2026, 1, 1, tzinfo=UTC)
_NUMBERS = re.compile(rb"[0-9]{1,18}(,[0-9]{1,18})*")

_AGE = text("SELECT clock_timestamp() - transaction_timestamp()")
_UNREAD = f"""
CREATE OR REPLACE FUNCTION {_PREFIX}unread() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER {_PREFIX}unread BEFORE INSERT ON {TABLE}_log FOR EACH ROW EXECUTE FUNCTION {_PREFIX}unread()
"""  # three rows for each job that nobody reads, and nothing would ever delete


# --------------------------------------------------------------------------- its tables


def install(connection: Connection) -> None:
    """Make its tables anew; what was in them is found again."""
    queries = _on(connection)
    await_only(queries.uninstall())
    await_only(queries.install())
    await_only(queries.driver.execute(_UNREAD))


def lacking(connection: Connection) -> bool:
    """Whether its tables are not there, or not as this version has them."""
    connection.execute(_AGE)  # the transaction begins with the first statement of ours
    return bool(await_only(_on(connection).plan_upgrade()).statements)


def _on(connection: Connection) -> Queries:
    """In the transaction of this connection, which a statement of ours has begun."""
    raw = connection.connection.driver_connection
    return _queries(AsyncpgDriver(cast("asyncpg.Connection", raw)))


def _queries(driver: AsyncpgDriver | AsyncpgPoolDriver) -> Queries:
    """Every name is said: else it would be looked for in the environment."""
    names = DBSettings(
        prefix=_PREFIX,
        db_schema=None,
        channel=f"{_PREFIX}letters",
        function=f"{_PREFIX}pgqueuer_changed",
        statistics_table=f"{TABLE}_statistics",
        queue_status_type=f"{TABLE}_status",
        queue_table=TABLE,
        queue_table_log=f"{TABLE}_log",
        trigger=f"{TABLE}_changed",
        schedules_table=f"{TABLE}_schedules",
        durability=Durability.volatile,
        widen_id=True,
    )
    return Queries(
        driver, QueryBuilderEnvironment(names), QueryQueueBuilder(names), QuerySchedulerBuilder(names)
    )


# --------------------------------------------------------------------------- the engine


@dataclass(slots=True, eq=False)
class PgQueuer:
    """An Engine whose queue is in the database at this address."""

    address: URL
    now: Callable[[], datetime]
    _manager: QueueManager | None = None
    _still: asyncio.Event = field(default_factory=asyncio.Event)
    _over: bool = False

    def __post_init__(self) -> None:
        """Nothing runs yet."""
        self._still.set()

    def enqueue(self, connection: Connection, fresh: Iterable[Fresh]) -> None:
        """Put them in on the connection of the letters: with them, or not at all."""
        letters = sorted(fresh, key=itemgetter(1))
        if letters:
            age = connection.execute(_AGE).scalar_one()  # jobs wait from the transaction's begin
            await_only(_put(_on(connection), _few(letters), self.now() - age))

    async def run(self, hands: Hands) -> None:
        """Bring jobs to these hands until it is stopped."""
        self._over = False
        self._still.clear()
        try:
            async with self._pool() as pool:
                return await self._work(pool, hands)
        except Exception as error:
            if not of_database(error):
                raise
            fault = Fault.UNREACHABLE if isinstance(error, asyncpg.InterfaceError) else fault_of(error)
        finally:
            self._manager = None
            self._still.set()
        raise StorageError(fault)  # outside the except block: the driver's words stay there

    async def stop(self, patience: float) -> None:
        """Let what is on its way arrive."""
        self._over = True
        if self._manager is not None:
            self._manager.shutdown.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._still.wait()

    async def _work(self, pool: asyncpg.Pool, hands: Hands) -> None:
        queries = _queries(AsyncpgPoolDriver(pool))
        manager = self._manager = QueueManager(queries, Channel(queries.qbe.settings.channel))
        if (await queries.plan_upgrade()).statements:
            raise StorageError(Fault.OLDER)
        if self._over:
            return
        room = asyncio.Semaphore(hands.width)

        async def carry(number: int) -> None:
            async with room:
                if not self._over:  # the others find it within two seconds
                    await _carry(number, hands)

        async def bring(job: Job) -> None:
            if self._over:
                raise RetryRequested(reason="stopped")  # for the others, at once
            await asyncio.gather(*(carry(number) for number in _numbers(job)))

        manager.entrypoint(_LETTER, accepts_context=False)(bring)
        looking = asyncio.get_running_loop().create_task(_look(queries, hands))
        looking.add_done_callback(lambda _: manager.shutdown.set())
        try:
            await manager.run(
                dequeue_timeout=_POLL,
                batch_size=hands.width,
                max_concurrent_tasks=2 * hands.width,  # half of them wait here for room, not begun
                heartbeat_timeout=hands.lease,
                log_aggregation_interval=timedelta(0),
            )
        finally:
            looking.cancel()
            (failed,) = await asyncio.gather(looking, return_exceptions=True)
        if isinstance(failed, Exception):
            raise failed

    @asynccontextmanager
    async def _pool(self) -> AsyncIterator[asyncpg.Pool]:
        """Connections of its own, made from the same address as the others."""
        given = PGDialect_asyncpg().create_connect_args(self.address)[1]
        pool = asyncpg.create_pool(
            **given, min_size=1, max_size=_CONNECTIONS, timeout=_ANSWER, command_timeout=_ANSWER
        )
        try:
            yield await pool
        finally:
            with suppress(Exception):  # nothing is under way any more
                async with asyncio.timeout(_GOODBYE):
                    await pool.close()


async def _look(queries: Queries, hands: Hands) -> None:
    """Put in again what was forgotten, as long as it runs."""
    while True:
        if found := await hands.forgotten(_LOOK, _FORGOTTEN):
            await _put(queries, [[one] for one in found], max(when for _, when in found))
        await asyncio.sleep(_LOOK.total_seconds())


def _numbers(job: Job) -> list[int]:
    """The letters that a job names."""
    named = job.payload or b""
    return [int(number) for number in named.split(b",")] if _NUMBERS.fullmatch(named) else []


async def _carry(number: int, hands: Hands) -> None:
    """Carry a letter, if it is to be carried; what fails here is looked for again."""
    started = hands.monotonic()  # before the claim: the lease runs from then
    with suppress(StorageError):
        claim = await hands.begin(number)
        if claim is not None:
            await hands.carry(claim, started)


def _few(letters: Sequence[Fresh]) -> list[list[Fresh]]:
    """Letters, in the order they are due, by the job."""
    jobs: list[list[Fresh]] = []
    for one in letters:
        if not jobs or len(jobs[-1]) == _FEW or one[1] - jobs[-1][0][1] > _CLOSE:
            jobs.append([])
        jobs[-1].append(one)
    return jobs


async def _put(queries: Queries, jobs: Sequence[Sequence[Fresh]], start: datetime) -> None:
    """Put jobs in, to be brought when they are due as seen from the start; the oldest go first."""
    for first in range(0, len(jobs), _AT_ONCE):
        these = jobs[first : first + _AT_ONCE]
        last = [job[-1][1] for job in these]
        named: list[bytes | None] = [b",".join(b"%d" % number for number, _ in job) for job in these]
        waits: list[timedelta | None] = [max(when - start, timedelta(0)) for when in last]
        # a letter that is looked for every second is put in once; no other job could be the same
        keys = [str(job[0][0]) if len(job) == 1 else None for job in these]
        order = [-int((when - _DAY_ONE).total_seconds()) for when in last]
        await queries.enqueue([_LETTER] * len(these), named, order, waits, keys, on_conflict="skip")
