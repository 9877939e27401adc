"""Prints how fast letters go out and what the ledger costs, each beside what it is measured against.

python -m tools.bench_delivery [--rounds 5] [--letters 5000] [--peers FOLDER]

- fan-out: the courier with ledger and SQLite (synchronous=FULL), beside a bare loop that only sends
- the same on PostgreSQL (from the wheel, fsync on): one worker with PgQueuer and ledger, beside one of
  Procrastinate, which keeps no ledger (FOLDER: a virtual environment with lock/peers.txt), and the pump
- falling due: 100,000 letters in the ledger, beside APScheduler's SQLAlchemy store with as many due jobs
  (measured on fewer: its time for one job does not fall with their number)
- the burst at nine: simulated by a clock that jumps, beside what Slack's limit allows at best

Sending takes a millisecond here. Figures are ratios of blocks that were measured one after the other.
"""

import argparse
import asyncio
import gc
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from pathlib import Path

from apscheduler.executors.base import BaseExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Connection, func, insert, select, text, update

from bot.courier import Courier
from coaching.people import Day, Place
from coaching.playbook.reader import read
from coaching.ports import Posted
from coaching.values import Due, Letter, Para, Reply
from storage import falling_due
from storage.db import open_database
from storage.engine import Engine, Pump
from storage.engines import engine_on
from storage.migrate import migrate
from storage.tables import delivery, person, slot, subscription
from tests.players.databases import PostgresServer
from tests.players.nine_o_clock import PEOPLE, SMALL, TAKEN, Straight, morning
from tools.ratios import ROOT, at_least, at_most, in_turns, pairs

WIDTH = 50
LINE = Reply((Para(("A tip.",)),))
NINE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HUNDRED_THOUSAND = 100_000


@dataclass(frozen=True)
class Measured:
    """Something that is measured, and what one block of it gives."""

    name: str
    block: Callable[[], float]


# --------------------------------------------------------------------------- fan-out


class Platform:
    """Takes a millisecond for each letter."""

    sent = 0

    async def post(self, letter: Letter) -> Posted:  # noqa: ARG002
        """It arrived."""
        await asyncio.sleep(0.001)
        self.sent += 1
        return Posted.SENT


async def bare(letters: int) -> float:
    """Letters a second, with nothing but the sending."""
    platform, waiting = Platform(), iter(range(letters))

    async def one_after_the_other() -> None:
        for number in waiting:
            await platform.post(Letter(Place("web", "T1", f"D{number}"), "A1", "", LINE))

    began = time.perf_counter()
    await asyncio.gather(*(one_after_the_other() for _ in range(WIDTH)))
    return letters / (time.perf_counter() - began)


async def embedded(letters: int) -> float:
    """By the courier from a file on disk."""
    with tempfile.TemporaryDirectory() as folder:
        return await fan_out(_made(folder), Pump(), letters)


async def fan_out(url: str, engine: Engine, letters: int) -> float:
    """Letters a second by the courier; what falls due is noted beforehand."""
    database, platform = open_database(url), Platform()
    await database.transact(lambda c: people(c, "web", letters, 1))
    while await database.transact(lambda c: falling_due.materialise(c, NINE, engine.enqueue)):
        pass

    if not url.startswith("sqlite"):  # a server that has been up for a minute has counted its rows
        await database.transact(lambda c: c.execute(text("ANALYZE")).close())

    async def remind(due: Due, _: datetime) -> Letter:
        return Letter(due.schedule.to, "A1", due.occurrence, LINE)

    def trouble(where: str, error: Exception) -> None:
        raise AssertionError(where) from error

    courier = Courier(
        database, remind, {"web": platform}, trouble, lambda: NINE, b"x" * 32, WIDTH, engine=engine
    )
    began = time.perf_counter()
    delivering = asyncio.create_task(courier.deliver())
    while platform.sent < letters:
        await asyncio.sleep(0.005)
    await courier.landed()
    rate = letters / (time.perf_counter() - began)
    await delivering
    sent = await database.transact(
        lambda c: c.execute(select(func.count()).where(delivery.c.state == 2)).scalar()
    )
    assert sent == letters == platform.sent
    await database.close()
    return rate


