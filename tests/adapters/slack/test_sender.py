"""The sender: letters to chats and channels, and what each of Slack's answers means."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from adapters.slack.app import build_slack
from adapters.slack.settings import SlackSettings
from coaching.people import Place, Room
from coaching.ports import Found, Later, Posted
from coaching.values import Letter, Reply
from tests.adapters.slack.lint import lint_message
from tests.players.everything import reply
from tests.players.slack_api import NOW

CHANNEL = Place("slack", "T1", "C1", Room.CHANNEL)
CHAT = Place("slack", "T1", "U1ALICE")


def letter(to, marker="", words=None):
    return Letter(to, "A1", date(2026, 3, 2), words or reply(only_you=to.private), marker)


async def test_a_tip_in_a_channel(adapter, api):
    """One message, with a text for notifications, no link previews, and the marker to find it by."""
    assert await adapter.post.post(letter(CHANNEL, "m-1")) is Posted.SENT
    ((method, body, token),) = api.calls
    assert (method, body["channel"], token) == ("chat.postMessage", "C1", "Bearer xoxb-test")
    lint_message(body)
    assert body["blocks"][0]["block_id"] == "letter|m-1"
    assert (body["unfurl_links"], body["unfurl_media"]) == (False, False)


async def test_a_tip_in_a_private_chat(adapter, api):
    """The chat is opened by the person's id once, then remembered."""
    assert await adapter.post.post(letter(CHAT)) is Posted.SENT
    assert await adapter.post.post(letter(CHAT)) is Posted.SENT
    assert [method for method, _, _ in api.calls] == [
        "conversations.open",
        "chat.postMessage",
        "chat.postMessage",
    ]
    assert api.named("chat.postMessage")[0]["channel"] == "DU1ALICE"
    assert len(api.connections) == 1


@pytest.mark.parametrize(
    ("word", "in_channel", "in_chat"),
    [
        ("not_in_channel", Posted.NOT_IN_CHANNEL, Posted.GONE),
        ("channel_not_found", Posted.NOT_IN_CHANNEL, Posted.GONE),
        ("is_archived", Posted.GONE, Posted.GONE),
        ("account_inactive", Posted.GONE, Posted.GONE),
        ("cannot_dm_bot", Posted.GONE, Posted.GONE),
        ("invalid_auth", Posted.LATER, Posted.LATER),
        ("fatal_error", Posted.UNKNOWN, Posted.UNKNOWN),
    ],
)
async def test_slacks_errors(word, in_channel, in_chat, adapter, api):
    """Each of Slack's words has its meaning."""
    api.refuse["chat.postMessage"] = word
    assert await adapter.post.post(letter(CHANNEL)) is in_channel
    assert await adapter.post.post(letter(CHAT)) is in_chat


@pytest.mark.parametrize("method", ["conversations.open", "chat.postMessage"])
async def test_when_our_own_account_is_dead_nobody_has_left(method, adapter, api):
    """Slack uses one word for both; nobody's reminders stop because a token was revoked."""
    api.refuse |= {method: "account_inactive", "auth.test": "account_inactive"}
    assert await adapter.post.post(letter(CHAT)) is Posted.LATER


@pytest.mark.parametrize("status", [500, 503])
async def test_a_broken_server_is_asked_once(status, adapter, api):
    """It may have sent it, and is never asked to do it twice."""
    api.status["chat.postMessage"] = status
    assert await adapter.post.post(letter(CHANNEL, "m")) is Posted.UNKNOWN
    assert len(api.calls) == 1


@pytest.mark.parametrize("word", ["", "ratelimited", "rate_limited"])
async def test_a_tip_that_came_too_often_comes_later(word, adapter, api):
    """Slack says when: the letter goes back to the ledger with that time, and is not tried until then."""
    api.headers = {"Retry-After": "30"}
    if word:
        api.refuse["chat.postMessage"] = word
    else:
        api.status["chat.postMessage"] = 429
    assert await adapter.post.post(letter(CHANNEL, "m")) == Later(1.0 if word else 30.0)
    again = await adapter.post.post(letter(CHAT, "n"))
    assert isinstance(again, Later)
    assert len(api.named("chat.postMessage")) == 1


@pytest.mark.parametrize(
    ("word", "means"), [("user_not_found", Posted.GONE), ("internal_error", Posted.LATER)]
)
async def test_a_chat_that_cannot_be_opened(word, means, adapter, api):
    """Nothing was posted yet, so a lost answer leaves no doubt."""
    api.refuse["conversations.open"] = word
    assert await adapter.post.post(letter(CHAT)) is means
    assert api.named("chat.postMessage") == []


