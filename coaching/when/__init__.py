"""Time: zones, when a slot falls due, how a time is said and how one is heard. No clock: `now` is given."""

from coaching.when.heard import Heard, heard
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
from coaching.when.spoken import following, moment, on, settled, soonest, spoken

__all__ = [
    "Heard",
    "UnknownZoneError",
    "clock",
    "following",
    "heard",
    "local",
    "moment",
    "occurrence",
    "occurrences",
    "on",
    "resting",
    "settled",
    "soonest",
    "spoken",
    "upcoming",
    "zone",
    "zone_of",
    "zones",
]
