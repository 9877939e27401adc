"""Proves the rule of time: over every zone and many years, each local date has its reminder, and one only."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from coaching.people import Day, Slot, Zone
from coaching.when import occurrences

TIMES = tuple(time(*at) for at in ((0, 0), (0, 30), (1, 30), (2, 0), (2, 30), (3, 0), (9, 0), (23, 30)))

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Tally:
    """What was looked at and what was wrong with it."""

    seen: int = 0
    missed: int = 0  # local dates that exist and had none
    doubled: int = 0  # that had more than one
    wrong: int = 0  # that had it at another time than the wall clock says, or out of order

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(
            self.seen + other.seen,
            self.missed + other.missed,
            self.doubled + other.doubled,
            self.wrong + other.wrong,
        )


def check(name: str, at: time, first: date, last: date) -> Tally:
    """One reminder a day in one zone, from the first local date to the last."""
    found = list(_found(Slot(Zone(name), at, frozenset(Day)), first, last))
    tz, days = ZoneInfo(name), [day for day, _ in found]
    span = (first + n * _DAY for n in range((last - first).days + 1))
    have = set(days)
    return Tally(
        len(found),
        sum(_exists(day, tz) for day in span if day not in have),
        len(days) - len(have),
        sum(not right(day, at, instant, tz) for day, instant in found)
        + sum(late <= early for (_, early), (_, late) in pairwise(found)),
    )


def check_changes(name: str, year: int, times: Iterable[time] = TIMES) -> Tally:
    """The days around each change of the clocks in a year."""
    tz, total = ZoneInfo(name), Tally()
    noons = [datetime(year, 1, 1, 12, tzinfo=tz) + n * _DAY for n in range(366)]
    for before, after in pairwise(noons):
        if before.utcoffset() != after.utcoffset():
            for at in times:
                total += check(name, at, before.date() - _DAY, after.date() + _DAY)
    return total


def right(day: date, at: time, instant: datetime, tz: ZoneInfo) -> bool:
    """Whether the clock on the wall says it: for the first time, or it has just jumped over it.

    It looks at the instant alone and knows nothing of how the rule found it.
    """
    there, wished = instant.astimezone(tz), datetime.combine(day, at)
    if there.replace(tzinfo=None) == wished:
        return there.fold == 0
    just_before = (instant - _SECOND).astimezone(tz).replace(tzinfo=None)
    return just_before < wished < there.replace(tzinfo=None)


def _found(slot: Slot, first: date, last: date) -> Iterator[tuple[date, datetime]]:
    for day, instant in occurrences(slot, datetime.combine(first, time(0), UTC) - 2 * _DAY):
        if day > last:
            return
        if day >= first:
            yield day, instant


def _exists(day: date, tz: ZoneInfo) -> bool:
    """Whether the zone has this date at all: Apia went from the 29th to the 31st of December 2011."""
    hours = (datetime.combine(day, time(0), UTC) + timedelta(hours=n) for n in range(-15, 40))
    return any(hour.astimezone(tz).date() == day for hour in hours)


def main(arguments: Sequence[str] | None = None) -> int:
    """All zones of this machine, so many years from 2024 on; one line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--years", type=int, default=10)
    years = parser.parse_args(arguments).years
    names, total = sorted(available_timezones()), Tally()
    for name in names:
        for at in TIMES:
            total += check(name, at, date(2024, 1, 1), date(2023 + years, 12, 31))
    print(
        f"{len(names)} zones, {years} years, {len(TIMES)} times of day: {total.seen:,} occurrences, "
        f"{total.missed} missed, {total.doubled} doubled, {total.wrong} at a wrong time"
    )
    return 0 if (total.missed, total.doubled, total.wrong) == (0, 0, 0) else 1


if __name__ == "__main__":
    sys.exit(main())
