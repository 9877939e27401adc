"""What every engine promises: each letter once, none lost, and no more than its hands can carry."""

import asyncio
import contextlib
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text, update

from bot.courier import Courier
from coaching.ports import Found, Later, Posted
from coaching.values import Letter, Reply
from storage.db import Fault, StorageError, open_database
from storage.engine import Pump
from storage.engines import engine_on
from storage.migrate import migrate
from storage.queued import QUEUE
from storage.tables import State, delivery, subscription
from tests.players.fleet import letters

KINDS = {"pump on sqlite": Pump, "pump on postgres": Pump, "pgqueuer": None}
LEASE = timedelta(seconds=3)  # a post that takes a quarter of it is given up


def now():
    return datetime.now(UTC)


class Mailbox:
    """A platform that writes down what it takes, and can be asked whether a letter is there."""

    def __init__(self):
        self.arrived, self.answers, self.hold = [], [], asyncio.Event()
        self.here = self.most = 0
        self.hold.set()

    async def post(self, letter):
        if self.answers:
            return self.answers.pop(0)
        self.arrived.append((letter.to.id, time.monotonic()))
        self.here += 1
        self.most = max(self.most, self.here)
        try:
            await asyncio.wait_for(self.hold.wait(), 10)
            return Posted.SENT
        finally:
            self.here -= 1

    async def find(self, to, mark, since):
        there = any(target == to.id for target, _ in self.arrived)
        return Found.THERE if there else Found.NOT_THERE

    def counts(self):
        return Counter(target for target, _ in self.arrived)


@contextlib.asynccontextmanager
async def at_work(*couriers):
    """Called again and again, as the clock does it, until the end."""
    over = asyncio.Event()

    async def live(tick):
        while not over.is_set():
            with contextlib.suppress(StorageError):
                await tick()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), 0.1)

    ticks = [tick for courier in couriers for tick in (courier.reap, courier.deliver)]
    tasks = [asyncio.create_task(live(tick)) for tick in ticks]
    try:
        yield
    finally:
        over.set()
        while not all(task.done() for task in tasks):
            await asyncio.gather(*(courier.landed() for courier in couriers))
            await asyncio.wait(tasks, timeout=0.05)
        await asyncio.gather(*tasks)
        await asyncio.gather(*(courier.landed() for courier in couriers))


class Yard:
    """A database, a platform, and couriers as they are wanted, each with an engine of the same kind."""

    def __init__(self, url, kind):
        self.url, self.kind, self.mailbox = url, kind, Mailbox()
        self.opened, self.heard = [], []
        self.first = self.another()

    def another(self, width=4):
        database = open_database(self.url)
        self.opened.append(database)
        engine = self.kind() if self.kind else engine_on(self.url, now)
        posts = {"slack": self.mailbox}
        return Courier(database, self.remind, posts, self.told, now, b"x", width, LEASE, engine=engine)

    async def remind(self, due, at):
        return Letter(due.schedule.to, "A1", due.occurrence, Reply(()))

    def told(self, where, error):
        self.heard.append((where, repr(error)))

    async def ask(self, work):
        return await self.first.database.transact(work)

    async def add(self, number, first_number=0, after=0.0):
        """So many letters, noted and handed to the engine in one transaction; their numbers."""

        def work(connection):
            when = now() + timedelta(seconds=after)
            fresh = list(letters(connection, range(first_number, first_number + number), when))
            self.first.engine.enqueue(connection, fresh)
            return [one for one, _ in fresh]

        return await self.ask(work)

    async def states(self):
        found = select(delivery.c.state, func.count()).group_by(delivery.c.state)
        rows = await self.ask(lambda c: c.execute(found).all())
        return {State(state): number for state, number in rows}

    async def settled(self, patience=20):
        async with asyncio.timeout(patience):
            while (await self.states()).keys() & {State.PENDING, State.SENDING}:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def sql(self, statement, **given):
        """In the queue, where there is one; how many rows."""
        if self.kind is None:
            return await self.ask(lambda c: c.execute(text(statement), given).rowcount)
        return None


@pytest.fixture(params=KINDS)
async def yard(request):
    url = request.getfixturevalue("sqlite_url" if "sqlite" in request.param else "postgres_url")
    made = Yard(url, KINDS[request.param])
    yield made
    for database in made.opened:
        await database.close()


def once(yard, number):
    assert yard.mailbox.counts() == {f"U{n}": 1 for n in range(number)}
    assert yard.heard == []


async def test_nothing_is_lost_and_nothing_comes_twice(yard):
    """Many letters, few hands."""
    await yard.add(60)
    async with at_work(yard.first):
        await yard.settled()
    once(yard, 60)
    assert await yard.states() == {State.SENT: 60}
    assert yard.mailbox.most <= 4


