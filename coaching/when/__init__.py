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
    zones,
)
from coaching.when.spoken import moment, settled, spoken

__all__ = [
    "Heard",
    "UnknownZoneError",
    "clock",
    "heard",
    "local",
    "moment",
    "occurrence",
    "occurrences",
    "resting",
    "settled",
    "spoken",
    "upcoming",
    "zone",
    "zones",
]
