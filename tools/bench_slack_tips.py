"""Prints what tips to many private chats in many workspaces do to people who write meanwhile, and to Slack.

python -m tools.bench_slack_tips [--workspaces 50] [--people 200] [--times 10] [--apart]

Real parts: SQLite, ledger, courier, coach, the Slack adapter, HTTP; with --apart PostgreSQL (from the wheel,
fsync on) and the courier in a process of its own with PgQueuer, as `serve --no-reminders` and `work` have it.
Slack is a process on this machine that enforces Slack's limits so many times faster, with windows that much
shorter, and answers 429 beyond them. People write to the coach's private chat all the time: first alone, then
while the tips go out, then alone.
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import uvicorn

from adapters.slack.app import Slack, build_slack
from adapters.slack.gate import PATH
from adapters.slack.settings import Installation, SlackSettings
from adapters.slack.tiers import Limit, Tiers, read_tiers
from bot import assembly
from bot.courier import Courier
from bot.house import House
from bot.settings import read_settings
from bot.slack import KeptEvents
from bot.web import open_socket
from coaching.people import Day, For, Person, Place, Slot, Zone
from coaching.turn import Met, ScheduleSet
from storage.db import open_database
from storage.memory import StoredMemory
from storage.migrate import migrate
from storage.seen import StoredEvents
from tests.players.databases import PostgresServer
from tools.bench_slack_limits import limited

SECRET = "a secret for measuring"


async def work(url: str, peer: str, times: float) -> None:
    """Clock and courier alone, until its input ends."""
    async with house(url, peer, times) as (built, _, _):
        await built.start()
        await asyncio.to_thread(sys.stdin.read)
        await built.stop()


# --------------------------------------------------------------------------- Breather


class Everywhere:
    """Installed in every workspace, each with a token of its own."""

    async def find(self, tenant: str) -> Installation | None:
        """Its installation."""
        return Installation(tenant, f"xoxb-{tenant}")


def faster(tiers: Tiers, times: float) -> Tiers:
    """The same bursts, that many times as often."""

    def limit(one: Limit | None) -> Limit | None:
        return one and replace(one, minute=one.minute * times)

    changed = {
        name: replace(method, limit=limit(method.limit) or method.limit, channel=limit(method.channel))
        for name, method in tiers.methods.items()
    }
    return Tiers(changed, tiers.others)


@asynccontextmanager
async def house(url: str, peer: str, times: float) -> AsyncIterator[tuple[House, Slack, str]]:
    """Breather with Slack, listening; the clock does not run, the courier is called each second."""
    migrate(url)
    built = assembly.build_house(read_settings({"DATABASE_URL": url}), open_database(url))
    settings = SlackSettings("xoxb-none", (SECRET,), api_url=f"{peer}/api/")
    seen = KeptEvents(StoredEvents(built.database))
    slack = build_slack(built.coach, settings, assembly.now, Everywhere(), seen)
    slack.post.manners.pace.tiers = faster(read_tiers(), times)
    built.posts["slack"] = slack.post
    listener = open_socket("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(slack.asgi, log_config=None, access_log=False, lifespan="off"))
    await slack.start()
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    yield built, slack, f"http://127.0.0.1:{listener.getsockname()[1]}{PATH}"
    server.should_exit = True
    await serving
    await slack.stop()
    await built.database.close()


async def people(built: House, workspaces: int, each: int, ahead: timedelta) -> datetime:
    """Everybody's reminder, due at a full minute so far ahead at the latest; when that is."""
    memory, now = StoredMemory(built.database), assembly.now()
    due = (now + ahead).replace(second=0, microsecond=0)
    slot = Slot(Zone("UTC"), due.time(), frozenset(Day))
    for team in range(workspaces):
        persons = [Person("slack", f"T{team}", f"U{team}x{n}") for n in range(each)]
        places = [Place("slack", who.tenant, who.user) for who in persons]
        facts = [(Met(), ScheduleSet(For.ME, slot, place)) for place in places]
        keeping = [memory.keep(*one, now) for one in zip(persons, places, facts, strict=True)]
        await asyncio.gather(*keeping)
    return due


@dataclass
class Writers:
    """People who write to the coach, ten a second in all."""

    url: str
    session: aiohttp.ClientSession
    workspaces: int
    numbers: "count[int]" = field(default_factory=count)
    failed: int = 0

    async def write(self, times: list[float]) -> None:
        """One message in a private chat; the seconds until Slack's event was answered, reply and all."""
        number = next(self.numbers)
        team = f"T{number % self.workspaces}"
        said = {"type": "message", "channel_type": "im", "channel": f"DW{number}", "user": f"W{number}"}
        said |= {"text": "Give me a tip", "ts": f"{number}.1"}
        payload = {"type": "event_callback", "event_id": f"Ev{number}", "team_id": team, "event": said}
        body, stamp = json.dumps(payload).encode(), str(int(time.time()))
        mac = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}
        began = time.perf_counter()
        async with self.session.post(self.url, data=body, headers=headers) as answer:
            self.failed += answer.status != 200
        times.append(time.perf_counter() - began)

    async def keep_writing(self, until: asyncio.Event) -> list[float]:
        """Until told otherwise, whether or not the answers come."""
        times: list[float] = []
        async with asyncio.TaskGroup() as group:
            while not until.is_set():
                group.create_task(self.write(times))
                await asyncio.sleep(random.expovariate(10))
        return times


