"""A Slack on this machine that enforces Slack's limits, so many times faster, and answers 429 beyond them.

python -m tools.bench_slack_limits [--times 10]     prints its port, and serves until its input ends
"""

import argparse
import asyncio
import subprocess
import sys
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web

ALLOWED = {"conversations.open": 50, "chat.postMessage": 525}  # in a minute, in each workspace
LATENCY = 0.05


@dataclass
class Peer:
    """Slack's limits over sliding windows, `times` faster than they are."""

    times: float
    calls: dict[tuple[str, ...], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    refused: Counter[str] = field(default_factory=Counter)
    posts: Counter[str] = field(default_factory=Counter)

    async def call(self, request: web.Request) -> web.Response:
        """One method of the Web API."""
        method, token = request.match_info["method"], request.headers["Authorization"]
        body = await request.json()
        await asyncio.sleep(LATENCY)
        channel = str(body.get("channel", ""))
        if not self._within((token, method), ALLOWED[method], 60) or (
            channel and not self._within((token, channel), 4, 3)
        ):
            self.refused[method] += 1
            return web.json_response({"ok": False}, status=429, headers={"Retry-After": "3"})
        if channel:
            self.posts[f"{token} {channel}"] += 1
        return web.json_response({"ok": True, "channel": {"id": f"D{body.get('users')}"}, "ts": "1.2"})

    async def counts(self, _: web.Request) -> web.Response:
        """What came so far."""
        tips = [n for where, n in self.posts.items() if " DU" in where]
        return web.json_response({"refused": self.refused, "chats": len(tips), "tips": sum(tips)})

    def _within(self, key: tuple[str, ...], most: int, span: float) -> bool:
        calls, now = self.calls[key], time.monotonic()
        while calls and calls[0] <= now - span / self.times:
            calls.popleft()
        if len(calls) < most:
            calls.append(now)
            return True
        return False


async def serve(times: float) -> None:
    """The peer, until its input ends."""
    peer, app = Peer(times), web.Application()
    app.router.add_post("/api/{method}", peer.call)
    app.router.add_get("/counts", peer.counts)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


@contextmanager
def limited(times: float) -> Iterator[str]:
    """Its address, in a process of its own."""
    command = [sys.executable, "-m", "tools.bench_slack_limits", "--times", str(times)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=float, default=10, help="how much faster than Slack's own they are")
    asyncio.run(serve(parser.parse_args().times))
