"""Slack: CPU and time of a signed request, ours against a floor and against stock Bolt.

python -m tools.bench_slack --peers FOLDER   FOLDER: a virtual environment with lock/peers.txt (make bench)
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from adapters.slack.gate import PATH
from coaching.playbook.reader import read
from tools import count_calls
from tools.bench_slack_servers import SECRET, TEAMS
from tools.ratios import at_least, at_most, in_turns, pairs, started, told

PEOPLE = 8  # at a time, while CPU is measured
_NUMBERS = count(1)


def command() -> tuple[str, str]:
    """A /coach help by one of fifty people in one of twenty workspaces, as a form."""
    number = next(_NUMBERS)
    fields = {"command": "/coach", "text": "help", "user_id": f"U{number % 50:02}", "channel_id": "D01BENCH"}
    fields |= {"team_id": TEAMS[number % 20], "trigger_id": f"13345224609.738474920.{number:012}"}
    fields |= {"team_domain": "bench", "api_app_id": "A1", "response_url": "http://127.0.0.1:9/commands/1"}
    return "application/x-www-form-urlencoded", urlencode(fields)


def event() -> tuple[str, str]:
    """A message in the private chat, as JSON."""
    number = next(_NUMBERS)
    said = {"type": "message", "channel_type": "im", "text": "hello", "user": f"U{number % 50:02}"}
    said |= {"channel": f"D{number % 50:02}", "ts": f"1772438400.{number:06}"}
    told = {"type": "event_callback", "event_id": f"Ev{number:012}", "event": said, "api_app_id": "A1"}
    return "application/json", json.dumps({**told, "team_id": TEAMS[number % 20], "event_time": 1772438400})


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: whose server is asked, with what, how often in a block."""

    name: str
    says: str
    server: str
    payload: Callable[[], tuple[str, str]] = command
    turns: int = 600


ROWS = (
    Row("floor", "floor: raw ASGI, HMAC, parse", "floor"),
    Row("ours", "**Breather**, one workspace", "one"),
    Row("many", "**Breather**, 20 workspaces, encrypted store", "many"),
    Row("event-floor", "floor, an event", "floor", event),
    Row("event", "**Breather**, an event with its durable row", "one", event),
    Row("product", "Breather with its skills and SQLite", "product", turns=200),
    Row("bolt-asgi", "stock Bolt async, ASGI", "bolt-asgi", turns=200),
    Row("bolt-aiohttp", "stock Bolt async, aiohttp", "bolt-aiohttp", turns=200),
    Row("bolt-sync", "sync Bolt, Flask, gunicorn gthread", "bolt-sync", turns=200),
    Row("bolt-many", "stock Bolt, 20 workspaces, aiosqlite", "bolt-many", turns=100),
)
SINGLY = ("ours", "many", "event", "bolt-asgi", "bolt-aiohttp", "bolt-sync", "bolt-many")


@dataclass(slots=True)
class Line:
    """One connection to a server, kept open."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, request: bytes) -> tuple[float, bytes]:
        """The seconds until the answer was there, and its body."""
        start = time.perf_counter()
        self.writer.write(request)
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await self.reader.readexactly(length)
        spent = time.perf_counter() - start
        if not head.startswith(b"http/1.1 200"):
            raise SystemExit(f"a server answered {head[9:12].decode()}")
        return spent, body


@asynccontextmanager
async def lines(url: str, many: int) -> AsyncIterator[list[Line]]:
    """Connections that the server has taken."""
    where = urlsplit(url)
    opened = [Line(*await asyncio.open_connection(where.hostname, where.port)) for _ in range(many)]
    for line in opened:
        await line.ask(b"GET /cpu HTTP/1.1\r\nHost: bench\r\n\r\n")
    yield opened
    for line in opened:
        line.writer.close()


@dataclass(frozen=True, slots=True)
class Bench:
    """A row and the address of its server."""

    row: Row
    url: str

    @property
    def name(self) -> str:
        """The row's."""
        return self.row.name

    async def cpu(self) -> float:
        """CPU microseconds of the server a request, several people at a time."""
        letters = [signed(*self.row.payload()) for _ in range(self.row.turns)]

        async def person(line: Line) -> None:
            while letters:
                await line.ask(letters.pop())

        async with lines(self.url, PEOPLE) as people:
            before = await _spent(people[0])
            await asyncio.gather(*(person(line) for line in people))
            await asyncio.sleep(0.02)  # what comes after an answer is the request's too
            return (await _spent(people[0]) - before) * 1e6 / self.row.turns

    async def time(self) -> float:
        """p50 in milliseconds, one request at a time, for half a second."""
        times, until = [], time.perf_counter() + 0.5
        async with lines(self.url, 1) as (line,):
            while time.perf_counter() < until:
                times.append((await line.ask(signed(*self.row.payload())))[0])
        return statistics.median(times) * 1e3


