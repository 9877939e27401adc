"""Each way a message can come is answered its own way, and privately unless said otherwise."""

import json
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from adapters.slack.views import modal
from coaching.sealed import Words
from coaching.values import Choice, Field, Form, Kind, Para, Reply, Said, Tapped
from tests.adapters.slack.lint import lint_message, lint_view
from tests.adapters.slack.payloads import (
    ALICE,
    COMMAND,
    acted,
    button,
    event,
    message,
    shortcut,
    submit,
    tap,
    view,
)
from tests.players.everything import form, reply
from tests.players.slack import words
from tests.players.slack_api import interactive, post

PRIVATE = Reply((Para(("only for you",)),), (Choice("Press", "a.b"),))
PUBLIC = Reply((Para(("for everybody",)),), only_you=False)
FORM = Form(
    "review.write", "Review", (Para(("paste it",)),), (Field("draft", "Draft", Kind.TEXT),), submit="Go"
)


@pytest.fixture
def send(door, told, api):
    """Send a payload to the adapter, with the coach's answers; gives the response."""

    async def sent(payload, *answers):
        told.answers = answers
        if payload.get("response_url"):
            payload = {**payload, "response_url": f"{api.url}/respond/1"}
        if "command" in payload:
            return await post(door, urlencode(payload).encode())
        if payload["type"] == "event_callback":
            return await post(door, json.dumps(payload).encode(), form=False)
        return await post(door, interactive(payload))

    return sent


def seen(body):
    return " ".join(words(body["blocks"]))


# --------------------------------------------------------------------------- slash


async def test_slash_is_answered_in_the_response(send, api):
    """No call to Slack at all; ephemeral; one message for several replies."""
    answer = await send(COMMAND, PRIVATE, reply())
    assert answer.json["response_type"] == "ephemeral"
    lint_message(answer.json)
    assert "only for you" in seen(answer.json)
    assert api.calls == []


async def test_slash_in_public(send, api):
    """What others may see is posted in the channel; the response stays empty."""
    answer = await send(COMMAND, PUBLIC)
    assert answer.text == ""
    (body,) = api.named("chat.postMessage")
    assert (body["channel"], body["text"]) == ("C01SUPPORT", "for everybody")


@pytest.mark.parametrize(
    ("word", "line"),
    [("not_in_channel", "Type /invite @Breather there"), ("fatal_error", "Nothing was posted")],
)
async def test_slash_in_a_channel_without_the_coach(word, line, send, api):
    """The person alone hears why, and what to do."""
    api.refuse["chat.postMessage"] = word
    assert line in seen((await send(COMMAND, PUBLIC)).json)


async def test_a_public_reply_in_a_private_place_stays_private(send, api):
    """In a DM there is nobody else: nothing is posted."""
    answer = await send({**COMMAND, "channel_id": "D5"}, PUBLIC)
    assert "for everybody" in seen(answer.json)
    assert api.calls == []


async def test_slash_opens_a_form(send, api):
    """A window by the trigger, which knows the channel; replies beside it stay in the response."""
    answer = await send(COMMAND, FORM, PRIVATE)
    (body,) = api.named("views.open")
    lint_view(body["view"])
    assert body["trigger_id"] == COMMAND["trigger_id"]
    assert json.loads(body["view"]["private_metadata"])["channel"] == "C01SUPPORT"
    assert "only for you" in seen(answer.json)


async def test_slash_when_the_window_does_not_open(send, api):
    """Too late, or Slack is down: a kind line instead."""
    api.refuse["views.open"] = "expired_trigger_id"
    assert "Please try once more" in seen((await send(COMMAND, FORM)).json)


async def test_slash_with_nothing_to_say(send):
    """An empty 200."""
    answer = await send(COMMAND, Reply(()))
    assert (answer.status, answer.text) == (200, "")


# --------------------------------------------------------------------------- the DM


async def test_a_message_is_answered_in_its_thread(send, api, told):
    """With the agent view a message starts a thread, and the answer stands in it."""
    await send(message(), PRIVATE)
    (body,) = api.named("chat.postMessage")
    assert (body["channel"], body["thread_ts"]) == ("D01", "1772438400.000100")
    lint_message(body)
    assert told.heard[0].content == Said(Words("hello"))


async def test_without_the_agent_view_only_threads_are_threads(send, api, adapter):
    """A plain DM is answered plainly; in a thread the answer stays in it."""
    adapter.desk.answers.agent_view = False
    await send(message(), PRIVATE)
    await send({**message(thread_ts="1.1"), "event_id": "Ev2"}, PRIVATE)
    plain, threaded = api.named("chat.postMessage")
    assert ("thread_ts" in plain, threaded["thread_ts"]) == (False, "1.1")


async def test_a_retry_is_not_answered_twice(send, api):
    """The same event three times: one message."""
    for _ in range(3):
        assert (await send(message(), PRIVATE)).status == 200
    assert len(api.calls) == 1


