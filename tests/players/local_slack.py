"""Plays one person through local-slack, a Slack client nobody here wrote: it signs and shows by itself."""

import asyncio
import json
import os
import re
import signal
import socket
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import aiohttp

from adapters.slack.app import build_slack
from adapters.slack.settings import SlackSettings
from tests.players.dialog import Screen
from tests.players.serving import served
from tests.players.slack import buttons, filled, words
from tests.players.slack_api import interactive, post, signed

ROOT = Path(__file__).parent.parent.parent
PEER = ROOT / "tests/slack_peer"
BINARY = PEER / "node_modules/local-slack-linux-x64/bin/local-slack"
INSTALL = "npm ci --ignore-scripts --prefix tests/slack_peer"
SECRET, TEAM, ALICE, BOT, CHANNEL = "test-signing-secret", "T01TEST", "U01ALICE", "U0BOT", "C01GEN"
FOREIGN = "C02SALES"  # a channel that the coach is not in
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-test-token", "SLACK_APP_TOKEN": "xapp-test-token"}


def clock():
    """local-slack signs with the time of this machine."""
    return datetime.now(UTC)


@dataclass
class LocalSlack:
    """The running client, by its control endpoints."""

    url: str
    session: aiohttp.ClientSession

    async def control(self, name, **body):
        async with self.session.post(f"{self.url}/_control/{name}", json=body) as answer:
            assert answer.status == 200, f"local-slack's {name} answered {answer.status}"
            return await answer.json()

    async def state(self):
        async with self.session.ws_connect(f"{self.url}/ui") as line:
            return (await line.receive_json())["state"]

    async def modal(self, does, **more):
        """Send the open modal (view_submit) or close it (view_close); gives what it was refused with."""
        async with self.session.ws_connect(f"{self.url}/ui") as line:
            await line.send_json({"t": does, "user": ALICE, **more})
            async with asyncio.timeout(10):
                while True:
                    told = await line.receive_json()
                    if told["t"] in ("view", "view_errors"):
                        return told.get("errors", {})


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _config(mode, gate):
    app = {"appId": "A01APP", "botUserId": BOT, "botName": "breather", "signingSecret": SECRET, "mode": mode}
    app |= {"botToken": "xoxb-test-token", "appToken": "xapp-test-token"}
    app |= {"requestUrl": f"{gate}/slack/events"} if mode == "events" else {}
    return {
        "workspace": {"name": "Acme", "domain": "acme", "teamId": TEAM},
        "app": app,
        "users": [
            {"id": ALICE, "name": "alice", "real_name": "Alice Anderson", "email": "alice@example.com"}
        ],
        "channels": [
            {"id": CHANNEL, "name": "support", "members": [ALICE, BOT]},
            {"id": FOREIGN, "name": "sales", "members": [ALICE]},
        ],
    }


@asynccontextmanager
async def _client(mode, gate, folder):
    """Start local-slack on this machine, wait until it answers, stop it by its own process at the end."""
    port = _free_port()
    (folder / "local-slack.yaml").write_text(json.dumps(_config(mode, gate)))  # JSON is YAML
    process = await asyncio.create_subprocess_exec(
        BINARY,
        *("--config", folder / "local-slack.yaml", "--port", str(port), "--base-host", "127.0.0.1"),
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with aiohttp.ClientSession() as session:
            peer = LocalSlack(f"http://127.0.0.1:{port}", session)
            async with asyncio.timeout(20):
                while not await _up(peer):  # noqa: ASYNC110 - another process: there is nothing to wait on
                    await asyncio.sleep(0.05)
            yield peer
    finally:
        process.terminate()
        await process.wait()


async def _up(peer):
    try:
        await peer.state()
    except aiohttp.ClientError:
        return False
    return True


class _Later:
    """The gate needs an address before the adapter behind it knows where local-slack is."""

    app = None

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, send)


