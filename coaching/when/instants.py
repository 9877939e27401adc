"""Zones, the instants at which a slot falls due, and whether a person wants to be left alone then."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from coaching.people import Day, Slot, Zone
from coaching.turn import Known, Preferences
from coaching.values import Message

_FIRST, _LAST = datetime(1, 1, 4, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)


class UnknownZoneError(ValueError):
    """No such time zone; the message says how a zone is written."""


@cache
def zones() -> tuple[str, ...]:
    """All place zones by name (Continent/City) and UTC, sorted."""
    places = {
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/"))
    }
    return (*sorted(name for name in places if not name.startswith("US/")), "UTC")


def zone(name: str) -> Zone:
    """A checked zone. Raises UnknownZoneError when the tz database has no such place."""
    if name not in zones():
        raise UnknownZoneError(
            "There is no such time zone. Write it as Continent/City, for example Europe/Berlin."
        )
    return Zone(name)


def zone_of(message: Message, known: Known) -> Zone | None:
    """The person's zone: as they set it, else as the platform knows it, if there is such a place."""
    hint = message.zone_hint if message.zone_hint and message.zone_hint.name in zones() else None
    return known.preferences.zone or hint


def clock(text: str) -> time | None:
    """A time of day from "HH:MM" (a form's own writing); None for anything else."""
    match = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text.strip())
    return time(int(match[1]), int(match[2])) if match else None


def occurrence(day: date, at: time, where: Zone) -> datetime:
    """The instant (UTC) of a local time on a date: the first of two, or the first one after a gap."""
    tz = ZoneInfo(where.name)
    wall = datetime.combine(day, at)
    late = wall.replace(tzinfo=tz, fold=0).astimezone(UTC)
    if late.astimezone(tz).replace(tzinfo=None) == wall:
        return late
    early = wall.replace(tzinfo=tz, fold=1).astimezone(UTC)  # before the clocks change
    before = early.astimezone(tz).utcoffset()
    while late - early > timedelta(seconds=1):  # the change lies in (early, late]
        middle = early + (late - early) / 2
        if middle.astimezone(tz).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def occurrences(slot: Slot, after: datetime) -> Iterator[tuple[date, datetime]]:
    """(local date, instant in UTC) of each occurrence later than `after`; ends with the calendar."""
    near = min(max(after, _FIRST), _LAST)  # so that no local time falls off the calendar
    day = near.astimezone(ZoneInfo(slot.zone.name)).date() - timedelta(days=1)
    last = date.max - timedelta(days=2)
    if isinstance(slot.only, date):
        day = last = slot.only
    while slot.days:
        if slot.falls_on(day):
            instant = occurrence(day, slot.at, slot.zone)
            if instant > after and not _dropped(day, instant, slot.zone):
                yield day, instant
        if day >= last:
            return
        day += timedelta(days=1)


def _dropped(day: date, instant: datetime, where: Zone) -> bool:
    """Whether the zone leaves this date out altogether, as Apia did when it crossed the date line."""
    return local(instant, where).date() != day != local(occurrence(day, time(0), where), where).date()


def upcoming(
    slot: Slot,
    after: datetime,
    preferences: Preferences,
    count: int = 3,
    had: frozenset[date] = frozenset(),
) -> tuple[tuple[date, datetime], ...]:
    """The next occurrences that will really come: not on leave, a day off or in quiet hours; a year ahead.

    `had` are the local dates it fell due on already: it comes once a date, whatever the clock or the zone.
    """
    if preferences.away_until is not None and preferences.away(local(after, slot.zone).date()):
        back = occurrence(preferences.away_until, time(0), slot.zone)
        after = max(after, back - timedelta(minutes=1))
    near = islice(occurrences(slot, after), 366)
    will = (o for o in near if o[0] not in had and not resting(preferences, o[1], slot.zone))
    return tuple(islice(will, count))


def local(now: datetime, where: Zone) -> datetime:
    """The wall clock there."""
    return now.astimezone(ZoneInfo(where.name))


def resting(preferences: Preferences, now: datetime, where: Zone) -> bool:
    """Whether the person wants no reminder now: on leave, a day off, or within the quiet hours."""
    here = local(now, where)
    if preferences.away(here.date()):
        return True
    if Day(here.isoweekday()) in preferences.days_off:
        return True
    start, end = preferences.quiet_from, preferences.quiet_until
    if start is None or end is None or start == end:
        return False
    clock = here.time().replace(tzinfo=None)
    return start <= clock < end if start < end else clock >= start or clock < end
