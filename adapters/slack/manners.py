"""Calls Slack with manners: in turn, after the pauses it asks for, and again only what may be done twice."""

import hashlib
import logging
import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Any

from adapters.slack.calls import RATELIMITED, UNKNOWN, UNREACHABLE, Called, Calls
from adapters.slack.pace import Pace, TooManyError

SPENT = "used_url"
TRIES = 4
_LEAST = 1.0  # seconds that are left for the call itself
_PAUSE = 0.3  # before a further try where Slack named no time; then twice as long
_ASKED = 1.0  # where it says "too many" and names no time
_USES, _HALF_AN_HOUR = 5, 1800.0  # how often a response_url may be used, and how long
_MOST_URLS = 10_000

# The log whose fields are written out: here a method's name and a number of seconds.
_EVENTS = logging.getLogger("breather.events")


class Lane(Enum):
    """Who waits for a call."""

    NOW = "now"  # a person: it waits for its turn, and is tried again while there is time
    TIP = "tip"  # nobody: its turn was taken before, and it is tried once; the ledger brings it back


@dataclass(slots=True)
class Manners:
    """Calls as they should be made. A failure comes back as a word, not raised."""

    calls: Calls
    pace: Pace
    barred: frozenset[str] = frozenset()  # methods this install has no scope for: not even tried
    _urls: OrderedDict[bytes, tuple[int, float]] = field(default_factory=OrderedDict, repr=False)

    async def call(
        self,
        tenant: str,
        method: str,
        seconds: float = 10,
        lane: Lane = Lane.NOW,
        leave_by: float = math.inf,
        **body: object,
    ) -> Called:
        """Call a method within so many seconds. What has not left by `leave_by`, of our clock, never does."""
        if method in self.barred:
            return Called("missing_scope")
        until = self.pace.clock() + seconds
        for tried in range(1, TRIES + 1):
            where = (tenant, method, str(body.get("channel", "")))
            called = await self._once(where, until, lane, leave_by, body)
            pause = self._pause(method, called, tried)
            late = self.pace.clock() + pause + _LEAST > until
            if pause == 0 or late or lane is Lane.TIP or tried == TRIES:
                break
            if called.error != RATELIMITED:  # else its next turn comes after the pause
                await self.pace.sleep(pause)
        return called

    async def respond(self, url: str, body: Mapping[str, object]) -> Called:
        """Answer through a response_url, as often as Slack allows it."""
        key, now = hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=16).digest(), self.pace.clock()
        uses, since = self._urls.pop(key, (0, now))
        self._urls[key] = (uses + 1, since)
        while len(self._urls) > _MOST_URLS:
            self._urls.popitem(last=False)
        if uses >= _USES or now - since > _HALF_AN_HOUR:
            return Called(SPENT)
        return await self.calls.respond(url, body)

    async def _once(
        self, where: tuple[str, str, str], until: float, lane: Lane, leave_by: float, body: Mapping[str, Any]
    ) -> Called:
        tenant, method, _ = where
        if lane is Lane.TIP and (left := self.pace.paused(tenant, method)):
            return Called(RATELIMITED, wait=left)
        try:
            if lane is Lane.NOW:
                await self.pace.turn(where, until - self.pace.clock() - _LEAST)
        except TooManyError as error:
            return Called(RATELIMITED, wait=error.seconds)
        seconds = max(until - self.pace.clock(), _LEAST)
        late = partial(self._late, leave_by)
        called = await self.calls.call(tenant, method, seconds, late=late, **body)
        if called.error == RATELIMITED:
            called = Called(RATELIMITED, wait=called.wait or _ASKED)
            self.pace.park(tenant, method, called.wait)
            told = {"method": method, "seconds": called.wait}
            _EVENTS.warning("slack.ratelimited", extra={"fields": told})
        return called

    def _late(self, leave_by: float) -> bool:
        return self.pace.clock() > leave_by

    def _pause(self, method: str, called: Called, tried: int) -> float:
        """How long to wait before this may be tried again; 0 where it may not."""
        if called.error == RATELIMITED:
            return called.wait
        surely_not_done = called.error == UNREACHABLE
        harmless = called.error == UNKNOWN and self.pace.tiers.of(method).again
        return _PAUSE * 2 ** (tried - 1) if surely_not_done or harmless else 0.0
