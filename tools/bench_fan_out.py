"""How many letters a second go out, with and without a database: for tools/bench_delivery.py."""

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from pathlib import Path

from sqlalchemy import Connection, func, insert, select, text

from bot.courier import Courier
from coaching.people import Day, Place
from coaching.ports import Posted
from coaching.values import Due, Letter, Para, Reply
from storage import falling_due
from storage.db import open_database
from storage.engine import Engine, Pump
from storage.engines import engine_on
from storage.migrate import migrate
from storage.tables import delivery, person, slot, subscription
from tests.players.databases import PostgresServer
from tools.ratios import ROOT

WIDTH = 50
LINE = Reply((Para(("A tip.",)),))
NINE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Measured:
    """Something that is measured, and what one block of it gives."""

    name: str
    block: Callable[[], float]


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
        return await fan_out(made(folder), Pump(), letters)


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


def made(folder: str) -> str:
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
