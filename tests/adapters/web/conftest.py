"""A served playground, and an app called without a network where a test is about one request."""

import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count

import aiohttp
import pytest

from adapters.web.app import build
from adapters.web.inbox import Inbox
from tests.players.web import WebPlayer, served

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TOKEN = "token-of-this-start"


class Told:
    """A coach that answers with what it is told to, and keeps what it heard."""

    def __init__(self, playbook):
        self.playbook, self.heard, self.answers, self.troubles = playbook, [], (), []
        self.better_later = {}

    async def better(self, key):
        return self.better_later.get(key)

    async def hear(self, message):
        self.heard.append(message)
        return self.answers

    def trouble(self, where, error):
        self.troubles.append((where, type(error).__name__))


class Answered:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.text = status, headers, body.decode()

    def json(self):
        return json.loads(self.text)


class Caller:
    """Calls an ASGI app in process; a request is the page's own unless told otherwise."""

    def __init__(self, app):
        self.app, self.ids = app, count(1)

    async def call(self, method, path, body=b"", headers=None, client="127.0.0.1"):
        given = {"host": "127.0.0.1:8000", "x-breather-token": TOKEN, "content-type": "application/json"}
        given = {k: v for k, v in (given | (headers or {})).items() if v is not None}
        raw, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": raw,
            "raw_path": raw.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(k.encode(), v.encode()) for k, v in given.items()],
            "client": (client, 50000) if client else None,
            "server": ("127.0.0.1", 8000),
        }
        chunks = body if isinstance(body, list) else [body]
        waiting = [
            {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
            for number, chunk in enumerate(chunks, 1)
        ]
        sent = []

        async def receive():
            return waiting.pop(0) if waiting else {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        await self.app(scope, receive, send)
        start = sent[0]
        told = {k.decode(): v.decode() for k, v in start["headers"]}
        return Answered(start["status"], told, b"".join(m.get("body", b"") for m in sent[1:]))

    async def do(self, what, **more):
        data = {"id": f"request-{next(self.ids)}", "place": "chat", "zone": "Europe/Berlin"} | what
        return await self.call("POST", "/do", json.dumps(data).encode(), **more)


@pytest.fixture
def stage(playbook):
    return Told(playbook)


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def caller(stage, inbox):
    return Caller(build(stage, inbox, TOKEN, lambda: AT))


@pytest.fixture
def playing():
    """playing(coach, inbox, channel=…, letters=…) → a WebPlayer on a real server."""

    @asynccontextmanager
    async def start(coach, inbox, *, channel=False, letters=None):
        app = build(coach, inbox, TOKEN, lambda: AT)
        async with served(app, inbox) as address, aiohttp.ClientSession() as http:
            yield WebPlayer(address, http, TOKEN, channel=channel, letters=letters)

    return start
