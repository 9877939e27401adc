"""How often one person may ask a model within an hour."""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from coaching.people import Person

_HOUR = 3600.0


@dataclass(slots=True)
class Hourly:
    """Bounded, and in memory only."""

    clock: Callable[[], float]
    most: int
    bound: int = 10_000
    _asked: OrderedDict[Person, deque[float]] = field(default_factory=OrderedDict, repr=False)

    def may(self, who: Person) -> bool:
        """Whether this person may ask once more; it counts if so."""
        now = self.clock()
        times = self._asked.setdefault(who, deque())
        self._asked.move_to_end(who)
        while len(self._asked) > self.bound:
            self._asked.popitem(last=False)
        while times and times[0] <= now - _HOUR:
            times.popleft()
        if len(times) >= self.most:
            return False
        times.append(now)
        return True
