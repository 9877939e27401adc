"""The web server: each platform's routes, /healthz, /readyz and /metrics; drains on SIGTERM."""

import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.metrics import TYPE

DRAIN_SECONDS = 5


class PortTakenError(Exception):
    """Something else listens there; the message says how to take another port."""


def application(
    routes: Sequence[BaseRoute],
    ready: Callable[[], Awaitable[str]],
    lifespan: Callable[[], contextlib.AbstractAsyncContextManager[None]],
    metrics: Callable[[], Awaitable[str]] | None = None,
) -> Starlette:
    """One ASGI app of every platform's routes; `lifespan` holds clock, courier and platforms meanwhile.

    `ready` tells what is wrong, with the remedy, or nothing; `metrics` is left out where nobody reads them.
    """

    async def readyz(_: Request) -> Response:
        if wrong := await ready():
            return PlainTextResponse(f"{wrong}\n", status_code=503)
        return PlainTextResponse("ready\n")

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    @contextlib.asynccontextmanager
    async def living(_: Starlette) -> AsyncIterator[None]:
        async with lifespan():
            yield

    checks = [Route("/healthz", healthz), Route("/readyz", readyz)]
    if metrics is not None:
        read = metrics

        async def figures(_: Request) -> Response:
            return PlainTextResponse(await read(), media_type=TYPE)

        checks.append(Route("/metrics", figures))
    return Starlette(routes=[*checks, *routes], lifespan=living)


def open_socket(host: str, port: int) -> socket.socket:
    """A listening socket. Raises PortTakenError with the remedy where the port is not to be had."""
    # With the protocol named, asyncio switches Nagle's delay off; without it each answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(100)  # from now on callers wait in line instead of being refused
    except (OSError, OverflowError, TypeError) as error:  # TypeError: a host that cannot be a name
        listener.close()
        raise PortTakenError(
            f"port {port} on {host} is not free. Choose another: --port {port + 1}, or --port 0 for any."
        ) from error
    return listener


class _Server(uvicorn.Server):
    """Tells the house at once that it is to end, so that nobody waiting for news holds it up."""

    leave: Callable[[], None]

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGINT or SIGTERM."""
        self.leave()
        super().handle_exit(sig, frame)


async def listen(app: Starlette, listener: socket.socket, leave: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is under way. There is no access log."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=DRAIN_SECONDS
    )
    server = _Server(config)
    server.leave = leave
    await server.serve(sockets=[listener])