async def test_several_share_the_work(yard):
    """Three processes, one queue, each within its width; what comes while they work comes too."""
    await yard.add(40)
    async with at_work(yard.first, yard.another(2), yard.another(1)):
        await yard.add(40, 40)
        await yard.settled()
    once(yard, 80)
    assert yard.mailbox.most <= 7


async def hands_full(yard):
    """Four letters are on their way, as many as a process takes at a time."""
    async with asyncio.timeout(10):
        while len(yard.mailbox.arrived) < 4:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_no_more_than_the_width_at_a_time(yard):
    """All hands full: the others are not even claimed; then they come."""
    yard.mailbox.hold.clear()
    await yard.add(12)
    async with at_work(yard.first):
        await hands_full(yard)
        await asyncio.sleep(0.3)
        assert await yard.states() == {State.SENDING: 4, State.PENDING: 8}
        yard.mailbox.hold.set()
        await yard.settled()
    once(yard, 12)
    assert yard.mailbox.most == 4


async def test_what_is_for_later_comes_later(yard):
    """One that is due in a second, and one that the platform wants in a second."""
    began = time.monotonic()
    await yard.add(1, after=1.0)
    await yard.add(1, 1)
    yard.mailbox.answers = [Later(1.0)]
    async with at_work(yard.first):
        await yard.settled()
    once(yard, 2)
    assert all(0.9 <= at - began < 8 for _, at in yard.mailbox.arrived)


async def test_a_workspace_that_rests_is_not_asked_again_and_again(yard):
    """Its letters are put back, each at most once, and wait."""
    yard.mailbox.answers = [Later(30.0)] * 4  # all that are on their way when the first is refused
    await yard.add(20)
    async with at_work(yard.first):
        await asyncio.sleep(3)
    attempts = select(func.max(delivery.c.attempt))
    assert await yard.ask(lambda c: c.execute(attempts).scalar()) == 1
    assert (await yard.states(), yard.mailbox.arrived) == ({State.PENDING: 20}, [])
    assert yard.heard == []


async def test_stopped(yard):
    """What is on its way arrives, nothing else is taken; whoever comes next goes on."""
    yard.mailbox.hold.clear()
    await yard.add(12)
    async with at_work(yard.first):
        await hands_full(yard)
        asyncio.get_running_loop().call_later(0.3, yard.mailbox.hold.set)
    assert await yard.states() == {State.SENT: 4, State.PENDING: 8}
    async with at_work(yard.another()):
        await yard.settled()
    once(yard, 12)


async def test_patience_has_an_end(yard):
    """A letter that hangs holds nobody up for longer than they want to wait."""
    yard.mailbox.hold.clear()
    await yard.add(1)
    delivering = asyncio.create_task(yard.first.deliver())
    async with asyncio.timeout(10):
        while not yard.mailbox.arrived:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    began = time.monotonic()
    await yard.first.engine.stop(0.1)
    assert time.monotonic() - began < 2
    yard.mailbox.hold.set()
    await yard.first.landed()
    await delivering
    once(yard, 1)


async def test_what_a_dead_process_had_in_hand(yard):
    """Claimed and not sent, or picked from the queue: when the lease is over it comes by another."""
    these = await yard.add(6)
    for number in these[:3]:
        assert await yard.first.begin(number) is not None
    picked = "status = 'picked', heartbeat = now(), queue_manager_id = gen_random_uuid()"
    await yard.sql(f"UPDATE {QUEUE} SET {picked}")
    began = time.monotonic()
    async with at_work(yard.another()):
        await yard.settled()
    once(yard, 6)
    assert time.monotonic() - began <= LEASE.total_seconds() + 5


async def test_letters_and_jobs_come_together_or_not_at_all(yard):
    """A transaction that fails leaves nothing to bring."""

    def work(connection):
        yard.first.engine.enqueue(connection, list(letters(connection, range(3), now())))
        raise LookupError("undone")

    with pytest.raises(LookupError):
        await yard.ask(work)
    assert await yard.sql(f"SELECT 1 FROM {QUEUE}") in (0, None)
    await yard.add(5)
    assert await yard.sql(f"SELECT 1 FROM {QUEUE}") in (1, None)  # one job names all five
    async with at_work(yard.first):
        await yard.settled()
    once(yard, 5)
    assert await yard.sql(f"SELECT 1 FROM {QUEUE} UNION ALL SELECT 1 FROM {QUEUE}_log") in (0, None)


