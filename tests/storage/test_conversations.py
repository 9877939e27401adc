"""Teams conversations: the newest address wins, nobody is noted in a channel, who left is forgotten."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from coaching.people import Person, Place
from coaching.turn import Forget, Met
from storage import conversations
from storage.conversations import GRACE, Conversation, StoredConversations
from storage.memory import StoredMemory
from storage.tables import person, teams_conversation

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
ANN = Person("teams", "T1", "aad-ann")
HERE = Place("teams", "T1", "a:ann")
CHAT = Conversation("T1", "a:ann", "personal", "https://there/emea/", "28:bot", "29:ann", "aad-ann")
CHANNEL = Conversation(
    "T1", "19:general", "channel", "https://there/", "28:bot", team_id="19:team", channel_id="19:general"
)


class Clock:
    def __init__(self):
        self.time = AT

    def __call__(self):
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def stored(database, clock):
    return StoredConversations(database, clock)


async def table(database):
    return await database.transact(
        lambda c: [dict(r) for r in c.execute(select(teams_conversation)).mappings()]
    )


async def test_a_chat_is_found_by_person_and_by_place(stored):
    """By either id of the person, and by the conversation; never in another tenant."""
    await stored.remember(CHAT)
    for user in ("aad-ann", "29:ann"):
        assert await stored.of_person("T1", user) == CHAT
        assert await stored.of_person("T2", user) is None
    assert await stored.of_place("T1", "a:ann") == CHAT
    assert await stored.of_place("T2", "a:ann") is None
    assert await stored.of_person("T1", "aad-ben") is None


async def test_only_the_month_is_noted_when_somebody_was_there(stored, database, clock):
    """No day tells of a single visit; the day they took the app away counts their thirty days."""
    await stored.remember(CHAT)
    (row,) = await table(database)
    assert row["seen_on"] == clock().date().replace(day=1)
    await stored.mark(CHAT.tenant_id, CHAT.conversation_id, "uninstalled")
    (row,) = await table(database)
    assert row["seen_on"] == clock().date()


async def test_the_newest_address_wins(stored, database):
    """A service address that moved is overwritten; one conversation stays one row, in each tenant its own."""
    await stored.remember(CHAT)
    moved = replace(CHAT, service_url="https://there/amer/", zone="Asia/Tokyo", locale="en-US")
    await stored.remember(moved)
    await stored.remember(moved)
    assert await stored.of_place("T1", "a:ann") == moved
    await stored.remember(replace(CHAT, tenant_id="T2"))
    assert [row["tenant_id"] for row in await table(database)] == ["T1", "T2"]
    assert await stored.of_place("T1", "a:ann") == moved


async def test_what_did_not_change_is_not_written(lite, clock):
    """The second activity of a month costs a read; the next month is noted."""
    written = []

    def work(connection):
        raw = connection.connection.driver_connection
        before = raw.total_changes
        conversations.remember(connection, CHAT, clock())
        written.append(raw.total_changes - before)

    for later in (0, 0, 1, 31):
        clock.time += timedelta(days=later)
        await lite.transact(work)
    assert written == [1, 0, 0, 1]


async def test_nobody_is_noted_in_a_channel(stored, database):
    """Who spoke there, their language and their zone are left out."""
    spoken = replace(CHANNEL, user_id="29:ann", aad_object_id="aad-ann", locale="en-GB", zone="Asia/Tokyo")
    await stored.remember(spoken)
    assert await stored.of_place("T1", "19:general") == CHANNEL
    assert await stored.of_person("T1", "aad-ann") is None
    rows = await StoredMemory(database).rows(ANN)
    assert rows == ()


async def test_states(stored, database):
    """What is not active is not found; failures are counted; the next activity mends it."""
    await stored.remember(CHAT)
    for state in ("blocked", "paused"):
        await stored.mark("T1", "a:ann", state)
        assert await stored.of_place("T1", "a:ann") is None
        assert await stored.of_person("T1", "aad-ann") is None
    assert (await table(database))[0]["fail_count"] == 2
    await stored.remember(CHAT)
    assert await stored.of_person("T1", "aad-ann") == CHAT
    assert (await table(database))[0]["fail_count"] == 0
    await stored.mark("T1", "a:ann", "paused")
    await stored.mark("T1", "a:ann", "active")
    assert await stored.of_place("T1", "a:ann") == CHAT


async def test_an_unknown_conversation_stays_unknown(stored, database):
    """Marking what is not kept makes no row, and touches no other tenant's."""
    await stored.remember(CHAT)
    await stored.mark("T2", "a:ann", "blocked")
    await stored.mark("T1", "a:nobody", "blocked")
    assert [row["state"] for row in await table(database)] == ["active"]


async def test_the_newest_chat_of_a_person(stored, clock):
    """After a new install there may be two chats: the one that was used last is taken."""
    await stored.remember(CHAT)
    clock.time += timedelta(days=3)
    again = replace(CHAT, conversation_id="a:ann-again")
    await stored.remember(again)
    assert await stored.of_person("T1", "aad-ann") == again


async def test_my_data_and_forget(stored, database):
    """The address is shown to its person alone and goes with them; a channel's stays."""
    memory = StoredMemory(database)
    await stored.remember(CHAT)
    await stored.remember(CHANNEL)
    for other in (
        Person("teams", "T2", "aad-ann"),
        Person("slack", "T1", "aad-ann"),
        Person("teams", "T1", "x"),
    ):
        assert await memory.rows(other) == ()
        await memory.keep(other, HERE, (Forget(),), AT)
    shown = {row.what: row.value for row in await memory.rows(ANN)}
    assert shown["teams_conversation.service_url"] == "https://there/emea/"
    assert shown["teams_conversation.state"] == "active"
    await memory.keep(ANN, HERE, (Forget(),), AT)
    assert await memory.rows(ANN) == ()
    assert [row["conversation_id"] for row in await table(database)] == ["19:general"]


async def test_who_took_the_coach_away_is_forgotten_after_the_grace(stored, database, clock):
    """Thirty days later nothing is left of them; before, everything is as it was."""
    memory = StoredMemory(database)
    await stored.remember(CHAT)
    await stored.remember(CHANNEL)
    await memory.keep(ANN, HERE, (Met(),), AT)
    clock.time += timedelta(days=5)
    for conversation in (CHAT, CHANNEL):
        await stored.mark("T1", conversation.conversation_id, "uninstalled")
    for after, left in ((GRACE, 0), (GRACE + timedelta(days=1), 2)):
        assert await database.transact(lambda c, t=clock.time + after: conversations.tidy(c, t)) == left
    assert await table(database) == []
    assert await database.transact(lambda c: c.execute(select(person)).all()) == []


async def test_who_came_back_is_kept(stored, database, clock):
    """A new chat of the same person keeps what they set, though the old one is gone."""
    memory = StoredMemory(database)
    await stored.remember(CHAT)
    await memory.keep(ANN, HERE, (Met(),), AT)
    await stored.mark("T1", "a:ann", "uninstalled")
    clock.time += timedelta(days=40)
    await stored.remember(replace(CHAT, conversation_id="a:ann-again"))
    assert await database.transact(lambda c: conversations.tidy(c, clock.time)) == 1
    assert (await memory.recall(ANN, HERE)).met
    assert [row["conversation_id"] for row in await table(database)] == ["a:ann-again"]