@asynccontextmanager
async def running(coach, folder, mode="events"):
    """local-slack and the adapter, joined by HTTP or by Socket Mode: (player, adapter)."""
    front = _Later()
    async with served(front) as gate, _client(mode, gate, folder) as peer:
        token = "xapp-test-token" if mode == "socket" else ""
        settings = SlackSettings("xoxb-test-token", (SECRET,), token, f"{peer.url}/api/", agent_view=False)
        adapter = build_slack(coach, settings, clock)
        front.app = adapter.asgi
        await adapter.start()
        try:
            yield LocalSlackPlayer(peer, gate, adapter), adapter
        finally:
            await adapter.stop()


@asynccontextmanager
async def product(folder, mode="events", ahead=0, **settings):
    """local-slack and `breather serve`, each in its own process: (player, file with the log)."""
    port = _free_port()
    gate, logged = f"http://127.0.0.1:{port}", folder / "serve.log"
    async with _client(mode, gate, folder) as peer:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        told = {"SLACK_API_URL": f"{peer.url}/api/", "SLACK_SIGNING_SECRET": SECRET, **TOKENS}
        told |= {"PYTHONPATH": str(ROOT), "BREATHER_CONTACTS": "Your team lead", **settings}
        words = ("--port", str(port), *(("--socket",) if mode == "socket" else ()))
        with logged.open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.players.ahead", str(ahead), "serve", *words),
                cwd=folder,
                env=kept | told,
                stdout=log,
                stderr=log,
            )
        try:
            async with asyncio.timeout(30):
                while b'"serving"' not in logged.read_bytes():
                    assert process.returncode is None, logged.read_text()
                    await asyncio.sleep(0.05)
            yield LocalSlackPlayer(peer, gate), logged
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGINT)
            assert await process.wait() == 0


