"""Days of the week, stretches of days and lengths of time, as values; and the atoms of a stretch."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from coaching.people import Day, Weeks
from coaching.when.lexicon import Atom
from coaching.when.signs import Sentence

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """Days of the week. `each` is said of every week, `weak` gives way to days that are named."""

    days: frozenset[Day]
    each: bool = False
    weak: bool = False
    weeks: Weeks | None = None  # of a month only these
    unsure: bool = False  # "every second Tuesday": of the month, or every other one?


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days; `until` is the first one after it."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: of days, weeks, months, or of minutes."""

    days: int = 0
    months: int = 0
    minutes: int = 0

    def after(self, now: datetime) -> datetime:
        """That much later."""
        there = now + timedelta(days=self.days, minutes=self.minutes)
        months = there.month - 1 + self.months
        year, month = there.year + months // 12, months % 12 + 1
        return there.replace(year=year, month=month, day=min(there.day, monthrange(year, month)[1]))


def between(first: Day, last: Day) -> Iterator[Day]:
    """From one day of the week to another, both included."""
    yield from (Day((first.value - 1 + step) % 7 + 1) for step in range((last.value - first.value) % 7 + 1))


def coming(day: Day, today: date) -> date:
    """The next date of that day after today."""
    return today + timedelta(days=(day.value - today.isoweekday() - 1) % 7 + 1)


def monday(today: date) -> date:
    """The first day of next week."""
    return coming(Day.MON, today)


def atoms_of(s: Sentence, first: int, last: int, *kinds: str) -> list[Atom]:
    """Those of a stretch that are of these kinds."""
    return [atom for atom in s.atoms[first : last + 1] if atom.kind in kinds]


def value_of(atom: Atom) -> int:
    """The number of an atom; "14th" is 14."""
    return atom.value if isinstance(atom.value, int) else int(atom.value[:-2])


def following(s: Sentence, index: int) -> date:
    """The date of "today", "tonight", "tomorrow", "the day after tomorrow"."""
    return s.now.date() + {"tomorrow": 1, "overmorrow": 2}.get(s.atoms[index].value, 0) * A_DAY
