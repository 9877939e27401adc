"""Text as numbered features: words, pairs of neighbours, runs of letters. Numbers are bits of a checksum."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

from coaching.playbook.heads import BITS
from coaching.text import Span

_MASK = (1 << BITS) - 1
_TOKEN = re.compile(r"[\w']{1,40}|[?!.,;:]{1,8}|[^\w\s]")
_NAME = "[name]"  # no word looks like this
_RUN = 4  # letters of a word, its edges marked, that stand together


@dataclass(frozen=True, slots=True)
class Features:
    """The tokens of a text, where each stands and its own features, and the features of the whole."""

    at: tuple[Span, ...]
    near: tuple[int, ...]  # of all tokens, in a row
    ends: tuple[int, ...]  # where those of each token end
    all: frozenset[int]


def features(
    text: str, spans: Sequence[Span], space: str = "", names: Container[int] = frozenset()
) -> Features:
    """The features of stretches of folded text. Those of another `space` ("c": a customer's) differ.

    What begins at a place of `names` is somebody's name: that it is one counts, and not which.
    """
    found = [match for span in spans for match in _TOKEN.finditer(text, span.start, span.end)]
    words = [_NAME if match.start() in names else match.group() for match in found]
    runs = {word: tuple(_runs(word, space)) for word in set(words)}
    near, ends = in_a_row(_near(words, runs, space))
    return Features(tuple(Span(*match.span()) for match in found), near, ends, frozenset(near))


def in_a_row(near: Iterable[Sequence[int]]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The features of all tokens, and where those of each end."""
    row, ends = list[int](), list[int]()
    for own in near:
        row += own
        ends.append(len(row))
    return tuple(row), tuple(ends)


def _near(words: Sequence[str], runs: dict[str, tuple[int, ...]], space: str) -> Iterator[tuple[int, ...]]:
    """For each token: the word, its runs of letters, and it with the token before and the one after."""
    pairs = [number(f"{space}b{a} {b}") for a, b in pairwise(words)]
    for index, word in enumerate(words):
        yield (*runs[word], *pairs[max(0, index - 1) : index + 1])


def _runs(word: str, space: str) -> Iterator[int]:
    yield number(f"{space}w{word}")
    if word == _NAME:
        return
    edged = f"<{word}>"
    for start in range(len(edged) - _RUN + 1):
        yield number(f"{space}x{edged[start : start + _RUN]}")


def number(name: str) -> int:
    """The number of a feature."""
    return crc32(name.encode()) & _MASK
