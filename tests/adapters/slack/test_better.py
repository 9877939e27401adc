"""A review's card is shown at once; when a model has found better words it is changed where it stands."""

import asyncio
import json
from urllib.parse import urlencode

import pytest

from adapters.better import Better
from adapters.slack import touched
from coaching.sealed import Words
from coaching.values import Choice, Draft, Para, Reply
from tests.adapters.slack.lint import lint_message, lint_view
from tests.adapters.slack.payloads import ALICE, COMMAND, button, message, shortcut, submit, tap, view
from tests.players.everything import Told
from tests.players.slack import words
from tests.players.slack_api import interactive, post

CARD = Reply((Para(("the review",)),), (Choice("Stop", "review.stop", "w1"),), later="w1")
BETTER = Reply((Para(("the review",)), Draft((Words("better words"),))))
AFTER = Reply((Para(("hello",)),))


@pytest.fixture(autouse=True)
def _soon(adapter):
    adapter.desk.answers.better.pause = 0.01


@pytest.fixture
def send(door, told, adapter, api):
    async def sent(payload, *answers, card=BETTER, go=None):
        told.answers, told.better_later, told.go = answers, {"w1": card}, go
        if payload.get("response_url"):
            payload = {**payload, "response_url": f"{api.url}/respond/1"}
        if "command" in payload:
            return await post(door, urlencode(payload).encode())
        if payload["type"] == "event_callback":
            return await post(door, json.dumps(payload).encode(), form=False)
        return await post(door, interactive(payload))

    return sent


async def settled(adapter):
    waiting = adapter.desk.answers.better
    while waiting._tasks:
        await asyncio.wait([*waiting._tasks])


def seen(body):
    return " ".join(words(body["blocks"]))


async def test_a_message_is_changed(send, api, adapter):
    """`chat.update` on the very message, with all that stood in it."""
    await send(message(text="review this"), CARD, AFTER)
    await settled(adapter)
    (posted,), (updated,) = api.named("chat.postMessage"), api.named("chat.update")
    assert "better words" not in seen(posted)
    assert "better words" in seen(updated)
    assert "hello" in seen(updated)
    assert updated["channel"] == posted["channel"]
    assert updated["ts"].startswith("18")
    lint_message(updated)


async def test_a_commands_answer_is_changed(send, api, adapter):
    """Through the response_url, for the person alone."""
    answer = await send(COMMAND, CARD)
    assert "better words" not in seen(answer.json)
    await settled(adapter)
    (body,) = api.responses
    assert (body["replace_original"], body["response_type"]) == (True, "ephemeral")
    assert "better words" in seen(body)


async def test_a_modal_is_changed(send, api, adapter):
    """`views.update` of the view that was sent."""
    answer = await send(submit(), CARD)
    assert answer.json["response_action"] == "update"
    await settled(adapter)
    (body,) = api.named("views.update")
    assert body["view_id"] == "V01"
    assert "better words" in seen(body["view"])
    lint_view(body["view"])


async def test_a_shortcuts_modal_is_changed(send, api, adapter):
    """The one that was opened for it."""
    await send(shortcut(ALICE), CARD)
    await settled(adapter)
    (body,) = api.named("views.update")
    assert body["view_id"].startswith("V")


async def test_a_modal_that_went_on_is_left_alone(send, api, adapter, told):
    """Somebody who has tapped something there is not interrupted."""
    go = asyncio.Event()
    await send(submit(), CARD, go=go)
    pressed = tap(channel="", action=button("review.open|0"))
    await send({**pressed, "view": view(kept="{}")}, AFTER, go=go)
    go.set()
    await settled(adapter)
    assert [body["view_id"] for body in api.named("views.update")] == ["V01"]  # the tap's own
    assert "better words" not in seen(api.named("views.update")[0]["view"])


async def test_without_better_words_nothing_is_called(send, api, adapter):
    """The wish is gone, or there was none."""
    await send(message(text="review this"), CARD, card=None)
    await settled(adapter)
    await send(message(text="tip", ts="1772438401.000100"), AFTER)
    await settled(adapter)
    assert api.named("chat.update") == []


async def test_what_slack_refuses_stays_as_it_is(send, api, adapter):
    """No error reaches anybody."""
    api.refuse["chat.update"] = "cant_update_message"
    await send(message(text="review this"), CARD)
    await settled(adapter)
    assert len(api.named("chat.update")) == 1


async def test_the_stop_button_says_nothing_of_its_own(send, api):
    """In a message the card is put right; in a modal it is shown there."""
    stop = button("review.stop|0", value="w1")
    await send(tap(action=stop), CARD, card=None)
    assert api.calls == []
    assert api.responses == []
    again = {**tap(channel="", action=stop), "trigger_id": "2.2.2", "view": view(kept="{}")}
    await send(again, CARD, card=None)
    assert "the review" in seen(api.named("views.update")[0]["view"])


async def test_at_the_end_nobody_waits(send, adapter):
    """Stopping leaves no task."""
    await send(message(text="review this"), CARD, go=asyncio.Event())
    assert len(adapter.desk.answers.better._tasks) == 1
    await adapter.desk.answers.better.drain()
    assert not adapter.desk.answers.better._tasks


async def test_what_ends_with_the_process_is_still_put(send, adapter, api):
    """A card does not say for ever that a model is at work."""
    go = asyncio.Event()
    await send(message(text="review this"), CARD, go=go)
    ending = asyncio.ensure_future(adapter.desk.answers.better.drain())
    go.set()
    await ending
    assert len(api.named("chat.update")) == 1


def test_views_are_bounded():
    """The oldest are forgotten."""
    views = touched.Touched()
    for number in range(touched._MOST_VIEWS + 10):
        views.touch(f"V{number}")
    assert len(views._views) == touched._MOST_VIEWS


async def test_alone_it_knows_no_better():
    """Without a coach behind it there is nothing to come."""
    assert await Better().ask("w1") is None


def test_the_player_keeps_up(playbook):
    """The told coach has what an adapter asks of one."""
    assert Told(playbook).better_later == {}
