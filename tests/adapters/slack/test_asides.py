"""What Slack tells beside messages: thumbs under a review, the stop button; and what a sealed app refuses."""

import asyncio
import json
import logging

import pytest

from adapters.slack.app import build_slack
from adapters.slack.asides import feedback, stopped, typed
from adapters.slack.settings import SlackSettings
from coaching.sealed import Words
from coaching.values import Draft, Para, Reply
from tests.adapters.slack.lint import lint_message
from tests.adapters.slack.payloads import ALICE, COMMAND, TEAM, acted, event, message, shortcut, tap
from tests.players.everything import Told
from tests.players.serving import served
from tests.players.slack import words
from tests.players.slack_api import NOW, SECRET, interactive, post

REVIEW = Reply((Para(("Change this.",)), Draft((Words("Better."),))))
PLAIN = Reply((Para(("A tip.",)),))
THREAD = "1772438400.000100"  # where `message()` stands


def thumb(value, **fields):
    action = {"type": "feedback_buttons", "action_id": "slack.feedback", "value": value, **fields}
    return tap(action=action)


def stop(user=ALICE, thread=THREAD):
    made = event(type="agent_session_stopped", channel="D01", thread_ts=thread, streaming_message_ts=[])
    made["event"]["user"] = user
    return {**made, "event_id": "EvStop"}


async def posted(door, payload):
    return await post(door, json.dumps(payload).encode(), form=False)


# --------------------------------------------------------------------------- thumbs


async def test_a_review_has_feedback_buttons_and_nothing_else_has(adapter, told, api):
    """Below a review in the chat or in an ephemeral answer: Slack's own block, which passes the lint."""
    for answer, there in ((REVIEW, True), (PLAIN, False)):
        told.answers = (answer,)
        await adapter.desk.take({**message(), "event_id": f"Ev{there}"}, NOW)
        slash = await adapter.desk.take(COMMAND, NOW)
        for body in (api.named("chat.postMessage")[-1], slash.body):
            lint_message(body)
            kinds = [block["type"] for block in body["blocks"]]
            assert ("context_actions" in kinds) is there
    (view,) = [body["view"] for body in await _shown(adapter, told, api)]
    assert all(block["type"] != "context_actions" for block in view["blocks"])


async def _shown(adapter, told, api):
    """A review in a window: Slack has no such buttons there."""
    told.answers = (REVIEW,)
    await adapter.desk.take(shortcut(ALICE), NOW)
    return api.named("views.open")


async def test_a_long_review_keeps_its_feedback_buttons(adapter, told, api):
    """Fifty blocks are the limit; text gives way, the buttons stay."""
    told.answers = (Reply((*REVIEW.blocks, *[Para((f"Line {n}.",)) for n in range(80)])),)
    await adapter.desk.take(message(), NOW)
    (body,) = api.named("chat.postMessage")
    lint_message(body)
    assert (len(body["blocks"]), body["blocks"][-1]["type"]) == (50, "context_actions")


@pytest.mark.parametrize(("value", "counted"), [("up", "up"), ("down", "down"), ("kestrel", "other")])
async def test_feedback_is_counted_and_nothing_of_it_is_read(value, counted, door, told, caplog):
    """One number for the log; the coach hears nothing, and nothing is said."""
    caplog.set_level(logging.INFO, logger="adapters.slack")
    answer = await post(door, interactive(thumb(value, text={"type": "plain_text", "text": "kestrel"})))
    assert (answer.status, answer.text, told.heard) == (200, "", [])
    assert [r.getMessage() for r in caplog.records if "feedback" in r.getMessage()] == [
        f"feedback on a review: {counted}"
    ]
    assert "kestrel" not in caplog.text


@pytest.mark.parametrize(
    "payload",
    [
        tap(),
        thumb("up", action_id="another"),
        acted("block_actions", actions=[]),
        acted("block_actions", actions=["x"]),
        acted("view_submission", actions=[{"type": "feedback_buttons", "action_id": "slack.feedback"}]),
        {"type": "event_callback", "event": "x"},
        {},
    ],
)
def test_what_is_no_aside(payload):
    """Anything else goes on to where it belongs."""
    assert (feedback(payload), stopped(payload), typed(payload)) == (None, None, False)


# --------------------------------------------------------------------------- what takes long, and its end


class Slow(Told):
    """A coach that answers when it is told to."""

    async def hear(self, message):
        self.heard.append(message)
        await self.go.wait()
        return self.answers


