"""Calls over plain HTTP to the coach on this machine, from a thread, so that its other ends can answer."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

_PATIENCE = 30.0  # seconds


@dataclass(frozen=True, slots=True, repr=False)
class Got:
    """What came back. Status 0: the line broke before an answer."""

    status: int
    body: bytes


@dataclass(slots=True, eq=False)
class Caller:
    """Calls one address and keeps what came back, for that is searched too."""

    url: str
    got: list[Got] = field(default_factory=list, repr=False)

    async def call(
        self, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Got:
        """A GET, or a POST where there is a body."""
        got = await asyncio.to_thread(self._call, path, body, dict(headers or {}))
        self.got.append(got)
        return got

    def _call(self, path: str, body: bytes | None, headers: dict[str, str]) -> Got:
        line = HTTPConnection(urlsplit(self.url).netloc, timeout=_PATIENCE)
        try:
            line.request("GET" if body is None else "POST", path, body, headers)
            answer = line.getresponse()
            return Got(answer.status, answer.read())
        except (OSError, HTTPException):
            return Got(0, b"")
        finally:
            line.close()
