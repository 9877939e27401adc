"""What memory keeps, as a skill is told of it: rows, reminders that came, remarks of a team, fingerprints."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum

from coaching.people import Day, Slot, Zone
from coaching.sealed import Words


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a person wants the coach to be."""

    zone: Zone | None = None
    less_words: bool = False
    quiet_from: time | None = None  # no reminder from here ...
    quiet_until: time | None = None  # ... to here, local time, may cross midnight
    days_off: frozenset[Day] = frozenset()
    away_until: date | None = None  # on leave: nothing before this local date
    model: str = ""  # the host of the language model that may be shown the replies they let us look at
    repeats: bool = False  # they want to be told of a reply that they have sent before
    learns: bool = False  # what reviews and practice find may be noted for their own tips, rule by rule
    away_from: date | None = None  # the leave begins on this local date; None: it has begun

    def away(self, day: date) -> bool:
        """Whether they are on leave on this local date."""
        begun = self.away_from is None or self.away_from <= day
        return begun and self.away_until is not None and day < self.away_until


@dataclass(frozen=True, slots=True)
class Row:
    """One stored value about a person, in plain words, for "my data"."""

    what: str  # "table.column"
    value: str


class Outcome(Enum):
    """What became of a reminder that fell due."""

    WAITING = "waiting"  # not sent yet
    UNDERWAY = "underway"
    ARRIVED = "arrived"
    SKIPPED = "skipped"  # too late, or the person rested or had paused it
    FAILED = "failed"  # could not be delivered
    UNKNOWN = "unknown"  # it may not have arrived, and is not sent again


@dataclass(frozen=True, slots=True)
class Past:
    """One local date of a reminder, and what became of it."""

    schedule: int
    day: date
    outcome: Outcome
    coming: tuple[datetime, datetime] | None = None  # while it waits: from when to when it may be sent


class Fate(Enum):
    """What became of something customers kept saying."""

    TOLD = "told"  # product, or whoever looks after it, knows
    FIXED = "fixed"
    WONT = "wont"  # it stays as it is, and why


@dataclass(frozen=True, slots=True)
class Remark:
    """What a customer said, as a team keeps it: who noted it is not known."""

    key: str
    words: Words
    on: date
    customer: str = ""  # a keyed hash of a reference, where one was given
    fate: Fate | None = None
    because: Words | None = None
    fate_on: date | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """What a person promised a customer, kept for them alone; `schedules` say it."""

    id: int
    words: Words
    slot: Slot
    schedules: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Fingerprints of a reply that was looked at: numbers made with a secret key, and no words."""

    prints: tuple[int, ...]
    about: int  # of the customer's message; 0 where there was none


@dataclass(frozen=True, slots=True)
class Earlier:
    """The person's own replies of the last 30 days, each with when; only where they asked for it."""

    key: bytes = field(repr=False)
    replies: tuple[tuple[Reviewed, datetime], ...] = ()