async def _spent(line: Line) -> float:
    return float((await line.ask(b"GET /cpu HTTP/1.1\r\nHost: bench\r\n\r\n"))[1])


def signed(kind: str, body: str) -> bytes:
    """A request as Slack signs it."""
    stamp = str(int(time.time()))
    mac = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    head = f"POST {PATH} HTTP/1.1\r\nHost: bench\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    head += f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={mac}\r\n\r\n"
    return f"{head}{body}".encode()


async def servers(stack: AsyncExitStack, peers: str) -> list[Bench]:
    """Every row's server, started and warm."""
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    here = [sys.executable, "-m", "tools.bench_slack_servers"]
    there = [str(Path(peers) / "bin/python"), "tools/bench_slack_peers.py"]
    world = await stack.enter_async_context(started("world", [*here, "world", "", folder]))
    urls: dict[str, str] = {}
    for server in dict.fromkeys(row.server for row in ROWS):
        whose = there if server.startswith("bolt") else here
        urls[server] = await stack.enter_async_context(started(server, [*whose, server, world, folder]))
    benches = [Bench(row, urls[row.server]) for row in ROWS]
    for bench in benches:
        await bench.cpu()
    return benches


def table(cpu: Mapping[str, Sequence[float]], p50: Mapping[str, Sequence[float]]) -> None:
    """One row each; a ratio is of the blocks of one round."""
    print("| server | CPU µs, median | × floor, median (95 % interval) | p50 ms, alone | × Breather's p50 |")
    print("|---|---|---|---|---|")
    for row in ROWS:
        floor = told(pairs(cpu, row.name, "event-floor" if row.payload is event else "floor"))
        alone, times = "", ""
        if row.name in p50:
            alone, times = f"{statistics.median(p50[row.name]):.2f}", told(pairs(p50, row.name, "ours"))
        print(f"| {row.says} | {statistics.median(cpu[row.name]):.0f} | {floor} | {alone} | {times} |")
    print()


def bars(cpu: Mapping[str, Sequence[float]], p50: Mapping[str, Sequence[float]]) -> bool:
    """Whether all of them hold."""
    held = [
        at_most("CPU of a command, to the floor", pairs(cpu, "ours", "floor"), 2.5),
        at_most("CPU of an event, to the floor", pairs(cpu, "event", "event-floor"), 4),
        at_most("CPU of a command, many workspaces to one", pairs(cpu, "many", "ours"), 1.3),
    ]
    stock = ("bolt-asgi", "bolt-aiohttp", "bolt-many")
    held += [at_least(f"p50 alone, {name} to ours", pairs(p50, name, "ours"), 10) for name in stock]
    return all(held)


def calls() -> bool:
    """Function calls of one request, with 5 and with 200 handlers."""
    playbook = read()
    ours = [count_calls.ours(playbook, handlers, form) for form in (False, True) for handlers in (5, 200)]
    bolt = [count_calls.bolt(handlers) for handlers in (5, 200)]
    good = ours[0] == ours[1] and ours[2] == ours[3]
    print(f"- function calls with 5 and 200 handlers: a command {ours[0]} and {ours[1]}, ", end="")
    print(f"a form {ours[2]} and {ours[3]}: {'holds' if good else 'DOES NOT HOLD'} ", end="")
    print(f"(Bolt alone with 5 and 200 listeners: {bolt[0]} and {bolt[1]})")
    return good


async def run(args: argparse.Namespace) -> bool:
    async with AsyncExitStack() as stack:
        benches = await servers(stack, args.peers)
        cpu = await in_turns(benches, args.pairs, Bench.cpu)
        alone = [bench for bench in benches if bench.name in SINGLY]
        p50 = await in_turns(alone, args.pairs, Bench.time)
    print(f"One signed request, {args.pairs} rounds; CPU with {PEOPLE} people at a time, p50 with one:\n")
    table(cpu, p50)
    return bars(cpu, p50)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", required=True, help="virtual environment with the peers")
    parser.add_argument("--pairs", type=int, default=15, help="rounds; 3 for a quick look")
    good = asyncio.run(run(parser.parse_args()))
    return int(not (calls() and good))


if __name__ == "__main__":
    sys.exit(main())
