"""Between Slack's request and our answer to it: no network but the answer itself, and one write."""

import asyncio
import base64
import socket
import threading
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import event
from starlette.applications import Starlette

from bot import assembly, workspaces
from bot.settings import read_settings
from storage.db import open_database
from storage.installations import Install, Tokens
from storage.workspaces import StoredInstallations
from tests.players.serving import served
from tests.players.slack import TEAM, SlackPlayer
from tests.players.slack_api import NOW, SECRET, SlackApi

KEY = base64.urlsafe_b64encode(bytes(32)).decode()
WORKSPACES = {
    "one": {"SLACK_BOT_TOKEN": "xoxb-test"},
    "many": {"SLACK_CLIENT_ID": "1.1", "SLACK_CLIENT_SECRET": "s", "BREATHER_VAULT_KEYS": KEY},
}


@dataclass
class Watched:
    """An ASGI app; what each request had cost by the moment its answer began."""

    app: object
    api: SlackApi
    writes: int = 0
    strangers: list = field(default_factory=list)  # addresses that are neither ours nor Slack's
    acks: list = field(default_factory=list)  # (calls to Slack, transactions that wrote)
    acked: threading.Event = field(default_factory=threading.Event)
    noted: list = field(default_factory=list)  # for each event that is done: whether its answer was out

    async def __call__(self, scope, receive, send):
        calls, responses, writes = len(self.api.calls), len(self.api.responses), self.writes

        async def told(answer):
            if answer["type"] == "http.response.start":
                called = [name for name, _, _ in self.api.calls[calls:]]
                called += ["respond" for _ in self.api.responses[responses:]]
                self.acks.append((called, self.writes - writes))
                self.acked.set()
            await send(answer)

        await self.app(scope, receive, told)

    async def settled(self, many):
        """Wait until so many events are noted as done."""
        async with asyncio.timeout(30):
            while len(self.noted) < many:  # noqa: ASYNC110 - the writer's thread rings no bell
                await asyncio.sleep(0.01)

    def count(self, engine):
        """Count transactions that write. An event is noted as done beside its answer, so that waits here."""
        dirty = []

        @event.listens_for(engine, "before_cursor_execute")
        def _(_connection, _cursor, statement, *_):
            if statement.startswith("UPDATE slack_seen"):
                self.noted.append(self.acked.wait(10))
                self.acked.clear()
            elif statement.startswith(("INSERT", "UPDATE", "DELETE")):
                dirty.append(statement)

        @event.listens_for(engine, "commit")
        def _(_connection):
            self.writes += bool(dirty)
            dirty.clear()


@asynccontextmanager
async def playing(monkeypatch, sqlite_url, mode):
    """One person in a workspace, the whole product in front of them, everything counted."""
    api = await SlackApi().start()
    monkeypatch.setattr(assembly, "now", lambda: NOW)
    fixed = {"SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": f"{api.url}/api/", "DATABASE_URL": sqlite_url}
    fixed["BREATHER_CONTACTS"] = "Ask your team lead"
    settings = read_settings({**WORKSPACES[mode], **fixed})
    house = assembly.build_house(settings, open_database(sqlite_url))
    if mode == "many":
        stored = StoredInstallations(house.database, workspaces.vault(settings), assembly.now)
        await stored.save(Install("", TEAM, "A1", "U0BOT", "commands", "U1", Tokens("xoxb-test")))
    slack = assembly.slack(house, settings, socket_mode=False)
    watched = Watched(Starlette(routes=slack.routes), api)
    watched.count(house.database.engine)
    await slack.start()
    async with served(watched) as url:
        ours = {int(url.rsplit(":", 1)[1]), int(api.url.rsplit(":", 1)[1])}
        _guard(monkeypatch, watched, ours)
        yield SlackPlayer(url, api), watched
    await slack.stop()
    await house.database.close()
    await api.stop()


def _guard(monkeypatch, watched, ours):
    connect = socket.socket.connect

    def connecting(self, address):
        if self.family != socket.AF_UNIX and address[1] not in ours:
            watched.strangers.append(address)
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connecting)


@pytest.mark.parametrize("mode", WORKSPACES)
async def test_a_command_and_a_form_are_answered_from_here(monkeypatch, sqlite_url, mode):
    """Nothing goes over the network before the answer, and at most one transaction writes."""
    async with playing(monkeypatch, sqlite_url, mode) as (player, watched):
        for typed in ("help", "help", "tip", "rules", "reminders", "privacy", "give me a tip", "frobnicate"):
            await player.command(typed)
            assert watched.acks[-1][0] == [], typed
        await player.command("review")
        await player.fill({"draft": "As per our policy you have to wait. Calm down."})
        await player.command("vent")
        await player.fill({"box": "What a day"})
        await player.command("settings")
        await player.fill({"zone": "Europe/Lisbon"})
        windows = [called for called, _ in watched.acks if called]
        written = [writes for _, writes in watched.acks]
    assert windows == [["views.open"]] * 3, "a window is its own answer; nothing else may call"
    assert max(written) == 1, written
    assert sum(written) >= 3, "the count saw what is kept: that we met, a tip, the zone"
    assert watched.strangers == []


@pytest.mark.parametrize("mode", WORKSPACES)
async def test_an_event_costs_its_row_and_its_answer(monkeypatch, sqlite_url, mode):
    """A message is claimed in one write, and only its reply goes out. A fact to keep is a write more."""
    async with playing(monkeypatch, sqlite_url, mode) as (player, watched):
        await player.command("help")  # they have met
        watched.acked.clear()
        await player.say("hello")
        await watched.settled(1)
        await player.say("give me a tip")
        await watched.settled(2)
        await player.open("home")
    assert watched.acks[1:] == [(["chat.postMessage"], 1), (["chat.postMessage"], 2), (["views.publish"], 0)]
    assert watched.strangers == []
    assert watched.noted == [True, True]
