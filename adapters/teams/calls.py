"""One call to the Bot Framework connector: in its turn, with our token, repeated only where that is safe."""

import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Protocol

import aiohttp
from yarl import URL

from adapters.teams.entra import EntraError, Why
from adapters.teams.faults import ConnectorError, Fault, fault_of
from adapters.teams.pace import TENANT, Pace, TooManyError
from adapters.teams.session import Session, body
from adapters.timely import Timely

SECONDS = 10.0  # one try
PATIENCE = 10.0  # the longest wait for a turn, or before a further try
TRIES = 4
_NOT_SENT, _LATE, _DOUBTFUL = 0, 1, 599  # beside the connector's own statuses
_HARMLESS = frozenset({412, 502, 503, 504, _DOUBTFUL})  # worth a further try where twice does no harm
_JSON = "application/json; charset=utf-8"
_LOG = logging.getLogger(__name__)


class Bearer(Protocol):
    """Gives the token that goes with a call."""

    async def token(self) -> str:
        """A token that is good now. Raises EntraError."""
        ...

    def drop(self, token: str) -> None:
        """It was not accepted: the next call asks for another."""
        ...


@dataclass(frozen=True, slots=True)
class Time:
    """A clock that never goes back, a way to wait, and chance (0 to 1) that spreads further tries."""

    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    chance: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Call:
    """What to call. `again`: doing it twice does no harm; a message posted twice does."""

    method: str
    url: URL = field(repr=False)
    pace: Pace
    key: str
    tenant: str
    again: bool
    payload: bytes | None = field(default=None, repr=False)
    leave_by: float = math.inf  # by our clock: what has not left by then never does


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    raw: bytes = field(default=b"", repr=False)
    wait: float | None = None  # as the connector asked


@dataclass(slots=True)
class Calls:
    """Makes calls. `bearer` is None with the development switch only."""

    session: Session
    bearer: Bearer | None
    time: Time
    seconds: float = SECONDS
    _tenants: Pace = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """The limit that all conversations of a tenant share."""
        self._tenants = Pace(TENANT, self.time.clock, self.time.sleep)

    async def make(self, call: Call) -> bytes:
        """What the connector answered. Raises ConnectorError."""
        fresh = False
        for tried in range(1, TRIES + 1):
            await self._turn(call)
            token = await self._token()
            answer = await self._once(call, token)
            if 200 <= answer.status < 300:
                return answer.raw
            if answer.status == 401 and self.bearer is not None and not fresh:
                self.bearer.drop(token)  # nothing was done: one more time, with a new token
                fresh = True
                continue
            pause = self._pause(answer, tried)
            if answer.status == 429:
                call.pace.hold(call.key, pause)  # the next turn here comes after it
            if tried == TRIES or pause > PATIENCE or not _may_repeat(call, answer.status):
                break
            if answer.status != 429:
                await self.time.sleep(pause)
        fault = _fault(call, answer)
        _LOG.warning("a %s to the Teams connector failed: %s", call.method, fault.value)
        raise ConnectorError(fault, pause if fault is Fault.BUSY else 0.0)

    async def _turn(self, call: Call) -> None:
        seconds = 0.0
        try:
            await call.pace.turn(call.key, PATIENCE)
            await self._tenants.turn(call.tenant, PATIENCE)
        except TooManyError as error:
            seconds = error.seconds
        if seconds:
            raise ConnectorError(Fault.BUSY, seconds)

    async def _token(self) -> str:
        if self.bearer is None:
            return ""
        try:
            return await self.bearer.token()
        except EntraError as error:
            refused = error.why is Why.REFUSED
        raise ConnectorError(Fault.MISCONFIGURED if refused else Fault.UNREACHABLE)

    async def _once(self, call: Call, token: str) -> _Answer:
        """One try. An unanswered one was surely not sent only if there never was a connection."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        said = Timely(call.payload or b"", _JSON, lambda: self.time.clock() > call.leave_by)
        try:
            async with self.session().request(
                call.method,
                call.url,
                data=None if call.payload is None else said,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self.seconds, connect=self.seconds / 2),
            ) as answer:
                return _Answer(answer.status, await body(answer), _asked(answer))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return _Answer(_NOT_SENT)
        except (TimeoutError, aiohttp.ClientError, OSError):
            return _Answer(_LATE if said.stopped else _DOUBTFUL)

    def _pause(self, answer: _Answer, tried: int) -> float:
        """As long as the connector asks; else a second, two, four, with a spread."""
        if answer.wait is not None:
            return answer.wait
        return 2 ** (tried - 1) * (0.5 + self.time.chance())


def _may_repeat(call: Call, status: int) -> bool:
    return status in (429, _NOT_SENT) or (call.again and status in _HARMLESS)


def _fault(call: Call, answer: _Answer) -> Fault:
    """What the last answer means. There is no doubt about a call that does no harm twice."""
    not_sent = answer.status in (_NOT_SENT, _LATE)
    fault = Fault.UNREACHABLE if not_sent else fault_of(answer.status, answer.raw)
    return Fault.UNREACHABLE if fault is Fault.UNKNOWN and call.again else fault


def _asked(answer: aiohttp.ClientResponse) -> float | None:
    """The wait the connector asks for: in seconds, or as a date, which its own clock is compared with."""
    told = answer.headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit() and len(told) < 9:
        return float(told)
    try:
        span = parsedate_to_datetime(told) - parsedate_to_datetime(answer.headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return max(0.0, span.total_seconds())