@dataclass
class LocalSlackPlayer:
    """What local-slack cannot do (a tap in a modal or on Home, a shortcut) goes by a payload signed here."""

    peer: LocalSlack
    gate: str  # the address of the door, for what is signed here; there is none with Socket Mode
    adapter: object = None  # where it runs in this process
    channel: bool = False
    modal: dict | None = None
    seen: list = field(default_factory=list)  # (button, where), oldest first
    known: set = field(default_factory=set)  # messages, views and homes already looked at

    async def say(self, text):
        if self.channel:
            return await self.command(text)
        await self._close()
        await self.peer.control("message", channel=ALICE, user=ALICE, text=text)
        return await self._look()

    async def command(self, line):
        await self._close()
        where = CHANNEL if self.channel else await self._chat()
        await self.peer.control("command", channel=where, user=ALICE, command="/coach", text=line)
        return await self._look()

    async def tap(self, label):
        for button in reversed(list(buttons(self.modal["blocks"])) if self.modal else []):
            if button["text"]["text"] == label:
                return await self._signed({"view": self.modal}, button)
        await self._close()
        for button, where in reversed(self.seen):
            if button["text"]["text"] == label:
                if "view" in where:
                    return await self._signed(where, button)
                keys = ("type", "action_id", "block_id", "value")
                action = {key: button[key] for key in keys if button.get(key)}
                await self.peer.control("interact", **where, user=ALICE, action=action)
                return await self._look()
        raise AssertionError(f"no button {label!r}; there are {[b['text']['text'] for b, _ in self.seen]}")

    async def fill(self, values):
        errors = await self.peer.modal("view_submit", values=filled(self.modal, values))
        return await self._look([*words(self.modal), *errors.values()] if errors else [])

    async def open(self, surface):
        if surface == "home":
            await self.peer.control("open-home", user=ALICE)
        elif surface == "install":
            await self.adapter.installed(TEAM, ALICE, clock())
        else:
            event = {
                "type": "app_home_opened",
                "user": ALICE,
                "channel": await self._chat(),
                "tab": "messages",
            }
            await self._post(
                {"type": "event_callback", "team_id": TEAM, "event_id": self._new(), "event": event}
            )
        return await self._look()

    async def hand(self, text, *, own, remark=False):
        handed = {"user": ALICE if own else "U02OTHER", "text": text}
        callback = "note_remark" if remark else "review_reply"
        payload = {"type": "message_action", "callback_id": callback, "message": handed}
        await self._post(payload | await self._base() | {"channel": {"id": CHANNEL}})
        return await self._look()

    async def wait(self, happens):
        await happens()
        return await self._look()

    # ----------------------------------------------------------------- what the client cannot do itself

    def _new(self):
        return str(clock().timestamp())

    async def _base(self):
        """A trigger that the client gave out, so that it opens a window for us; the id tells ours apart."""
        given = await self._triggers()
        if not given:  # nothing was done yet that gives one
            modal, where = self.modal, await self._chat()
            await self.peer.control("command", channel=where, user=ALICE, command="/coach", text="help")
            await self._look()
            self.modal, given = modal, await self._triggers()
        trigger = given[-1]
        user = {"id": ALICE}
        return {"team": {"id": TEAM}, "user": user, "trigger_id": trigger, "event_id": self._new()}

    async def _triggers(self):
        async with self.peer.session.get(f"{self.peer.url}/_control/log") as answer:
            sent = [str(entry.get("detail")) for entry in (await answer.json())["log"]]
        return re.findall(r"trigger_id\W+([\w.]{20,})", unquote("\n".join(sent)))

    async def _signed(self, where, button):
        action = {key: button[key] for key in ("type", "action_id", "block_id", "value") if key in button}
        await self._post({"type": "block_actions", **await self._base(), **where, "actions": [action]})
        return await self._look()

    async def _post(self, payload):
        body = interactive(payload)
        answer = await post(self.gate, body, signed(body, SECRET, clock().timestamp()))
        assert answer.status == 200

    async def _close(self):
        """A person closes a window before doing anything beside it."""
        if self.modal is not None:
            await self.peer.modal("view_close")
            self.modal = None

    async def _chat(self):
        state = await self.peer.state()
        found = [c["id"] for c in state["channels"] if c["is_im"] and ALICE in c["members"]]
        if found:
            return found[0]
        headers = {"Authorization": "Bearer xoxb-test-token"}
        url = f"{self.peer.url}/api/conversations.open"
        async with self.peer.session.post(url, json={"users": ALICE}, headers=headers) as answer:
            return (await answer.json())["channel"]["id"]

    # ----------------------------------------------------------------- what is on the screen

    async def _look(self, texts=()):
        """Everything the client shows now that it did not show before."""
        state = await self.peer.state()
        texts, fresh, posted = list(texts), [], []
        for channel, messages in state["messages"].items():
            for message in messages:
                if message.get("user") != BOT or not self._first(channel, message["ts"]):
                    continue
                texts += words(message.get("blocks") or [])
                where = {"channel": channel, "messageTs": message["ts"]}
                fresh += [(button, where) for button in buttons(message.get("blocks") or [])]
                if channel == CHANNEL and message.get("subtype") != "ephemeral":
                    posted += words(message.get("blocks") or [])
        for home in state["homeViews"].get(ALICE, {}).values():
            if self._first("home", home["hash"]):
                texts += words(home)
                fresh += [(button, {"view": home}) for button in buttons(home["blocks"])]
        self.modal = state["modalStack"][-1] if state["modalStack"] else None
        if self.modal is not None and self._first("modal", self.modal["hash"]):
            texts += words(self.modal)
        self.seen += fresh
        opener = [b for b, _ in fresh if b["action_id"].startswith("slack.open")]
        return await self.tap(opener[0]["text"]["text"]) if opener else self._screen(texts, fresh, posted)

    def _first(self, *key):
        new = key not in self.known
        self.known.add(key)
        return new

    def _screen(self, texts, fresh, posted):
        labels, inputs, title = [b["text"]["text"] for b, _ in fresh], [], None
        if self.modal is not None:
            labels += [b["text"]["text"] for b in buttons(self.modal["blocks"])]
            inputs = [b["label"]["text"] for b in self.modal["blocks"] if b["type"] == "input"]
            title = self.modal["title"]["text"] if self.modal["callback_id"] != "reply" else None
        return Screen("\n".join(texts), tuple(labels), title, tuple(inputs), bool(posted), "\n".join(posted))
