"""No text takes a pattern of ours for ever: each is timed on the texts that are worst for it."""

import dataclasses
import importlib
import pkgutil
import re
import time
from collections.abc import Mapping

import pytest

import adapters
import bot
import coaching
import storage
from coaching.playbook.patterns import Pattern

LONG = 3000  # characters
MOST = 0.1  # seconds of our own time: a linear one needs thousandths, one that takes the square a second
_LETTERS = re.compile(r"[a-z']{2,}")


def inside(value, seen):
    """Every pattern a value holds, however deep; one of the playbook's is compiled for it."""
    value = value.made if isinstance(value, Pattern) else value
    if isinstance(value, re.Pattern):
        yield value
    if id(value) in seen or isinstance(value, (str, bytes, int, float, type(None), re.Pattern)):
        return
    seen.add(id(value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, field.name, None) for field in dataclasses.fields(value)]
    elif isinstance(value, Mapping):
        parts = [*value.keys(), *value.values()]
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = list(value)
    else:
        return
    for part in parts:
        yield from inside(part, seen)


def in_code():
    """Every pattern that stands in a module of ours."""
    for package in (adapters, bot, coaching, storage):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" in module.name or module.name.endswith("__main__"):
                continue
            for value in vars(importlib.import_module(module.name)).values():
                yield from inside(value, set())


def texts(pattern):
    """Its own words over and over, single signs over and over; the end fits nothing."""
    words = _LETTERS.findall(str(pattern.pattern))[:12] or ["a"]
    pieces = (" ".join(words) + " ", words[0] + " ", "a", " ")
    for piece in dict.fromkeys(pieces):
        yield (piece * (LONG // len(piece) + 1))[:LONG] + "\x00"


def slow(patterns):
    """Those that take too long, with how long."""
    found = []
    for pattern in patterns:
        for text in texts(pattern):
            given = text.encode() if isinstance(pattern.pattern, bytes) else text
            start = time.process_time()
            pattern.search(given)
            taken = time.process_time() - start
            if taken > MOST:
                found.append((pattern.pattern[:80], text[:20], round(taken, 1)))
    return found


def test_every_pattern_of_the_playbook(playbook):
    """Rules, checks, intents, dangers."""
    patterns = {p.pattern: p for p in inside(playbook, set())}
    assert len(patterns) > 100
    assert slow(patterns.values()) == []


def test_every_pattern_in_the_code():
    """Those that read what comes from outside among them."""
    patterns = {p.pattern: p for p in in_code()}
    assert len(patterns) > 20
    assert slow(patterns.values()) == []


@pytest.mark.parametrize("bad", [r"a+a+a+b", r"a*a*[ab]*c", r"a*a*a*$b"])
def test_one_that_runs_away_is_noticed(bad, monkeypatch):
    """The measure is sharp enough: these take the cube of a text's length."""
    monkeypatch.setitem(globals(), "LONG", 200)
    monkeypatch.setitem(globals(), "MOST", 0.01)
    assert slow([re.compile(bad)])
