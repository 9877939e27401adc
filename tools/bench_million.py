"""Prints what a million reminders for one minute cost, on SQLite and on PostgreSQL.

python -m tools.bench_million [--people 1000000] [--only sqlite]

How long a tick takes before, while and after they fall due, how long somebody who writes to the coach waits
meanwhile, and how much memory it takes. Nothing is sent.
"""

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, func, insert, select, text

from coaching.people import Day, Person, Place, Room
from storage import falling_due, figures, leaving, ledger
from storage.db import Database, open_database
from storage.engine import Engine
from storage.engines import engine_on
from storage.memory import recall
from storage.tables import delivery, slot
from tools.bench_fan_out import NINE, made, server

LEASE = timedelta(minutes=1)
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)"
PEOPLE = 'INSERT INTO person (id, platform, tenant, "user", seen_on)'
THEY = " SELECT i, 'slack', 'T' || (i % 100), 'U' || i, :day FROM n"
REMINDERS = (
    "INSERT INTO subscription (person_id, slot_id, audience, platform, tenant, target, room, active, since)"
)
THEIRS = " SELECT id, 1, 'me', platform, tenant, 'D' || id, 'direct', true, :since FROM person"
ONE = Person("slack", "T7", "U7")
THERE = Place("slack", "T7", "D7", Room.DIRECT)


def fill(connection: Connection, people: int) -> None:
    """So many people in a hundred workspaces, all with a reminder for nine."""
    connection.execute(
        insert(slot).values(
            zone="UTC", local_time=NINE.time().replace(tzinfo=None), weekdays=frozenset(Day), next_at=NINE
        )
    )
    day = NINE.date() if connection.dialect.name == "postgresql" else NINE.date().isoformat()
    both = connection.dialect.name == "sqlite"
    first = f"{PEOPLE} {NUMBERS}{THEY}" if both else f"{NUMBERS} {PEOPLE}{THEY}"
    connection.execute(text(first), {"many": people, "day": day})
    since = (NINE - timedelta(days=1)).timestamp()
    connection.execute(text(REMINDERS + THEIRS), {"since": since})
    connection.execute(text("ANALYZE"))


async def timed(work: Awaitable[object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


async def beside(database: Database, work: Awaitable[object]) -> tuple[float, float]:
    """Seconds it took, and the longest that somebody waited whose row was read meanwhile."""
    longest, over = 0.0, asyncio.ensure_future(timed(work))
    while not over.done():
        longest = max(longest, await timed(database.transact(lambda c: recall(c, ONE, THERE))))
        await asyncio.wait([over], timeout=0.05)
    return await over, longest


async def one(url: str, people: int, engine: Engine) -> dict[str, float]:
    """All figures of one database."""
    database = open_database(url)

    def ask(work: Callable[[Connection], object]) -> Awaitable[object]:
        return database.transact(work)

    async def fall_due() -> None:
        while await database.transact(lambda c: falling_due.materialise(c, NINE, engine.enqueue)):
            pass

    await ask(lambda c: fill(c, people))
    before, found = NINE - timedelta(minutes=5), {}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found["a tick while nothing is due, ms"] = 1000 * await timed(
        ask(lambda c: falling_due.materialise(c, before, engine.enqueue))
    )
    found["all fall due, s"], found["longest wait of somebody meanwhile, s"] = await beside(
        database, fall_due()
    )
    found["memory it took, MB"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    assert await ask(lambda c: c.execute(select(func.count(delivery.c.id))).scalar()) == people
    found["a tick right after, ms"] = 1000 * await timed(fall_due())
    claims = [
        1000 * await timed(ask(lambda c: ledger.claim(c, NINE + LEASE, 50, LEASE, ("slack",))))
        for _ in range(5)
    ]
    found["fifty are claimed, first, ms"], found["then, ms"] = claims[0], sorted(claims[1:])[2]
    found["a look at the metrics, ms"] = 1000 * await timed(ask(lambda c: figures.queue(c, NINE + LEASE)))
    found["somebody is forgotten, ms"] = 1000 * await timed(ask(lambda c: leaving.forget(c, ONE)))
    await database.close()
    return found


def sqlite(people: int) -> dict[str, float]:
    """In a file on disk."""
    with tempfile.TemporaryDirectory() as folder:
        url = made(folder)
        found = asyncio.run(one(url, people, engine_on(url, lambda: NINE)))
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
    return {**found, "on disk, MB": size / 2**20}


def postgres(people: int) -> dict[str, float]:
    """On a server, with PgQueuer."""
    with server("") as running:
        url = running.server.url(running.server.migrated())
        return asyncio.run(one(url, people, engine_on(url, lambda: NINE)))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    args = parser.parse_args()
    for name, of in (("sqlite", sqlite), ("postgres", postgres)):
        if args.only in {None, name}:
            print(f"| {args.people:,} reminders for nine, {name} | |\n|---|---|")
            for what, figure in of(args.people).items():
                print(f"| {what} | {figure:,.1f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
