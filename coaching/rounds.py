"""How often somebody let off steam lately: the only memory of the vent, in RAM, gone after an hour."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from coaching.people import Person

_HOUR = timedelta(minutes=60)


@dataclass(slots=True)
class Rounds:
    """How often somebody opened the vent space within the hour: in memory only, salted, bounded."""

    salt: bytes
    bound: int = 10_000
    _seen: OrderedDict[bytes, tuple[int, tuple[datetime, ...]]] = field(default_factory=OrderedDict)

    def count(self, who: Person, at: datetime, *, opened: bool) -> tuple[int, int]:
        """(rounds within the hour, a seed one above the last round's). Counts this one if it was opened."""
        self.forget(at)
        name = f"{who.platform}\0{who.tenant}\0{who.user}"
        key = hashlib.blake2b(name.encode("utf-8", "replace"), key=self.salt).digest()
        number, times = self._seen.get(key, (0, ()))
        times = tuple(t for t in times if at - t < _HOUR)
        if opened:
            number, times = number + 1, (*times, at)[-100:]
            self._seen.pop(key, None)  # behind all that were opened before
            self._seen[key] = (number, times)
        while len(self._seen) > self.bound:
            self._seen.popitem(last=False)
        return len(times), key[0] + number

    def forget(self, at: datetime) -> None:
        """Who opened it last an hour ago is gone, whether anybody comes again or not."""
        while self._seen and at - next(iter(self._seen.values()))[1][-1] >= _HOUR:
            self._seen.popitem(last=False)