def _made(folder: str) -> str:
    url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
    migrate(url)
    return url


def people(connection: Connection, platform: str, number: int, workspaces: int) -> None:
    """So many people in so many workspaces, each with a reminder for nine."""
    nine = {"zone": "UTC", "local_time": wall(8), "weekdays": frozenset(Day), "next_at": NINE}
    connection.execute(insert(slot).values(**nine))
    shared = {"platform": platform}
    persons = [
        {**shared, "id": n, "tenant": f"T{n % workspaces}", "user": f"U{n}", "seen_on": NINE.date()}
        for n in range(1, number + 1)
    ]
    its = {**shared, "slot_id": 1, "audience": "me", "room": "direct", "active": True}
    its["since"] = NINE - timedelta(days=1)
    reminders = [
        {**its, "person_id": one["id"], "tenant": one["tenant"], "target": f"D{one['id']}"} for one in persons
    ]
    connection.execute(insert(person), persons)
    connection.execute(insert(subscription), reminders)


# --------------------------------------------------------------------------- PostgreSQL


class Server:
    """A PostgreSQL server of our own, which means it when it says that something is on disk."""

    def __init__(self, folder: Path, peers: str) -> None:
        self.peers, self.server = peers, PostgresServer(folder)
        self.server.run("ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()")

    def pump(self, letters: int) -> float:
        """By the courier, which looks into the ledger itself."""
        return asyncio.run(fan_out(self.server.url(self.server.migrated()), Pump(), letters))

    def pgqueuer(self, letters: int) -> float:
        """By the courier, and PgQueuer tells it what is due."""
        url = self.server.url(self.server.migrated())
        engine = engine_on(url, lambda: NINE)
        assert not isinstance(engine, Pump), "PgQueuer is not installed"
        return asyncio.run(fan_out(url, engine, letters))

    def procrastinate(self, letters: int) -> float:
        """By a worker of Procrastinate in an environment of its own."""
        url = self.server.url(self.server.create())
        python = str(Path(self.peers) / "bin/python")
        command = [python, "tools/bench_procrastinate.py", url, str(letters)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return float(done.stdout)

    def blocks(self, letters: int) -> list[Measured]:
        """What takes turns."""
        found = [
            Measured("pump and ledger on PostgreSQL", lambda: self.pump(letters)),
            Measured("PgQueuer and ledger", lambda: self.pgqueuer(letters)),
        ]
        if self.peers:
            found.append(Measured("Procrastinate, without a ledger", lambda: self.procrastinate(letters)))
        return found


@contextmanager
def server(peers: str) -> Iterator[Server]:
    """It and its folder are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="breather-bench-"))
    made = Server(folder, peers)
    try:
        yield made
    finally:
        made.server.server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


# --------------------------------------------------------------------------- falling due


async def ledger(letters: int) -> float:
    """Letters a second that fall due in the ledger, on disk."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(_made(folder))
        await database.transact(lambda c: people(c, "slack", letters, 50))
        began = time.perf_counter()
        await database.transact(lambda c: falling_due.materialise(c, NINE))
        taken = time.perf_counter() - began
        found = await database.transact(lambda c: c.execute(select(func.count(delivery.c.id))).scalar())
        assert found == letters
        await database.close()
    return letters / taken


class Nowhere(BaseExecutor):  # type: ignore[misc]
    """Runs nothing: what is measured is the store."""

    def _do_submit_job(self, job: object, run_times: object) -> None:  # noqa: ARG002
        self._instances.clear()


def nothing() -> None:
    """What is to be done."""


async def job_store(jobs: int) -> float:
    """Due jobs a second that APScheduler takes from its SQLAlchemy store and sets for the next day."""
    with tempfile.TemporaryDirectory() as folder:
        store = SQLAlchemyJobStore(f"sqlite:///{Path(folder) / 'jobs.sqlite3'}")
        scheduler = AsyncIOScheduler(
            jobstores={"default": store}, executors={"default": Nowhere()}, timezone=UTC
        )
        scheduler.start(paused=True)
        due = datetime.now(UTC) - timedelta(seconds=1)
        for number in range(jobs):
            trigger = CronTrigger(hour=8, minute=number % 60, timezone=UTC)
            scheduler.add_job(nothing, trigger, misfire_grace_time=None, coalesce=True)
        with store.engine.begin() as connection:
            connection.execute(update(store.jobs_t).values(next_run_time=due.timestamp()))
        _move(store, due)
        scheduler.state = 1  # running, without a timer of its own
        began = time.perf_counter()
        scheduler._process_jobs()  # noqa: SLF001 - what its timer calls
        taken = time.perf_counter() - began
        left = store.get_next_run_time()
        assert left is not None
        assert left > datetime.now(UTC)
        scheduler.shutdown(wait=False)
    return jobs / taken


def _move(store: SQLAlchemyJobStore, due: datetime) -> None:
    """Let every job be due."""
    for job in store.get_all_jobs():
        job._modify(next_run_time=due)  # noqa: SLF001 - checked nowhere else
        store.update_job(job)


# --------------------------------------------------------------------------- all of it


def blocks(args: argparse.Namespace) -> list[Measured]:
    """What takes turns. A block that is more than its neighbour by far does not stretch it."""
    return [
        Measured("bare loop", lambda: asyncio.run(bare(args.letters * 4))),
        Measured("courier on SQLite", lambda: asyncio.run(embedded(args.letters))),
        Measured("ledger, 100,000 fall due", lambda: asyncio.run(ledger(HUNDRED_THOUSAND))),
        Measured(f"APScheduler's store, {args.jobs} due", lambda: asyncio.run(job_store(args.jobs))),
    ]


def burst(large: int) -> tuple[float, float]:
    """The morning of a large workspace beside fifty small ones: times the ideal it took, and 429s a post."""
    house = Straight()
    try:
        slack = morning(house, read(), large, 1.1 * large / TAKEN)
    finally:
        house.engine.dispose()
    assert len(slack.at["LARGE"]) == large
    return max(slack.at["LARGE"]) / (large / TAKEN), sum(slack.refused.values()) / (large + SMALL * PEOPLE)


async def measure(one: Measured) -> float:
    gc.collect()
    return await asyncio.to_thread(one.block)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--letters", type=int, default=5000, help="letters of a block of fan-out")
    parser.add_argument("--jobs", type=int, default=500, help="due jobs in APScheduler's store")
    parser.add_argument("--large", type=int, default=2500, help="people in the large workspace")
    parser.add_argument("--peers", default="", help="virtual environment with the peers")
    args = parser.parse_args()
    with server(args.peers) as postgres:
        measured = [*blocks(args), *postgres.blocks(args.letters)]
        found = asyncio.run(in_turns(measured, args.rounds, measure))
    print("| what | a second |\n|---|---|")
    for one in measured:
        print(f"| {one.name} | {statistics.median(found[one.name]):,.0f} |")
    loop, courier, due, store, _, pgqueuer, *peer = (one.name for one in measured)
    over, refused = burst(args.large)
    print(f"| burst at nine, {args.large} in one workspace | {over:.3f} of the ideal, {refused:.2%} 429s |\n")
    good = [
        at_least("fan-out, of a bare loop", pairs(found, courier, loop), 0.45),
        at_least("falling due, of APScheduler's store", pairs(found, due, store), 100),
        at_most("the burst at nine, of the ideal", [over], 1.05),
        at_most("429s in it, of all posts", [refused], 0.005),
    ]
    if peer:
        good.append(at_least("PgQueuer and ledger, of Procrastinate", pairs(found, pgqueuer, peer[0]), 4))
    else:
        print("- PgQueuer and ledger beside Procrastinate: left out, --peers was not given")
    return int(not all(good))


if __name__ == "__main__":
    sys.exit(main())
