"""An answer for one person among others: targeted, else in their own chat, which is opened; else nowhere."""

import json

import pytest

from adapters.teams.references import InMemory, Reference
from coaching.people import Person
from coaching.values import Choice, Para, Reply
from tests.adapters.teams.lint import lint_message
from tests.players.signing import TENANT
from tests.players.teams import KEPT, words
from tests.players.teams_api import aad, channel, idle

PRIVATE = Reply((Para(("only for you",)),), (Choice("Press", "a.b"),))
ANN = Person("teams", TENANT, aad("U1"))
REFUSED = (403, "BotNotInConversationRoster")


@pytest.fixture
def send(adapter, told, api):
    """An activity from the channel, answered with PRIVATE; gives the body of the response."""

    async def sent(activity):
        told.answers = (PRIVATE,)
        status, body = await api.proxy.send(activity)
        await idle(adapter)
        assert status in (200, 202)
        return json.loads(body) if body else None

    return sent


@pytest.fixture
def mention(api):
    return lambda **more: api.activity("message", conversation=channel(), text="tip", **more)


@pytest.fixture
def tap(api):
    data = {KEPT: {"do": "tap", "action": "tips.more"}}
    value = {"action": {"type": "Action.Execute", "verb": "v", "data": data}, "trigger": "manual"}
    return lambda: api.activity("invoke", name="adaptiveCard/action", value=value, conversation=channel())


async def test_a_chat_that_is_not_known_is_opened(send, api, mention, references):
    """With this one person, in their tenant; the answer arrives there and the chat is known from then on."""
    api.connector.refuse["targeted"] = (400, "BadArgument")
    await send(mention())
    (asked,) = api.connector.opened
    assert asked == {
        "bot": {"id": "28:breather"},
        "members": [{"id": "29:U1"}],
        "isGroup": False,
        "tenantId": TENANT,
        "channelData": {"tenant": {"id": TENANT}},
    }
    ((conversation, activity, targeted),) = api.connector.posted
    assert (conversation, targeted) == ("a:U1", False)
    lint_message(activity)
    assert "only for you" in " ".join(words(activity["attachments"][0]["content"]))
    assert "recipient" not in activity
    url = api.connector.url
    assert await references.find(ANN) == Reference(
        TENANT, "a:U1", "personal", url, "28:breather", "29:U1", aad("U1"), zone="Europe/Berlin"
    )
    await send(mention())
    assert len(api.connector.opened) == 1


async def test_where_targeting_works_no_chat_is_opened(send, api, mention, references):
    """The first way is enough."""
    await send(mention())
    assert api.connector.opened == []
    assert await references.find(ANN) is None


async def test_somebody_without_the_app_is_told_nothing_and_no_one_else_is(send, api, mention, caplog):
    """Refused twice: nothing is posted anywhere, and the log says why without a word of the answer."""
    api.connector.refuse |= {"targeted": (400, "BadArgument"), "create": REFUSED}
    await send(mention())
    assert len(api.connector.opened) == 1
    assert api.connector.posted == []
    assert "did not arrive: uninstalled" in caplog.text
    assert "only for you" not in caplog.text


async def test_a_tap_that_cannot_be_answered_says_so_to_the_one_who_tapped(send, api, tap):
    """The response to the tap is seen by nobody else; it does not promise an answer that is not there."""
    assert "in the chat" in (await send(tap()))["value"]
    api.connector.refuse |= {"targeted": (400, "BadArgument"), "create": REFUSED}
    body = await send(tap())
    assert body["type"] == "application/vnd.microsoft.activity.message"
    assert "ask me there" in body["value"]


async def test_a_chat_that_refuses_is_not_remembered(send, api, mention, references):
    """It could be opened, but nothing can be written: as where the person has blocked the coach."""
    api.connector.refuse |= {"targeted": (400, "BadArgument"), "a:U1": (403, "MessageWritesBlocked")}
    await send(mention())
    assert api.connector.posted == []
    assert await references.find(ANN) is None


async def test_a_known_chat_that_refuses_is_marked(send, api, mention, references):
    """What the connector says of it counts for the next reminder, too."""
    await references.remember(
        Reference(TENANT, "a:U1", "personal", api.connector.url, "28:b", "29:U1", ANN.user)
    )
    api.connector.refuse |= {"targeted": (400, "BadArgument"), "a:U1": (403, "MessageWritesBlocked")}
    await send(mention())
    assert api.connector.opened == []
    assert await references.find(ANN) is None


async def test_a_connector_that_tells_no_id(send, api, mention, references):
    """Nothing can be posted into a chat without an id."""
    api.connector.refuse |= {"targeted": (400, "BadArgument"), "create": (200, "")}
    await send(mention())
    assert api.connector.posted == []
    assert await references.find(ANN) is None


async def test_who_is_forgotten_is_not_remembered_by_the_answer(send, api, references):
    """The confirmation arrives; the way it came is not kept."""
    api.connector.refuse["targeted"] = (400, "BadArgument")
    data = {KEPT: {"do": "tap", "action": "privacy.erase"}}
    value = {"action": {"type": "Action.Execute", "verb": "v", "data": data}}
    await send(api.activity("invoke", name="adaptiveCard/action", value=value, conversation=channel()))
    assert [conversation for conversation, _, _ in api.connector.posted] == ["a:U1"]
    assert await references.find(ANN) is None


async def test_a_storage_that_breaks_costs_the_memory_only(send, api, mention, monkeypatch, caplog):
    """The answer has arrived; what is lost is named in the log by its kind alone."""

    async def broken(_, reference):
        raise OSError(reference.conversation_id)

    monkeypatch.setattr(InMemory, "remember", broken)
    api.connector.refuse["targeted"] = (400, "BadArgument")
    await send(mention())
    assert [conversation for conversation, _, _ in api.connector.posted] == ["a:U1"]
    assert "could not be remembered: OSError" in caplog.text
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("adapters")]
    assert "a:U1" not in "".join(ours)
