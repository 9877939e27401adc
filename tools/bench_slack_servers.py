"""The floor and ours as servers for tools/bench_slack.py, and the Slack that peers ask who they are.

python -m tools.bench_slack_servers NAME WORLD FOLDER   prints its own port; FOLDER: for a database
"""

import asyncio
import base64
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from adapters.slack.gate import Receive, Scope, Send
from bot import assembly
from bot.house import House
from bot.settings import Settings, read_settings
from coaching.playbook.reader import Playbook
from coaching.values import Command, Message, Para, Reply
from storage.db import open_database
from storage.migrate import migrate

SECRET = "a secret for measuring"
TEAMS = tuple(f"T{number:02}BENCH" for number in range(20))

App = Callable[[Scope, Receive, Send], Awaitable[None]]


# --------------------------------------------------------------------------- the floor, and Slack itself


async def floor(scope: Scope, receive: Receive, send: Send) -> None:
    """As little as a Slack endpoint can do: read, verify, parse, answer."""
    body = (await receive())["body"]
    headers = dict(scope["headers"])
    if scope["path"] == "/cpu":
        await _say(send, 200, str(time.process_time()).encode())
        return
    signed = b"v0:" + headers[b"x-slack-request-timestamp"] + b":" + body
    mac = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    good = hmac.compare_digest(b"v0=" + mac.encode(), headers[b"x-slack-signature"])
    if body.startswith(b"{"):
        answer = b"" if json.loads(body)["event"]["text"] else b"-"
    else:
        answer = json.dumps({"text": dict(parse_qsl(body.decode()))["text"]}).encode()
    await _say(send, 200 if good else 401, answer)


async def world(_scope: Scope, receive: Receive, send: Send) -> None:
    """Slack's Web API as far as a peer asks for it: auth.test, at once, where Slack takes 300 ms."""
    await receive()
    told = {"ok": True, "url": "https://bench.slack.com/", "team": "Bench", "team_id": TEAMS[0]}
    told |= {"user": "coach", "user_id": "U0BOT", "bot_id": "B0BOT"}
    await _say(send, 200, json.dumps(told).encode())


async def _say(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-length", str(len(body)).encode()), (b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


# --------------------------------------------------------------------------- ours


@dataclass(frozen=True, slots=True)
class OneLine:
    """A coach that says one line to a command and nothing to a message: what is measured is around it.

    An answer to a message is a call to Slack, which everybody pays alike and the floor does not make.
    """

    playbook: Playbook

    async def hear(self, message: Message) -> tuple[Reply, ...]:
        """One line, or none."""
        return (Reply((Para(("Take a breath.",)),)),) if isinstance(message.content, Command) else ()


async def ours(name: str, world: str, folder: str) -> Starlette:
    """Slack as `breather serve` wires it: `one` workspace, `many`, or the `product` with its own coach."""
    url = f"sqlite:///{Path(folder) / name}.sqlite3"
    migrate(url)
    settings = read_settings({"DATABASE_URL": url, **_environment(name, f"{world}/api/")})
    house = assembly.build_house(settings, open_database(url))
    if name == "many":
        await install(house, settings)
    if name != "product":
        stub: Any = OneLine(house.coach.playbook)
        house.coach = stub
    platform = assembly.slack(house, settings, socket_mode=False)
    await platform.start()

    async def cpu(_: Request) -> Response:
        return PlainTextResponse(str(time.process_time()))

    return Starlette(routes=[Route("/cpu", cpu), *platform.routes])


def _environment(name: str, api: str) -> Mapping[str, str]:
    known = {"SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": api}
    if name != "many":
        return {**known, "SLACK_BOT_TOKEN": "xoxb-bench"}
    key = base64.urlsafe_b64encode(bytes(32)).decode()
    return {**known, "SLACK_CLIENT_ID": "1.1", "SLACK_CLIENT_SECRET": "s", "BREATHER_VAULT_KEYS": key}


async def install(house: House, settings: Settings) -> None:
    """The coach in every workspace of the bench, its token encrypted."""
    from bot import workspaces
    from storage.installations import Install, Tokens
    from storage.workspaces import StoredInstallations

    stored = StoredInstallations(house.database, workspaces.vault(settings), assembly.now)
    for team in TEAMS:
        await stored.save(Install("", team, "A1", "U0BOT", "commands", "U1", Tokens(f"xoxb-{team}")))


async def main() -> None:
    name, *where = sys.argv[1:]
    app: App = (
        {"floor": floor, "world": world}[name] if name in {"floor", "world"} else await ours(name, *where)
    )
    config = uvicorn.Config(
        app, port=0, log_config=None, access_log=False, server_header=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await serving


if __name__ == "__main__":
    asyncio.run(main())
