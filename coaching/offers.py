"""What is held for a tap for half an hour, in memory alone: a promise that was offered to be kept."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from coaching.people import Person
from coaching.sealed import Words

_HALF_AN_HOUR = timedelta(minutes=30)
_MOST = 500


@dataclass(slots=True)
class Offers:
    """Words by person and key; the oldest go when there are too many."""

    _held: dict[tuple[Person, str], tuple[Words, datetime]] = field(default_factory=dict, repr=False)

    def hold(self, who: Person, key: str, words: Words, at: datetime) -> None:
        """Until then, or until the place is needed."""
        self._held.pop((who, key), None)
        self._held[who, key] = (words, at + _HALF_AN_HOUR)
        while len(self._held) > _MOST:
            del self._held[next(iter(self._held))]

    def held(self, who: Person, key: str, at: datetime) -> Words | None:
        """What was offered this person; None after its time."""
        words, until = self._held.get((who, key), (None, at))
        return words if until > at else None
