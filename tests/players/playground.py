"""Plays one person through Microsoft's Agents Playground, a Teams client nobody here wrote."""

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import aiohttp

from tests.players.signing import Proxy, signing

ROOT = Path(__file__).parent.parent.parent
PEER = ROOT / "tests/teams_peer"
CLI = PEER / "node_modules/@microsoft/m365agentsplayground/cli.js"
BROWSER = PEER / "node_modules/playwright-core"
ENABLE = "apt-get install -y nodejs npm chromium && npm ci --ignore-scripts --prefix tests/teams_peer"
MISSING = [
    name
    for name, there in (
        ("node", shutil.which("node")),
        ("chromium", shutil.which("chromium")),
        ("the Agents Playground", CLI.exists()),
        ("playwright-core", BROWSER.exists()),
    )
    if not there
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Playground:
    """The running client by its own endpoints; `said` holds everything the bot posted, newest last."""

    url: str
    proxy: Proxy
    session: aiohttp.ClientSession
    config: dict = field(default_factory=dict)
    said: list = field(default_factory=list)  # (conversation, message)
    heard: asyncio.Condition = field(default_factory=asyncio.Condition)
    ids: count = field(default_factory=count)

    @property
    def me(self):
        return self.config["currentUser"]["id"]

    @property
    def chat(self):
        return self.config["personalChat"]["id"]

    @property
    def channel(self):
        return self.config["teams"][0]["channels"][0]["id"]

    async def call(self, path, body=None):
        async with self.session.post(f"{self.url}{path}", json=body or {}) as answer:
            text = await answer.text()
            assert answer.status == 200, f"the Playground answered {answer.status} to {path}: {text}"
            return json.loads(text) if text.startswith(("{", "[")) else text

    async def install(self):
        await self.call(f"/_debug/conversation/{self.chat}/installation")

    async def say(self, text, waits_for=""):
        """Type in the personal chat; the answer that holds these words."""
        body = {"from": {"id": self.me}, "text": text, "textFormat": "plain"}
        since = len(self.said)
        await self.call(f"/_conversation/v1/conversations/{self.chat}/messages", body)
        return await self.shown(waits_for, since)

    async def mention(self, text, waits_for=""):
        """Mention the bot in a channel."""
        bot = self.config["bot"]
        body = {
            "from": {"id": self.me},
            "text": f"<at>{bot['name']}</at> {text}",
            "textFormat": "plain",
            "mentions": [{"mentioned": {"id": bot["id"]}, "text": f"<at>{bot['name']}</at>"}],
        }
        since = len(self.said)
        await self.call(f"/_conversation/v1/conversations/{self.channel}/messages", body)
        return await self.shown(waits_for, since)

    async def invoke(self, name, value, **more):
        """What the client invokes itself: message extensions and buttons; the bot's answer."""
        body = {"name": name, "conversation": {"id": self.chat}, "from": {"id": self.me}, "value": value}
        return await self.call("/_conversation/v1/invoke", {**body, **more})

    async def raw(self, name, value, conversation=None):
        """An invoke the client has no button for: sent as its own custom activity, so signed on the way."""
        number = len(self.proxy.answers)
        await self.call("/_internal/v1/customActivities", self.activity(name, value, conversation))
        async with asyncio.timeout(10):
            while len(self.proxy.answers) == number:  # noqa: ASYNC110 - another process answers
                await asyncio.sleep(0.01)
        return self.proxy.answers[-1][1]

    def activity(self, name, value, conversation=None):
        tenant = self.config["tenantId"]
        kind = "channel" if conversation == self.channel else "personal"
        where = {"id": conversation or self.chat, "conversationType": kind, "tenantId": tenant}
        user = self.config["currentUser"]
        return {
            "type": "invoke",
            "name": name,
            "id": f"raw-{next(self.ids)}",
            "channelId": "msteams",
            "serviceUrl": f"{self.url}/_connector",
            "timestamp": datetime.now(UTC).isoformat(),
            "conversation": where,
            "from": {"id": user["id"], "name": user["name"], "aadObjectId": user["aadObjectId"]},
            "recipient": {**self.config["bot"]},
            "channelData": {"tenant": {"id": tenant}},
            "value": value,
        }

    async def shown(self, words, since=0):
        """The first message from `since` on that holds these words: (conversation, message)."""
        try:
            async with self.heard, asyncio.timeout(15):
                while not (found := [said for said in self.said[since:] if words in text_of(said[1])]):
                    await self.heard.wait()
                return found[0]
        except TimeoutError:
            last = [text_of(message) for _, message in self.said[since:]]
            raise AssertionError(f"{words!r} did not come; there was {last}") from None

    async def listen(self, stream):
        async for frame in stream:
            told = json.loads(frame.data)
            if "message" in told:
                async with self.heard:
                    self.said.append((told["actionConversationId"], told["message"]))
                    self.heard.notify_all()


def text_of(value):
    """Every text of a message or an answer, so that words can be looked for."""
    if isinstance(value, dict):
        return "\n".join(text_of(part) for part in value.values())
    if isinstance(value, list):
        return "\n".join(map(text_of, value))
    return value if isinstance(value, str) else ""


@asynccontextmanager
async def playground(proxy, port, folder):
    """Start the client on this machine, listen to what it shows, stop it by its own process at the end."""
    url = f"http://127.0.0.1:{port}"
    options = ("-e", f"{proxy.url}/api/messages", "-c", "msteams", "-p", str(port), "--disable-telemetry")
    process = await asyncio.create_subprocess_exec(
        *("node", str(CLI), *options, "--service-url", f"{url}/_connector"),
        cwd=folder,
        env={
            **os.environ,
            "TEAMSAPPTESTER_BROWSER": "none",
            "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(PEER / "team.yml"),
        },
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with aiohttp.ClientSession() as session:
            peer = Playground(url, proxy, session)
            async with asyncio.timeout(30):
                while not await _up(peer):  # noqa: ASYNC110 - another process: there is nothing to wait on
                    await asyncio.sleep(0.05)
                async with session.get(f"{url}/_internal/v1/config") as answer:
                    peer.config = (await answer.json())["config"]
            async with session.ws_connect(f"{url}/_ws_conversation/v1/conversations/stream") as stream:
                listening = asyncio.create_task(peer.listen(stream))
                yield peer
                listening.cancel()
    finally:
        process.terminate()
        await process.wait()


async def _up(peer):
    try:
        async with peer.session.get(f"{peer.url}/_debug/ping") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


@asynccontextmanager
async def product(folder, **settings):
    """`breather serve` as a person starts it; its address. What it logs is in folder/log."""
    names = ("PATH", "HOME", "LANG", "COVERAGE_PROCESS_CONFIG")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve", "--port", "0"),
            cwd=folder,
            env={**kept, "PYTHONPATH": str(ROOT), "BREATHER_CONTACTS": "your lead", **settings},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=log,
        )
    try:
        async with asyncio.timeout(30):
            while not (told := (folder / "log").read_text()).endswith("\n"):
                assert process.returncode is None, f"breather serve ended: {told}"
                await asyncio.sleep(0.05)
        yield f"http://127.0.0.1:{json.loads(told.splitlines()[-1])['port']}"
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        code = await asyncio.wait_for(process.wait(), 20)
    assert code == 0, (folder / "log").read_text()


@asynccontextmanager
async def teams(folder):
    """The whole product behind the signing proxy, and the client before it."""
    port = free_port()
    async with signing() as proxy:
        settings = proxy.settings() | {"TEAMS_EXTRA_SERVICE_HOSTS": f"127.0.0.1:{port}"}
        async with product(folder, **settings) as address:
            proxy.bot = address
            async with playground(proxy, port, folder) as peer:
                yield peer


def actions_of(value):
    """Every action of a card, a message or an answer, fallbacks aside."""
    if isinstance(value, list):
        for part in value:
            yield from actions_of(part)
    elif isinstance(value, dict):
        if str(value.get("type", "")).startswith("Action."):
            yield value
        yield from actions_of([part for name, part in value.items() if name != "fallback"])


def button(value, title):
    """The action with this title, deepest card first."""
    found = {action["title"]: action for action in actions_of(value) if "title" in action}
    assert title in found, f"no button {title!r}; there are {sorted(found)}"
    return found[title]


def sent(card, values):
    """What a dialog's first button sends: its own data, and every input filled by the name it ends in."""
    first = next(action for action in actions_of(card) if action["type"] == "Action.Submit")
    inputs = [part["id"] for part in card["body"] if str(part["type"]).startswith("Input.")]
    filled = {name: values.get(name.rpartition(".")[2], "") for name in inputs}
    assert set(values) <= {name.rpartition(".")[2] for name in inputs}, inputs
    return {**first["data"], **filled}
