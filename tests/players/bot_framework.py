"""A small Bot Framework on this machine: publishes keys, signs activities, gives tokens, takes calls."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

APP = "00000000-0000-4000-8000-00000000c0ac"
ISSUER = "https://api.botframework.com"
SERVICE = "https://smba.trafficmanager.net/emea/"
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Clock:
    """Stands still until it is moved. Waiting moves it."""

    def __init__(self):
        self.at, self.slept = START, []

    def __call__(self):
        return self.at

    @property
    def stamp(self):
        return int(self.at.timestamp())

    def clock(self):
        return self.at.timestamp()

    def move(self, seconds):
        self.at += timedelta(seconds=seconds)

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.move(seconds)
        await asyncio.sleep(0)


@cache
def _pair(name, size):
    """A key pair by name; made once, for it takes a moment."""
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


def private_key(name, size=2048):
    """The private half."""
    return _pair(name, size)


def published(kid, name=None, endorsements=("msteams",), size=2048):
    """A public key as the key server lists it."""
    entry = json.loads(RSAAlgorithm.to_jwk(private_key(name or kid, size).public_key()))
    entry = {"kty": "RSA", "use": "sig", "kid": kid, "n": entry["n"], "e": entry["e"]}
    if endorsements is not None:
        entry["endorsements"] = list(endorsements)
    return entry


def token(stamp, key="k1", kid="k1", algorithm="RS256", drop=(), **claims):
    """A signed token; `claims` over the usual ones, without those in `drop`."""
    told = {
        "iss": ISSUER,
        "aud": APP,
        "serviceurl": SERVICE,
        "nbf": stamp - 60,
        "exp": stamp + 3600,
    } | claims
    told = {name: value for name, value in told.items() if name not in drop}
    headers = {} if kid is None else {"kid": kid}
    secret = private_key(key) if isinstance(key, str) else key
    return jwt.encode(told, secret, algorithm=algorithm, headers=headers)


@dataclass
class KeyServer:
    """Publishes keys. `broken` is what it answers instead, `hold` makes it wait."""

    keys: list = field(default_factory=lambda: [published("k1")])
    asked: list = field(default_factory=list)
    broken: str = ""
    hold: asyncio.Event | None = None
    jwks_uri: str = ""
    url: str = ""
    runner: object = None

    async def start(self):
        app = web.Application()
        app.router.add_get("/openid", self._openid)
        app.router.add_get("/keys", self._keys)
        self.runner, self.url = await listening(app)
        self.jwks_uri = f"{self.url}/keys"
        return self

    async def stop(self):
        await self.runner.cleanup()

    async def _openid(self, request):
        return await self._say("openid", {"issuer": ISSUER, "jwks_uri": self.jwks_uri})

    async def _keys(self, request):
        return await self._say("keys", {"keys": self.keys})

    async def _say(self, name, document):
        self.asked.append(name)
        if self.hold is not None:
            await self.hold.wait()
        if self.broken == "status":
            return web.Response(status=500)
        if self.broken == "redirect":
            return web.Response(status=302, headers={"Location": f"{self.url}/elsewhere"})
        return web.Response(text=self.broken or json.dumps(document), content_type="application/json")


@dataclass
class TokenServer:
    """Gives tokens, as Entra and a managed identity do. `answers` are given first, in order."""

    asked: list = field(default_factory=list)  # (path, form or query, headers)
    answers: list = field(default_factory=list)  # (status, body)
    lasts: object = 3600
    hold: asyncio.Event | None = None
    url: str = ""
    runner: object = None

    async def start(self):
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._give)
        self.runner, self.url = await listening(app)
        return self

    async def stop(self):
        await self.runner.cleanup()

    async def _give(self, request):
        told = dict(await request.post()) if request.method == "POST" else dict(request.query)
        self.asked.append((request.path, told, dict(request.headers)))
        number = len(self.asked)
        if self.hold is not None:
            await self.hold.wait()
        if self.answers:
            status, text = self.answers.pop(0)
            return web.Response(status=status, text=text)
        return web.json_response({"access_token": f"token-{number}", "expires_in": self.lasts})


@dataclass
class ConnectorStub:
    """Takes what is posted. `answers` are given first: (status, body, headers), "reset" or "hang"."""

    calls: list = field(default_factory=list)  # (method, raw path, body, authorization)
    answers: list = field(default_factory=list)
    connections: set = field(default_factory=set)
    url: str = ""
    runner: object = None

    async def start(self):
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._take)
        self.runner, self.url = await listening(app)
        return self

    async def stop(self):
        await self.runner.cleanup()

    async def _take(self, request):
        raw = await request.read()
        body = json.loads(raw) if raw else None
        self.connections.add(request.transport.get_extra_info("peername"))
        self.calls.append((request.method, request.raw_path, body, request.headers.get("Authorization")))
        answer = self.answers.pop(0) if self.answers else (201, {"id": f"a{len(self.calls)}"}, {})
        if answer == "reset":
            request.transport.abort()
            await asyncio.sleep(0)
        elif answer == "hang":
            await asyncio.sleep(30)
        else:
            status, body, headers = answer
            text = body if isinstance(body, str) else json.dumps(body)
            return web.Response(status=status, text=text, headers=headers)
        return web.Response()


async def listening(app):
    """The app on a free port of this machine, and its address."""
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"


async def until(true):
    """Wait until something is so; a test that waits in vain fails here."""
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - what is waited for is any condition
            await asyncio.sleep(0.005)
