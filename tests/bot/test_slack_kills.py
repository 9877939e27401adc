"""Real processes of `breather serve`: killed anywhere, or told to end, while somebody waits for an answer."""

import asyncio
import contextlib
import json
import signal
import sys

import pytest

from tests.bot.test_process import ROOT, environment
from tests.players.answering import Answering, deliver, event, replies
from tests.players.fault_proxy import Fault, between
from tests.players.slack_api import SECRET, SlackApi


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


async def test_killed_anywhere_there_is_one_reply(api, url):
    """kill -9 at places spread between an event and the end of its answer; Slack repeats it: never two.

    `make bench-faults ARGS="--only answers"` tries every place there is.
    """
    places = (
        10 if url.startswith("postgres") else 5
    )  # a file takes one process at a time: each waits for its heir
    killed = await Answering(api, url).killed(places)
    assert {one.place: one.replies for one in killed} == {one.place: 1 for one in killed}
    assert sum(one.unanswered for one in killed) >= places // 2


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
