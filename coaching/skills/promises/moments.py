"""When a reminder of a promise would come: the times that "by Friday afternoon" may mean."""

import re
from datetime import date, datetime, time

from coaching.people import Zone
from coaching.playbook.promising import Promising
from coaching.sealed import Words
from coaching.when import heard

SHOWN = 3
_USUAL = (time(9), time(15))  # where only the day was said
_SPACES = re.compile(r" {2,9}")


def moments(when: str, now: datetime, zone: Zone, promising: Promising) -> tuple[datetime, ...]:
    """Local times still to come, one where it is clear; what to choose from where it is not."""
    plain = re.sub(r"\bwithin\b", "in", when)
    plain = promising.swap("week", "friday", plain)
    plain = _SPACES.sub(" ", promising.swap("dropped", " ", plain)).strip()
    found = _heard(plain, now, zone)
    if not found:
        parts = {word: at for word, at in promising.parts.items() if re.search(rf"\b{word}\b", when)}
        day = plain
        for word in parts:
            day = re.sub(rf"\b(?:in the )?{word}\b", " ", day) if word != "today" else day
        day = _SPACES.sub(" ", day).strip() or "today"
        times = tuple(parts.values())[:1] or _USUAL
        found = tuple(one for at in times for one in _heard(f"{day} at {at:%H:%M}", now, zone))
    usual = tuple(one for at in (time(17), time(9)) for one in _heard(f"{_day(at)} at {at:%H:%M}", now, zone))
    coming = tuple(dict.fromkeys(one for one in found or usual if one > now))
    return coming[:SHOWN]


def _day(at: time) -> str:
    return "today" if at == time(17) else "tomorrow"


def _heard(plain: str, now: datetime, zone: Zone) -> tuple[datetime, ...]:
    """What these words mean as a reminder that comes once."""
    slots = [
        slot
        for wish in heard(Words(f"remind me once {plain}"), now, zone)
        for one in (wish, *wish.proposals)
        for slot in one.slots
    ]
    return tuple(datetime.combine(slot.only, slot.at) for slot in slots if isinstance(slot.only, date))
