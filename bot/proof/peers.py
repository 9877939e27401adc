"""The other ends on this machine: a small Slack, Teams, a model. Each keeps every byte it was sent."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import parse_qs

Json: TypeAlias = dict[str, Any]

LOOPBACK = "127.0.0.1"
_REFUSED = 403  # for good: what may be tried again takes longer and tells no more


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """One request, as it came over the wire."""

    method: str
    path: str
    headers: bytes
    body: bytes

    @property
    def raw(self) -> bytes:
        """Every byte of it."""
        return self.path.encode("latin-1") + b"\n" + self.headers + b"\n" + self.body

    def fields(self) -> Json:
        """What the body says: JSON, or a form whose values may be JSON."""
        text = self.body.decode("utf-8", "replace")
        if text.lstrip().startswith("{"):
            return json.loads(text)
        return {name: _unpacked(values[-1]) for name, values in parse_qs(text).items()}


def _unpacked(value: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    return json.loads(value) if value[:1] in ("{", "[") else value


@dataclass(slots=True, eq=False)
class Peer:
    """A plain HTTP server for one of the coach's other ends. `broken`: it refuses whatever it is asked."""

    answer: Callable[[Asked], Json]
    asked: list[Asked] = field(default_factory=list, repr=False)
    broken: bool = False
    url: str = ""
    _server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen on a free port of this machine."""
        self._server = await asyncio.start_server(self._serve, LOOPBACK, 0)
        self.url = f"http://{LOOPBACK}:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            self._server.close_clients() if hasattr(self._server, "close_clients") else None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while asked := await _read(reader):
                self.asked.append(asked)
                status, body = (_REFUSED, b"{}") if self.broken else (200, self._answered(asked))
                head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
                writer.write(f"{head}\r\n\r\n".encode() + body)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the coach has hung up, or it is over
        finally:
            writer.close()

    def _answered(self, asked: Asked) -> bytes:
        return json.dumps(self.answer(asked)).encode()


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    """The next request of a connection; None when there is none."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, _, headers = head.partition(b"\r\n")
    method, path = first.decode("latin-1").split(" ")[:2]
    told = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(b":") for line in headers.split(b"\r\n"))
    }
    if told.get(b"transfer-encoding", b"").lower() == b"chunked":
        body = await _chunks(reader)
    else:
        body = await reader.readexactly(int(told.get(b"content-length", b"0")))
    return Asked(method, path, headers, body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while size := int((await reader.readline()).partition(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return bytes(body)


def slack_answer(asked: Asked) -> Json:
    """What Slack's Web API answers, as far as the coach reads it."""
    told = asked.fields()
    answer: Json = {"ok": True, "channel": {"id": "D1"}, "ts": "1800000000.000001", "messages": []}
    if "/chat." in asked.path:
        answer["channel"] = told.get("channel", "D1")
    if "/views." in asked.path:
        answer["view"] = {**told["view"], "id": told.get("view_id", "V1"), "hash": "h1"}
    return answer


def model_answer(asked: Asked) -> Json:
    """What a server that speaks like OpenAI's answers, to anything. Nobody should ask it about a vent."""
    message = {"role": "assistant", "content": "{}"}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"id": "c1", "object": "chat.completion", "model": asked.method, "choices": [choice]}
