"""The gate in front of everything: lets in only what Slack has signed, once, and logs no body."""

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from adapters.slack.once import Answer, Json, Once

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Take: TypeAlias = Callable[[Json, datetime], Coroutine[Any, Any, Answer]]

PATH = "/slack/events"
MOST_BYTES = 1024 * 1024
MOST_DRAINED = 16 * MOST_BYTES  # what is read and dropped, so that an honest client sees the 413
SLOWEST = 10.0  # seconds a body may take: Slack sends it at once, and nobody else shall fill our memory
WINDOW = 300  # seconds a signature stays good
_LOG = logging.getLogger(__name__)


class MalformedError(Exception):
    """A signed body that cannot be read."""


@dataclass(slots=True)
class Gate:
    """An ASGI app. `take` handles one payload; `now` gives the time; keyed hashes stand ready per secret."""

    secrets: Iterable[str]
    take: Take
    once: Once
    now: Callable[[], datetime]
    _keyed: tuple[hmac.HMAC, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Key the hashes once; the secrets themselves are not kept."""
        self._keyed = tuple(hmac.new(secret.encode(), digestmod=hashlib.sha256) for secret in self.secrets)
        self.secrets = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request of the server."""
        if scope["type"] != "http":
            return
        if scope["path"] != PATH:
            await _say(send, Answer(404))
        elif scope["method"] != "POST":
            await _say(send, Answer(405))
        else:
            await _say(send, await self._answer(scope, receive))

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        try:
            async with asyncio.timeout(SLOWEST):
                body = await _read(scope, receive)
        except TimeoutError:
            return Answer(408)
        if body is None:
            return Answer(413)
        stamp = self._signed(scope["headers"], body)
        if stamp is None:
            return Answer(401)
        try:
            return await self._heard(body, datetime.fromtimestamp(stamp, UTC))
        except MalformedError:
            return Answer(400)
        except Exception as error:  # noqa: BLE001 - the server would log it with its text
            _LOG.warning("a Slack request failed: %s", type(error).__name__)
            return Answer(500)

    async def _heard(self, body: bytes, at: datetime) -> Answer:
        payload = parse(body)
        if payload.get("type") == "url_verification":
            return Answer(200, {"challenge": str(payload.get("challenge", ""))})
        if "ssl_check" in payload:
            return Answer(200)
        told = identity(payload).encode("utf-8", "replace") or body
        key = hashlib.blake2b(told, digest_size=16).hexdigest()  # as short as ours, however long theirs is
        return await self.once.run(key, lambda: self.take(payload, at))

    def _signed(self, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> int | None:
        """The request's time if it is fresh and one of the secrets signed it, else None."""
        stamps = [value for name, value in headers if name.lower() == b"x-slack-request-timestamp"]
        signatures = [value for name, value in headers if name.lower() == b"x-slack-signature"]
        if len(stamps) != 1 or len(signatures) != 1:
            return None
        stamp = stamps[0]
        if not stamp.isdigit() or len(stamp) > 12 or abs(self.now().timestamp() - int(stamp)) > WINDOW:
            return None
        good = False
        for keyed in self._keyed:
            mac = keyed.copy()
            mac.update(b"v0:" + stamp + b":" + body)
            good |= hmac.compare_digest(b"v0=" + mac.hexdigest().encode(), signatures[0])
        return int(stamp) if good else None


async def _read(scope: Scope, receive: Receive) -> bytes | None:
    """The body, or None if it is larger than allowed, whatever its content-length says."""
    lengths = [value for name, value in scope["headers"] if name.lower() == b"content-length"]
    claimed = max((int(value[:12]) for value in lengths if value.isdigit()), default=0)
    parts, size = bytearray(), 0
    while True:
        event = await receive()
        chunk = event.get("body", b"") if event["type"] == "http.request" else b""
        size += len(chunk)
        if size <= MOST_BYTES:
            parts += chunk
        if size > MOST_DRAINED or not event.get("more_body", False):
            break
    return None if max(size, claimed) > MOST_BYTES else bytes(parts)


def parse(body: bytes) -> Json:
    """The payload of a signed body: JSON, a form, or JSON in a form. Raises MalformedError."""
    problem = ""
    try:
        if body.lstrip()[:1] in (b"{", b"["):
            payload = json.loads(body)
        else:
            payload = dict(
                parse_qsl(
                    body.decode(),
                    keep_blank_values=True,
                    strict_parsing=True,
                    errors="strict",
                    max_num_fields=100,
                )
            )
            if "payload" in payload:
                payload = json.loads(payload["payload"])
        if isinstance(payload, dict) and payload:
            return payload
    except (ValueError, RecursionError) as error:
        problem = type(error).__name__
    raise MalformedError(problem)  # outside the except block: the inner error quotes the body


def identity(payload: Json) -> str:
    """What tells this payload from any other and a repeat shares; empty when there is nothing of the kind."""
    if isinstance(payload.get("event_id"), str):
        return f"event:{payload['event_id']}"
    view = payload.get("view")
    if payload.get("type") == "view_submission" and isinstance(view, dict) and view.get("hash"):
        return f"view:{view.get('id')}:{view['hash']}"
    if isinstance(payload.get("trigger_id"), str):
        return f"trigger:{payload['trigger_id']}"
    return ""


async def _say(send: Send, answer: Answer) -> None:
    body = b"" if answer.body is None else json.dumps(answer.body).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    if body:
        headers.append((b"content-type", b"application/json; charset=utf-8"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
