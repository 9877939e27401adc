"""Events answered once: repeats, processes that were killed, faults of Slack, and Slack's own slowness."""

import asyncio
import json
import time
from datetime import timedelta

import pytest

from adapters.slack.app import build_slack
from adapters.slack.once import Once
from adapters.slack.seen import LEASE, Claim
from adapters.slack.settings import SlackSettings
from tests.adapters.slack.payloads import event, message
from tests.players.everything import reply
from tests.players.fault_proxy import BROKEN, BROKEN_AFTER, CUT_AFTER, CUT_BEFORE, Fault, between, limited
from tests.players.serving import served
from tests.players.slack_api import NOW, SECRET, post, signed


class Noted:
    """A Seen in memory, which several adapters share as several processes share a database."""

    def __init__(self):
        self.rows, self.error = {}, None

    async def claim(self, key, at, lease):
        if self.error is not None:
            raise self.error
        done, since = self.rows.get(key, (None, at))
        if done:
            return Claim.DONE
        if done is False and since > at - lease:
            return Claim.BUSY
        self.rows[key] = (False, at)
        return Claim.NEW if done is None else Claim.LEFT

    async def done(self, key):
        if self.error is not None:
            raise self.error
        self.rows[key] = (True, self.rows[key][1])

    async def drop(self, key):
        self.rows.pop(key, None)


@pytest.fixture
def noted():
    return Noted()


@pytest.fixture
async def proxy(api):
    async with between(api.url) as made:
        yield made


@pytest.fixture
async def replica(told, proxy, noted):
    """Makes an adapter; a second one is another process that shares what was noted."""
    made = []

    async def make(**more):
        settings = SlackSettings("xoxb-test", (SECRET,), api_url=f"{proxy.url}/api/", **more)
        made.append(build_slack(told, settings, lambda: NOW, seen=noted))
        await made[-1].start()
        return made[-1]

    told.answers = (reply(),)
    yield make
    for slack in made:
        await slack.stop()


async def deliver(slack, payload=None, *, after=0.0):
    """The event as Slack sends it, or again so many seconds later."""
    answer = await slack.desk.take(payload or message(), NOW + timedelta(seconds=after))
    await slack.desk.events.drain(5)
    return answer.status


LATE = LEASE.total_seconds() + 1


async def test_a_repeat_to_another_process_is_not_answered(replica, api, told):
    """The first has answered: the second says so, and nobody is heard twice."""
    first, second = await replica(), await replica()
    assert await deliver(first) == 200
    for after in (0, 1, LATE, 300):
        assert await deliver(second, after=after) == 200
    assert (len(api.messages), len(told.heard)) == (1, 1)
    assert api.named("conversations.replies") == []


async def test_while_one_works_another_does_not(replica, api, proxy):
    """Slack waits three seconds, then asks another process: it says "later", and one answer comes."""
    first, second = await replica(), await replica()
    proxy.plan("chat.postMessage", Fault(slow=0.3))
    working = asyncio.create_task(deliver(first))
    await asyncio.sleep(0.1)
    assert await deliver(second, after=3) == 503
    assert await working == 200
    assert len(api.messages) == 1


class Killed(BaseException):
    """Stands for a kill -9 in this test: nothing of ours catches it."""


@pytest.mark.parametrize("threaded", [True, False], ids=["a thread", "a plain chat"])
@pytest.mark.parametrize("posted", [True, False], ids=["after the reply", "before the reply"])
async def test_a_process_that_was_killed(posted, threaded, replica, api, noted):
    """Its claim is left behind: while it is fresh Slack is sent away; then Slack is asked for the reply."""
    first, second = await replica(agent_view=threaded), await replica(agent_view=threaded)
    method = "conversations.replies" if threaded else "conversations.history"
    if posted:
        await deliver(first)
        noted.rows = {key: (False, at) for key, (_, at) in noted.rows.items()}  # killed before it noted it
    else:
        await claimed(first, noted)
    assert await deliver(second, after=1) == 503
    assert await deliver(second, after=LATE) == 200
    assert await deliver(first, after=300) == 200
    assert len(api.messages) == 1
    assert len(api.named(method)) == 1


async def claimed(slack, noted):
    """An event that was claimed, and nothing else."""

    async def killed(_):
        raise Killed

    slack.desk.coach, kept = type("Gone", (), {"hear": lambda _, m: killed(m)})(), slack.desk.coach
    with pytest.raises(Killed):
        await deliver(slack)
    slack.desk.coach = kept
    assert [done for done, _ in noted.rows.values()] == [False]


@pytest.mark.parametrize("fault", [CUT_AFTER, BROKEN_AFTER, CUT_BEFORE, BROKEN], ids=str)
async def test_an_answer_of_slacks_that_was_lost(fault, replica, api, proxy):
    """Found at once if it is there; else Slack's repeat looks again, and answers if it surely is not."""
    slack = await replica()
    proxy.plan("chat.postMessage", fault)
    assert await deliver(slack) == (200 if fault.through else 503)
    assert await deliver(slack, after=1) == (200 if fault.through else 503)
    assert await deliver(slack, after=LATE) == 200
    assert await deliver(slack, after=300) == 200
    assert len(api.messages) == 1