async def test_nobody_is_there(told):
    """A closed port: surely not sent."""
    lost = build_slack(told, SlackSettings("x", ("s",), api_url="http://127.0.0.1:9/api/"), lambda: None)
    await lost.start()
    assert await lost.post.post(letter(CHANNEL)) is Posted.LATER
    await lost.stop()


@pytest.mark.parametrize("answered", [0, 1], ids=["a fresh connection", "one that was used before"])
async def test_a_dropped_connection_is_not_tried_twice(told, answered):
    """Slack takes the message and hangs up: it may have arrived, so that it is never posted again."""
    seen = []

    async def hang_up(reader, writer):
        while b"chat.postMessage" in (head := await reader.readuntil(b"\r\n\r\n")):
            size = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
            seen.append(await reader.readexactly(size))
            if len(seen) > answered:
                break
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
            writer.write(b'content-length: 11\r\n\r\n{"ok":true}')
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    lost = build_slack(
        told, SlackSettings("x", ("s",), api_url=f"http://127.0.0.1:{port}/api/"), lambda: None
    )
    await lost.start()
    for expected in (*[Posted.SENT] * answered, Posted.UNKNOWN):
        assert await lost.post.post(letter(CHANNEL)) is expected
    await lost.stop()
    server.close()
    await server.wait_closed()
    assert len(seen) == answered + 1


async def test_a_workspace_without_the_coach(told, api, settings):
    """Not installed there (any more), or its token cannot be read: the letter waits, and nobody has left."""

    class Nowhere:
        async def find(self, tenant):
            return None

    made = build_slack(told, settings, lambda: NOW, Nowhere())
    await made.start()
    assert await made.post.post(letter(CHANNEL)) is Posted.LATER
    await made.stop()
    assert api.calls == []


async def test_an_empty_letter_has_no_block_to_mark(adapter, api):
    """Nothing to hang the marker on: no crash."""
    await adapter.post.post(letter(CHANNEL, "m", Reply(())))
    assert api.calls[0][1]["blocks"] == []


async def test_known_chats_are_bounded(adapter, monkeypatch):
    """The oldest are forgotten."""
    monkeypatch.setattr("adapters.slack.sender._MOST_KNOWN", 2)
    for number in range(4):
        await adapter.post.post(letter(Place("slack", "T1", f"U{number}")))
    assert len(adapter.post._chats) == 2


# --------------------------------------------------------------------------- looking for a letter

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def sealed(settings):
    return replace(settings, sealed=True)


async def test_a_letter_is_found_by_its_marker(adapter, api):
    """There, or surely not; by another process, too, which has to open the chat first."""
    await adapter.post.post(letter(CHAT, "m-1"))
    adapter.post._chats.clear()
    assert await adapter.post.find(CHAT, "m-1", LONG_AGO) is Found.THERE
    assert await adapter.post.find(CHAT, "m-2", LONG_AGO) is Found.NOT_THERE
    assert api.named("conversations.history")[0]["oldest"] == "1577836800.000000"


async def test_in_a_channel_nobody_can_tell(adapter, api):
    """We may not read there, and do not try."""
    assert await adapter.post.find(CHANNEL, "m-1", LONG_AGO) is Found.CANNOT_TELL
    assert api.calls == []


@pytest.mark.parametrize(
    ("method", "word", "means"),
    [
        ("conversations.open", "user_not_found", Found.CANNOT_TELL),
        ("conversations.open", "internal_error", Found.NOT_NOW),
        ("conversations.history", "missing_scope", Found.CANNOT_TELL),
        ("conversations.history", "internal_error", Found.NOT_NOW),
    ],
)
async def test_a_look_that_slack_refuses(method, word, means, adapter, api):
    """For good, or for now."""
    api.refuse[method] = word
    assert await adapter.post.find(CHAT, "m-1", LONG_AGO) is means


async def test_without_the_scope_nobody_can_tell(told, api, sealed):
    """An app that is given no messages never asks for them."""
    made = build_slack(told, sealed, lambda: NOW)
    await made.start()
    assert await made.post.find(CHAT, "m-1", LONG_AGO) is Found.CANNOT_TELL
    await made.stop()
    assert api.named("conversations.history") == []
