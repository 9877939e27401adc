"""Who, where and when: people, places, zones and schedules."""

from dataclasses import dataclass
from datetime import time
from enum import Enum


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


@dataclass(frozen=True, slots=True)
class Slot:
    """When something falls due: once per local date, on these days, at this local time, in this zone."""

    zone: Zone
    at: time  # to the minute, without tzinfo
    days: frozenset[Day]


@dataclass(frozen=True, slots=True)
class Schedule:
    """A reminder somebody set. `to` is where it is posted, `set_by` the platform's id of who set it."""

    id: int
    audience: For
    slot: Slot
    to: Place
    set_by: str
    paused: bool = False
