"""Prints what becomes of letters when processes are killed and frozen, connections cut and databases crashed.

python -m tools.bench_faults [--share 1] [--only cuts]

The long form of tests/bot/test_faults.py: real processes, real databases (PostgreSQL with
fsync on), a Slack on this machine whose own log is what is counted. For the one process on SQLite the last
column is the median time from its new start until what it had in hand has arrived; for answers, the longest
from the kill to the reply, Slack's own pauses left out. `--share 0.1`: a tenth of it all.
"""

import argparse
import asyncio
import shutil
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from storage.migrate import migrate
from tests.players import faults
from tests.players.answering import Answering
from tests.players.databases import PostgresServer
from tests.players.fleet import Fleet, Outcome
from tests.players.slack_api import SlackApi

EMBEDDED = ("serve", "--port", "0")


class Ground:
    """A temporary folder with a PostgreSQL server in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = PostgresServer(folder)
        self.server.run("ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()")

    def postgres(self) -> str:
        """The address of a database of its own on the server."""
        return self.server.url(self.server.migrated())

    def sqlite(self, name: str) -> str:
        """The address of a file of its own."""
        url = f"sqlite:///{self.folder / name}.sqlite3"
        migrate(url)
        return url


async def workers(ground: Ground, number: int) -> Outcome:
    async with Fleet(ground.folder, ground.postgres()) as fleet:
        await faults.kills(fleet, number)
        return await fleet.count("SIGKILL of one of two workers")


async def sealed(ground: Ground, number: int) -> Outcome:
    async with Fleet(ground.folder, ground.postgres(), sealed=True) as fleet:
        await faults.kills(fleet, number)
        return await fleet.count("the same, nothing can be looked up")


async def frozen(ground: Ground, number: int) -> Outcome:
    async with Fleet(ground.folder, ground.postgres(), size=3) as fleet:
        await faults.freezes(fleet, number)
        return await fleet.count("SIGSTOP for 1.8 leases")


async def cut(ground: Ground, number: int) -> Outcome:
    name = ground.server.migrated()
    async with (
        faults.wired(ground.server, name) as (wire, url),
        Fleet(ground.folder, url, direct=ground.server.url(name)) as fleet,
    ):
        await faults.cuts(fleet, number, wire)
        return await fleet.count("TCP connection to PostgreSQL cut")


async def crashed(ground: Ground, number: int) -> Outcome:
    async with Fleet(ground.folder, ground.postgres()) as fleet:
        await faults.crashes(fleet, number, ground.server)
        return await fleet.count("PostgreSQL crash")


async def embedded(ground: Ground, number: int) -> Outcome:
    async with Fleet(ground.folder, ground.sqlite("killed"), words=EMBEDDED, size=1) as fleet:
        await faults.kills(fleet, number)
        outcome = await fleet.count("SIGKILL of the one process on SQLite")
        times = [await faults.recovery(fleet) for _ in range(min(10, number))]
        return replace(outcome, seconds=statistics.median(times))


async def disk(ground: Ground, number: int) -> Outcome | None:
    library, log = faults.failing_disk_library(ground.folder), ground.folder / "failed"
    if library is None:
        print("no C compiler here: a disk that fails was not tried", file=sys.stderr)
        return None
    failing = {"LD_PRELOAD": str(library), "FAILSYNC_P": "0.02", "FAILSYNC_LOG": str(log)}
    async with Fleet(
        ground.folder, ground.sqlite("failing"), words=EMBEDDED, size=1, environment=failing
    ) as fleet:
        await faults.failing_disk(fleet, number, log)
        outcome = await fleet.count("fsync fails under SQLite")
        assert await fleet.whole(), "SQLite's file is damaged"
        return outcome


async def answers(ground: Ground, number: int) -> Outcome:
    return await answered(ground.postgres(), number, "an answer in Slack, PostgreSQL")


async def answers_embedded(ground: Ground, number: int) -> Outcome:
    return await answered(ground.sqlite("answered"), number, "an answer in Slack, SQLite")


async def answered(url: str, number: int, what: str) -> Outcome:
    """The same for a message that somebody wrote: one reply, whoever was killed where."""
    api = await SlackApi().start()
    killed = await Answering(api, url).killed(number)
    await api.stop()
    none = sum(not one.replies for one in killed)
    doubled = sum(max(0, one.replies - 1) for one in killed)
    slowest = max(one.seconds for one in killed)
    fault = f"SIGKILL at each await of {what}"
    return Outcome(fault, len(killed), len(killed), none, doubled, 0, none, slowest)


Part = tuple[Callable[[Ground, int], Awaitable[Outcome | None]], int]
PARTS: dict[str, Part] = {
    "workers": (workers, 1000),
    "sealed": (sealed, 200),
    "frozen": (frozen, 200),
    "cut": (cut, 200),
    "crashed": (crashed, 20),
    "embedded": (embedded, 100),
    "disk": (disk, 100),
    "answers": (answers, 1000),  # at most: as many as there are
    "answers_embedded": (answers_embedded, 1000),
}


@asynccontextmanager
async def prepared() -> AsyncIterator[Ground]:
    folder = Path(tempfile.mkdtemp(prefix="breather-faults-"))
    ground = await asyncio.to_thread(Ground, folder)
    try:
        yield ground
    finally:
        ground.server.server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


async def run(share: float, only: str) -> int:
    """The table, a row as soon as it is known, and whether it is as promised."""
    print(Outcome.HEAD, flush=True)
    kept = True
    async with prepared() as ground:
        for name, (part, number) in PARTS.items():
            if not name.startswith(only):
                continue
            outcome = await part(ground, max(2, round(number * share)))
            if outcome is not None:
                print(outcome, flush=True)
                kept &= not outcome.doubled and not (outcome.hidden if name == "sealed" else outcome.lost)
    told = "nothing twice; nothing lost where it can be looked up, and elsewhere it is shown"
    print(f"\n- {told}: {'holds' if kept else 'DOES NOT HOLD'}")
    return int(not kept)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--share", type=float, default=1.0, help="how much of it")
    parser.add_argument("--only", choices=PARTS, default="", help="one kind of fault")
    args = parser.parse_args()
    return asyncio.run(run(args.share, args.only))


if __name__ == "__main__":
    sys.exit(main())
