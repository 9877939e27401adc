"""The other end in the fault suites: a Slack that writes down what it accepts, and can spring a trap.

Its own log is what is counted: one line for each post it took, whatever the database says.
"""

import os
import time
from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from aiohttp import web


class Point(Enum):
    """Where a worker stands when the trap springs."""

    CLAIMED = "after claim"  # it opens the private chat: claimed, nothing sent
    ASKED = "before send"  # the post is on its way, and will not be accepted
    ACCEPTED = "after send"  # accepted, not answered
    ANSWERED = "before settle"  # answered; the worker has not noted it yet, or is just doing so


@dataclass
class Witness:
    """Slack's Web API for one workspace. The number of a worker is its token."""

    log: str
    latency: float = 0.005
    sealed: bool = False  # nothing can be looked up, as on Teams
    trap: tuple = ()  # (point, strike): `strike(worker)` is called once, when one comes to that point
    accepted: int = 0
    said: dict = field(default_factory=lambda: defaultdict(list))
    looked_up: int = 0
    url: str = ""

    async def start(self):
        self.file = os.open(self.log, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self.call)
        self.runner = web.AppRunner(app, access_log=None)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}"

    async def stop(self):
        await self.runner.cleanup()
        os.close(self.file)

    def sprung(self, point, request):
        """Whether the trap sprang, for who comes here with this request."""
        if not self.trap or self.trap[0] is not point:
            return False
        strike, self.trap = self.trap[1], ()
        return strike(int(request.headers["Authorization"].rpartition("-")[2]))

    async def call(self, request):
        as_json = request.content_type == "application/json"
        body = await request.json() if as_json else dict(await request.post()) | dict(request.query)
        match request.match_info["method"]:
            case "conversations.open":
                self.sprung(Point.CLAIMED, request)
                return web.json_response({"ok": True, "channel": {"id": f"D{body['users']}"}})
            case "conversations.history":
                return web.json_response(self.history(body))
            case "chat.postMessage":
                return await self.post(request, body)
        return web.json_response({"ok": True, "user_id": "UBOT", "team_id": "T1", "bot_id": "B1"})

    async def post(self, request, body):
        if self.sprung(Point.ASKED, request):
            request.transport.abort()
            return web.Response()
        os.write(self.file, f"{time.time():.3f} {body['channel']}\n".encode())
        self.accepted += 1
        stamp = f"{time.time():.6f}"
        self.said[body["channel"]].append({**body, "ts": stamp})
        self.sprung(Point.ACCEPTED, request)
        answer = web.json_response({"ok": True, "channel": body["channel"], "ts": stamp})
        if self.trap and self.trap[0] is Point.ANSWERED:
            await answer.prepare(request)
            await answer.write_eof()
            self.sprung(Point.ANSWERED, request)
        return answer

    def history(self, body):
        if self.sealed:
            return {"ok": False, "error": "missing_scope"}
        self.looked_up += 1
        oldest = float(body.get("oldest") or 0)
        found = [one for one in reversed(self.said[body["channel"]]) if float(one["ts"]) > oldest]
        return {"ok": True, "messages": found, "has_more": False}

    def arrivals(self):
        """Everything in the log, in order: (time, channel)."""
        lines = Path(self.log).read_text().splitlines()
        return [(float(at), channel) for at, channel in map(str.split, lines)]