async def alone(writers: Writers, seconds: float) -> list[float]:
    """Nothing but people."""
    over = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, over.set)
    return await writers.keep_writing(over)


async def tips(
    courier: Courier | None, peer: str, session: aiohttp.ClientSession, most: int
) -> dict[str, Any]:
    """The courier at work, here or elsewhere, until every tip has arrived; what Slack counted, how long."""
    began, told = time.monotonic(), {"tips": 0}
    while told["tips"] < most and time.monotonic() - began < 600:
        if courier is not None:
            await courier.deliver()
        await asyncio.sleep(0.5)
        async with session.get(f"{peer}/counts") as answer:
            told = await answer.json()
    if courier is not None:
        await courier.landed()
    return {**told, "seconds": time.monotonic() - began}


@contextmanager
def database(folder: str, *, apart: bool) -> Iterator[str]:
    """The address of a new one."""
    if not apart:
        yield f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        return
    server = PostgresServer(Path(folder))
    server.run("ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()")
    try:
        yield server.url(server.migrated())
    finally:
        server.server.cleanup()


@contextmanager
def worker(args: argparse.Namespace, url: str, peer: str) -> Iterator[None]:
    """The courier in a process of its own, if it is to be apart."""
    if not args.apart:
        yield
        return
    words = ("--work", url, "--peer", peer, "--times", str(args.times))
    command = [sys.executable, "-m", "tools.bench_slack_tips", *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        yield
        assert process.stdin is not None
        process.stdin.close()


async def run(args: argparse.Namespace, peer: str) -> int:
    with tempfile.TemporaryDirectory() as folder, database(folder, apart=args.apart) as url:
        async with house(url, peer, args.times) as (built, _, door), aiohttp.ClientSession() as session:
            writers = Writers(door, session, args.workspaces)
            due = await people(built, args.workspaces, args.people, timedelta(minutes=1 + args.apart))
            here = None if args.apart else built.courier
            with worker(args, url, peer):
                await alone(writers, 3)  # warm
                if here is not None:  # else the other process has its own clock, which is not to be set
                    here.now = lambda: max(assembly.now(), due)
                    before = await alone(writers, args.seconds)
                else:
                    before = await alone(writers, (due - assembly.now()).total_seconds())
                over = asyncio.Event()
                writing = asyncio.create_task(writers.keep_writing(over))
                told = await tips(here, peer, session, args.workspaces * args.people)
                over.set()
                meanwhile = await writing
                after = await alone(writers, args.seconds)
    return report(args, told, writers.failed, {"alone": before + after, "meanwhile": meanwhile})


def report(args: argparse.Namespace, told: dict[str, Any], failed: int, times: dict[str, list[float]]) -> int:
    """The table, and whether it is as promised."""
    wanted, refused = args.workspaces * args.people, sum(told["refused"].values())
    rate = f"{args.workspaces} workspaces, Slack's limits {args.times:g} times as fast"
    print(f"{told['tips']} tips to {told['chats']} of {wanted} chats in {told['seconds']:.0f} s ({rate})")
    print(f"429s: {refused}; people whose message was not answered: {failed}")
    print("\n| people who write | messages | p50 ms | p99 ms |\n|---|---|---|---|")
    late = {}
    for name, taken in times.items():
        late[name] = statistics.quantiles(taken, n=100)[98] * 1000
        print(f"| {name} | {len(taken)} | {statistics.median(taken) * 1000:.0f} | {late[name]:.0f} |")
    good = told["tips"] == told["chats"] == wanted and not refused and not failed
    print(f"\n- every tip once, no 429, everybody answered: {'holds' if good else 'DOES NOT HOLD'}")
    return int(not good)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workspaces", type=int, default=50)
    parser.add_argument("--people", type=int, default=200, help="in each workspace")
    parser.add_argument(
        "--times", type=float, default=10, help="how much faster than Slack's own the limits are"
    )
    parser.add_argument(
        "--seconds", type=float, default=15, help="how long people write alone, before and after"
    )
    parser.add_argument("--apart", action="store_true", help="PostgreSQL, and the courier in its own process")
    parser.add_argument("--work", default="", help=argparse.SUPPRESS)
    parser.add_argument("--peer", default="", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.work:
        asyncio.run(work(args.work, args.peer, args.times))
        return 0
    with limited(args.times) as peer:
        return asyncio.run(run(args, peer))


if __name__ == "__main__":
    sys.exit(main())
