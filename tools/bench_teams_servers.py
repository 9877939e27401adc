"""The floor and our adapter as echo servers for tools/bench_teams.py.

python -m tools.bench_teams_servers NAME WORLD CONNECTOR   NAME: floor or ours; prints its own port
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import jwt
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from coaching.playbook.reader import Playbook, read
from coaching.values import Message, Para, Reply, Said

APP_ID = "11111111-2222-3333-4444-555555555555"
Start = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Echo:
    """The coach at echo level: what was said comes back."""

    playbook: Playbook

    async def hear(self, message: Message) -> tuple[Reply, ...]:
        said = message.content
        return (Reply((Para((said.words,)),)),) if isinstance(said, Said) else ()


def floor(world: str, _connector: str) -> tuple[Route, Start]:
    """The least that must be done: take the request, check the RS256 signature, post the answer, pooled."""
    kept: dict[str, Any] = {}

    async def start() -> None:
        kept["session"] = session = aiohttp.ClientSession()
        async with session.get(f"{world}/keys") as answer:
            kept["key"] = jwt.PyJWK((await answer.json())["keys"][0]).key

    async def messages(request: Request) -> Response:
        activity = await request.json()
        token = request.headers["authorization"].removeprefix("Bearer ")
        issuer = "https://api.botframework.com"
        jwt.decode(token, kept["key"], algorithms=["RS256"], audience=APP_ID, issuer=issuer, leeway=300)
        answer = {
            "type": "message",
            "text": activity["text"],
            "from": activity["recipient"],
            "recipient": activity["from"],
            "conversation": activity["conversation"],
            "replyToId": activity["id"],
        }
        where = f"v3/conversations/{activity['conversation']['id']}/activities/{activity['id']}"
        url = f"{activity['serviceUrl']}{where}"
        async with kept["session"].post(url, json=answer, headers={"Authorization": "Bearer t"}) as posted:
            await posted.read()
        return Response(status_code=202)

    return Route("/api/messages", messages, methods=["POST"]), start


def ours(world: str, connector: str) -> tuple[Route, Start]:
    """The whole adapter with the token check on: gate, queue, engine, card, connector."""
    from adapters.teams.app import build_teams
    from adapters.teams.settings import TeamsSettings

    settings = TeamsSettings(
        app_id=APP_ID,
        tenant_id="T1",
        app_password="a-secret",
        openid_url=f"{world}/openid",
        token_url=f"{world}/token",
        extra_hosts=frozenset({connector}),
    )
    built = build_teams(Echo(read()), settings, lambda: datetime.now(UTC))
    return Route("/api/messages", built.asgi), built.start


async def main() -> None:
    route, start = {"floor": floor, "ours": ours}[sys.argv[1]](sys.argv[2], sys.argv[3])

    async def cpu(_: Request) -> Response:
        return PlainTextResponse(str(time.process_time()))

    await start()
    app = Starlette(routes=[route, Route("/cpu", cpu)])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await serving


if __name__ == "__main__":
    asyncio.run(main())
