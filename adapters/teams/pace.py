"""Keeps to Teams' limits: so many calls per conversation, and per tenant, in each span of time."""

from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

Limits = tuple[tuple[int, float], ...]

CONVERSATION: Limits = ((7, 1), (8, 2), (60, 30), (1800, 3600))
MEMBERS: Limits = ((14, 1), (16, 2), (120, 30), (3600, 3600))
TENANT: Limits = ((50, 1),)
MOST_KNOWN = 10_000


class TooManyError(Exception):
    """Its turn would come later than the caller wants to wait; `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many")
        self.seconds = seconds


@dataclass(slots=True)
class _Bucket:
    taken: deque[float]
    held_until: float = 0.0


@dataclass(slots=True)
class Pace:
    """The buckets of one kind. Times are of a clock that never goes back."""

    limits: Limits
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    most_known: int = MOST_KNOWN
    _buckets: OrderedDict[str, _Bucket] = field(default_factory=OrderedDict, repr=False)

    async def turn(self, key: str, patience: float) -> None:
        """Wait for a turn, in the order of asking. Raises TooManyError without having taken one."""
        now, bucket = self.clock(), self._bucket(key)
        at = max(now, bucket.held_until, *self._earliest(bucket))
        if at - now > patience:
            raise TooManyError(at - now)
        bucket.taken.append(at)
        if at > now:
            await self.sleep(at - now)

    def hold(self, key: str, seconds: float) -> None:
        """Teams asked for a pause here."""
        bucket = self._bucket(key)
        bucket.held_until = max(bucket.held_until, self.clock() + seconds)

    def _earliest(self, bucket: _Bucket) -> list[float]:
        """When each limit allows one more: its span after the call that is that many calls back."""
        taken = bucket.taken
        last = [taken[-1]] if taken else [0.0]
        return last + [taken[-most] + span for most, span in self.limits if len(taken) >= most]

    def _bucket(self, key: str) -> _Bucket:
        bucket = self._buckets.pop(key, None)
        if bucket is None:
            bucket = _Bucket(deque(maxlen=max(most for most, _ in self.limits)))
            while len(self._buckets) >= self.most_known:
                self._buckets.popitem(last=False)
        self._buckets[key] = bucket
        return bucket