async def test_a_message_that_comes_after_the_look(replica, api, proxy, noted):
    """The call was slow, not lost: the look comes too early, the repeat finds it and adds nothing."""
    slack = await replica()
    proxy.plan("chat.postMessage", CUT_BEFORE)
    assert await deliver(slack) == 503
    (key,) = noted.rows
    body = {"channel": "D01", "thread_ts": message()["event"]["ts"], "ts": "1800000000.9"}
    api.messages.append({**body, "blocks": [{"type": "section", "block_id": f"answer|{key}"}]})
    assert await deliver(slack, after=LATE) == 200
    assert len(api.messages) == 1


async def test_a_refusal_brings_the_event_back_at_once(replica, api, proxy, told, noted):
    """Too many calls, for longer than anybody waits: surely not said. Slack's very next repeat is heard."""
    slack = await replica()
    proxy.plan("chat.postMessage", limited(30))
    assert await deliver(slack) == 503
    assert noted.rows == {}
    slack.desk.events.clock = slack.post.manners.pace.clock = lambda: time.monotonic() + 31
    assert await deliver(slack, after=1) == 200
    assert (len(api.messages), len(told.heard)) == (1, 2)


async def test_a_refusal_that_will_stay_is_no_reason_to_come_back(replica, api, proxy, told):
    """Whoever has left cannot be answered: no repeat is asked for."""
    slack = await replica()
    api.refuse["chat.postMessage"] = "account_inactive"
    assert await deliver(slack) == 200
    assert await deliver(slack, after=60) == 200
    assert len(told.heard) == 1


@pytest.mark.parametrize(("word", "status"), [("missing_scope", 200), ("internal_error", 503)])
async def test_where_we_cannot_look_there_is_no_second_reply(word, status, replica, api, noted):
    """Never allowed: given up, and the person may ask again. Not now: Slack comes back."""
    slack = await replica()
    await claimed(slack, noted)
    api.refuse["conversations.replies"] = word
    assert await deliver(slack, after=LATE) == status
    assert api.messages == []


async def test_an_event_that_names_no_channel_cannot_be_looked_for(replica, noted, api):
    """The first look at the Messages tab, without its channel: given up."""
    slack = await replica()
    opened = event(type="app_home_opened", tab="messages")
    assert await deliver(slack, opened) == 200
    noted.rows = {key: (False, at) for key, (_, at) in noted.rows.items()}
    assert await deliver(slack, opened, after=LATE) == 200
    assert len(api.messages) == 1


async def test_a_process_that_slept_does_not_speak(replica, api, told, noted):
    """It claimed long ago: another may have the event by now, so that it leaves it to the repeat."""
    slack = await replica()
    times = iter([0.0] + [16.0] * 99)
    clock = lambda: next(times)  # noqa: E731
    slack.desk.events.clock = slack.post.manners.pace.clock = clock
    assert await deliver(slack) == 503
    assert (api.messages, len(noted.rows)) == ([], 1)


async def test_without_a_database_people_are_still_answered(replica, api, noted, caplog):
    """Our own memory knows the repeats; the log tells the kind of fault."""
    slack, noted.error = await replica(), OSError("kestrel-umbrella-4711")
    async with served(slack.asgi) as url:
        body = json.dumps(message()).encode()
        for number in range(3):
            assert (
                await post(url, body, signed(body, at=NOW.timestamp() + number), form=False)
            ).status == 200
    assert len(api.messages) == 1
    assert "OSError" in caplog.text
    assert "kestrel" not in caplog.text


async def test_a_fault_after_the_reply_changes_nothing(replica, api, noted, caplog):
    """It cannot be noted that it is done: a repeat looks, and finds it."""
    slack, other = await replica(), await replica()
    noted.done, kept = noted.drop, noted.done
    noted.done = lambda key: _fail()
    assert await deliver(slack) == 200
    assert "could not be noted" in caplog.text
    noted.done = kept
    assert await deliver(other, after=LATE) == 200
    assert len(api.messages) == 1


async def _fail():
    raise OSError


async def test_the_home_page_needs_no_claim(replica, noted, api, proxy):
    """It is published anew each time, so that doing it twice is no harm; what is refused comes again."""
    slack = await replica()
    home = event(type="app_home_opened", tab="home")
    assert await deliver(slack, home) == 200
    proxy.plan("views.publish", limited(60))
    assert await deliver(slack, home) == 503
    assert (noted.rows, len(api.named("views.publish"))) == ({}, 1)


async def test_commands_are_not_written_down(replica, noted):
    """Slack does not repeat them: the gate's own memory is enough."""
    from tests.adapters.slack.payloads import COMMAND, shortcut, submit, tap

    slack = await replica()
    for payload in (COMMAND, tap(), submit(), shortcut("U01ALICE")):
        assert await deliver(slack, payload) in (200, 503)
    assert noted.rows == {}


async def test_socket_mode_repeats_go_the_same_way(replica, api):
    """Both doors lead to the same desk: what came by one is known at the other."""
    slack = await replica()
    for _ in range(3):
        assert (await Once().run("another envelope", lambda: slack.desk.take(message(), NOW))).status == 200
    assert len(api.messages) == 1
