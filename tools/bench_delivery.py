"""Prints how fast letters go out and what the ledger costs, each beside what it is measured against.

python -m tools.bench_delivery [--rounds 5] [--letters 5000] [--peers FOLDER]

- fan-out: the courier with ledger and SQLite (synchronous=FULL), beside a bare loop that only sends
- the same on PostgreSQL (from the wheel, fsync on): one worker with PgQueuer and ledger, beside one of
  Procrastinate, which keeps no ledger (FOLDER: a virtual environment with lock/peers.txt), and the pump;
  four times as many letters
- falling due: 100,000 letters in the ledger, beside APScheduler's SQLAlchemy store with as many due jobs
  (measured on fewer: its time for one job does not fall with their number)
- the burst at nine: simulated by a clock that jumps, beside what Slack's limit allows at best

Sending takes a millisecond here. Figures are ratios of blocks that were measured one after the other.
"""

import argparse
import asyncio
import gc
import statistics
import sys
import tempfile
import time

from sqlalchemy import func, select

from coaching.playbook.reader import read
from storage import falling_due
from storage.db import open_database
from storage.tables import delivery
from tests.players.nine_o_clock import PEOPLE, SMALL, TAKEN, Straight, morning
from tools.bench_fan_out import NINE, Measured, bare, embedded, made, people, server
from tools.bench_job_store import job_store
from tools.ratios import at_least, at_most, in_turns, pairs

HUNDRED_THOUSAND = 100_000


# --------------------------------------------------------------------------- falling due


async def ledger(letters: int) -> float:
    """Letters a second that fall due in the ledger, on disk."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(made(folder))
        await database.transact(lambda c: people(c, "slack", letters, 50))
        began = time.perf_counter()
        while await database.transact(lambda c: falling_due.materialise(c, NINE)):
            pass
        taken = time.perf_counter() - began
        found = await database.transact(lambda c: c.execute(select(func.count(delivery.c.id))).scalar())
        assert found == letters
        await database.close()
    return letters / taken


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
        # so many that a worker's start, half a second, is not what is measured
        measured = [*blocks(args), *postgres.blocks(4 * args.letters)]
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
