"""The one pooled HTTP session that keys, tokens and the connector share."""

import aiohttp

MOST_BYTES = 512 * 1024  # more than any answer we ask for


class ClosedError(Exception):
    """A call before `open` or after `close`."""


class Session:
    """Call it for the session. `open` before the first call, `close` after the last."""

    __slots__ = ("_made",)

    def __init__(self) -> None:
        self._made: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make it. No cookies, no proxies from the environment."""
        self._made = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=200),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "Breather"},
        )

    async def close(self) -> None:
        """Close it."""
        if self._made is not None:
            await self._made.close()
            self._made = None

    def __call__(self) -> aiohttp.ClientSession:
        """The open session."""
        if self._made is None:
            raise ClosedError
        return self._made


async def body(answer: aiohttp.ClientResponse) -> bytes:
    """What was answered, cut at a size nobody honest reaches."""
    parts = bytearray()
    async for chunk in answer.content.iter_any():
        parts += chunk
        if len(parts) > MOST_BYTES:
            answer.close()
            break
    return bytes(parts[:MOST_BYTES])
