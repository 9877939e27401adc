"""Who, where and when: people, places, zones and schedules."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import Enum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Person:
    """One person on one platform. `tenant` is the workspace, team or "local"; ids are the platform's own."""

    platform: str  # "slack", "web", ...
    tenant: str
    user: str


class Room(Enum):
    """What kind of place a message came from, or goes to."""

    DIRECT = "direct"  # the private chat of one person with the coach
    CHANNEL = "channel"  # others read along
    HOME = "home"  # the person's own page (Slack's App Home, the playground's settings)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said. `id` is the platform's channel id, or the user's id for HOME."""

    platform: str
    tenant: str
    id: str
    room: Room = Room.DIRECT
    thread: str | None = None
    everyone: bool = False  # the whole company is in it: never preselected for anything

    @property
    def private(self) -> bool:
        """Whether only this person and the coach can see what is said here."""
        return self.room is not Room.CHANNEL


# --------------------------------------------------------------------------- time


class Day(Enum):
    """A day of the week, by ISO number (Monday is 1)."""

    MON = 1
    TUE = 2
    WED = 3
    THU = 4
    FRI = 5
    SAT = 6
    SUN = 7


WORKDAYS = frozenset({Day.MON, Day.TUE, Day.WED, Day.THU, Day.FRI})


@dataclass(frozen=True, slots=True)
class Zone:
    """An IANA time zone name, such as Europe/Berlin. Make one with `coaching.when.zone`, which checks it."""

    name: str


class For(Enum):
    """Whom a schedule is for."""

    ME = "me"  # a private reminder in the person's own chat
    TEAM = "team"  # a tip in a channel
    PROMISE = "promise"  # a line about something the person promised, in their own chat
    DIGEST = "digest"  # what customers keep saying, in a channel

    @property
    def shared(self) -> bool:
        """Whether it comes to a channel, where anybody may stop it."""
        return self in (For.TEAM, For.DIGEST)


@dataclass(frozen=True, slots=True)
class Weeks:
    """Of a month only the first, ..., fifth or last such weekday: 1 to 5, or LAST."""

    numbers: frozenset[int]


@dataclass(frozen=True, slots=True)
class Dates:
    """Of a month only these days, 1 to 31; a month that lacks one has none."""

    numbers: frozenset[int]


LAST = 6  # the last such weekday of a month, be it the fourth or the fifth
Only: TypeAlias = Weeks | Dates | date | None  # one date: once, and never again


@dataclass(frozen=True, slots=True)
class Slot:
    """When something falls due: once per local date, on these days, at this local time, in this zone."""

    zone: Zone
    at: time  # to the minute, without tzinfo
    days: frozenset[Day]
    only: Only = None  # of those days only these

    def falls_on(self, day: date) -> bool:
        """Whether this is one of its local dates."""
        if Day(day.isoweekday()) not in self.days:
            return False
        match self.only:
            case Weeks(numbers=numbers):
                last = (day + timedelta(days=7)).month != day.month
                return (day.day - 1) // 7 + 1 in numbers or (last and LAST in numbers)
            case Dates(numbers=numbers):
                return day.day in numbers
            case date() as one:
                return day == one
        return True


@dataclass(frozen=True, slots=True)
class Schedule:
    """A reminder somebody set. `to` is where it is posted, `set_by` the platform's id of who set it."""

    id: int
    audience: For
    slot: Slot
    to: Place
    set_by: str
    paused: bool = False
    theme: str = ""  # of a team's: a rule; "" for another one each week
