"""Stands between the bot and a Slack, and gets in the way: limits, faults, slowness, cut connections."""

import asyncio
from collections import defaultdict, deque
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web


@dataclass(frozen=True)
class Fault:
    """What happens to one call. `status` is answered in the peer's place; `through`: the peer got it."""

    status: int = 0
    wait: int | None = None  # Retry-After, in seconds
    slow: float = 0.0  # seconds before it is passed on
    cut: bool = False  # the connection is cut instead of an answer
    through: bool = False  # the peer gets the call before the fault


def limited(seconds):
    return Fault(429, wait=seconds)


BROKEN, BROKEN_AFTER = Fault(503), Fault(503, through=True)
CUT_BEFORE, CUT_AFTER = Fault(cut=True), Fault(cut=True, through=True)


@dataclass
class FaultProxy:
    """`plan` a fault for the next call of a method; what no fault is planned for goes through."""

    peer: str
    planned: dict = field(default_factory=lambda: defaultdict(deque))
    passed: list = field(default_factory=list)  # (method, status the bot saw; 0 for a cut)
    session: aiohttp.ClientSession | None = None
    url: str = ""

    def plan(self, method, *faults):
        self.planned[method].extend(faults)

    async def handle(self, request):
        method = request.path.rpartition("/")[2]
        fault = self.planned[method].popleft() if self.planned[method] else Fault()
        body = await request.read()
        await asyncio.sleep(fault.slow)
        answer = None
        if fault.through or not (fault.status or fault.cut):
            answer = await self.forward(request, body)
        if fault.cut:
            self.passed.append((method, 0))
            request.transport.abort()
            return web.Response()
        if fault.status:
            headers = {} if fault.wait is None else {"Retry-After": str(fault.wait)}
            answer = web.json_response({"ok": False}, status=fault.status, headers=headers)
        self.passed.append((method, answer.status))
        return answer

    async def forward(self, request, body):
        headers = {
            name: request.headers[name]
            for name in ("Content-Type", "Authorization")
            if name in request.headers
        }
        url = self.peer + request.path_qs
        async with self.session.request(request.method, url, data=body or None, headers=headers) as answer:
            told = {"Retry-After": answer.headers["Retry-After"]} if "Retry-After" in answer.headers else {}
            return web.Response(
                body=await answer.read(), status=answer.status, content_type=answer.content_type, headers=told
            )


@asynccontextmanager
async def between(peer):
    """A running proxy in front of a peer's address."""
    proxy = FaultProxy(peer)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", proxy.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    proxy.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"
    async with aiohttp.ClientSession() as proxy.session:
        yield proxy
    await runner.cleanup()
