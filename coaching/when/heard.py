"""How a time is heard: plain words to days, time and zone; what is not understood is asked, never guessed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import cache

from coaching.people import Day, Zone
from coaching.sealed import Words
from coaching.text import fold
from coaching.when.instants import zones

_LONGEST = 300  # no time takes more to say
_TOKEN = re.compile(r"\d{1,2}(?:[:.h]\d{2})?(?!\d)|[^\W\d]{1,60}(?:['./_-][^\W\d]{1,60}){0,4}\.?|[-&]|\S")
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?")
_SKIPPED = frozenset(".,;:")


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood. `sure` only if every word was; else the rest is to be asked."""

    days: frozenset[Day] = frozenset()
    at: time | None = None
    zone: Zone | None = None
    sure: bool = False


@dataclass(slots=True)
class _Notes:
    """What has been understood so far, word by word."""

    days: set[Day] = field(default_factory=set)
    single: bool = False  # a bare "Monday": once, or each week?
    every: bool = False
    times: list[tuple[int, int, bool]] = field(default_factory=list)  # hour, minute, written as 24 hours
    part: str = ""
    zones: set[str] = field(default_factory=set)
    lost: bool = False  # something was not understood
    last: Day | None = None
    ranging: bool = False  # "Monday to ..."
    begun: bool = False  # "from ..." waits for its "to"


def heard(words: Words, table: Mapping[str, object]) -> Heard:
    """Days, time and zone in plain words, by the word lists of playbook/en/when.toml."""
    text = fold(words.reveal()[: _LONGEST + 1]).text
    notes = _Notes(lost=len(text) > _LONGEST)
    tokens = [token.rstrip(".") or token for token in _TOKEN.findall(text[:_LONGEST])]
    index = 0
    while index < len(tokens):
        index += _take(tokens, index, table, notes)
    return _sum_up(notes)


def _take(tokens: list[str], index: int, table: Mapping[str, object], notes: _Notes) -> int:
    """Understand what starts at this token; how many tokens it took."""
    for length in (4, 3, 2, 1):
        phrase = " ".join(tokens[index : index + length])
        if _group(phrase, table, notes) or _place(phrase, table, notes):
            return length
    token = tokens[index]
    if not (_day(token, table, notes) or _time(token, notes) or _word(token, table, notes)):
        notes.lost = notes.lost or token not in _SKIPPED
    return 1


def _group(phrase: str, table: Mapping[str, object], notes: _Notes) -> bool:
    named = _map(table, "groups").get(phrase)
    if named is None:
        return False
    notes.days |= {Day[name] for name in named.split()}
    return True


def _place(phrase: str, table: Mapping[str, object], notes: _Notes) -> bool:
    found = _map(table, "zones").get(phrase)
    names = (found,) if found else _cities().get(phrase.replace("_", " "), ())
    notes.zones |= set(names)
    return bool(names)


def _day(token: str, table: Mapping[str, object], notes: _Notes) -> bool:
    days = table.get("days")
    named = {w: Day[d] for d, ws in days.items() for w in ws} if isinstance(days, dict) else {}
    both = token.partition("-")
    if both[0] in named and both[2] in named:  # "mon-fri" is one token
        notes.days |= set(_between(named[both[0]], named[both[2]]))
        return True
    day = named.get(token)
    if day is None:
        return False
    if notes.ranging and notes.last is not None:
        notes.days |= set(_between(notes.last, day))
    else:
        notes.single = True
    notes.days.add(day)
    notes.begun = notes.begun and not notes.ranging
    notes.last, notes.ranging = day, False
    return True


def _time(token: str, notes: _Notes) -> bool:
    match = _TIME.fullmatch(token)
    if match is None:
        return False
    notes.times.append((int(match[1]), int(match[2] or 0), match[1].startswith("0") or int(match[1]) > 12))
    return True


def _word(token: str, table: Mapping[str, object], notes: _Notes) -> bool:
    if token in _list(table, "every"):
        notes.every = True
    elif token in _list(table, "range") and notes.last is not None:
        notes.ranging = True
    elif token in _list(table, "from"):
        notes.begun = True
    elif token in _list(table, "morning"):
        notes.part += "a"
    elif token in _list(table, "later"):
        notes.part += "p"
    elif token in _list(table, "noon"):
        notes.times.append((12, 0, True))
    else:
        return token in _list(table, "filler")
    return True


def _sum_up(notes: _Notes) -> Heard:
    at = _clock(notes)
    where = Zone(next(iter(notes.zones))) if len(notes.zones) == 1 else None
    once = notes.single and len(notes.days) == 1 and not notes.every
    open_ended = notes.ranging or notes.begun
    unclear = notes.lost or open_ended or once or len(notes.zones) > 1
    sure = bool(notes.days) and at is not None and not unclear
    return Heard(frozenset(notes.days), at, where, sure)


def _clock(notes: _Notes) -> time | None:
    """The one time that was said; None when there are several, or when it could be morning or evening."""
    if len(notes.times) != 1 or len(notes.part) > 1:
        return None
    hour, minute, whole_day = notes.times[0]
    if hour > 23 or minute > 59:
        return None
    if notes.part and whole_day:  # "14:00 pm" is one clock too many, unless both say the same
        return time(hour, minute) if (hour >= 12) == (notes.part == "p") else None
    if notes.part:
        return time(hour % 12 + (12 if notes.part == "p" else 0), minute)
    # A bare 9 is a working morning; a bare 4 may be either, so it is asked.
    return time(hour, minute) if whole_day or 8 <= hour <= 12 else None


def _between(first: Day, last: Day) -> Iterator[Day]:
    yield from (Day((first.value - 1 + step) % 7 + 1) for step in range((last.value - first.value) % 7 + 1))


@cache
def _cities() -> Mapping[str, tuple[str, ...]]:
    """Zone names by city and by full name, lower case; a city that several zones share has them all."""
    found: dict[str, tuple[str, ...]] = {}
    for name in zones():
        plain = name.lower().replace("_", " ")
        for key in {plain, plain.rpartition("/")[2]}:
            found[key] = (*found.get(key, ()), name)
    return found


def _map(table: Mapping[str, object], key: str) -> Mapping[str, str]:
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def _list(table: Mapping[str, object], key: str) -> list[str]:
    value = table.get(key)
    return value if isinstance(value, list) else []