async def test_a_form_waits_behind_a_button(send, api, told):
    """A message cannot open a window: the button below the answer can, more than once."""
    await send(message(), FORM)
    (body,) = api.named("chat.postMessage")
    assert "Review" in seen(body)
    opener = body["blocks"][-1]["elements"][0]
    for trigger in "ab":
        await send({**tap(channel="D01", action=opener), "trigger_id": trigger})
    assert [call["view"]["title"]["text"] for call in api.named("views.open")] == ["Review", "Review"]
    assert len(told.heard) == 1


async def test_a_button_that_waited_too_long(send, api):
    """An unknown or old form: a line that says to ask again."""
    opener = button("slack.open|0", value="long gone")
    await send(tap(channel="D01", action=opener))
    assert "Please ask me again" in api.named("chat.postMessage")[0]["text"]


async def test_the_first_look_at_the_chat(send, api):
    """Opening the Messages tab: a message in the DM."""
    await send(event(type="app_home_opened", channel="D01", tab="messages"), PRIVATE)
    assert api.named("chat.postMessage")[0]["channel"] == "D01"


async def test_hello_after_installing(adapter, told, api):
    """Whoever installed the coach gets its hello in their own chat; where there is none, nothing breaks."""
    told.answers = (PRIVATE,)
    await adapter.installed("T1", ALICE, datetime(2026, 3, 2, tzinfo=UTC))
    assert api.named("chat.postMessage")[0]["channel"] == f"D{ALICE}"
    adapter.post._chats.clear()
    api.refuse["conversations.open"] = "user_not_found"
    await adapter.installed("T1", ALICE, datetime(2026, 3, 2, tzinfo=UTC))
    assert len(api.named("chat.postMessage")) == 1


# --------------------------------------------------------------------------- Home


async def test_home_is_published(send, api):
    """Opened: the page of this person."""
    await send(event(type="app_home_opened", channel="D01", tab="home"), reply())
    (body,) = api.named("views.publish")
    assert body["user_id"] == ALICE
    lint_view(body["view"])


async def test_a_tap_on_home(send, api):
    """A form or a reply opens in a window, and the page stays; too late, and a line comes in the chat."""
    pressed = acted("block_actions", view=view(kind="home", kept=""), actions=[button()])
    await send(pressed, FORM)
    await send({**pressed, "trigger_id": "another"}, PRIVATE)
    assert [method for method, _, _ in api.calls] == ["views.open", "views.open"]
    assert "only for you" in seen(api.calls[1][1]["view"])
    api.refuse["views.open"] = "expired_trigger_id"
    await send({**pressed, "trigger_id": "a late one"}, PRIVATE)
    (body,) = api.named("chat.postMessage")
    assert "Please try once more" in seen(body)


# --------------------------------------------------------------------------- shortcuts


@pytest.mark.parametrize("answer", [FORM, PRIVATE])
async def test_a_shortcut_opens_a_window(answer, send, api):
    """A form, or what the coach has to say: for this person only."""
    await send(shortcut(ALICE), answer)
    (body,) = api.named("views.open")
    lint_view(body["view"])
    assert api.responses == []


async def test_a_shortcut_when_the_window_does_not_open(send, api):
    """A line by the response_url, else in the person's own chat."""
    api.refuse["views.open"] = "expired_trigger_id"
    await send(shortcut(ALICE), PRIVATE)
    assert api.responses[0]["response_type"] == "ephemeral"
    await send({**acted("shortcut", callback_id="open_vent"), "trigger_id": "another"}, FORM)
    assert "Please try once more" in api.named("chat.postMessage")[0]["text"]


async def test_a_shortcut_with_nothing_to_say(send, api):
    """Nothing happens."""
    await send(shortcut(ALICE))
    assert api.calls == []


# --------------------------------------------------------------------------- taps in messages


async def test_a_tap_in_a_channel_is_answered_for_one(send, api):
    """Through the response_url, ephemeral, beside the message and not over it."""
    await send(tap(), PRIVATE)
    (body,) = api.responses
    assert (body["response_type"], body["replace_original"]) == ("ephemeral", False)
    lint_message(body)
    assert api.calls == []


async def test_a_tap_when_the_response_url_is_spent(send, api):
    """An ephemeral message in the channel, or a message in the own chat."""
    api.status["respond"] = 404
    await send(tap(), PRIVATE)
    (body,) = api.named("chat.postEphemeral")
    assert (body["channel"], body["user"]) == ("C01SUPPORT", ALICE)
    await send({**tap(channel="D9", ephemeral=True), "trigger_id": "another"}, PRIVATE)
    assert len(api.named("chat.postMessage")) == 1


async def test_a_tap_in_the_chat(send, api):
    """A message, in the thread of the tapped one."""
    pressed = tap(channel="D01")
    pressed["message"]["thread_ts"] = "7.7"
    await send(pressed, PRIVATE)
    (body,) = api.named("chat.postMessage")
    assert (body["channel"], body["thread_ts"]) == ("D01", "7.7")


