"""Teams: CPU per message turn and throughput, ours against a floor and against botbuilder's own adapter.

python -m tools.bench_teams --peers FOLDER   FOLDER: a virtual environment with lock/peers.txt (make bench)
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from tools.ratios import at_least, at_most, in_turns, pairs, started, told

APP_ID = "11111111-2222-3333-4444-555555555555"
NAMES = {
    "floor": "floor: Starlette, RS256, pooled POST",
    "ours": "**Breather**",
    "agents": "Microsoft 365 Agents SDK 1.9.0",
    "sdk": "Microsoft Teams SDK 2.1.1",
    "stock": "botbuilder 4.17.1, its own CloudAdapter",
}
TURNS = {"floor": 400, "ours": 400, "agents": 300, "sdk": 180, "stock": 120}  # a block: about a second each


@dataclass(slots=True)
class World:
    """Bot Framework as the servers see it: keys, a token, and a connector that takes its time."""

    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    url: str = ""
    latency: float = 0.0
    waiting: dict[str, asyncio.Future[None]] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=count)

    def app(self) -> web.Application:
        """The endpoints."""
        app = web.Application()
        app.router.add_get("/openid", self.openid)
        app.router.add_get("/keys", self.keys)
        app.router.add_post("/token", self.token)
        app.router.add_post("/v3/conversations/{conversation}/activities/{activity}", self.answered)
        app.router.add_post("/v3/conversations/{conversation}/activities", self.answered)
        return app

    async def openid(self, _: web.Request) -> web.Response:
        known = {"issuer": "https://api.botframework.com", "jwks_uri": f"{self.url}/keys"}
        return web.json_response({**known, "id_token_signing_alg_values_supported": ["RS256"]})

    async def keys(self, _: web.Request) -> web.Response:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return web.json_response({"keys": [{**public, "kid": "k", "endorsements": ["msteams"]}]})

    async def token(self, _: web.Request) -> web.Response:
        return web.json_response({"token_type": "Bearer", "expires_in": 3600, "access_token": "a-token"})

    async def answered(self, request: web.Request) -> web.Response:
        await request.read()
        if self.latency:
            await asyncio.sleep(self.latency)
        waiting = self.waiting.get(request.match_info["conversation"])
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
        return web.json_response({"id": "1"}, status=201)

    def token_for(self, number: int) -> str:
        """A token as Bot Framework signs it."""
        now = int(time.time())
        claims = {"iss": "https://api.botframework.com", "aud": APP_ID, "nbf": now, "exp": now + 3600}
        claims |= {"serviceurl": f"{self.url}/", "jti": str(number)}
        return jwt.encode(claims, self.key, "RS256", headers={"kid": "k"})

    def signed(self, token: str = "") -> tuple[str, dict[str, Any], dict[str, str]]:
        """One message of a person nobody heard of before, with this token or one never used."""
        number = next(self.numbers)
        chat, token = f"a:{number}", token or self.token_for(number)
        tenant = f"T{number % 64}"  # Teams allows an app 50 messages a second in each
        user = {"id": f"29:{number}", "name": "Alex", "aadObjectId": f"00000000-0000-0000-0000-{number:012}"}
        activity = {
            "type": "message",
            "id": f"m{number}",
            "timestamp": "2026-03-02T08:00:00.000Z",
            "channelId": "msteams",
            "serviceUrl": f"{self.url}/",
            "from": user,
            "conversation": {"conversationType": "personal", "tenantId": tenant, "id": chat},
            "recipient": {"id": f"28:{APP_ID}", "name": "Breather"},
            "text": "Where is my parcel, and what do I tell the customer?",
            "textFormat": "plain",
            "locale": "en-GB",
            "entities": [{"type": "clientInfo", "locale": "en-GB", "timezone": "Europe/Berlin"}],
            "channelData": {"tenant": {"id": tenant}},
        }
        return chat, activity, {"Authorization": f"Bearer {token}"}


@dataclass(frozen=True, slots=True)
class Bench:
    """One server under test, and the people who talk to it."""

    name: str
    url: str
    world: World
    session: aiohttp.ClientSession

    async def cpu(self) -> float:
        async with self.session.get(f"{self.url}/cpu") as answer:
            return float(await answer.text())

    async def turn(self, said: tuple[str, dict[str, Any], dict[str, str]]) -> None:
        """Send a message and wait for the answer in its conversation."""
        chat, activity, headers = said
        waiting = self.world.waiting[chat] = asyncio.get_running_loop().create_future()
        async with self.session.post(f"{self.url}/api/messages", json=activity, headers=headers) as answer:
            assert answer.status < 300, f"{self.name} answered {answer.status}"
            await answer.read()
        async with asyncio.timeout(30):
            await waiting
        del self.world.waiting[chat]

    async def per_turn(self, turns: int, people: int = 8) -> float:
        """CPU milliseconds of the server per turn."""
        letters = [self.world.signed() for _ in range(turns)]

        async def person() -> None:
            while letters:
                await self.turn(letters.pop())

        before = await self.cpu()
        await asyncio.gather(*(person() for _ in range(people)))
        return (await self.cpu() - before) * 1000 / turns

    async def per_second(self, seconds: float, people: int = 64) -> float:
        """Answered messages a second."""
        loop, done = asyncio.get_running_loop(), 0
        token = self.world.token_for(-1)  # signing would be our own work, not the server's
        begun = loop.time()

        async def person() -> None:
            nonlocal done
            while loop.time() < begun + seconds:
                await self.turn(self.world.signed(token))
                done += 1

        await asyncio.gather(*(person() for _ in range(people)))
        return done / (loop.time() - begun)


def table(found: Mapping[str, Sequence[float]], unit: str, against: str) -> None:
    """One row a server; the ratio is of pairs measured one after the other."""
    print(f"| server | {unit}, median | ratio to {against}, median (95 % interval) |\n|---|---|---|")
    for name, values in found.items():
        ratios = told(pairs(found, name, against))
        print(f"| {NAMES[name]} | {statistics.median(values):.2f} | {ratios} |")
    print()


async def servers(
    stack: AsyncExitStack, world: World, session: aiohttp.ClientSession, peers: str
) -> list[Bench]:
    """Every server that is installed, started and warm."""
    benches = []
    connector = world.url.removeprefix("http://")
    for name, title in NAMES.items():
        here = [sys.executable, "-m", "tools.bench_teams_servers", name, world.url, connector]
        there = [str(Path(peers) / "bin/python"), "tools/bench_peers.py", name, world.url]
        url = await stack.enter_async_context(started(name, here if name in {"floor", "ours"} else there))
        if url:
            benches.append(Bench(name, url, world, session))
        else:
            print(f"{title} is left out: its packages are not in {peers}.\n")
    for bench in benches:
        await bench.per_turn(60)
    return benches


async def run(args: argparse.Namespace) -> int:
    world = World()
    async with AsyncExitStack() as stack:
        runner = web.AppRunner(world.app(), access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        world.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        session = await stack.enter_async_context(
            # Servers hang up after some idle seconds: we are the first to do so.
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=2))
        )
        benches = await servers(stack, world, session, args.peers)
        if {"floor", "ours", "stock"} - {bench.name for bench in benches}:
            print("Without stock there is nothing to hold the bars against.")
            return 1
        cpu = await in_turns(benches, args.pairs, lambda b: b.per_turn(TURNS[b.name]))
        world.latency = 0.2
        speed = await in_turns(benches[1:], args.pairs, lambda b: b.per_second(args.seconds))
    print("CPU of one echoed message, RS256 check on, 8 people at a time:\n")
    table(cpu, "CPU ms", "floor")
    print("64 people at a time, a connector that takes 200 ms:\n")
    table(speed, "messages a second", "stock")

    bars = [
        at_most("CPU, ours to the floor", pairs(cpu, "ours", "floor"), 3),
        at_least("CPU, stock to ours", pairs(cpu, "stock", "ours"), 5),
        at_least("throughput, ours to stock", pairs(speed, "ours", "stock"), 5),
    ]
    return int(not all(bars))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", required=True, help="virtual environment with the peers")
    parser.add_argument("--pairs", type=int, default=15, help="rounds; 3 for a quick look")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a throughput block")
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
