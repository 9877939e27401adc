"""Safety data as values: danger rules, fixed texts and helplines, shared by all languages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from coaching.playbook.rules import patterns
from coaching.playbook.wording import Wording, flatten


class Danger(Enum):
    """What a text says that goes before everything else, the gravest last. Never an emotion."""

    NONE = "none"
    ILLEGAL_INSTRUCTION = "illegal_instruction"
    ABUSE_RECEIVED = "abuse_received"
    HARASSMENT = "harassment"  # somebody at work does it: the more exact answer goes first
    HARM_OTHERS = "harm_others"
    OTHER_PERSON = "other_person"
    SELF = "self"
    SELF_EMERGENCY = "self_emergency"
    MEDICAL = "medical"


class Voice(Enum):
    """Who speaks in a text."""

    ANY = "any"  # nobody knows: a chat line, a vent, perhaps with the customer's words pasted in
    MINE = "mine"  # the person's own reply: an insult in it was not received by them
    THEIRS = "theirs"  # the customer: "I" is somebody else, "you" is the person


@dataclass(frozen=True, slots=True)
class DangerRule:
    """Phrases that tell of one danger, and the harmless twins that do not.

    A match of `unless` takes back the matches it overlaps, and no other. `received` marks words that are
    a danger only when they are said to the person: they are not looked for in the person's own reply.
    """

    danger: Danger
    words: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    flags: tuple[str, ...]
    allows: tuple[str, ...]
    received: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """Whole texts that say that it is over ("all good now"), and twins that only sound like it."""

    words: tuple[re.Pattern[str], ...] = ()
    flags: tuple[str, ...] = ()
    allows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Helpline:
    """A line to call. `verified_on` is set by an administrator who opened the source, else empty."""

    country: str  # ISO 3166
    name: str
    number: str
    hours: str
    source: str
    verified_on: str


@dataclass(frozen=True, slots=True)
class Care:
    """Everything the safety check knows and says."""

    rules: tuple[DangerRule, ...]
    texts: Wording
    helplines: tuple[Helpline, ...]
    settled: Settled = Settled()


_RULE_NEEDS = {"danger", "words", "flags", "allows"}
_RULE_MAY = _RULE_NEEDS | {"unless", "received"}
_SETTLED = {"words", "flags", "allows"}
_LINE = {"country", "name", "number", "hours", "source", "verified_on"}
_FILES = ("rules", "texts", "helplines")


def read_care(tables: Mapping[str, Mapping[str, object]], faults: list[str]) -> Care:
    """The safety folder's tables (rules, texts, helplines) as Care; faults are added with file and key."""
    faults.extend(f"{name}.toml: the file is missing" for name in _FILES if name not in tables)
    faults.extend(f"{name}.toml: this file is unknown here" for name in sorted(tables.keys() - set(_FILES)))
    rules, lines = tables.get("rules", {}), tables.get("helplines", {})
    _keys("rules.toml: ", rules, {"rule", "settled"}, set(), faults)
    _keys("helplines.toml: ", lines, {"line"}, set(), faults)
    return Care(
        tuple(_rule(number, row, faults) for number, row in _rows("rules.toml", "rule", rules, faults)),
        Wording(flatten(tables.get("texts", {}), "safety", faults)),
        tuple(_line(number, row, faults) for number, row in _rows("helplines.toml", "line", lines, faults)),
        _settled(rules.get("settled", {}), faults),
    )


def _rule(number: int, row: Mapping[str, object], faults: list[str]) -> DangerRule:
    where = f"rule {number}: "
    _keys(f"rules.toml: {where}", row, _RULE_MAY, _RULE_NEEDS, faults)
    danger = row.get("danger")
    known = [d.value for d in Danger if d is not Danger.NONE]
    if danger not in known:
        faults.append(f"rules.toml: {where}key 'danger' {danger!r} is not one of {known}")
    received = row.get("received", False)
    if not isinstance(received, bool):
        faults.append(f"rules.toml: {where}key 'received' must be true or false")
    return DangerRule(
        danger=Danger(danger) if danger in known else Danger.NONE,
        words=patterns("rules.toml", where, "words", row, faults),
        unless=patterns("rules.toml", where, "unless", row, faults),
        flags=_lines("rules.toml", where, "flags", row, faults),
        allows=_lines("rules.toml", where, "allows", row, faults),
        received=received is True,
    )


def _settled(table: object, faults: list[str]) -> Settled:
    if not isinstance(table, dict):
        faults.append("rules.toml: 'settled' must be written as [settled]")
        return Settled()
    _keys("rules.toml: settled: ", table, _SETTLED, _SETTLED, faults)
    return Settled(
        patterns("rules.toml", "settled: ", "words", table, faults),
        _lines("rules.toml", "settled: ", "flags", table, faults),
        _lines("rules.toml", "settled: ", "allows", table, faults),
    )


def _line(number: int, row: Mapping[str, object], faults: list[str]) -> Helpline:
    where = f"line {number}: "
    _keys(f"helplines.toml: {where}", row, _LINE, _LINE, faults)
    texts = dict.fromkeys(_LINE, "")
    for key in sorted(_LINE & row.keys()):
        value = row[key]
        if isinstance(value, str) and (value.strip() or key == "verified_on"):
            texts[key] = value
        else:
            faults.append(f"helplines.toml: {where}key '{key}' must be a quoted text")
    if texts["verified_on"] and not _is_date(texts["verified_on"]):
        faults.append(f"helplines.toml: {where}key 'verified_on' must be empty or a date like 2026-01-31")
    return Helpline(**texts)


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _keys(where: str, row: Mapping[str, object], may: set[str], needs: set[str], faults: list[str]) -> None:
    faults.extend(f"{where}key '{key}' is unknown" for key in sorted(row.keys() - may))
    faults.extend(f"{where}key '{key}' is missing" for key in sorted(needs - row.keys()))


def _rows(
    file: str, key: str, table: Mapping[str, object], faults: list[str]
) -> list[tuple[int, Mapping[str, object]]]:
    rows = table.get(key, [])
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return list(enumerate(rows, 1))
    faults.append(f"{file}: '{key}' must be written as [[{key}]]")
    return []


def _lines(file: str, where: str, key: str, row: Mapping[str, object], faults: list[str]) -> tuple[str, ...]:
    value = row.get(key, [])
    if isinstance(value, list) and value and all(isinstance(v, str) and v.strip() for v in value):
        return tuple(value)
    if key in row:
        faults.append(f"{file}: {where}key '{key}' must be a list of lines, at least one")
    return ()
