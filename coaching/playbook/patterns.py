"""The playbook's patterns: whole words, on folded text, and only such as run in linear time."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from coaching.playbook.needles import needles

# Bounded repeats only: with no `*`, `+` or `{n,}` a pattern's work cannot run away on hostile text.
_UNBOUNDED = re.compile(r"(?<!\\)(?:\\\\)*(?:[*+]|\{\d+,\})")
_SET = re.compile(r"\[[^\]]*\]")
_EDGES = (r"(?<!\w)(?:", r")(?!\w)")
_END = sys.maxsize
_RUN = 4  # letters that stand together
_COMMON = " etaoinshrdlucmfwygpbvkxqjz"  # the commonest first; a sign that is no letter is taken for common


@dataclass(slots=True, unsafe_hash=True)
class Pattern:
    """A pattern for whole words, compiled when it is first used: most starts need few of them."""

    source: str  # as it stands in its file
    where: str = field(default="", repr=False, compare=False)
    _made: re.Pattern[str] | None = field(default=None, init=False, repr=False, compare=False)
    _needles: tuple[str, ...] | None = field(default=None, init=False, repr=False, compare=False)
    _runs: frozenset[str] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def made(self) -> re.Pattern[str]:
        """The pattern compiled. Raises re.error, OverflowError or RecursionError where it is none."""
        if self._made is None:
            self._made = re.compile(self.source.join(_EDGES))
        return self._made

    @property
    def needles(self) -> tuple[str, ...]:
        """Every match holds one of these at least; nothing is known of it where there are none."""
        if self._needles is None:
            self._needles = needles(self.source)
        return self._needles

    def absent(self, of_text: frozenset[str]) -> bool:
        """Whether a text with these runs of letters holds no match, as far as a quick look can tell."""
        if self._runs is None:
            told = self.needles if all(len(one) >= _RUN for one in self.needles) else ()
            self._runs = frozenset(max(runs(one), key=_rarity) for one in told)
        return bool(self._runs) and self._runs.isdisjoint(of_text)

    def search(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """The first match."""
        return self.made.search(text, start, end)

    def match(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """The match at the start."""
        return self.made.match(text, start, end)

    def fullmatch(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """The match of all."""
        return self.made.fullmatch(text, start, end)

    def finditer(self, text: str, start: int = 0, end: int = _END) -> Iterator[re.Match[str]]:
        """Every match, one behind the other."""
        return self.made.finditer(text, start, end)

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str) -> str:
        """The text with every match replaced."""
        return self.made.sub(by, text)


def _rarity(run: str) -> tuple[int, str]:
    return sum(map(_COMMON.find, run)), run


def runs(text: str) -> frozenset[str]:
    """All that stands together in a text, four letters at a time."""
    return frozenset(map("".join, zip(text, text[1:], text[2:], text[3:], strict=False)))


def patterns(
    file: str, where: str, key: str, row: Mapping[str, object], faults: list[str]
) -> tuple[Pattern, ...]:
    """A list of patterns, made for folded text (lower case, straight quotes, single spaces)."""
    value = row.get(key, [])
    told = f"{file}: {where}key '{key}'"
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        faults.append(f"{told} must be a list of texts")
        return ()
    found = []
    for source in value:
        if _UNBOUNDED.search(_SET.sub("[]", source)):
            faults.append(f"{told}: {source!r} repeats without a bound; write {{0,n}}")
            continue
        found.append(Pattern(source, told))
    return tuple(found)


def unsound(found: Iterable[Pattern]) -> Iterator[str]:
    """What is wrong with those that cannot be compiled, each with where it stands."""
    for pattern in found:
        try:
            _ = pattern.made
        except (re.error, OverflowError, RecursionError) as error:
            yield f"{pattern.where}: {pattern.source!r} is not a pattern ({error})"
