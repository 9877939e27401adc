"""Real processes of `breather serve`: killed anywhere, or told to end, while somebody waits for an answer."""

import asyncio
import contextlib
import json
import signal
import sys
import time

import aiohttp
import pytest

from tests.adapters.slack.payloads import message
from tests.bot.test_process import ROOT, environment
from tests.players.fault_proxy import Fault, between
from tests.players.slack_api import SECRET, SlackApi, post, signed

KILLS = 10  # places, spread over all there are


@contextlib.asynccontextmanager
async def process(api_url, database_url, *words):
    """One process: (process, its address)."""
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": f"{api_url}/api/"}
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *words),
        cwd=ROOT,
        env=environment(**tokens, DATABASE_URL=database_url),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        told = json.loads(await asyncio.wait_for(started.stderr.readline(), 30))
        yield started, f"http://127.0.0.1:{told['port']}"
    finally:
        with contextlib.suppress(ProcessLookupError):
            started.terminate()
        await asyncio.wait_for(started.communicate(), 20)


@pytest.fixture
async def api():
    started = await SlackApi().start()
    yield started
    await started.stop()


def event(number):
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
    return sum(one["thread_ts"] == said for one in api.messages)


@contextlib.asynccontextmanager
async def heir(api, url, other):
    """Who hears the repeats: another process; on a file, which takes one at a time, the next."""
    if other is not None:
        yield other
    else:
        async with process(api.url, url, "bot", "serve", "--port", "0") as (_, base):
            yield base


async def test_killed_anywhere_there_is_one_reply(api, url):
    """kill -9 at places spread between an event and the end of its answer; Slack repeats it: never two."""
    async with contextlib.AsyncExitStack() as there:
        first = await there.enter_async_context(process(api.url, url, "tests.players.slack_process", "0"))
        assert await deliver(first[1], event(0)[0]) == 200
        steps = int((await first[0].stdout.readline()).split()[1])
        other = first[1] if url.startswith("postgres") else None
        if other is None:
            await there.aclose()
        places = KILLS if other else KILLS // 2
        unanswered = 0
        for number in range(1, places + 1):
            step = max(1, number * (steps + 3) // places)
            body, said = event(number)
            async with process(api.url, url, "tests.players.slack_process", str(step)) as (one, where):
                unanswered += await deliver(where, body) is None
                assert await asyncio.wait_for(one.wait(), 20) == -signal.SIGKILL
            assert replies(api, said) <= 1
            async with heir(api, url, other) as base:
                assert await deliver(base, body, after=1) in (200, 503)  # 503: its owner may be at work yet
                assert replies(api, said) <= 1
                for after in (60, 280):
                    assert await deliver(base, body, after=after) == 200
                    assert replies(api, said) == 1, f"killed at step {step} of {steps}"
    assert unanswered >= places // 2


async def test_told_to_end_it_finishes_what_is_under_way(api, sqlite_url, tmp_path):
    """SIGTERM while Slack takes its time over the reply: the reply comes, the 200 comes, then the end."""
    async with (
        between(api.url) as proxy,
        process(proxy.url, sqlite_url, "bot", "serve", "--port", "0") as (
            one,
            base,
        ),
    ):
        proxy.plan("chat.postMessage", Fault(slow=1.5))
        body, said = event(1)
        asked = asyncio.create_task(deliver(base, body))
        await asyncio.sleep(0.7)
        assert replies(api, said) == 0
        one.terminate()
        await asyncio.sleep(0.2)
        late, unheard = event(2)
        assert await deliver(base, late) is None  # nothing new is taken: Slack sends it to another process
        assert await asked == 200
        assert await asyncio.wait_for(one.wait(), 20) == -signal.SIGTERM
    assert (replies(api, said), replies(api, unheard)) == (1, 0)
    async with process(api.url, sqlite_url, "bot", "serve", "--port", "0") as (_, base):
        assert await deliver(base, body, after=60) == 200  # what was noted as done is known to the next one
        assert await deliver(base, late, after=60) == 200
    assert (replies(api, said), replies(api, unheard)) == (1, 1)
    assert api.named("conversations.replies") == []
