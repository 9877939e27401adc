"""The coach's own token for the connector: asked for at Microsoft Entra, kept, renewed before it ends."""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

import aiohttp

from adapters.teams.clouds import PUBLIC
from adapters.teams.session import Session, body

EARLY = 300  # seconds before its end at which a token is renewed
COOL_DOWN = 5  # seconds after a failure during which nobody asks again
SECONDS = 10  # one request
_TOKEN = re.compile(r"[!-~]+")  # what a header can carry
_LOG = logging.getLogger(__name__)


class Why(Enum):
    """Why there is no token."""

    UNREACHABLE = "unreachable"  # no answer, or a fault over there
    REFUSED = "refused"  # our secret, certificate or identity is not accepted
    UNREADABLE = "unreadable"  # an answer that holds no token


class EntraError(Exception):
    """No token is to be had. Holds neither secrets nor what the server said."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Asking:
    """One request for a token: a form to post, or a question with headers where there is no form."""

    url: str
    form: Mapping[str, str] | None = field(default=None, repr=False)
    query: Mapping[str, str] | None = None
    headers: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Granted:
    """A token and its end."""

    token: str = field(repr=False)
    ends: float


# How a credential asks: the audience in; what it needs another token for, it gets from the second argument.
Ask = Callable[[Asking], Awaitable[Granted]]
Credential = Callable[[str, Ask], Awaitable[Asking]]


@dataclass(slots=True)
class Tokens:
    """One token per audience. However many ask at once, one request goes out."""

    credential: Credential
    session: Session
    now: Callable[[], datetime]
    usual: str = PUBLIC.audience
    _kept: dict[str, Granted] = field(default_factory=dict, repr=False)
    _flights: dict[str, asyncio.Task[None]] = field(default_factory=dict, repr=False)
    _failed: dict[str, tuple[float, Why]] = field(default_factory=dict)

    async def token(self, audience: str = "") -> str:
        """A token that is good now, for the connector unless told otherwise. Raises EntraError."""
        audience = audience or self.usual
        now = self.now().timestamp()
        kept = self._kept.get(audience)
        if kept is not None and now < kept.ends - EARLY:
            return kept.token
        flight = self._renew(audience, now)
        if kept is not None and now < kept.ends:
            return kept.token  # still good: nobody waits for the next one
        if flight is not None:
            await asyncio.wait({flight})
        kept = self._kept.get(audience)
        if kept is None or kept.ends <= self.now().timestamp():
            raise EntraError(self._failed.get(audience, (0.0, Why.UNREACHABLE))[1])
        return kept.token

    def drop(self, token: str) -> None:
        """The connector did not accept it: the next call asks for another."""
        self._kept = {name: kept for name, kept in self._kept.items() if kept.token != token}

    async def close(self) -> None:
        """Give up what is under way."""
        flights = list(self._flights.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)

    def _renew(self, audience: str, now: float) -> asyncio.Task[None] | None:
        """The request under way, or a new one unless the last failed a moment ago."""
        if audience in self._flights:
            return self._flights[audience]
        failed = self._failed.get(audience)
        if failed is not None and abs(now - failed[0]) < COOL_DOWN:
            return None
        flight = asyncio.create_task(self._fetch(audience))
        self._flights[audience] = flight
        flight.add_done_callback(lambda _: self._flights.pop(audience, None))
        return flight

    async def _fetch(self, audience: str) -> None:
        why = Why.UNREADABLE
        try:
            granted = await self._ask(await self.credential(audience, self._ask))
        except EntraError as error:
            why = error.why
        except Exception as error:  # noqa: BLE001 - its text may quote a secret
            _LOG.warning("the request for a token failed: %s", type(error).__name__)
        else:
            self._kept[audience] = granted
            self._failed.pop(audience, None)
            return
        self._failed[audience] = (self.now().timestamp(), why)
        _LOG.warning("no token for the Teams connector: %s", why.value)

    async def _ask(self, asking: Asking) -> Granted:
        status, raw = 0, b""
        try:
            async with asyncio.timeout(SECONDS), self._request(asking) as answer:
                status, raw = answer.status, await body(answer)
        except (aiohttp.ClientError, TimeoutError, OSError):
            status = 0
        if status in (0, 429) or status >= 500:
            raise EntraError(Why.UNREACHABLE)
        if status != 200:
            raise EntraError(Why.REFUSED)
        granted = read_grant(raw, self.now().timestamp())
        if granted is None:
            raise EntraError(Why.UNREADABLE)
        return granted

    def _request(self, asking: Asking) -> Any:  # noqa: ANN401 - aiohttp's own context manager
        session = self.session()
        if asking.form is not None:
            return session.post(asking.url, data=asking.form, allow_redirects=False)
        return session.get(asking.url, params=asking.query, headers=asking.headers, allow_redirects=False)


def read_grant(raw: bytes, now: float) -> Granted | None:
    """The token in an answer. Entra gives seconds as a number, managed identities as text or as a date."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    token = told.get("access_token")
    lasts, ends = _number(told.get("expires_in")), _number(told.get("expires_on"))
    if lasts is not None:
        ends = now + lasts
    if not isinstance(token, str) or not _TOKEN.fullmatch(token) or ends is None or ends <= now:
        return None
    return Granted(token, ends)


def _number(value: object) -> float | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        return float(value)
    return float(value) if type(value) is int and 0 <= value < 10**11 else None
