"""Bounds what a pattern can cost at one place of a text, so that none can run away on hostile text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

LIMIT = 12_000  # ways to go on, counted over one try at one place; ours need less

_parser = import_module("re._parser")  # what `re` itself reads patterns with
_OTHER = "é"  # stands for every character outside ASCII
_ALL = frozenset([*map(chr, range(128)), _OTHER])
_CATEGORIES = {
    "DIGIT": frozenset(filter(str.isdigit, _ALL)) | {_OTHER},
    "SPACE": frozenset(filter(str.isspace, _ALL)) | {_OTHER},
    "WORD": frozenset(c for c in _ALL if c.isalnum() or c == "_"),
}
_SINGLE = frozenset({"LITERAL", "NOT_LITERAL", "ANY", "IN"})
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_CAP = 10**6  # beyond this, more is the same
_Items = Sequence[tuple[object, Any]]


class RunawayError(ValueError):
    """Nobody can bound what the pattern costs; the text says what to change."""


@dataclass(frozen=True, slots=True)
class _Cost:
    """Of one part of a pattern, followed by what it is followed by."""

    ways: int  # through it, of which the next character lets one go on
    steps: int  # to try them all
    first: frozenset[str]  # what it, or what comes after an empty match of it, begins with
    plain: tuple[frozenset[str], ...]  # the characters it surely begins with, one by one


def steps(source: str) -> int:
    """How many steps one try at one place takes at most, each no dearer than the pattern is long.

    Work on a text is then linear: its length times this. Raises RunawayError, or re.error for no pattern.
    """
    return _sequence(_parser.parse(source), _ALL).steps


def runaway(source: str) -> str:
    """What is wrong with a pattern that could take too long, to the person who wrote it; "" if nothing is."""
    try:
        found = steps(source)
    except (RunawayError, re.error) as error:
        return str(error)
    except RecursionError:
        return "is nested too deeply"
    return "" if found <= LIMIT else "can match in too many ways; use fewer or shorter repeats"


def _sequence(items: _Items, follow: frozenset[str]) -> _Cost:
    cost = _Cost(1, 0, follow, (follow,))
    for name, value in reversed(items):
        here = _part(str(name), value, cost.first)
        plain = (*here.plain, *cost.plain) if str(name) in _SINGLE else here.plain
        ways, total = here.ways * cost.ways, here.steps + here.ways * cost.steps
        cost = _Cost(min(ways, _CAP), min(total, _CAP), here.first, plain)
    return cost


def _part(name: str, value: Any, follow: frozenset[str]) -> _Cost:  # noqa: ANN401 - as the parser gives it
    if name in _SINGLE:
        found = _characters(name, value)
        return _Cost(1, 1, found, (found,))
    if name in _REPEATS:
        return _repeat(*value, follow=follow)
    if name == "BRANCH":
        return _branch([_sequence(way, follow) for way in value[1]])
    if name == "SUBPATTERN" and not value[1] and not value[2]:
        return _sequence(value[3], follow)
    if name in {"ASSERT", "ASSERT_NOT"}:  # looked at from every way that leads here, so none is ruled out
        return _Cost(1, _sequence(value[1], _ALL).steps, _ALL, (_ALL,))
    if name == "AT":
        return _Cost(1, 1, follow, (follow,))
    raise RunawayError("uses what a playbook cannot have: back-references, conditions, flags or (?>…)")


def _repeat(least: int, most: int, body: _Items, *, follow: frozenset[str]) -> _Cost:
    if most == _parser.MAXREPEAT:
        raise RunawayError("repeats without a bound; write {0,n}")
    start, empty = _begins(body)
    cost = _sequence(body, follow | start)
    forks = empty or bool(start & follow)  # whether one more round and going on can both be tried
    done, ways, total, power = 0, int(least == 0), 1, 1
    while done < most and total < _CAP:
        done, total = done + 1, min(_CAP, total + power * cost.steps + 1)
        power = min(_CAP, power * cost.ways)
        if done >= least:
            ways = min(_CAP, ways + power) if forks else max(ways, power)
    first = start if least and not empty else start | follow
    return _Cost(ways, total, first, (first,))


def _branch(ways: list[_Cost]) -> _Cost:
    """Alternatives that differ in a character they surely have cannot both be gone."""
    crowds = [[b for b in ways if all(x & y for x, y in zip(a.plain, b.plain, strict=False))] for a in ways]
    most = max(sum(way.ways for way in crowd) for crowd in crowds)
    total = sum(len(way.plain) for way in ways) + max(sum(way.steps for way in crowd) for crowd in crowds)
    first = frozenset[str]().union(*(way.first for way in ways))
    return _Cost(min(most, _CAP), min(total, _CAP), first, (first,))


def _begins(items: _Items) -> tuple[frozenset[str], bool]:
    """What a sequence can begin with, and whether it can be empty."""
    found = frozenset[str]()
    for name, value in items:
        more, empty = _begin(str(name), value)
        found |= more
        if not empty:
            return found, False
    return found, True


def _begin(name: str, value: Any) -> tuple[frozenset[str], bool]:  # noqa: ANN401 - as the parser gives it
    if name in _SINGLE:
        return _characters(name, value), False
    if name in _REPEATS:
        found, empty = _begins(value[2])
        return found, empty or value[0] == 0
    if name == "BRANCH":
        all_ = [_begins(way) for way in value[1]]
        return frozenset[str]().union(*(found for found, _ in all_)), any(empty for _, empty in all_)
    return _begins(value[3]) if name == "SUBPATTERN" else (_ALL, True)


def _characters(name: str, value: Any) -> frozenset[str]:  # noqa: ANN401 - as the parser gives it
    if name == "IN":
        found = frozenset[str]().union(*(_members(str(kind), what) for kind, what in value))
        return (_ALL - found) | {_OTHER} if str(value[0][0]) == "NEGATE" else found
    if name == "ANY":
        return _ALL
    one = frozenset({chr(value) if value < 128 else _OTHER})
    return one if name == "LITERAL" else (_ALL - one) | {_OTHER}


def _members(kind: str, what: Any) -> frozenset[str]:  # noqa: ANN401 - as the parser gives it
    if kind == "NEGATE":
        return frozenset()
    if kind == "CATEGORY":
        name = str(what).removeprefix("CATEGORY_")
        found = _CATEGORIES[name.removeprefix("NOT_")]
        return (_ALL - found) | {_OTHER} if name.startswith("NOT_") else found
    low, high = what if kind == "RANGE" else (what, what)
    return frozenset(map(chr, range(low, min(high, 127) + 1))) | ({_OTHER} if high > 127 else frozenset())
