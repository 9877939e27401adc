"""Who asks, and the question that has to be asked back."""

from dataclasses import dataclass
from datetime import date, datetime

from coaching.people import Day, Zone
from coaching.when.wishes import When, Why


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as far as it matters: the clock on their wall and its zone, and how they put it."""

    now: datetime  # local, without a zone
    home: Zone
    asked: bool = True  # "remind me ...", not a bare "Monday 9am"


class AskError(Exception):
    """It has to be asked back, and why."""

    def __init__(self, why: Why, *proposals: When) -> None:
        """Keep the reason, and what may have been meant."""
        super().__init__(why.value)
        self.why, self.proposals = why, proposals


def day_of(day: date) -> frozenset[Day]:
    """Its day of the week, alone."""
    return frozenset({Day(day.isoweekday())})
