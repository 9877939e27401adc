"""Keeps to Slack's limits in two lanes: what a person waits for goes first, tips take what is left.

Unlike Teams' pace, which gives out turns in the order of asking, this one never lets a tip hold a place
that a person's answer could need.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from adapters.slack.tiers import Limit, Tiers

MOST_KNOWN = 50_000
_SLOWER, _SLOWEST = 0.8, 0.2  # after each 429 that much slower, down to that
_HEALED = 0.2 / 600  # how much of it is forgiven in a second
_NOTHING = 1e-3  # a wait this short is none: clocks and sums are no finer

Key = tuple[str, ...]


class TooManyError(Exception):
    """Its turn would come later than the caller wants to wait; `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many")
        self.seconds = seconds


@dataclass(slots=True)
class _Bucket:
    """`level` calls may be made at once, as of the time `at`, which lies ahead while Slack wants a pause."""

    limit: Limit
    level: float
    at: float
    share: float = 1.0  # of the limit; less for a while after a 429
    promised: float = 0.0  # until when tips that were sent away have been given their moments

    @property
    def rate(self) -> float:
        return self.limit.minute / 60 * self.share

    def fill(self, now: float) -> None:
        if now > self.at:
            self.level = min(self.limit.burst, self.level + (now - self.at) * self.rate)
            self.share = min(1.0, self.share + (now - self.at) * _HEALED)
            self.at = now

    def wait(self, now: float, kept: int) -> float:
        """How long until one more call may be made that leaves `kept` others possible."""
        missing = 1 + kept - self.level
        return max(0.0, self.at - now) + max(0.0, missing / self.rate)

    def promise(self, now: float, soonest: float) -> float:
        """A moment of its own for each tip that is sent away, so that they do not all come back at once."""
        moment = max(now + soonest, self.promised)
        self.promised = moment + 1 / self.rate
        return moment - now


@dataclass(slots=True)
class Pace:
    """The buckets of all workspaces. Times are of a clock that never goes back."""

    tiers: Tiers
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    most_known: int = MOST_KNOWN
    _buckets: OrderedDict[Key, _Bucket] = field(default_factory=OrderedDict, repr=False)

    async def turn(self, where: Key, patience: float) -> None:
        """Wait for a person's turn at (workspace, method, channel). Raises TooManyError, with none taken.

        The turn is taken at once, even one that comes later: tips see a debt and stand back. Where the
        channel is empty or has no limit, it counts for nothing.
        """
        until = self.clock() + patience
        while True:
            buckets, now = self._of(where), self.clock()
            wait = max(bucket.wait(now, 0) for bucket in buckets)
            if now + wait > until + _NOTHING:
                raise TooManyError(wait)
            for bucket in buckets:
                bucket.level -= 1
            if wait > _NOTHING:
                await self.sleep(wait)
            if all(bucket.at <= self.clock() + _NOTHING for bucket in buckets):
                return
            for bucket in buckets:  # Slack asked for a pause meanwhile: line up again
                bucket.level += 1

    def tip(self, *wheres: Key) -> float:
        """Take a tip's turn in all these places, if it is free: 0, or the seconds until it may come back."""
        buckets, now = [bucket for where in wheres for bucket in self._of(where)], self.clock()
        waits = [bucket.wait(now, bucket.limit.reserve) for bucket in buckets]
        if max(waits) > _NOTHING:
            late = zip(buckets, waits, strict=True)
            return max(bucket.promise(now, wait) for bucket, wait in late if wait > _NOTHING)
        for bucket in buckets:
            bucket.level -= 1
        return 0.0

    def paused(self, tenant: str, method: str) -> float:
        """How long the pause lasts that Slack asked for here; a moment of its own for each who asks."""
        bucket = self._of((tenant, method, ""))[0]
        left = bucket.at - self.clock()
        return bucket.promise(self.clock(), left) if left > _NOTHING else 0.0

    def park(self, tenant: str, method: str, seconds: float) -> None:
        """Slack asked for a pause here: nothing of this method in this workspace until then."""
        bucket = self._of((tenant, method, ""))[0]
        bucket.at = max(bucket.at, self.clock() + seconds)
        bucket.level = min(bucket.level, 1.0)
        bucket.share = max(_SLOWEST, bucket.share * _SLOWER)

    def _of(self, where: Key) -> list[_Bucket]:
        """The bucket of the method, and of the channel where that is limited; both up to date."""
        tenant, name, channel = where
        method = self.tiers.of(name)
        found = [self._bucket((tenant, name), method.limit)]
        if channel and method.channel is not None:
            found.append(self._bucket((tenant, name, channel), method.channel))
        return found

    def _bucket(self, key: Key, limit: Limit) -> _Bucket:
        bucket = self._buckets.pop(key, None)
        if bucket is None:
            bucket = _Bucket(limit, limit.burst, self.clock())
            while len(self._buckets) >= self.most_known:
                self._buckets.pop(self._least())
        self._buckets[key] = bucket
        bucket.fill(self.clock())
        return bucket

    def _least(self) -> tuple[str, ...]:
        """The bucket asked for longest ago that no pause is told of: a pause must not be forgotten early."""
        now = self.clock()
        idle = (key for key, bucket in self._buckets.items() if bucket.at <= now)
        return next(idle, next(iter(self._buckets)))
