"""Counts the function calls of one signed request, which is exact: what it costs with 5 handlers or 200.

Varied is what a request is looked up in: for ours the sub-words of /coach and the skills behind them, which
also answer forms and buttons; for Bolt alone its commands, a listener each. The one asked for stands last.
"""

import asyncio
import gc
import hashlib
import hmac
import json
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack.app import build_slack
from adapters.slack.gate import PATH
from adapters.slack.settings import SlackSettings
from coaching import coach as door
from coaching import intent
from coaching.coach import Coach
from coaching.playbook.reader import Playbook
from coaching.ports import Posted
from coaching.rounds import Rounds
from coaching.turn import Known, Turn
from coaching.values import Para, Reply

SECRET = "a secret for counting"
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
Headers = list[tuple[bytes, bytes]]
Request = Callable[[bytes, Headers], Awaitable[None]]


class Nothing:
    """A memory that knows everybody has been greeted, and a post that sends nothing."""

    async def recall(self, *_: object) -> Known:
        return Known(met=True)

    async def keep(self, *_: object) -> None: ...

    async def rows(self, *_: object) -> tuple[()]:
        return ()

    async def post(self, *_: object) -> Posted:
        return Posted.SENT


def _answer(*_: object) -> Turn:
    return Turn((Reply((Para(("Take a breath.",)),)),))


def count(request: Request, bodies: list[bytes], at: datetime = NOW) -> int:
    """The calls of the last request; those before have filled what is filled once."""
    *before, (body, headers) = [(body, signed(body, at)) for body in bodies]
    found = 0

    def seen(_frame: object, event: str, _argument: object) -> None:
        nonlocal found
        found += event in {"call", "c_call"}

    async def last() -> None:
        for one in before:
            await request(*one)
        gc.disable()  # what runs at a collection is not the request's
        sys.setprofile(seen)
        try:
            await request(body, headers)
        finally:
            sys.setprofile(None)
            gc.enable()

    asyncio.run(last())
    return found


def ours(playbook: Playbook, handlers: int, form: bool = False) -> int:
    """The calls of a command, or of a form that is sent, with so many sub-words and skills."""
    names = [f"skill{number:03}" for number in range(handlers - 1)] + ["last"]
    commands = {name: (name, name) for name in names}
    skills = MappingProxyType(dict.fromkeys(names, _answer) | {"help": _answer})
    nothing: Any = Nothing()
    coach = Coach(playbook, nothing, nothing, lambda *_: None, Rounds(bytes(32)))
    slack = build_slack(coach, SlackSettings("xoxb-count", (SECRET,)), lambda: NOW)

    async def request(body: bytes, headers: Headers) -> None:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(event: MutableMapping[str, Any]) -> None:
            sent.append(event)

        scope = {"type": "http", "path": PATH, "method": "POST", "headers": headers}
        await slack.asgi(scope, receive, send)
        assert sent[0]["status"] == 200, sent[0]["status"]
        assert b"breath" in sent[1]["body"], "another handler answered"

    with patch.object(intent, "COMMANDS", commands), patch.object(door, "SKILLS", skills):
        return count(request, [submitted(n) if form else commanded(n) for n in range(3)])


def bolt(handlers: int) -> int:
    """The calls of the same command in Bolt alone, verified and routed by it, with so many listeners."""

    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-count")

    async def listener(ack: Callable[..., Awaitable[None]]) -> None:
        await ack("Take a breath.")

    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=True)
    for number in range(handlers - 1):
        app.command(f"/other{number}")(listener)
    app.command("/coach")(listener)

    async def request(body: bytes, headers: Headers) -> None:
        told: dict[str, Any] = {name.decode(): value.decode() for name, value in headers}
        answer = await app.async_dispatch(AsyncBoltRequest(body=body.decode(), headers=told))
        assert answer.status == 200, answer.status

    now = datetime.now(UTC)  # Bolt looks at the clock itself
    return count(request, [commanded(n) for n in range(3)], now)


def commanded(number: int) -> bytes:
    """A /coach last."""
    fields = {"command": "/coach", "text": "last", "user_id": "U1", "team_id": "T1", "channel_id": "D1"}
    return urlencode({**fields, "trigger_id": f"1.{number}", "response_url": "http://127.0.0.1:9/"}).encode()


def submitted(number: int) -> bytes:
    """A form of the skill "last"."""
    view = {
        "id": "V1",
        "hash": str(number),
        "type": "modal",
        "callback_id": "last.form",
        "state": {"values": {}},
    }
    payload = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": view}
    return urlencode({"payload": json.dumps(payload)}).encode()


def signed(body: bytes, at: datetime) -> Headers:
    """The headers Slack sends with this body."""
    stamp = str(int(at.timestamp())).encode()
    mac = hmac.new(SECRET.encode(), b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest()
    kind = (b"content-type", b"application/x-www-form-urlencoded")
    return [(b"x-slack-request-timestamp", stamp), (b"x-slack-signature", b"v0=" + mac.encode()), kind]