async def test_a_public_answer_to_a_tap(send, api):
    """In the channel and the thread of the tapped message."""
    pressed = tap()
    pressed["message"]["thread_ts"] = "7.7"
    await send(pressed, PUBLIC)
    assert api.named("chat.postMessage")[0]["thread_ts"] == "7.7"


async def test_a_tap_opens_a_form(send, api):
    """By its trigger; if Slack is too slow, a line."""
    await send(tap(), FORM)
    assert len(api.named("views.open")) == 1
    api.refuse["views.open"] = "expired_trigger_id"
    await send({**tap(), "trigger_id": "another"}, FORM)
    assert "Please try once more" in api.responses[0]["text"]


async def test_an_unreachable_response_url(send, api, told, door):
    """A connection that fails: the next way is taken."""
    told.answers = (PRIVATE,)
    pressed = {**tap(), "response_url": "http://127.0.0.1:9/x"}
    assert (await post(door, interactive(pressed))).status == 200
    assert len(api.named("chat.postEphemeral")) == 1


@pytest.mark.parametrize("channel", ["D01", "C01SUPPORT"])
async def test_a_tap_that_slack_lets_nobody_answer_is_shown_as_failed(channel, send, api, told):
    """Too many calls: Slack marks the button, and the person's next tap is heard."""
    api.status, api.headers = (
        {"chat.postMessage": 429, "chat.postEphemeral": 429, "respond": 404},
        {"Retry-After": "9"},
    )
    for number in range(2):
        assert (await send({**tap(channel=channel), "trigger_id": f"t{number}"}, PRIVATE)).status == 503
    assert (len(told.heard), api.messages) == (2, [])


# --------------------------------------------------------------------------- modals


async def test_a_tap_in_a_modal_updates_it(send, api, told):
    """The same window, once: the view's hash goes along."""
    pressed = acted("block_actions", view=view(), actions=[button("review.more|0")])
    await send(pressed, FORM)
    (body,) = api.named("views.update")
    assert (body["view_id"], body["hash"]) == ("V01", "156772938.1827394")
    assert told.heard[0].content == Tapped("review.more", "", "s1")
    lint_view(body["view"])


@pytest.mark.parametrize(
    ("answers", "line"), [((PRIVATE,), "only for you"), ((), "You can close this window")]
)
async def test_a_tap_in_a_modal_answered_in_words(answers, line, send, api):
    """The words take the form's place; a window cannot be closed from here, so that it says it is done."""
    await send(acted("block_actions", view=view(hash=""), actions=[button()]), *answers)
    (body,) = api.named("views.update")
    assert line in seen(body["view"])
    assert "submit" not in body["view"]
    assert "hash" not in body


async def test_a_submit_answered_with_a_form(send, api):
    """The next screen, in the response."""
    answer = await send(submit(), FORM, PRIVATE)
    assert answer.json["response_action"] == "update"
    lint_view(answer.json["view"])
    assert api.calls == []


async def test_a_submit_answered_in_words(send, api):
    """Shown in the same window, with its buttons and nothing to send."""
    answer = await send(submit(), PRIVATE)
    assert answer.json["response_action"] == "update"
    assert "submit" not in answer.json["view"]
    assert "Press" in seen(answer.json["view"])


async def test_a_submit_with_no_answer_closes(send):
    """An empty 200."""
    assert (await send(submit())).text == ""


async def test_a_submit_answered_in_public(send, api):
    """Said in the channel the form was asked for in; the window closes."""
    answer = await send(submit(kept='{"form": "a.b", "channel": "C7"}'), PUBLIC)
    assert answer.text == ""
    assert api.named("chat.postMessage")[0]["channel"] == "C7"


async def test_problems_are_shown_at_their_fields_and_may_be_mended(send, told):
    """The same form with problems: Slack's own errors; sent again, the same view is heard again."""
    open_now = form()
    shown_now = {**modal(open_now, told.playbook.wording), "id": "V1", "hash": "h1", "state": {"values": {}}}
    sent = acted("view_submission", view=shown_now)
    answer = await send(sent, form(problem="Please write more"))
    errors = {"field|review.everything|text": "Please write more"}
    assert answer.json == {"response_action": "errors", "errors": errors}
    answer = await send({**sent, "trigger_id": "another"}, PRIVATE)
    assert answer.json["response_action"] == "update"
    assert len(told.heard) == 2


async def test_problems_beside_something_new_show_all_of_it(send, told):
    """A card above the form is never lost for the sake of Slack's errors."""
    shown_now = {**modal(form(), told.playbook.wording), "id": "V1", "hash": "h1", "state": {"values": {}}}
    answer = await send(acted("view_submission", view=shown_now), form("A card", problem="Please write more"))
    assert answer.json["response_action"] == "update"
    assert "A card" in seen(answer.json["view"])
    assert "Please write more" in seen(answer.json["view"])
