"""Reads the body of a request: bounded in size, depth and time; a broken one says nothing of itself."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NoReturn, TypeAlias

from adapters.teams.once import Json

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]

MOST_BYTES = 256 * 1024
MOST_DRAINED = 16 * MOST_BYTES  # what is read and dropped, so that an honest client sees the 413
MOST_DEEP = 64
SECONDS = 10  # for a body to arrive


class TooBigError(Exception):
    """More bytes than allowed."""


class LeftError(Exception):
    """The caller went away before the body had arrived."""


class MalformedError(Exception):
    """A body that is no JSON object we would read."""


async def read(scope: Scope, receive: Receive) -> bytes:
    """The body. Raises TooBigError, LeftError or TimeoutError."""
    lengths = [value for name, value in scope["headers"] if name.lower() == b"content-length"]
    claimed = max((int(value) for value in lengths if value.isdigit()), default=0)
    async with asyncio.timeout(SECONDS):
        parts, size, more = bytearray(), 0, True
        while more and size <= MOST_DRAINED:
            event = await receive()
            if event["type"] != "http.request":
                raise LeftError
            chunk = event.get("body", b"")
            size += len(chunk)
            more = event.get("more_body", False)
            if size <= MOST_BYTES:
                parts += chunk
    if max(size, claimed) > MOST_BYTES:
        raise TooBigError
    return bytes(parts)


def parse(raw: bytes) -> Json:
    """The object in a body. Raises MalformedError, which never quotes it."""
    problem = "type"
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
        if b"\\ud" in raw or b"\\uD" in raw:  # perhaps half a character, which no one after us could write
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
        if _shallow(value, raw) and isinstance(value, dict) and value:
            return value
    except (ValueError, RecursionError) as error:
        problem = type(error).__name__
    raise MalformedError(problem)  # outside the except block: the inner error quotes the body


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _shallow(value: object, raw: bytes) -> bool:
    """Whether nothing is nested deeper than allowed. Most bodies have too few brackets to be asked."""
    if raw.count(b"{") + raw.count(b"[") <= MOST_DEEP:
        return True
    layer = [value]
    for _ in range(MOST_DEEP):
        inner: list[object] = []
        for part in layer:
            if isinstance(part, dict):
                inner.extend(part.values())
            elif isinstance(part, list):
                inner.extend(part)
        if not inner:
            return True
        layer = inner
    return False
