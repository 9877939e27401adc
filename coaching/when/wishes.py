"""What somebody wishes for their reminders, as values: set, cancel, rest, move, list, or a question back."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum

from coaching.people import Day, Only, Slot, Zone
from coaching.sealed import Words


class Act(Enum):
    """What is to be done."""

    CREATE = "create"
    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    UPDATE = "update"
    LIST = "list"
    CLARIFY = "clarify"


class Why(Enum):
    """Why it has to be asked back."""

    NO_TIME = "no_time"  # days, but no time
    NO_DAYS = "no_days"  # a time, but no days
    NEITHER = "neither"
    HALF = "half"  # in the morning or in the afternoon?
    ONCE = "once"  # this once, or every week?
    WHICH_DAY = "which_day"  # two days fit
    NO_SUCH_TIME = "no_such_time"
    PAST = "past"
    RHYTHM = "rhythm"  # no days and times hold it
    MANY = "many"  # more than three a day
    ZONE = "zone"  # no such place, or several
    CHANNEL = "channel"  # which one?
    UNTIL = "until"  # until when?
    CHANGE = "change"  # to what?
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class When:
    """Times, days and place, as far as they were said. `days` with `only` as in a Slot."""

    times: tuple[time, ...] = ()
    days: frozenset[Day] = frozenset()
    only: Only = None
    zone: Zone | None = None  # only where one was named

    @property
    def dated(self) -> bool:
        """Whether it is known on which dates."""
        return bool(self.days) or self.only is not None


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing wished for. `zone` is where its times are meant; `channel` and `target` are their words."""

    act: Act
    zone: Zone
    when: When = When()  # set or moved to this; what was understood, where it is asked back
    channel: Words | None = None
    target: Words | None = None  # the words that name an existing one
    which: When = When()  # the same, understood
    every: bool = False  # all of them
    since: date | None = None  # a rest that begins later
    until: date | datetime | None = None  # the first day that is no rest any more
    why: Why | None = None
    proposals: tuple["Wish", ...] = ()  # what may have been meant

    @property
    def slots(self) -> tuple[Slot, ...]:
        """One for each time of day; none while anything is missing."""
        if not self.when.dated:
            return ()
        return tuple(Slot(self.zone, at, self.when.days, self.when.only) for at in self.when.times)