async def test_letters_of_another_moment_are_another_job(yard):
    """Those due together are brought together, ten at most; one due a second later waits for its own."""

    def work(connection):
        later = list(letters(connection, range(2), now() + timedelta(seconds=3)))
        yard.first.engine.enqueue(connection, later + list(letters(connection, range(2, 27), now())))

    await yard.ask(work)
    assert await yard.sql(f"SELECT 1 FROM {QUEUE}") in (4, None)
    async with at_work(yard.first):
        await yard.settled(8)
    once(yard, 27)


async def test_a_queue_that_forgets(yard):
    """All jobs are gone, as after a crash of the server: within seconds they are back."""
    await yard.add(20)
    await yard.sql(f"DELETE FROM {QUEUE}")
    async with at_work(yard.first):
        await yard.settled(8)
    once(yard, 20)


async def test_a_queue_that_names_one_twice_or_nonsense(yard):
    """Each letter is begun once, and what is no letter harms nobody."""
    these = await yard.add(10)
    put = (
        f"INSERT INTO {QUEUE} (priority, status, entrypoint, payload, execute_after)"
        " SELECT 0, 'queued', 'letter', convert_to(:named, 'UTF8'), now() FROM generate_series(1, 2)"
    )
    for named in (
        *map(str, these),
        ",".join(map(str, these)),
        "1,,2",
        "",
        "-1",
        "1; DROP",
        "9" * 40,
        "999999",
    ):
        await yard.sql(put, named=named)
    async with at_work(yard.first, yard.another()):
        await yard.settled()
    once(yard, 10)


async def test_too_late(yard):
    """Due three hours ago: skipped, and nothing is sent."""
    await yard.add(2, after=-3 * 3600)
    async with at_work(yard.first):
        await yard.settled()
    assert (await yard.states(), yard.mailbox.arrived) == ({State.SKIPPED: 2}, [])


async def test_a_platform_that_is_not_served_here(yard):
    """Its letters are left alone; when they are too late, nobody need serve it to skip them."""
    these = await yard.add(2)
    elsewhere = update(subscription).values(platform="teams")
    await yard.ask(lambda c: c.execute(elsewhere))
    async with at_work(yard.first):
        await asyncio.sleep(1.5)
    assert (await yard.states(), yard.mailbox.arrived) == ({State.PENDING: len(these)}, [])
    late = update(delivery).values(due_at=now() - timedelta(hours=3), run_at=now() - timedelta(hours=3))
    await yard.ask(lambda c: c.execute(late))
    if yard.kind is None:
        async with at_work(yard.first):
            await yard.settled()
        assert await yard.states() == {State.SKIPPED: 2}


async def test_the_server_goes_and_comes_back(yard, request):
    """Killed while letters are on their way: it is told, and goes on by itself."""
    if yard.url.startswith("sqlite"):
        return
    postgres = request.getfixturevalue("postgres")
    await yard.add(30)
    async with at_work(yard.first):
        await asyncio.sleep(0.3)
        await asyncio.to_thread(postgres.crash, 9)
        async with asyncio.timeout(30):
            while True:
                with contextlib.suppress(StorageError):
                    await yard.add(30, 30)
                    break
                await asyncio.sleep(0.1)
        async with asyncio.timeout(30):
            while True:
                with contextlib.suppress(StorageError):
                    await yard.settled(20)
                    break
    assert yard.mailbox.counts() == {f"U{n}": 1 for n in range(60)}


async def test_a_database_without_the_queue(postgres):
    """It says what to do, and migrate makes it, also anew where it is of another version."""
    name = postgres.migrated()
    url = postgres.url(name)
    postgres.run(f"ALTER TABLE {QUEUE} DROP COLUMN slot CASCADE", database=name)
    database = open_database(url)
    courier = Courier(database, None, {}, None, now, b"x", engine=engine_on(url, now))
    with pytest.raises(StorageError) as caught:
        await courier.engine.run(courier)
    assert caught.value.fault is Fault.OLDER
    assert migrate(url) == ("queue",)
    assert migrate(url) == ()
    running = asyncio.create_task(courier.engine.run(courier))
    await asyncio.sleep(0.3)
    await courier.engine.stop(10)
    await running
    await database.close()


async def test_a_server_that_is_not_there(tmp_path):
    """Told as everywhere."""
    url = f"postgresql://postgres@/x?host={tmp_path}"
    courier = Courier(open_database(url), None, {}, None, now, b"x", engine=engine_on(url, now))
    with pytest.raises(StorageError) as caught:
        await courier.engine.run(courier)
    assert caught.value.fault is Fault.UNREACHABLE
    assert caught.value.__context__ is None
