"""Time: zones, when a slot falls due, how a time is said and how one is heard. No clock: `now` is given."""

from coaching.when.instants import (
    UnknownZoneError,
    clock,
    local,
    occurrence,
    occurrences,
    resting,
    upcoming,
    zone,
    zone_of,
    zones,
)
from coaching.when.spoken import following, moment, offered, on, rhythm, settled, soonest, spoken
from coaching.when.understanding import heard, understood
from coaching.when.wishes import Act, When, Why, Wish

__all__ = [
    "Act",
    "UnknownZoneError",
    "When",
    "Why",
    "Wish",
    "clock",
    "following",
    "heard",
    "local",
    "moment",
    "occurrence",
    "occurrences",
    "offered",
    "on",
    "resting",
    "rhythm",
    "settled",
    "soonest",
    "spoken",
    "understood",
    "upcoming",
    "zone",
    "zone_of",
    "zones",
]
