"""The fields the schedule forms share: days, time and zone; how they are filled in, read back and carried."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from coaching.people import LAST, WORKDAYS, Dates, Day, Only, Slot, Weeks, Zone
from coaching.playbook.wording import Wording
from coaching.turn import Known
from coaching.values import Field, FieldValue, Kind, Message, Option, Picked
from coaching.when import UnknownZoneError, clock, zone, zone_of

_MORNING = time(9)
_CHANNEL = re.compile(r"[A-Za-z0-9_.:@;=+/-]{1,200}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of a slot so far."""

    days: frozenset[Day] = frozenset()
    at: time | None = None
    zone: Zone | None = None
    only: Only = None

    @property
    def slot(self) -> Slot | None:
        """The whole slot, once nothing is missing."""
        if self.days and self.at is not None and self.zone is not None:
            return Slot(self.zone, self.at, self.days, self.only)
        return None


def picked(fields: Mapping[str, FieldValue], name: str) -> Picked:
    """What was picked; nothing when the field is missing or holds something else."""
    value = fields.get(name, ())
    return tuple(value) if isinstance(value, tuple) else ()


def some_days(ids: Picked) -> frozenset[Day]:
    """The days among these ids ("1" is Monday)."""
    return frozenset(day for day in Day if str(day.value) in ids)


def a_time(ids: Picked) -> time | None:
    """The one time that was picked."""
    return clock(ids[0]) if len(ids) == 1 else None


def a_zone(ids: Picked) -> Zone | None:
    """The one zone that was picked, if there is such a place."""
    try:
        return zone(ids[0]) if len(ids) == 1 else None
    except UnknownZoneError:
        return None


def a_channel(ids: Picked) -> str:
    """The one channel id that was picked, or ""."""
    return ids[0] if len(ids) == 1 and _CHANNEL.fullmatch(ids[0]) else ""


def read(fields: Mapping[str, FieldValue], kept: Asked | None = None) -> Asked:
    """Days, time and zone of a sent form; what is missing or wrong stays empty, `kept` is left alone."""
    at, where = a_time(picked(fields, "time")), a_zone(picked(fields, "zone"))
    if kept is not None and kept.only is not None:
        return Asked(kept.days, at, where, kept.only)
    return Asked(some_days(picked(fields, "days")), at, where)


def slot_fields(asked: Asked, wording: Wording, *, checked: bool = False) -> tuple[Field, ...]:
    """Days (unless they are narrowed further), time and zone; `checked` shows what still has to be mended."""
    problems = {
        "days": "" if asked.days or not checked else wording.label("schedules.problem.days"),
        "time": "" if asked.at or not checked else wording.label("schedules.problem.time"),
        "zone": "" if asked.zone or not checked else wording.label("schedules.problem.zone"),
    }
    days = days_field("days", wording.label("schedules.form.days"), asked.days, wording, problems["days"])
    return (
        *(() if asked.only else (days,)),
        Field(
            "time",
            wording.label("schedules.form.time"),
            Kind.TIME,
            picked=written(asked.at),
            problem=problems["time"],
        ),
        Field(
            "zone",
            wording.label("schedules.form.zone"),
            Kind.ZONE,
            picked=(asked.zone.name,) if asked.zone else (),
            hint=wording.label("schedules.form.zone_hint"),
            problem=problems["zone"],
        ),
    )


def days_field(
    name: str, label: str, days: frozenset[Day], wording: Wording, problem: str | None = None
) -> Field:
    """Days of the week to tick; without a `problem`, not even "", it may be left empty."""
    options = tuple(Option(str(day.value), wording.label(f"when.day.{day.name}")) for day in Day)
    chosen = tuple(str(day.value) for day in Day if day in days)
    return Field(
        name,
        label,
        Kind.MANY,
        options,
        picked=chosen,
        optional=problem is None,
        problem=problem or "",
    )


def carried(asked: Asked) -> str:
    """What is known of a slot, as the value of a button: "12345|09:00|Europe/Berlin"."""
    days = "".join(str(day.value) for day in Day if day in asked.days)
    plain = (days, *(written(asked.at) or ("",)), asked.zone.name if asked.zone else "")
    return "|".join((*plain, narrowed(asked.only)) if asked.only else plain)


def narrowed(only: Only) -> str:
    """To which of its days a slot is narrowed, in short: "w1.6", "d15", "2026-03-14", or ""."""
    match only:
        case Weeks(numbers=numbers) | Dates(numbers=numbers):
            return ("w" if isinstance(only, Weeks) else "d") + ".".join(map(str, sorted(numbers)))
        case date():
            return only.isoformat()
    return ""


def widened(text: str) -> Only:
    """What `narrowed` wrote; None for anything else."""
    found = re.fullmatch(r"([wd])(\d{1,2}(?:\.\d{1,2}){0,30})", text, re.ASCII)
    if found:
        numbers = frozenset(int(number) for number in found[2].split("."))
        most = LAST if found[1] == "w" else 31
        kind = Weeks if found[1] == "w" else Dates
        return kind(numbers) if numbers <= frozenset(range(1, most + 1)) else None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def picked_up(value: str, fallback: Asked) -> Asked:
    """What a button carried; what it left open is taken from `fallback`."""
    days, _, rest = value.partition("|")
    at, _, rest = rest.partition("|")
    name, _, only = rest.partition("|")
    return Asked(
        some_days(tuple(days)) or fallback.days,
        a_time((at,)) or fallback.at,
        a_zone((name,)) or fallback.zone,
        widened(only),
    )


def fresh(message: Message, known: Known) -> Asked:
    """A form's first state: workdays, the start of a working day, and the person's zone."""
    return Asked(WORKDAYS, _MORNING, zone_of(message, known))


def written(at: time | None) -> Picked:
    """A time as a form carries it; nothing where none is set."""
    return () if at is None else (f"{at:%H:%M}",)
