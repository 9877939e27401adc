"""emulate, a Slack nobody here wrote that knows OAuth and strict scopes: started here, and ended."""

import asyncio
import json
import re
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import aiohttp

from tests.players.serving import served
from tests.players.slack_api import CLIENT, SECRET

PEER = Path(__file__).parent.parent / "slack_peer"
INSTALLED = PEER / "node_modules/emulate/dist"
INSTALL = "npm ci --ignore-scripts --prefix tests/slack_peer"
PERSON = "xoxp-a-person"  # the token of the person who installs and talks


@dataclass
class Emulate:
    """The running peer."""

    url: str
    session: aiohttp.ClientSession

    async def call(self, method, token=PERSON, **body):
        """One of Slack's methods, with the token of the person or of the bot."""
        headers = {"Authorization": f"Bearer {token}"}
        async with self.session.post(f"{self.url}/api/{method}", json=body, headers=headers) as answer:
            return await answer.json()

    async def allow(self, link, redirect):
        """Press the button and pick the person on Slack's own page: where it sends the browser back to.

        Slack takes the address from the app's settings where the link names none; here it is filled in.
        """
        async with self.session.get(link) as answer:
            assert answer.status == 200, await answer.text()
            page = await answer.text()
        forms = re.findall(r'<form class="user-form".*?</form>', page, re.DOTALL)
        form = next(form for form in forms if ">ann<" in form)
        fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form)
        filled = {name: unescape(value) for name, value in fields} | {"redirect_uri": redirect}
        url = f"{self.url}/oauth/v2/authorize/callback"
        async with self.session.post(url, data=filled, allow_redirects=False) as answer:
            assert answer.status == 302
            return answer.headers["Location"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@asynccontextmanager
async def emulate(address, scopes):
    """The peer, which sends its events to an address."""
    port = free_port()
    app = {
        "client_id": CLIENT[0],
        "client_secret": CLIENT[1],
        "app_id": "A0000000BREATHER",
        "name": "Breather",
    }
    seed = {
        "team": {"name": "Acme", "domain": "acme"},
        "signing_secret": SECRET,
        "strict_scopes": True,
        "users": [{"name": "ann"}],
        "channels": [{"name": "support"}],
        "oauth_apps": [{**app, "redirect_uris": [f"{address}/slack/oauth_redirect"], "scopes": scopes}],
        "tokens": [{"token": PERSON, "user": "ann", "type": "user"}],
    }
    process = await asyncio.create_subprocess_exec(
        *("node", "emu.mjs", str(port), f"{address}/slack/events", json.dumps(seed)),
        cwd=PEER,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(20):
            first = await process.stdout.readline()
        assert b"ready" in first, first
        async with aiohttp.ClientSession() as session:
            yield Emulate(f"http://127.0.0.1:{port}", session)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


@dataclass
class Address:
    """What the program needs to know of a Slack."""

    url: str


class Later:
    """An address before there is anything behind it."""

    app = None

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, send)


@asynccontextmanager
async def joined(process, scopes):
    """Breather and the peer, each knowing the other's address: (running, peer)."""
    front = Later()
    async with (
        served(front) as address,
        emulate(address, scopes) as peer,
        process(Address(peer.url), None) as running,
    ):
        front.app = running.app
        running.address = address
        yield running, peer
