"""A small Slack on this machine: answers Web API calls, keeps what was posted, and signs what it sends."""

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

SECRET = "a secret for tests"
CLIENT = ("123.456", "client-secret-canary")
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # the clock of every test here stands still


def signed(body: bytes, secret=SECRET, at=None):
    """The headers Slack would send with this body."""
    stamp = str(int(NOW.timestamp() if at is None else at))
    mac = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}


def interactive(payload):
    return urlencode({"payload": json.dumps(payload)}).encode()


@dataclass
class Issued:
    """What an installation has in its hands at this Slack."""

    team: str
    enterprise: str = ""
    by: str = "U01ALICE"
    expires_in: int = 0  # 0: tokens that do not end, and none to refresh them with
    serial: int = 0

    def tokens(self):
        """The next pair; the token tells where it belongs."""
        self.serial += 1
        where = f"{self.team or self.enterprise}-{self.serial}"
        made = {"access_token": f"xoxb-canary-{where}", "token_type": "bot"}
        if self.expires_in:
            made |= {"refresh_token": f"xoxe-1-canary-{where}", "expires_in": self.expires_in}
        return made

    def grant(self):
        """The answer to the exchange of a code."""
        whole = not self.team
        return {
            **self.tokens(),
            "scope": "chat:write,commands",
            "bot_user_id": "UBOT",
            "app_id": "A1",
            "team": None if whole else {"id": self.team, "name": "A team"},
            "enterprise": {"id": self.enterprise, "name": "An organisation"} if self.enterprise else None,
            "is_enterprise_install": whole,
            "authed_user": {"id": self.by},
        }


@dataclass
class SlackApi:
    """The other end. `refuse` answers a method with an error word; `status` with an HTTP status.

    With `codes` it is strict: a code and a refresh token are good once, and a call needs a token in use.
    """

    codes: dict = field(default_factory=dict)  # code: Issued
    live: dict = field(default_factory=dict)  # bot token: Issued
    refreshes: dict = field(default_factory=dict)  # refresh token: Issued
    slow: float = 0  # seconds until an exchange of tokens is answered

    messages: list = field(default_factory=list)  # what stands in the conversations
    calls: list = field(default_factory=list)
    responses: list = field(default_factory=list)  # what came through a response_url
    refuse: dict = field(default_factory=dict)
    status: dict = field(default_factory=dict)
    headers: dict = field(default_factory=dict)  # beside such a status
    connections: set = field(default_factory=set)
    ids: count = field(default_factory=lambda: count(1))
    url: str = ""
    runner: object = None

    async def start(self):
        app = web.Application()
        app.router.add_post("/api/{method}", self._call)
        app.router.add_get("/api/{method}", self._call)
        app.router.add_post("/respond/{id}", self._respond)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"
        return self

    async def stop(self):
        await self.runner.cleanup()

    async def _call(self, request):
        method = request.match_info["method"]
        as_json = request.content_type == "application/json"
        body = await request.json() if as_json else dict(await request.post()) | dict(request.query)
        self.connections.add(request.transport.get_extra_info("peername"))
        self.calls.append((method, body, request.headers.get("Authorization")))
        if method in self.status:
            return web.Response(status=self.status[method], text="", headers=self.headers)
        if method in self.refuse:
            return web.json_response({"ok": False, "error": self.refuse[method]})
        if method == "oauth.v2.access":
            return await self._exchange(body)
        if self.live and request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.live:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        number = next(self.ids)
        made = {
            "conversations.open": {"channel": {"id": "D" + str(body.get("users"))}},
            "chat.postMessage": {"channel": body.get("channel"), "ts": f"1800000000.{number:06}"},
            "conversations.history": {"messages": self._said(body), "has_more": False},
            "conversations.replies": {"messages": self._said(body, body.get("ts")), "has_more": False},
        }
        if method == "chat.postMessage":
            self.messages.append({**body, **made[method]})
        if method.startswith("views."):
            view = {**body["view"], "id": body.get("view_id", f"V{number}"), "hash": f"h{number}"}
            return web.json_response({"ok": True, "view": view})
        return web.json_response({"ok": True, **made.get(method, {})})

    def _said(self, body, thread=None):
        """What stands in a channel, or in a thread of it, after a time; newest first."""
        return [
            said
            for said in reversed(self.messages)
            if said["channel"] == body.get("channel")
            and said.get("thread_ts") == thread
            and said["ts"] > body.get("oldest", "")
        ]

    async def _exchange(self, body):
        await asyncio.sleep(self.slow)
        if (body.get("client_id"), body.get("client_secret")) != CLIENT:
            return web.json_response({"ok": False, "error": "bad_client_secret"})
        if body.get("grant_type") == "refresh_token":
            issued = self.refreshes.pop(body["refresh_token"], None)
            answer = issued and issued.tokens()
        else:
            issued = self.codes.pop(body.get("code"), None)
            answer = issued and issued.grant()
        if not answer:
            return web.json_response({"ok": False, "error": "invalid_code"})
        self.live[answer["access_token"]] = issued
        if "refresh_token" in answer:
            self.refreshes[answer["refresh_token"]] = issued
        return web.json_response({"ok": True, **answer})

    def of(self, team):
        """The calls that were made with a token of this workspace."""
        mine = [
            f"Bearer {token}"
            for token, issued in self.live.items()
            if team in (issued.team, issued.enterprise)
        ]
        return [(method, body) for method, body, token in self.calls if token in mine]

    async def _respond(self, request):
        self.responses.append(await request.json())
        return web.Response(text="ok", status=self.status.get("respond", 200))

    def named(self, method):
        return [body for name, body, _ in self.calls if name == method]


@dataclass
class Sent:
    status: int
    text: str

    @property
    def json(self):
        return json.loads(self.text) if self.text else None


async def post(url, body, headers=None, *, form=True):
    """One POST to the gate, signed unless other headers are given."""
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    headers = {"Content-Type": kind, **(signed(body) if headers is None else headers)}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/slack/events", data=BytesIO(body), headers=headers) as answer,
    ):
        return Sent(answer.status, await answer.text())