@pytest.fixture
async def slow(playbook, settings):
    """(a coach that waits, the adapter in front of it, which loses patience at once)."""
    coach = Slow(playbook, (PLAIN,))
    coach.go = asyncio.Event()
    made = build_slack(coach, settings, lambda: NOW)
    made.desk.working.patience = 0.01
    await made.start()
    yield coach, made
    coach.go.set()
    await made.stop()


async def until(happens):
    async with asyncio.timeout(5):
        while not happens():  # noqa: ASYNC110 - what is waited for is on the other end of a connection
            await asyncio.sleep(0.005)


def statuses(api):
    return [body["status"] for body in api.named("agents.sessions.setStatus")]


async def test_an_answer_in_time_costs_no_status(adapter, told, api):
    """Today's answers take milliseconds: nothing is called but what says them."""
    told.answers = (PLAIN,)
    await adapter.desk.take(message(), NOW)
    assert [method for method, _, _ in api.calls] == ["chat.postMessage"]


async def test_an_answer_that_takes_long_is_announced(slow, api):
    """A status in its thread while it lasts, taken back when the answer is there."""
    coach, adapter = slow
    taken = asyncio.create_task(adapter.desk.take(message(), NOW))
    await until(lambda: statuses(api) == ["processing"])
    coach.go.set()
    assert (await taken).status == 200
    assert statuses(api) == ["processing", "active"]
    told = {(body["channel_id"], body["thread_ts"]) for body in api.named("agents.sessions.setStatus")}
    assert told == {("D01", THREAD)}
    assert "A tip." in words_of(api.named("chat.postMessage")[-1])


async def test_the_stop_button_ends_it(slow, api):
    """One line instead of the answer; the status is put right; the other person's goes on."""
    coach, adapter = slow
    mine = asyncio.create_task(adapter.desk.take(message(), NOW))
    other = {**message(user="U02BOB"), "event_id": "EvBob"}
    theirs = asyncio.create_task(adapter.desk.take(other, NOW))
    await until(lambda: len(coach.heard) == 2)
    assert (await adapter.desk.take(stop(), NOW)).status == 200
    assert (await mine).status == 200
    assert words_of(api.named("chat.postMessage")[-1]) == "Stopped."
    coach.go.set()
    await theirs
    assert "A tip." in words_of(api.named("chat.postMessage")[-1])
    assert adapter.desk.working._runs == {}


async def test_stop_where_nothing_runs_is_harmless(door, told, api):
    """Acknowledged; only the status is put right, so that no indicator turns for ever."""
    assert (await posted(door, stop())).status == 200
    assert (statuses(api), told.heard) == (["active"], [])
    for strange in ({"user": None}, {"channel": 5, "thread_ts": ""}, {"thread_ts": None}):
        made = stop()
        made["event"] |= strange
        assert (await posted(door, {**made, "event_id": str(strange)})).status == 200


async def test_an_end_that_is_no_stop_stays_one(slow):
    """Whoever cancels the work itself, at shutdown say, is not answered with a line."""
    coach, adapter = slow
    taken = asyncio.create_task(adapter.desk.take(message(), NOW))
    await until(lambda: coach.heard)
    taken.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taken
    assert adapter.desk.working._runs == {}


def words_of(body):
    return " ".join(words(body["blocks"]))


# --------------------------------------------------------------------------- sealed


async def test_a_sealed_app_reads_no_message(playbook, api, caplog):
    """Should one come all the same, from a manifest of before: acknowledged, not heard, nothing called."""
    told = Told(playbook, (PLAIN,))
    made = build_slack(
        told, SlackSettings("x", (SECRET,), api_url=f"{api.url}/api/", sealed=True), lambda: NOW
    )
    await made.start()
    async with served(made.asgi) as door:
        assert (await posted(door, message(text="kestrel-umbrella"))).status == 200
        assert (told.heard, api.calls) == ([], [])
        await posted(door, stop())  # it has no agent view: there is no status to put right
        assert api.calls == []
        hello = {**event(type="app_home_opened", tab="messages", channel="D01"), "event_id": "EvTab"}
        assert (await posted(door, hello)).status == 200
    assert [heard.handed_only for heard in told.heard] == [True]
    assert [method for method, _, _ in api.calls] == ["chat.postMessage"]
    assert "thread_ts" not in api.calls[0][1]
    for method in made.desk.answers.manners.barred:
        assert (await made.desk.answers.manners.call(TEAM, method)).error == "missing_scope"
    assert len(api.calls) == 1
    await made.stop()
    assert "kestrel" not in caplog.text
