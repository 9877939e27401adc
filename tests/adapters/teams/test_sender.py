"""The sender: letters to chats and channels, and what each of the connector's answers means."""

from dataclasses import replace
from datetime import date

import pytest

from adapters.teams.faults import ConnectorError, Fault
from adapters.teams.references import Reference
from coaching.people import Place, Room
from coaching.ports import Later, Posted
from coaching.values import Letter
from tests.adapters.teams.lint import lint_message
from tests.players.everything import reply
from tests.players.teams_api import aad

TENANT = "T"
CHAT = Place("teams", TENANT, aad("U1"))
CHANNEL = Place("teams", TENANT, "19:abc@thread.tacv2", Room.CHANNEL)


def letter(to):
    return Letter(to, "A1", date(2026, 3, 2), reply(only_you=to.private), "m-1")


@pytest.fixture
async def known(references, api):
    """The coach is in a chat and in a channel."""
    url = api.connector.url
    chat = Reference(TENANT, "a:U1", "personal", url, "28:breather", "29:U1", aad("U1"))
    await references.remember(chat)
    await references.remember(Reference(TENANT, CHANNEL.id, "channel", url, "28:breather"))


@pytest.mark.parametrize(("to", "conversation"), [(CHAT, "a:U1"), (CHANNEL, "19:abc@thread.tacv2")])
async def test_a_tip_is_one_message(to, conversation, adapter, api, known):
    """In the private chat, or as a new post of the channel."""
    assert await adapter.post.post(letter(to)) is Posted.SENT
    ((where, activity, targeted),) = api.connector.posted
    assert (where, targeted) == (conversation, False)
    lint_message(activity)


async def test_nobody_there(adapter, api):
    """No conversation is known: the person is gone, the channel needs an invitation."""
    assert await adapter.post.post(letter(CHAT)) is Posted.GONE
    assert await adapter.post.post(letter(CHANNEL)) is Posted.NOT_IN_CHANNEL
    assert api.connector.posted == []


ANSWERS = [  # status, code, what it means in a chat, in a channel, and whether the conversation stays known
    (403, "MessageWritesBlocked", Posted.GONE, Posted.GONE, False),
    (403, "BotNotInConversationRoster", Posted.GONE, Posted.NOT_IN_CHANNEL, False),
    (404, "ConversationNotFound", Posted.GONE, Posted.NOT_IN_CHANNEL, False),
    (403, "BotDisabledByAdmin", Posted.LATER, Posted.LATER, False),
    (400, "BadSyntax", Posted.LATER, Posted.LATER, True),
    (500, "InternalError", Posted.UNKNOWN, Posted.UNKNOWN, True),
]


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer[1])
async def test_what_the_connector_answers(answer, adapter, api, references):
    """A refusal that concerns the conversation is remembered, and not tried again."""
    status, code, in_chat, in_channel, kept = answer
    api.connector.refuse["all"] = (status, code)
    assert await adapter.post.post(letter(CHAT)) is in_chat
    assert await adapter.post.post(letter(CHANNEL)) is in_channel
    assert (await references.find(CHAT) is not None) is kept
    assert (await references.find(CHANNEL) is not None) is kept


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(("asked", "waits"), [(60.0, 60.0), (0.0, 1.0)])
async def test_too_many_comes_back_when_teams_says(asked, waits, adapter):
    """Surely not sent; nothing more goes to this organisation until then."""

    class Full:
        async def send(self, known, activity, leave_by):
            raise ConnectorError(Fault.BUSY, asked)

    adapter.post.connector = Full()
    assert await adapter.post.post(letter(CHAT)) == Later(waits)


@pytest.mark.usefixtures("known")
async def test_a_letter_that_is_late_stays(adapter, api):
    """Surely not sent: the process slept, and somebody else may have it by now."""
    late = replace(letter(CHAT), leave_by=0.0)
    assert await adapter.post.post(late) is Posted.LATER
    assert api.connector.posted == []


async def test_a_connector_that_is_not_there(adapter, references):
    """Surely not sent: later."""
    await references.remember(
        Reference(TENANT, "a:U1", "personal", "https://nobody.example", "28:b", aad("U1"))
    )
    assert await adapter.post.post(letter(CHAT)) is Posted.LATER
