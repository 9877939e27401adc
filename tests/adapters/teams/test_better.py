"""A review's card is shown at once; a model's better words take its place in the chat, or are asked for."""

import asyncio
import json

import pytest

from coaching.sealed import Words
from coaching.values import Choice, Draft, Para, Reply
from tests.adapters.teams.lint import lint_message, lint_task
from tests.players.teams import KEPT, buttons, words
from tests.players.teams_api import idle

CARD = Reply((Para(("the review",)),), (Choice("Stop", "review.stop", "w1"),), later="w1")
BETTER = Reply((Para(("the review",)), Draft((Words("better words"),))))
AFTER = Reply((Para(("hello",)),))


@pytest.fixture
def send(adapter, told, api):
    async def sent(activity, *answers, card=BETTER, go=None):
        told.answers, told.better_later, told.go = answers, {"w1": card}, go
        status, body = await api.proxy.send(activity)
        await idle(adapter)
        assert status == (200 if activity["type"] == "invoke" or body else 202)
        return json.loads(body) if body else None

    return sent


async def settled(adapter):
    waiting = adapter.desk.answers.better
    while waiting._tasks:
        await asyncio.wait([*waiting._tasks])


def seen(activity):
    lint_message(activity)
    return " ".join(words(activity["attachments"][0]["content"]))


async def test_a_message_is_changed(send, api, adapter):
    """The very activity, with all that stood in it."""
    await send(api.activity("message", text="review this"), CARD, AFTER)
    await settled(adapter)
    ((_, first, _),) = api.connector.posted
    ((conversation, number, last),) = api.connector.updated
    assert "better words" not in seen(first)
    assert "better words" in seen(last)
    assert "hello" in seen(last)
    assert (conversation, number) == ("a:U1", "posted-1")


@pytest.mark.parametrize("card", [None, BETTER])
async def test_what_does_not_come_or_is_refused_leaves_the_card(card, send, api, adapter):
    """Nobody sees an error."""
    api.connector.refuse["update"] = (403, "BotDisabled")
    await send(api.activity("message", text="review this"), CARD, card=card)
    await settled(adapter)
    assert api.connector.updated == []


async def test_a_dialog_asks_for_better_words(send, api, adapter):
    """Nobody else can change it: a button in the place of "Stop" gets them."""
    value = {"data": {KEPT: {"do": "tap", "action": "review.open"}}}
    body = await send(api.activity("invoke", name="task/fetch", value=value), CARD)
    lint_task(body)
    (shown,) = [
        b for b in buttons(body["task"]["value"]["card"]["content"]) if "better" in b["title"].lower()
    ]
    assert shown["data"][KEPT]["action"] == "review.better"
    assert shown["data"][KEPT]["value"] == "w1"
    await settled(adapter)
    assert api.connector.updated == []


async def test_the_stop_button_says_nothing_of_its_own(send, api, adapter):
    """The card is put right; where it was too late, the coach says so."""
    tap = {KEPT: {"do": "tap", "action": "review.stop", "value": "w1"}}
    action = {"action": {"type": "Action.Execute", "verb": "v", "data": tap}, "trigger": "manual"}
    body = await send(api.activity("invoke", name="adaptiveCard/action", value=action), CARD, card=None)
    assert body["statusCode"] == 200
    await send(api.activity("message", value=tap), CARD, card=None)
    assert api.connector.posted == []
    await send(api.activity("message", value=tap), AFTER, card=None)
    assert len(api.connector.posted) == 1


async def test_at_the_end_nobody_waits(send, api, adapter):
    """Stopping leaves no task."""
    await send(api.activity("message", text="review this"), CARD, go=asyncio.Event())
    assert len(adapter.desk.answers.better._tasks) == 1
    await adapter.desk.answers.better.drain()
    assert not adapter.desk.answers.better._tasks
