"""Processes that answer somebody in Slack and are killed over it, and the Slack that repeats the event."""

import asyncio
import contextlib
import json
import os
import re
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.adapters.slack.payloads import message
from tests.players.slack_api import SECRET, post, signed

ROOT = Path(__file__).parents[2]
_PORT, _PLACES = re.compile(r'"port": (\d+)'), re.compile(r"places (\d+)")


@dataclass(frozen=True)
class Killed:
    """What became of one event whose process was killed."""

    place: int
    unanswered: bool  # Slack got no 200, and knows it
    replies: int  # after everything that Slack repeats
    seconds: float  # from the kill to the reply


def event(number):
    """A message in the private chat, and its time, by which the reply is known."""
    said = f"{1772438400 + number}.000100"
    return json.dumps({**message(ts=said), "event_id": f"Ev{number}"}).encode(), said


async def deliver(base, body, after=0):
    """As Slack sends it, the repeats with their number, signed anew; the status, or None for no answer."""
    headers = signed(body, at=time.time() + after)
    headers |= {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"} if after else {}
    try:
        return (await post(base, body, headers, form=False)).status
    except aiohttp.ClientError:
        return None


def replies(api, said):
    """How many there are."""
    return sum(one["thread_ts"] == said for one in api.messages)


@dataclass
class Answering:
    """Starts processes that answer, on one database and one Slack."""

    api: object
    url: str
    folder: str = ""

    async def killed(self, most):
        """kill -9 at up to so many places between an event and the end of its answer; Slack repeats it."""
        with tempfile.TemporaryDirectory() as self.folder:
            self.nursery = await asyncio.create_subprocess_exec(
                *(sys.executable, "-W", "ignore", "-m", "tests.players.slack_process"),
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            await self.nursery.stdout.readline()
            try:
                return await self._everywhere(most)
            finally:
                self.nursery.stdin.close()
                await self.nursery.wait()

    async def _everywhere(self, most):
        async with contextlib.AsyncExitStack() as there:
            first = await there.enter_async_context(self._process())
            assert await deliver(first.base, event(0)[0]) == 200
            places = int(await first.says(_PLACES)) + 3  # some come after the answer
            if not self.url.startswith("postgres"):
                await there.aclose()
                first = None
            many = min(most, places)
            return [await self._killed(number * places // many, first) for number in range(1, many + 1)]

    async def _killed(self, place, other):
        body, said = event(place)
        async with self._process(place) as one:
            unanswered = await deliver(one.base, body) is None
            await one.gone()
        began = time.monotonic()
        async with self._heir(other) as heir:
            assert await deliver(heir.base, body, after=1) in (200, 503)  # 503: its owner may be at work yet
            assert await deliver(heir.base, body, after=60) == 200
            seconds = time.monotonic() - began
            assert await deliver(heir.base, body, after=280) == 200
        return Killed(place, unanswered, replies(self.api, said), seconds)

    @contextlib.asynccontextmanager
    async def _heir(self, other):
        """Who hears the repeats: another process; on a file, which takes one at a time, the next."""
        if other is not None:
            yield other
        else:
            async with self._process() as one:
                yield one

    @contextlib.asynccontextmanager
    async def _process(self, place=0):
        environment = {
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"{self.api.url}/api/",
            "DATABASE_URL": self.url,
            "PLACE": str(place),
        }
        log = Path(self.folder) / f"{time.monotonic_ns()}"
        told = {"words": ["serve", "--port", "0"], "environment": environment, "told": str(log)}
        self.nursery.stdin.write(json.dumps(told).encode() + b"\n")
        one = _Process(int(await self.nursery.stdout.readline()), log)
        try:
            one.base = f"http://127.0.0.1:{await one.says(_PORT)}"
            yield one
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one.pid, signal.SIGTERM)
            await one.gone()


@dataclass
class _Process:
    pid: int
    log: Path
    base: str = ""

    async def says(self, what):
        """The first thing of this kind that it says."""
        async with asyncio.timeout(30):
            while not (found := self.log.exists() and what.search(self.log.read_text())):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return found[1]

    async def gone(self):
        """Until it is."""
        with contextlib.suppress(ProcessLookupError):
            async with asyncio.timeout(20):
                while True:
                    os.kill(self.pid, 0)
                    await asyncio.sleep(0.005)
