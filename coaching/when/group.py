"""What was said of one schedule, all in one place."""

from dataclasses import dataclass, field
from datetime import date, datetime

from coaching.people import Day
from coaching.when.clocks import Clock
from coaching.when.spans import Days, Length, Period

# The parts of a day, by the words for them.
PARTS = {
    "morning": "morning", "mornings": "morning", "afternoon": "afternoon", "afternoons": "afternoon",
    "evening": "evening", "evenings": "evening", "night": "night", "nights": "night", "tonight": "night",
    "this morning": "morning", "this afternoon": "afternoon", "this evening": "evening",
}  # fmt: skip


@dataclass(slots=True)
class Group:
    """What was said of one schedule."""

    clocks: list[Clock] = field(default_factory=list)
    days: list[Days] = field(default_factory=list)
    excluded: set[Day] = field(default_factory=set)
    dates: list[tuple[date, ...]] = field(default_factory=list)
    instants: list[datetime] = field(default_factory=list)
    numbers: frozenset[int] = frozenset()  # days of a month
    parts: list[str] = field(default_factory=list)
    zone: str | None = None
    placed: bool = False  # it was said with "time"
    channel: str | None = None
    led: bool = False  # the channel was said before any time
    monthly: bool = False
    weekly: bool = False
    once: bool = False
    each: bool = False  # "every" stands before a day of the month
    step: int | None = None
    ranging: bool = False  # "9 to 5"
    either: bool = False  # "9 or 10"
    odd: bool = False
    late: bool = False
    early: bool = False
    count: int = 0  # "three times a day"
    lasts: Length | None = None
    period: Period | None = None
    ends: bool = False
    start: tuple[date, ...] | None = None
    started: bool = False  # "starting ...", whenever that is
    bad: bool = False  # a number that is no time
    many: bool = False  # tips, reminders
    there: bool = False  # "that day"
    some: int = 0  # "2 tips"
    excluding: bool = False  # the last days were left out
    first: str = ""  # "D" or "T": what was said first
    between: bool = False  # "between 9 ..." waits for its "and"
    asides: list[Clock] = field(default_factory=list)  # "I start at 8"

    @property
    def dated(self) -> bool:
        """Whether days or dates were said."""
        return bool(self.days or self.dates or self.instants or self.numbers or self.period)

    @property
    def placed_in_time(self) -> bool:
        """The same, but for "every morning", which gives way to days that are named."""
        return bool(self.dates or self.instants or self.numbers or any(not one.weak for one in self.days))

    @property
    def timed(self) -> bool:
        """Whether times were said."""
        return bool(self.clocks or self.instants)

    @property
    def empty(self) -> bool:
        """Whether nothing about time was said."""
        return not (
            self.dated or self.timed or self.step is not None or self.odd or self.monthly or self.weekly
        )


def half_of(part: str, hour: int) -> str:
    """Such as "a" or "p" for an hour in that part of the day; "!" where it has no such hour."""
    match part:
        case "morning":
            return "a" if 1 <= hour <= 11 else "!"
        case "afternoon":
            return "p" if hour == 12 or 1 <= hour <= 7 else "!"
        case "evening":
            return "p" if 3 <= hour <= 11 else "!"
    return "p" if 5 <= hour <= 11 else "a"  # at night
