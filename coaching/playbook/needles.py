"""Letters of which every match of a pattern holds some: a quick first look, before the pattern is tried."""

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

_parser = import_module("re._parser")  # what `re` itself reads patterns with
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_MOST = 24  # to look for more letters than that is no quick look
_Items = Sequence[tuple[object, Any]]


def needles(source: str) -> tuple[str, ...]:
    """Every match of a pattern holds one of these at least; nothing is known of it where there are none."""
    return tuple(sorted(_best(_parser.parse(source))))


def _best(items: _Items) -> frozenset[str]:
    return max(_sets(items), key=_worth, default=frozenset())


def _worth(letters: frozenset[str]) -> tuple[int, int]:
    """Long ones are rare; few are quickly looked for."""
    return min(map(len, letters), default=0), -len(letters)


def _sets(items: _Items) -> Iterator[frozenset[str]]:
    """Sets of letters: a match of all of these items holds one letter of each set."""
    run = ""
    for name, value in items:
        if str(name) == "LITERAL":
            run += chr(value)
            continue
        if run:
            yield frozenset({run})
        run = ""
        if inner := _within(str(name), value):
            yield inner
    if run:
        yield frozenset({run})


def _within(name: str, value: Any) -> frozenset[str]:  # noqa: ANN401 - as the parser gives it
    if name == "SUBPATTERN":
        return _best(value[3])
    if name in _REPEATS and value[0] > 0:
        return _best(value[2])
    if name == "BRANCH":
        return _either(_best(way) for way in value[1])
    return frozenset()


def _either(ways: Iterable[frozenset[str]]) -> frozenset[str]:
    """A match goes one of these ways: nothing is known if nothing is known of one."""
    found = list(ways)
    together = frozenset[str]().union(*found)
    return together if all(found) and len(together) <= _MOST else frozenset()
